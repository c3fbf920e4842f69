"""The ledger over HTTP: booking, reversing, importing, paging."""

import psycopg
import pytest
import pytest_asyncio

from tests.integration.api.clients import data, problem
from tests.support.postgres import make_securities

HEADER = "transaction_date,transaction_type,symbol,quantity,price,amount,currency,fee,external_ref\n"
CSV = {"Content-Type": "text/csv; charset=utf-8"}
DEPOSIT = {"transaction_date": "2025-10-01", "transaction_type": "DEPOSIT", "currency": "CAD", "amount": "10000.00"}
BUY = {
    "transaction_date": "2025-10-02", "transaction_type": "BUY", "symbol": "RY", "quantity": "100", "price": "50.25", "currency": "CAD",
    "fee": "9.95",
}  # fmt: skip
SELL = {"transaction_date": "2025-10-20", "transaction_type": "SELL", "symbol": "RY", "quantity": "40", "price": "60", "currency": "CAD"}


@pytest_asyncio.fixture
async def ada(join, database):
    await make_securities(database, "RY", "TD")
    return await join("ada")


def here(member, rest=""):
    return f"/v1/portfolios/{member.portfolio.id}{rest}"


async def book(member, entry, status=201):
    return data(await member.client.post(here(member, "/transactions"), json=entry), status)


async def test_an_entry_is_booked_with_everything_that_follows_from_it(ada):
    await book(ada, DEPOSIT)
    bought = await book(ada, BUY)
    entry = bought["transaction"]
    assert (entry["sequence"], entry["amount"], entry["fee"], entry["fx_rate"], entry["source"]) == (2, "-5025", "9.95", "1", "dawsos-api")
    assert bought["is_duplicate"] is False
    lots = data(await ada.client.get(here(ada, "/lots")))
    assert lots["base_currency"] == "CAD"
    assert [(lot["symbol"], lot["qty_open"], lot["cost_basis"], lot["open_transaction_id"]) for lot in lots["lots"]] == [
        ("RY", "100", "5034.95", entry["id"])
    ]
    assert len(bought["ledger_commit_hash"]) == 64


async def test_a_sale_shows_what_was_realised(ada):
    for entry in (DEPOSIT, BUY, SELL):
        await book(ada, entry)
    newest, *_ = data(await ada.client.get(here(ada, "/transactions")))["items"]
    assert newest["transaction_type"] == "SELL"
    assert newest["realized_pl"] == "386.02"  # 40 × 60 − 40/100 of 5,034.95
    assert newest["realized_pl_fx"] == "0"
    (lot,) = data(await ada.client.get(here(ada, "/lots")))["lots"]
    assert (lot["qty_open"], lot["cost_basis"]) == ("60", "3020.97")


async def test_without_a_reference_equal_entries_are_two(ada):
    first, second = await book(ada, DEPOSIT), await book(ada, DEPOSIT)
    assert first["transaction"]["id"] != second["transaction"]["id"]
    assert data(await ada.client.get(here(ada, "/transactions")))["total"] == 2


async def test_with_a_reference_a_repeated_request_books_once(ada):
    entry = {**DEPOSIT, "external_ref": "bank-17"}
    first = await book(ada, entry)
    again = await book(ada, entry, status=200)
    assert again["is_duplicate"] is True
    assert again["transaction"]["id"] == first["transaction"]["id"]
    assert again["ledger_commit_hash"] == first["ledger_commit_hash"]
    changed = await ada.client.post(here(ada, "/transactions"), json={**entry, "amount": "1.00"})
    assert "reverse that one" in problem(changed, 422, "entry_refused")["detail"]


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({**BUY, "quantity": "-1"}, "quantity"),
        ({**BUY, "symbol": "NOPE"}, "symbol"),
        ({**BUY, "symbol": None}, "symbol"),
        ({**BUY, "transaction_date": "2025-11-04"}, "transaction_date"),
        ({**BUY, "price": "1.123456789"}, "price"),
        ({**DEPOSIT, "amount": "0.001"}, "amount"),
        ({**DEPOSIT, "currency": "XXX"}, "currency"),
        ({**SELL}, "entry"),
    ],
)
async def test_an_entry_that_breaks_a_rule_of_the_file_format_is_refused_by_field(ada, entry, field):
    response = await ada.client.post(here(ada, "/transactions"), json=entry)
    assert problem(response, 422, "entry_refused")["errors"][0]["field"] == field
    assert data(await ada.client.get(here(ada, "/transactions")))["total"] == 0


@pytest.mark.parametrize("field", ["narration", "external_ref", "symbol"])
async def test_text_no_database_can_keep_is_refused_by_field(ada, field):
    response = await ada.client.post(here(ada, "/transactions"), json={**DEPOSIT, field: "a\x00b"})
    assert problem(response, 422, "validation_error")["errors"] == [{"field": field, "message": "contains control characters"}]


async def test_numbers_that_are_none_are_refused(ada):
    for amount in ("NaN", "Infinity", "1e400", "ten"):
        response = await ada.client.post(here(ada, "/transactions"), json={**DEPOSIT, "amount": amount})
        assert response.status_code == 422, response.text


async def test_a_reversal_takes_an_entry_back_once(ada):
    booked = await book(ada, DEPOSIT)
    path = here(ada, f"/transactions/{booked['transaction']['id']}/reversal")
    done = data(await ada.client.post(path, json={"reason": "wrong account"}), 201)
    assert done["reversed"]["id"] == booked["transaction"]["id"]
    assert (done["reversal"]["amount"], done["reversal"]["is_reversal"], done["reversal"]["narration"]) == ("-10000", True, "wrong account")
    assert done["reversal"]["parent_transaction_id"] == booked["transaction"]["id"]
    problem(await ada.client.post(path, json={"reason": "again"}), 409, "already_reversed")
    problem(await ada.client.post(path, json={"reason": ""}), 422, "validation_error")


async def test_an_entry_others_depend_on_is_not_reversed(ada):
    await book(ada, DEPOSIT)
    bought = await book(ada, BUY)
    await book(ada, SELL)
    refused = await ada.client.post(here(ada, f"/transactions/{bought['transaction']['id']}/reversal"), json={"reason": "x"})
    problem(refused, 409, "entry_in_use")


async def test_pages_are_filtered_and_say_whether_there_is_more(ada):
    for day in ("01", "02", "03", "06", "07"):
        await book(ada, {**DEPOSIT, "transaction_date": f"2025-10-{day}"})
    await book(ada, {**BUY, "transaction_date": "2025-10-08"})

    async def page(**params):
        return data(await ada.client.get(here(ada, "/transactions"), params=params))

    first = await page(page_size=4)
    assert ([one["transaction_date"][-2:] for one in first["items"]], first["total"], first["has_more"]) == (
        ["08", "07", "06", "03"],
        6,
        True,
    )
    second = await page(page_size=4, page=2)
    assert ([one["transaction_date"][-2:] for one in second["items"]], second["has_more"]) == (["02", "01"], False)
    assert (await page(type="BUY"))["total"] == 1
    assert (await page(symbol="RY"))["total"] == 1
    within = await page(**{"from": "2025-10-02", "to": "2025-10-06"})
    assert [one["transaction_date"][-2:] for one in within["items"]] == ["06", "03", "02"]
    assert (await page(page=99))["items"] == []
    for wrong in ({"page": 0}, {"page_size": 1001}, {"type": "GIFT"}, {"from": "yesterday"}):
        problem(await ada.client.get(here(ada, "/transactions"), params=wrong), 422, "validation_error")


async def test_a_file_is_imported_as_a_whole_and_again_without_effect(ada):
    lines = HEADER + "2025-10-01,DEPOSIT,,,,10000.00,CAD,,d1\n2025-10-02,BUY,RY,100,50.25,,CAD,9.95,b1\n"
    report = data(await ada.client.post(here(ada, "/imports?file_name=bank.csv"), content=lines, headers=CSV))
    assert (report["is_accepted"], report["rows"], report["booked"], report["duplicates"]) == (True, 2, 2, 0)
    assert report["positions"] == [{"symbol": "RY", "quantity": "100"}]
    assert report["file_name"] == "bank.csv"
    again = data(await ada.client.post(here(ada, "/imports"), content=lines, headers=CSV))
    assert (again["booked"], again["duplicates"], again["ledger_commit_hash"]) == (0, 2, report["ledger_commit_hash"])


async def test_a_file_with_one_wrong_line_books_nothing_and_names_it(ada):
    lines = HEADER + "2025-10-01,DEPOSIT,,,,10000.00,CAD,,d1\n2025-10-02,BUY,NOPE,100,50.25,,CAD,,b1\n"
    report = data(await ada.client.post(here(ada, "/imports"), content=lines, headers=CSV))
    assert (report["is_accepted"], report["booked"], report["problem_count"]) == (False, 0, 1)
    assert (report["problems"][0]["line"], report["problems"][0]["field"]) == (3, "symbol")
    assert data(await ada.client.get(here(ada, "/transactions")))["total"] == 0


async def test_a_dry_run_books_nothing(ada):
    lines = HEADER + "2025-10-01,DEPOSIT,,,,10000.00,CAD,,d1\n"
    report = data(await ada.client.post(here(ada, "/imports?dry_run=true"), content=lines, headers=CSV))
    assert (report["dry_run"], report["is_accepted"], report["booked"]) == (True, True, 1)
    assert data(await ada.client.get(here(ada, "/transactions")))["total"] == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "wrong_header"), (b"a,b\n", "wrong_header"), (HEADER.encode() + b"\xff\n", "not_text"), (HEADER.encode(), "empty_file")],
)
async def test_a_file_that_cannot_be_read_is_a_problem(ada, content, code):
    problem(await ada.client.post(here(ada, "/imports"), content=content, headers=CSV), 422, code)


async def test_a_body_that_is_no_csv_is_refused(ada):
    for kind in ("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        problem(await ada.client.post(here(ada, "/imports"), content=b"x", headers={"Content-Type": kind}), 415, "unsupported_media_type")


async def test_every_change_leaves_a_line_in_the_audit_log(ada, database_clone):
    booked = await book(ada, DEPOSIT)
    await ada.client.post(here(ada, f"/transactions/{booked['transaction']['id']}/reversal"), json={"reason": "x"})
    await ada.client.post(here(ada, "/imports"), content=HEADER + "2025-10-01,DEPOSIT,,,,1.00,CAD,,d1\n", headers=CSV)
    with psycopg.connect(database_clone.admin_dsn) as admin:
        rows = admin.execute(
            "select action, user_id, entity_id from audit_log where entity_type = 'portfolio' order by created_at, id"
        ).fetchall()
    assert rows == [(action, ada.user.id, ada.portfolio.id) for action in ("book", "reverse", "import")]
