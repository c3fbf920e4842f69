"""Drawdown at risk of a portfolio in the present state of the economy, and what came to pass after a forecast."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import numpy as np

from dawsos.compute.drawdown.at_risk import DrawdownAtRisk, drawdown_at_risk
from dawsos.compute.drawdown.covariances import SUFFICIENT, PhaseCovariances, assumed_covariances, phase_covariances, stressed
from dawsos.compute.drawdown.paths import simulate_paths
from dawsos.compute.factors.history import FactorHistory
from dawsos.compute.regimes.rules import PHASES
from dawsos.compute.returns.daily import daily_returns
from dawsos.compute.returns.figures import DateArray, FloatArray, NotComputable
from dawsos.compute.risk.drawdown import max_drawdown
from dawsos.compute.scenarios.macro_aware import DebtAdjustment


@dataclass(frozen=True, slots=True, eq=False)
class DrawdownForecast:
    """The simulated drawdowns, the covariance each phase contributed, and the weight it had."""

    depths: DrawdownAtRisk
    covariances: PhaseCovariances
    probabilities: Mapping[str, float]


def daily_covariances(history: FactorHistory | NotComputable, phases: Sequence[str]) -> PhaseCovariances:
    """Covariances of the factors per trading day by phase: from ``history``, whose periods lie in ``phases``, else the assumed ones.

    Covariances of monthly averages are scaled to values and divided by 21 days.
    """
    if isinstance(history, NotComputable):
        return assumed_covariances()
    found = phase_covariances(history.panel.changes, phases, sufficient=SUFFICIENT[history.frequency])
    if isinstance(found, NotComputable):
        return assumed_covariances()
    scale = history.variance_scale / history.trading_days
    tables = {phase: table * scale for phase, table in found.by_phase.items()}
    return PhaseCovariances(MappingProxyType(tables), found.pooled * scale, found.sources, found.observations)


def forecast_drawdown(
    covariances: PhaseCovariances,
    probabilities: Mapping[str, float] | None,
    betas: FloatArray,
    residual_variance: float,
    generator: np.random.Generator,
    *,
    days: int,
    paths: int,
    confidence: float,
    adjustment: DebtAdjustment | None = None,
) -> DrawdownForecast:
    """The drawdown not exceeded with ``confidence`` over ``days``, on ``paths`` paths of the factors.

    A path lies in a phase with its ``probabilities``; where they are None the phase is not known and every path has the pooled
    covariance. ``betas`` ``[K]`` and ``residual_variance`` per day are the portfolio's. ``adjustment`` stresses every covariance as the
    long-term debt cycle does.
    """
    tables = dict(covariances.by_phase) if probabilities is not None else dict.fromkeys(PHASES, covariances.pooled)
    weights = dict(probabilities) if probabilities is not None else {PHASES[0]: 1.0}
    if adjustment is not None:
        tables = {phase: stressed(table, risk=adjustment.risk, correlation=adjustment.correlation) for phase, table in tables.items()}
    simulated = simulate_paths(tables, weights, generator, days=days, count=paths)
    found = drawdown_at_risk(simulated, betas, np.sqrt(residual_variance), confidence=confidence)
    return DrawdownForecast(found, covariances, MappingProxyType(weights))


def realised_drawdown(days: DateArray, nav: FloatArray, flows: FloatArray, start: date, horizon: int) -> float | NotComputable:
    """The deepest fall from a peak over the ``horizon`` daily returns after ``start``, free of flows; a positive fraction.

    ``days``, ``nav`` and ``flows`` are the valued days of the portfolio, with the net external flow of each. Not computable before as many
    days have passed, or when a day among them has no return.
    """
    first = int(np.searchsorted(days, np.datetime64(start, "D"), side="right")) - 1
    if first < 0:
        return NotComputable(f"a value of {start} or before")
    if days.size - 1 - first < horizon:
        return NotComputable("days since the forecast", horizon, int(days.size - 1 - first))
    part = slice(first, first + horizon + 1)
    returns = daily_returns(nav[part], flows[part]).returns
    if np.isnan(returns).any():
        return NotComputable("a return on every day of the horizon")
    return -float(max_drawdown(returns))
