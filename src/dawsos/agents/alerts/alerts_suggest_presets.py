"""Alerts worth having after what has shifted. Nothing is created."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Final, Literal
from uuid import UUID

from dawsos.agents.alerts.payloads import AlertPayload, MacroCondition, RegimeCondition, VolatilityCondition
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Fraction, Number, UnitOf
from dawsos.services.alerts.conditions import checked_condition, sentence_of
from dawsos.services.context import RequestContext

#: The share of the portfolio's value a move of the factor must cost to be worth an alert.
LOSS: Final = 0.01
_WEEK: Final = 7
_SURE: Final = 0.8
_SPIKE: Final = 0.5

Trend = Literal["rising", "falling", "flat"]


@dataclass(frozen=True, slots=True)
class _Watched:
    """The series a factor is made of: the unit of its moves in the factor's, and the largest weekly move still worth waiting for."""

    entity: str
    metric: Literal["change", "change_pct"]
    scale: float
    largest: float


#: Yields and spreads are published in percent; the dollar index moves relatively.
_SERIES: Final = {
    "real_rates": _Watched("DFII10", "change", 100.0, 1.0),
    "inflation": _Watched("T10YIE", "change", 100.0, 1.0),
    "credit": _Watched("BAMLC0A0CM", "change", 100.0, 2.0),
    "fx": _Watched("DTWEXBGS", "change_pct", 1.0, 0.10),
}


class SeenShift(Contract):
    """What shifted, as ``macro.detect_trend_shifts`` says it."""

    kind: Literal["regime", "factor"]
    name: str
    label: str


class SeenPhase(Contract):
    """A phase's probability and its change."""

    phase: str
    label: str
    probability: Annotated[float | None, Fraction]
    wow_change: Annotated[float | None, Fraction]
    trend: Trend


class SeenFactor(Contract):
    """A beta and its change."""

    factor: str
    label: str
    beta: Annotated[float | None, Number]
    wow_change: Annotated[float | None, Number]
    trend: Trend


class SeenTrends(Contract):
    """An analysis of trends as ``macro.detect_trend_shifts`` gives it."""

    shifts: tuple[SeenShift, ...]
    phases: tuple[SeenPhase, ...]
    factors: tuple[SeenFactor, ...]
    regime_changed: bool | None
    regime: str | None
    reasons: dict[str, str]


class PresetsRequest(Contract):
    """What has shifted, and the portfolio the alerts would watch."""

    trend_analysis: SeenTrends
    portfolio_id: UUID


class SuggestedAlert(Contract):
    """An alert worth having: ``alert_payload`` is what creates it, once its reader agrees."""

    alert_type: str
    trigger_description: str
    reason: str
    current_value: Annotated[float, UnitOf("unit")]
    wow_change: Annotated[float | None, UnitOf("unit")]
    unit: str
    trend: Trend
    alert_payload: AlertPayload
    reasons: dict[str, str]


class SuggestedAlerts(Contract):
    """Suggestions, and why there are none when there are none."""

    suggestions: tuple[SuggestedAlert, ...]
    reasons: dict[str, str]


@capability(
    name="alerts.suggest_presets",
    rights=("macro_data_read",),
    ttl=3600,
    repeatable=True,
    example={
        "portfolio_id": "01900000-0000-7000-8000-000000000001",
        "trend_analysis": {
            "shifts": [{"kind": "factor", "name": "real_rates", "label": "Real rates"}],
            "phases": [{"phase": "LATE_EXPANSION", "label": "Late expansion", "probability": 0.7, "wow_change": 0.02, "trend": "rising"}],
            "factors": [{"factor": "real_rates", "label": "Real rates", "beta": -4.0, "wow_change": -0.3, "trend": "falling"}],
            "regime_changed": False,
            "regime": "LATE_EXPANSION",
            "reasons": {},
        },
    },
)
async def alerts_suggest_presets(context: RequestContext, request: PresetsRequest) -> SuggestedAlerts:
    """Alerts on the regime and on the series behind factors that shifted, at moves that would cost the portfolio one percent."""
    found = (*_regime(request.trend_analysis), *_factors(request.trend_analysis, request.portfolio_id))
    context.provenance.note(method_version="alert_presets/1", origin="computed")
    unseen = request.trend_analysis.reasons.get("shifts")
    why = {} if found else {"suggestions": unseen or "nothing shifted by as much as the thresholds, or by enough to cost one percent"}
    return SuggestedAlerts(suggestions=found, reasons=why)


def _regime(trends: SeenTrends) -> Iterator[SuggestedAlert]:
    shifted = [shift.label for shift in trends.shifts if shift.kind == "regime"]
    current = next((phase for phase in trends.phases if phase.phase == trends.regime), None)
    if current is None or current.probability is None or not (shifted or trends.regime_changed):
        return
    condition = RegimeCondition(confidence=_SURE, distance=1)
    moved = ", ".join(dict.fromkeys(shifted)) or current.label
    yield _suggestion(
        AlertPayload(alert_type="regime_shift", portfolio_id=None, condition=condition, severity="warning"),
        f"The probability of these phases moved: {moved}. Now the most probable is {current.label.lower()}.",
        current.probability,
        current.wow_change,
        "fraction",
        current.trend,
    )


def _factors(trends: SeenTrends, portfolio_id: UUID) -> Iterator[SuggestedAlert]:
    shifted = {shift.name for shift in trends.shifts if shift.kind == "factor"}
    for factor in trends.factors:
        if factor.factor not in shifted or not factor.beta:
            continue
        payload = _factor_payload(factor.factor, factor.beta, portfolio_id)
        if payload is not None:
            yield _suggestion(payload, _factor_reason(factor), factor.beta, factor.wow_change, "number", factor.trend)


def _factor_reason(factor: SeenFactor) -> str:
    if factor.factor in _SERIES:
        return f"The portfolio's sensitivity to {factor.label.lower()} shifted; a move of this size would cost it about {LOSS:.0%}."
    return "The portfolio's sensitivity to equity shifted; its volatility shows first what that does."


def _factor_payload(name: str, beta: float, portfolio_id: UUID) -> AlertPayload | None:
    """The move against the portfolio that costs :data:`LOSS` by this beta alone; None when a move so large is not worth waiting for."""
    series = _SERIES.get(name)
    if series is None:
        condition = VolatilityCondition(ratio=_SPIKE)
        return AlertPayload(alert_type="volatility_spike", portfolio_id=portfolio_id, condition=condition, severity="warning")
    move = LOSS / abs(beta) * series.scale
    if move > series.largest:
        return None
    value = round(move, 4) if beta < 0 else -round(move, 4)
    watch = MacroCondition(entity=series.entity, metric=series.metric, op=">=" if beta < 0 else "<=", value=value, window_days=_WEEK)
    return AlertPayload(alert_type="macro", portfolio_id=None, condition=watch, severity="warning")


def _suggestion(payload: AlertPayload, reason: str, current: float, change: float | None, unit: str, trend: Trend) -> SuggestedAlert:
    condition = checked_condition(payload.alert_type, payload.condition.plain())
    return SuggestedAlert(
        alert_type=payload.alert_type,
        trigger_description=sentence_of(payload.alert_type, condition),
        reason=reason,
        current_value=current,
        wow_change=change,
        unit=unit,
        trend=trend,
        alert_payload=payload,
        reasons={} if change is not None else {"wow_change": "there is no look a week before"},
    )
