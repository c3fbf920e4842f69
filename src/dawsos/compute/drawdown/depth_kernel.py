"""Deepest drawdown of many portfolios on shared paths in compiled code; imported only when asked for, because Numba is slow to import.

Tables are taken whole, with indices: handing on one row of them costs more than a loop over the lanes.
"""

# ruff: noqa: FURB136 - min() and max() of compiled code look after NaN and keep loops from becoming vector instructions

from typing import Any, TypeAlias

import numpy as np

from dawsos.compute.compiling import njit_for_kernels, njit_for_python
from dawsos.compute.returns.figures import FloatArray

Index: TypeAlias = Any

#: Portfolios that share a day of the paths while it lies in the nearest cache.
_TOGETHER = 16
#: Factors that are added in one pass over the lanes.
_GROUP = 4


@njit_for_kernels(cache=True, fastmath={"contract"}, error_model="numpy")
def _begin(blocks: FloatArray, b: Index, t: Index, last: Index, spread: FloatArray, p: Index, moved: FloatArray) -> None:
    """1 + spread·ε."""
    own = spread[p]
    for lane in range(np.uint64(moved.size)):
        moved[lane] = 1.0 + own * blocks[b, t, last, lane]


@njit_for_kernels(cache=True, fastmath={"contract"}, error_model="numpy")
def _add_group(blocks: FloatArray, b: Index, t: Index, k: Index, betas: FloatArray, p: Index, moved: FloatArray) -> None:
    """Σ β·f of four factors."""
    k1, k2, k3 = k + np.uint64(1), k + np.uint64(2), k + np.uint64(3)
    b0, b1, b2, b3 = betas[p, k], betas[p, k1], betas[p, k2], betas[p, k3]
    for lane in range(np.uint64(moved.size)):
        moved[lane] = (
            moved[lane]
            + b0 * blocks[b, t, k, lane]
            + b1 * blocks[b, t, k1, lane]
            + b2 * blocks[b, t, k2, lane]
            + b3 * blocks[b, t, k3, lane]
        )


@njit_for_kernels(cache=True, fastmath={"contract"}, error_model="numpy")
def _begin_with_group(
    blocks: FloatArray, b: Index, t: Index, last: Index, spread: FloatArray, betas: FloatArray, p: Index, moved: FloatArray
) -> None:
    """:func:`_begin` and the first four factors in one pass."""
    k, k1, k2, k3, own = np.uint64(0), np.uint64(1), np.uint64(2), np.uint64(3), spread[p]
    b0, b1, b2, b3 = betas[p, k], betas[p, k1], betas[p, k2], betas[p, k3]
    for lane in range(np.uint64(moved.size)):
        moved[lane] = (
            (1.0 + own * blocks[b, t, last, lane])
            + b0 * blocks[b, t, k, lane]
            + b1 * blocks[b, t, k1, lane]
            + b2 * blocks[b, t, k2, lane]
            + b3 * blocks[b, t, k3, lane]
        )


@njit_for_kernels(cache=True, fastmath={"contract"}, error_model="numpy")
def _add_one(blocks: FloatArray, b: Index, t: Index, k: Index, betas: FloatArray, p: Index, moved: FloatArray) -> None:
    beta = betas[p, k]
    for lane in range(np.uint64(moved.size)):
        moved[lane] += beta * blocks[b, t, k, lane]


@njit_for_kernels(cache=True, error_model="numpy")
def _follow(moved: FloatArray, place: Index, level: FloatArray, least: FloatArray) -> None:
    """A day's move: wealth over its peak, and the least of it so far."""
    for lane in range(np.uint64(moved.size)):
        factor = moved[lane] if moved[lane] > 0.0 else 0.0
        grown = level[place, lane] * factor
        now = grown if grown < 1.0 else 1.0
        before = least[place, lane]
        level[place, lane] = now
        least[place, lane] = now if now < before else before


@njit_for_python(cache=True, error_model="numpy")
def depths(blocks: FloatArray, betas: FloatArray, spread: FloatArray, out: FloatArray) -> None:
    """``out[portfolio, path]`` = deepest fall from the running peak, ≥ 0, of returns Σ β·f + spread·ε compounded.

    Keeps wealth over its peak, q ← min(1, q·(1 + r)), so that nothing is divided: the depth is 1 − min q. A loss of more than all leaves
    nothing. A day of the paths serves several portfolios while it is in the nearest cache; sums are taken in the order of the factors, so
    a portfolio's depths do not depend on its neighbours.
    """
    days, factors, lanes = np.uint64(blocks.shape[1]), np.uint64(blocks.shape[2] - 1), blocks.shape[3]
    level, least, moved = np.empty((_TOGETHER, lanes)), np.empty((_TOGETHER, lanes)), np.empty(lanes)
    whole = factors - factors % np.uint64(_GROUP)
    for block in range(blocks.shape[0]):
        b, first = np.uint64(block), block * lanes
        used = min(lanes, out.shape[1] - first)
        for start in range(0, betas.shape[0], _TOGETHER):
            end = min(betas.shape[0], start + _TOGETHER)
            level[:], least[:] = 1.0, 1.0
            for t in range(days):
                for portfolio in range(start, end):
                    p = np.uint64(portfolio)
                    if whole > 0:
                        _begin_with_group(blocks, b, t, factors, spread, betas, p, moved)
                        for k in range(np.uint64(_GROUP), whole, np.uint64(_GROUP)):
                            _add_group(blocks, b, t, k, betas, p, moved)
                    else:
                        _begin(blocks, b, t, factors, spread, p, moved)
                    for k in range(whole, factors):
                        _add_one(blocks, b, t, k, betas, p, moved)
                    _follow(moved, np.uint64(portfolio - start), level, least)
            for portfolio in range(start, end):
                for lane in range(used):
                    out[portfolio, first + lane] = 1.0 - least[portfolio - start, lane]
