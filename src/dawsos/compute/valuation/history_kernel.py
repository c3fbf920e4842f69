"""Machine code of the daily net asset value: constant quantities times rows of prices and rates.

Loops over days use unsigned indices: they cannot be negative, and without that branch a loop handles several days at a time.
"""

import numpy as np
from numba import njit

from dawsos.compute.ledger.segments import Bool, Float64, Int32, Int64
from dawsos.compute.valuation.rounding_kernel import BAND, HALF_CENT, LONG, MISSING, NO_RATE, PAR, SETTLED_BELOW, Whole, near_tie, settle

#: Where a gap comes from: ``gap = 2 × instrument + this``; without a gap it is −1.
NO_PRICE_HERE = 0
NO_RATE_HERE = 1


@njit(cache=True)
def note(undecided: Int64, count: int, row: Whole, t: Whole, quantity: Whole) -> Whole:
    """Leave the value of ``row`` on day ``t`` to the caller; counts on when there is no room left."""
    if count < undecided.shape[0]:
        undecided[count, 0] = row
        undecided[count, 1] = t
        undecided[count, 2] = quantity
    return count + 1


@njit(cache=True, error_model="numpy")
def _settle_securities(
    quantity: Whole,
    close: Int64,
    rate: Float64,
    whole: Int64,
    p: Whole,
    r: Whole,
    b: Whole,
    c: Whole,
    start: Whole,
    end: Whole,
    sums: Int64,
) -> Whole:
    """Move what was rounded near a tie to the exact side of it; returns how many values that cannot decide, which it takes out.

    The same as :func:`dawsos.compute.valuation.rounding_kernel.settle`, without branches.
    """
    scale, steps, undecided = quantity * 1e-14, np.uint64(quantity), 0
    for t in range(start, end):
        value = scale * close[r, t] * rate[b, c, t]
        rounded = np.rint(value)
        is_tie = abs(value - rounded) + abs(value) * BAND >= 0.5
        lower = np.int64(np.floor(value))
        product = steps * np.uint64(close[r, t]) * np.uint64(whole[b, c, t])
        distance = np.int64(product - np.uint64(2 * lower + 1) * HALF_CENT)
        exact = lower + ((distance > 0) | ((distance == 0) & (lower & 1 == 1)))
        decided = (whole[b, c, t] != LONG) & (abs(value) < SETTLED_BELOW)
        undecided += is_tie & ~decided
        sums[p, t] += is_tie * (decided * exact - np.int64(rounded))
    return undecided


@njit(cache=True, error_model="numpy")
def _decide_securities(
    row: Whole,
    quantity: Whole,
    close: Int64,
    rate: Float64,
    whole: Int64,
    p: Whole,
    r: Whole,
    b: Whole,
    c: Whole,
    start: Whole,
    end: Whole,
    sums: Int64,
    undecided: Int64,
    count: Whole,
) -> Whole:
    """Settle one by one what :func:`_settle_securities` took out, or note it."""
    for t in range(start, end):
        value = quantity * 1e-14 * close[r, t] * rate[b, c, t]
        taken_out = near_tie(value) and (whole[b, c, t] == LONG or abs(value) >= SETTLED_BELOW)
        if taken_out and close[r, t] != MISSING and whole[b, c, t] != NO_RATE:
            exact, decided = settle(value, quantity, close[r, t], whole[b, c, t], False)  # noqa: FBT003 (machine code takes positions only)
            sums[p, t] += exact
            if not decided:
                count = note(undecided, count, row, t, quantity)
    return count


@njit(cache=True, error_model="numpy")
def _settle_cash(
    row: Whole,
    amount: Whole,
    rate: Float64,
    whole: Int64,
    p: Whole,
    b: Whole,
    c: Whole,
    start: Whole,
    end: Whole,
    sums: Int64,
    undecided: Int64,
    count: Whole,
) -> Whole:
    """Move cash rounded near a tie to the exact side of it, or note it."""
    for t in range(start, end):
        value = amount * rate[b, c, t]
        if near_tie(value) and whole[b, c, t] != NO_RATE:
            exact, decided = settle(value, amount, PAR, whole[b, c, t], True)  # noqa: FBT003 (as above)
            sums[p, t] += exact - np.int64(np.rint(value))
            if not decided:
                count = note(undecided, count, row, t, amount)
    return count


@njit(cache=True)
def _mark_gaps(instrument: Whole, close: Int64, whole: Int64, is_cash: bool, gap: Int32) -> None:
    for t in range(gap.size):
        if gap[t] < 0:
            if not is_cash and close[t] == MISSING:
                gap[t] = 2 * instrument + NO_PRICE_HERE
            elif whole[t] == NO_RATE:
                gap[t] = 2 * instrument + NO_RATE_HERE


@njit(cache=True, error_model="numpy")
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
    rate: Float64,
    whole: Int64,
    has_missing: bool,
    securities_value: Int64,
    cash: Int64,
    gap: Int32,
    undecided: Int64,
) -> int:
    """Sum the rounded value of every segment into ``[portfolio, t]`` for t in ``[first, last)``; returns how many are left undecided.

    ``price_row``, ``currency`` and ``is_cash`` are per instrument; a ``price_row`` of −1 means a security without any price. ``gap`` has a
    row per portfolio when ``has_missing``, else it is not written.
    """
    count = 0
    for portfolio in range(offsets.size - 1):
        for row in range(offsets[portfolio], offsets[portfolio + 1]):
            i, ties = instrument[row], 0
            p, b, c, r = np.uint64(portfolio), np.uint64(base[portfolio]), np.uint64(currency[i]), np.uint64(max(price_row[i], 0))
            start, end = np.uint64(first[row]), np.uint64(last[row])
            if start >= end:
                continue
            if has_missing:
                if price_row[i] < 0 and not is_cash[i]:
                    gap[p, start:end] = np.where(gap[p, start:end] < 0, 2 * i + NO_PRICE_HERE, gap[p, start:end])
                    continue
                _mark_gaps(i, close[r, start:end], whole[b, c, start:end], is_cash[i], gap[p, start:end])
            if is_cash[i]:
                for t in range(start, end):
                    value = quantity[row] * rate[b, c, t]
                    rounded = np.rint(value)
                    ties += abs(value - rounded) + abs(value) * BAND >= 0.5
                    cash[p, t] += np.int64(rounded)
                if ties > 0:
                    count = _settle_cash(row, quantity[row], rate, whole, p, b, c, start, end, cash, undecided, count)
                continue
            scale = quantity[row] * 1e-14
            for t in range(start, end):
                value = scale * close[r, t] * rate[b, c, t]
                rounded = np.rint(value)
                ties += abs(value - rounded) + abs(value) * BAND >= 0.5
                securities_value[p, t] += np.int64(rounded)
            if ties > 0 and _settle_securities(quantity[row], close, rate, whole, p, r, b, c, start, end, securities_value) > 0:
                count = _decide_securities(
                    row, quantity[row], close, rate, whole, p, r, b, c, start, end, securities_value, undecided, count
                )
    return count
