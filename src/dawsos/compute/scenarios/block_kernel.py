"""Machine code that revalues many portfolios; imported only when asked for, because Numba is slow to import."""

from typing import Any, Final, TypeAlias

import numpy as np
from numba import njit

from dawsos.compute.returns.figures import FloatArray

Array: TypeAlias = Any

#: What :func:`revalue` found instead of results.
DONE: Final = 0
SHORT: Final = 1
UNKNOWN: Final = 2


@njit(cache=True, fastmath={"contract"}, error_model="numpy")
def _add(i: Array, securities: Array, values: FloatArray, grown: FloatArray, sums: FloatArray) -> None:
    value, s = values[i], np.uint64(securities[i])
    for column in range(np.uint64(sums.size)):
        sums[column] += value * grown[s, column]


@njit(cache=True, fastmath={"contract"}, error_model="numpy")
def _add_four(i: Array, securities: Array, values: FloatArray, grown: FloatArray, sums: FloatArray) -> None:
    """Four holdings at a time, so that the sums are fetched and stored once for all of them."""
    j, k, m = i + np.uint64(1), i + np.uint64(2), i + np.uint64(3)
    v0, v1, v2, v3 = values[i], values[j], values[k], values[m]
    s0, s1, s2, s3 = np.uint64(securities[i]), np.uint64(securities[j]), np.uint64(securities[k]), np.uint64(securities[m])
    for column in range(np.uint64(sums.size)):
        sums[column] = sums[column] + v0 * grown[s0, column] + v1 * grown[s1, column] + v2 * grown[s2, column] + v3 * grown[s3, column]


@njit(cache=True, error_model="numpy")
def check(securities: Array, values: FloatArray, known: int) -> int:
    """``SHORT`` when a value is negative, ``UNKNOWN`` when a security is none of the ``known``, else ``DONE``."""
    short, unknown = 0, 0
    for i in range(np.uint64(values.size)):
        short += values[i] < 0.0
        unknown += (securities[i] < 0) | (securities[i] >= known)
    return SHORT if short > 0 else UNKNOWN if unknown > 0 else DONE


@njit(cache=True, error_model="numpy")
def revalue(
    offsets: Array, securities: Array, values: FloatArray, grown: FloatArray, base_row: Array, base: FloatArray, out: FloatArray
) -> None:
    """``out[p, s]`` = Σ value · ``grown[security, s]`` / ``base[base_row[p], s]`` − Σ value over the holdings of portfolio p.

    The last column of ``grown`` is 1, which makes the sum of the values one of the columns. Every holding is read once.
    """
    sums, last = np.empty(grown.shape[1]), np.uint64(grown.shape[1] - 1)
    for portfolio in range(out.shape[0]):
        p, row = np.uint64(portfolio), np.uint64(base_row[portfolio])
        sums[:] = 0.0
        i, end = np.uint64(offsets[p]), np.uint64(offsets[portfolio + 1])
        while i + np.uint64(4) <= end:
            _add_four(i, securities, values, grown, sums)
            i += np.uint64(4)
        while i < end:
            _add(i, securities, values, grown, sums)
            i += np.uint64(1)
        for s in range(last):
            out[p, s] = sums[s] / base[row, s] - sums[last]
