"""Upkeep over HTTP: imports taken back, statements compared, periods settled, facts and passwords changed."""

import pytest_asyncio

from dawsos.kernel.identity import Role
from tests.integration.api.clients import OURS, PASSWORD, data, make_client, problem
from tests.support.postgres import make_securities

CSV = (
    "transaction_date,transaction_type,symbol,quantity,price,amount,currency,external_ref\n"
    "2025-10-01,DEPOSIT,,,,10000.00,CAD,a\n"
    "2025-10-02,BUY,RY,100,50,,CAD,b\n"
)
WRONG = "kind,name,amount\nPOSITION,RY,90\nCASH,CAD,5000.00\n"
RIGHT = "kind,name,amount\nPOSITION,RY,100\nCASH,CAD,5000.00\n"
AS_CSV = {"Content-Type": "text/csv"}


@pytest_asyncio.fixture
async def ada(join, database):
    await make_securities(database, "RY")
    member = await join("ada")
    here = f"/v1/portfolios/{member.portfolio.id}"
    report = data(await member.client.post(f"{here}/imports?file_name=october.csv", content=CSV, headers=AS_CSV))
    assert report["is_accepted"], report
    return member, here


async def test_an_import_is_listed_and_taken_back_as_a_whole(ada) -> None:
    member, here = ada
    (listed,) = data(await member.client.get(f"{here}/imports"))
    assert (listed["file_name"], listed["rows_booked"], listed["standing"]) == ("october.csv", 2, 2)
    undo = f"{here}/imports/{listed['id']}/undo"
    problem(await member.client.post(undo, json={}), 422, "validation_error")
    assert data(await member.client.post(undo, json={"reason": "the wrong account"}))["reversed"] == 2
    assert data(await member.client.get(f"{here}/lots"))["lots"] == []
    assert data(await member.client.get(f"{here}/imports"))[0]["standing"] == 0
    problem(await member.client.post(undo, json={"reason": "again"}), 409, "already_reversed")


async def test_a_statement_is_compared_kept_and_settles_its_period(ada) -> None:
    member, here = ada
    wrong = data(await member.client.post(f"{here}/statements?date=2025-10-31&source=Broker", content=WRONG, headers=AS_CSV), 201)
    (difference,) = wrong["differences"]
    assert (wrong["agrees"], difference["subject"], difference["ledger"], difference["database"]) == (False, "RY", "90", "100")
    locking = f"{here}/statements?date=2025-10-31&source=Broker&lock=true"
    problem(await member.client.post(locking, content=WRONG, headers=AS_CSV), 409, "statement_differs")
    problem(await member.client.post(locking, content="a,b\n", headers=AS_CSV), 422, "statement_refused")
    assert data(await member.client.post(locking, content=RIGHT, headers=AS_CSV), 201)["agrees"] is True
    kept = data(await member.client.get(f"{here}/statements"))
    assert sorted(one["agrees"] for one in kept) == [False, True]  # the clock stands still, so neither is the newer
    lock = data(await member.client.get(f"{here}/period-lock"))
    assert (lock["locked_through"], lock["late_entries"]) == ("2025-10-31", [])
    late = {"transaction_date": "2025-10-15", "transaction_type": "DEPOSIT", "currency": "CAD", "amount": "1.00"}
    problem(await member.client.post(f"{here}/transactions", json=late), 409, "period_locked")
    data(await member.client.post(f"{here}/transactions?restate_because=forgotten", json=late), 201)
    (entry,) = data(await member.client.get(f"{here}/period-lock"))["late_entries"]
    assert (entry["transaction_date"], entry["reason"]) == ("2025-10-15", "forgotten")
    problem(await member.client.put(f"{here}/period-lock", json={"through": "2025-01-01", "reason": "earlier"}), 409, "period_locked")
    opened = data(await member.client.post(f"{here}/period-lock/opening", json={"reason": "an error was found"}))
    assert opened["locked_through"] is None
    problem(await member.client.post(f"{here}/period-lock/opening", json={"reason": "again"}), 404, "period_not_locked")


async def test_a_portfolio_changes_its_name_and_benchmark_and_nothing_that_its_entries_rest_on(ada, join) -> None:
    member, here = ada
    changed = data(await member.client.patch(here, json={"name": "Pension", "benchmark_id": "RY", "benchmark_hedged": True}))
    assert (changed["name"], changed["benchmark_id"], changed["benchmark_hedged"]) == ("Pension", "RY", True)
    assert data(await member.client.patch(here, json={"description": "For later"}))["name"] == "Pension"
    problem(await member.client.patch(here, json={"benchmark_id": "NOBODY"}), 422, "unknown_benchmark")
    problem(await member.client.patch(here, json={"base_currency": "USD"}), 422, "validation_error")
    viewer = await join("vera", Role.VIEWER)
    problem(await viewer.client.patch(f"/v1/portfolios/{viewer.portfolio.id}", json={"name": "Mine"}), 403, "forbidden")


async def test_a_changed_password_ends_every_session(app, join) -> None:
    member = await join("ada")
    change = {"current": PASSWORD, "wanted": "a different horse battery"}
    problem(await member.client.post("/v1/auth/password", json=change), 409, "no_session")
    login = {"email": "ada@example.org", "password": PASSWORD}
    async with make_client(app, headers=OURS) as browser, make_client(app, headers=OURS) as other:
        for client in (browser, other):
            data(await client.post("/v1/auth/login", json=login))
        wrong = {**change, "current": "not this one at all"}
        problem(await browser.post("/v1/auth/password", json=wrong), 422, "wrong_password")
        problem(await browser.post("/v1/auth/password", json={**change, "wanted": PASSWORD}), 422, "validation_error")
        data(await browser.post("/v1/auth/password", json=change))
        for client in (browser, other):
            problem(await client.get("/v1/auth/me"), 401, "unauthorized")
        problem(await browser.post("/v1/auth/login", json=login), 401, "wrong_credentials")
        data(await browser.post("/v1/auth/login", json={**login, "password": change["wanted"]}))


GERMAN = "Datum;Typ;Wertpapier;Stück;Kurs;Währung\n03.11.2025;Kauf;RY;1.000;50,40;CAD\n04.11.2025;Notiz;;;;\n"
MAPPING = {
    "columns": {
        "transaction_date": "Datum",
        "transaction_type": "Typ",
        "symbol": "Wertpapier",
        "quantity": "Stück",
        "price": "Kurs",
        "currency": "Währung",
    },
    "types": {"Kauf": "BUY", "Verkauf": "SELL", "Notiz": None},
    "date_format": "%d.%m.%Y",
    "delimiter": ";",
    "decimal_comma": True,
}


async def test_a_mapping_is_saved_once_and_read_by_from_then_on_by_its_user_alone(ada, join) -> None:
    member, here = ada
    path = "/v1/import-mappings/german-broker"

    async def tried(client, portfolio: str):
        return await client.post(f"{portfolio}/imports?dry_run=true", content=GERMAN.encode(), headers=AS_CSV)

    problem(await tried(member.client, here), 422, "wrong_header")
    for wrong in (
        {"columns": {**MAPPING["columns"], "colour": "Farbe"}},
        {"columns": {"transaction_date": "Datum", "transaction_type": "Typ"}},
        {"types": {"Kauf": "PURCHASE"}},
        {"date_format": "%d.%m."},
        {"delimiter": ";;"},
    ):
        problem(await member.client.put(path, json={**MAPPING, **wrong}), 422, "validation_error")
    problem(await member.client.put("/v1/import-mappings/German%20Broker", json=MAPPING), 422, "validation_error")
    saved = data(await member.client.put(path, json=MAPPING))
    assert (saved["name"], saved["terms"]["types"]["Notiz"], saved["terms"]["constants"]) == ("german-broker", None, {})
    assert data(await member.client.get("/v1/import-mappings")) == [saved]
    report = data(await tried(member.client, here))
    assert (report["is_accepted"], report["rows"]) == (True, 1)
    assert {one["symbol"]: one["quantity"] for one in report["positions"]} == {"RY": "1100"}
    booked = data(await member.client.post(f"{here}/imports?file_name=november.csv", content=GERMAN.encode(), headers=AS_CSV))
    assert booked["is_accepted"]
    assert {one["file_name"]: one["format"] for one in data(await member.client.get(f"{here}/imports"))} == {
        "october.csv": "dawsos-csv",
        "november.csv": "csv:german-broker",
    }

    bob = await join("bob")
    assert data(await bob.client.get("/v1/import-mappings")) == []
    problem(await tried(bob.client, f"/v1/portfolios/{bob.portfolio.id}"), 422, "wrong_header")
    problem(await bob.client.delete(path), 404, "mapping_not_found")
    assert data(await member.client.delete(path)) == []
