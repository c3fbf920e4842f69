"""What the phases of the debt cycles do to the risk of a portfolio."""

from typing import Annotated, Literal

import numpy as np

from dawsos.compute.cycles.overlay import CycleRisk, overlay
from dawsos.compute.cycles.weights import VERSION
from dawsos.compute.drawdown.covariances import PhaseCovariances
from dawsos.compute.factors.definitions import FACTOR_NAMES
from dawsos.compute.factors.history import DAYS_PER_YEAR
from dawsos.compute.factors.labels import label_of
from dawsos.compute.regimes.rules import PHASES
from dawsos.compute.returns.figures import FloatArray
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Fraction, Number
from dawsos.services.context import RequestContext
from dawsos.services.risk.covariances import covariances_known
from dawsos.services.risk.factor_series import factors_known, note_factors

Level = Literal["low", "medium", "high"]


class CyclePhase(Contract):
    """The phase a debt cycle is in; null with a reason where it is not known."""

    phase: str | None
    phase_label: str | None
    reasons: dict[str, str]


class Exposure(Contract):
    """The beta of the portfolio to one factor."""

    factor: str
    beta: Annotated[float, Number]


class Exposures(Contract):
    """The betas of the portfolio."""

    exposures: tuple[Exposure, ...]


class OverlayRequest(Contract):
    """The exposures of the portfolio, and where the short- and the long-term debt cycle stand."""

    factor_exposures: Exposures
    stdc: CyclePhase
    ltdc: CyclePhase


class RiskCell(Contract):
    """One factor in one phase of the business cycle: |beta| × volatility of the factor in that phase, per year.

    ``relative`` is |beta| × that volatility over the usual one, ``level`` says how the volatility compares: up to 1.2 of the usual low, up
    to 1.5 medium, above it high.
    """

    factor: str
    label: str
    phase: str
    phase_label: str
    volatility: Annotated[float, Fraction]
    relative: Annotated[float | None, Number]
    level: Level
    source: str
    observations: Annotated[int, Count]


class AmplifiedFactor(Contract):
    """|beta| × usual volatility of a factor per year, and the same times the overall amplification."""

    factor: str
    label: str
    usual: Annotated[float, Fraction]
    amplified: Annotated[float, Fraction]


class CycleRiskMap(Contract):
    """Amplifications: below one a phase dampens risk. ``most_vulnerable_factor`` is where |beta| × volatility is greatest."""

    heatmap_data: tuple[RiskCell, ...]
    amplified_factors: tuple[AmplifiedFactor, ...]
    stdc_amplification: Annotated[float | None, Number]
    ltdc_amplification: Annotated[float | None, Number]
    overall_amplification: Annotated[float | None, Number]
    most_vulnerable_factor: str | None
    risk_level: Literal["Low", "Medium", "High"] | None
    stdc_phase: str | None
    ltdc_phase: str | None
    reasons: dict[str, str]


@capability(
    name="risk.overlay_cycle_phases",
    rights=("portfolio_read", "macro_data_read"),
    ttl=3600,
    repeatable=True,
    cost="medium",
    example={
        "factor_exposures": {"exposures": [{"factor": "equity", "beta": 0.9}, {"factor": "real_rates", "beta": -2.0}]},
        "stdc": {"phase": "LATE_EXPANSION", "phase_label": "Late expansion", "reasons": {}},
        "ltdc": {"phase": "BUBBLE", "phase_label": "Bubble", "reasons": {}},
    },
)
async def risk_overlay_cycle_phases(context: RequestContext, request: OverlayRequest) -> CycleRiskMap:
    """How much the phases of the debt cycles amplify risk, and the exposure to each factor in each phase of the business cycle."""
    pins = context.pinned()
    history = await factors_known(context, pins)
    note_factors(context, history)
    covariances = await covariances_known(context, pins)
    context.provenance.note(method_version=VERSION, origin="computed")
    given = {one.factor: one.beta for one in request.factor_exposures.exposures}
    betas = np.array([given.get(name, 0.0) for name in FACTOR_NAMES])
    cells = _cells(betas, covariances)
    lacking = {
        name: cycle.reasons.get("phase", "the phase is not known")
        for name, cycle in (("stdc", request.stdc), ("ltdc", request.ltdc))
        if cycle.phase is None
    }
    if request.stdc.phase is None or request.ltdc.phase is None:
        why = "; ".join(f"{name.upper()}: {reason}" for name, reason in lacking.items())
        return _unknown(request, cells, why)
    found = overlay(request.stdc.phase, request.ltdc.phase, FACTOR_NAMES, betas, covariances.by_phase, covariances.pooled)
    return _known(request, cells, found, betas, covariances)


def _cells(betas: FloatArray, covariances: PhaseCovariances) -> tuple[RiskCell, ...]:
    usual = np.sqrt(np.diag(covariances.pooled))
    found = []
    for row, name in enumerate(FACTOR_NAMES):
        for phase in PHASES:
            own = float(np.sqrt(covariances.by_phase[phase][row, row]))
            ratio = own / float(usual[row]) if usual[row] > 0 else None
            found.append(
                RiskCell(
                    factor=name,
                    label=label_of(name),
                    phase=phase,
                    phase_label=phase.replace("_", " ").capitalize(),
                    volatility=abs(float(betas[row])) * own * DAYS_PER_YEAR**0.5,
                    relative=None if ratio is None else abs(float(betas[row])) * ratio,
                    level="low" if ratio is None or ratio <= 1.2 else "medium" if ratio <= 1.5 else "high",
                    source=covariances.sources[phase].value,
                    observations=covariances.observations[phase],
                )
            )
    return tuple(found)


def _known(
    request: OverlayRequest, cells: tuple[RiskCell, ...], found: CycleRisk, betas: FloatArray, covariances: PhaseCovariances
) -> CycleRiskMap:
    usual = np.abs(betas) * np.sqrt(np.diag(covariances.pooled) * DAYS_PER_YEAR)
    return CycleRiskMap(
        heatmap_data=cells,
        amplified_factors=tuple(
            AmplifiedFactor(factor=name, label=label_of(name), usual=float(own), amplified=float(own) * found.overall)
            for name, own in zip(FACTOR_NAMES, usual, strict=True)
        ),
        stdc_amplification=found.stdc_amplification,
        ltdc_amplification=found.ltdc_amplification,
        overall_amplification=found.overall,
        most_vulnerable_factor=None if found.most_vulnerable is None else label_of(found.most_vulnerable),
        risk_level=found.level,
        stdc_phase=request.stdc.phase_label,
        ltdc_phase=request.ltdc.phase_label,
        reasons={} if found.most_vulnerable is not None else {"most_vulnerable_factor": "the portfolio is exposed to no factor"},
    )


def _unknown(request: OverlayRequest, cells: tuple[RiskCell, ...], why: str) -> CycleRiskMap:
    nulls = ("stdc_amplification", "ltdc_amplification", "overall_amplification", "most_vulnerable_factor", "risk_level")
    return CycleRiskMap(
        heatmap_data=cells,
        amplified_factors=(),
        stdc_amplification=None,
        ltdc_amplification=None,
        overall_amplification=None,
        most_vulnerable_factor=None,
        risk_level=None,
        stdc_phase=request.stdc.phase_label,
        ltdc_phase=request.ltdc.phase_label,
        reasons=dict.fromkeys((*nulls, "amplified_factors", "stdc_phase", "ltdc_phase"), why),
    )
