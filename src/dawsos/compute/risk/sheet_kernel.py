"""The whole sheet while a row is in the processor's cache: passes over a series, paths, and the figures that follow from their sums.

Imported only when a sheet is asked for, because Numba is slow to import. One file, because Numba's cache notices changes to the file of a
cached function and not to the files of the functions it calls. Sums whose order does not matter may be reordered by the vectoriser, as
NumPy's are: they agree with sums in order to about 1e-15 of their size, and two runs on one machine agree to the last bit.
"""

# ruff: noqa: FURB136 - min() and max() of compiled code look after NaN and keep loops from becoming vector instructions

import math
from typing import Any, TypeAlias

import numpy as np
from numba import njit

from dawsos.compute.compiling import njit_for_kernels, njit_for_python
from dawsos.compute.returns.figures import FloatArray, IntArray

#: An index without a sign: it cannot be negative, which spares the compiled loop a test.
Index: TypeAlias = Any
#: Loops over finite numbers whose order of summation does not matter.
_SUMS = {"reassoc", "contract", "nsz", "nnan", "ninf"}
#: The same where a NaN must come through.
_ADDED = {"reassoc", "contract", "nsz"}
_BINS = 128
#: Series that advance together. Fewer leave instructions half empty, more fall out of the nearest cache.
LANES = 64
#: Days laid out at a time.
DAYS = 32
#: What a path yields: final wealth, sum and sum of squares of drawdowns, the deepest, squared depths of the falls, R² of the log path.
#: Each name is the place of its first lane in the state; the state is flat, so that the compiler sees that no two of them overlap.
WEALTH, DEPTH, SQUARES, LEAST, FALLS, STRAIGHT = 0, LANES, 2 * LANES, 3 * LANES, 4 * LANES, 5 * LANES
_PEAK, _DEEPEST, _LOG, _LOG_MEAN, _VERTICAL, _CROSS = 6 * LANES, 7 * LANES, 8 * LANES, 9 * LANES, 10 * LANES, 11 * LANES
STATES = 12
#: Products and sums may be fused, in both ways alike; their order stays.
_FUSED = {"contract"}
#: Moves up to here have their logarithm from a short series.
SMALL = 0.125

# Figures in the order of ``sheet_fields.FIELDS``; written out, because Numba's cache would not notice a change over there.
(
    _TOTAL, _ANNUAL, _MEAN, _VOLATILITY, _DOWNSIDE, _SEMI, _SHARPE, _SORTINO, _OMEGA, _SKEW, _KURT, _MAX_DD, _PAIN, _ULCER, _CALMAR,
    _MARTIN, _PAIN_RATIO, _BURKE, _VAR_H, _CVAR_H, _VAR_G, _CVAR_G, _VAR_CF, _CVAR_CF, _TAIL, _STABILITY, _WIN_RATE, _AVG_WIN,
    _AVG_LOSS, _PAYOFF, _PROFIT, _BEST, _WORST, _BETA, _ALPHA, _CORRELATION, _R2, _TE, _IR, _ACTIVE, _TREYNOR, _M2, _UP, _DOWN,
    _BATTING,
) = range(45)  # fmt: skip

# Places in the packed conventions (``sheet.Conventions.packed``).
_PERIODS, _DDOF, _TARGET, _RISKLESS, _SHARE, _AMONG_MOVES, _SAMPLE_SHAPE, _VAR_DDOF, _ALPHA_METHOD = 0, 1, 2, 3, 4, 5, 6, 7, 8
_ARITHMETIC, _LEAST_YEARS, _RISKLESS_YEAR, _Z, _DENSITY, _CAPTURE = 9, 10, 11, 12, 13, 14
# What is remembered of a row between its passes, and of a benchmark.
_N, _SUM, _SECOND, _LOW, _HIGH, _GROWTH = 0, 1, 2, 3, 4, 5
_B_MEAN, _B_LOW, _B_HIGH, _B_GROWTH, _B_EXCESS, _B_UP, _B_DOWN, _B_UPS, _B_DOWNS = 0, 1, 2, 3, 4, 5, 6, 7, 8


# --- Single passes over one series.


@njit_for_kernels(cache=True, fastmath=_ADDED, error_model="numpy")
def total(x: FloatArray, n: int) -> float:
    """The sum; NaN when an observation is missing, which is how a gap is noticed without a pass of its own."""
    added = 0.0
    for i in range(n):
        added += x[i]
    return added


@njit_for_kernels(cache=True, error_model="numpy")
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


@njit_for_kernels(cache=True, fastmath=_SUMS, error_model="numpy")
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


@njit_for_kernels(cache=True, fastmath=_SUMS, error_model="numpy")
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


@njit_for_kernels(cache=True, fastmath=_SUMS, error_model="numpy")
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


@njit_for_kernels(cache=True, error_model="numpy")
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


@njit_for_kernels(cache=True, error_model="numpy")
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
    least, quantile = _ordered(low, lows, (n - 1) * share, counts)
    most, upper = _ordered(high, highs, (n - 1) * share, counts)
    return quantile, _mean_up_to(low, lows, quantile), -upper, least, -most


@njit_for_kernels(cache=True, error_model="numpy")
def _ordered(values: FloatArray, found: int, position: float, counts: IntArray) -> tuple[float, float]:
    """The least value, and the value at a fractional ``position`` of the ascending order."""
    least, greatest = extent(values, found)
    k = math.floor(position)
    low, following = _neighbours(values, found, k, least, greatest, counts)
    fraction = position - k
    return least, low + (following - low) * fraction if fraction > 0.0 else low


@njit_for_kernels(cache=True, fastmath=_ADDED, error_model="numpy")
def _mean_up_to(values: FloatArray, found: int, quantile: float) -> float:
    """The mean of the values at or below ``quantile``."""
    added, inside = 0.0, 0.0
    for i in range(np.uint64(found)):
        v = values[i]
        added += v if v <= quantile else 0.0
        inside += 1.0 if v <= quantile else 0.0
    return added / inside


@njit_for_kernels(cache=True, error_model="numpy")
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


@njit_for_kernels(cache=True, error_model="numpy")
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


@njit_for_kernels(cache=True, fastmath=_SUMS, error_model="numpy")
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


@njit_for_kernels(cache=True, fastmath=_SUMS, error_model="numpy")
def linked_by_market(x: FloatArray, b: FloatArray, n: int) -> tuple[float, float]:
    """Linked growth over the benchmark's gains, and over its losses."""
    up, down = 1.0, 1.0
    for i in range(n):
        grown = 1.0 + x[i]
        up *= grown if b[i] > 0.0 else 1.0
        down *= grown if b[i] < 0.0 else 1.0
    return up, down


@njit_for_kernels(cache=True, fastmath=_SUMS, error_model="numpy")
def summed_by_market(x: FloatArray, b: FloatArray, n: int) -> tuple[float, float, float, float]:
    """Sums of returns over the benchmark's gains and over its losses, and how many there are of each."""
    up, down, ups, downs = 0.0, 0.0, 0.0, 0.0
    for i in range(n):
        up += x[i] if b[i] > 0.0 else 0.0
        down += x[i] if b[i] < 0.0 else 0.0
        ups += 1.0 if b[i] > 0.0 else 0.0
        downs += 1.0 if b[i] < 0.0 else 0.0
    return up, down, ups, downs


@njit_for_kernels(cache=True, fastmath=_SUMS, error_model="numpy")
def growth(x: FloatArray, n: int, riskless: float) -> float:
    """Linked growth of the returns over the riskless one."""
    start, grown = 1.0 - riskless, 1.0
    for i in range(n):
        grown *= start + x[i]
    return grown


@njit_for_kernels(cache=True, error_model="numpy")
def known(x: FloatArray, out: FloatArray) -> int:
    """Copy the numbers of ``x``, leaving NaN out; how many."""
    n = 0
    for i in range(x.size):
        out[n] = x[i]
        n += 0 if math.isnan(x[i]) else 1
    return n


@njit_for_kernels(cache=True, error_model="numpy")
def paired(x: FloatArray, b: FloatArray, own: FloatArray, other: FloatArray) -> int:
    """Copy the pairs both sides know; how many."""
    n = 0
    for i in range(x.size):
        own[n], other[n] = x[i], b[i]
        n += 0 if math.isnan(x[i]) or math.isnan(b[i]) else 1
    return n


# --- Paths. Each step waits for the step before, so a processor works at a fraction of its speed on one series. Side by side, LANES
# --- series advance together and every instruction serves several. Both ways do the same arithmetic in the same order, so a portfolio's
# --- figures are the same bits alone and in a block.


@njit(cache=True, fastmath=_FUSED, error_model="numpy", inline="always")
def _log(v: float) -> float:
    """ln(1 + v) by its Taylor series: 2e-16 at ``SMALL``, far less for everyday moves."""
    tail = v * (1.0 / 11.0 + v * (-1.0 / 12.0 + v * (1.0 / 13.0 + v * (-1.0 / 14.0 + v * (1.0 / 15.0)))))
    middle = v * (1.0 / 6.0 - v * (1.0 / 7.0 + v * (-1.0 / 8.0 + v * (1.0 / 9.0 - v * (1.0 / 10.0 - tail)))))
    return v * (1.0 - v * (1.0 / 2.0 + v * (-1.0 / 3.0 + v * (1.0 / 4.0 - v * (1.0 / 5.0 - middle)))))


@njit_for_kernels(cache=True, fastmath=_FUSED, error_model="numpy")
def path(x: FloatArray, n: int, is_small: bool, has_logs: bool, logs: FloatArray, state: FloatArray) -> None:
    """The path of one series into lane 0; R² is NaN without logarithms (a total loss), with fewer than three steps, or for a flat path."""
    _logs(x, n, is_small, has_logs, logs)
    w, p, c, depth, squares, least, deepest, falls, mean = 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(n):
        w *= 1.0 + x[i]
        previous = p
        p = w if w > p else p
        d = w / p - 1.0
        depth += d
        squares += d * d
        least = d if d < least else least
        recovered = w >= previous
        ended = deepest if recovered else 0.0
        falls += ended * ended
        lower = d if d < deepest else deepest
        deepest = 0.0 if recovered else lower
        c += logs[i]
        logs[i] = c
        mean += c
    state[WEALTH], state[DEPTH], state[SQUARES], state[LEAST], state[FALLS] = w, depth, squares, least, falls + deepest * deepest
    mean /= n
    vertical, cross, middle = 0.0, 0.0, 0.5 * (n - 1)
    for i in range(n):
        d = logs[i] - mean
        vertical += d * d
        cross += d * (i - middle)
    state[STRAIGHT] = _straight(vertical, cross, n) if has_logs else math.nan


@njit_for_kernels(cache=True, fastmath=_FUSED, error_model="numpy")
def _logs(x: FloatArray, n: int, is_small: bool, has_logs: bool, logs: FloatArray) -> None:
    if is_small:
        for i in range(n):
            logs[i] = _log(x[i])
        return
    for i in range(n):
        logs[i] = math.log1p(x[i]) if has_logs else 0.0


@njit_for_kernels(cache=True, error_model="numpy")
def _straight(vertical: float, cross: float, n: int) -> float:
    horizontal = n * (float(n) * n - 1.0) / 12.0
    return cross * cross / (vertical * horizontal) if vertical > 0.0 and n >= 3 else math.nan


@njit_for_kernels(cache=True, error_model="numpy")
def side_by_side(returns: FloatArray, rows: IntArray, taken: int, n: int, tile: FloatArray, logs: FloatArray, state: FloatArray) -> None:
    """The paths of ``taken`` ≤ ``LANES`` complete series of small moves; ``state[WEALTH + lane]`` belongs to ``rows[lane]``."""
    state[:] = 0.0
    state[WEALTH : WEALTH + LANES] = 1.0
    state[_PEAK : _PEAK + LANES] = 1.0
    for first in range(0, n, DAYS):
        after = min(first + DAYS, n)
        _lay_out(returns, rows, taken, first, after, tile)
        _logs_of_tile(tile, first, after, logs)
        for t in range(first, after):
            _advance(np.uint64(t - first), np.uint64(t), tile, logs, state)
    for lane in range(LANES):
        state[FALLS + lane] += state[_DEEPEST + lane] * state[_DEEPEST + lane]
        state[_LOG_MEAN + lane] /= n
    for t in range(n):
        _deviate(np.uint64(t), logs, state, t - 0.5 * (n - 1))
    for lane in range(LANES):
        state[STRAIGHT + lane] = _straight(state[_VERTICAL + lane], state[_CROSS + lane], n)


@njit_for_kernels(cache=True, error_model="numpy")
def _lay_out(returns: FloatArray, rows: IntArray, taken: int, first: int, after: int, tile: FloatArray) -> None:
    """Transpose a few days of the series into ``tile[day, lane]``, few enough to stay in the nearest cache; empty lanes stand still."""
    for lane in range(LANES):
        if lane < taken:
            row = returns[rows[lane]]
            for t in range(first, after):
                tile[t - first, lane] = row[t]
        else:
            for t in range(first, after):
                tile[t - first, lane] = 0.0


@njit_for_kernels(cache=True, fastmath=_FUSED, error_model="numpy")
def _logs_of_tile(tile: FloatArray, first: int, after: int, logs: FloatArray) -> None:
    """ln(1 + v) of every day and lane of a tile. Tables are taken whole: handing on a row of them costs more than a loop over the lanes."""
    for t in range(np.uint64(first), np.uint64(after)):
        day = t - np.uint64(first)
        for lane in range(np.uint64(LANES)):
            logs[t, lane] = _log(tile[day, lane])


@njit_for_kernels(cache=True, fastmath=_FUSED, error_model="numpy")
def _advance(day: Index, t: Index, tile: FloatArray, logs: FloatArray, state: FloatArray) -> None:
    """One day of every lane: the loop of :func:`path`. Logarithms are stored before, so that they fuse with nothing, here or there."""
    for lane in range(np.uint64(LANES)):
        v = tile[day, lane]
        w = state[np.uint64(WEALTH) + lane] * (1.0 + v)
        state[np.uint64(WEALTH) + lane] = w
        previous = state[np.uint64(_PEAK) + lane]
        p = w if w > previous else previous
        state[np.uint64(_PEAK) + lane] = p
        d = w / p - 1.0
        state[np.uint64(DEPTH) + lane] += d
        state[np.uint64(SQUARES) + lane] += d * d
        least = state[np.uint64(LEAST) + lane]
        state[np.uint64(LEAST) + lane] = d if d < least else least
        deepest = state[np.uint64(_DEEPEST) + lane]
        recovered = w >= previous
        ended = deepest if recovered else 0.0
        state[np.uint64(FALLS) + lane] += ended * ended
        lower = d if d < deepest else deepest
        state[np.uint64(_DEEPEST) + lane] = 0.0 if recovered else lower
        c = state[np.uint64(_LOG) + lane] + logs[t, lane]
        state[np.uint64(_LOG) + lane] = c
        state[np.uint64(_LOG_MEAN) + lane] += c
        logs[t, lane] = c


@njit_for_kernels(cache=True, fastmath=_FUSED, error_model="numpy")
def _deviate(t: Index, logs: FloatArray, state: FloatArray, time: float) -> None:
    for lane in range(np.uint64(LANES)):
        d = logs[t, lane] - state[np.uint64(_LOG_MEAN) + lane]
        state[np.uint64(_VERTICAL) + lane] += d * d
        state[np.uint64(_CROSS) + lane] += d * time


@njit_for_kernels(cache=True)
def workspace(width: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Tile, logarithms and state for :func:`side_by_side`."""
    return np.empty((DAYS, LANES)), np.empty((width, LANES)), np.empty(STATES * LANES)


# --- Figures from the sums, and the rows one after another.


@njit_for_kernels(cache=True, error_model="numpy")
def _over(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator > 0.0 else math.nan


@njit_for_kernels(cache=True, error_model="numpy")
def _per_year(grown: float, n: int, c: FloatArray) -> float:
    """Growth per year less 1; NaN for a history too short to state it, or for growth below zero."""
    if n < c[_LEAST_YEARS] * c[_PERIODS] or not grown >= 0.0:
        return math.nan
    return float(grown ** (c[_PERIODS] / n) - 1.0)


@njit_for_kernels(cache=True, error_model="numpy")
def _moments(
    x: FloatArray, n: int, c: FloatArray, lower: FloatArray, upper: FloatArray, bins: IntArray, fact: FloatArray, out: FloatArray
) -> None:
    """Every figure that does not depend on the order of the returns; least, greatest and spread are left in ``fact``."""
    mean = fact[_SUM] / n
    second, third, fourth, below = powers(x, n, mean)
    population = math.sqrt(second / n)
    if n >= 30:
        out[_VAR_H], out[_CVAR_H], top, low, high = tails(x, n, c[_SHARE], mean, population, lower, upper, bins)
        out[_TAIL] = _over(abs(top), abs(out[_VAR_H]))
    else:
        low, high = extent(x, n)
    if not high > low:
        second, third, fourth, population = 0.0, 0.0, 0.0, 0.0
    spread = math.sqrt(second / (n - c[_DDOF])) if n > c[_DDOF] else math.nan
    fact[_SECOND], fact[_LOW], fact[_HIGH] = second, low, high
    out[_MEAN], out[_BEST], out[_WORST] = mean, high, low
    if n >= 2:
        out[_VOLATILITY] = spread * math.sqrt(c[_PERIODS])
        out[_SEMI] = math.sqrt(below / n) if high > low else 0.0
        out[_SHARPE] = _over(mean - c[_RISKLESS], spread) * math.sqrt(c[_PERIODS])
    _shape(n, mean, population, spread, _over(third / n, population**3), _over(fourth / n, population**4) - 3.0, c, out)


@njit_for_kernels(cache=True, error_model="numpy")
def _shape(n: int, mean: float, population: float, spread: float, skew: float, kurt: float, c: FloatArray, out: FloatArray) -> None:
    if n >= 3:
        out[_SKEW] = skew if c[_SAMPLE_SHAPE] == 0.0 else skew * math.sqrt(n * (n - 1.0)) / (n - 2.0)
    if n >= 4:
        out[_KURT] = kurt if c[_SAMPLE_SHAPE] == 0.0 else ((n + 1.0) * kurt + 6.0) * (n - 1.0) / ((n - 2.0) * (n - 3.0))
    if n < 30:
        return
    z, share, scale = c[_Z], c[_SHARE], population if c[_VAR_DDOF] == 0.0 else spread
    out[_VAR_G], out[_CVAR_G] = mean + z * scale, mean - scale * c[_DENSITY] / share
    h = z + (z * z - 1.0) / 6.0 * skew + (z**3 - 3.0 * z) / 24.0 * kurt - (2.0 * z**3 - 5.0 * z) / 36.0 * skew * skew
    h2 = h * h
    bend = (
        1.0
        + kurt / 24.0 * (h2 * h2 - 2.0 * h2 - 1.0)
        + skew / 6.0 * h * h2
        + skew * skew / 72.0 * (h2 * h2 * h2 - 9.0 * h2 * h2 + 9.0 * h2 + 3.0)
    )
    depth = math.exp(-0.5 * h2) / math.sqrt(2.0 * math.pi) * bend / share
    out[_VAR_CF], out[_CVAR_CF] = mean + h * scale, mean + min(-depth, h) * scale


@njit_for_kernels(cache=True, error_model="numpy")
def _two_sides(x: FloatArray, n: int, c: FloatArray, out: FloatArray) -> None:
    """Gains against losses, and against the target."""
    gains, losses, wins, falls, squares = sides(x, n)
    surplus, shortfall = gains, -losses
    if c[_TARGET] != 0.0:
        surplus, shortfall, squares = beyond(x, n, c[_TARGET])
    out[_DOWNSIDE] = math.sqrt(squares / n) * math.sqrt(c[_PERIODS])
    out[_SORTINO] = _over((out[_MEAN] - c[_TARGET]) * c[_PERIODS], out[_DOWNSIDE])
    out[_OMEGA] = _over(surplus, shortfall)
    out[_WIN_RATE] = wins / n if c[_AMONG_MOVES] == 0.0 else _over(wins, wins + falls)
    out[_AVG_WIN], out[_AVG_LOSS] = _over(gains, wins), _over(losses, falls)
    out[_PAYOFF], out[_PROFIT] = _over(out[_AVG_WIN], -out[_AVG_LOSS]), _over(gains, -losses)


@njit_for_kernels(cache=True, error_model="numpy")
def _along(state: FloatArray, lane: int, n: int, c: FloatArray, out: FloatArray) -> None:
    """The figures of the path in one lane of ``state``."""
    annual = _per_year(state[WEALTH + lane], n, c)
    reward = annual - c[_RISKLESS_YEAR]
    out[_TOTAL], out[_ANNUAL], out[_STABILITY] = state[WEALTH + lane] - 1.0, annual, state[STRAIGHT + lane]
    out[_MAX_DD], out[_PAIN], out[_ULCER] = state[LEAST + lane], -state[DEPTH + lane] / n, math.sqrt(state[SQUARES + lane] / n)
    out[_CALMAR] = _over(annual, -state[LEAST + lane])
    out[_MARTIN], out[_PAIN_RATIO] = _over(reward, out[_ULCER]), _over(reward, out[_PAIN])
    out[_BURKE] = _over(reward, math.sqrt(state[FALLS + lane]))


@njit_for_kernels(cache=True, error_model="numpy")
def _market(b: FloatArray, n: int, c: FloatArray, facts: FloatArray) -> None:
    """What the benchmark's ``n`` returns say on their own."""
    facts[_B_MEAN] = total(b, n) / n
    facts[_B_LOW], facts[_B_HIGH] = extent(b, n)
    facts[_B_GROWTH] = growth(b, n, 0.0)
    facts[_B_EXCESS] = growth(b, n, c[_RISKLESS])
    up, down, facts[_B_UPS], facts[_B_DOWNS] = summed_by_market(b, b, n)
    facts[_B_UP], facts[_B_DOWN] = up, down
    if c[_CAPTURE] != 2.0:
        facts[_B_UP], facts[_B_DOWN] = linked_by_market(b, b, n)


@njit_for_kernels(cache=True, error_model="numpy")
def _relative(x: FloatArray, b: FloatArray, n: int, fact: FloatArray, market: FloatArray, c: FloatArray, out: FloatArray) -> None:
    """Every figure of ``n`` ≥ 30 pairs of known returns; ``fact`` and ``market`` hold what is known of each side."""
    mean, varies, moves = fact[_SUM] / n, fact[_HIGH] > fact[_LOW], market[_B_HIGH] > market[_B_LOW]
    squares, cross, active, better = together(x, b, n, mean, market[_B_MEAN])
    can_link = fact[_LOW] >= -1.0 and market[_B_LOW] >= -1.0
    annual = _per_year(fact[_GROWTH], n, c) if can_link else math.nan
    annual_b = _per_year(market[_B_GROWTH], n, c) if can_link else math.nan
    excess, excess_b = annual, annual_b
    if c[_RISKLESS] != 0.0 and can_link:
        excess, excess_b = _per_year(growth(x, n, c[_RISKLESS]), n, c), _per_year(market[_B_EXCESS], n, c)
    beta = cross / squares if moves else math.nan
    tracking = math.sqrt(active / (n - c[_DDOF])) * math.sqrt(c[_PERIODS])
    tracking = tracking if tracking > 1e-14 else 0.0  # a constant difference leaves only rounding noise
    out[_BETA], out[_TE], out[_BATTING], out[_ACTIVE] = beta, tracking, better / n, annual - annual_b
    out[_ALPHA] = excess - beta * excess_b
    if c[_ALPHA_METHOD] != 0.0:
        residual = mean - c[_RISKLESS] - beta * (market[_B_MEAN] - c[_RISKLESS])
        out[_ALPHA] = (1.0 + residual) ** c[_PERIODS] - 1.0 if c[_ALPHA_METHOD] == 1.0 else residual * c[_PERIODS]
    out[_CORRELATION] = cross / math.sqrt(squares * fact[_SECOND]) if moves and varies else math.nan
    out[_R2] = out[_CORRELATION] ** 2
    out[_IR] = _over(out[_ACTIVE] if c[_ARITHMETIC] == 0.0 else (mean - market[_B_MEAN]) * c[_PERIODS], tracking)
    out[_TREYNOR] = excess / beta if beta != 0.0 else math.nan
    out[_M2] = (annual - c[_RISKLESS_YEAR]) * math.sqrt(squares / fact[_SECOND]) + c[_RISKLESS_YEAR] if varies else math.nan
    _captures(x, b, n, market, c, out)


@njit_for_kernels(cache=True, error_model="numpy")
def _captures(x: FloatArray, b: FloatArray, n: int, market: FloatArray, c: FloatArray, out: FloatArray) -> None:
    if c[_CAPTURE] == 2.0:
        up, down, _, _ = summed_by_market(x, b, n)
        out[_UP] = up / market[_B_UP] if market[_B_UPS] > 0.0 else math.nan
        out[_DOWN] = down / market[_B_DOWN] if market[_B_DOWNS] > 0.0 else math.nan
        return
    up, down = linked_by_market(x, b, n)
    out[_UP] = _captured(up, market[_B_UP], market[_B_UPS], c)
    out[_DOWN] = _captured(down, market[_B_DOWN], market[_B_DOWNS], c)


@njit_for_kernels(cache=True, error_model="numpy")
def _captured(own: float, other: float, count: float, c: FloatArray) -> float:
    if count == 0.0:
        return math.nan
    exponent = 1.0 if c[_CAPTURE] == 0.0 else c[_PERIODS] / count
    return float((own**exponent - 1.0) / (other**exponent - 1.0))


@njit_for_kernels(cache=True, error_model="numpy")
def _against(
    x: FloatArray,
    b: FloatArray,
    fact: FloatArray,
    market: FloatArray,
    is_known: bool,
    c: FloatArray,
    own: FloatArray,
    other: FloatArray,
    out: FloatArray,
) -> int:
    """Figures against ``b`` over the pairs both sides know; how many those are. ``market`` is filled already if ``is_known``."""
    n = int(fact[_N])
    if n == x.size and (is_known or not math.isnan(total(b, n))):
        if n >= 30:
            if not is_known:
                _market(b, n, c, market)
            _relative(x, b, n, fact, market, c, out)
        return n
    m = paired(x, b, own, other)
    if m >= 30:
        shared = np.empty(6)
        shared[_SUM], shared[_GROWTH] = total(own, m), growth(own, m, 0.0)
        shared[_SECOND] = powers(own, m, shared[_SUM] / m)[0]
        shared[_LOW], shared[_HIGH] = extent(own, m)
        _market(other, m, c, market)
        _relative(own, other, m, shared, market, c, out)
    return m


@njit_for_kernels(cache=True, error_model="numpy")
def _flush(
    returns: FloatArray,
    benchmark: FloatArray,
    waiting: IntArray,
    held: int,
    fact: FloatArray,
    c: FloatArray,
    tile: FloatArray,
    logs: FloatArray,
    alone: FloatArray,
    state: FloatArray,
    is_known: bool,
    shared: FloatArray,
    market: FloatArray,
    own: FloatArray,
    other: FloatArray,
    out: FloatArray,
    counts: IntArray,
) -> None:
    """Follow the paths of the waiting rows, together if they are many enough to fill the lanes, then finish each row."""
    width = returns.shape[1]
    is_crowd = 2 * held >= LANES
    if is_crowd:
        side_by_side(returns, waiting, held, width, tile, logs, state)
    for place in range(held):
        row, lane = waiting[place], place if is_crowd else 0
        if not is_crowd:
            path(returns[row], width, is_small=True, has_logs=True, logs=alone, state=state)
        _along(state, lane, width, c, out[row])
        fact[place, _GROWTH] = state[WEALTH + lane]
        if benchmark.shape[0] > 0:
            b = benchmark[row if benchmark.shape[0] > 1 else 0]
            counts[row, 1] = _against(returns[row], b, fact[place], shared if is_known else market, is_known, c, own, other, out[row])


@njit_for_python(cache=True, nogil=True, error_model="numpy")
def sheets(returns: FloatArray, benchmark: FloatArray, c: FloatArray, out: FloatArray, counts: IntArray) -> bool:
    """Fill ``out[rows × figures]`` and ``counts[rows × 2]`` (own observations, and those shared with the benchmark).

    False, with the rest left as it was, when a return is infinite.
    ``benchmark`` has no row, one for all, or one per row. Complete rows of everyday moves wait until ``LANES`` of them can follow their
    paths side by side; other rows, and the few left at the end, follow theirs alone.
    """
    rows, width = returns.shape
    clean, own, other = np.empty(width + 1), np.empty(width + 1), np.empty(width + 1)
    logs, lower, upper, bins = np.empty(width + 1), np.empty(width + 1), np.empty(width + 1), np.empty(128, dtype=np.int64)
    market, shared = np.empty(9), np.empty(9)
    fact = np.empty((LANES, 6))
    waiting, held = np.empty(LANES, dtype=np.int64), 0
    tile, tile_logs, state = workspace(width if 2 * rows >= LANES else 0)
    has_one = benchmark.shape[0] == 1 and width >= 30
    is_known = has_one and not math.isnan(total(benchmark[0], width))
    if is_known:
        _market(benchmark[0], width, c, shared)
    for row in range(rows):
        out[row, :] = math.nan
        x, n, added = returns[row], width, total(returns[row], width)
        if not math.isfinite(added):
            for i in range(width):
                if math.isinf(x[i]):
                    return False
            n = known(x, clean)
            x, added = clean, total(clean, n)
        counts[row, 0], counts[row, 1] = n, 0
        if n == 0:
            continue
        mine = fact[held]
        mine[_N], mine[_SUM] = n, added
        _moments(x, n, c, lower, upper, bins, mine, out[row])
        _two_sides(x, n, c, out[row])
        is_small = mine[_LOW] > -SMALL and mine[_HIGH] < SMALL
        if is_small and n == width and 2 * rows >= LANES:
            waiting[held] = row
            held += 1
        else:
            mine[_GROWTH] = math.nan
            if mine[_LOW] >= -1.0:
                path(x, n, is_small, mine[_LOW] > -1.0, logs, state)
                _along(state, 0, n, c, out[row])
                mine[_GROWTH] = state[WEALTH]
            if benchmark.shape[0] > 0:
                usable = is_known and n == width
                b = benchmark[row if benchmark.shape[0] > 1 else 0]
                counts[row, 1] = _against(returns[row], b, mine, shared if usable else market, usable, c, own, other, out[row])
        if held == LANES:
            _flush(
                returns, benchmark, waiting, held, fact, c, tile, tile_logs, logs, state, is_known, shared, market, own, other, out, counts
            )
            held = 0
    if held > 0:
        _flush(returns, benchmark, waiting, held, fact, c, tile, tile_logs, logs, state, is_known, shared, market, own, other, out, counts)
    return True
