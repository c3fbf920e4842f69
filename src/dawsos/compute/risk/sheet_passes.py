"""Single passes over one return series, each written so that the compiler can keep the processor's arithmetic units busy.

Imported only by the sheet kernel, because Numba is slow to import. Sums may be reordered by the vectoriser, as NumPy's are: they agree with
sums in order to about 1e-15 of their size, and two runs on one machine agree to the last bit.
"""
# ruff: noqa: FURB136 - min() and max() of compiled code look after NaN and keep loops from becoming vector instructions

import math

import numpy as np
from numba import njit

from dawsos.compute.returns.figures import FloatArray, IntArray

#: Loops over finite numbers whose order of summation does not matter.
_SUMS = {"reassoc", "contract", "nsz", "nnan", "ninf"}
#: The same where a NaN must come through.
_ADDED = {"reassoc", "contract", "nsz"}
_BINS = 128


@njit(cache=True, fastmath=_ADDED, error_model="numpy")
def total(x: FloatArray, n: int) -> float:
    """The sum; NaN when an observation is missing, which is how a gap is noticed without a pass of its own."""
    added = 0.0
    for i in range(n):
        added += x[i]
    return added


@njit(cache=True, error_model="numpy")
def extent(x: FloatArray, n: int) -> tuple[float, float]:
    """Least and greatest; four of each, because the next comparison would wait for the last."""
    low_0 = low_1 = low_2 = low_3 = high_0 = high_1 = high_2 = high_3 = x[0]
    for i in range(0, n - 3, 4):
        v = x[i]
        low_0, high_0 = v if v < low_0 else low_0, v if v > high_0 else high_0
        v = x[i + 1]
        low_1, high_1 = v if v < low_1 else low_1, v if v > high_1 else high_1
        v = x[i + 2]
        low_2, high_2 = v if v < low_2 else low_2, v if v > high_2 else high_2
        v = x[i + 3]
        low_3, high_3 = v if v < low_3 else low_3, v if v > high_3 else high_3
    for i in range(n - n % 4, n):
        low_0, high_0 = min(x[i], low_0), max(x[i], high_0)
    return min(low_0, low_1, low_2, low_3), max(high_0, high_1, high_2, high_3)


@njit(cache=True, fastmath=_SUMS, error_model="numpy")
def powers(x: FloatArray, n: int, mean: float) -> tuple[float, float, float, float]:
    """Sums of the second to fourth powers of deviations, and of the squares of negative ones."""
    second, third, fourth, below = 0.0, 0.0, 0.0, 0.0
    for i in range(n):
        d = x[i] - mean
        square = d * d
        second += square
        third += square * d
        fourth += square * square
        below += square if d < 0.0 else 0.0
    return second, third, fourth, below


@njit(cache=True, fastmath=_SUMS, error_model="numpy")
def sides(x: FloatArray, n: int) -> tuple[float, float, float, float, float]:
    """Gains and losses, how many of each, and the sum of squared losses."""
    gains, losses, wins, falls, squares = 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(n):
        v = x[i]
        gains += v if v > 0.0 else 0.0
        loss = v if v < 0.0 else 0.0
        losses += loss
        squares += loss * loss
        wins += 1.0 if v > 0.0 else 0.0
        falls += 1.0 if v < 0.0 else 0.0
    return gains, losses, wins, falls, squares


@njit(cache=True, fastmath=_SUMS, error_model="numpy")
def beyond(x: FloatArray, n: int, target: float) -> tuple[float, float, float]:
    """Surplus over the target, shortfall below it, and the sum of squared shortfalls."""
    surplus, shortfall, squares = 0.0, 0.0, 0.0
    for i in range(n):
        e = x[i] - target
        surplus += e if e > 0.0 else 0.0
        lacking = e if e < 0.0 else 0.0
        shortfall -= lacking
        squares += lacking * lacking
    return surplus, shortfall, squares


@njit(cache=True, error_model="numpy")
def gather(x: FloatArray, n: int, low_edge: float, high_edge: float, low: FloatArray, high: FloatArray) -> tuple[int, int]:
    """Copy what lies below one edge, and the negative of what lies above the other; how many of each."""
    lows, highs = np.uint64(0), np.uint64(0)
    for i in range(n):
        v = x[i]
        low[lows] = v
        high[highs] = -v
        lows += np.uint64(v < low_edge)
        highs += np.uint64(v > high_edge)
    return np.int64(lows), np.int64(highs)  # type: ignore[return-value]


@njit(cache=True, error_model="numpy")
def tails(
    x: FloatArray, n: int, share: float, mean: float, spread: float, low: FloatArray, high: FloatArray, counts: IntArray
) -> tuple[float, float, float, float, float]:
    """Type 7 quantiles at ``share`` and 1 − ``share``, the mean of the values at or below the first, the least and the greatest value."""
    wanted = min(math.floor((n - 1) * share) + 2, n)
    lows, highs, reach = 0, 0, 1.3
    while (lows < wanted or highs < wanted) and reach > 0.0:
        lows, highs = gather(x, n, mean - reach * spread, mean + reach * spread, low, high)
        reach -= 0.5
    if lows < wanted or highs < wanted:
        lows, highs = gather(x, n, math.inf, -math.inf, low, high)
    least, quantile, average = _ordered(low, lows, (n - 1) * share, counts)
    most, upper, _ = _ordered(high, highs, (n - 1) * share, counts)
    return quantile, average, -upper, least, -most


@njit(cache=True, error_model="numpy")
def _ordered(values: FloatArray, found: int, position: float, counts: IntArray) -> tuple[float, float, float]:
    """The least value, the value at a fractional ``position`` of the ascending order, and the mean of the values at or below that."""
    least, greatest = extent(values, found)
    k = math.floor(position)
    low, following = _neighbours(values, found, k, least, greatest, counts)
    fraction = position - k
    quantile = low + (following - low) * fraction if fraction > 0.0 else low
    added, inside = 0.0, 0
    for i in range(found):
        v = values[i]
        within = v <= quantile
        added += v if within else 0.0
        inside += 1 if within else 0
    return least, quantile, added / inside


@njit(cache=True, error_model="numpy")
def _neighbours(values: FloatArray, found: int, k: int, least: float, greatest: float, counts: IntArray) -> tuple[float, float]:
    """The k-th and (k + 1)-th smallest (the k-th twice if it is the last), by counting into bins and ordering only the bins they lie in."""
    if not greatest > least:
        return least, least
    scale = (_BINS - 1) / (greatest - least)
    following = min(k + 1, found - 1)
    if scale > 1e300:  # so close together that places cannot be computed
        values[:found] = np.sort(values[:found])
        return values[k], values[following]
    for place in range(_BINS):
        counts[place] = 0
    for i in range(found):
        counts[int((values[i] - least) * scale)] += 1
    before, first = 0, 0
    while before + counts[first] <= k:
        before += counts[first]
        first += 1
    last, upto = first, before + counts[first]
    while upto <= following:
        last += 1
        upto += counts[last]
    kept = 0
    for i in range(found):
        place = int((values[i] - least) * scale)
        if first <= place <= last:
            values[kept], values[i] = values[i], values[kept]
            kept += 1
    _insertion_sort(values, kept)
    return values[k - before], values[following - before]


@njit(cache=True, error_model="numpy")
def _insertion_sort(values: FloatArray, n: int) -> None:
    if n > 64:
        values[:n] = np.sort(values[:n])
        return
    for i in range(1, n):
        v = values[i]
        j = i
        while j > 0 and values[j - 1] > v:
            values[j] = values[j - 1]
            j -= 1
        values[j] = v


@njit(cache=True, fastmath=_SUMS, error_model="numpy")
def together(x: FloatArray, b: FloatArray, n: int, mean_x: float, mean_b: float) -> tuple[float, float, float, float]:
    """Sums of squares of the benchmark's deviations, of products, of active deviations; how often the benchmark was beaten."""
    squares, cross, active, better = 0.0, 0.0, 0.0, 0.0
    for i in range(n):
        dx, db = x[i] - mean_x, b[i] - mean_b
        squares += db * db
        cross += dx * db
        e = dx - db
        active += e * e
        better += 1.0 if x[i] > b[i] else 0.0
    return squares, cross, active, better


@njit(cache=True, fastmath=_SUMS, error_model="numpy")
def linked_by_market(x: FloatArray, b: FloatArray, n: int) -> tuple[float, float]:
    """Linked growth over the benchmark's gains, and over its losses."""
    up, down = 1.0, 1.0
    for i in range(n):
        grown = 1.0 + x[i]
        up *= grown if b[i] > 0.0 else 1.0
        down *= grown if b[i] < 0.0 else 1.0
    return up, down


@njit(cache=True, fastmath=_SUMS, error_model="numpy")
def summed_by_market(x: FloatArray, b: FloatArray, n: int) -> tuple[float, float, float, float]:
    """Sums of returns over the benchmark's gains and over its losses, and how many there are of each."""
    up, down, ups, downs = 0.0, 0.0, 0.0, 0.0
    for i in range(n):
        up += x[i] if b[i] > 0.0 else 0.0
        down += x[i] if b[i] < 0.0 else 0.0
        ups += 1.0 if b[i] > 0.0 else 0.0
        downs += 1.0 if b[i] < 0.0 else 0.0
    return up, down, ups, downs


@njit(cache=True, fastmath=_SUMS, error_model="numpy")
def growth(x: FloatArray, n: int, riskless: float) -> float:
    """Linked growth of the returns over the riskless one."""
    start, grown = 1.0 - riskless, 1.0
    for i in range(n):
        grown *= start + x[i]
    return grown


@njit(cache=True, error_model="numpy")
def known(x: FloatArray, out: FloatArray) -> int:
    """Copy the numbers of ``x``, leaving NaN out; how many."""
    n = 0
    for i in range(x.size):
        out[n] = x[i]
        n += 0 if math.isnan(x[i]) else 1
    return n


@njit(cache=True, error_model="numpy")
def paired(x: FloatArray, b: FloatArray, own: FloatArray, other: FloatArray) -> int:
    """Copy the pairs both sides know; how many."""
    n = 0
    for i in range(x.size):
        own[n], other[n] = x[i], b[i]
        n += 0 if math.isnan(x[i]) or math.isnan(b[i]) else 1
    return n
