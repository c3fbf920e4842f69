"""Deepest drawdown of many portfolios on shared paths in compiled code; imported only when asked for, because Numba is slow to import."""

import numpy as np
from numba import njit

from dawsos.compute.returns.figures import FloatArray


@njit(cache=True, fastmath={"contract", "reassoc", "nsz"}, error_model="numpy")
def depths(blocks: FloatArray, betas: FloatArray, spread: FloatArray, out: FloatArray) -> None:
    """``out[portfolio, path]`` = deepest fall from the running peak, ≥ 0, of returns Σ β·f + spread·ε compounded.

    Keeps wealth over its peak, q ← min(1, q·(1 + r)), so that nothing is divided: the depth is 1 − min q. A loss of more than all leaves
    nothing.
    """
    factors, lanes = blocks.shape[2] - 1, blocks.shape[3]
    level, least, moved = np.empty(lanes), np.empty(lanes), np.empty(lanes)
    for b in range(blocks.shape[0]):
        first = b * lanes
        used = min(lanes, out.shape[1] - first)
        for p in range(betas.shape[0]):
            own = spread[p]
            for lane in range(lanes):
                level[lane] = least[lane] = 1.0
            for day in range(blocks.shape[1]):
                for lane in range(lanes):
                    moved[lane] = 1.0 + own * blocks[b, day, factors, lane]
                for k in range(factors):
                    beta = betas[p, k]
                    for lane in range(lanes):
                        moved[lane] += beta * blocks[b, day, k, lane]
                for lane in range(lanes):
                    grown = level[lane] * max(moved[lane], 0.0)
                    level[lane] = min(grown, 1.0)
                    least[lane] = min(least[lane], level[lane])
            for lane in range(used):
                out[p, first + lane] = 1.0 - least[lane]
