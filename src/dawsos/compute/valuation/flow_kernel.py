"""Machine code of external flows: what came in and went out between two valuations, at the rate of the later one."""

import numpy as np

from dawsos.compute.compiling import njit_for_kernels, njit_for_python
from dawsos.compute.ledger.segments import Bool, Float64, Int32, Int64
from dawsos.compute.valuation.history_kernel import NO_PRICE_HERE, NO_RATE_HERE, note
from dawsos.compute.valuation.rounding_kernel import MISSING, NO_RATE, PAR, Whole, cash_cents, security_cents


@njit_for_kernels(cache=True)
def _after_splits(
    quantity: Whole, instrument: Whole, day: Whole, until: Whole, splits: Int32, split_day: Int32, ratio: Float64
) -> np.int64:
    """``quantity`` of ``day`` in the units of ``until``: splits after the one and up to the other applied."""
    units = float(quantity)
    for x in range(splits.size):
        if splits[x] == instrument and day < split_day[x] <= until:
            units = np.rint(units * ratio[x])
    return np.int64(units)


@njit_for_kernels(cache=True)
def _book_flows(
    begin: int,
    end: int,
    first_column: Int32,
    flow_day: Int32,
    instrument: Int32,
    amount: Int64,
    quantity: Int64,
    currency: Int32,
    is_external: Bool,
    price_row: Int32,
    instrument_currency: Int32,
    days: Int32,
    splits: Int32,
    split_day: Int32,
    ratio: Float64,
    close: Int64,
    rate: Float64,
    whole: Int64,
    gap: Int32,
    column: Int64,
    values: Int64,
    undecided: Int64,
    count: int,
) -> tuple[int, bool]:
    """Book one portfolio's flows on the next day without a gap; ``(count, False)`` when a flow itself makes a new gap."""
    for f in range(begin, end):
        column[f] = -1
        if not is_external[f]:
            continue
        t = first_column[f]
        while t < days.size and gap[t] >= 0:
            t += 1
        if t >= days.size:
            continue
        i = instrument[f]
        in_kind = quantity[f] != 0
        c = instrument_currency[i] if in_kind else currency[f]
        row = price_row[i] if in_kind else 0
        price = PAR if not in_kind else (close[row, t] if row >= 0 else MISSING)
        if price == MISSING or whole[c, t] == NO_RATE:
            gap[t] = 2 * i + (NO_PRICE_HERE if price == MISSING else NO_RATE_HERE)
            return count, False
        if in_kind:
            moved = _after_splits(quantity[f], i, flow_day[f], days[t], splits, split_day, ratio)
            exact, decided = security_cents(moved * 1e-14 * price * rate[c, t], moved, price, whole[c, t])
        else:
            moved = amount[f]
            exact, decided = cash_cents(moved * rate[c, t], moved, whole[c, t])
        column[f], values[f] = t, exact
        if not decided:
            count = note(undecided, count, f, t, moved)
    return count, True


@njit_for_python(cache=True)
def book_external_flows(
    offsets: Int64,
    first_column: Int32,
    flow_day: Int32,
    instrument: Int32,
    amount: Int64,
    quantity: Int64,
    currency: Int32,
    is_external: Bool,
    price_row: Int32,
    instrument_currency: Int32,
    days: Int32,
    split_offsets: Int64,
    splits: Int32,
    split_day: Int32,
    ratio: Float64,
    base: Int32,
    close: Int64,
    rate: Float64,
    whole: Int64,
    gap: Int32,
    column: Int64,
    values: Int64,
    undecided: Int64,
) -> int:
    """Give every external flow the day it counts on (−1 none) and its cents of base currency; returns how many are undecided.

    ``first_column`` is the first valuation on or after the flow. A day on which a flow cannot be valued becomes a gap, and every flow of
    it moves on to the next valuation, so the portfolio's flows are then booked anew. ``gap`` has a row per portfolio, or a single one of
    −1 when nothing is missing anywhere.
    """
    count = 0
    for p in range(offsets.size - 1):
        before, done = count, False
        while not done:
            s, e = split_offsets[p], split_offsets[p + 1]
            count, done = _book_flows(
                offsets[p], offsets[p + 1], first_column, flow_day, instrument, amount, quantity, currency, is_external, price_row,
                instrument_currency, days, splits[s:e], split_day[s:e], ratio[s:e], close, rate[base[p]], whole[base[p]],
                gap[min(p, gap.shape[0] - 1)], column, values, undecided, before,
            )  # fmt: skip
    return count
