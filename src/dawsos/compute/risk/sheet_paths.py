"""The compounded path of return series: drawdowns, and how straight the log path is. One series at a time, or many side by side.

Each step of a path waits for the step before, so a processor works at a fraction of its speed on one series. Side by side, ``LANES`` series
advance in step and every instruction serves several of them. Both ways do the same arithmetic in the same order: a portfolio's figures
are the same bits alone and in a block.
"""
# ruff: noqa: FURB136 - min() and max() of compiled code look after NaN and keep loops from becoming vector instructions

import math

import numpy as np
from numba import njit

from dawsos.compute.returns.figures import FloatArray, IntArray

#: Series that advance together. Fewer leave instructions half empty, more fall out of the nearest cache.
LANES = 32
#: Days laid out at a time.
DAYS = 32
#: What a path yields: final wealth, sum and sum of squares of drawdowns, the deepest, squared depths of the falls, R² of the log path.
#: Each name is the place of its first lane in the state; the state is flat, so that the compiler sees that no two of them overlap.
WEALTH, DEPTH, SQUARES, LEAST, FALLS, STRAIGHT = 0, LANES, 2 * LANES, 3 * LANES, 4 * LANES, 5 * LANES
_PEAK, _DEEPEST, _LOG, _MEAN, _VERTICAL, _CROSS = 6 * LANES, 7 * LANES, 8 * LANES, 9 * LANES, 10 * LANES, 11 * LANES
STATES = 12
#: Moves up to here have their logarithm from a short series.
SMALL = 0.125


@njit(cache=True, error_model="numpy", inline="always")
def _log(v: float) -> float:
    """ln(1 + v) by its Taylor series: 2e-16 at ``SMALL`` and far less for everyday moves; two halves, so that they run together."""
    v2 = v * v
    v4 = v2 * v2
    low = (1.0 - v * 0.5) + v2 * (1.0 / 3.0 - v * 0.25) + v4 * ((0.2 - v * (1.0 / 6.0)) + v2 * (1.0 / 7.0 - v * 0.125))
    high = (1.0 / 9.0 - v * 0.1) + v2 * (1.0 / 11.0 - v * (1.0 / 12.0)) + v4 * ((1.0 / 13.0 - v * (1.0 / 14.0)) + v2 * (1.0 / 15.0))
    return v * (low + v4 * v4 * high)


@njit(cache=True, error_model="numpy")
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


@njit(cache=True, error_model="numpy")
def _logs(x: FloatArray, n: int, is_small: bool, has_logs: bool, logs: FloatArray) -> None:
    if is_small:
        for i in range(n):
            logs[i] = _log(x[i])
        return
    for i in range(n):
        logs[i] = math.log1p(x[i]) if has_logs else 0.0


@njit(cache=True, error_model="numpy")
def _straight(vertical: float, cross: float, n: int) -> float:
    horizontal = n * (float(n) * n - 1.0) / 12.0
    return cross * cross / (vertical * horizontal) if vertical > 0.0 and n >= 3 else math.nan


@njit(cache=True, error_model="numpy")
def side_by_side(returns: FloatArray, rows: IntArray, taken: int, n: int, tile: FloatArray, logs: FloatArray, state: FloatArray) -> None:
    """The paths of ``taken`` ≤ ``LANES`` complete series of small moves; ``state[WEALTH + lane]`` belongs to ``rows[lane]``."""
    state[:] = 0.0
    state[WEALTH : WEALTH + LANES] = 1.0
    state[_PEAK : _PEAK + LANES] = 1.0
    for first in range(0, n, DAYS):
        after = min(first + DAYS, n)
        _lay_out(returns, rows, taken, first, after, tile)
        for t in range(first, after):
            _advance(tile[t - first], logs[t], state)
    for lane in range(LANES):
        state[FALLS + lane] += state[_DEEPEST + lane] * state[_DEEPEST + lane]
        state[_MEAN + lane] /= n
    for t in range(n):
        _deviate(logs[t], state, t - 0.5 * (n - 1))
    for lane in range(LANES):
        state[STRAIGHT + lane] = _straight(state[_VERTICAL + lane], state[_CROSS + lane], n)


@njit(cache=True, error_model="numpy")
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


@njit(cache=True, error_model="numpy")
def _advance(returns: FloatArray, logs: FloatArray, state: FloatArray) -> None:
    """One day of every lane: the loop of :func:`path`."""
    for lane in range(LANES):
        v = returns[lane]
        w = state[WEALTH + lane] * (1.0 + v)
        state[WEALTH + lane] = w
        previous = state[_PEAK + lane]
        p = w if w > previous else previous
        state[_PEAK + lane] = p
        d = w / p - 1.0
        state[DEPTH + lane] += d
        state[SQUARES + lane] += d * d
        least = state[LEAST + lane]
        state[LEAST + lane] = d if d < least else least
        deepest = state[_DEEPEST + lane]
        recovered = w >= previous
        ended = deepest if recovered else 0.0
        state[FALLS + lane] += ended * ended
        lower = d if d < deepest else deepest
        state[_DEEPEST + lane] = 0.0 if recovered else lower
        c = state[_LOG + lane] + _log(v)
        state[_LOG + lane] = c
        state[_MEAN + lane] += c
        logs[lane] = c


@njit(cache=True, error_model="numpy")
def _deviate(logs: FloatArray, state: FloatArray, time: float) -> None:
    for lane in range(LANES):
        d = logs[lane] - state[_MEAN + lane]
        state[_VERTICAL + lane] += d * d
        state[_CROSS + lane] += d * time


@njit(cache=True)
def workspace(width: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Tile, logarithms and state for :func:`side_by_side`."""
    return np.empty((DAYS, LANES)), np.empty((width, LANES)), np.empty(STATES * LANES)
