"""A covariance matrix as loadings and specific variances, the form every problem is solved in."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.figures import FloatArray
from dawsos.kernel.errors import Invalid

#: Eigenvalues below this share of the largest are noise of the arithmetic and count as zero.
NEGLIGIBLE = 1e-14


@dataclass(frozen=True, slots=True)
class RiskModel:
    """Σ = B·Bᵀ + diag(d): ``loadings`` B ``[n × k]`` (the factors already scaled to variance 1), ``specific`` d ``[n]`` ≥ 0.

    Variances are per year when the portfolio's limits are. A dense matrix is the case k = n, d = 0.
    """

    loadings: FloatArray
    specific: FloatArray

    @property
    def size(self) -> int:
        """The number of assets."""
        return int(self.loadings.shape[0])

    def covariance(self) -> FloatArray:
        """Σ, ``[n × n]``."""
        return np.asarray(self.loadings @ self.loadings.T + np.diag(self.specific))

    def times(self, weights: FloatArray) -> FloatArray:
        """Σ·w without forming Σ."""
        return np.asarray(self.loadings @ (self.loadings.T @ weights) + self.specific * weights)

    def variance(self, weights: FloatArray) -> float:
        """wᵀΣw, never negative."""
        exposures = self.loadings.T @ weights
        return float(exposures @ exposures + weights @ (self.specific * weights))

    def volatility(self, weights: FloatArray) -> float:
        """√(wᵀΣw)."""
        return float(np.sqrt(self.variance(weights)))


def of_covariance(covariance: ArrayLike) -> RiskModel:
    """A dense symmetric matrix, by its eigenvectors: B = V·√λ.

    Negative eigenvalues within 1e-8 of the largest (rounding, pairwise estimation) are set to zero; larger ones are refused, because
    a portfolio of negative variance would be found and called optimal.
    """
    matrix = np.asarray(covariance, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not np.isfinite(matrix).all():
        raise Invalid("The covariance is not a square matrix of finite numbers.", remedy="Estimate it over days all assets have.")
    if not np.allclose(matrix, matrix.T, rtol=1e-8, atol=1e-14):
        raise Invalid("The covariance is not symmetric.", remedy="Give the covariance of each pair once, in both places.")
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2.0)
    largest = float(values[-1]) if values.size else 0.0
    if values.size and values[0] < -1e-8 * max(largest, 0.0):
        raise Invalid(
            f"The covariance has the negative eigenvalue {values[0]:.3g}.", remedy="Use a shrunk estimate, or days all assets have."
        )
    kept = values > NEGLIGIBLE * largest
    return RiskModel(np.ascontiguousarray(vectors[:, kept] * np.sqrt(values[kept])), np.zeros(matrix.shape[0]))


def of_factors(exposures: ArrayLike, factor_covariance: ArrayLike, specific: ArrayLike) -> RiskModel:
    """Σ = X·F·Xᵀ + diag(d), with ``exposures`` X ``[n × k]``, ``factor_covariance`` F ``[k × k]`` and specific variances d ``[n]``."""
    x, d = np.asarray(exposures, dtype=np.float64), np.asarray(specific, dtype=np.float64)
    if x.ndim != 2 or d.shape != (x.shape[0],) or not np.isfinite(x).all() or not (d >= 0).all():
        raise Invalid("Exposures and specific variances do not fit.", remedy="Give one row of exposures and one variance ≥ 0 per asset.")
    return RiskModel(np.ascontiguousarray(x @ of_covariance(factor_covariance).loadings), d)
