"""The phase of the business cycle and the quadrant of growth and inflation on a day."""

from datetime import date
from typing import Annotated

from dawsos.agents.macro_hound.standings import Driver, IndicatorStanding, as_contracts
from dawsos.compute.regimes.detection import QUADRANTS
from dawsos.compute.regimes.evidence import Regime
from dawsos.compute.regimes.rules import PHASES, STATE_LABELS, VERSION
from dawsos.compute.returns.figures import NotComputable
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Fraction
from dawsos.services.context import RequestContext
from dawsos.services.macro.labels import in_words, indicator_label
from dawsos.services.macro.observed import judgement_day
from dawsos.services.macro.regimes import regime_on


class RegimeRequest(Contract):
    """The day to judge from what was published by then; without one that of the pricing pack."""

    asof_date: date | None = None


class PhaseScore(Contract):
    """A phase of the business cycle: how well the indicators fit it (0 to 1), and its probability."""

    phase: str
    label: str
    fit: Annotated[float, Fraction]
    probability: Annotated[float, Fraction]


class QuadrantScore(Contract):
    """A quadrant of growth and inflation, and its probability."""

    quadrant: str
    label: str
    probability: Annotated[float, Fraction]


class DetectedRegime(Contract):
    """The most probable phase and quadrant; null with a reason when too little was known.

    ``confidence`` is the phase's probability, ``margin`` its lead over the next. ``drivers`` made up the fit, the greatest first.
    """

    date: date
    regime_name: str | None
    regime_label: str | None
    confidence: Annotated[float | None, Fraction]
    margin: Annotated[float | None, Fraction]
    regime_scores: tuple[PhaseScore, ...]
    quadrant: str | None
    quadrant_label: str | None
    quadrant_confidence: Annotated[float | None, Fraction]
    quadrant_scores: tuple[QuadrantScore, ...]
    indicators: tuple[IndicatorStanding, ...]
    drivers: tuple[Driver, ...]
    missing: tuple[str, ...]
    method_version: str
    reasons: dict[str, str]


@capability(
    name="macro.detect_regime", rights=("macro_data_read",), ttl=3600, repeatable=True, cost="medium", example={"asof_date": "2022-10-31"}
)
async def macro_detect_regime(context: RequestContext, request: RegimeRequest) -> DetectedRegime:
    """The regime of the economy on a day, from series as they were known then, with probabilities and what spoke for it."""
    day = judgement_day(context, request.asof_date)
    found = await regime_on(context, day)
    if isinstance(found, NotComputable):
        return _unknown(day, in_words(str(found)))
    context.provenance.note(source="FRED", asof=min(standing.date for standing in found.standings.values()))
    if found.phase.missing:
        context.provenance.note(warning=in_words(f"Judged without {', '.join(found.phase.missing)}."))
    return _as_contract(day, found)


def _as_contract(day: date, found: Regime) -> DetectedRegime:
    phase, quadrant = found.phase, found.quadrant
    reasons = {f"indicators.{name}": in_words(reason) for name, reason in found.reasons.items()}
    if quadrant is None:
        reasons["quadrant"] = reasons["quadrant_label"] = reasons["quadrant_confidence"] = in_words("; ".join(found.reasons.values()))
    return DetectedRegime(
        date=day,
        regime_name=phase.phase,
        regime_label=STATE_LABELS[phase.phase],
        confidence=phase.confidence,
        margin=phase.margin,
        regime_scores=tuple(
            PhaseScore(phase=name, label=STATE_LABELS[name], fit=phase.scores[name], probability=phase.probabilities[name])
            for name in PHASES
        ),
        quadrant=None if quadrant is None else quadrant.quadrant,
        quadrant_label=None if quadrant is None else STATE_LABELS[quadrant.quadrant],
        quadrant_confidence=None if quadrant is None else quadrant.confidence,
        quadrant_scores=()
        if quadrant is None
        else tuple(QuadrantScore(quadrant=name, label=STATE_LABELS[name], probability=quadrant.probabilities[name]) for name in QUADRANTS),
        indicators=as_contracts(found.standings),
        drivers=tuple(
            Driver(
                indicator=driver.indicator,
                label=indicator_label(driver.indicator),
                zscore=driver.zscore,
                contribution=driver.contribution,
                reading=driver.reading,
            )
            for driver in phase.drivers
        ),
        missing=phase.missing,
        method_version=VERSION,
        reasons=reasons,
    )


def _unknown(day: date, reason: str) -> DetectedRegime:
    nulls = ("regime_name", "regime_label", "confidence", "margin", "quadrant", "quadrant_label", "quadrant_confidence")
    return DetectedRegime(
        date=day,
        regime_name=None,
        regime_label=None,
        confidence=None,
        margin=None,
        regime_scores=(),
        quadrant=None,
        quadrant_label=None,
        quadrant_confidence=None,
        quadrant_scores=(),
        indicators=(),
        drivers=(),
        missing=(),
        method_version=VERSION,
        reasons=dict.fromkeys(nulls, reason),
    )
