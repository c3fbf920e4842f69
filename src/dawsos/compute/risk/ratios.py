"""Reward for risk, from one return series."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.compounding import annualised_return
from dawsos.compute.returns.figures import as_block
from dawsos.compute.risk.downside import DivideBy, downside_deviation
from dawsos.compute.risk.moments import kurtosis, skewness
from dawsos.compute.risk.observations import Figure, aligned, figure, observe, ratio
from dawsos.compute.risk.tail import quantile

#: ``arithmetic``: mean excess return / its standard deviation, × √N; ``geometric``: compounded excess return / volatility, both per year.
SharpeMethod = Literal["arithmetic", "geometric"]


def excess_returns(returns: ArrayLike, risk_free: ArrayLike = 0.0) -> np.ndarray:
    """Returns less the riskless return of the same period: one number per period, or a series aligned with the returns."""
    block = as_block(returns, "Returns")
    rate = np.asarray(risk_free, dtype=np.float64)
    if rate.ndim == 0:
        return np.asarray(block - rate)
    own, riskless = aligned(block, rate)
    return np.asarray(own - riskless)


def sharpe(
    returns: ArrayLike,
    *,
    risk_free: ArrayLike = 0.0,
    periods_per_year: float = 252.0,
    ddof: int = 1,
    method: SharpeMethod = "arithmetic",
    deviation_of: Literal["excess", "total"] = "excess",
) -> Figure:
    """Sharpe ratio per year; ``risk_free`` is the riskless return per period (a number or a dated series). NaN when nothing varies.

    ``deviation_of`` says whether the denominator is the spread of the excess returns (Sharpe 1994) or of the returns (Sharpe 1966).
    """
    excess = excess_returns(returns, risk_free)
    spread = observe(excess if deviation_of == "excess" else returns).standard_deviation(ddof)
    if method == "geometric":
        return figure(ratio(np.asarray(annualised_return(excess, periods_per_year)), spread * np.sqrt(periods_per_year)))
    return figure(ratio(observe(excess).mean, spread) * np.sqrt(periods_per_year))


def annual_return_of_sharpe(sharpe_ratio: float | None, volatility_per_year: float | None, risk_free: float | None) -> float | None:
    """The arithmetic return per year that a yearly Sharpe ratio states, S·σ + rf, to eight places; None when a part is missing."""
    if sharpe_ratio is None or volatility_per_year is None or risk_free is None:
        return None
    return round(sharpe_ratio * volatility_per_year + risk_free, 8) + 0.0


def adjusted_sharpe(
    returns: ArrayLike, *, risk_free: ArrayLike = 0.0, periods_per_year: float = 252.0, method: SharpeMethod = "arithmetic"
) -> Figure:
    """S·(1 + skew/6·S − excess kurtosis/24·S²), S the yearly Sharpe ratio, population moments (Pezier and White 2006)."""
    s = np.asarray(sharpe(returns, risk_free=risk_free, periods_per_year=periods_per_year, method=method))
    return figure(s * (1.0 + np.asarray(skewness(returns)) / 6.0 * s - np.asarray(kurtosis(returns)) / 24.0 * s**2))


def sortino(returns: ArrayLike, *, target: ArrayLike = 0.0, periods_per_year: float = 252.0, divide_by: DivideBy = "all") -> Figure:
    """(mean − target)·N / (downside deviation against the target·√N); ``target`` is per period, a number or a series."""
    excess = excess_returns(returns, target)
    spread = np.asarray(downside_deviation(excess, periods_per_year=periods_per_year, divide_by=divide_by))
    return figure(ratio(observe(excess).mean * periods_per_year, spread))


def skewness_kurtosis_ratio(returns: ArrayLike) -> Figure:
    """Skewness / kurtosis, population moments, kurtosis not in excess."""
    return figure(ratio(np.asarray(skewness(returns)), np.asarray(kurtosis(returns, excess=False))))


def tail_ratio(returns: ArrayLike, *, share: float = 0.05) -> Figure:
    """|quantile(1 − share)| / |quantile(share)|, linear interpolation."""
    return figure(ratio(np.abs(np.asarray(quantile(returns, 1.0 - share))), np.abs(np.asarray(quantile(returns, share)))))


def stability(returns: ArrayLike) -> Figure:
    """R² of a straight line through the cumulative log return against time. Needs three observations above −100 %."""
    block = as_block(returns, "Returns")
    flat = np.atleast_2d(block)
    answers = np.array([_straightness(row[~np.isnan(row)]) for row in flat])
    return figure(answers.reshape(block.shape[:-1]))


def _straightness(series: np.ndarray) -> float:
    if series.size < 3 or (series <= -1.0).any():
        return np.nan
    path, time = np.cumsum(np.log1p(series)), np.arange(series.size) - (series.size - 1) / 2.0
    deviations = path - path.mean()
    total = float(deviations @ deviations)
    return float(deviations @ time) ** 2 / (float(time @ time) * total) if total > 0 else np.nan


def win_rate(returns: ArrayLike, *, among: Literal["all", "moves"] = "all") -> Figure:
    """Share of positive observations, among all of them or among those that are not zero."""
    seen = observe(returns)
    wins = np.asarray((seen.values > 0).sum(axis=-1), dtype=np.float64)
    base = seen.count if among == "all" else np.asarray((seen.values != 0).sum(axis=-1), dtype=np.float64)
    return figure(ratio(wins, base))


def average_win(returns: ArrayLike) -> Figure:
    """Mean of the positive observations; NaN without any."""
    values = observe(returns).values
    return figure(ratio(np.maximum(values, 0.0).sum(axis=-1), np.asarray((values > 0).sum(axis=-1), dtype=np.float64)))


def average_loss(returns: ArrayLike) -> Figure:
    """Mean of the negative observations (a negative number); NaN without any."""
    values = observe(returns).values
    return figure(ratio(np.minimum(values, 0.0).sum(axis=-1), np.asarray((values < 0).sum(axis=-1), dtype=np.float64)))


def payoff_ratio(returns: ArrayLike) -> Figure:
    """Average win / |average loss|."""
    return figure(ratio(np.asarray(average_win(returns)), -np.asarray(average_loss(returns))))
