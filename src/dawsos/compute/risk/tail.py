"""Value at risk and expected shortfall. Losses are negative returns throughout; turn the sign to show them as positive amounts."""

from collections.abc import Callable
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.figures import FloatArray, as_block
from dawsos.compute.risk.moments import kurtosis, skewness
from dawsos.compute.risk.observations import Figure, figure, observe
from dawsos.kernel.errors import Invalid

#: ``worst``: the ceil(tail·n)-th worst observation itself. ``linear`` is type 7 of Hyndman and Fan (1996), between two order statistics
#: at (n − 1)·tail; ``inverted_cdf`` to ``interpolated_inverted_cdf`` are their types 1 to 4, ``hazen`` 5, ``weibull`` 6,
#: ``median_unbiased`` 8, ``normal_unbiased`` 9; ``lower`` to ``midpoint`` pick or halve what type 7 lies between.
QuantileMethod = Literal[
    "linear", "worst", "inverted_cdf", "averaged_inverted_cdf", "closest_observation", "interpolated_inverted_cdf", "hazen", "weibull",
    "median_unbiased", "normal_unbiased", "lower", "higher", "nearest", "midpoint",
]  # fmt: skip
#: ``at_or_below``: mean of the observations at or below the VaR; ``fractional``: of exactly tail·n, the last in part (Rockafellar and
#: Uryasev 2002); ``below_position``: of the floor((n − 1)·tail) + 1 worst.
ShortfallMethod = Literal["at_or_below", "fractional", "below_position"]


def quantile(returns: ArrayLike, share: float) -> Figure:
    """Type 7 quantile: linear interpolation at position (n − 1)·share of the ascending observations."""
    block = as_block(returns, "Returns")
    ordered = np.sort(block, axis=-1)  # NaN sorts to the end
    count = np.sum(~np.isnan(block), axis=-1)
    position = np.maximum(count - 1, 0) * share
    below = np.floor(position).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(count - 1, 0))
    if block.shape[-1] == 0:
        return figure(np.full(block.shape[:-1], np.nan))
    low, high = (np.take_along_axis(ordered, place[..., None], axis=-1)[..., 0] for place in (below, above))
    return figure(np.asarray(low + (high - low) * (position - below)))


def historical_var(returns: ArrayLike, *, tail: float = 0.05, method: QuantileMethod = "linear") -> Figure:
    """The return that the worst ``tail`` of the observations falls short of."""
    if method == "linear":
        return quantile(returns, tail)
    if method == "worst":
        return figure(_per_series(returns, lambda ordered: ordered[_worst(ordered.size, tail)]))
    return figure(_per_series(returns, lambda ordered: float(np.quantile(ordered, tail, method=method))))


def historical_cvar(
    returns: ArrayLike, *, tail: float = 0.05, method: ShortfallMethod = "at_or_below", quantile_method: QuantileMethod = "linear"
) -> Figure:
    """Mean return in the tail, see :data:`ShortfallMethod`; ``quantile_method`` is that of the VaR for ``at_or_below``."""
    if method == "fractional":
        return figure(_per_series(returns, lambda ordered: _fractional_tail(ordered, tail)))
    if method == "below_position":
        return figure(_per_series(returns, lambda ordered: float(ordered[: int((ordered.size - 1) * tail) + 1].mean())))
    edge = np.asarray(historical_var(returns, tail=tail, method=quantile_method))[..., None]
    seen = observe(returns)
    inside = seen.present & (seen.values <= edge)
    return figure(np.asarray(np.where(inside, seen.values, 0.0).sum(axis=-1) / np.where(seen.count > 0, inside.sum(axis=-1), np.nan)))


def gaussian_var(returns: ArrayLike, *, tail: float = 0.05, ddof: int = 0) -> Figure:
    """The mean plus z·σ, z the normal quantile of ``tail``."""
    seen = observe(returns)
    return figure(seen.mean + normal_quantile(tail) * seen.standard_deviation(ddof))


def gaussian_cvar(returns: ArrayLike, *, tail: float = 0.05, ddof: int = 0) -> Figure:
    """The mean less σ·φ(z)/tail."""
    seen = observe(returns)
    return figure(seen.mean - seen.standard_deviation(ddof) * normal_density(normal_quantile(tail)) / tail)


def cornish_fisher_quantile(z: float, skew: FloatArray, excess_kurtosis: FloatArray) -> FloatArray:
    """The normal quantile ``z`` bent by skewness and excess kurtosis (Cornish and Fisher 1937, to second order)."""
    return np.asarray(
        z + (z**2 - 1.0) / 6.0 * skew + (z**3 - 3.0 * z) / 24.0 * excess_kurtosis - (2.0 * z**3 - 5.0 * z) / 36.0 * skew**2,
        dtype=np.float64,
    )


def cornish_fisher_var(returns: ArrayLike, *, tail: float = 0.05, ddof: int = 0) -> Figure:
    """The mean plus z*·σ with the Cornish–Fisher quantile z*, population skewness and kurtosis (Favre and Galeano 2002)."""
    seen = observe(returns)
    bent = cornish_fisher_quantile(normal_quantile(tail), np.asarray(skewness(returns)), np.asarray(kurtosis(returns)))
    return figure(seen.mean + bent * seen.standard_deviation(ddof))


def cornish_fisher_cvar(returns: ArrayLike, *, tail: float = 0.05, ddof: int = 0) -> Figure:
    """Expected shortfall under the second-order Edgeworth density (Boudt, Peterson and Croux 2008), never above the VaR it belongs to."""
    seen = observe(returns)
    skew, excess = np.asarray(skewness(returns)), np.asarray(kurtosis(returns))
    h = cornish_fisher_quantile(normal_quantile(tail), skew, excess)
    depth = edgeworth_tail_mean(h, skew, excess) / tail
    return figure(seen.mean + np.minimum(-depth, h) * seen.standard_deviation(ddof))


def edgeworth_tail_mean(h: FloatArray, skew: FloatArray, excess: FloatArray) -> FloatArray:
    """−E[z·1(z ≤ h)] under the Edgeworth density: φ(h)·(1 + κ/24·(h⁴ − 2h² − 1) + s/6·h³ + s²/72·(h⁶ − 9h⁴ + 9h² + 3))."""
    bend = 1.0 + excess / 24.0 * (h**4 - 2.0 * h**2 - 1.0) + skew / 6.0 * h**3 + skew**2 / 72.0 * (h**6 - 9.0 * h**4 + 9.0 * h**2 + 3.0)
    return np.asarray(np.exp(-0.5 * h**2) / np.sqrt(2.0 * np.pi) * bend)


def entropic_var(returns: ArrayLike, *, tail: float = 0.05) -> Figure:
    """−min over z > 0 of z·ln(E[e^(−r/z)]/tail): the tightest bound by the moment-generating function (Ahmadi-Javid 2012)."""
    return figure(_per_series(returns, lambda ordered: _entropic(ordered, tail)))


def _entropic(series: FloatArray, tail: float) -> float:
    from scipy.optimize import minimize_scalar  # noqa: PLC0415 - slow to import and needed for this figure alone
    from scipy.special import logsumexp  # noqa: PLC0415

    def bound(log_z: float) -> float:
        z = float(np.exp(log_z))
        return z * float(logsumexp(-series / z) - np.log(series.size * tail))

    scale = float(np.log(max(float(np.abs(series).max()), 1e-300)))
    best = minimize_scalar(bound, bounds=(scale - 12.0, scale + 12.0), method="bounded", options={"xatol": 1e-12})
    # As z goes to zero the bound becomes the worst observation, which the search only comes near.
    return max(-float(best.fun), float(series.min()))


def entropic_risk(returns: ArrayLike, *, aversion: float = 1.0, tail: float = 0.05) -> Figure:
    """−aversion·ln(E[e^(−r/aversion)]/tail), a return (negative for a loss) like every figure here."""
    if not aversion > 0:
        raise Invalid(f"A risk aversion of {aversion}.", remedy="Give a positive number.")

    def measured(ordered: FloatArray) -> float:
        scaled = -ordered / aversion
        highest = float(scaled.max())
        return -aversion * (highest + float(np.log(np.mean(np.exp(scaled - highest)) / tail)))

    return figure(_per_series(returns, measured))


def student_var(returns: ArrayLike, *, degrees: float, tail: float = 0.05, ddof: int = 0) -> Figure:
    """Mean + t·σ·√((ν − 2)/ν) with the ``tail`` quantile t of Student's distribution of ν ``degrees`` > 2, scaled to the same variance."""
    from scipy.special import stdtrit  # noqa: PLC0415 - slow to import and needed for this figure alone

    if not degrees > 2:
        raise Invalid(f"Student's distribution of {degrees} degrees has no variance.", remedy="Give more than 2.")
    seen = observe(returns)
    return figure(seen.mean + float(stdtrit(degrees, tail)) * seen.standard_deviation(ddof) * np.sqrt((degrees - 2.0) / degrees))


def monte_carlo_tail(
    returns: ArrayLike, random: np.random.Generator, *, tail: float = 0.05, draws: int = 10_000, horizon: int = 1, ddof: int = 1
) -> tuple[Figure, Figure]:
    """VaR and CVaR over ``horizon`` periods from ``draws`` normal paths with the mean and spread of one series, compounded.

    The same seed gives the same answer. NaN with fewer than two observations.
    """
    seen = observe(returns)
    if seen.values.ndim != 1:
        raise Invalid("Paths are drawn for one series.", remedy="Give one row of the block.")
    if seen.count < 2:
        return float("nan"), float("nan")
    drawn = random.normal(float(seen.mean), float(seen.standard_deviation(ddof)), size=(draws, horizon))
    ends = np.prod(1.0 + drawn, axis=1) - 1.0
    return historical_var(ends, tail=tail), historical_cvar(ends, tail=tail)


def over_horizon(loss: ArrayLike, periods: float, *, mean: ArrayLike = 0.0) -> Figure:
    """A one-period VaR or CVaR over ``periods``: mean·h + (loss − mean)·√h, as if returns were independent and alike."""
    if not periods > 0:
        raise Invalid(f"A horizon of {periods} periods.", remedy="Give a positive number.")
    drift = np.asarray(mean, dtype=np.float64)
    return figure(np.asarray(drift * periods + (np.asarray(loss, dtype=np.float64) - drift) * np.sqrt(periods)))


def normal_quantile(share: float) -> float:
    """The z with Φ(z) = share."""
    return NormalDist().inv_cdf(share)


def normal_density(z: float) -> float:
    """φ(z)."""
    return float(np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi))


def _worst(count: int, tail: float) -> int:
    return max(int(np.ceil(round(tail * count, 9))) - 1, 0)


def _fractional_tail(ordered: FloatArray, tail: float) -> float:
    wanted = tail * ordered.size
    last = _worst(ordered.size, tail)
    return float((ordered[:last].sum() + (wanted - last) * ordered[last]) / wanted)


def _per_series(returns: ArrayLike, of_ordered: Callable[[FloatArray], float]) -> FloatArray:
    block = as_block(returns, "Returns")
    rows = [np.sort(row[~np.isnan(row)]) for row in np.atleast_2d(block)]
    return np.array([of_ordered(row) if row.size else np.nan for row in rows]).reshape(block.shape[:-1])
