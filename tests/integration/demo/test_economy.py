"""The regime and the debt cycles of the demo's economy: known moments, no look ahead, honest when nothing is known."""

import asyncio
import random
from datetime import date
from decimal import Decimal

import pytest

from dawsos.agents.macro_hound.cycle_readings import CycleRequest
from dawsos.agents.macro_hound.cycles_compute_civil import cycles_compute_civil
from dawsos.agents.macro_hound.cycles_compute_empire import cycles_compute_empire
from dawsos.agents.macro_hound.cycles_compute_long_term import cycles_compute_long_term
from dawsos.agents.macro_hound.cycles_compute_short_term import cycles_compute_short_term
from dawsos.agents.macro_hound.macro_detect_regime import RegimeRequest, macro_detect_regime
from dawsos.agents.macro_hound.macro_get_regime_history import RegimeHistoryRequest, macro_get_regime_history
from dawsos.compute.cycles.overlay import AMPLIFICATION, AMPLIFIED_AS
from dawsos.kernel.errors import Invalid
from dawsos.kernel.identity import SYSTEM
from dawsos.patterns.orchestrator import Orchestrator
from dawsos.registry import unexplained_nulls
from dawsos.store import indicators
from tests.support.demo import Demo


async def regime(demo: Demo, day: date | None = None):
    return await macro_detect_regime(await demo.context("Household"), RegimeRequest(asof_date=day))


@pytest.mark.parametrize(
    ("day", "phase"),
    [
        (date(2000, 3, 31), "LATE_EXPANSION"),
        (date(2008, 12, 31), "DEEP_CONTRACTION"),
        (date(2009, 12, 31), "EARLY_EXPANSION"),
        (date(2020, 6, 30), "DEEP_CONTRACTION"),
    ],
)
async def test_r23_known_moments(demo: Demo, day: date, phase: str) -> None:
    found = await regime(demo, day)
    assert (found.date, found.regime_name) == (day, phase)
    assert sum(score.probability for score in found.regime_scores) == pytest.approx(1.0)
    assert found.confidence == max(score.probability for score in found.regime_scores)
    assert sum(driver.contribution for driver in found.drivers) == pytest.approx(
        next(score.fit for score in found.regime_scores if score.phase == phase)
    )
    assert all(one.date <= day and one.staleness_days >= 0 for one in found.indicators)
    assert unexplained_nulls(found) == []


async def test_without_a_day_it_is_the_pricing_packs_and_a_later_one_is_refused(demo: Demo) -> None:
    context = await demo.context("Household")
    found = await macro_detect_regime(context, RegimeRequest())
    assert found.date == context.asof_date and found.regime_name == "LATE_EXPANSION"
    assert context.provenance.sources == ("FRED",) and context.provenance.method_version == "regimes/2"
    with pytest.raises(Invalid, match="lies after the pricing pack"):
        await macro_detect_regime(context, RegimeRequest(asof_date=date(2030, 1, 1)))


async def test_figures_published_later_change_nothing_before(own_demo: Demo) -> None:
    before = await regime(own_demo, date(2008, 12, 31))
    async with own_demo.application.database.transaction(SYSTEM) as tx:
        row = ("UNRATE", date(2008, 12, 15), 40, "percent", "FRED", date(2009, 1, 10), "monthly", "UNRATE")
        await indicators.put_indicators(tx, [row])
    assert await regime(own_demo, date(2008, 12, 31)) == before
    assert await regime(own_demo, date(2009, 1, 10)) != await regime(own_demo, date(2009, 1, 9))


async def test_nothing_is_judged_before_there_is_anything(demo: Demo) -> None:
    found = await regime(demo, date(1930, 1, 1))
    assert found.regime_name is None and found.confidence is None and "missing" in found.reasons["confidence"]
    assert unexplained_nulls(found) == []
    cycle = await cycles_compute_short_term(await demo.context("Household"), CycleRequest(asof_date=date(1930, 1, 1)))
    assert cycle.phase is None and cycle.reasons["phase"] and unexplained_nulls(cycle) == []


async def test_a_history_is_its_days_judged_one_by_one(demo: Demo) -> None:
    last = date(2020, 5, 29)
    history = await macro_get_regime_history(await demo.context("Household"), RegimeHistoryRequest(lookback_weeks=12, asof_date=last))
    assert len(history.dates) == 13 and history.dates[-1] == last and history.regimes[-1] == "DEEP_CONTRACTION"
    assert history.transitions and history.transitions[-1].to_phase == "DEEP_CONTRACTION"
    columns = (history.early_expansion_probs, history.mid_expansion_probs, history.late_expansion_probs, history.early_contraction_probs,
               history.deep_contraction_probs)  # fmt: skip
    for place, day in enumerate(history.dates):
        assert sum(column[place] for column in columns) == pytest.approx(1.0)
        if place in {0, 6, 12}:
            alone = await regime(demo, day)
            assert alone.regime_name == history.regimes[place]
            assert {score.phase: score.probability for score in alone.regime_scores}["DEEP_CONTRACTION"] == history.deep_contraction_probs[
                place
            ]


async def test_debt_cycles_say_what_they_rest_on(demo: Demo) -> None:
    short = await cycles_compute_short_term(await demo.context("Household"), CycleRequest(asof_date=date(2009, 4, 30)))
    assert (short.cycle_type, short.phase, short.phase_number, short.next_phase) == ("STDC", "DEEP_RECESSION", 5, "EARLY_RECOVERY")
    assert sum(phase.probability for phase in short.phases if phase.probability is not None) == pytest.approx(1.0)
    assert unexplained_nulls(short) == [] and {one.indicator for one in short.drivers} <= {one.indicator for one in short.indicators}
    context = await demo.context("Household")
    long = await cycles_compute_long_term(context, CycleRequest())
    unjudged = [phase for phase in long.phases if phase.score is None]
    assert [phase.phase for phase in unjudged] == ["DEBT_CRISIS"] and unjudged[0].reason
    assert "default_rate" in long.missing and any("default rate" in warning for warning in context.provenance.warnings)
    assert unexplained_nulls(long) == []


async def test_what_nobody_has_entered_is_not_judged(demo: Demo) -> None:
    empire = await cycles_compute_empire(await demo.context("Household"), CycleRequest())
    civil = await cycles_compute_civil(await demo.context("Household"), CycleRequest())
    assert empire.phase is None and "share of world reserves" in empire.reasons["phase"]
    assert civil.phase is None and "polarization" in civil.reasons["phase"] and civil.stages == ()
    assert unexplained_nulls(empire) == unexplained_nulls(civil) == []


async def test_what_was_entered_is_judged_and_named_as_entered(own_demo: Demo) -> None:
    entered = {"GINI": "0.418", "INSTITUTIONAL_TRUST": "0.38", "POLARIZATION_INDEX": "0.78", "RESERVE_CURRENCY_SHARE": "0.58",
               "WORLD_GDP_SHARE": "0.26", "MILITARY_DOMINANCE": "0.9", "INNOVATION_RATE": "0.76", "EDUCATION_INDEX": "0.5",
               "INTERNAL_CONFLICT": "0.2"}  # fmt: skip
    async with own_demo.application.database.transaction(SYSTEM) as tx:
        rows = [(name, date(2022, 6, 30), Decimal(value), "fraction", "manual", None, None, None) for name, value in entered.items()]
        await indicators.put_indicators(tx, rows)
    context = await own_demo.context("Household")
    civil = await cycles_compute_civil(context, CycleRequest())
    assert (civil.phase, civil.phase_number) == ("CRISIS", 4) and civil.composite_score == pytest.approx((0.99 + 0.85 + 1) / 3)
    assert {one.source for one in civil.stated} == {
        "manual"
    } and "Inequality (Gini) was entered, not observed." in context.provenance.warnings
    empire = await cycles_compute_empire(await own_demo.context("Household"), CycleRequest())
    # education 0.5 → 0, innovation 0.76 → 1.04, military 0.9 → 1.6, reserve share 0.58 → 0.32
    assert empire.phase == "RISE" and empire.composite_score == pytest.approx((2 * 1.04 + 1.5 * 1.6 + 0.32) / 6.5)
    assert {one.indicator for one in empire.stated} >= {"reserve_share", "military", "gdp_share"}
    assert await cycles_compute_civil(await own_demo.context("Household"), CycleRequest(asof_date=date(2022, 6, 29))) != civil
    orchestrator = Orchestrator(own_demo.application.registry, sleep=asyncio.sleep, chance=random.Random(0))
    pattern = own_demo.application.patterns["macro_cycles_overview"]
    long = await cycles_compute_long_term(await own_demo.context("Household"), CycleRequest())
    first, second = [await orchestrator.run(pattern, {}, await own_demo.context("Household")) for _ in range(2)]
    assert first.canonical == second.canonical
    panels = {panel["id"]: panel for panel in first.plain()["panels"]}
    assert {panel["status"] for panel in panels.values()} == {"ok"}
    assert panels["overview"]["data"]["metrics"][0]["value"] == pytest.approx((1.2 + AMPLIFICATION[AMPLIFIED_AS[long.phase]]) / 2)
    assert panels["civil"]["data"]["state"]["value"] == "Crisis" and panels["stdc"]["data"]["state"]["value"] == "Late expansion (boom)"
