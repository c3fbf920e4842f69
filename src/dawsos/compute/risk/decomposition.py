"""Value at risk of a portfolio taken apart: what each position adds to it, would add, and is worth in diversification."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.figures import FloatArray, NotComputable
from dawsos.compute.risk.tail import cornish_fisher_quantile, normal_density, normal_quantile
from dawsos.kernel.errors import Invalid

#: Fewer aligned observations than these say too little about co-movement.
LEAST_OBSERVATIONS: Final = 30
#: Which loss is taken apart.
Measure = Literal["var", "cvar"]
#: Whether expected returns enter a parametric loss or, as for a day usual, are taken as zero.
Mean = Literal["zero", "sample"]


@dataclass(frozen=True, slots=True, eq=False)
class RiskDecomposition:
    """A loss of ``risk`` (positive, a fraction of the value the weights refer to) and its parts, ``[N]`` or ``[P × N]`` by position.

    ``component`` sums to ``risk``; ``marginal`` is its change per unit of weight, component = weight × marginal; ``share`` is component
    over risk. ``standalone`` is the loss of each position by itself, ``diversification`` = 1 − risk/Σ standalone. ``incremental`` is the
    risk less that of the portfolio with the position turned into cash. ``volatility`` is the portfolio's per period and ``beta`` each
    position's on it. ``observations`` counts the aligned ones. A share or beta over nothing is NaN.
    """

    risk: FloatArray
    volatility: FloatArray
    marginal: FloatArray
    component: FloatArray
    share: FloatArray
    standalone: FloatArray
    incremental: FloatArray
    beta: FloatArray
    diversification: FloatArray
    observations: int


def aligned_block(returns: ArrayLike) -> FloatArray:
    """``[T × N]`` returns without the periods in which any of them is missing."""
    block = np.asarray(returns, dtype=np.float64)
    if block.ndim != 2 or block.shape[1] == 0:
        raise Invalid(f"Returns of the shape {block.shape}.", remedy="Give periods × positions.")
    if np.isinf(block).any():
        raise Invalid("Returns hold an infinite number.", remedy="Leave the observation out or correct it.")
    return block[~np.isnan(block).any(axis=1)]


def parametric_decomposition(
    weights: ArrayLike,
    returns: ArrayLike,
    *,
    tail: float = 0.05,
    measure: Measure = "var",
    mean: Mean = "zero",
    ddof: int = 1,
    least: int = LEAST_OBSERVATIONS,
) -> RiskDecomposition | NotComputable:
    """Gaussian loss k·σ − w'μ of one portfolio ``[N]``, or of many that hold the same positions ``[P × N]``, from ``returns[T × N]``.

    k = −z of the normal quantile for ``var`` and φ(z)/tail for ``cvar``; σ² = w'Σw with ``ddof``. Marginal k·(Σw)_i/σ − μ_i (Euler).
    Periods missing for any position are left out; fewer than ``least`` of the rest are not enough. Source: Garman, Improving on VaR,
    Risk, 1996; Jorion, Value at Risk, ch. 7.
    """
    block = aligned_block(returns)
    if block.shape[0] < least:
        return NotComputable("returns shared by all positions", least, block.shape[0])
    held = _weights(weights, block.shape[1])
    covariance = np.atleast_2d(np.cov(block, rowvar=False, ddof=ddof))
    return decomposition_of_covariance(
        held, covariance, tail=tail, measure=measure, expected=block.mean(axis=0) if mean == "sample" else None, observations=block.shape[0]
    )


def decomposition_of_covariance(
    weights: ArrayLike,
    covariance: ArrayLike,
    *,
    tail: float = 0.05,
    measure: Measure = "var",
    expected: ArrayLike | None = None,
    observations: int = 0,
) -> RiskDecomposition:
    """:func:`parametric_decomposition` from a covariance ``[N × N]`` estimated elsewhere, and expected returns ``[N]`` if they count."""
    matrix = np.asarray(covariance, dtype=np.float64)
    held = _weights(weights, matrix.shape[0])
    mu = np.zeros(matrix.shape[0]) if expected is None else np.asarray(expected, dtype=np.float64)
    k = _multiple(tail, measure)
    with_all = held @ matrix
    variance = np.maximum((with_all * held).sum(axis=-1), 0.0)
    sigma, own = np.sqrt(variance), np.sqrt(np.diag(matrix))
    risk = k * sigma - held @ mu
    marginal = k * _over(with_all, sigma[..., None]) - mu
    marginal = np.where(sigma[..., None] > 0, marginal, -mu)
    # Without position i the variance is σ² − 2·w_i·(Σw)_i + w_i²·Σ_ii.
    without = np.sqrt(np.maximum(variance[..., None] - 2.0 * held * with_all + held**2 * np.diag(matrix), 0.0))
    left = k * without - ((held @ mu)[..., None] - held * mu)
    return _record(
        held, risk, sigma, marginal, k * np.abs(held) * own - held * mu, risk[..., None] - left, with_all, variance, observations
    )


def modified_decomposition(
    weights: ArrayLike, returns: ArrayLike, *, tail: float = 0.05, least: int = LEAST_OBSERVATIONS
) -> RiskDecomposition | NotComputable:
    """Cornish–Fisher loss −w'μ − σ·z* of one portfolio ``[N]``, population moments, with the marginals of skewness and kurtosis too.

    Source: Boudt, Peterson and Croux, Estimation and Decomposition of Downside Risk for Portfolios with Non-normal Returns, 2008.
    """
    block = aligned_block(returns)
    if block.shape[0] < least:
        return NotComputable("returns shared by all positions", least, block.shape[0])
    held = _one(_weights(weights, block.shape[1]))
    mu, deviations = block.mean(axis=0), block - block.mean(axis=0)
    z = normal_quantile(tail)
    whole = deviations @ held
    variance = float(np.mean(whole**2))
    with_all = deviations.T @ whole / whole.size
    if variance == 0.0:
        return NotComputable("portfolio returns that vary")
    risk, marginal = _modified(held, deviations, mu, z)
    alone = np.array([_modified_loss(weight * deviations[:, i], weight * mu[i], z) for i, weight in enumerate(held)])
    left = np.array(
        [_modified_loss(whole - weight * deviations[:, i], float(held @ mu) - weight * mu[i], z) for i, weight in enumerate(held)]
    )
    return _record(
        held, np.array(risk), np.sqrt(np.array(variance)), marginal, alone, risk - left, with_all, np.array(variance), block.shape[0]
    )


def historical_decomposition(
    weights: ArrayLike,
    returns: ArrayLike,
    *,
    tail: float = 0.05,
    measure: Measure = "var",
    least: int = LEAST_OBSERVATIONS,
) -> RiskDecomposition | NotComputable:
    """Loss of one portfolio ``[N]`` in its own history, kept at today's weights; parts are those of the very periods that make the loss.

    ``var``: the type 7 quantile lies between two periods, and so do the parts; ``cvar``: the mean of the periods at or below it. Parts
    from one or two periods jump about: prefer ``cvar`` for decisions. Standalone and incremental losses are those of the histories of
    the position and of the rest. Source: Hallerbach, Decomposing Portfolio Value-at-Risk, Journal of Risk, 2003.
    """
    block = aligned_block(returns)
    if block.shape[0] < least:
        return NotComputable("returns shared by all positions", least, block.shape[0])
    held = _one(_weights(weights, block.shape[1]))
    parts = block * held
    whole = parts.sum(axis=1)
    mixture = _tail_mixture(whole, tail, measure)
    component = -(mixture @ parts)
    risk = np.array(float(component.sum()))
    marginal = np.array(-(mixture @ block))
    alone, left = (
        np.array([-float(_tail_mixture(series, tail, measure) @ series) for series in many.T]) for many in (parts, whole[:, None] - parts)
    )
    deviations = block - block.mean(axis=0)
    spread = deviations @ held
    with_all, variance = deviations.T @ spread / (whole.size - 1), np.array(float(spread @ spread) / (whole.size - 1))
    return _record(held, risk, np.sqrt(variance), marginal, alone, risk - left, with_all, variance, block.shape[0])


def monte_carlo_decomposition(
    weights: ArrayLike,
    returns: ArrayLike,
    random: np.random.Generator,
    *,
    tail: float = 0.05,
    measure: Measure = "var",
    draws: int = 10_000,
    mean: Mean = "zero",
    least: int = LEAST_OBSERVATIONS,
) -> RiskDecomposition | NotComputable:
    """:func:`historical_decomposition` of ``draws`` periods from the normal distribution fitted to ``returns``; same seed, same answer.

    ``observations`` are those it was fitted to.
    """
    block = aligned_block(returns)
    if block.shape[0] < least:
        return NotComputable("returns shared by all positions", least, block.shape[0])
    centre = block.mean(axis=0) if mean == "sample" else np.zeros(block.shape[1])
    drawn = random.multivariate_normal(centre, np.atleast_2d(np.cov(block, rowvar=False)), size=draws, method="eigh")
    found = historical_decomposition(weights, drawn, tail=tail, measure=measure)
    if isinstance(found, NotComputable):
        return found
    return RiskDecomposition(
        found.risk, found.volatility, found.marginal, found.component, found.share, found.standalone, found.incremental, found.beta,
        found.diversification, block.shape[0],
    )  # fmt: skip


def _record(
    held: FloatArray,
    risk: FloatArray,
    sigma: FloatArray,
    marginal: FloatArray,
    alone: FloatArray,
    incremental: FloatArray,
    with_all: FloatArray,
    variance: FloatArray,
    observations: int,
) -> RiskDecomposition:
    component = held * marginal
    return RiskDecomposition(
        risk=np.asarray(risk),
        volatility=np.asarray(sigma),
        marginal=marginal,
        component=component,
        share=_over(component, np.asarray(risk)[..., None]),
        standalone=alone,
        incremental=incremental,
        beta=_over(with_all, np.asarray(variance)[..., None]),
        diversification=np.asarray(1.0 - _over(np.asarray(risk), alone.sum(axis=-1))),
        observations=observations,
    )


def _weights(weights: ArrayLike, count: int) -> FloatArray:
    held = np.asarray(weights, dtype=np.float64)
    if held.ndim not in {1, 2} or held.shape[-1] != count or not np.isfinite(held).all():
        raise Invalid(f"Weights {held.shape} for {count} positions.", remedy="Give one known weight per position.")
    return held


def _one(held: FloatArray) -> FloatArray:
    if held.ndim != 1:
        raise Invalid("This decomposition is of one portfolio.", remedy="Give its weights alone.")
    return held


def _multiple(tail: float, measure: Measure) -> float:
    z = normal_quantile(tail)
    return -z if measure == "var" else normal_density(z) / tail


def _over(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Quotient, NaN over zero."""
    numerator, denominator = np.broadcast_arrays(numerator, denominator)
    quotient: FloatArray = np.divide(numerator, denominator, out=np.full(denominator.shape, np.nan), where=denominator != 0)
    return quotient


def _tail_mixture(series: FloatArray, tail: float, measure: Measure) -> FloatArray:
    """The weight of each period in the loss: they sum to one, and weighting the series by them gives the (negative) loss."""
    order = np.argsort(series, kind="stable")
    mixture = np.zeros(series.size)
    position = (series.size - 1) * tail
    below = int(np.floor(position))
    above = min(below + 1, series.size - 1)
    if measure == "var":
        mixture[order[below]] += 1.0 - (position - below)
        mixture[order[above]] += position - below
        return mixture
    edge = series[order[below]] + (series[order[above]] - series[order[below]]) * (position - below)
    inside = series <= edge
    return np.asarray(inside / inside.sum())


def _moments(whole: FloatArray) -> tuple[float, float, float]:
    return float(np.mean(whole**2)), float(np.mean(whole**3)), float(np.mean(whole**4))


def _modified_loss(deviations: FloatArray, mean: float, z: float) -> float:
    second, third, fourth = _moments(deviations)
    if second == 0.0:
        return -mean
    bent = cornish_fisher_quantile(z, np.array(third / second**1.5), np.array(fourth / second**2 - 3.0))
    return float(-mean - bent * second**0.5)


def _modified(held: FloatArray, deviations: FloatArray, mu: FloatArray, z: float) -> tuple[float, FloatArray]:
    """The loss and its derivative by weight, through the second to fourth moments of the portfolio."""
    whole = deviations @ held
    second, third, fourth = _moments(whole)
    d2, d3, d4 = (power * (deviations.T @ whole ** (power - 1)) / whole.size for power in (2, 3, 4))
    skew, excess, sigma = third / second**1.5, fourth / second**2 - 3.0, second**0.5
    d_skew = d3 / second**1.5 - 1.5 * third / second**2.5 * d2
    d_excess = d4 / second**2 - 2.0 * fourth / second**3 * d2
    bent = float(cornish_fisher_quantile(z, np.array(skew), np.array(excess)))
    d_bent = (z**2 - 1.0) / 6.0 * d_skew + (z**3 - 3.0 * z) / 24.0 * d_excess - (2.0 * z**3 - 5.0 * z) / 18.0 * skew * d_skew
    risk = -float(held @ mu) - sigma * bent
    return risk, np.asarray(-mu - d2 / (2.0 * sigma) * bent - sigma * d_bent)
