"""The three views: derived indicators, the latest ledger state, attribution by currency."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from uuid import uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.support.postgres import DatabaseClone
from tests.support.tenants import ALICE, BOB, PACK, acting, insert


@pytest.fixture
def system(shared_clone: DatabaseClone) -> Iterator[psycopg.Connection]:
    """Background work, whose every trace is undone after the test."""
    with acting(shared_clone.app_dsn, role="SYSTEM") as connection:
        yield connection


def observe(connection: psycopg.Connection, series: str, unit: str, observations: dict[str, object], released: str | None = None) -> None:
    for day, value in observations.items():
        row = {"indicator_name": series, "date": day, "value": value, "unit": unit, "release_date": released, "source": "FRED"}
        insert(connection, "public.macro_indicators", row)


def derived(connection: psycopg.Connection, name: str) -> dict[str, Decimal]:
    rows = connection.execute(
        "select date::text, value from v_derived_indicators where indicator_name = %s order by date", [name]
    ).fetchall()
    return dict(rows)


CPI = {"2024-01-01": 300, "2024-02-01": 303, "2025-01-01": 309, "2025-02-01": 315.12}


def test_the_real_interest_rate_is_the_policy_rate_less_inflation_over_a_year(system: psycopg.Connection):
    observe(system, "CPIAUCSL", "index", CPI)
    observe(system, "DFF", "percent", {"2025-01-31": "4.5", "2025-02-03": "4.5"})
    # 309/300 − 1 = 3 %; 315.12/303 − 1 = 4 %
    assert derived(system, "REAL_INTEREST_RATE") == {"2025-01-31": Decimal("0.015"), "2025-02-03": Decimal("0.005")}


def test_a_figure_uses_nothing_that_was_published_later(system: psycopg.Connection):
    for day, value in CPI.items():
        observe(system, "CPIAUCSL", "index", {day: value}, released=f"{day[:8]}15")
    observe(system, "DFF", "percent", {"2025-02-14": "4.5", "2025-02-15": "4.5"})
    # On the 14th February's index was still unknown.
    assert derived(system, "REAL_INTEREST_RATE") == {"2025-02-14": Decimal("0.015"), "2025-02-15": Decimal("0.005")}


def test_an_observation_that_is_too_old_is_not_carried_on(system: psycopg.Connection):
    observe(system, "CPIAUCSL", "index", CPI)
    observe(system, "DFF", "percent", {"2025-06-01": "4.5", "2025-06-02": "4.5"})
    assert derived(system, "REAL_INTEREST_RATE") == {"2025-06-01": Decimal("0.005")}


def test_the_monthly_policy_rate_stands_in_only_where_there_is_no_daily_one(system: psycopg.Connection):
    observe(system, "CPIAUCSL", "index", CPI)
    observe(system, "FEDFUNDS", "percent", {"2025-02-01": "5"})
    assert derived(system, "REAL_INTEREST_RATE") == {"2025-02-01": Decimal("0.01")}
    observe(system, "DFF", "percent", {"2025-02-03": "4.5"})
    assert derived(system, "REAL_INTEREST_RATE") == {"2025-02-03": Decimal("0.005")}


def test_the_term_spread_joins_the_last_short_rate_known(system: psycopg.Connection):
    observe(system, "DGS10", "percent", {"2025-03-03": "4.25", "2025-03-04": "4.30"})
    observe(system, "DGS2", "percent", {"2025-03-03": "4.00"})
    assert derived(system, "TERM_SPREAD") == {"2025-03-03": Decimal("0.0025"), "2025-03-04": Decimal("0.003")}


def test_the_gaps_compare_what_is_with_what_could_be(system: psycopg.Connection):
    observe(system, "GDPC1", "USD billions", {"2025-01-01": 22000})
    observe(system, "GDPPOT", "USD billions", {"2025-01-01": 20000, "2025-04-01": 30000})
    observe(system, "UNRATE", "percent", {"2025-02-01": "4.1"})
    observe(system, "NROU", "percent", {"2025-01-01": "4.4"})
    assert derived(system, "GDP_GAP") == {"2025-01-01": Decimal("0.1")}
    assert derived(system, "OUTPUT_GAP") == {"2025-01-01": Decimal("0.1")}
    assert derived(system, "EMPLOYMENT_GAP") == {"2025-02-01": Decimal("-0.003")}


def test_money_velocity_minds_the_scale_its_units_name(system: psycopg.Connection):
    observe(system, "GDP", "USD billions", {"2025-01-01": 30000})
    observe(system, "M2SL", "USD millions", {"2025-01-01": 20000000})
    assert derived(system, "MONEY_VELOCITY") == {"2025-01-01": Decimal("1.5")}


def test_a_larger_deficit_is_a_positive_fiscal_impulse(system: psycopg.Connection):
    observe(system, "FYFSGDA188S", "percent of GDP", {"2023-01-01": "-6.2", "2024-01-01": "-6.9"})
    assert derived(system, "FISCAL_IMPULSE") == {"2024-01-01": Decimal("0.007")}


def test_the_credit_impulse_is_the_change_of_a_years_new_credit(system: psycopg.Connection):
    observe(system, "TOTBKCR", "USD billions", {"2023-01-04": 16000, "2024-01-03": 17000, "2025-01-01": 18300})
    observe(system, "GDP", "USD billions", {"2024-10-01": 30000})
    # New credit went from 1000 to 1300 a year: 300 of 30000.
    assert derived(system, "CREDIT_IMPULSE") == {"2025-01-01": Decimal("0.01")}


def test_real_growth_is_over_four_quarters(system: psycopg.Connection):
    observe(system, "GDPC1", "USD billions", {"2024-01-01": 20000, "2024-04-01": 21000, "2025-01-01": 20500})
    assert derived(system, "REAL_GDP_GROWTH") == {"2025-01-01": Decimal("0.025")}


def test_some_series_are_shown_under_the_name_people_use(system: psycopg.Connection):
    observe(system, "BAA10Y", "percent", {"2025-03-03": "1.61"})
    observe(system, "DFII10", "percent", {"2025-03-03": "1.9"})
    observe(system, "T10YIE", "percent", {"2025-03-03": "2.3"})
    assert derived(system, "CREDIT_SPREAD") == {"2025-03-03": Decimal("0.0161")}
    assert derived(system, "REAL_YIELD_10Y") == {"2025-03-03": Decimal("0.019")}
    assert derived(system, "BREAKEVEN") == {"2025-03-03": Decimal("0.023")}


def test_what_cannot_be_computed_is_not_there_at_all(system: psycopg.Connection):
    observe(system, "DGS10", "points", {"2025-03-03": "4.25"})
    observe(system, "DGS2", "percent", {"2025-03-03": "4"})
    observe(system, "UNRATE", "percent", {"2025-03-01": "4"})
    assert system.execute("select count(*) from v_derived_indicators").fetchone() == (0,)


@pytest.fixture
def portfolios(system: psycopg.Connection) -> psycopg.Connection:
    for tenant in (ALICE, BOB):
        for table in ("public.users", "public.portfolios"):
            insert(system, table, tenant.rows()[table])
    return system


def snapshot(connection: psycopg.Connection, commit: str, parsed_at: str, **columns: object) -> None:
    row = {"id": uuid4(), "commit_hash": commit, "parsed_at": parsed_at, "status": "parsed", **columns}
    insert(connection, "public.ledger_snapshots", row)


def latest(connection: psycopg.Connection) -> dict[str, str]:
    names = {ALICE.key("portfolio"): "alice", BOB.key("portfolio"): "bob"}
    rows = connection.execute("select portfolio_id, commit_hash, is_repository_wide from latest_ledger_snapshot").fetchall()
    return {names[portfolio]: f"{commit}{' (wide)' if wide else ''}" for portfolio, commit, wide in rows}


def test_a_portfolio_without_a_ledger_of_its_own_follows_the_one_for_all(portfolios: psycopg.Connection):
    snapshot(portfolios, "all", "2025-11-03")
    snapshot(portfolios, "old", "2025-11-01", portfolio_id=ALICE.key("portfolio"))
    snapshot(portfolios, "new", "2025-11-02", portfolio_id=ALICE.key("portfolio"))
    assert latest(portfolios) == {"alice": "new", "bob": "all (wide)"}


def test_a_snapshot_that_failed_or_was_replaced_is_not_the_latest(portfolios: psycopg.Connection):
    key = ALICE.key("portfolio")
    successor = uuid4()
    snapshot(portfolios, "good", "2025-11-01", portfolio_id=key, id=successor)
    snapshot(portfolios, "failed", "2025-11-02", portfolio_id=key, status="failed")
    snapshot(portfolios, "replaced", "2025-11-03", portfolio_id=key, superseded_by=successor)
    snapshot(portfolios, "marked", "2025-11-04", portfolio_id=key, status="superseded")
    assert latest(portfolios) == {"alice": "good"}


def test_attribution_is_shown_by_currency_for_the_latest_day_only(portfolios: psycopg.Connection):
    insert(portfolios, "public.pricing_packs", {"id": PACK, "date": "2025-11-03"})
    parts = {
        "CAD": {
            "weight": "0.4",
            "local_contribution": "0.01",
            "fx_contribution": "0",
            "interaction_contribution": "0",
            "total_contribution": "0.01",
        },
        "USD": {
            "weight": "0.6",
            "local_contribution": "0.02",
            "fx_contribution": "-0.005",
            "interaction_contribution": "-0.0001",
            "total_contribution": "0.0149",
        },
    }
    for day, by_currency in (("2025-10-31", {"EUR": {"weight": 1}}), ("2025-11-03", parts)):
        row = ALICE.rows()["public.currency_attribution"]
        insert(portfolios, "public.currency_attribution", row | {"asof_date": day, "attribution_by_currency": Jsonb(by_currency)})
    rows = portfolios.execute(
        "select currency, weight, local_contribution, fx_contribution, interaction_contribution, total_contribution, asof_date, pricing_pack_id"
        " from portfolio_currency_attributions order by currency"
    ).fetchall()
    assert rows == [
        ("CAD", Decimal("0.4"), Decimal("0.01"), Decimal(0), Decimal(0), Decimal("0.01"), date(2025, 11, 3), PACK),
        ("USD", Decimal("0.6"), Decimal("0.02"), Decimal("-0.005"), Decimal("-0.0001"), Decimal("0.0149"), date(2025, 11, 3), PACK),
    ]
