"""Machine code of the daily net asset value: constant quantities times rows of prices and rates.

Loops over days use unsigned indices: they cannot be negative, and without that branch a loop handles several days at a time.
"""

import numpy as np

from dawsos.compute.compiling import njit_for_kernels, njit_for_python
from dawsos.compute.ledger.segments import Bool, Float64, Int32, Int64
from dawsos.compute.valuation.rounding_kernel import (
    BAND,
    CASH_SETTLED_BELOW,
    EXACT_BELOW,
    HALF_CENT,
    HALF_CENT_OF_CASH,
    LONG,
    MISSING,
    NO_RATE,
    PAR,
    SETTLED_BELOW,
    Whole,
    near_tie,
    settle,
)

#: Where a gap comes from: ``gap = 2 × instrument + this``; without a gap it is −1.
NO_PRICE_HERE = 0
NO_RATE_HERE = 1


@njit_for_kernels(cache=True)
def note(undecided: Int64, count: int, row: Whole, t: Whole, quantity: Whole) -> Whole:
    """Leave the value of ``row`` on day ``t`` to the caller; counts on when there is no room left."""
    if count < undecided.shape[0]:
        undecided[count, 0] = row
        undecided[count, 1] = t
        undecided[count, 2] = quantity
    return count + 1


@njit_for_python(cache=True, error_model="numpy")
def unit_values(price_row: Int64, base: Int64, currency: Int64, close: Int64, rate: Float64, values: Float64, highest: Float64) -> None:
    """Fill ``values[u, t]``, cents of base currency per step of quantity, and the highest of each row; ``price_row`` −1 is cash."""
    for row in range(price_row.size):
        u, r, b, c = np.uint64(row), np.uint64(max(price_row[row], 0)), np.uint64(base[row]), np.uint64(currency[row])
        for t in range(np.uint64(values.shape[1])):
            values[u, t] = rate[b, c, t] if price_row[row] < 0 else close[r, t] * 1e-14 * rate[b, c, t]
        highest[row] = values[u].max() if values.shape[1] > 0 else 0.0


@njit_for_kernels(cache=True, error_model="numpy")
def _settle(
    quantity: Whole, unit: Float64, price: Int64, rate: Int64, is_cash: bool, p: Whole, start: Whole, end: Whole, sums: Int64
) -> Whole:
    """Move what was rounded near a tie to the exact side of it; returns how many values that cannot decide, which it takes out.

    The same as :func:`dawsos.compute.valuation.rounding_kernel.settle`, without branches, so that a segment with ties costs little more.
    """
    steps, undecided = np.uint64(quantity), 0
    half, limit = (HALF_CENT_OF_CASH, CASH_SETTLED_BELOW) if is_cash else (HALF_CENT, SETTLED_BELOW)
    for t in range(start, end):
        value = quantity * unit[t]
        rounded = np.rint(value)
        is_tie = abs(value - rounded) + abs(value) * BAND >= 0.5
        lower = np.int64(np.floor(value))
        product = steps * np.uint64(rate[t]) * (np.uint64(1) if is_cash else np.uint64(price[t]))
        distance = np.int64(product - np.uint64(2 * lower + 1) * half)
        exact = lower + ((distance > 0) | ((distance == 0) & (lower & 1 == 1)))
        decided = (rate[t] != LONG) & (abs(value) < limit)
        undecided += is_tie & ~decided
        sums[p, t] += is_tie * (decided * exact - np.int64(rounded))
    return undecided


@njit_for_kernels(cache=True, error_model="numpy")
def _decide(
    row: Whole,
    quantity: Whole,
    unit: Float64,
    price: Int64,
    rate: Int64,
    is_cash: bool,
    p: Whole,
    start: Whole,
    end: Whole,
    sums: Int64,
    undecided: Int64,
    count: Whole,
) -> Whole:
    """Settle one by one what :func:`_settle` took out, or note it."""
    limit = CASH_SETTLED_BELOW if is_cash else SETTLED_BELOW
    for t in range(start, end):
        value = quantity * unit[t]
        taken_out = near_tie(value) and (rate[t] == LONG or abs(value) >= limit)
        if taken_out and rate[t] != NO_RATE and (is_cash or price[t] != MISSING):
            exact, decided = settle(value, quantity, PAR if is_cash else price[t], rate[t], is_cash)
            sums[p, t] += exact
            if not decided:
                count = note(undecided, count, row, t, quantity)
    return count


@njit_for_kernels(cache=True)
def _mark_gaps(instrument: Whole, close: Int64, whole: Int64, is_cash: bool, gap: Int32) -> None:
    for t in range(gap.size):
        if gap[t] < 0:
            if not is_cash and close[t] == MISSING:
                gap[t] = 2 * instrument + NO_PRICE_HERE
            elif whole[t] == NO_RATE:
                gap[t] = 2 * instrument + NO_RATE_HERE


@njit_for_kernels(cache=True, error_model="numpy")
def _add_rounded(held: float, u: Whole, start: Whole, end: Whole, unit: Float64, near: float, row: Whole, sums: Float64) -> int:
    """Add the rounded values of a segment to a row of ``sums``; how many of them lie near a tie."""
    ties = 0
    for t in range(start, end):
        value = held * unit[u, t]
        rounded = np.rint(value)
        ties += abs(value - rounded) >= near
        sums[row, t] += rounded
    return ties


@njit_for_kernels(cache=True, error_model="numpy")
def _add_whole(held: float, u: Whole, start: Whole, end: Whole, unit: Float64, near: float, p: Whole, sums: Int64) -> int:
    """The same in whole numbers, for values so large that float64 does not add cents exactly."""
    ties = 0
    for t in range(start, end):
        value = held * unit[u, t]
        rounded = np.rint(value)
        ties += abs(value - rounded) >= near
        sums[p, t] += np.int64(rounded)
    return ties


@njit_for_kernels(cache=True, error_model="numpy")
def _drain(row: Whole, sums: Float64, p: Whole, totals: Int64) -> None:
    """Add what was summed in float64 to the whole numbers, and leave zeros."""
    for t in range(np.uint64(sums.shape[1])):
        totals[p, t] += np.int64(sums[row, t])
        sums[row, t] = 0.0


@njit_for_kernels(cache=True, error_model="numpy")
def _stays_exact(begin: Whole, end: Whole, base: Whole, instrument: Int32, quantity: Int64, unit_row: Int64, highest: Float64) -> bool:
    """Whether the values of all segments together stay below what float64 adds exactly."""
    if highest.size == 0:  # nothing held has a price
        return True
    total = 0.0
    for row in range(begin, end):
        total += abs(float(quantity[row])) * highest[unit_row[base, instrument[row]]] + 1.0
    return bool(total < EXACT_BELOW)


@njit_for_python(cache=True, error_model="numpy")
def value_segments(
    offsets: Int64,
    instrument: Int32,
    first: Int32,
    last: Int32,
    quantity: Int64,
    price_row: Int32,
    currency: Int32,
    is_cash: Bool,
    base: Int32,
    close: Int64,
    whole: Int64,
    unit_row: Int64,
    unit: Float64,
    highest: Float64,
    has_missing: bool,
    securities_value: Int64,
    cash: Int64,
    gap: Int32,
    undecided: Int64,
) -> int:
    """Sum the rounded value of every segment into ``[portfolio, t]`` for t in ``[first, last)``; returns how many are left undecided.

    ``price_row``, ``currency`` and ``is_cash`` are per instrument; a ``price_row`` of −1 means a security without any price.
    ``unit_row[base, instrument]`` is its row in ``unit``. ``gap`` has a row per portfolio when ``has_missing``, else it is not written.
    """
    count = 0
    in_float = np.zeros((2, cash.shape[1]))  # securities, cash
    for portfolio in range(offsets.size - 1):
        p, b = np.uint64(portfolio), np.uint64(base[portfolio])
        is_exact = _stays_exact(offsets[portfolio], offsets[portfolio + 1], b, instrument, quantity, unit_row, highest)
        for row in range(offsets[portfolio], offsets[portfolio + 1]):
            i, start, end = instrument[row], np.uint64(first[row]), np.uint64(last[row])
            if start >= end:
                continue
            c, r, u = np.uint64(currency[i]), np.uint64(max(price_row[i], 0)), np.uint64(unit_row[b, i])
            if has_missing:
                if price_row[i] < 0 and not is_cash[i]:
                    gap[p, start:end] = np.where(gap[p, start:end] < 0, 2 * i + NO_PRICE_HERE, gap[p, start:end])
                    continue
                _mark_gaps(i, close[r, start:end], whole[b, c, start:end], is_cash[i], gap[p, start:end])
            sums, held = cash if is_cash[i] else securities_value, float(quantity[row])
            # The band around a tie is widest at the highest value; a constant one saves work, and its few false alarms cost little.
            near = 0.5 - abs(held) * highest[u] * BAND
            if is_exact:
                ties = _add_rounded(held, u, start, end, unit, near, np.uint64(is_cash[i]), in_float)
            else:
                ties = _add_whole(held, u, start, end, unit, near, p, sums)
            if ties > 0 and _settle(quantity[row], unit[u], close[r], whole[b, c], is_cash[i], p, start, end, sums) > 0:
                count = _decide(row, quantity[row], unit[u], close[r], whole[b, c], is_cash[i], p, start, end, sums, undecided, count)
        if is_exact:
            _drain(np.uint64(0), in_float, p, securities_value)
            _drain(np.uint64(1), in_float, p, cash)
    return count
