"""The part one position has in the risk of its portfolio."""

from dataclasses import dataclass
from decimal import Decimal
from statistics import NormalDist

import numpy as np

from dawsos.compute.returns.figures import FloatArray, NotComputable
from dawsos.compute.risk.performance import LEAST_OBSERVATIONS, PLACES, TRADING_DAYS
from dawsos.compute.valuation.instrument_returns import InstrumentReturns
from dawsos.kernel.money import round_money


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionRisk:
    """Amounts in base currency are losses as positive numbers; the others are fractions to eight places.

    ``marginal_var`` is the rise of the portfolio's value at risk per unit of money added to the position. Volatilities are per year.
    """

    var_1d: Decimal
    var_1d_pct: float
    cvar_1d: Decimal
    marginal_var: float
    component_var: Decimal
    pct_portfolio_risk: float
    portfolio_var_1d: Decimal
    beta_to_portfolio: float
    correlation: float
    diversification_benefit: float
    position_volatility: float
    portfolio_volatility: float
    n_obs: int


def position_risk(
    returns: FloatArray, weights: FloatArray, place: int, *, value: Decimal, nav: Decimal, confidence: float = 0.95
) -> PositionRisk | NotComputable:
    """Value at risk of one day by the normal distribution, and its division over the positions of ``returns[N × D]``.

    Σ is the sample covariance of the days on which every position with a weight has a return (at least 30), w ``weights[N]`` of NAV today,
    z the normal quantile of ``confidence``: σ_p = √(w'Σw), portfolio VaR = z·σ_p·NAV, marginal = z·(Σw)_i/σ_p, component = w_i·marginal·NAV
    (they sum to the VaR), position VaR = z·σ_i·|value|, CVaR = σ_i·φ(z)/(1 − confidence)·|value|, β = (Σw)_i/σ_p², diversification
    benefit = 1 − VaR / Σ_j z·σ_j·|w_j|·NAV. :class:`NotComputable` with fewer days or without any risk.

    Source: Jorion, Value at Risk, 3rd ed., ch. 7; Litterman, Hot Spots and Hedges, Goldman Sachs, 1996.
    """
    there = np.flatnonzero(weights != 0)
    if place not in there:
        return NotComputable("a weight in the portfolio")
    complete = ~np.isnan(returns[there]).any(axis=0)
    days = int(complete.sum())
    if days < LEAST_OBSERVATIONS:
        return NotComputable("days on which every position has a return", LEAST_OBSERVATIONS, days)
    sample = returns[there][:, complete]
    covariance = np.atleast_2d(np.cov(sample))
    w, i = weights[there], int(np.flatnonzero(there == place)[0])
    with_all = covariance @ w
    variance = float(w @ with_all)
    own = float(np.sqrt(covariance[i, i]))
    if variance <= 0 or own == 0:
        return NotComputable("returns that vary")
    sigma = float(np.sqrt(variance))
    z = NormalDist().inv_cdf(confidence)
    tail = NormalDist().pdf(z) / (1.0 - confidence)
    alone = float(np.abs(w) @ np.sqrt(np.diag(covariance)))
    component = float(w[i] * with_all[i] / sigma)
    return PositionRisk(
        var_1d=_amount(z * own, abs(value)),
        var_1d_pct=_rounded(z * own),
        cvar_1d=_amount(own * tail, abs(value)),
        marginal_var=_rounded(z * with_all[i] / sigma),
        component_var=_amount(z * component, nav),
        pct_portfolio_risk=_rounded(component / sigma),
        portfolio_var_1d=_amount(z * sigma, nav),
        beta_to_portfolio=_rounded(with_all[i] / variance),
        correlation=_rounded(with_all[i] / (own * sigma)),
        diversification_benefit=_rounded(1.0 - sigma / alone),
        position_volatility=_rounded(own * np.sqrt(TRADING_DAYS)),
        portfolio_volatility=_rounded(sigma * np.sqrt(TRADING_DAYS)),
        n_obs=days,
    )


def _rounded(figure: float) -> float:
    return round(float(figure), PLACES) + 0.0


def _amount(fraction: float, of: Decimal) -> Decimal:
    return round_money(Decimal(repr(float(fraction))) * of)


def with_history(found: InstrumentReturns, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Returns and weights for :func:`position_risk`: cash moves with its exchange rate, and what has fewer than 30 returns weighs nothing.

    Leaving out is not silent: whoever asks compares the weights with those given.
    """
    is_cash = np.array([one.is_cash for one in found.instruments], dtype=np.bool_)
    returns = np.where(is_cash[:, None], found.moved, found.total)
    enough = (~np.isnan(returns)).sum(axis=1) >= LEAST_OBSERVATIONS
    return returns, np.where(enough, weights, 0.0)
