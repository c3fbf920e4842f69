"""What the capabilities about the debt and empire cycles share: the contract, and how a judgement becomes one."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from dawsos.agents.macro_hound.standings import IndicatorStanding, StatedLevel, as_contracts, as_stated
from dawsos.compute.cycles.scoring import CycleState
from dawsos.compute.cycles.weights import CYCLES, VERSION
from dawsos.compute.macro.standing import Standing
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Fraction, Number
from dawsos.services.context import RequestContext
from dawsos.services.macro.cycles import cycle_on
from dawsos.services.macro.labels import in_words, indicator_label
from dawsos.services.macro.observed import StatedIndicator, judgement_day


class CycleRequest(Contract):
    """The day to judge from what was published by then; without one that of the pricing pack."""

    asof_date: date | None = None


class CyclePhaseScore(Contract):
    """A phase of the cycle, its score (weighted mean of standardised indicators), its probability among those that can be judged."""

    phase: str
    phase_label: str
    score: Annotated[float | None, Number]
    probability: Annotated[float | None, Fraction]
    reason: str


class CycleIndicator(Contract):
    """An indicator's part in the phase: standardised value and weighted share of the score."""

    indicator: str
    label: str
    standardised: Annotated[float, Number]
    contribution: Annotated[float, Number]


class CycleReading(Contract):
    """The most probable phase of a cycle; null with a reason when too little was known.

    ``coverage`` is the share of the phase's weights that rests on known indicators; ``missing`` names those that were not.
    """

    cycle_type: str
    date: date
    phase: str | None
    phase_label: str | None
    phase_number: Annotated[int | None, Count]
    composite_score: Annotated[float | None, Number]
    confidence: Annotated[float | None, Fraction]
    coverage: Annotated[float | None, Fraction]
    next_phase: str | None
    phases: tuple[CyclePhaseScore, ...]
    indicators: tuple[IndicatorStanding, ...]
    stated: tuple[StatedLevel, ...]
    drivers: tuple[CycleIndicator, ...]
    missing: tuple[str, ...]
    method_version: str
    reasons: dict[str, str]


async def read_cycle(context: RequestContext, cycle: str, asof_date: date | None) -> CycleReading:
    """Judge ``cycle`` on a day and note where the judgement comes from."""
    day = judgement_day(context, asof_date)
    found = await cycle_on(context, cycle, day)
    state, standings, stated = found.state, found.standings, found.stated
    if standings:
        context.provenance.note(source="FRED", asof=min(standing.date for standing in standings.values()))
    for row in stated.values():
        context.provenance.note(source=row.source, asof=row.date, warning=f"{indicator_label(row.kept_as)} was entered, not observed.")
    if not isinstance(state, CycleState):
        return _unknown(cycle, day, standings, stated, in_words(str(state)))
    if state.missing:
        context.provenance.note(warning=in_words(f"Judged without {', '.join(state.missing)}."))
    return _known(cycle, day, standings, stated, state)


def _known(
    cycle: str, day: date, standings: Mapping[str, Standing], stated: Mapping[str, StatedIndicator], state: CycleState
) -> CycleReading:
    return CycleReading(
        cycle_type=cycle,
        date=day,
        phase=state.phase.code,
        phase_label=state.phase.label,
        phase_number=state.phase.number,
        composite_score=state.score,
        confidence=state.confidence,
        coverage=state.coverage,
        next_phase=state.next_phase.code,
        phases=tuple(
            CyclePhaseScore(
                phase=phase.code,
                phase_label=phase.label,
                score=state.scores.get(phase.code),
                probability=state.probabilities.get(phase.code),
                reason="" if phase.code in state.scores else "less than half of what it rests on is known",
            )
            for phase in CYCLES[cycle]
        ),
        indicators=as_contracts(standings),
        stated=as_stated(stated),
        drivers=tuple(
            CycleIndicator(
                indicator=driver.indicator,
                label=indicator_label(driver.indicator),
                standardised=driver.value,
                contribution=driver.contribution,
            )
            for driver in state.drivers
        ),
        missing=state.missing,
        method_version=VERSION,
        reasons={},
    )


def _unknown(cycle: str, day: date, standings: Mapping[str, Standing], stated: Mapping[str, StatedIndicator], reason: str) -> CycleReading:
    nulls = ("phase", "phase_label", "phase_number", "composite_score", "confidence", "coverage", "next_phase")
    return CycleReading(
        cycle_type=cycle,
        date=day,
        phase=None,
        phase_label=None,
        phase_number=None,
        composite_score=None,
        confidence=None,
        coverage=None,
        next_phase=None,
        phases=(),
        indicators=as_contracts(standings),
        stated=as_stated(stated),
        drivers=(),
        missing=(),
        method_version=VERSION,
        reasons=dict.fromkeys(nulls, reason),
    )
