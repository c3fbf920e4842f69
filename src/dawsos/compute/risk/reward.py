"""Reward for the risk of the tail, and figures traders keep: gains against losses, streaks, what to bet."""

from collections.abc import Callable, Mapping
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.compounding import link
from dawsos.compute.returns.figures import FloatArray, as_block
from dawsos.compute.risk.drawdown import average_drawdown, conditional_drawdown, max_drawdown, ulcer_index
from dawsos.compute.risk.moments import autocorrelation, gini_mean_difference, mean_absolute_deviation
from dawsos.compute.risk.observations import Figure, figure, observe, ratio
from dawsos.compute.risk.ratios import average_loss, excess_returns, payoff_ratio, sharpe, tail_ratio, win_rate
from dawsos.compute.risk.tail import (
    cornish_fisher_cvar,
    cornish_fisher_var,
    gaussian_cvar,
    gaussian_var,
    historical_cvar,
    historical_var,
)  # fmt: skip

#: Of which distribution a loss in the tail is taken.
TailModel = Literal["historical", "gaussian", "cornish_fisher"]
_VAR: Final[Mapping[TailModel, Callable[..., Figure]]] = {
    "historical": historical_var,
    "gaussian": gaussian_var,
    "cornish_fisher": cornish_fisher_var,
}
_CVAR: Final[Mapping[TailModel, Callable[..., Figure]]] = {
    "historical": historical_cvar,
    "gaussian": gaussian_cvar,
    "cornish_fisher": cornish_fisher_cvar,
}


def _excess(returns: ArrayLike, risk_free: ArrayLike) -> FloatArray:
    return observe(excess_returns(returns, risk_free)).mean


def _spread(returns: ArrayLike, of: Callable[[ArrayLike], Figure]) -> FloatArray:
    """A figure of spread, exactly zero where all observations are equal: its rounding is no spread."""
    return np.where(observe(returns).standard_deviation(0) > 0, np.asarray(of(returns)), 0.0)


def reward_to_var(returns: ArrayLike, *, tail: float = 0.05, risk_free: ArrayLike = 0.0, model: TailModel = "historical") -> Figure:
    """Mean excess return/|value at risk| per period (Bacon); NaN where the VaR is a gain."""
    return figure(ratio(_excess(returns, risk_free), -np.asarray(_VAR[model](returns, tail=tail))))


def reward_to_cvar(returns: ArrayLike, *, tail: float = 0.05, risk_free: ArrayLike = 0.0, model: TailModel = "historical") -> Figure:
    """Mean excess return/|expected shortfall| per period; also the STARR ratio (Martin, Rachev and Siboulet 2003)."""
    return figure(ratio(_excess(returns, risk_free), -np.asarray(_CVAR[model](returns, tail=tail))))


def rachev(returns: ArrayLike, *, upper: float = 0.05, lower: float = 0.05, risk_free: ArrayLike = 0.0) -> Figure:
    """Expected excess return in the best ``upper`` share over the expected shortfall in the worst ``lower`` (Biglova et al. 2004)."""
    excess = excess_returns(returns, risk_free)
    best, worst = -np.asarray(historical_cvar(-excess, tail=upper)), -np.asarray(historical_cvar(excess, tail=lower))
    return figure(ratio(best, worst))


def mad_ratio(returns: ArrayLike, *, risk_free: ArrayLike = 0.0) -> Figure:
    """Mean excess return/mean absolute deviation (Konno and Yamazaki 1991)."""
    return figure(ratio(_excess(returns, risk_free), _spread(returns, mean_absolute_deviation)))


def gini_ratio(returns: ArrayLike, *, risk_free: ArrayLike = 0.0) -> Figure:
    """Mean excess return/mean difference (Shalit and Yitzhaki 1984)."""
    return figure(ratio(_excess(returns, risk_free), _spread(returns, gini_mean_difference)))


def minimax_ratio(returns: ArrayLike, *, risk_free: ArrayLike = 0.0) -> Figure:
    """Mean excess return/|worst return| (Young 1998); NaN without a loss."""
    seen = observe(returns)
    worst = np.where(seen.present, seen.values, np.inf).min(axis=-1, initial=np.inf)
    return figure(ratio(_excess(returns, risk_free), -worst))


def drawdown_reward(
    returns: ArrayLike,
    *,
    risk: Literal["maximum", "average", "conditional", "ulcer"] = "average",
    risk_free: ArrayLike = 0.0,
    tail: float = 0.05,
    compounded: bool = True,
) -> Figure:
    """Mean excess return per period over a figure of drawdown."""
    match risk:
        case "maximum":
            depth = -np.asarray(max_drawdown(returns, compounded=compounded))
        case "average":
            depth = np.asarray(average_drawdown(returns, compounded=compounded))
        case "conditional":
            depth = -np.asarray(conditional_drawdown(returns, tail=tail, compounded=compounded))
        case "ulcer":
            depth = np.asarray(ulcer_index(returns, compounded=compounded))
    return figure(ratio(_excess(returns, risk_free), depth))


def gain_to_pain(returns: ArrayLike, *, risk_free: ArrayLike = 0.0) -> Figure:
    """Σ r/Σ|losses| (Schwager): one less than the profit factor."""
    seen = observe(excess_returns(returns, risk_free))
    return figure(ratio(seen.values.sum(axis=-1), -np.minimum(seen.values, 0.0).sum(axis=-1)))


def profit_factor(returns: ArrayLike) -> Figure:
    """Σ gains/Σ|losses|."""
    seen = observe(returns)
    return figure(ratio(np.maximum(seen.values, 0.0).sum(axis=-1), -np.minimum(seen.values, 0.0).sum(axis=-1)))


def common_sense_ratio(returns: ArrayLike, *, share: float = 0.05) -> Figure:
    """Profit factor × tail ratio."""
    return figure(np.asarray(profit_factor(returns)) * np.asarray(tail_ratio(returns, share=share)))


def cpc_index(returns: ArrayLike) -> Figure:
    """Profit factor × win rate (among moves) × payoff ratio (Dahlquist)."""
    rate = np.asarray(win_rate(returns, among="moves"))
    return figure(np.asarray(profit_factor(returns)) * rate * np.asarray(payoff_ratio(returns)))


def kelly(returns: ArrayLike, *, method: Literal["moments", "bets"] = "moments", risk_free: ArrayLike = 0.0, half: bool = False) -> Figure:
    """The share of capital that grows fastest: mean excess/variance, or from bets p − (1 − p)/payoff; ``half`` halves it (Kelly 1956)."""
    if method == "bets":
        rate, payoff = np.asarray(win_rate(returns, among="moves")), np.asarray(payoff_ratio(returns))
        found = rate - ratio(1.0 - rate, payoff)
    else:
        seen = observe(excess_returns(returns, risk_free))
        found = ratio(seen.mean, seen.standard_deviation(1) ** 2)
    return figure(found * (0.5 if half else 1.0))


def recovery_factor(returns: ArrayLike) -> Figure:
    """Compounded return/|maximum drawdown|."""
    return figure(ratio(np.asarray(link(returns)), -np.asarray(max_drawdown(returns))))


def risk_of_ruin(returns: ArrayLike) -> Figure:
    """((1 − p)/(1 + p))^n with the win rate p: the chance to lose all in n equal bets of everything."""
    rate = np.asarray(win_rate(returns, among="moves"))
    return figure(np.asarray(ratio(1.0 - rate, 1.0 + rate) ** observe(returns).count))


def smart_sharpe(returns: ArrayLike, *, risk_free: ArrayLike = 0.0, periods_per_year: float = 252.0) -> Figure:
    """Sharpe ratio less what memory flatters it by: over √(1 + 2·Σ (n − k)/n·|ρ|^k), ρ the lag-1 autocorrelation (Lo 2002)."""
    block = as_block(returns, "Returns")
    count, rho = observe(block).count, np.abs(np.asarray(autocorrelation(block)))
    lags = np.arange(1, block.shape[-1])
    memory = np.maximum(1.0 - lags / np.maximum(count, 1)[..., None], 0.0) * rho[..., None] ** lags
    penalty = np.sqrt(1.0 + 2.0 * memory.sum(axis=-1))
    return figure(ratio(np.asarray(sharpe(block, risk_free=risk_free, periods_per_year=periods_per_year)), penalty))


def longest_streak(returns: ArrayLike, *, of: Literal["gains", "losses"]) -> Figure:
    """The most observations in a row that are gains, or losses; missing ones neither break nor lengthen it."""
    block = as_block(returns, "Returns")
    runs = [_longest(row[~np.isnan(row)] > 0 if of == "gains" else row[~np.isnan(row)] < 0) for row in np.atleast_2d(block)]
    return figure(np.array(runs, dtype=np.float64).reshape(block.shape[:-1]))


def _longest(hits: np.ndarray) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], hits, [False]]).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def outlier_ratio(returns: ArrayLike, *, side: Literal["gains", "losses"], share: float = 0.99) -> Figure:
    """The ``share`` quantile of returns over the mean gain, or the 1 − ``share`` quantile over the mean loss."""
    if side == "losses":
        return figure(np.asarray(historical_var(returns, tail=1.0 - share)) / np.asarray(average_loss(returns)))
    seen = observe(returns)
    mean_gain = ratio(np.maximum(seen.values, 0.0).sum(axis=-1), np.asarray((seen.values > 0).sum(axis=-1), dtype=np.float64))
    return figure(ratio(np.asarray(historical_var(returns, tail=share)), mean_gain))
