"""How sure a figure is: standard errors, the probability that a Sharpe ratio is real, tests of shape and memory."""

from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.figures import FloatArray, as_block
from dawsos.compute.risk.moments import autocorrelation, kurtosis, skewness
from dawsos.compute.risk.observations import Figure, figure, observe, ratio
from dawsos.compute.risk.ratios import sharpe
from dawsos.kernel.errors import Invalid

#: Euler–Mascheroni.
_EULER = 0.5772156649015329


def standard_error_of_mean(returns: ArrayLike) -> Figure:
    """Sample standard deviation/√n."""
    seen = observe(returns)
    return figure(ratio(seen.standard_deviation(1), np.sqrt(seen.count)))


def confidence_of_mean(returns: ArrayLike, *, level: float = 0.95, side: Literal["lower", "upper"] = "lower") -> Figure:
    """One end of the two-sided confidence interval of the mean, by Student's t with n − 1 degrees of freedom."""
    from scipy.special import stdtrit  # noqa: PLC0415 - slow to import and needed for this figure alone

    if not 0.0 < level < 1.0:
        raise Invalid(f"A confidence of {level}.", remedy="Give a share between 0 and 1.")
    seen = observe(returns)
    reach = np.asarray(stdtrit(np.maximum(seen.count - 1.0, 1.0), 0.5 + level / 2.0), dtype=np.float64)
    reach *= np.asarray(standard_error_of_mean(returns))
    return figure(seen.mean - reach if side == "lower" else seen.mean + reach)


def jarque_bera(returns: ArrayLike) -> Figure:
    """n/6·(s² + k²/4), s skewness and k excess kurtosis, population: χ² with two degrees of freedom if returns are normal (1980)."""
    seen = observe(returns)
    return figure(seen.count / 6.0 * (np.asarray(skewness(returns)) ** 2 + np.asarray(kurtosis(returns)) ** 2 / 4.0))


def ljung_box(returns: ArrayLike, *, lags: int = 10) -> Figure:
    """n(n + 2)·Σ ρ_k²/(n − k): χ² with ``lags`` degrees of freedom if returns have no memory (Ljung and Box 1978)."""
    if lags < 1:
        raise Invalid(f"{lags} lags.", remedy="Give at least one.")
    count = observe(returns).count
    terms = [ratio(np.asarray(autocorrelation(returns, lag=lag)) ** 2, count - lag) for lag in range(1, lags + 1)]
    return figure(np.asarray(count * (count + 2.0) * sum(terms)))


def _sharpe_variance(returns: ArrayLike, s: FloatArray) -> FloatArray:
    """1 − skew·S + (kurtosis − 1)/4·S², over n − 1 the variance of an estimated Sharpe ratio (Mertens 2002)."""
    skew, kurt = np.asarray(skewness(returns)), np.asarray(kurtosis(returns, excess=False))
    return np.asarray(1.0 - skew * s + (kurt - 1.0) / 4.0 * s**2)


def sharpe_standard_error(returns: ArrayLike, *, risk_free: ArrayLike = 0.0) -> Figure:
    """Of the Sharpe ratio per period, allowing for skewness and kurtosis (Lo 2002; Mertens 2002)."""
    s = np.asarray(sharpe(returns, risk_free=risk_free, periods_per_year=1.0))
    return figure(np.sqrt(ratio(_sharpe_variance(returns, s), observe(returns).count - 1.0)))


def probabilistic_sharpe(returns: ArrayLike, *, benchmark_sharpe: float = 0.0, risk_free: ArrayLike = 0.0) -> Figure:
    """Probability that the true Sharpe ratio per period exceeds ``benchmark_sharpe`` (Bailey and López de Prado 2012)."""
    s = np.asarray(sharpe(returns, risk_free=risk_free, periods_per_year=1.0))
    z = ratio((s - benchmark_sharpe) * np.sqrt(np.maximum(observe(returns).count - 1.0, 0.0)), np.sqrt(_sharpe_variance(returns, s)))
    return figure(_normal_share(z))


def expected_highest_sharpe(trials: int, variance: float) -> float:
    """The best Sharpe ratio to be expected of ``trials`` worthless strategies whose ratios vary by ``variance`` (Bailey et al. 2014)."""
    if trials < 2 or not variance >= 0.0:
        raise Invalid(f"{trials} trials with a variance of {variance}.", remedy="Give at least two trials.")
    normal = NormalDist()
    upper, further = normal.inv_cdf(1.0 - 1.0 / trials), normal.inv_cdf(1.0 - 1.0 / (trials * np.e))
    return float(np.sqrt(variance) * ((1.0 - _EULER) * upper + _EULER * further))


def deflated_sharpe(returns: ArrayLike, *, trials: int, variance: float, risk_free: ArrayLike = 0.0) -> Figure:
    """:func:`probabilistic_sharpe` against the best of ``trials`` that luck alone would give."""
    return probabilistic_sharpe(returns, benchmark_sharpe=expected_highest_sharpe(trials, variance), risk_free=risk_free)


def minimum_track_record(
    returns: ArrayLike, *, benchmark_sharpe: float = 0.0, confidence: float = 0.95, risk_free: ArrayLike = 0.0
) -> Figure:
    """Observations needed to be ``confidence`` sure of a Sharpe ratio above the benchmark's: 1 + variance·(z/(S − S*))².

    NaN when the ratio is not above it, because no length would do. Source: Bailey and López de Prado 2012.
    """
    s = np.asarray(sharpe(returns, risk_free=risk_free, periods_per_year=1.0))
    apart = np.where(s > benchmark_sharpe, s - benchmark_sharpe, np.nan)
    return figure(1.0 + _sharpe_variance(returns, s) * (NormalDist().inv_cdf(confidence) / apart) ** 2)


def hurst_exponent(returns: ArrayLike) -> Figure:
    """ln(range of cumulated deviations/sd)/ln(n) of the whole series: above ½ it persists, below it returns (Bacon). Needs three."""
    seen = observe(as_block(returns, "Returns"))
    path = np.cumsum(seen.deviations, axis=-1)
    spread = path.max(axis=-1, initial=0.0) - path.min(axis=-1, initial=0.0)
    scaled = ratio(spread, seen.standard_deviation(1))
    known = (seen.count >= 3) & (scaled > 0)
    return figure(
        np.divide(np.log(np.where(known, scaled, 1.0)), np.log(np.maximum(seen.count, 2)), out=np.full(known.shape, np.nan), where=known)
    )


def unsmoothed(returns: ArrayLike) -> FloatArray:
    """Returns without the memory that appraisals leave: (r_t − ρ·r_{t−1})/(1 − ρ), ρ the lag-1 autocorrelation; one fewer (Geltner 1993).

    NaN beside missing observations; all NaN when ρ is 1.
    """
    block = as_block(returns, "Returns")
    rho = np.asarray(autocorrelation(block))[..., None]
    return np.asarray(
        np.divide(block[..., 1:] - rho * block[..., :-1], 1.0 - rho, out=np.full_like(block[..., 1:], np.nan), where=rho < 1.0)
    )


def _normal_share(z: FloatArray) -> FloatArray:
    share = np.vectorize(lambda value: NormalDist().cdf(value) if value == value else np.nan, otypes=[np.float64])  # noqa: PLR0124 - NaN
    return np.asarray(share(z))
