"""Pricing packs over HTTP."""

from datetime import date
from decimal import Decimal

from tests.integration.api.clients import data, make_pack, problem
from tests.support.postgres import make_securities


async def test_packs_are_listed_newest_first_and_paged_by_date(join, database):
    for day in (date(2025, 10, 30), date(2025, 11, 3), date(2025, 10, 31)):
        await make_pack(database, day)
    ada = await join("ada")
    listed = data(await ada.client.get("/v1/packs"))
    assert [one["id"] for one in listed] == ["PP_2025-11-03", "PP_2025-10-31", "PP_2025-10-30"]
    assert listed[0] == {
        "id": "PP_2025-11-03", "date": "2025-11-03", "status": "COMPLETE", "policy": "ECB_CLOSE", "freshness": "fresh", "hash": "ab" * 32,
        "edition": 1, "securities_count": 0, "fx_pairs_count": 0, "superseded_by": None, "supersedes_reason": None,
        "completed_at": "2025-11-03T23:00:00Z",
    }  # fmt: skip
    assert [one["id"] for one in data(await ada.client.get("/v1/packs?limit=1&before=2025-11-03"))] == ["PP_2025-10-31"]
    assert data(await ada.client.get("/v1/packs?policy=OTHER")) == []
    assert len(data(await ada.client.get("/v1/packs", params={"portfolio_id": str(ada.portfolio.id)}))) == 3


async def test_a_pack_shows_its_prices(join, database):
    (bank,) = await make_securities(database, "RY")
    await make_pack(database, date(2025, 11, 3), prices=((bank.id, Decimal("172.30"), "CAD"),))
    ada = await join("ada")
    found = data(await ada.client.get("/v1/packs/PP_2025-11-03"))
    assert found["securities_count"] == 1
    assert found["rates"] == []
    (price,) = found["prices"]
    assert (price["symbol"], price["close"], price["currency"], price["stale_days"], price["open"]) == ("RY", "172.3", "CAD", 0, None)


async def test_an_unknown_pack_is_not_there(join):
    ada = await join("ada")
    problem(await ada.client.get("/v1/packs/PP_1999-12-31"), 404, "pricing_pack_not_found")
    problem(await ada.client.get("/v1/packs/..%2f"), 404, "not_found")
    problem(await ada.client.get("/v1/packs/a b"), 422, "validation_error")
