"""Factor exposures, drawdown at risk, scenarios and hedges of the demo: computed once more by other means, and what each depends on."""

import asyncio
import itertools
import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D
from typing import Any

import numpy as np
import psycopg
import pytest

from dawsos.compute.regimes.rules import PHASES
from dawsos.compute.scenarios.library import SCENARIOS
from dawsos.kernel.canonical import canonical_bytes
from dawsos.kernel.errors import Invalid, NotFound
from dawsos.kernel.identity import SYSTEM
from dawsos.patterns.orchestrator import Orchestrator
from dawsos.registry import unexplained_nulls
from dawsos.services.opening import NEWEST, Pinning
from dawsos.services.risk.drawdowns import seed_of
from dawsos.services.risk.economy import economy_on, phases_over
from dawsos.services.risk.exposures import factor_exposures
from dawsos.services.risk.factor_series import factors_known
from dawsos.services.risk.position_betas import betas_of_positions
from dawsos.services.risk.present import present_holdings
from dawsos.store import drawdowns, factors, indicators, scenarios
from tests.support import risk
from tests.support.demo import Demo
from tests.support.postgres import DatabaseClone

DAY = date(2022, 12, 28)
PACK = "PP_2022-12-28"


async def call(demo: Demo, capability: str, *, portfolio: str = "Household", pinning: Pinning = NEWEST, **request: Any) -> Any:
    context = await demo.context(portfolio, pinning)
    body = dict(request)
    if "portfolio_id" in demo.application.registry.get(capability).request.model_fields:
        body["portfolio_id"] = demo.portfolios[portfolio].id
    return (await demo.application.registry.call(capability, context, body)).result


async def run(demo: Demo, pattern: str, portfolio: str = "Household", **inputs: Any) -> Any:
    orchestrator = Orchestrator(demo.application.registry, sleep=asyncio.sleep, chance=random.Random(0))
    asked = {"portfolio_id": str(demo.portfolios[portfolio].id), **inputs}
    return await orchestrator.run(demo.application.patterns[pattern], asked, await demo.context(portfolio))


async def scenario(demo: Demo, portfolio: str = "Household", **request: Any) -> Any:
    return await call(demo, "macro.run_scenario", portfolio=portfolio, **request)


def raw_market(clone: DatabaseClone, held: dict[str, str]) -> risk.Market:
    """What the tables say, read with plain SQL; ``held`` is currency by symbol, cash as ``cash CAD``."""
    with psycopg.connect(clone.admin_dsn) as connection:
        connection.execute("select set_config('app.role', 'SYSTEM', false)")
        series: dict[str, dict[tuple[int, int], float]] = {}
        names = ["FII10", "GS10", "BAA", *risk.BASKET]
        for name, day, value in connection.execute(
            "select indicator_name, date, value from macro_indicators where indicator_name = any (%s) and release_date <= %s", [names, DAY]
        ):
            series.setdefault(name, {})[day.year, day.month] = float(value)
        bills = connection.execute(
            "select release_date, value from macro_indicators where indicator_name = 'BILL_RATE_3M' and release_date <= %s order by 1",
            [DAY],
        )
        packs = dict(connection.execute("select id, date from pricing_packs where policy = 'ECB_CLOSE' and status = 'COMPLETE'").fetchall())
        closes: dict[str, dict[date, float]] = {}
        for pack, symbol, close in connection.execute(
            "select p.pricing_pack_id, s.symbol, p.close from prices p join securities s on s.id = p.security_id where p.pricing_pack_id = any (%s)",
            [list(packs)],
        ):
            closes.setdefault(symbol, {})[packs[pack]] = float(close)
        rates: dict[date, dict[str, float]] = {}
        for pack, base, quote, rate in connection.execute(
            "select pricing_pack_id, base_ccy, quote_ccy, rate from fx_rates where pricing_pack_id = any (%s)", [list(packs)]
        ):
            assert base == "EUR"
            rates.setdefault(packs[pack], {"EUR": 1.0})[quote] = float(rate)
        known = [(day, float(value)) for day, value in bills]
    values = {}
    for symbol, currency in held.items():
        own = dict.fromkeys(rates, 1.0) if symbol.startswith("cash ") else closes[symbol]
        values[symbol] = {day: close * rates[day]["CAD"] / rates[day][currency] for day, close in own.items()}
        values[f"own {symbol}"] = dict(own)
    return risk.Market(series=series, bill_known=known, index=closes["SPX"], values=values, today=DAY)


@pytest.fixture(scope="module")
def market(shared_demo_clone: DatabaseClone) -> risk.Market:
    held = dict.fromkeys(
        ["AAPL", "AMD", "BAC", "BBY", "CVX", "GE", "HD", "JNJ", "JPM", "KO", "LLY", "MSFT", "PFE", "PG", "UNH", "WMT", "XOM"], "USD"
    )
    return raw_market(shared_demo_clone, held | {f"cash {code}": code for code in ("CAD", "USD", "EUR", "GBP")})


async def holdings(demo: Demo) -> list[tuple[str, float]]:
    context = await demo.context("Household")
    found = await present_holdings(context, context.pinned())
    assert found.unpriced == {} and sum(one.market_value for one in found.positions) == found.nav
    return [
        (one.symbol if one.security_id else f"cash {one.currency}", float(one.market_value) / float(found.nav)) for one in found.positions
    ]


async def test_r3_factor_exposures_agree_with_statsmodels(demo: Demo, market: risk.Market) -> None:
    months, x = risk.factors(market)
    assert len(x) == 104 and months[0] == (2014, 1) and months[-1] == (2022, 9)
    y = sum(weight * risk.changes(market, key, months) for key, weight in await holdings(demo))
    fit = risk.regression(y, x)
    found = await call(demo, "risk.compute_factor_exposures")
    assert (found.methodology, found.n_obs, found.frequency, found.market) == ("regression", 104, "monthly", "SPX")
    assert (found.start_date, found.end_date) == (date(2014, 1, 1), date(2022, 9, 30))
    np.testing.assert_allclose([one.beta for one in found.exposures], fit.params[1:], rtol=0, atol=1e-8)
    np.testing.assert_allclose([one.standard_error for one in found.exposures], fit.bse[1:], rtol=0, atol=1e-8)
    np.testing.assert_allclose([one.t_statistic for one in found.exposures], fit.tvalues[1:], rtol=0, atol=2e-8)
    assert found.r_squared == pytest.approx(fit.rsquared, abs=1e-8)
    yearly = 12 * 3 * 21**2 / (2 * 21**2 + 1)
    covariance, beta = np.cov(x.T), np.asarray(fit.params[1:])
    explained, own = beta @ covariance @ beta * yearly, fit.ssr / fit.df_resid * yearly
    assert found.var_factor == pytest.approx(explained, abs=1e-8) and found.var_idiosyncratic == pytest.approx(own, abs=1e-8)
    assert found.portfolio_volatility == pytest.approx(np.sqrt(explained + own), abs=1e-8)
    shares = beta * (covariance @ beta) * yearly / (explained + own)
    np.testing.assert_allclose([one.variance_share for one in found.exposures], shares, rtol=0, atol=1e-8)
    assert sum(one.variance_share for one in found.exposures) + found.idiosyncratic_share == pytest.approx(1, abs=1e-7)
    assert unexplained_nulls(found) == []


async def test_betas_of_positions_agree_with_statsmodels_and_add_up_to_the_portfolios(demo: Demo, market: risk.Market) -> None:
    months, x = risk.factors(market)
    context = await demo.context("Household")
    table = (await betas_of_positions(context, context.pinned())).value
    for one in table.securities:
        fit = risk.regression(risk.changes(market, f"own {one.symbol}", months), x)
        np.testing.assert_allclose([one.betas[name] for name in risk.FACTORS], fit.params[1:], rtol=0, atol=1e-8)
        assert one.residual_deviation == pytest.approx(np.sqrt(fit.ssr / fit.df_resid), abs=1e-8)
        assert (one.methodology, one.n_obs) == ("regression", 104)
    in_base = sum(
        weight * np.asarray(risk.regression(risk.changes(market, key, months), x).params[1:])
        for key, weight in await holdings(demo)
        if key != "cash CAD"
    )
    found = (await factor_exposures(context, context.pinned())).value
    np.testing.assert_allclose([found.betas[name] for name in risk.FACTORS], in_base, rtol=0, atol=1e-8)


async def test_r5_drawdown_at_risk_agrees_with_plain_numpy_path_by_path(demo: Demo, market: risk.Market) -> None:
    _, x = risk.factors(market)
    context = await demo.context("Household")
    pins = context.pinned()
    phases = np.array(await phases_over(context, pins, await factors_known(context, pins)))
    pooled, scale = np.cov(x.T), 3 * 21**2 / (2 * 21**2 + 1) / 21
    tables = {}
    for phase in PHASES:
        own = x[phases == phase]
        share = min(1.0, len(own) / 60)
        tables[phase] = (share * np.cov(own.T) + (1 - share) * pooled) * scale
    regime = (await economy_on(context, pins)).regime
    exposures = (await factor_exposures(context, pins)).value
    betas = np.array([exposures.betas[name] for name in risk.FACTORS])
    deviation = float(np.sqrt(exposures.residual_variance))
    depths, mixed = risk.drawdown_quantile(tables, dict(regime.phase.probabilities), betas, deviation, seed_of(pins), days=21)
    found = await call(demo, "macro.compute_dar")
    assert (found.regime, found.trading_days, found.seed) == ("LATE_EXPANSION", 21, str(seed_of(pins)))
    assert found.dar_pct == pytest.approx(np.quantile(depths, 0.95), abs=1e-8)
    assert found.mean_drawdown == pytest.approx(depths.mean(), abs=1e-8) and found.max_drawdown == pytest.approx(depths.max(), abs=1e-8)
    assert found.median_drawdown == pytest.approx(np.median(depths), abs=1e-8)
    assert 0 < found.median_drawdown < found.dar_pct < found.max_drawdown  # the tail of losses
    assert found.dar_value == (found.nav * D(repr(found.dar_pct))).quantize(D("0.01"))
    parts = np.array([*(betas * (mixed @ betas)), deviation**2])
    np.testing.assert_allclose([one.dar_pct for one in found.contributions], found.dar_pct * parts / parts.sum(), rtol=0, atol=1e-8)
    assert sum(one.dar_pct for one in found.contributions) == pytest.approx(found.dar_pct, abs=1e-7)
    stricter = await call(demo, "macro.compute_dar", confidence=0.99)
    longer = await call(demo, "macro.compute_dar", horizon_days=90)
    adjusted = await call(demo, "macro.compute_dar", cycle_adjusted=True)
    assert stricter.dar_pct == pytest.approx(np.quantile(depths, 0.99), abs=1e-8)
    assert longer.dar_pct > found.dar_pct and adjusted.dar_pct > found.dar_pct and adjusted.adjusted_by == "BUBBLE"
    assert all(unexplained_nulls(one) == [] for one in (found, stricter, longer, adjusted))


async def test_r5_forecasts_are_kept_and_compared_with_what_came_to_pass(demo: Demo) -> None:
    days = [date(2022, 9, 1), date(2022, 10, 3), date(2022, 11, 1)]
    for day in days:
        await call(demo, "macro.compute_dar", pinning=Pinning(pack_id=f"PP_{day}"))
    found = (await call(demo, "macro.compute_dar")).calibration
    navs = (await call(demo, "portfolio.historical_nav", lookback_days=120)).data
    context = await demo.context("Household")
    async with context.database.transaction(context.actor) as tx:
        kept = await drawdowns.list_forecasts(tx, demo.portfolios["Household"].id, "drawdown_at_risk/1", DAY)
    settled = [one for one in kept if one.asof_date in days]
    assert [one.asof_date for one in settled] == days and found.observations == len(
        [one for one in kept if one.realized_drawdown is not None]
    )
    for one in settled:
        start = next(place for place, entry in enumerate(navs) if entry.date == one.asof_date)
        window = navs[start : start + 22]
        wealth = [1.0]
        for before, after in itertools.pairwise(window):
            flow = float(after.net_external_flow)
            wealth.append(wealth[-1] * float(after.nav) / (float(before.nav) + flow))
        depth = max(1 - value / max(wealth[: place + 1]) for place, value in enumerate(wealth))
        assert float(one.realized_drawdown) == pytest.approx(depth, abs=1e-8)
    breaches = sum(one.realized_drawdown > one.dar_pct for one in kept if one.realized_drawdown is not None)
    assert found.breaches == breaches and found.breach_rate == pytest.approx(breaches / found.observations)
    gaps = [abs(float(one.dar_pct - one.realized_drawdown)) for one in kept if one.realized_drawdown is not None]
    assert found.mean_absolute_deviation == pytest.approx(np.mean(gaps), abs=1e-12)
    assert found.kupiec_probability is not None and found.expected_rate == pytest.approx(0.05)


@pytest.mark.parametrize("portfolio", ["Household", "Income"])
async def test_r8_every_scenario_of_the_library_adds_up_over_positions_and_over_causes(demo: Demo, portfolio: str) -> None:
    seen = {}
    known = ("equity_selloff", "crisis_2008", "covid_2020", "tech_bust_2000", "reserve_currency_loss", "recession_symbols")
    for scenario_id in SCENARIOS if portfolio == "Household" else known:
        found = await scenario(demo, portfolio, scenario_id=scenario_id)
        assert found.total_delta_pl == sum(one.delta_value for one in found.position_deltas)
        assert found.total_delta_pl == sum((one.delta_value for one in found.factor_contributions), D(0))
        for one in found.position_deltas:
            assert one.delta_value == sum(one.factor_contributions.values(), D(0)) == one.shocked_value - one.base_value
        assert found.post_nav - found.pre_nav == found.total_delta_pl
        assert unexplained_nulls(found) == []
        seen[scenario_id] = found.total_delta_pl
    assert len({seen[one] for one in known}) == len(known)  # none stands in for another
    assert seen["recession_symbols"] == 0


async def test_a_scenario_is_beta_times_shock_and_translation(demo: Demo) -> None:
    context = await demo.context("Household")
    betas = {one.symbol: one.betas for one in (await betas_of_positions(context, context.pinned())).value.securities}
    found = await scenario(demo, scenario_id="equity_selloff")
    moves = SCENARIOS["equity_selloff"].factors
    for one in found.position_deltas:
        own = sum(betas[one.symbol][name] * size for name, size in moves.items()) if one.symbol in betas else 0.0
        dollar = 0.03 if one.symbol in betas or one.symbol == "USD" else 0.0
        assert float(one.delta_value) == pytest.approx(float(one.base_value) * ((1 + own) * (1 + dollar) - 1), abs=0.01)


async def test_r8_unknown_scenarios_are_named_and_custom_shocks_are_applied(demo: Demo) -> None:
    with pytest.raises(NotFound) as refused:
        await scenario(demo, scenario_id="equity_seloff")
    assert "equity_selloff" in refused.value.remedy and refused.value.details["scenario_ids"] == list(SCENARIOS)
    plain = await scenario(demo, scenario_id="equity_selloff")
    harder = await scenario(demo, scenario_id="equity_selloff", custom_shocks={"equity_pct": -40.0})
    alone = await scenario(demo, scenario_id="custom", custom_shocks={"rates_bps": 100.0})
    double = await scenario(demo, scenario_id="custom", custom_shocks={"rates_bps": 200.0})
    assert harder.total_delta_pl < plain.total_delta_pl and {one.moved for one in alone.shocks} == {"real_rates"}
    assert float(double.total_delta_pl) == pytest.approx(2 * float(alone.total_delta_pl), abs=0.2)
    assert (await scenario(demo, scenario_id="equity_selloff")) == plain  # the library is as it was
    with pytest.raises(Invalid):
        await scenario(demo, scenario_id="custom")
    with pytest.raises(Invalid):
        await scenario(demo, scenario_id="custom", custom_shocks={"rates_bps": 90_000.0})


@pytest.mark.parametrize("scenario_id", [one.id for one in SCENARIOS.values()])
async def test_r14_hedges_gain_when_the_portfolio_loses(demo: Demo, scenario_id: str) -> None:
    result = await scenario(demo, scenario_id=scenario_id)
    moves = [{"moved": one.moved, "size": one.size} for one in result.shocks]
    causes = [{"name": one.name, "delta_value": one.delta_value} for one in result.factor_contributions]
    given = {name: getattr(result, name) for name in ("scenario_id", "scenario_name", "currency", "total_delta_pl")}
    found = await call(demo, "optimizer.suggest_hedges", scenario_result={**given, "shocks": moves, "factor_contributions": causes})
    assert unexplained_nulls(found) == []
    if result.total_delta_pl >= 0:
        assert found.suggestions == () and "no loss" in found.reasons["suggestions"]
        return
    assert found.suggestions or found.reasons["suggestions"]
    assert found.suggestions or found.rejected or scenario_id.endswith("_symbols")
    for one in found.suggestions:
        assert one.scenario_pl > 0 > result.total_delta_pl and one.size > 0 and one.cost >= 0
        assert float(one.scenario_pl) == pytest.approx(-one.effectiveness * float(result.total_delta_pl), abs=0.02)


async def test_hedges_of_a_deleveraging_pay_against_the_way_they_are_for(demo: Demo) -> None:
    result = await run(demo, "cycle_deleveraging_scenarios")
    data = result.plain()["data"]
    hedges = data["hedge_suggestions"]
    assert hedges["stance"] == "late_expansion" and hedges["suggestions"]
    for one in hedges["suggestions"]:
        assert D(one[f"{one['scenario_type']}_pl"]) > 0 > D(data[one["scenario_type"].replace("default", "default_case")]["total_delta_pl"])
        payoff = [float(point["scenario_pl"]) for point in one["payoff_profile"]]
        assert payoff == sorted(payoff) and payoff[3] == pytest.approx(float(one["hedge"]["scenario_pl"]), abs=0.02)
    other = {
        name: data[step] for name, step in (("money_printing", "money_printing"), ("austerity", "austerity"), ("default", "default_case"))
    }
    facts = {name: {key: one[key] for key in ("scenario_id", "scenario_name", "total_delta_pl", "currency")} for name, one in other.items()}
    assert (await call(demo, "optimizer.suggest_deleveraging_hedges", ltdc_phase="REFLATION", scenarios=facts)).stance == "reflation"


async def test_scenarios_follow_the_economy(demo: Demo) -> None:
    plain = await scenario(demo, scenario_id="equity_selloff")
    aware = await call(demo, "scenarios.macro_aware_apply", scenario_id="equity_selloff")
    assert aware.macro_context.phase == "LATE_EXPANSION" and aware.probability_multiplier == 3.0
    assert any("LATE_EXPANSION" in step for step in aware.steps)
    sizes = {one.moved: one.size for one in aware.result.shocks}
    # late expansion × 1.5, a bubble × 1.5 on equities and credit
    assert sizes["equity"] == pytest.approx(-0.2 * 1.5 * 1.5) and sizes["usd"] == pytest.approx(0.03 * 1.5)
    assert aware.result.total_delta_pl < plain.total_delta_pl
    ranked = await call(demo, "scenarios.macro_aware_rank", top_n=44)
    relevances = [one.relevance for one in ranked.ranked if one.relevance is not None]
    assert relevances == sorted(relevances, reverse=True) and len({one.scenario_id for one in ranked.ranked}) == len(ranked.ranked)
    row = next(one for one in ranked.ranked if one.scenario_id == "equity_selloff")
    assert row.total_delta_pl == aware.result.total_delta_pl and row.probability == pytest.approx(0.06)
    assert unexplained_nulls(ranked) == unexplained_nulls(aware) == []


async def test_the_phases_of_the_cycles_are_laid_over_the_exposures(demo: Demo) -> None:
    exposures = await call(demo, "risk.compute_factor_exposures")
    given = {"exposures": [{"factor": one.factor, "beta": one.beta} for one in exposures.exposures]}

    def phase(code: str | None) -> dict[str, Any]:
        return {"phase": code, "phase_label": code, "reasons": {} if code else {"phase": "nothing is known"}}

    late = await call(demo, "risk.overlay_cycle_phases", factor_exposures=given, stdc=phase("LATE_EXPANSION"), ltdc=phase("BUBBLE"))
    deep = await call(demo, "risk.overlay_cycle_phases", factor_exposures=given, stdc=phase("DEEP_RECESSION"), ltdc=phase("DEPRESSION"))
    none = await call(demo, "risk.overlay_cycle_phases", factor_exposures=given, stdc=phase("LATE_EXPANSION"), ltdc=phase(None))
    assert (late.overall_amplification, late.risk_level, deep.overall_amplification, deep.risk_level) == (1.2, "Low", 2.0, "High")
    assert len(late.heatmap_data) == 25 and late.most_vulnerable_factor == "Equities"
    assert all(one.amplified == pytest.approx(1.2 * one.usual) for one in late.amplified_factors)
    assert none.overall_amplification is None and "LTDC: nothing is known" in none.reasons["overall_amplification"]
    halved = {"exposures": [{"factor": one.factor, "beta": one.beta / 2} for one in exposures.exposures]}
    half = await call(demo, "risk.overlay_cycle_phases", factor_exposures=halved, stdc=phase("LATE_EXPANSION"), ltdc=phase("BUBBLE"))
    for whole, part in zip(late.heatmap_data, half.heatmap_data, strict=True):
        assert part.volatility == pytest.approx(whole.volatility / 2)
    assert [unexplained_nulls(one) for one in (late, deep, none)] == [[], [], []]


async def test_exposures_week_by_week_are_those_of_their_day(demo: Demo) -> None:
    found = await call(demo, "risk.get_factor_exposure_history", lookback_weeks=3)
    assert found.dates == tuple(DAY - timedelta(weeks=week) for week in (3, 2, 1, 0))
    then = await call(demo, "risk.compute_factor_exposures", pinning=Pinning(pack_id="PP_2022-12-14"))
    assert found.equity_betas[1] == next(one.beta for one in then.exposures if one.factor == "equity")
    assert found.wow_change["equity"] == pytest.approx(found.equity_betas[-1] - found.equity_betas[-2])
    context = await demo.context("Household")
    async with context.database.transaction(context.actor) as tx:
        rows = await factors.list_factor_exposures(tx, demo.portfolios["Household"].id, DAY - timedelta(weeks=3), DAY)
    assert {row.asof_date for row in rows} >= set(found.dates)


async def test_what_the_night_computed_is_in_the_tables(demo: Demo) -> None:
    context = await demo.context("Household")
    exposures = (await factor_exposures(context, context.pinned())).value
    betas = await betas_of_positions(context, context.pinned())
    assert betas.stored
    async with context.database.transaction(context.actor) as tx:
        row = (await factors.list_factor_exposures(tx, demo.portfolios["Household"].id, DAY, DAY))[0]
        kept = await factors.list_position_betas(tx, [one.security_id for one in betas.value.securities], DAY)
    assert float(row.beta_market) == exposures.betas["equity"] and float(row.r_squared) == exposures.r_squared
    assert (row.pricing_pack_id, row.n_obs, row.benchmark_id) == (PACK, 104, "SPX")
    assert sum(row.factor_contributions.values()) == pytest.approx(1)
    assert {one.security_id: float(one.beta_equity) for one in kept} == {
        one.security_id: one.betas["equity"] for one in betas.value.securities
    }
    await scenario(demo, scenario_id="fed_adverse")
    async with context.database.transaction(context.actor) as tx:
        results = {one.scenario_id: one for one in await scenarios.list_scenario_results(tx, demo.portfolios["Household"].id, DAY)}
    assert (
        results["fed_adverse"].portfolio_value_after - results["fed_adverse"].portfolio_value_before
        == results["fed_adverse"].total_delta_pl
    )


async def test_without_a_history_of_the_factors_betas_are_assumed_and_say_so(demo: Demo) -> None:
    exposures = await call(demo, "risk.compute_factor_exposures", portfolio="Income")
    assert exposures.methodology == "prior" and exposures.r_squared is None and "equity" in exposures.reasons["r_squared"]
    context = await demo.context("Income")
    held = await present_holdings(context, context.pinned())
    weight = {one.symbol: float(one.market_value / held.nav) for one in held.positions}
    # five shares of technology: real rates −2, inflation −3, credit −0.5, dollar −0.3, equity 1.3
    invested = sum(share for symbol, share in weight.items() if symbol.endswith(".RAW"))
    assert [one.beta for one in exposures.exposures] == pytest.approx(
        [-2 * invested, -3 * invested, -0.5 * invested, -0.3 * invested, 1.3 * invested]
    )
    dar = await call(demo, "macro.compute_dar", portfolio="Income")
    assert dar.methodology == "prior" and {one.covariance for one in dar.phases} == {"assumed"} and dar.dar_pct > 0
    assert unexplained_nulls(exposures) == unexplained_nulls(dar) == []


@pytest.mark.parametrize("pattern", ["portfolio_cycle_risk", "portfolio_scenario_analysis", "cycle_deleveraging_scenarios"])
@pytest.mark.parametrize("portfolio", ["Household", "Income"])
async def test_r1_r42_the_patterns_answer_with_the_same_bytes_each_time(demo: Demo, pattern: str, portfolio: str) -> None:
    first, second = await run(demo, pattern, portfolio), await run(demo, pattern, portfolio)
    assert first.canonical == second.canonical
    panels = first.plain()["panels"]
    assert all(panel["status"] == "ok" or panel["reason"] for panel in panels)
    if portfolio == "Household":
        assert {panel["id"] for panel in panels if panel["status"] != "ok"} <= {"calibration", "hedge_suggestions"}


async def test_series_published_later_change_nothing_before(own_demo: Demo) -> None:
    before = await call(own_demo, "risk.compute_factor_exposures")
    async with own_demo.application.database.transaction(SYSTEM) as tx:
        row = ("FII10", date(2022, 11, 1), D("9.99"), "percent", "FRED", date(2022, 12, 29), "monthly", "FII10")
        await indicators.put_indicators(tx, [row])
    assert canonical_bytes((await call(own_demo, "risk.compute_factor_exposures")).plain()) == canonical_bytes(before.plain())


def test_the_shared_library_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        SCENARIOS["rates_up"].factors["equity"] = 0.0
    assert replace(SCENARIOS["rates_up"], probability=None) != SCENARIOS["rates_up"]
