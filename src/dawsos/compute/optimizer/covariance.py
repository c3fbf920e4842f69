"""Covariance of returns: sample, and shrunk towards a structure when there are few observations."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.optimizer.risk_model import RiskModel, of_covariance
from dawsos.compute.returns.figures import FloatArray, NotComputable
from dawsos.kernel.errors import Invalid

#: Fewer complete observations than this say too little about who moves with whom.
FEWEST_OBSERVATIONS = 60
#: ``scaled_identity``: every asset alike and independent (Ledoit and Wolf 2004a); ``constant_correlation``: own variances, one
#: correlation (2004b).
Target = Literal["scaled_identity", "constant_correlation"]


@dataclass(frozen=True, slots=True)
class Shrunk:
    """``covariance`` per year, the ``intensity`` δ in [0, 1] it was shrunk with, and the number of complete ``observations``."""

    model: RiskModel
    covariance: FloatArray
    intensity: float
    observations: int


def complete_rows(returns: ArrayLike) -> FloatArray:
    """The rows (days) of ``[T × n]`` on which every asset has a return."""
    block = np.asarray(returns, dtype=np.float64)
    if block.ndim != 2 or np.isinf(block).any():
        raise Invalid("Returns must be a table days × assets of finite numbers.", remedy="One row per day, one column per asset.")
    return np.asarray(block[~np.isnan(block).any(axis=1)])


def sample_covariance(returns: ArrayLike, *, ddof: int = 1) -> FloatArray:
    """Of the complete rows, per period; Σ(r − r̄)(r − r̄)ᵀ/(T − ddof). NaN throughout with T ≤ ddof."""
    rows = complete_rows(returns)
    if rows.shape[0] <= ddof:
        return np.full((rows.shape[1], rows.shape[1]), np.nan)
    deviations = rows - rows.mean(axis=0)
    return np.asarray(deviations.T @ deviations / (rows.shape[0] - ddof))


def ledoit_wolf(
    returns: ArrayLike,
    *,
    target: Target = "scaled_identity",
    periods_per_year: float = 252.0,
    fewest: int = FEWEST_OBSERVATIONS,
) -> Shrunk | NotComputable:
    """(1 − δ)·S + δ·T of the complete rows of ``returns [T × n]``, S with ddof 0, times ``periods_per_year``.

    ``scaled_identity``: T = tr(S)/n·I and δ = min(b̄², d²)/d² with d² = ‖S − T‖²/n and b̄² = Σ_t ‖x_t·x_tᵀ − S‖²/(n·T²), "A
    well-conditioned estimator for large-dimensional covariance matrices" (2004). The result keeps the form of factors: T rows of
    deviations and one common specific variance, so that 2 000 assets with a year of days solve as a problem of 252 factors.
    ``constant_correlation``: "Honey, I shrunk the sample covariance matrix" (2004), δ = max(0, min(1, (π̂ − ρ̂)/γ̂/T)).

    Fewer than ``fewest`` complete rows give :class:`NotComputable`.
    """
    rows = complete_rows(returns)
    count = rows.shape[0]
    if count < max(fewest, 2):
        return NotComputable("days on which every asset has a return", max(fewest, 2), count)
    deviations = rows - rows.mean(axis=0)
    sample = deviations.T @ deviations / count
    if target == "constant_correlation":
        structure, intensity = _constant_correlation(deviations, sample)
        covariance = ((1.0 - intensity) * sample + intensity * structure) * periods_per_year
        return Shrunk(of_covariance(covariance), covariance, intensity, count)
    mean_variance, intensity = _scaled_identity(deviations, sample)
    size = sample.shape[0]
    covariance = ((1.0 - intensity) * sample + intensity * mean_variance * np.eye(size)) * periods_per_year
    specific = np.full(size, intensity * mean_variance * periods_per_year)
    if count < size:
        loadings = np.ascontiguousarray(deviations.T * np.sqrt((1.0 - intensity) * periods_per_year / count))
    else:
        loadings = of_covariance((1.0 - intensity) * sample * periods_per_year).loadings
    return Shrunk(RiskModel(loadings, specific), covariance, intensity, count)


def _scaled_identity(deviations: FloatArray, sample: FloatArray) -> tuple[float, float]:
    count, size = deviations.shape
    mean_variance = float(np.trace(sample)) / size
    spread = float((sample**2).sum()) / size - mean_variance**2
    fourth = float(((deviations**2).sum(axis=1) ** 2).sum())
    noise = (fourth / count - float((sample**2).sum())) / (size * count)
    return mean_variance, (min(max(noise, 0.0), spread) / spread if spread > 0.0 else 0.0)


def _constant_correlation(deviations: FloatArray, sample: FloatArray) -> tuple[FloatArray, float]:
    count, size = deviations.shape
    variances = np.diag(sample)
    if size < 2 or (variances <= 0.0).any():
        return sample, 0.0
    scale = np.sqrt(np.outer(variances, variances))
    average = float((sample / scale).sum() - size) / (size * (size - 1))
    structure = average * scale
    np.fill_diagonal(structure, variances)
    squares = deviations**2
    pi_matrix = squares.T @ squares / count - sample**2
    theta = (deviations**3).T @ deviations / count - variances[:, None] * sample
    np.fill_diagonal(theta, 0.0)
    ratio = np.sqrt(variances[None, :] / variances[:, None])
    rho = float(np.diag(pi_matrix).sum()) + average * float((ratio * theta).sum())
    gamma = float(((sample - structure) ** 2).sum())
    if gamma <= 0.0:
        return structure, 0.0
    return structure, float(np.clip((float(pi_matrix.sum()) - rho) / gamma / count, 0.0, 1.0))
