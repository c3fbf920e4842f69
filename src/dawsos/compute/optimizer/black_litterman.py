"""Expected returns from the market's weights and views (Black and Litterman 1992), in each published convention."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.figures import FloatArray
from dawsos.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class Posterior:
    """``mean`` μ̄ ``[n]``, ``uncertainty`` M of the mean, and ``covariance`` Σ + M of the returns."""

    mean: FloatArray
    uncertainty: FloatArray
    covariance: FloatArray


def implied_risk_aversion(mean: float, variance: float, *, risk_free: float = 0.0, periods_per_year: float = 1.0) -> float:
    """δ = (N·mean − ``risk_free``)/(N·variance) of the market; mean and variance per period, the riskless rate per year."""
    if not variance > 0.0:
        raise Invalid("The market's returns do not vary.", remedy="Give the variance of a market index.")
    return (mean * periods_per_year - risk_free) / (variance * periods_per_year)


def equilibrium_returns(covariance: ArrayLike, market_weights: ArrayLike, risk_aversion: float, *, risk_free: float = 0.0) -> FloatArray:
    """Π = δ·Σ·w + ``risk_free``: excess returns with the default 0 (He and Litterman), total returns otherwise."""
    return np.asarray(risk_aversion * np.asarray(covariance, dtype=np.float64) @ np.asarray(market_weights, dtype=np.float64) + risk_free)


def view_variances(covariance: ArrayLike, views: ArrayLike) -> FloatArray:
    """p·Σ·pᵀ per row p of ``views`` ``[k × n]``."""
    p = np.atleast_2d(np.asarray(views, dtype=np.float64))
    return np.asarray(np.einsum("ki,ij,kj->k", p, np.asarray(covariance, dtype=np.float64), p))


def proportional_omega(covariance: ArrayLike, views: ArrayLike, tau: float) -> FloatArray:
    """ω per view = p·τΣ·pᵀ, the diagonal of Ω (He and Litterman 1999)."""
    return tau * view_variances(covariance, views)


def idzorek_omega(covariance: ArrayLike, views: ArrayLike, tau: float, confidences: ArrayLike) -> FloatArray:
    """ω per view = p·τΣ·pᵀ·(1 − c)/c for confidences 0 < c ≤ 1: the tilt of a view alone is c times the tilt of full confidence.

    Closed form of Idzorek (2005) by Walters (2014). Confidence 0 has no finite ω; leave the view out.
    """
    c = np.asarray(confidences, dtype=np.float64)
    if not ((c > 0.0) & (c <= 1.0)).all():
        raise Invalid("A confidence is not above 0 and at most 1.", remedy="Leave out views without confidence.")
    return np.asarray(proportional_omega(covariance, views, tau) * (1.0 - c) / c)


def posterior(prior: ArrayLike, covariance: ArrayLike, views: ArrayLike, expected: ArrayLike, omega: ArrayLike, *, tau: float) -> Posterior:
    """μ̄ = Π + τΣPᵀ(PτΣPᵀ + Ω)⁻¹(Q − PΠ) and M = τΣ − τΣPᵀ(PτΣPᵀ + Ω)⁻¹PτΣ.

    ``views`` P ``[k × n]``, ``expected`` Q ``[k]``, ``omega`` the diagonal ``[k]`` or the whole of Ω ``[k × k]``. This form needs no
    inverse of Σ or Ω, so views held with certainty (ω = 0) are exact. No views give the prior back, with M = τΣ.
    """
    pi, sigma = np.asarray(prior, dtype=np.float64), np.asarray(covariance, dtype=np.float64)
    p, q = np.asarray(views, dtype=np.float64).reshape(-1, pi.size), np.asarray(expected, dtype=np.float64)
    omega_matrix = np.asarray(omega, dtype=np.float64)
    omega_matrix = np.diag(omega_matrix) if omega_matrix.ndim == 1 else omega_matrix
    if sigma.shape != (pi.size, pi.size) or q.shape != (p.shape[0],) or omega_matrix.shape != (q.size, q.size):
        raise Invalid("Prior, covariance, views and their uncertainty do not fit.", remedy="One row of P, one Q and one ω per view.")
    spread = tau * sigma @ p.T
    gain = np.linalg.lstsq((p @ spread + omega_matrix).T, spread.T, rcond=None)[0].T if q.size else np.zeros((pi.size, 0))
    mean = pi + gain @ (q - p @ pi)
    uncertainty = tau * sigma - gain @ spread.T
    return Posterior(np.asarray(mean), np.asarray((uncertainty + uncertainty.T) / 2.0), np.asarray(sigma + uncertainty))


def unconstrained_weights(mean: ArrayLike, covariance: ArrayLike, risk_aversion: float, *, normalised: bool = False) -> FloatArray:
    """The weights (δΣ)⁻¹μ; ``normalised`` divides by their sum.

    He and Litterman use Σ + M and do not normalise; Idzorek uses Σ, not normalised; PyPortfolioOpt uses Σ and normalises.
    """
    weights = np.linalg.solve(risk_aversion * np.asarray(covariance, dtype=np.float64), np.asarray(mean, dtype=np.float64))
    if not normalised:
        return np.asarray(weights)
    total = float(weights.sum())
    if total == 0.0:
        raise Invalid("The weights add up to zero and cannot be scaled to 1.", remedy="Ask for them as they are.")
    return np.asarray(weights / total)
