"""How deep a portfolio may fall from its peak in the weeks to come."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from dawsos.compute.drawdown.at_risk import zone
from dawsos.compute.drawdown.calibration import Calibration as Judged
from dawsos.compute.factors.definitions import FACTOR_NAMES
from dawsos.compute.factors.labels import label_of
from dawsos.compute.regimes.rules import PHASES
from dawsos.compute.returns.figures import NotComputable
from dawsos.compute.scenarios.library import SCENARIOS
from dawsos.compute.scenarios.ranking import worst
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Days, Fraction, Money, Number
from dawsos.services.context import RequestContext
from dawsos.services.risk.drawdowns import STANDARD_CONFIDENCE, STANDARD_HORIZON, DrawdownFigures, calibrated, drawdown_at_risk
from dawsos.services.risk.scenarios import scenario_impacts


class DrawdownRequest(Contract):
    """Which portfolio, at which confidence, over how many calendar days; ``threshold`` is what should not be passed.

    ``cycle_adjusted``: raise volatilities and correlations as the phase of the long-term debt cycle does.
    """

    portfolio_id: UUID
    pack_id: str | None = None
    confidence: Annotated[float, Fraction, Field(ge=0.5, lt=1)] = STANDARD_CONFIDENCE
    horizon_days: Annotated[int, Days, Field(ge=1, le=365)] = STANDARD_HORIZON
    cycle_adjusted: bool = False
    threshold: Annotated[float, Fraction, Field(gt=0, lt=1)] = 0.15


class DrawdownPart(Contract):
    """The part of the drawdown at risk that a factor makes, or what is the portfolio's own; in proportion to shares of variance."""

    name: str
    label: str
    dar_pct: Annotated[float, Fraction]


class PhaseWeight(Contract):
    """A phase of the business cycle: its probability, and what its covariance of the factors rests on."""

    phase: str
    probability: Annotated[float | None, Fraction]
    covariance: str
    observations: Annotated[int, Count]
    reasons: dict[str, str]


class Calibration(Contract):
    """Earlier forecasts whose horizon has passed, against what came to pass. Kupiec's test asks whether there were too many breaches.

    Null with a reason while no horizon has passed.
    """

    observations: Annotated[int, Count]
    breaches: Annotated[int, Count]
    breach_rate: Annotated[float | None, Fraction]
    expected_rate: Annotated[float, Fraction]
    mean_absolute_deviation: Annotated[float | None, Fraction]
    kupiec_statistic: Annotated[float | None, Number]
    kupiec_probability: Annotated[float | None, Fraction]
    independence_probability: Annotated[float | None, Fraction]
    is_rejected: bool
    reasons: dict[str, str]


class WorstScenario(Contract):
    """The scenario of the library that would cost most."""

    scenario_id: str
    scenario_name: str
    total_delta_pl: Annotated[Decimal, Money("currency")]
    return_delta: Annotated[float | None, Fraction]


class DrawdownAtRisk(Contract):
    """The depth of maximum drawdown that is not exceeded with ``confidence``, a positive fraction, and what it would cost.

    ``contributions`` sum to ``dar_pct``. ``min_dar`` and ``max_dar`` are the ends of the scale it is shown on, ``zone`` is green up to
    10 %, orange up to 20 %, red beyond. ``methodology`` says whether the portfolio's betas were estimated.
    """

    dar_value: Annotated[Decimal | None, Money("currency")]
    dar_pct: Annotated[float | None, Fraction]
    mean_drawdown: Annotated[float | None, Fraction]
    median_drawdown: Annotated[float | None, Fraction]
    max_drawdown: Annotated[float | None, Fraction]
    zone: str | None
    min_dar: Annotated[float, Fraction]
    max_dar: Annotated[float, Fraction]
    threshold: Annotated[float, Fraction]
    is_above_threshold: bool | None
    confidence: Annotated[float, Fraction]
    horizon_days: Annotated[int, Days]
    trading_days: Annotated[int, Count]
    regime: str
    phases: tuple[PhaseWeight, ...]
    cycle_adjusted: bool
    adjusted_by: str | None
    contributions: tuple[DrawdownPart, ...]
    nav: Annotated[Decimal, Money("currency")]
    currency: str
    num_simulations: Annotated[int, Count]
    seed: str
    methodology: str
    worst_scenario: WorstScenario | None
    calibration: Calibration
    reasons: dict[str, str]


@capability(
    name="macro.compute_dar",
    rights=("portfolio_read", "macro_data_read"),
    ttl=3600,
    repeatable=True,
    timeout=20.0,
    cost="high",
    example={"portfolio_id": "01900000-0000-7000-8000-000000000001", "confidence": 0.95, "horizon_days": 30},
)
async def macro_compute_dar(context: RequestContext, request: DrawdownRequest) -> DrawdownAtRisk:
    """Drawdown at risk on simulated paths of the factors in the present regime, its causes, and how earlier forecasts did."""
    pins = context.pinned(request.portfolio_id, request.pack_id)
    found = await drawdown_at_risk(
        context, pins, confidence=request.confidence, horizon_days=request.horizon_days, cycle_adjusted=request.cycle_adjusted
    )
    judged = await calibrated(context, pins, cycle_adjusted=request.cycle_adjusted)
    context.provenance.note(source="ledger", asof=pins.pack.date)
    figures = found.value
    if figures.methodology == "prior":
        context.provenance.note(warning="Betas and covariances are assumed: the history of the factors is not known.")
    if request.cycle_adjusted and figures.adjusted_by is None:
        context.provenance.note(warning="Nothing is said of the present phase of the long-term debt cycle; nothing was adjusted.")
    return _as_contract(figures, request, judged, await _worst(context, figures))


async def _worst(context: RequestContext, figures: DrawdownFigures) -> WorstScenario | None:
    if figures.nav <= 0:
        return None
    found = worst(await scenario_impacts(context, context.pinned(), SCENARIOS.values()))
    return WorstScenario(
        scenario_id=found.scenario.id,
        scenario_name=found.scenario.name,
        total_delta_pl=found.delta,
        return_delta=found.return_fraction,
    )


def _as_contract(
    figures: DrawdownFigures, request: DrawdownRequest, judged: Judged | NotComputable, hardest: WorstScenario | None
) -> DrawdownAtRisk:
    reasons = dict(figures.reasons)
    if figures.dar_pct is None:
        reasons |= dict.fromkeys(("dar_value", "zone", "is_above_threshold"), figures.reasons["dar_pct"])
    if hardest is None:
        reasons["worst_scenario"] = "the portfolio has no value"
    if figures.adjusted_by is None:
        reasons["adjusted_by"] = "not asked for" if not request.cycle_adjusted else "nothing is said of the present phase"
    return DrawdownAtRisk(
        dar_value=figures.dar,
        dar_pct=figures.dar_pct,
        mean_drawdown=figures.mean_drawdown,
        median_drawdown=figures.median_drawdown,
        max_drawdown=figures.max_drawdown,
        zone=None if figures.dar_pct is None else zone(figures.dar_pct),
        min_dar=0.0,
        max_dar=max(0.5, figures.dar_pct or 0.0),
        threshold=request.threshold,
        is_above_threshold=None if figures.dar_pct is None else figures.dar_pct > request.threshold,
        confidence=figures.confidence,
        horizon_days=figures.horizon_days,
        trading_days=figures.trading_days,
        regime=figures.regime,
        phases=tuple(_weight(phase, figures) for phase in PHASES if phase in figures.covariance_sources),
        cycle_adjusted=request.cycle_adjusted,
        adjusted_by=figures.adjusted_by,
        contributions=tuple(
            DrawdownPart(name=name, label=label_of(name), dar_pct=figures.contributions[name])
            for name in (*FACTOR_NAMES, "idiosyncratic")
            if name in figures.contributions
        ),
        nav=figures.nav,
        currency=figures.currency,
        num_simulations=figures.num_simulations,
        seed=str(figures.seed),
        methodology=figures.methodology,
        worst_scenario=hardest,
        calibration=_calibration(judged, figures.confidence),
        reasons=reasons,
    )


def _weight(phase: str, figures: DrawdownFigures) -> PhaseWeight:
    chance = figures.probabilities.get(phase)
    return PhaseWeight(
        phase=phase,
        probability=chance,
        covariance=figures.covariance_sources[phase],
        observations=figures.covariance_observations[phase],
        reasons={} if chance is not None else {"probability": "the regime is not known"},
    )


def _calibration(judged: Judged | NotComputable, confidence: float) -> Calibration:
    if isinstance(judged, NotComputable):
        nulls = ("breach_rate", "mean_absolute_deviation", "kupiec_statistic", "kupiec_probability", "independence_probability")
        return Calibration(
            observations=0,
            breaches=0,
            breach_rate=None,
            expected_rate=1.0 - confidence,
            mean_absolute_deviation=None,
            kupiec_statistic=None,
            kupiec_probability=None,
            independence_probability=None,
            is_rejected=False,
            reasons=dict.fromkeys(nulls, str(judged)),
        )
    apart = judged.independence
    return Calibration(
        observations=judged.observations,
        breaches=judged.breaches,
        breach_rate=judged.breach_rate,
        expected_rate=judged.expected_rate,
        mean_absolute_deviation=judged.mean_absolute_deviation,
        kupiec_statistic=judged.kupiec.statistic,
        kupiec_probability=judged.kupiec.probability,
        independence_probability=None if isinstance(apart, NotComputable) else apart.probability,
        is_rejected=judged.is_rejected,
        reasons={"independence_probability": str(apart)} if isinstance(apart, NotComputable) else {},
    )
