"""How returns move together beyond covariance: coskewness and cokurtosis with a benchmark, and betas built on them."""

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.figures import FloatArray
from dawsos.compute.risk.observations import Figure, aligned, figure, observe


def _co_moment(returns: ArrayLike, benchmark: ArrayLike, power: int) -> FloatArray:
    own, other = (observe(side) for side in aligned(returns, benchmark))
    return own.average(own.deviations * other.deviations**power)


def coskewness(returns: ArrayLike, benchmark: ArrayLike) -> Figure:
    """E[(r − r̄)(b − b̄)²], population: below zero, it falls when the benchmark moves much."""
    return figure(_co_moment(returns, benchmark, 2))


def cokurtosis(returns: ArrayLike, benchmark: ArrayLike) -> Figure:
    """E[(r − r̄)(b − b̄)³], population: above zero, it falls in the benchmark's worst falls."""
    return figure(_co_moment(returns, benchmark, 3))


def beta_coskewness(returns: ArrayLike, benchmark: ArrayLike) -> Figure:
    """Coskewness over the benchmark's own third moment; NaN when that is zero (Martellini and Ziemann 2007)."""
    return figure(_per_own(returns, benchmark, 2))


def beta_cokurtosis(returns: ArrayLike, benchmark: ArrayLike) -> Figure:
    """Cokurtosis over the benchmark's own fourth moment."""
    return figure(_per_own(returns, benchmark, 3))


def _per_own(returns: ArrayLike, benchmark: ArrayLike, power: int) -> FloatArray:
    _, other = aligned(returns, benchmark)
    whole = _co_moment(other, other, power)
    quotient: FloatArray = np.divide(
        _co_moment(returns, benchmark, power), whole, out=np.full(whole.shape, np.nan), where=(whole != 0) & ~np.isnan(whole)
    )
    return quotient
