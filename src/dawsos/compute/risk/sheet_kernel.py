"""All figures of the sheet while a row is in the processor's cache: the passes run, the figures follow from their sums."""

import math

import numpy as np
from numba import njit

from dawsos.compute.returns.figures import FloatArray, IntArray
from dawsos.compute.risk.sheet_fields import INDEX
from dawsos.compute.risk.sheet_passes import (
    beyond,
    extent,
    growth,
    known,
    linked_by_market,
    paired,
    powers,
    sides,
    summed_by_market,
    tails,
    together,
    total,
)
from dawsos.compute.risk.sheet_paths import (
    DEPTH,
    FALLS,
    LANES,
    LEAST,
    SMALL,
    SQUARES,
    STRAIGHT,
    WEALTH,
    path,
    side_by_side,
    workspace,
)

_TOTAL, _ANNUAL, _MEAN, _VOLATILITY = INDEX["total_return"], INDEX["annual_return"], INDEX["mean_return"], INDEX["volatility"]
_DOWNSIDE, _SEMI, _SHARPE, _SORTINO = INDEX["downside_deviation"], INDEX["semi_deviation"], INDEX["sharpe_ratio"], INDEX["sortino_ratio"]
_OMEGA, _SKEW, _KURT, _MAX_DD = INDEX["omega_ratio"], INDEX["skewness"], INDEX["excess_kurtosis"], INDEX["max_drawdown"]
_PAIN, _ULCER, _CALMAR, _MARTIN = INDEX["pain_index"], INDEX["ulcer_index"], INDEX["calmar_ratio"], INDEX["martin_ratio"]
_PAIN_RATIO, _BURKE = INDEX["pain_ratio"], INDEX["burke_ratio"]
_VAR_H, _CVAR_H, _VAR_G, _CVAR_G = INDEX["var_historical"], INDEX["cvar_historical"], INDEX["var_gaussian"], INDEX["cvar_gaussian"]
_VAR_CF, _CVAR_CF, _TAIL, _STABILITY = INDEX["var_cornish_fisher"], INDEX["cvar_cornish_fisher"], INDEX["tail_ratio"], INDEX["stability"]
_WIN_RATE, _AVG_WIN, _AVG_LOSS = INDEX["win_rate"], INDEX["average_win"], INDEX["average_loss"]
_PAYOFF, _PROFIT, _BEST, _WORST = INDEX["payoff_ratio"], INDEX["profit_factor"], INDEX["best_return"], INDEX["worst_return"]
_BETA, _ALPHA, _CORRELATION, _R2 = INDEX["beta"], INDEX["alpha"], INDEX["correlation"], INDEX["r_squared"]
_TE, _IR, _ACTIVE, _TREYNOR = INDEX["tracking_error"], INDEX["information_ratio"], INDEX["active_return"], INDEX["treynor_ratio"]
_M2, _UP, _DOWN, _BATTING = INDEX["m_squared"], INDEX["up_capture"], INDEX["down_capture"], INDEX["batting_average"]

# Places in the packed conventions (``sheet.Conventions.packed``).
_PERIODS, _DDOF, _TARGET, _RISKLESS, _SHARE, _AMONG_MOVES, _SAMPLE_SHAPE, _VAR_DDOF, _ALPHA_METHOD = 0, 1, 2, 3, 4, 5, 6, 7, 8
_ARITHMETIC, _LEAST_YEARS, _RISKLESS_YEAR, _Z, _DENSITY, _CAPTURE = 9, 10, 11, 12, 13, 14
# What is remembered of a row between its passes, and of a benchmark.
_N, _SUM, _SECOND, _LOW, _HIGH, _GROWTH = 0, 1, 2, 3, 4, 5
_B_MEAN, _B_LOW, _B_HIGH, _B_GROWTH, _B_EXCESS, _B_UP, _B_DOWN, _B_UPS, _B_DOWNS = 0, 1, 2, 3, 4, 5, 6, 7, 8


@njit(cache=True, error_model="numpy")
def _over(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator > 0.0 else math.nan


@njit(cache=True, error_model="numpy")
def _per_year(grown: float, n: int, c: FloatArray) -> float:
    """Growth per year less 1; NaN for a history too short to state it, or for growth below zero."""
    if n < c[_LEAST_YEARS] * c[_PERIODS] or not grown >= 0.0:
        return math.nan
    return float(grown ** (c[_PERIODS] / n) - 1.0)


@njit(cache=True, error_model="numpy")
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


@njit(cache=True, error_model="numpy")
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


@njit(cache=True, error_model="numpy")
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


@njit(cache=True, error_model="numpy")
def _along(state: FloatArray, lane: int, n: int, c: FloatArray, out: FloatArray) -> None:
    """The figures of the path in one lane of ``state``."""
    annual = _per_year(state[WEALTH + lane], n, c)
    reward = annual - c[_RISKLESS_YEAR]
    out[_TOTAL], out[_ANNUAL], out[_STABILITY] = state[WEALTH + lane] - 1.0, annual, state[STRAIGHT + lane]
    out[_MAX_DD], out[_PAIN], out[_ULCER] = state[LEAST + lane], -state[DEPTH + lane] / n, math.sqrt(state[SQUARES + lane] / n)
    out[_CALMAR] = _over(annual, -state[LEAST + lane])
    out[_MARTIN], out[_PAIN_RATIO] = _over(reward, out[_ULCER]), _over(reward, out[_PAIN])
    out[_BURKE] = _over(reward, math.sqrt(state[FALLS + lane]))


@njit(cache=True, error_model="numpy")
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


@njit(cache=True, error_model="numpy")
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


@njit(cache=True, error_model="numpy")
def _captures(x: FloatArray, b: FloatArray, n: int, market: FloatArray, c: FloatArray, out: FloatArray) -> None:
    if c[_CAPTURE] == 2.0:
        up, down, _, _ = summed_by_market(x, b, n)
        out[_UP] = up / market[_B_UP] if market[_B_UPS] > 0.0 else math.nan
        out[_DOWN] = down / market[_B_DOWN] if market[_B_DOWNS] > 0.0 else math.nan
        return
    up, down = linked_by_market(x, b, n)
    out[_UP] = _captured(up, market[_B_UP], market[_B_UPS], c)
    out[_DOWN] = _captured(down, market[_B_DOWN], market[_B_DOWNS], c)


@njit(cache=True, error_model="numpy")
def _captured(own: float, other: float, count: float, c: FloatArray) -> float:
    if count == 0.0:
        return math.nan
    exponent = 1.0 if c[_CAPTURE] == 0.0 else c[_PERIODS] / count
    return float((own**exponent - 1.0) / (other**exponent - 1.0))


@njit(cache=True, error_model="numpy")
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


@njit(cache=True, error_model="numpy")
def _flush(
    returns: FloatArray,
    benchmark: FloatArray,
    waiting: IntArray,
    held: int,
    fact: FloatArray,
    c: FloatArray,
    tile: FloatArray,
    logs: FloatArray,
    state: FloatArray,
    is_known: bool,
    shared: FloatArray,
    market: FloatArray,
    own: FloatArray,
    other: FloatArray,
    out: FloatArray,
    counts: IntArray,
) -> None:
    """Follow the paths of the waiting rows together, then finish each row."""
    width = returns.shape[1]
    side_by_side(returns, waiting, held, width, tile, logs, state)
    for lane in range(held):
        row = waiting[lane]
        _along(state, lane, width, c, out[row])
        fact[lane, _GROWTH] = state[WEALTH + lane]
        if benchmark.shape[0] > 0:
            b = benchmark[row if benchmark.shape[0] > 1 else 0]
            counts[row, 1] = _against(returns[row], b, fact[lane], shared if is_known else market, is_known, c, own, other, out[row])


@njit(cache=True, nogil=True, error_model="numpy")
def sheets(returns: FloatArray, benchmark: FloatArray, c: FloatArray, out: FloatArray, counts: IntArray) -> None:
    """Fill ``out[rows × figures]`` and ``counts[rows × 2]`` (own observations, and those shared with the benchmark).

    ``benchmark`` has no row, one for all, or one per row. Complete rows of everyday moves wait until ``LANES`` of them can follow their
    paths side by side; other rows, and the few left at the end, follow theirs alone.
    """
    rows, width = returns.shape
    clean, own, other = np.empty(width + 1), np.empty(width + 1), np.empty(width + 1)
    logs, lower, upper, bins = np.empty(width + 1), np.empty(width + 1), np.empty(width + 1), np.empty(128, dtype=np.int64)
    market, shared = np.empty(9), np.empty(9)
    fact = np.empty((LANES, 6))
    waiting, held = np.empty(LANES, dtype=np.int64), 0
    tile, tile_logs, state = workspace(width if rows >= 4 else 0)
    has_one = benchmark.shape[0] == 1 and width >= 30
    is_known = has_one and not math.isnan(total(benchmark[0], width))
    if is_known:
        _market(benchmark[0], width, c, shared)
    for row in range(rows):
        out[row, :] = math.nan
        x, n, added = returns[row], width, total(returns[row], width)
        if math.isnan(added):
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
        if is_small and n == width and rows >= 4:
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
            _flush(returns, benchmark, waiting, held, fact, c, tile, tile_logs, state, is_known, shared, market, own, other, out, counts)
            held = 0
    if held > 0:
        _flush(returns, benchmark, waiting, held, fact, c, tile, tile_logs, state, is_known, shared, market, own, other, out, counts)
