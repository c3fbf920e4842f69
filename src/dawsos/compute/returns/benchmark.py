"""Returns of what a portfolio is measured against: levels, blends that are rebalanced or drift, and hedged benchmarks."""

import itertools
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.compounding import Frequency, period_keys
from dawsos.compute.returns.figures import Dates, FloatArray, as_block, as_dates
from dawsos.kernel.errors import Invalid

#: How far weights may be from adding up to one.
_NOISE = 1e-9
#: When a blend goes back to its weights: after every period, at the start of each calendar period, or never.
Rebalancing = Frequency | Literal["every_period", "never"]


def returns_of_levels(levels: ArrayLike) -> FloatArray:
    """L_t/L_{t−1} − 1 along the last axis, one fewer than levels; NaN beside a missing level or after one of zero or less."""
    block = as_block(levels, "Levels")
    before, after = block[..., :-1], block[..., 1:]
    ratios: FloatArray = np.divide(after, before, out=np.full(after.shape, np.nan), where=before > 0)
    return ratios - 1.0


def blended_returns(
    components: ArrayLike, weights: ArrayLike, *, rebalance: Rebalancing = "every_period", dates: Dates | None = None
) -> FloatArray:
    """Returns ``[T]`` of a blend of K components, ``components[T × K]``, whose ``weights[K]`` sum to one (60/40, say).

    Between rebalancings the weights drift with the returns. Calendar rebalancing needs ``dates``, the day each return ends on, and happens
    at the start of each week, month, quarter or year. Where a component with weight is missing the blend is NaN; a drifting blend stays
    NaN until it is next rebalanced, because its weights are unknown. Raises :class:`Invalid` for shapes or weights that do not fit.
    """
    block, share = np.asarray(components, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if block.ndim != 2 or share.shape != block.shape[1:]:
        raise Invalid(f"Components {block.shape} and weights {share.shape}.", remedy="Give periods × components and one weight each.")
    if not abs(share.sum() - 1.0) <= _NOISE:
        raise Invalid(f"The weights of the blend sum to {share.sum():.6g}.", remedy="Give weights that sum to one.")
    held = share != 0
    block, share = block[:, held], share[held]
    starts = _starts(block.shape[0], rebalance, dates)
    if starts.all():
        return np.asarray((block * share).sum(axis=1))
    out = np.empty(block.shape[0])
    edges = [*np.flatnonzero(starts).tolist(), block.shape[0]]
    for first, after in itertools.pairwise(edges):
        grown = (share * np.cumprod(1.0 + block[first:after], axis=0)).sum(axis=1)
        out[first:after] = grown / np.concatenate([[1.0], grown[:-1]]) - 1.0
    return out


def _starts(count: int, rebalance: Rebalancing, dates: Dates | None) -> np.ndarray:
    """Periods before which the weights are set anew."""
    starts = np.zeros(count, dtype=np.bool_)
    starts[:1] = True
    if rebalance == "never":
        return starts
    if rebalance == "every_period":
        return np.ones(count, dtype=np.bool_)
    if dates is None:
        raise Invalid(f"Rebalancing {rebalance} needs dates.", remedy="Give the day each return ends on.")
    days = as_dates(dates)
    if days.size != count:
        raise Invalid(f"There are {days.size} dates for {count} returns.", remedy="Give one date per return.")
    keys = period_keys(days, Frequency(rebalance))
    starts[1:] = keys[1:] != keys[:-1]
    return starts


def hedged_returns(returns: ArrayLike, currency_returns: ArrayLike, *, hedge_ratio: float = 1.0, carry: ArrayLike = 0.0) -> FloatArray:
    """Returns in base currency with the currency taken out: (1 + r)/(1 + e) − 1 + ``carry``, e the currency's return to base.

    ``carry`` is what hedging earns per period (domestic less foreign interest), zero where it is ignored, which must then be stated.
    ``hedge_ratio`` h mixes h of the hedged with 1 − h of the unhedged return. NaN where either return is missing or e ≤ −100 %.
    """
    own, moved = np.broadcast_arrays(as_block(returns, "Returns"), as_block(currency_returns, "Currency returns"))
    if not 0.0 <= hedge_ratio <= 1.0:
        raise Invalid(f"A hedge ratio of {hedge_ratio}.", remedy="Give a share between 0 and 1.")
    known = moved > -1.0
    stripped = np.divide(1.0 + own, 1.0 + moved, out=np.full(own.shape, np.nan), where=known) - 1.0
    return np.asarray(hedge_ratio * (stripped + np.asarray(carry, dtype=np.float64)) + (1.0 - hedge_ratio) * own)
