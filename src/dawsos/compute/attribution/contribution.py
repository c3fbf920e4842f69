"""What each holding, or each factor, contributed to a return over time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.attribution.linking import LinkingMethod, link_effects
from dawsos.compute.attribution.segment_arrays import segment_arrays
from dawsos.compute.returns.figures import FloatArray, NotComputable
from dawsos.kernel.errors import Invalid

#: Below this return (one basis point) shares of it say nothing.
LEAST_RETURN = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Contributions:
    """``by_period[t, i]`` as linked, ``total[i]`` their sums, which sum to ``portfolio_return``, the compounded return.

    ``average_weight[i]``, and ``returns[i]``: the compounded return of each holding. ``share[i]`` is total over portfolio return; null
    with ``missing`` when that is smaller than a basis point.
    """

    by_period: FloatArray
    total: FloatArray
    average_weight: FloatArray
    returns: FloatArray
    portfolio_return: float
    share: FloatArray | None
    missing: NotComputable | None = None


@dataclass(frozen=True, slots=True, eq=False)
class FactorContributions:
    """Linked contributions: of each factor, of the constant (zero without one), and of what no factor explains; they sum to ``total``."""

    factors: FloatArray
    constant: float
    specific: float
    total: float


def contributions(weights: ArrayLike, returns: ArrayLike, *, method: LinkingMethod | str = LinkingMethod.CARINO) -> Contributions:
    """Contribution W·r of S holdings in each of T periods, linked so that they sum to the compounded return of Σ W·r; both ``[T × S]``.

    Weights are those at the start of each period. A NaN return counts nothing where its weight is zero. Raises :class:`Invalid` for a
    missing return of something held, and where :func:`~dawsos.compute.attribution.linking.link_effects` does.
    """
    held, earned = segment_arrays(weights, returns, periods=True)
    held, earned = np.atleast_2d(held), np.atleast_2d(earned)
    unknown = np.isnan(earned)
    if (unknown & (held != 0)).any() or np.isnan(held).any():
        raise Invalid("The return of something held is missing.", remedy="Give a return for every weight other than zero.")
    single = held * np.where(unknown, 0.0, earned)
    whole = single.sum(axis=1)
    linked = link_effects(single.T, whole, method=method)
    total_return = float(np.expm1(np.log1p(whole).sum()))
    own = np.prod(np.where(unknown, 1.0, 1.0 + earned), axis=0) - 1.0
    if abs(total_return) < LEAST_RETURN:
        reason = NotComputable("a portfolio return of at least one basis point")
        return Contributions(linked.by_period.T, linked.total, held.mean(axis=0), own, total_return, None, reason)
    return Contributions(linked.by_period.T, linked.total, held.mean(axis=0), own, total_return, linked.total / total_return)


def factor_contributions(
    exposures: ArrayLike,
    factor_returns: ArrayLike,
    returns: ArrayLike,
    *,
    constant: float = 0.0,
    method: LinkingMethod | str = LinkingMethod.CARINO,
) -> FactorContributions:
    """Attribute ``returns[T]`` to K factors: β·f per period, the regression's ``constant``, and the rest as specific return; linked.

    ``factor_returns`` is ``[T × K]``; ``exposures`` are ``[K]``, or ``[T × K]`` when they change. Against a benchmark give active returns
    and active exposures. Raises :class:`Invalid` for shapes that do not fit or missing numbers.
    """
    moved, whole = np.asarray(factor_returns, dtype=np.float64), np.asarray(returns, dtype=np.float64)
    betas = np.asarray(exposures, dtype=np.float64)
    fits = moved.ndim == 2 and whole.shape == moved.shape[:1] and betas.shape in {moved.shape, moved.shape[1:]}
    if not fits or any(np.isnan(part).any() for part in (moved, whole, betas)):
        raise Invalid(
            f"Exposures {betas.shape}, factor returns {moved.shape} and returns {whole.shape} do not fit, or numbers are missing.",
            remedy="Give one return and one row of factor returns per period, aligned by date.",
        )
    explained = betas * moved
    rest = whole - explained.sum(axis=1) - constant
    parts = np.concatenate([explained.T, np.full((1, whole.size), constant), rest[None]])
    linked = link_effects(parts, whole, method=method).total
    return FactorContributions(linked[:-2], float(linked[-2]), float(linked[-1]), float(np.expm1(np.log1p(whole).sum())))
