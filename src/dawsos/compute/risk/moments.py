"""Location, spread and shape of a return series."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.figures import FloatArray, as_block
from dawsos.compute.risk.observations import Figure, figure, observe, ratio

#: ``population``: plain moments over n; ``sample``: bias-adjusted as spreadsheets do; ``sample_over_population_sd``: the sample factor over
#: the population standard deviation, as some packages print it.
ShapeMethod = Literal["population", "sample", "sample_over_population_sd"]


def mean(returns: ArrayLike) -> Figure:
    """Arithmetic mean of the observations present."""
    return figure(observe(returns).mean)


def volatility(returns: ArrayLike, *, periods_per_year: float = 252.0, ddof: int = 1) -> Figure:
    """Standard deviation per year, sd·√periods_per_year; ``ddof`` 1 divides by n − 1. Needs ddof + 1 observations.

    ``periods_per_year=1`` gives the standard deviation per period.
    """
    return figure(observe(returns).standard_deviation(ddof) * np.sqrt(periods_per_year))


def period_volatility(prices: ArrayLike, *, ddof: int = 1) -> Figure:
    """Volatility of the whole period shown: standard deviation of log returns × √(number of returns). Needs three prices, all positive."""
    logs = np.log(as_block(prices, "Prices"))
    seen = observe(np.diff(logs, axis=-1))
    return figure(seen.standard_deviation(ddof) * np.sqrt(seen.count))


def mean_absolute_deviation(returns: ArrayLike) -> Figure:
    """Σ|r − mean|/n."""
    seen = observe(returns)
    return figure(seen.average(np.abs(seen.deviations)))


def gini_mean_difference(returns: ArrayLike) -> Figure:
    """Mean absolute difference of all pairs, 2/(n(n − 1))·Σ (2i − n − 1)·r_(i) over ascending observations. Needs two."""
    block = as_block(returns, "Returns")
    ordered = np.sort(block, axis=-1)
    seen = observe(ordered)
    rank = np.arange(1, block.shape[-1] + 1)
    weighted = seen.total((2.0 * rank - seen.count[..., None] - 1.0) * seen.values)
    return figure(ratio(2.0 * weighted, seen.count * (seen.count - 1.0)))


def standardised_moment(returns: ArrayLike, order: int) -> FloatArray:
    """Population moment of ``order`` over σ^order, σ with ddof 0; NaN when σ is 0."""
    seen = observe(returns)
    return ratio(seen.average(seen.deviations**order), seen.standard_deviation(0) ** order)


def skewness(returns: ArrayLike, *, method: ShapeMethod = "population") -> Figure:
    """Third standardised moment g; ``sample``: g·√(n(n − 1))/(n − 2), needs three observations."""
    g, n = standardised_moment(returns, 3), observe(returns).count
    if method == "sample":
        g = ratio(g * np.sqrt(n * np.maximum(n - 1.0, 0.0)), n - 2.0)
    elif method == "sample_over_population_sd":
        g = ratio(g * n**2, (n - 1.0) * (n - 2.0))
    return figure(g)


def kurtosis(returns: ArrayLike, *, method: ShapeMethod = "population", excess: bool = True) -> Figure:
    """Fourth standardised moment k, less 3 when ``excess``; ``sample``: ((n + 1)·(k − 3) + 6)·(n − 1)/((n − 2)(n − 3)) as the excess."""
    k, n = standardised_moment(returns, 4), observe(returns).count
    if method == "population":
        return figure(k - 3.0 * excess)
    scale = (n - 2.0) * np.maximum(n - 3.0, 0.0)
    if method == "sample":
        return figure(ratio(((n + 1.0) * (k - 3.0) + 6.0) * (n - 1.0), scale) + (0.0 if excess else 3.0))
    raw = ratio(k * n**2 * (n + 1.0), (n - 1.0) * scale)
    return figure(raw - ratio(3.0 * (n - 1.0) ** 2, scale) * excess)


def central_moment(returns: ArrayLike, order: int) -> Figure:
    """Σ(r − mean)^order/n."""
    seen = observe(returns)
    return figure(seen.average(seen.deviations**order))


def geometric_mean(returns: ArrayLike) -> Figure:
    """(Π(1 + r))^(1/n) − 1 per period; NaN with a return below −100 %."""
    seen = observe(returns)
    growth = np.prod(np.where(seen.present, 1.0 + seen.values, 1.0), axis=-1)
    possible = (seen.count > 0) & ~((seen.values < -1.0) & seen.present).any(axis=-1)
    return figure(np.where(possible, np.maximum(growth, 0.0) ** (1.0 / np.maximum(seen.count, 1.0)) - 1.0, np.nan))


def autocorrelation(returns: ArrayLike, *, lag: int = 1) -> Figure:
    """Σ (r_t − mean)(r_{t−lag} − mean) / Σ (r_t − mean)², the mean and the sum of squares over the whole series."""
    deviations = observe(returns).deviations
    return figure(ratio((deviations[..., lag:] * deviations[..., :-lag]).sum(axis=-1), (deviations**2).sum(axis=-1)))


@dataclass(frozen=True, slots=True)
class Description:
    """Mean, sample standard deviation and lag-1 autocorrelation; null where there are too few values (1, 2 and 2) or they do not vary."""

    mean: float | None
    standard_deviation: float | None
    autocorrelation: float | None


def describe(values: Sequence[Decimal]) -> Description:
    """Describe exact decimals without losing the digits a large common part would cost.

    The first value is subtracted exactly before anything becomes a float, so amounts near 10 000 000 that differ in the tenths keep all
    their digits. Decimals become floats here and nowhere else in this package.
    """
    if not values:
        return Description(None, None, None)
    origin = values[0]
    shifted = np.array([float(value - origin) for value in values], dtype=np.float64)
    average = float(origin + Decimal(float(shifted.mean())))
    spread, memory = float(np.asarray(volatility(shifted, periods_per_year=1.0))), float(np.asarray(autocorrelation(shifted)))
    return Description(average, None if np.isnan(spread) else spread, None if np.isnan(memory) else memory)
