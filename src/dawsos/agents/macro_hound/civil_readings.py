"""At which stage civil order stands: the contract, and how a judgement becomes one."""

from datetime import date
from typing import Annotated

from dawsos.agents.macro_hound.standings import StatedLevel, as_stated
from dawsos.compute.cycles.civil import RECONSTRUCTION, STAGES, CivilState
from dawsos.compute.cycles.weights import VERSION
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Fraction
from dawsos.services.context import RequestContext
from dawsos.services.macro.cycles import CIVIL, cycle_on
from dawsos.services.macro.labels import in_words, indicator_label
from dawsos.services.macro.observed import judgement_day


class StageScore(Contract):
    """A stage and how well the levels fit it, 0 to 1."""

    stage: str
    fit: Annotated[float, Fraction]


class CivilReading(Contract):
    """The stage that fits best, from 1 (harmony) to 5 (conflict) and 6 (reconstruction); null with a reason when a level is missing."""

    cycle_type: str
    date: date
    phase: str | None
    phase_label: str | None
    phase_number: Annotated[int | None, Count]
    composite_score: Annotated[float | None, Fraction]
    confidence: Annotated[float | None, Fraction]
    stages: tuple[StageScore, ...]
    stated: tuple[StatedLevel, ...]
    method_version: str
    reasons: dict[str, str]


async def read_civil(context: RequestContext, asof_date: date | None) -> CivilReading:
    """Judge civil order on a day and note where the levels come from."""
    day = judgement_day(context, asof_date)
    found = await cycle_on(context, CIVIL, day)
    levels, state = found.stated, found.state if isinstance(found.state, CivilState) else None
    for row in levels.values():
        context.provenance.note(source=row.source, asof=row.date, warning=f"{indicator_label(row.kept_as)} was entered, not observed.")
    judged = [each for each in (*STAGES, RECONSTRUCTION) if state is not None and each.code in state.scores]
    nulls = ("phase", "phase_label", "phase_number", "composite_score", "confidence")
    return CivilReading(
        cycle_type=CIVIL,
        date=day,
        phase=None if state is None else state.stage.code,
        phase_label=None if state is None else state.stage.label,
        phase_number=None if state is None else state.stage.number,
        composite_score=None if state is None else state.score,
        confidence=None if state is None else state.confidence,
        stages=() if state is None else tuple(StageScore(stage=each.code, fit=state.scores[each.code]) for each in judged),
        stated=as_stated(levels),
        method_version=VERSION,
        reasons=dict.fromkeys(nulls, in_words(str(found.state))) if state is None else {},
    )
