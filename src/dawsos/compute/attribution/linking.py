"""Linking the effects of single periods so that they add up to the compounded return."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.figures import FloatArray
from dawsos.kernel.errors import Invalid


class LinkingMethod(StrEnum):
    """How the effects of period *t* are scaled, with r the portfolio's returns, b the benchmark's (0 without one), R and B compounded.

    - ``carino``: k_t / K, k = (ln(1 + r) − ln(1 + b)) / (r − b), K the same of R and B; k = 1/(1 + r) where r = b.
      Cariño, Combining Attribution Effects Over Time, Journal of Performance Measurement, 1999.
    - ``menchero``: M + α_t, M = (R − B)/T / ((1 + R)^(1/T) − (1 + B)^(1/T)), α_t = (R − B − M Σ(r − b)) (r_t − b_t) / Σ(r − b)².
      Menchero, An Optimized Approach to Linking Attribution Effects over Time, ibid., 2000.
    - ``grap``: Π_{s<t}(1 + r_s) · Π_{s>t}(1 + b_s). Groupe de Recherche en Attribution de Performance, 1997.
    - ``frongello``: period by period, e_t Π_{s<t}(1 + r_s) + b_t Σ_{s<t} linked_s; the sum is that of ``grap``, spread otherwise
      over time. Frongello, Linking Single Period Attribution Results, ibid., 2002.
    """

    CARINO = "carino"
    MENCHERO = "menchero"
    GRAP = "grap"
    FRONGELLO = "frongello"


@dataclass(frozen=True, slots=True, eq=False)
class LinkedEffects:
    """``by_period[…, t]`` are the scaled effects of each period, ``total[…]`` their sums over the periods."""

    by_period: FloatArray
    total: FloatArray


def link_effects(
    effects: ArrayLike,
    returns: ArrayLike,
    benchmark_returns: ArrayLike | None = None,
    *,
    method: LinkingMethod | str = LinkingMethod.CARINO,
) -> LinkedEffects:
    """Scale ``effects`` (``[…, T]``, fractions of each period's capital) so that they sum to the compounded arithmetic excess return.

    If the effects of every period sum to r_t − b_t, the totals sum to R − B exactly; without ``benchmark_returns`` to R. Raises
    :class:`Invalid` for shapes that differ, no periods, or a return of −100 % or less, after which there is nothing to link.
    """
    single = np.asarray(effects, dtype=np.float64)
    portfolio = _returns(returns, "portfolio")
    benchmark = np.zeros_like(portfolio) if benchmark_returns is None else _returns(benchmark_returns, "benchmark")
    if portfolio.shape != benchmark.shape or single.shape[-1:] != portfolio.shape:
        raise Invalid(f"Effects {single.shape} and returns {portfolio.shape} differ in length.", remedy="Give one return per period.")
    match LinkingMethod(method):
        case LinkingMethod.CARINO:
            scaled = single * carino_coefficients(portfolio, benchmark)
        case LinkingMethod.MENCHERO:
            scaled = single * _menchero(portfolio, benchmark)
        case LinkingMethod.GRAP:
            scaled = single * _grap(portfolio, benchmark)
        case LinkingMethod.FRONGELLO:
            scaled = _frongello(single, portfolio, benchmark)
    return LinkedEffects(scaled, np.asarray(scaled.sum(axis=-1)))


def carino_coefficients(returns: FloatArray, benchmark_returns: FloatArray | None = None) -> FloatArray:
    """k_t / K of :class:`LinkingMethod`: ``[T]``. Zero, negative and equal returns are the limits they tend to."""
    benchmark = np.zeros_like(returns) if benchmark_returns is None else benchmark_returns
    total = np.expm1(np.log1p(returns).sum()), np.expm1(np.log1p(benchmark).sum())
    return _log_slope(returns, benchmark) / _log_slope(np.array(total[0]), np.array(total[1]))


def _log_slope(portfolio: FloatArray, benchmark: FloatArray) -> FloatArray:
    """(ln(1 + r) − ln(1 + b)) / (r − b), by log1p of the relative difference, which stays exact where r and b are close."""
    excess = portfolio - benchmark
    relative = excess / (1.0 + benchmark)
    slope = np.divide(np.log1p(relative), relative, out=np.ones_like(relative), where=relative != 0)
    return np.asarray(slope / (1.0 + benchmark))


def _menchero(returns: FloatArray, benchmark: FloatArray) -> FloatArray:
    periods, excess = returns.size, returns - benchmark
    growth, growth_b = np.log1p(returns).sum(), np.log1p(benchmark).sum()
    total, total_b = np.expm1(growth), np.expm1(growth_b)
    mean, mean_b = np.expm1(growth / periods), np.expm1(growth_b / periods)
    natural = (total - total_b) / periods / (mean - mean_b) if mean != mean_b else (1.0 + total) / (1.0 + mean)
    squares = float(excess @ excess)
    correction = (total - total_b - natural * excess.sum()) / squares if squares else 0.0
    return np.asarray(natural + correction * excess)


def _grap(returns: FloatArray, benchmark: FloatArray) -> FloatArray:
    before: FloatArray = np.concatenate([[1.0], np.cumprod(1.0 + returns)[:-1]])
    after = np.concatenate([np.cumprod((1.0 + benchmark)[::-1])[::-1][1:], [1.0]])
    return np.asarray(before * after)


def _frongello(effects: FloatArray, returns: FloatArray, benchmark: FloatArray) -> FloatArray:
    linked: FloatArray = effects * np.concatenate([[1.0], np.cumprod(1.0 + returns)[:-1]])
    so_far = np.zeros(effects.shape[:-1])
    for period in range(returns.size):
        linked[..., period] += benchmark[period] * so_far
        so_far = so_far + linked[..., period]
    return linked


def _returns(values: ArrayLike, whose: str) -> FloatArray:
    returns = np.asarray(values, dtype=np.float64)
    if returns.ndim != 1 or returns.size == 0:
        raise Invalid(f"Linking needs the {whose}'s return of at least one period.", remedy="Give one return per period.")
    if not (returns > -1.0).all():
        raise Invalid(f"A return of the {whose} is −100 % or less, or missing.", remedy="Link the periods before and after it separately.")
    return returns
