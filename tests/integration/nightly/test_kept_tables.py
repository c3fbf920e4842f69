"""Every documented table of results has rows the night wrote and requests read: a row that is changed changes the answer."""

from datetime import date
from decimal import Decimal as D
from typing import Any

import psycopg
import pytest

from dawsos.agents.financial_analyst.attribution_currency import CurrencyAttributionRequest, attribution_currency
from dawsos.agents.financial_analyst.metrics_compute_twr import TwrRequest, metrics_compute_twr
from dawsos.agents.financial_analyst.portfolio_get_valued_positions import ValuedPositionsRequest, portfolio_get_valued_positions
from dawsos.agents.financial_analyst.portfolio_holdings import HoldingsRequest, portfolio_holdings
from dawsos.agents.financial_analyst.positions import PricedPosition
from dawsos.agents.macro_hound.cycle_readings import CycleRequest
from dawsos.agents.macro_hound.cycles_compute_short_term import cycles_compute_short_term
from dawsos.agents.macro_hound.macro_detect_regime import RegimeRequest, macro_detect_regime
from dawsos.agents.macro_hound.macro_get_regime_history import RegimeHistoryRequest, macro_get_regime_history
from dawsos.agents.ratings.ratings_aggregate import AggregateRequest, RatedPosition, ratings_aggregate
from dawsos.bootstrap import PREWARMS
from dawsos.kernel.canonical import canonical_bytes
from dawsos.kernel.identifiers import named
from dawsos.kernel.identity import SYSTEM
from dawsos.services.context import RequestContext
from dawsos.services.risk.exposures import factor_exposures
from dawsos.services.risk.position_betas import SecurityBetas, betas_of_positions
from dawsos.services.telemetry import Meters
from dawsos.store import indicators, ratings
from tests.integration.nightly.test_nightly import DAY, POLICY, nightly_of, plant
from tests.support.demo import Demo
from tests.support.postgres import DatabaseClone

TABLES = (
    "holdings", "portfolio_metrics", "currency_attribution", "regime_history", "cycle_phases", "derived_results", "factor_exposures",
    "position_factor_betas", "dar_history", "portfolio_daily_values", "portfolio_nav_series",
)  # fmt: skip


def rows_of(clone: DatabaseClone, table: str) -> int:
    with psycopg.connect(clone.admin_dsn, options="-c search_path=app,public") as connection:
        found = connection.execute(f"select count(*) from {table}").fetchone()
    assert found is not None
    return int(found[0])


def rated(position: PricedPosition) -> RatedPosition:
    return RatedPosition(security_id=position.security_id, market_value=position.market_value, base_currency=position.base_currency)


async def answers(context: RequestContext) -> dict[str, Any]:
    """What requests say of everything that is kept."""
    portfolio_id = context.pinned().portfolio.id
    return {
        "holdings": await portfolio_holdings(context, HoldingsRequest(portfolio_id=portfolio_id)),
        "figures": await metrics_compute_twr(context, TwrRequest(portfolio_id=portfolio_id)),
        "attribution": await attribution_currency(context, CurrencyAttributionRequest(portfolio_id=portfolio_id)),
        "regime": await macro_detect_regime(context, RegimeRequest()),
        "cycle": await cycles_compute_short_term(context, CycleRequest()),
        "history": await macro_get_regime_history(context, RegimeHistoryRequest(lookback_weeks=1)),
        "exposures": (await factor_exposures(context, context.pinned())).value,
        "betas": (await betas_of_positions(context, context.pinned())).value,
    }


async def test_r22_every_table_of_results_is_written_by_the_night_and_read_by_requests(
    own_demo: Demo, own_demo_clone: DatabaseClone
) -> None:
    for table in TABLES:
        plant(own_demo_clone, f"delete from {table}")
    computed = await answers(await own_demo.context("Household"))
    for table in TABLES:
        plant(own_demo_clone, f"delete from {table}")
    report = await nightly_of(own_demo, prewarms=PREWARMS).run(POLICY, DAY)
    assert {step.job: step.status for step in report.steps if step.status != "succeeded"} == {"evaluate_alerts": "skipped"}
    assert [step.warnings for step in report.steps if step.warnings] == []
    assert {table for table in TABLES if not rows_of(own_demo_clone, table)} == set()

    served = await answers(await own_demo.context("Household"))
    assert served == computed
    assert canonical_bytes([served["exposures"], served["betas"]]) == canonical_bytes([computed["exposures"], computed["betas"]])

    plant(own_demo_clone, "update holdings set market_value = 1234.56 where symbol = 'KO'")
    plant(own_demo_clone, "update portfolio_metrics set value = 0.12345678 where metric_type = 'RETURN' and period = 'YTD'")
    plant(own_demo_clone, "update currency_attribution set fx_return = 0.07654321")
    plant(own_demo_clone, "update regime_history set regime_scores_json = jsonb_set(regime_scores_json, '{phase,margin}', '0.4321')")
    plant(own_demo_clone, "update cycle_phases set indicators = jsonb_set(indicators, '{state,coverage}', '0.5432')")
    plant(own_demo_clone, "update factor_exposures set beta_market = 0.34567891, r_squared = 0.45678912")
    plant(own_demo_clone, "update position_factor_betas set beta_equity = 0.56789123")
    read = await answers(await own_demo.context("Household"))
    assert next(one.market_value for one in read["holdings"].positions if one.symbol == "KO") == D("1234.56")
    assert read["figures"].twr_ytd == 0.12345678
    assert read["attribution"].fx_return == 0.07654321
    assert read["regime"].margin == 0.4321
    assert read["cycle"].coverage == 0.5432
    assert (read["exposures"].betas["equity"], read["exposures"].r_squared) == (0.34567891, 0.45678912)
    changed = {one.symbol for name in own_demo.portfolios for one in await betas_from_row(own_demo, name)}
    assert changed >= {one.symbol for one in read["betas"].securities}

    # Rows that were not written with the kept results are not theirs: another history of the factors has taken their place.
    plant(own_demo_clone, "update factor_exposures set created_at = created_at + interval '1 second'")
    plant(own_demo_clone, "update position_factor_betas set created_at = created_at + interval '1 second'")
    kept = await answers(await own_demo.context("Household"))
    assert (kept["exposures"], kept["betas"]) == (computed["exposures"], computed["betas"])


async def betas_from_row(demo: Demo, name: str) -> list[SecurityBetas]:
    """The securities whose beta is the one that was put into the table."""
    context = await demo.context(name)
    table = (await betas_of_positions(context, context.pinned())).value
    return [one for one in table.securities if one.betas["equity"] == 0.56789123]


async def test_r22_a_warm_dashboard_is_served_from_what_is_kept(own_demo: Demo) -> None:
    await nightly_of(own_demo, prewarms=PREWARMS).run(POLICY, DAY)
    meters: Meters = own_demo.application.meters
    by_night = outcomes(meters)
    for name in own_demo.portfolios:
        await own_demo.overview(name)
        context = await own_demo.context(name)
        await answers(context)
        valued = await portfolio_get_valued_positions(context, ValuedPositionsRequest(portfolio_id=context.pinned().portfolio.id))
        await ratings_aggregate(context, AggregateRequest(positions=tuple(map(rated, valued.positions))))
    hits, misses = (now - before for now, before in zip(outcomes(meters), by_night, strict=True))
    assert hits >= 10
    assert hits / (hits + misses) >= 0.95


def outcomes(meters: Meters) -> tuple[float, float]:
    """How many kept results were found, and how many were not."""
    counted: dict[str, float] = {"hit": 0.0, "miss": 0.0}
    for metric in meters.derivations.collect():
        for sample in metric.samples:
            if sample.name.endswith("_total"):
                counted[sample.labels["outcome"]] += sample.value
    return counted["hit"], counted["miss"]


async def test_r22_holdings_are_what_the_overview_says(own_demo: Demo) -> None:
    context = await own_demo.context("Household")
    held = await portfolio_holdings(context, HoldingsRequest(portfolio_id=context.pinned().portfolio.id))
    valued = await portfolio_get_valued_positions(context, ValuedPositionsRequest(portfolio_id=context.pinned().portfolio.id))
    assert (held.nav, held.cash, held.securities_value) == (valued.nav, valued.cash, valued.securities_value)
    theirs = {one.symbol: one for one in valued.positions if one.security_id is not None}
    assert {one.symbol for one in held.positions} == theirs.keys()
    for one in held.positions:
        other = theirs[one.symbol]
        assert (one.quantity, one.cost_basis, one.current_price, one.market_value, one.unrealized_pl) == (
            other.quantity,
            other.cost_basis,
            other.price,
            other.market_value,
            other.unrealized_pl,
        )


async def test_r22_a_figure_that_is_published_later_removes_what_was_judged_without_it(
    own_demo: Demo, own_demo_clone: DatabaseClone
) -> None:
    await nightly_of(own_demo, prewarms=PREWARMS).run(POLICY, DAY)
    before = await macro_detect_regime(await own_demo.context("Household"), RegimeRequest())
    known_from, judged = date(2022, 12, 20), rows_of(own_demo_clone, "regime_history")
    async with own_demo.application.database.transaction(SYSTEM) as tx:
        row = ("UNRATE", date(2022, 12, 1), D(11), "percent", "FRED", known_from, "monthly", "UNRATE")
        assert await indicators.put_indicators(tx, [row]) == 1
    assert rows_of(own_demo_clone, "regime_history") == judged - 1  # the one of a day before it was known stays
    after = await macro_detect_regime(await own_demo.context("Household"), RegimeRequest())
    assert after != before
    assert next(one.value for one in after.indicators if one.indicator == "UNRATE") == pytest.approx(0.11)


async def test_r22_a_new_rubric_is_what_companies_are_rated_by_at_once(own_demo: Demo, own_demo_clone: DatabaseClone) -> None:
    await nightly_of(own_demo, prewarms=PREWARMS).run(POLICY, DAY)
    async with own_demo.application.database.transaction(SYSTEM) as tx:
        rubrics = await ratings.active_rubrics(tx)
    context = await own_demo.context("Household")
    security_id = named("security", "AAPL")
    before = await ratings_aggregate(context, AggregateRequest(security_id=security_id))
    assert before.moat_strength is not None
    plant(own_demo_clone, "update rating_rubrics set is_active = false where rating_type = 'MOAT'")
    after = await ratings_aggregate(await own_demo.context("Household"), AggregateRequest(security_id=security_id))
    assert len(rubrics) == 3
    assert after.moat_strength is None
    assert after.dividend_safety == before.dividend_safety
