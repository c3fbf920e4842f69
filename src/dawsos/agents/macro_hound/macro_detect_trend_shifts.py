"""What has shifted in the regime of the economy and in a portfolio's exposure to it."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Final, Literal

from dawsos.compute.regimes.rules import PHASES, STATE_LABELS
from dawsos.compute.regimes.trends import BetaAt, Shift, factor_shifts, phase_drift, regime_shifts
from dawsos.kernel.errors import Invalid
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Fraction, Number, UnitOf
from dawsos.services.context import RequestContext

#: What counts as a shift between two looks: this much probability, and this much beta.
THRESHOLD: Final = 0.10
FACTORS: Final = {
    "real_rates": "Real rates", "inflation": "Inflation", "credit": "Credit", "fx": "US dollar", "equity": "Equity",
}  # fmt: skip
_PHASE_FIELDS: Final = {phase: f"{phase.lower()}_probs" for phase in PHASES}
_NO_FACTORS: Final = "the history of the factor exposures is not known"

Trend = Literal["rising", "falling", "flat"]
Betas = Annotated[tuple[float | None, ...], Number]


class PhaseHistory(Contract):
    """Probabilities of the phases, one entry a look, as ``macro.get_regime_history`` gives them."""

    dates: tuple[date, ...]
    regimes: tuple[str, ...]
    early_expansion_probs: Annotated[tuple[float, ...], Fraction]
    mid_expansion_probs: Annotated[tuple[float, ...], Fraction]
    late_expansion_probs: Annotated[tuple[float, ...], Fraction]
    early_contraction_probs: Annotated[tuple[float, ...], Fraction]
    deep_contraction_probs: Annotated[tuple[float, ...], Fraction]
    reasons: dict[str, str]


class ExposureHistory(Contract):
    """Betas to the factors, one entry a look, as ``risk.get_factor_exposure_history`` gives them; null where one could not be estimated."""

    dates: tuple[date, ...]
    real_rates_betas: Betas
    inflation_betas: Betas
    credit_betas: Betas
    fx_betas: Betas
    equity_betas: Betas
    reasons: dict[str, str]


class TrendRequest(Contract):
    """The history of the regime, and of a portfolio's exposures if it is known."""

    regime_history: PhaseHistory
    factor_history: ExposureHistory | None = None


class TrendShift(Contract):
    """A move between two looks that reached the threshold: ``significance`` is how many times the threshold it was."""

    kind: Literal["regime", "factor"]
    name: str
    label: str
    before: Annotated[float, UnitOf("unit")]
    after: Annotated[float, UnitOf("unit")]
    change: Annotated[float, UnitOf("unit")]
    unit: str
    significance: Annotated[float, Number]
    date: date


class PhaseTrend(Contract):
    """A phase's probability at the last look, and its change since the look before."""

    phase: str
    label: str
    probability: Annotated[float | None, Fraction]
    wow_change: Annotated[float | None, Fraction]
    trend: Trend
    reasons: dict[str, str]


class FactorTrend(Contract):
    """A beta at the last look, and its change since the look before."""

    factor: str
    label: str
    beta: Annotated[float | None, Number]
    wow_change: Annotated[float | None, Number]
    trend: Trend
    reasons: dict[str, str]


class TrendAnalysis(Contract):
    """Shifts in order of time. ``regime_changed``: another phase is the most probable at the last look than at the first.

    ``momentum`` is by how many phases the expected place in the cycle moved over the window, positive towards contraction.
    """

    shifts: tuple[TrendShift, ...]
    phases: tuple[PhaseTrend, ...]
    factors: tuple[FactorTrend, ...]
    regime_changed: bool | None
    regime: str | None
    momentum: Annotated[float | None, Number]
    summary: str
    start_date: date | None
    end_date: date | None
    reasons: dict[str, str]


@capability(
    name="macro.detect_trend_shifts",
    rights=("macro_data_read",),
    ttl=3600,
    repeatable=True,
    example={
        "regime_history": {
            "dates": ["2022-10-24", "2022-10-31"],
            "regimes": ["MID_EXPANSION", "LATE_EXPANSION"],
            "early_expansion_probs": [0.05, 0.05],
            "mid_expansion_probs": [0.5, 0.3],
            "late_expansion_probs": [0.4, 0.6],
            "early_contraction_probs": [0.04, 0.04],
            "deep_contraction_probs": [0.01, 0.01],
            "reasons": {},
        }
    },
)
async def macro_detect_trend_shifts(context: RequestContext, request: TrendRequest) -> TrendAnalysis:
    """Phases whose probability, and factors whose beta, moved by 0.10 or more between two looks, and where the regime is heading."""
    history, exposures = request.regime_history, request.factor_history
    chances = {phase: tuple(getattr(history, field)) for phase, field in _PHASE_FIELDS.items()}
    _check_lengths(history.dates, {**chances, "regimes": history.regimes})
    betas = {} if exposures is None else {factor: tuple(getattr(exposures, f"{factor}_betas")) for factor in FACTORS}
    if exposures is not None:
        _check_lengths(exposures.dates, betas)
    found = (*regime_shifts(history.dates, chances, threshold=THRESHOLD), *_factor_shifts(exposures, betas))
    context.provenance.note(method_version="trends/1", origin="computed")
    momentum = phase_drift([chances[phase] for phase in PHASES])
    changed = None if len(history.regimes) < 2 else history.regimes[0] != history.regimes[-1]
    reasons = {} if exposures is not None else {"factors": _NO_FACTORS}
    if momentum is None:
        reasons |= dict.fromkeys(("momentum", "regime_changed"), "fewer than two days could be judged")
    if not history.regimes:
        reasons |= dict.fromkeys(("regime", "start_date", "end_date"), "no day could be judged")
    if not found and (unseen := _unseen(history, exposures)):
        reasons["shifts"] = unseen
    return TrendAnalysis(
        shifts=tuple(sorted(map(_shift, found), key=lambda shift: (shift.date, -shift.significance, shift.name))),
        phases=tuple(_phase_trend(phase, chances[phase]) for phase in PHASES),
        factors=tuple(_factor_trend(factor, series, exposures) for factor, series in betas.items()),
        regime_changed=changed,
        regime=history.regimes[-1] if history.regimes else None,
        momentum=momentum,
        summary=_summary(history, found, momentum),
        start_date=history.dates[0] if history.dates else None,
        end_date=history.dates[-1] if history.dates else None,
        reasons=reasons,
    )


def _check_lengths(days: Sequence[date], series: dict[str, tuple[float, ...] | tuple[float | None, ...] | tuple[str, ...]]) -> None:
    wrong = [name for name, values in series.items() if len(values) != len(days)]
    if wrong:
        raise Invalid(f"There are {len(days)} days, but not as many values of {', '.join(wrong)}.", remedy="Give one value for each day.")


def _unseen(history: PhaseHistory, exposures: ExposureHistory | None) -> str:
    """Where a shift could not have been seen; empty when everything was looked at."""
    phases = "the phase could be judged on fewer than two days" if len(history.dates) < 2 else ""
    return "; ".join(why for why in (phases, _NO_FACTORS if exposures is None else "") if why)


def _factor_shifts(exposures: ExposureHistory | None, betas: dict[str, tuple[float | None, ...]]) -> tuple[Shift, ...]:
    if exposures is None:
        return ()
    looks = {
        factor: [BetaAt(day, beta, None) for day, beta in zip(exposures.dates, series, strict=True) if beta is not None]
        for factor, series in betas.items()
    }
    return factor_shifts(looks, threshold=THRESHOLD)


def _shift(found: Shift) -> TrendShift:
    return TrendShift(
        kind=found.kind,
        name=found.name,
        label=STATE_LABELS[found.name] if found.kind == "regime" else FACTORS[found.name],
        before=found.before,
        after=found.after,
        change=found.change,
        unit="fraction" if found.kind == "regime" else "number",
        significance=found.significance,
        date=found.date,
    )


def _last_two(series: Sequence[float | None]) -> tuple[float | None, float | None]:
    """The last value and its change."""
    last = series[-1] if series else None
    before = series[-2] if len(series) > 1 else None
    return last, None if last is None or before is None else last - before


def _trend(change: float | None) -> Trend:
    """A tenth of the threshold is noise."""
    if change is None or abs(change) < THRESHOLD / 10:
        return "flat"
    return "rising" if change > 0 else "falling"


def _phase_trend(phase: str, series: tuple[float, ...]) -> PhaseTrend:
    last, change = _last_two(series)
    reasons = {"probability": "no day could be judged"} if last is None else {}
    if change is None:
        reasons["wow_change"] = "fewer than two days could be judged"
    return PhaseTrend(phase=phase, label=STATE_LABELS[phase], probability=last, wow_change=change, trend=_trend(change), reasons=reasons)


def _factor_trend(factor: str, series: tuple[float | None, ...], exposures: ExposureHistory | None) -> FactorTrend:
    last, change = _last_two(series)
    told = {} if exposures is None else exposures.reasons
    why = told.get(f"{factor}_betas", "it could not be estimated")
    reasons = {"beta": why} if last is None else {}
    if change is None:
        reasons["wow_change"] = why if last is None else "there is no look a week before"
    return FactorTrend(factor=factor, label=FACTORS[factor], beta=last, wow_change=change, trend=_trend(change), reasons=reasons)


def _summary(history: PhaseHistory, found: Sequence[Shift], momentum: float | None) -> str:
    if not history.regimes:
        return "No day of the window could be judged."
    first, last = (STATE_LABELS.get(code, code) for code in (history.regimes[0], history.regimes[-1]))
    if first == last:
        regime = f"The economy stayed in {last.lower()} from {history.dates[0]} to {history.dates[-1]}."
    else:
        regime = f"The economy moved from {first.lower()} to {last.lower()} between {history.dates[0]} and {history.dates[-1]}."
    heading = ""
    if momentum is not None and abs(momentum) >= THRESHOLD:
        heading = f" Its place in the cycle moved by {abs(momentum):.2f} phases towards {'contraction' if momentum > 0 else 'expansion'}."
    count = len(found)
    told = " Nothing shifted by as much as the thresholds." if not count else f" Shifts that reached the thresholds: {count}."
    return regime + heading + told
