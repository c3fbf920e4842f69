"""Rolling regressions in compiled code; imported only when they are asked for, because Numba is slow to import."""

import math
from typing import Final

import numpy as np

from dawsos.compute.compiling import njit_for_kernels, njit_for_python
from dawsos.compute.returns.figures import BoolArray, FloatArray

#: Sliding sums are added up afresh after so many steps, so that rounding does not build up.
_FRESH = 64
#: Series that advance together, one in each lane of the processor's vectors.
_LANES = 16
#: Windows whose least pivot is a smaller share of the largest diagonal of late are left to a decomposition of the window itself.
_LEAST_PIVOT: Final = 1e-3


@njit_for_python(cache=True, fastmath={"contract"}, error_model="numpy")
def window_solutions(q: FloatArray, back: FloatArray, window: int, solve: FloatArray, is_left: BoolArray) -> None:
    """``solve[w]`` = back·(Σ q q')⁻¹ over every window w of the rows of ``q``, from sliding sums of products.

    The sums lose digits where a window's regressors are near to each other in the basis of the whole, and after a day much larger than
    the others has left them; ``is_left[w]`` marks a window where that may show, and which is not filled.
    """
    m, largest = q.shape[1], 0.0
    gram, low, inverse = np.empty((m, m)), np.zeros((m, m)), np.zeros((m, m))
    for w in range(solve.shape[0]):
        if w % _FRESH == 0:
            gram[:], largest = 0.0, 0.0
            for t in range(w, w + window):
                for i in range(m):
                    for j in range(i + 1):
                        gram[i, j] += q[t, i] * q[t, j]
        else:
            for i in range(m):
                for j in range(i + 1):
                    gram[i, j] += q[w + window - 1, i] * q[w + window - 1, j] - q[w - 1, i] * q[w - 1, j]
        for i in range(m):
            largest = max(largest, gram[i, i])
        is_left[w] = not _factored(gram, _LEAST_PIVOT * largest, low)
        if is_left[w]:
            continue
        _inverted(low, inverse)
        for i in range(m):  # (L L')⁻¹ = L⁻¹' L⁻¹, of which only one half is computed
            for j in range(i + 1):
                total = 0.0
                for k in range(i, m):
                    total += inverse[k, i] * inverse[k, j]
                low[i, j] = low[j, i] = total
        for row in range(m):
            for j in range(m):
                solve[w, row, j] = 0.0
            for i in range(m):
                for j in range(m):
                    solve[w, row, j] += back[row, i] * low[i, j]


@njit_for_kernels(cache=True, error_model="numpy")
def _factored(gram: FloatArray, least: float, low: FloatArray) -> bool:
    """Cholesky's L of the lower half of ``gram``, its diagonal inverted; False when a pivot is not above ``least``."""
    m = gram.shape[0]
    for i in range(m):
        for j in range(i + 1):
            left = gram[i, j]
            for k in range(j):
                left -= low[i, k] * low[j, k]
            if i != j:
                low[i, j] = left * low[j, j]
            elif left > least:
                low[i, i] = 1.0 / math.sqrt(left)  # kept inverted: it only ever divides
            else:
                return False
    return True


@njit_for_kernels(cache=True, error_model="numpy")
def _inverted(low: FloatArray, inverse: FloatArray) -> None:
    """L⁻¹ of what :func:`_factored` left."""
    m = low.shape[0]
    for j in range(m):
        inverse[j, j] = low[j, j]
        for i in range(j + 1, m):
            total = 0.0
            for k in range(j, i):
                total -= low[i, k] * inverse[k, j]
            inverse[i, j] = total * low[i, i]


@njit_for_python(cache=True, fastmath={"contract", "reassoc", "nsz"}, error_model="numpy")
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
