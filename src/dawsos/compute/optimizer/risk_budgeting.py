"""Weights by what each asset contributes to risk: risk budgets, equal risk, and what a portfolio's risk consists of."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.optimizer.risk_model import RiskModel
from dawsos.compute.returns.figures import FloatArray
from dawsos.kernel.errors import Internal, Invalid


@dataclass(frozen=True, slots=True)
class RiskContributions:
    """``volatility`` = Σ ``contributions``; ``shares`` = contributions / volatility, NaN where there is no risk."""

    volatility: float
    contributions: FloatArray
    shares: FloatArray


def risk_contributions(weights: ArrayLike, model: RiskModel) -> RiskContributions:
    """wᵢ·(Σw)ᵢ/√(wᵀΣw) per asset, in the unit of the volatility (Euler)."""
    w = np.asarray(weights, dtype=np.float64)
    volatility = model.volatility(w)
    with np.errstate(invalid="ignore", divide="ignore"):
        contributions = w * model.times(w) / volatility if volatility > 0.0 else np.zeros(w.shape)
        shares = contributions / volatility if volatility > 0.0 else np.full(w.shape, np.nan)
    return RiskContributions(volatility, contributions, shares)


def risk_budget_weights(model: RiskModel, budgets: ArrayLike | None = None, *, accuracy: float = 1e-12) -> FloatArray:
    """Positive weights, adding up to 1, with wᵢ·(Σw)ᵢ / wᵀΣw = budgetᵢ; equal budgets (equal risk contribution) when none are given.

    The unique solution is x/Σx with x the minimum of ½xᵀΣx − Σ bᵢ·ln xᵢ, found by damped Newton steps in the scaled variables xᵢσᵢ
    (Spinu 2013, "An algorithm for computing risk parity weights"; existence: Maillard, Roncalli and Teïletche 2010). ``budgets`` are
    positive and are scaled to add up to 1. Stops when no share is off by more than ``accuracy``.

    Raises :class:`Invalid` for budgets that are not positive and for an asset without risk, whose share cannot be positive.
    """
    size = model.size
    shares = np.full(size, 1.0 / size) if budgets is None else np.asarray(budgets, dtype=np.float64)
    if shares.shape != (size,) or not (shares > 0.0).all() or not np.isfinite(shares).all():
        raise Invalid("Risk budgets must be one positive number per asset.", remedy="Leave out assets that are to carry no risk.")
    shares = shares / shares.sum()
    covariance = model.covariance()
    sigma = np.sqrt(np.diag(covariance))
    if not (sigma > 0.0).all():
        raise Invalid("An asset has no risk, so it cannot contribute a share of it.", remedy="Leave cash and constant prices out.")
    correlation = covariance / np.outer(sigma, sigma)
    x = np.sqrt(shares) / np.sqrt(max(float(np.sqrt(shares) @ correlation @ np.sqrt(shares)), 1e-300))
    for _ in range(200):
        gradient = correlation @ x - shares / x
        if float(np.abs(x * gradient).max()) <= accuracy:
            weights = x / sigma
            return np.asarray(weights / weights.sum())
        step = np.linalg.solve(correlation + np.diag(shares / x**2), gradient)
        relative = float(np.abs(step / x).max())
        # A full step once it stays well inside the positive numbers; the damped step always lowers the self-concordant objective.
        x = x - step / (1.0 + relative) if relative > 0.5 else x - step
    raise Internal("The risk budgets were not met within 200 steps.", remedy="Report the covariance and the budgets.")
