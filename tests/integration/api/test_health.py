"""Whether the server lives, is ready, and what it measures."""

from datetime import date, timedelta

import pytest

from dawsos.kernel.identity import SYSTEM, Role
from dawsos.store.packs import add_failed_pack, add_packs
from tests.integration.api.clients import make_client, make_pack, problem


async def test_the_process_lives(client):
    response = await client.get("/health")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


async def test_without_a_pack_nothing_can_be_answered(client):
    assert (await client.get("/health/pack")).json() == {
        "status": "error", "pack_id": None, "asof_date": None, "is_fresh": False, "prewarm_done": None, "reconciliation_passed": None,
        "updated_at": None, "error_message": "There is no pricing pack of ECB_CLOSE yet.", "estimated_ready": None,
    }  # fmt: skip


async def test_a_pack_is_fresh_until_it_is_two_weekdays_behind(client, database, clock):
    await make_pack(database, date(2025, 10, 30))  # a Thursday; the clock begins on Monday noon
    found = (await client.get("/health/pack")).json()
    assert (found["status"], found["pack_id"], found["asof_date"], found["is_fresh"]) == ("fresh", "PP_2025-10-30", "2025-10-30", True)
    clock.advance(timedelta(days=1))
    assert (await client.get("/health/pack")).json()["status"] == "stale"


async def test_a_pack_in_the_making_is_warming_and_a_failed_one_an_error(client, database, clock):
    async with database.transaction(SYSTEM) as tx:
        await add_packs(tx, [("PP_2025-11-03", date(2025, 11, 3), "ECB_CLOSE", 1, 0, None, 0, 0, "{}", clock.now())])
    assert (await client.get("/health/pack")).json()["status"] == "warming"
    async with database.transaction(SYSTEM) as tx:
        await add_failed_pack(
            tx,
            "PP_2025-11-04",
            day=date(2025, 11, 4),
            policy="ECB_CLOSE",
            edition=1,
            revision=0,
            reason="too few prices",
            moment=clock.now(),
        )
    found = (await client.get("/health/pack")).json()
    assert (found["status"], found["error_message"]) == ("error", "too few prices")


async def test_figures_are_refused_with_a_time_to_wait_while_a_pack_is_warming(join, database, clock):
    async with database.transaction(SYSTEM) as tx:
        await add_packs(tx, [("PP_2025-11-03", date(2025, 11, 3), "ECB_CLOSE", 1, 0, None, 0, 0, "{}", clock.now())])
    ada = await join("ada")
    body = {"inputs": {"portfolio_id": str(ada.portfolio.id)}, "pack_id": "PP_2025-11-03"}
    response = await ada.client.post("/v1/patterns/value_report", json=body)
    problem(response, 503, "pricing_pack_warming")
    assert response.headers["retry-after"] == "30"


async def test_details_are_for_administrators(join, client, database):
    await make_pack(database, date(2025, 11, 3))
    root, ada = await join("root", Role.ADMIN), await join("ada")
    minimal = {"status": "ok", "version": None, "database": None, "pack": None, "capabilities": None, "patterns": None}
    assert (await client.get("/health/detailed")).json() == minimal
    assert (await ada.client.get("/health/detailed")).json() == minimal
    found = (await root.client.get("/health/detailed")).json()
    assert found["pack"]["pack_id"] == "PP_2025-11-03"
    assert found["database"]["is_read_only"] is False
    assert (found["capabilities"], found["patterns"]) == (11, 4)
    assert found["version"]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
async def test_measurements_are_given_to_this_machine(app, address):
    async with make_client(app, address=address) as here:
        response = await here.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain")
    assert "dawsos_http_request_seconds" in response.text


@pytest.mark.parametrize(
    ("address", "headers"), [("203.0.113.7", {}), ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}), ("127.0.0.1", {"Forwarded": "for=x"})]
)
async def test_measurements_are_not_given_to_other_machines(app, address, headers):
    async with make_client(app, address=address, headers=headers) as there:
        problem(await there.get("/metrics"), 403, "forbidden")


async def test_measurements_are_given_to_administrators_anywhere(app, join):
    root, ada = await join("root", Role.ADMIN), await join("ada")
    async with make_client(app, address="203.0.113.7") as there:
        assert (await there.get("/metrics", headers={"Authorization": f"Bearer {root.token}"})).status_code == 200
        problem(await there.get("/metrics", headers={"Authorization": f"Bearer {ada.token}"}), 403, "forbidden")


async def test_measurements_name_routes_and_never_what_was_asked_for(join):
    ada = await join("ada")
    await ada.client.get(f"/v1/portfolios/{ada.portfolio.id}")
    await ada.client.get("/made-up-by-somebody")
    measured = (await ada.client.get("/metrics")).text
    assert 'route="/v1/portfolios/{portfolio_id}"' in measured
    assert str(ada.portfolio.id) not in measured
    assert "made-up" not in measured
