"""Machine code of the daily net asset value: constant quantities times rows of prices and rates."""

import numpy as np
from numba import njit

from dawsos.compute.ledger.segments import Bool, Float64, Int32, Int64
from dawsos.compute.valuation.rounding_kernel import BAND, MISSING, NO_RATE, PAR, Whole, near_tie, settle

#: Where a gap comes from: ``gap = 2 × instrument + this``; without a gap it is −1.
NO_PRICE_HERE = 0
NO_RATE_HERE = 1


@njit(cache=True)
def _add_securities(quantity: float, close: Int64, rate: Float64, sums: Int64) -> int:
    """Add rounded values to ``sums`` and count those that lie near a tie."""
    ties = 0
    for t in range(sums.size):
        value = quantity * close[t] * rate[t]
        rounded = np.rint(value)
        ties += abs(value - rounded) + abs(value) * BAND >= 0.5
        sums[t] += np.int64(rounded)
    return ties


@njit(cache=True)
def _add_cash(quantity: float, rate: Float64, sums: Int64) -> int:
    ties = 0
    for t in range(sums.size):
        value = quantity * rate[t]
        rounded = np.rint(value)
        ties += abs(value - rounded) + abs(value) * BAND >= 0.5
        sums[t] += np.int64(rounded)
    return ties


@njit(cache=True)
def note(undecided: Int64, count: int, row: Whole, t: Whole, quantity: Whole) -> int:
    """Leave the value of ``row`` on day ``t`` to the caller; counts on when there is no room left."""
    if count < undecided.shape[0]:
        undecided[count, 0] = row
        undecided[count, 1] = t
        undecided[count, 2] = quantity
    return count + 1


@njit(cache=True)
def _settle_ties(
    row: int,
    start: int,
    quantity: int,
    scale: float,
    close: Int64,
    rate: Float64,
    whole: Int64,
    is_cash: bool,
    sums: Int64,
    undecided: Int64,
    count: int,
) -> int:
    """Replace what :func:`_add_securities` added near a tie by the exact cents, or note it as undecided."""
    for t in range(sums.size):
        price = PAR if is_cash else close[t]
        value = scale * rate[t] if is_cash else scale * price * rate[t]
        if near_tie(value) and price != MISSING and whole[t] != NO_RATE:
            exact, decided = settle(value, quantity, price, whole[t], is_cash)
            sums[t] += exact - np.int64(np.rint(value))
            if not decided:
                count = note(undecided, count, row, start + t, quantity)
    return count


@njit(cache=True)
def _mark_gaps(instrument: int, close: Int64, whole: Int64, is_cash: bool, gap: Int32) -> None:
    for t in range(gap.size):
        if gap[t] < 0:
            if not is_cash and close[t] == MISSING:
                gap[t] = 2 * instrument + NO_PRICE_HERE
            elif whole[t] == NO_RATE:
                gap[t] = 2 * instrument + NO_RATE_HERE


@njit(cache=True)
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
    for p in range(offsets.size - 1):
        for row in range(offsets[p], offsets[p + 1]):
            i, start, end = instrument[row], first[row], last[row]
            if start >= end:
                continue
            rates, wholes = rate[base[p], currency[i], start:end], whole[base[p], currency[i], start:end]
            prices = close[max(price_row[i], 0), start:end]
            sums = cash[p, start:end] if is_cash[i] else securities_value[p, start:end]
            if price_row[i] < 0 and not is_cash[i]:
                gap[p, start:end] = np.where(gap[p, start:end] < 0, 2 * i + NO_PRICE_HERE, gap[p, start:end])
                continue
            if has_missing:
                _mark_gaps(i, prices, wholes, is_cash[i], gap[p, start:end])
            scale = float(quantity[row]) if is_cash[i] else quantity[row] * 1e-14
            ties = _add_cash(scale, rates, sums) if is_cash[i] else _add_securities(scale, prices, rates, sums)
            if ties > 0:
                count = _settle_ties(row, start, quantity[row], scale, prices, rates, wholes, is_cash[i], sums, undecided, count)
    return count
