"""Rules the database itself keeps, whoever writes: final ledgers, final packs, sums that add up."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors

from tests.support.postgres import PostgresServer
from tests.support.tenants import ALICE, BOB, DAY, HASH, PACK, SECURITY, acting, insert, write_world

BUY = ALICE.rows()["public.transactions"]


@pytest.fixture(scope="module")
def world(postgres_server: PostgresServer, template_database: str) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    postgres_server.create_database(name, template=template_database)
    dsn = postgres_server.dsn(name, "dawsos_app")
    write_world(dsn)
    yield dsn
    postgres_server.drop_database(name)


@pytest.fixture
def alice(world: str) -> Iterator[psycopg.Connection]:
    with acting(world, user_id=ALICE.user_id, role="USER") as connection:
        yield connection


@pytest.fixture
def system(world: str) -> Iterator[psycopg.Connection]:
    with acting(world, role="SYSTEM") as connection:
        yield connection


@pytest.fixture
def superuser(postgres_server: PostgresServer, world: str) -> Iterator[psycopg.Connection]:
    """Even who is above all privileges meets the triggers."""
    with psycopg.connect(postgres_server.dsn(psycopg.conninfo.conninfo_to_dict(world)["dbname"])) as connection:
        yield connection
        connection.rollback()


FACTS = {
    "amount": -51,
    "quantity": 11,
    "price": 6,
    "fee": 1,
    "currency": "USD",
    "transaction_date": "2025-11-04",
    "transaction_type": "SELL",
    "fx_rate": 2,
    "sequence": 7,
    "portfolio_id": BOB.key("portfolio"),
    "is_reversal": True,
    "external_ref": "another",
    "ledger_commit_hash": HASH,
    "narration": "another",
    "created_at": "2020-01-01",
}


@pytest.mark.parametrize("column", FACTS)
def test_a_fact_of_a_booked_transaction_cannot_be_changed_by_the_application(alice: psycopg.Connection, column: str):
    with pytest.raises(errors.InsufficientPrivilege):
        alice.execute(f"update transactions set {column} = %s", [FACTS[column]])


@pytest.mark.parametrize("column", FACTS)
def test_a_fact_of_a_booked_transaction_cannot_be_changed_by_anybody(superuser: psycopg.Connection, column: str):
    with pytest.raises(errors.RestrictViolation, match="is booked and never changes"):
        superuser.execute(f"update public.transactions set {column} = %s where id = %s", [FACTS[column], BUY["id"]])


def test_a_booked_transaction_cannot_be_removed(alice: psycopg.Connection, superuser: psycopg.Connection):
    with pytest.raises(errors.InsufficientPrivilege):
        alice.execute("delete from transactions")
    with pytest.raises(errors.RestrictViolation):
        superuser.execute("delete from public.transactions where id = %s", [BUY["id"]])


def test_the_realised_profit_of_a_booked_sale_may_be_derived_anew(alice: psycopg.Connection):
    changed = alice.execute("update transactions set realized_pl = 3, realized_pl_price = 2, realized_pl_fx = 1")
    assert changed.rowcount == 1
    with pytest.raises(errors.CheckViolation, match="realized_pl_adds_up"):
        alice.execute("update transactions set realized_pl = 4")


def test_an_entry_without_a_number_gets_the_next_one(alice: psycopg.Connection):
    for sequence in (2, 3):
        insert(alice, "public.transactions", BUY | {"id": uuid4()})
        assert alice.execute("select max(sequence) from transactions").fetchone() == (sequence,)


def test_base_currency_has_a_rate_of_exactly_one_and_any_other_rate_must_be_given(alice: psycopg.Connection):
    insert(alice, "public.transactions", BUY | {"id": uuid4(), "currency": "CAD"})
    assert alice.execute("select distinct fx_rate from transactions").fetchall() == [(Decimal(1),)]
    with pytest.raises(errors.NotNullViolation) as refusal:
        insert(alice, "public.transactions", BUY | {"id": uuid4(), "currency": "USD"})
    assert refusal.value.diag.column_name == "fx_rate"


def test_a_number_and_an_external_reference_are_used_once_per_portfolio(alice: psycopg.Connection):
    with pytest.raises(errors.UniqueViolation, match="transactions_one_sequence"), alice.transaction():
        insert(alice, "public.transactions", BUY | {"id": uuid4(), "sequence": 1})
    insert(alice, "public.transactions", BUY | {"id": uuid4(), "external_ref": "4711"})
    with pytest.raises(errors.UniqueViolation, match="transactions_one_external_ref"):
        insert(alice, "public.transactions", BUY | {"id": uuid4(), "external_ref": "4711"})


def test_a_transaction_is_reversed_once(alice: psycopg.Connection):
    reversal = BUY | {"quantity": -10, "amount": 50, "is_reversal": True, "parent_transaction_id": BUY["id"]}
    insert(alice, "public.transactions", reversal | {"id": uuid4()})
    with pytest.raises(errors.UniqueViolation, match="transactions_reversed_once"):
        insert(alice, "public.transactions", reversal | {"id": uuid4()})


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"transaction_type": "GIFT"}, "transactions_type_known"),
        ({"amount": 50}, "transactions_amount_signed"),
        ({"quantity": -10}, "transactions_quantity_signed"),
        ({"quantity": None}, "transactions_trade_has_quantity"),
        ({"price": -1}, "transactions_price_not_negative"),
        ({"fee": -1}, "transactions_charges_signed"),
        ({"fx_rate": 0}, "transactions_fx_rate_positive"),
        ({"currency": "cad", "fx_rate": 1}, "transactions_currency_code"),
        ({"security_id": None}, "transactions_security_named"),
        ({"is_reversal": True, "quantity": -10, "amount": 50}, "transactions_reversal_names_its_parent"),
        ({"transaction_type": "SPLIT", "amount": 0, "quantity": None}, "transactions_split_has_ratio"),
        ({"split_from": 1, "split_to": 2}, "transactions_split_has_ratio"),
        ({"transaction_type": "DEPOSIT", "amount": 0}, "transactions_amount_signed"),
        ({"ledger_commit_hash": "short"}, "transactions_ledger_commit_hash_is_sha256"),
    ],
)
def test_an_entry_that_cannot_be_true_is_refused(alice: psycopg.Connection, change: dict[str, object], constraint: str):
    with pytest.raises(errors.CheckViolation) as refusal:
        insert(alice, "public.transactions", BUY | {"id": uuid4()} | change)
    assert refusal.value.diag.constraint_name == constraint


def test_a_split_changes_both_quantities_of_a_lot(alice: psycopg.Connection):
    with pytest.raises(errors.CheckViolation, match="lots_open_within_original"), alice.transaction():
        alice.execute("update lots set qty_open = 20")
    assert alice.execute("update lots set qty_open = 20, qty_original = 20").rowcount == 1


@pytest.mark.parametrize(
    ("table", "change", "constraint"),
    [
        ("portfolio_daily_values", "nav = 61", "portfolio_daily_values_nav_adds_up"),
        ("currency_attribution", "error_bps = 0.11", "currency_attribution_error_small"),
        ("currency_attribution", "error_bps = -0.11", "currency_attribution_error_small"),
        ("portfolios", "cost_basis_method = 'GUESS'", "portfolios_cost_basis_method_known"),
        ("lot_disposals", "gain_fx_base = 1", "lot_disposals_gain_adds_up"),
        ("portfolio_nav_series", "nav = ''", "portfolio_nav_series_equal_lengths"),
        ("rebalance_suggestions", "turnover_pct = 40", "rebalance_suggestions_turnover_is_fraction"),
        ("dar_history", "confidence = 1", "dar_history_confidence_is_fraction"),
    ],
)
def test_a_figure_that_cannot_be_true_is_refused(alice: psycopg.Connection, table: str, change: str, constraint: str):
    with pytest.raises(errors.CheckViolation) as refusal:
        alice.execute(f"update {table} set {change}")
    assert refusal.value.diag.constraint_name.endswith(constraint)


@pytest.mark.parametrize(
    "change",
    [
        "status = 'PENDING'",
        "status = 'FAILED'",
        f"hash = '{'cd' * 32}'",
        "securities_count = 9",
        "fx_pairs_count = 9",
        "sources_json = '{}'",
    ],
)
def test_a_complete_pack_never_changes(system: psycopg.Connection, change: str):
    with pytest.raises(errors.RestrictViolation, match=f"Pricing pack {PACK} is complete and never changes"):
        system.execute(f"update pricing_packs set {change}")


def test_a_complete_pack_cannot_be_removed_and_its_identity_is_not_even_updatable(system: psycopg.Connection):
    with pytest.raises(errors.RestrictViolation), system.transaction():
        system.execute("delete from pricing_packs")
    for column in ("id", "date", "policy", "edition", "revision", "created_at"):
        with pytest.raises(errors.InsufficientPrivilege), system.transaction():
            system.execute(f"update pricing_packs set {column} = {column}")


def test_how_a_complete_pack_is_served_may_change(system: psycopg.Connection):
    changed = system.execute(
        "update pricing_packs set freshness = 'fresh', is_fresh = true, prewarm_done = true, reconciliation_passed = true, updated_at = now()"
    )
    assert changed.rowcount == 1


def add_pack(connection: psycopg.Connection, pack_id: str, **columns: object) -> None:
    insert(connection, "public.pricing_packs", {"id": pack_id, "date": DAY, **columns})


def test_a_restatement_supersedes_a_pack_once_and_for_all(system: psycopg.Connection):
    add_pack(system, f"{PACK}_R1", revision=1)
    add_pack(system, f"{PACK}_R2", revision=2, status="FAILED")
    system.execute("update pricing_packs set superseded_by = %s, supersedes_reason = 'late close' where id = %s", [f"{PACK}_R1", PACK])
    for successor in (None, f"{PACK}_R2"):
        with pytest.raises(errors.RestrictViolation), system.transaction():
            system.execute("update pricing_packs set superseded_by = %s where id = %s", [successor, PACK])


def test_one_pack_of_a_date_and_policy_is_in_force(system: psycopg.Connection):
    add_pack(system, f"{PACK}_R1", revision=1)
    with pytest.raises(errors.UniqueViolation, match="pricing_packs_one_in_force"), system.transaction():
        system.execute("update pricing_packs set status = 'COMPLETE', hash = %s where id = %s", [HASH, f"{PACK}_R1"])
    with pytest.raises(errors.UniqueViolation, match="pricing_packs_one_in_the_making"), system.transaction():
        add_pack(system, f"{PACK}_R2", revision=2)
    add_pack(system, f"{PACK}_CLOSE_USD", policy="CLOSE_USD", status="COMPLETE", hash=HASH)


def test_a_pack_without_a_hash_cannot_be_complete(system: psycopg.Connection):
    with pytest.raises(errors.CheckViolation, match="pricing_packs_complete_is_hashed"):
        add_pack(system, f"{PACK}_OTHER", policy="OTHER", status="COMPLETE")


PRICE = {"security_id": SECURITY, "date": DAY, "close": 5, "currency": "CAD"}
RATE = {"base_ccy": "EUR", "quote_ccy": "USD", "rate": "1.08"}


@pytest.mark.parametrize(("table", "row"), [("prices", PRICE), ("fx_rates", RATE)])
def test_the_contents_of_a_complete_pack_are_neither_added_to_nor_taken_from(
    system: psycopg.Connection, superuser: psycopg.Connection, table: str, row: dict[str, object]
):
    insert(system, "public.securities", {"id": UUID(int=1), "symbol": "NEW", "currency": "CAD"})
    other = row | ({"security_id": UUID(int=1)} if table == "prices" else {})
    with (
        pytest.raises(errors.RestrictViolation, match=f"Pricing pack {PACK} is complete; its rows in {table} never change"),
        system.transaction(),
    ):
        insert(system, f"public.{table}", other | {"pricing_pack_id": PACK})
    with pytest.raises(errors.RestrictViolation), system.transaction():
        system.execute(f"delete from {table}")
    with pytest.raises(errors.InsufficientPrivilege), system.transaction():
        system.execute(f"update {table} set source = 'x'")
    superuser.execute("select set_config('app.role', 'SYSTEM', true)")
    with pytest.raises(errors.RestrictViolation):
        superuser.execute(f"update public.{table} set source = 'x'")


def test_a_pack_in_the_making_is_filled_and_cleared_at_will(system: psycopg.Connection):
    add_pack(system, f"{PACK}_R1", revision=1)
    insert(system, "public.prices", PRICE | {"pricing_pack_id": f"{PACK}_R1"})
    insert(system, "public.fx_rates", RATE | {"pricing_pack_id": f"{PACK}_R1"})
    assert system.execute("delete from prices where pricing_pack_id = %s", [f"{PACK}_R1"]).rowcount == 1
    assert system.execute("delete from fx_rates where pricing_pack_id = %s", [f"{PACK}_R1"]).rowcount == 1
    assert system.execute("delete from pricing_packs where id = %s", [f"{PACK}_R1"]).rowcount == 1


@pytest.mark.parametrize(
    ("table", "row", "constraint"),
    [
        ("prices", PRICE | {"close": 0}, "prices_positive"),
        ("prices", PRICE | {"low": -1}, "prices_positive"),
        ("prices", PRICE | {"currency": "C$"}, "prices_currency_code"),
        ("prices", PRICE | {"stale_days": -1}, "prices_stale_days_not_negative"),
        ("fx_rates", RATE | {"rate": 0}, "fx_rates_rate_positive"),
        ("fx_rates", RATE | {"quote_ccy": "EUR"}, "fx_rates_two_currencies"),
    ],
)
def test_a_price_or_rate_that_cannot_be_true_is_refused(system: psycopg.Connection, table: str, row: dict[str, object], constraint: str):
    add_pack(system, f"{PACK}_R1", revision=1)
    with pytest.raises(errors.CheckViolation, match=constraint):
        insert(system, f"public.{table}", row | {"pricing_pack_id": f"{PACK}_R1"})


def test_the_kind_of_a_cash_flow_says_whether_it_is_the_owners_money(alice: psycopg.Connection):
    flow = ALICE.rows()["public.portfolio_cash_flows"]
    for kind in ("OUTFLOW", "DIVIDEND", "INTEREST", "FEE", "TAX"):
        insert(alice, "public.portfolio_cash_flows", flow | {"flow_type": kind})
    rows = alice.execute("select flow_type from portfolio_cash_flows where is_external order by 1").fetchall()
    assert rows == [("INFLOW",), ("OUTFLOW",)]


def test_a_user_is_told_of_an_alert_once_a_day(system: psycopg.Connection):
    notice = {"user_id": ALICE.user_id, "alert_id": ALICE.key("alert"), "message": "again"}
    insert(system, "public.notifications", notice | {"delivered_at": "2025-11-04T23:59:59Z"})
    insert(system, "public.notifications", notice | {"delivered_at": "2025-11-05T00:00:00Z"})
    with pytest.raises(errors.UniqueViolation, match="notifications_once_a_day"):
        insert(system, "public.notifications", notice | {"delivered_at": "2025-11-05T23:59:59Z"})
