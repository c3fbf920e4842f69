"""Variance accounted for by factors, divided among them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.figures import FloatArray
from dawsos.kernel.errors import Invalid


@dataclass(frozen=True, slots=True, eq=False)
class FactorRisk:
    """Variance per year of a portfolio (``[]``) or block (``[portfolios]``) with betas β, factor covariance Σ and idiosyncratic variance.

    ``factor_contributions`` ``[…, K]`` are β_f(Σβ)_f: with the idiosyncratic variance they sum to ``variance``. A negative one is a
    factor that hedges the others. Source: Euler's theorem for homogeneous functions; Meucci, Risk and Asset Allocation, 2005, ch. 5.
    """

    factor_contributions: FloatArray
    factor_variance: FloatArray
    idiosyncratic_variance: FloatArray

    @property
    def variance(self) -> FloatArray:
        return self.factor_variance + self.idiosyncratic_variance

    @property
    def volatility(self) -> FloatArray:
        return np.sqrt(self.variance)

    @property
    def factor_shares(self) -> FloatArray:
        """Contributions as fractions of the variance; NaN where there is none."""
        return _over(self.factor_contributions, self.variance[..., None])

    @property
    def idiosyncratic_share(self) -> FloatArray:
        return _over(self.idiosyncratic_variance, self.variance)

    @property
    def volatility_contributions(self) -> FloatArray:
        """β_f(Σβ)_f/σ: with ``idiosyncratic_variance``/σ they sum to the volatility."""
        return _over(self.factor_contributions, self.volatility[..., None])


def _over(part: FloatArray, whole: FloatArray) -> FloatArray:
    part, whole = np.broadcast_arrays(part, whole)
    quotient: FloatArray = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
    return quotient


def factor_risk(
    betas: ArrayLike, factor_covariance: ArrayLike, residual_variance: ArrayLike, *, periods_per_year: float = 252.0
) -> FactorRisk:
    """Divide the variance β'Σβ + residual variance, both × ``periods_per_year``.

    ``betas`` ``[K]`` or ``[portfolios × K]``, ``factor_covariance`` ``[K × K]`` and ``residual_variance`` per period. A NaN beta gives
    NaN. Raises :class:`Invalid` for a covariance that is not symmetric positive semidefinite.
    """
    loadings, covariance = np.asarray(betas, dtype=np.float64), checked_covariance(factor_covariance)
    if loadings.shape[-1] != covariance.shape[0]:
        raise Invalid(
            f"{loadings.shape[-1]} betas and a covariance of {covariance.shape[0]} factors.", remedy="Give one beta for each factor."
        )
    parts = loadings * (loadings @ covariance) * periods_per_year
    return FactorRisk(parts, parts.sum(axis=-1), np.asarray(residual_variance, dtype=np.float64) * periods_per_year)


def checked_covariance(covariance: ArrayLike) -> FloatArray:
    """``covariance`` as an array if it is one: square, symmetric, no eigenvalue below zero beyond rounding. Else :class:`Invalid`."""
    matrix = np.asarray(covariance, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not np.isfinite(matrix).all():
        raise Invalid("A covariance is a square table of finite numbers.", remedy="Give one row and column for each factor.")
    size = float(np.abs(matrix).max(initial=0.0))
    if np.abs(matrix - matrix.T).max(initial=0.0) > 1e-12 * size:
        raise Invalid("The covariance is not symmetric.", remedy="Estimate it from observations common to all factors.")
    if matrix.size and np.linalg.eigvalsh(matrix)[0] < -1e-10 * size:
        raise Invalid(
            "The covariance has a negative variance in some direction.", remedy="Estimate it from common observations, or repair it."
        )
    return matrix


def nearest_covariance(covariance: ArrayLike) -> FloatArray:
    """The symmetric matrix with no negative eigenvalue and the same variances that clipping and rescaling gives.

    Negative eigenvalues of the correlations become 0 and the diagonal is scaled back to 1 (Rebonato and Jäckel 1999). A matrix that is
    already a covariance comes back unchanged.
    """
    matrix = np.asarray(covariance, dtype=np.float64)
    spread = np.sqrt(np.diag(matrix))
    scale = np.where(spread > 0, spread, 1.0)
    correlations = (matrix + matrix.T) / 2.0 / np.outer(scale, scale)
    values, vectors = np.linalg.eigh(correlations)
    if values[0] >= 0:
        return matrix
    clipped = (vectors * np.maximum(values, 0.0)) @ vectors.T
    size = np.sqrt(np.diag(clipped))
    return np.asarray(clipped / np.outer(size, size) * np.outer(spread, spread))
