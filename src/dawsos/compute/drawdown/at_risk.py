"""The quantile of simulated drawdowns, and what contributes to it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.drawdown.paths import FactorPaths
from dawsos.compute.factors.risk import factor_risk
from dawsos.compute.returns.figures import FloatArray
from dawsos.kernel.errors import Invalid

#: Zones of the gauge: up to 10 % green, up to 20 % orange, beyond it red.
ZONES: Final = (("green", 0.10), ("orange", 0.20), ("red", 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class DrawdownAtRisk:
    """Depths are positive fractions, ``[portfolios]``: the quantile (``at_risk``), mean, median, and the deepest of all paths.

    ``contributions`` ``[portfolios × (K + 1)]`` divide ``at_risk`` among the factors and, last, what is idiosyncratic, in proportion to
    their shares of variance (Euler); they sum to it. ``worst_path`` is the index of the deepest path.
    """

    at_risk: FloatArray
    mean: FloatArray
    median: FloatArray
    maximum: FloatArray
    worst_path: np.ndarray
    contributions: FloatArray
    confidence: float
    paths: int
    days: int


def path_depths(paths: FactorPaths, betas: ArrayLike, idiosyncratic: ArrayLike) -> FloatArray:
    """Maximum drawdown ``[portfolios × paths]`` of portfolios with ``betas`` ``[portfolios × K]`` and daily ``idiosyncratic`` deviation.

    The value before the first day counts as a peak. Portfolios share the factor paths and the number drawn for what is idiosyncratic, so
    that two portfolios differ by what they hold and not by chance.
    """
    loadings, spread = np.atleast_2d(np.asarray(betas, dtype=np.float64)), np.atleast_1d(np.asarray(idiosyncratic, dtype=np.float64))
    if loadings.shape != (spread.size, paths.factors) or not (np.isfinite(loadings).all() and np.isfinite(spread).all()):
        raise Invalid(
            f"{loadings.shape} betas and {spread.size} deviations on {paths.factors} factors.", remedy="Give every portfolio known betas."
        )
    if (spread < 0).any():
        raise Invalid("A standard deviation below zero.", remedy="Give the idiosyncratic deviation per day.")
    from dawsos.compute.drawdown.depth_kernel import depths  # noqa: PLC0415 - Numba is slow to import

    found = np.empty((spread.size, paths.count))
    depths(paths.blocks, np.ascontiguousarray(loadings), spread, found)
    return found


def drawdown_at_risk(paths: FactorPaths, betas: ArrayLike, idiosyncratic: ArrayLike, *, confidence: float = 0.95) -> DrawdownAtRisk:
    """The depth of maximum drawdown that is not exceeded with ``confidence`` over the days of ``paths`` (linear interpolation, type 7).

    ``betas`` ``[portfolios × K]`` or ``[K]``; ``idiosyncratic`` deviation per day. Source: Chekhlov, Uryasev and Zabarankin, Drawdown
    Measure in Portfolio Optimization, 2005; quantile of the maximum drawdown.
    """
    if not 0 < confidence < 1:
        raise Invalid(f"A confidence of {confidence}.", remedy="Give a fraction, for example 0.95.")
    found = path_depths(paths, betas, idiosyncratic)
    at_risk = np.quantile(found, confidence, axis=1)
    spread = np.atleast_1d(np.asarray(idiosyncratic, dtype=np.float64))
    risk = factor_risk(np.atleast_2d(np.asarray(betas, dtype=np.float64)), paths.covariance, spread**2, periods_per_year=1.0)
    shares = np.column_stack([risk.factor_shares, risk.idiosyncratic_share])
    contributions = np.where(np.isnan(shares), 0.0, shares) * at_risk[:, None]
    return DrawdownAtRisk(
        at_risk,
        found.mean(axis=1),
        np.median(found, axis=1),
        found.max(axis=1),
        found.argmax(axis=1),
        contributions,
        confidence,
        paths.count,
        paths.days,
    )


def zone(depth: float) -> str:
    """Green up to 10 %, orange up to 20 %, red beyond."""
    return next((name for name, limit in ZONES if depth <= limit), "red")
