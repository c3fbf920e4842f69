"""Rolling regressions in compiled code; imported only when they are asked for, because Numba is slow to import."""

import numpy as np
from numba import njit

from dawsos.compute.returns.figures import FloatArray

#: Sliding sums are added up afresh after so many steps, so that rounding does not build up.
_FRESH = 64
#: Series that advance together, one in each lane of the processor's vectors.
_LANES = 16


@njit(cache=True, fastmath={"contract", "reassoc", "nsz"}, error_model="numpy")
def rolling_coefficients(y: FloatArray, q: FloatArray, solve: FloatArray, window: int, out: FloatArray) -> None:
    """``out[p, w] = solve[w] @ Σ_{t in window w} q_t y_t`` for every series p and window w; ``solve`` holds k rows of k per window."""
    n, m = q.shape
    sums, found = np.empty((m, _LANES)), np.empty((m, _LANES))
    lanes = np.zeros((n, _LANES))
    for first in range(0, y.shape[0], _LANES):
        used = min(_LANES, y.shape[0] - first)
        for lane in range(used):
            for t in range(n):
                lanes[t, lane] = y[first + lane, t]
        for w in range(solve.shape[0]):
            if w % _FRESH == 0:
                sums[:] = 0.0
                for t in range(w, w + window):
                    for i in range(m):
                        for lane in range(_LANES):
                            sums[i, lane] += q[t, i] * lanes[t, lane]
            else:
                for i in range(m):
                    for lane in range(_LANES):
                        sums[i, lane] += q[w + window - 1, i] * lanes[w + window - 1, lane] - q[w - 1, i] * lanes[w - 1, lane]
            for row in range(m):
                for lane in range(_LANES):
                    found[row, lane] = 0.0
                for i in range(m):
                    for lane in range(_LANES):
                        found[row, lane] += solve[w, row, i] * sums[i, lane]
            for lane in range(used):
                for row in range(m):
                    out[first + lane, w, row] = found[row, lane]
