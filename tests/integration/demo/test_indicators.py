"""Every indicator as a day knew it, the cycles side by side, and what has shifted; on the demo's economy."""

import asyncio
import random
from datetime import date
from decimal import Decimal

import pytest

from dawsos.agents.macro_hound.cycle_readings import CycleRequest
from dawsos.agents.macro_hound.cycles_aggregate_overview import CycleStanding, OverviewRequest, cycles_aggregate_overview
from dawsos.agents.macro_hound.cycles_compute_short_term import cycles_compute_short_term
from dawsos.agents.macro_hound.macro_compute_cycles import macro_compute_cycles
from dawsos.agents.macro_hound.macro_detect_regime import RegimeRequest, macro_detect_regime
from dawsos.agents.macro_hound.macro_detect_trend_shifts import ExposureHistory, PhaseHistory, TrendRequest, macro_detect_trend_shifts
from dawsos.agents.macro_hound.macro_get_indicators import IndicatorsRequest, macro_get_indicators
from dawsos.agents.macro_hound.macro_get_regime_history import RegimeHistoryRequest, macro_get_regime_history
from dawsos.kernel.errors import Invalid
from dawsos.kernel.identity import SYSTEM
from dawsos.patterns.orchestrator import Orchestrator
from dawsos.registry import unexplained_nulls
from dawsos.services.macro.catalogue import series_catalogue
from dawsos.services.macro.ingestion import derive_indicators
from dawsos.services.macro.labels import in_words, indicator_label
from dawsos.services.macro.readings import possible_indicators
from dawsos.store import indicators
from tests.support.demo import Demo


async def readings(demo: Demo, day: date | None = None):
    return await macro_get_indicators(await demo.context("Household"), IndicatorsRequest(asof_date=day))


async def test_indicators_have_value_unit_date_standing_and_source(demo: Demo) -> None:
    found = await readings(demo, date(2022, 10, 31))
    assert unexplained_nulls(found) == []
    unemployment = found.indicators["UNEMPLOYMENT"]
    assert (unemployment.label, unemployment.value, unemployment.unit) == ("Unemployment", 0.035, "fraction")
    assert (unemployment.date, unemployment.known_from, unemployment.source) == (date(2022, 9, 1), date(2022, 10, 7), "FRED:derived")
    assert unemployment.staleness_days == 60
    async with demo.application.database.transaction(SYSTEM, read_only=True) as tx:
        rows = await indicators.indicators_known(tx, ["UNEMPLOYMENT"], date(2022, 10, 31))
    window = [float(row.value) for row in rows if row.date > date(2012, 9, 1)][-120:]
    mean = sum(window) / len(window)
    spread = (sum((value - mean) ** 2 for value in window) / (len(window) - 1)) ** 0.5
    assert unemployment.zscore == pytest.approx((0.035 - mean) / spread)
    assert unemployment.percentile == pytest.approx(sum(value <= 0.035 for value in window) / len(window))
    # A composed indicator is what its parts were when it could first be known: the rate of September less the inflation of August.
    real = found.indicators["REAL_INTEREST_RATE"]
    then = (await readings(demo, real.known_from)).indicators
    assert real.value == pytest.approx(then["INTEREST_RATE"].value - then["INFLATION"].value, abs=1e-8)
    assert "Employment gap" in found.missing and "EMPLOYMENT_GAP" not in found.indicators


async def test_r18_nothing_is_known_before_it_was_published(demo: Demo) -> None:
    for day in (date(2000, 1, 15), date(2008, 9, 15), date(2020, 4, 2)):
        found = await readings(demo, day)
        assert len(found.indicators) > 20
        assert all(one.known_from <= day and one.date <= day for one in found.indicators.values())
    assert (await readings(demo, date(1900, 1, 1))).indicators == {}


async def test_r69_an_indicator_has_its_unit_and_r17_is_scaled_once(demo: Demo) -> None:
    found = await readings(demo, date(2022, 10, 31))
    assert found.indicators["INFLATION"].value == pytest.approx(0.082, abs=0.001)
    assert 0.03 < found.indicators["TREASURY_10Y"].value < 0.045
    assert all(one.unit and one.date for one in found.indicators.values())


async def test_a_revised_series_changes_its_indicator_and_no_other(own_demo: Demo) -> None:
    before = await readings(own_demo)
    async with own_demo.application.database.transaction(SYSTEM) as tx:
        row = ("UNRATE", date(2022, 9, 1), Decimal("6.1"), "percent", "FRED", date(2022, 10, 7), "monthly", "UNRATE")
        await indicators.put_indicators(tx, [row])
        await derive_indicators(tx, ["UNRATE"])
    after = await readings(own_demo)
    changed = {name for name, one in after.indicators.items() if one != before.indicators[name]}
    assert changed <= {"UNEMPLOYMENT"}
    if before.indicators["UNEMPLOYMENT"].date == date(2022, 9, 1):
        assert after.indicators["UNEMPLOYMENT"].value == 0.061 and after.indicators["UNEMPLOYMENT"].zscore > 0


async def test_what_was_entered_stands_alone(own_demo: Demo) -> None:
    async with own_demo.application.database.transaction(SYSTEM) as tx:
        await indicators.put_indicators(tx, [("GINI", date(2022, 6, 30), Decimal("0.418"), "fraction", "manual", None, None, None)])
    context = await own_demo.context("Household")
    found = (await macro_get_indicators(context, IndicatorsRequest())).indicators["GINI"]
    assert (found.value, found.source, found.zscore, found.reasons["zscore"]) == (0.418, "manual", None, "it was entered by hand")
    assert "Inequality (Gini) was entered, not observed." in context.provenance.warnings


def test_every_indicator_that_can_be_shown_has_a_label() -> None:
    for name in (*possible_indicators(), *series_catalogue()):
        label = indicator_label(name)
        assert label and "_" not in label
    assert in_words("phases of EMPIRE (debt_to_gdp, T10Y2Y missing): needs 2") == (
        "phases of EMPIRE (debt to GDP, yield curve (10 less 2 years) missing): needs 2"
    )


async def test_all_cycles_are_the_four_and_together_they_make_an_overview(demo: Demo) -> None:
    day = date(2009, 4, 30)
    context = await demo.context("Household")
    found = await macro_compute_cycles(context, CycleRequest(asof_date=day))
    assert found.stdc == await cycles_compute_short_term(await demo.context("Household"), CycleRequest(asof_date=day))
    assert (found.date, found.ltdc.cycle_type, found.empire.cycle_type, found.civil.cycle_type) == (day, "LTDC", "EMPIRE", "CIVIL")
    given = {name: CycleStanding.model_validate(getattr(found, name)) for name in ("stdc", "ltdc", "empire", "civil")}
    overview = await cycles_aggregate_overview(context, OverviewRequest(**given))
    assert unexplained_nulls(overview) == []
    amplified = {one.cycle_type: one.amplification for one in overview.cycles}
    assert amplified["STDC"] == 2.0 and amplified["EMPIRE"] is None and amplified["CIVIL"] is None
    assert overview.combined_risk == pytest.approx((amplified["STDC"] + amplified["LTDC"]) / 2)
    assert overview.headline.startswith("Short-term debt cycle: Deep recession (")
    without = OverviewRequest(**given | {"ltdc": given["empire"].model_copy(update={"cycle_type": "LTDC"})})
    assert (await cycles_aggregate_overview(context, without)).combined_risk is None


def phases(*looks: tuple[float, float]) -> PhaseHistory:
    """Weeks in which only mid and late expansion are possible."""
    days = tuple(date(2022, 10, 3 + 7 * place) for place in range(len(looks)))
    nothing = (0.0,) * len(looks)
    return PhaseHistory(
        dates=days,
        regimes=tuple("MID_EXPANSION" if mid >= late else "LATE_EXPANSION" for mid, late in looks),
        early_expansion_probs=nothing,
        mid_expansion_probs=tuple(mid for mid, _ in looks),
        late_expansion_probs=tuple(late for _, late in looks),
        early_contraction_probs=nothing,
        deep_contraction_probs=nothing,
        reasons={},
    )


def exposures(*real_rates: float | None) -> ExposureHistory:
    days, flat = tuple(date(2022, 10, 3 + 7 * place) for place in range(len(real_rates))), (1.0,) * len(real_rates)
    why = {"real_rates_betas": "too few days"}
    return ExposureHistory(
        dates=days, real_rates_betas=real_rates, inflation_betas=flat, credit_betas=flat, fx_betas=flat, equity_betas=flat, reasons=why
    )


async def test_shifts_are_moves_that_reach_the_threshold(demo: Demo) -> None:
    context = await demo.context("Household")
    history = TrendRequest(regime_history=phases((0.7, 0.3), (0.65, 0.35), (0.4, 0.6)), factor_history=exposures(-4.0, -4.05, -4.4))
    found = await macro_detect_trend_shifts(context, history)
    assert [(one.kind, one.name, one.change, one.date) for one in found.shifts] == [
        ("factor", "real_rates", pytest.approx(-0.35), date(2022, 10, 17)),
        ("regime", "LATE_EXPANSION", pytest.approx(0.25), date(2022, 10, 17)),
        ("regime", "MID_EXPANSION", pytest.approx(-0.25), date(2022, 10, 17)),
    ]
    assert found.shifts[0].significance == pytest.approx(3.5)
    assert (found.regime_changed, found.regime) == (True, "LATE_EXPANSION")
    # expected place: 0.7·1 + 0.3·2 = 1.3 before, 0.4·1 + 0.6·2 = 1.6 after
    assert found.momentum == pytest.approx(0.3)
    rates = next(one for one in found.factors if one.factor == "real_rates")
    assert (rates.beta, rates.wow_change, rates.trend) == (-4.4, pytest.approx(-0.35), "falling")
    assert "moved from mid expansion to late expansion" in found.summary


async def test_what_did_not_move_is_no_shift_and_what_is_not_known_says_why(demo: Demo) -> None:
    context = await demo.context("Household")
    calm = await macro_detect_trend_shifts(context, TrendRequest(regime_history=phases((0.7, 0.3), (0.65, 0.35))))
    assert (calm.shifts, calm.regime_changed, calm.factors) == ((), False, ())
    assert calm.reasons["factors"] == "the history of the factor exposures is not known"
    gone = await macro_detect_trend_shifts(context, TrendRequest(regime_history=phases((1.0, 0.0)), factor_history=exposures(None)))
    assert unexplained_nulls(gone) == [] and gone.factors[0].reasons["beta"] == "too few days"
    short = phases((1.0, 0.0)).model_copy(update={"regimes": ()})
    with pytest.raises(Invalid, match="not as many values of regimes"):
        await macro_detect_trend_shifts(context, TrendRequest(regime_history=short))


async def test_the_probabilities_of_the_regime_sum_to_one_and_have_names(demo: Demo) -> None:
    found = await macro_detect_regime(await demo.context("Household"), RegimeRequest(asof_date=date(2022, 10, 31)))
    assert (found.regime_label, found.regime_scores[0].label) == ("Late expansion", "Early expansion")
    assert sum(one.probability for one in found.regime_scores) == pytest.approx(1.0)
    assert {one.label for one in found.drivers} <= {one.label for one in found.indicators}


async def test_r1_the_trend_monitor_shows_the_weeks_and_repeats_byte_for_byte(demo: Demo) -> None:
    orchestrator = Orchestrator(demo.application.registry, sleep=asyncio.sleep, chance=random.Random(0))
    pattern = demo.application.patterns["macro_trend_monitor"]
    asked = {"portfolio_id": str(demo.portfolios["Household"].id), "lookback_weeks": 8}
    first, second = [await orchestrator.run(pattern, asked, await demo.context("Household")) for _ in range(2)]
    assert first.canonical == second.canonical
    assert [unexplained_nulls(output) for output in first.data.values()] == [[]] * len(first.data)
    panels = {panel["id"]: panel for panel in first.plain()["panels"]}
    area = panels["regime_trend"]["data"]
    history = await macro_get_regime_history(await demo.context("Household"), RegimeHistoryRequest(lookback_weeks=8))
    assert area["x"] == [day.isoformat() for day in history.dates] and len(area["x"]) == 9
    for week in range(9):
        assert sum(series["values"][week] for series in area["series"]) == pytest.approx(1.0)
    assert all(panel["reason"] or panel["status"] == "ok" for panel in panels.values())
    # The months of the factors end in September, and a month is late after forty-five days.
    assert [name for name, panel in panels.items() if panel["stale"]] == ["factor_trends"]


async def test_r1_the_macro_overview_shows_the_regime_and_every_indicator(demo: Demo) -> None:
    orchestrator = Orchestrator(demo.application.registry, sleep=asyncio.sleep, chance=random.Random(0))
    pattern = demo.application.patterns["portfolio_macro_overview"]
    asked = {"portfolio_id": str(demo.portfolios["Household"].id)}
    first, second = [await orchestrator.run(pattern, asked, await demo.context("Household")) for _ in range(2)]
    assert first.canonical == second.canonical
    assert [unexplained_nulls(output) for output in first.data.values()] == [[]] * len(first.data)
    panels = {panel["id"]: panel for panel in first.plain()["panels"]}
    card, table = panels["regime_card"]["data"], panels["indicators"]["data"]
    assert card["state"]["value"] == "Late expansion"
    assert sum(one["value"] for one in card["probabilities"]["slices"]) == pytest.approx(1.0)
    assert len(table["rows"]) == len((await readings(demo)).indicators) > 25
    assert all(row["values"]["label"] and row["units"]["value"] for row in table["rows"])
    assert not panels["regime_card"]["stale"] and not panels["indicators"]["stale"]
