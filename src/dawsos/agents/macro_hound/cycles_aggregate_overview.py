"""All four cycles in one view, and what the debt cycles do to risk together."""

from datetime import date
from typing import Annotated, Literal

from dawsos.compute.cycles.overview import combined_risk, phase_amplification
from dawsos.compute.cycles.weights import VERSION
from dawsos.compute.returns.figures import NotComputable
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Fraction, Number
from dawsos.services.context import RequestContext

_NAMES = {"STDC": "Short-term debt cycle", "LTDC": "Long-term debt cycle", "EMPIRE": "Empire cycle", "CIVIL": "Civil order"}
_DEBT_CYCLES = ("STDC", "LTDC")


class CycleStanding(Contract):
    """Where one cycle stands, as ``cycles.compute_*`` gives it; ``phase`` is null when it could not be judged, and ``reasons`` say why."""

    cycle_type: str
    date: date
    phase: str | None
    phase_label: str | None
    phase_number: Annotated[int | None, Count]
    confidence: Annotated[float | None, Fraction]
    reasons: dict[str, str]


class OverviewRequest(Contract):
    """The four cycles of one day."""

    stdc: CycleStanding
    ltdc: CycleStanding
    empire: CycleStanding
    civil: CycleStanding


class OverviewCycle(Contract):
    """A cycle with its phase; ``amplification`` is how many times the usual risk the phase of a debt cycle brings."""

    cycle_type: str
    label: str
    phase: str | None
    phase_label: str | None
    phase_number: Annotated[int | None, Count]
    confidence: Annotated[float | None, Fraction]
    amplification: Annotated[float | None, Number]
    reasons: dict[str, str]


class CyclesOverview(Contract):
    """``combined_risk`` is the mean amplification of both debt cycles: 1 is the usual risk, above 1.2 Medium, above 1.5 High."""

    date: date
    cycles: tuple[OverviewCycle, ...]
    combined_risk: Annotated[float | None, Number]
    risk_level: Literal["Low", "Medium", "High"] | None
    headline: str
    method_version: str
    reasons: dict[str, str]


def _example(cycle_type: str, phase: str, label: str, number: int) -> dict[str, object]:
    facts = {"cycle_type": cycle_type, "phase": phase, "phase_label": label, "phase_number": number}
    return {**facts, "date": "2022-10-31", "confidence": 0.6, "reasons": {}}


@capability(
    name="cycles.aggregate_overview",
    rights=("macro_data_read",),
    ttl=3600,
    repeatable=True,
    example={
        "stdc": _example("STDC", "LATE_EXPANSION", "Late expansion (boom)", 3),
        "ltdc": _example("LTDC", "TOP", "Top", 3),
        "empire": _example("EMPIRE", "DECLINE", "Decline", 3),
        "civil": _example("CIVIL", "CRISIS", "Crisis", 4),
    },
)
async def cycles_aggregate_overview(context: RequestContext, request: OverviewRequest) -> CyclesOverview:
    """Phase, confidence and amplification of every cycle, the combined risk of the debt cycles, and a headline."""
    given = (request.stdc, request.ltdc, request.empire, request.civil)
    risk = combined_risk(request.stdc.phase, request.ltdc.phase)
    context.provenance.note(method_version=VERSION, origin="computed", asof=min(cycle.date for cycle in given))
    reasons = {} if not isinstance(risk, NotComputable) else dict.fromkeys(("combined_risk", "risk_level"), str(risk))
    return CyclesOverview(
        date=request.stdc.date,
        cycles=tuple(_cycle(cycle) for cycle in given),
        combined_risk=None if isinstance(risk, NotComputable) else risk.overall,
        risk_level=None if isinstance(risk, NotComputable) else risk.level,
        headline=" ".join(
            [*map(_sentence, given), *([] if isinstance(risk, NotComputable) else [_risk_sentence(risk.overall, risk.level)])]
        ),
        method_version=VERSION,
        reasons=reasons,
    )


def _cycle(cycle: CycleStanding) -> OverviewCycle:
    reasons = dict(cycle.reasons)
    amplified = phase_amplification(cycle.phase) if cycle.cycle_type in _DEBT_CYCLES and cycle.phase is not None else None
    if amplified is None:
        debt = cycle.cycle_type in _DEBT_CYCLES
        reasons["amplification"] = "the phase is not known" if debt else "only the debt cycles say by how much risk grows"
    return OverviewCycle(
        cycle_type=cycle.cycle_type,
        label=_NAMES.get(cycle.cycle_type, cycle.cycle_type),
        phase=cycle.phase,
        phase_label=cycle.phase_label,
        phase_number=cycle.phase_number,
        confidence=cycle.confidence,
        amplification=amplified,
        reasons=reasons,
    )


def _sentence(cycle: CycleStanding) -> str:
    name = _NAMES.get(cycle.cycle_type, cycle.cycle_type)
    if cycle.phase_label is None:
        return f"{name}: not judged."
    return f"{name}: {cycle.phase_label}" + (f" ({cycle.confidence:.0%} sure)." if cycle.confidence is not None else ".")


def _risk_sentence(overall: float, level: str) -> str:
    return f"Together the debt cycles multiply the usual risk by {overall:.2f} ({level.lower()})."
