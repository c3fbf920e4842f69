"""Figures that look at one side of a threshold only."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.figures import FloatArray
from dawsos.compute.risk.observations import Figure, Observed, figure, observe, ratio

#: What a partial moment is divided by: every observation (the rule), or only those on its side.
DivideBy = Literal["all", "side"]


def _partial(seen: Observed, distance: FloatArray, order: float, divide_by: DivideBy) -> FloatArray:
    beyond = seen.present & (distance > 0)
    powers = np.where(beyond, np.maximum(distance, 0.0) ** order, 0.0).sum(axis=-1)
    return ratio(powers, seen.count if divide_by == "all" else np.asarray(beyond.sum(axis=-1), dtype=np.float64))


def lower_partial_moment(returns: ArrayLike, *, threshold: ArrayLike = 0.0, order: float = 2.0, divide_by: DivideBy = "all") -> Figure:
    """Σ max(threshold − r, 0)^order / n. ``threshold`` per period: one number, or a series for a changing target."""
    seen = observe(returns)
    return figure(_partial(seen, np.asarray(threshold, dtype=np.float64) - seen.values, order, divide_by))


def upper_partial_moment(returns: ArrayLike, *, threshold: ArrayLike = 0.0, order: float = 2.0, divide_by: DivideBy = "all") -> Figure:
    """Σ max(r − threshold, 0)^order / n."""
    seen = observe(returns)
    return figure(_partial(seen, seen.values - np.asarray(threshold, dtype=np.float64), order, divide_by))


def downside_deviation(
    returns: ArrayLike, *, threshold: ArrayLike = 0.0, periods_per_year: float = 252.0, divide_by: DivideBy = "all"
) -> Figure:
    """√(lower partial moment of order 2)·√periods_per_year, divided by all n observations (Sortino and Price 1994)."""
    moment = np.asarray(lower_partial_moment(returns, threshold=threshold, divide_by=divide_by))
    return figure(np.sqrt(moment) * np.sqrt(periods_per_year))


def downside_potential(returns: ArrayLike, *, threshold: float = 0.0) -> Figure:
    """Mean shortfall Σ max(threshold − r, 0)/n."""
    return lower_partial_moment(returns, threshold=threshold, order=1.0)


def upside_potential(returns: ArrayLike, *, threshold: float = 0.0, divide_by: DivideBy = "all") -> Figure:
    """Mean surplus Σ max(r − threshold, 0)/n."""
    return upper_partial_moment(returns, threshold=threshold, order=1.0, divide_by=divide_by)


def upside_risk(returns: ArrayLike, *, threshold: float = 0.0, divide_by: DivideBy = "all") -> Figure:
    """√(upper partial moment of order 2)."""
    return figure(np.sqrt(np.asarray(upper_partial_moment(returns, threshold=threshold, divide_by=divide_by))))


def semi_deviation(returns: ArrayLike, *, ddof: int = 0) -> Figure:
    """√(Σ min(r − mean, 0)²/(n − ddof)): the deviation below the mean."""
    seen = observe(returns)
    return figure(np.sqrt(ratio((np.minimum(seen.deviations, 0.0) ** 2).sum(axis=-1), seen.count - ddof)))


def downside_frequency(returns: ArrayLike, *, threshold: float = 0.0) -> Figure:
    """Share of observations below the threshold."""
    seen = observe(returns)
    return figure(seen.average(np.asarray(seen.values < threshold, dtype=np.float64)))


def upside_frequency(returns: ArrayLike, *, threshold: float = 0.0) -> Figure:
    """Share of observations above the threshold."""
    seen = observe(returns)
    return figure(seen.average(np.asarray(seen.values > threshold, dtype=np.float64)))


def upside_potential_ratio(returns: ArrayLike, *, threshold: float = 0.0, divide_by: DivideBy = "all") -> Figure:
    """Upside potential over downside deviation (per period)."""
    surplus = np.asarray(upside_potential(returns, threshold=threshold, divide_by=divide_by))
    return figure(ratio(surplus, np.asarray(downside_deviation(returns, threshold=threshold, periods_per_year=1.0, divide_by=divide_by))))


def omega(returns: ArrayLike, *, threshold: float = 0.0) -> Figure:
    """Σ max(r − threshold, 0) / Σ max(threshold − r, 0); NaN without a shortfall. At 0 this is the Bernardo–Ledoit ratio."""
    return figure(
        ratio(np.asarray(upside_potential(returns, threshold=threshold)), np.asarray(downside_potential(returns, threshold=threshold)))
    )


def omega_sharpe(returns: ArrayLike, *, threshold: float = 0.0) -> Figure:
    """(mean − threshold) / downside potential = omega − 1."""
    return figure(np.asarray(omega(returns, threshold=threshold)) - 1.0)


def kappa(returns: ArrayLike, *, threshold: float = 0.0, order: float = 2.0) -> Figure:
    """(mean − threshold) / (lower partial moment of ``order``)^(1/order) (Kaplan and Knowles 2004)."""
    moment = np.asarray(lower_partial_moment(returns, threshold=threshold, order=order))
    return figure(ratio(observe(returns).mean - threshold, moment ** (1.0 / order)))


def d_ratio(returns: ArrayLike) -> Figure:
    """(number of losses × Σ|losses|) / (number of gains × Σ gains): 0 is best, and below 1 speaks for the manager."""
    seen = observe(returns)
    gains, losses = np.maximum(seen.values, 0.0), np.maximum(-seen.values, 0.0)
    up, down = (gains > 0).sum(axis=-1) * gains.sum(axis=-1), (losses > 0).sum(axis=-1) * losses.sum(axis=-1)
    return figure(ratio(np.asarray(down), np.asarray(up)))


def volatility_skewness(returns: ArrayLike, *, threshold: float = 0.0) -> Figure:
    """Upper over lower partial moment of order 2; its root is :func:`variability_skewness`."""
    upper = np.asarray(upper_partial_moment(returns, threshold=threshold))
    return figure(ratio(upper, np.asarray(lower_partial_moment(returns, threshold=threshold))))


def variability_skewness(returns: ArrayLike, *, threshold: float = 0.0) -> Figure:
    """Upside risk over downside risk."""
    return figure(np.sqrt(np.asarray(volatility_skewness(returns, threshold=threshold))))


def prospect_ratio(
    returns: ArrayLike, *, threshold: float = 0.0, loss_weight: float = 2.25, threshold_from: Literal["mean", "sum"] = "mean"
) -> Figure:
    """((Σ gains − loss_weight·Σ|losses|)/n − threshold) / downside deviation (Watanabe 2006; the weight of Kahneman and Tversky).

    ``threshold_from="sum"`` takes the threshold from the sum before it is divided by n, as one package prints it.
    """
    seen = observe(returns)
    utility = seen.total(np.maximum(seen.values, 0.0) + loss_weight * np.minimum(seen.values, 0.0))
    excess = ratio(utility - threshold, seen.count) if threshold_from == "sum" else ratio(utility, seen.count) - threshold
    return figure(ratio(excess, np.asarray(downside_deviation(returns, threshold=threshold, periods_per_year=1.0))))
