"""Least squares of many series in the orthonormal basis of their shared factors, each series while it is in the processor's cache.

Imported only when a regression is asked for, because Numba is slow to import.
"""

import math

import numpy as np

from dawsos.compute.compiling import njit_for_kernels, njit_for_python
from dawsos.compute.returns.figures import FloatArray

#: Sums whose order does not matter; a NaN must come through.
_SUMS = {"reassoc", "contract", "nsz"}
#: A sum of squares left after subtraction that is a smaller share of the whole than this is added up again from its terms.
_CANCELLED = 1e-3


@njit_for_kernels(cache=True, fastmath=_SUMS, error_model="numpy")
def _dot(left: FloatArray, right: FloatArray, n: int) -> float:
    total = 0.0
    for t in range(n):
        total += left[t] * right[t]
    return total


@njit_for_kernels(cache=True, fastmath=_SUMS, error_model="numpy")
def _sum(values: FloatArray, n: int) -> float:
    total = 0.0
    for t in range(n):
        total += values[t]
    return total


@njit_for_kernels(cache=True, error_model="numpy")
def _solve_with_gaps(y: FloatArray, qt: FloatArray, back: FloatArray, low: FloatArray, c: FloatArray, spread: FloatArray) -> float:
    """Σ q q' over the known observations is I less the missing ones' part; solve for ``c`` (holding Σ q y) by Cholesky.

    Fills ``spread`` with the diagonal of back·(Σ q q')⁻¹·back'; the least pivot says how much of the basis the gaps have left.
    """
    m, n = qt.shape
    for i in range(m):
        for j in range(i + 1):
            low[i, j] = 1.0 if i == j else 0.0
    for t in range(n):
        if math.isnan(y[t]):
            for i in range(m):
                for j in range(i + 1):
                    low[i, j] -= qt[i, t] * qt[j, t]
    least = 1.0
    for i in range(m):
        for j in range(i + 1):
            left = low[i, j]
            for k in range(j):
                left -= low[i, k] * low[j, k]
            if i == j:
                least = min(least, left)
                low[i, i] = math.sqrt(left) if left > 0.0 else math.nan
            else:
                low[i, j] = left / low[j, j]
    for i in range(m):
        for k in range(i):
            c[i] -= low[i, k] * c[k]
        c[i] /= low[i, i]
    for i in range(m - 1, -1, -1):
        for k in range(i + 1, m):
            c[i] -= low[k, i] * c[k]
        c[i] /= low[i, i]
    solved = np.empty(m)
    for row in range(m):
        spread[row] = 0.0
        for i in range(m):
            left = back[row, i]
            for k in range(i):
                left -= low[i, k] * solved[k]
            solved[i] = left / low[i, i]
            spread[row] += solved[i] * solved[i]
    return least


@njit_for_kernels(cache=True, fastmath=_SUMS, error_model="numpy")
def _squared_residuals(y: FloatArray, qt: FloatArray, c: FloatArray, residual: FloatArray) -> float:
    m, n = qt.shape
    for t in range(n):
        residual[t] = y[t]
    for i in range(m):
        for t in range(n):
            residual[t] -= c[i] * qt[i, t]
    total = 0.0
    for t in range(n):
        if not math.isnan(residual[t]):
            total += residual[t] * residual[t]
    return total


@njit_for_kernels(cache=True, fastmath=_SUMS, error_model="numpy")
def _squared_deviations(y: FloatArray, mean: float, n: int) -> float:
    total = 0.0
    for t in range(n):
        if not math.isnan(y[t]):
            total += (y[t] - mean) * (y[t] - mean)
    return total


@njit_for_python(cache=True, error_model="numpy")
def fit_series(
    block: FloatArray,
    qt: FloatArray,
    back: FloatArray,
    has_constant: bool,
    coordinates: FloatArray,
    coefficients: FloatArray,
    errors: FloatArray,
    r_squared: FloatArray,
    variance: FloatArray,
    counts: FloatArray,
    pivots: FloatArray,
) -> None:
    """Fit every row of ``block`` ``[series × n]`` on the basis ``qt`` ``[k × n]``; missing observations are NaN.

    Fills coordinates on the basis, coefficients (back · coordinates), classical standard errors, R², residual variance, observations, and
    the least pivot (1 without gaps).
    """
    m, n = qt.shape
    filled, residual, low = np.empty(n), np.empty(n), np.zeros((m, m))
    whole = np.empty(m)
    for i in range(m):
        whole[i] = 0.0
        for j in range(m):
            whole[i] += back[i, j] * back[i, j]
    spread, right = np.empty(m), np.empty(m)
    for p in range(block.shape[0]):
        y, c, count = block[p], coordinates[p], n
        squares = _dot(y, y, n)
        pivots[p] = 1.0
        if math.isnan(squares):
            for t in range(n):
                missing = math.isnan(y[t])
                filled[t] = 0.0 if missing else y[t]
                count -= missing
            squares, total = _dot(filled, filled, n), _sum(filled, n)
            for i in range(m):
                c[i] = right[i] = _dot(filled, qt[i], n)
            pivots[p] = _solve_with_gaps(y, qt, back, low, c, spread)
        else:
            total = _sum(y, n)
            for i in range(m):
                c[i] = right[i] = _dot(y, qt[i], n)
            spread[:] = whole
        explained = 0.0
        for i in range(m):
            explained += c[i] * right[i]
        left, centred = squares - explained, squares
        if left < _CANCELLED * squares:
            left = _squared_residuals(y, qt, c, residual)
        if has_constant and count > 0:
            centred = squares - total * total / count
            if centred < _CANCELLED * squares:
                centred = _squared_deviations(y, total / count, n)
        freedom = count - m
        counts[p] = count
        variance[p] = left / freedom if freedom > 0 else math.nan
        r_squared[p] = 1.0 - left / centred if centred > 0.0 else math.nan
        for i in range(m):
            coefficient = 0.0
            for j in range(m):
                coefficient += back[i, j] * c[j]
            coefficients[p, i] = coefficient
            errors[p, i] = math.sqrt(variance[p] * spread[i])
