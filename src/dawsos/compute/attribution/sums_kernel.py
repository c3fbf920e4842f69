"""Machine code that adds up holdings and flows per currency and day: all that currency attribution needs of the instruments."""

from typing import Final

import numpy as np

from dawsos.compute.attribution.block_columns import Closes, Flows, Market, Splits, Sums
from dawsos.compute.compiling import njit_for_kernels
from dawsos.compute.ledger.segments import Bool, Float64, FlowKind, Int32, Int64
from dawsos.compute.valuation.rounding_kernel import Whole

_STEPS: Final = 1e8
_CENTS: Final = 100.0
#: What a packed close may be at most.
_LARGEST: Final = 2**31 - 1
#: How many holdings are added in one pass.
FOUR: Final = 4
_SELL: Final = int(FlowKind.SELL)
_DIVIDEND: Final = int(FlowKind.DIVIDEND)
_TAX: Final = int(FlowKind.TAX)
_TRANSFER_IN: Final = int(FlowKind.TRANSFER_IN)
_TRANSFER_OUT: Final = int(FlowKind.TRANSFER_OUT)


@njit_for_kernels(error_model="numpy")
def valued_days(valued: Bool, at: Int64, slot: Int64) -> Whole:
    """Number the valued days: ``at[k]`` is the k-th, ``slot[t]`` the number of the first on or after ``t``, −1 without one."""
    count = 0
    for t in range(slot.size):
        slot[t] = count
        at[count] = t
        count += valued[t]
    for t in range(slot.size - 1, -1, -1):
        if slot[t] < count:
            break
        slot[t] = -1
    return count


@njit_for_kernels(error_model="numpy")
def count_true(portfolio: Whole, valued: Bool, lo: Whole, hi: Whole) -> Whole:
    """How many of the days are valued."""
    count, p = 0, np.uint64(portfolio)
    for t in range(np.uint64(lo), np.uint64(hi)):
        count += valued[p, t]
    return count


@njit_for_kernels(error_model="numpy")
def _packed(instrument: Whole, row: Whole, scale: float, close: Int64, lo: Whole, whole: Int32) -> bool:
    """Put the closes of a row over ``scale`` into ``whole``; whether all of them are whole multiples of it."""
    i, r, offset, inexact = np.uint64(instrument), np.uint64(row), np.uint64(lo), 0
    for t in range(np.uint64(whole.shape[1])):
        steps = max(close[r, t + offset], 0)
        quotient = np.rint(steps * (1.0 / scale))
        inexact += quotient * scale != steps
        whole[i, t] = np.int32(quotient)
    return inexact == 0


@njit_for_kernels(error_model="numpy")
def pack_closes(market: Market, lo: Whole, closes: Closes) -> None:
    """Find the coarsest of 2, 4, 6 and 8 decimals that states every close of an instrument, if those are below 2³¹ steps of it.

    A close that is missing becomes 0: on such a day nothing that holds the instrument is valued.
    """
    close, price_row, whole = market.close, market.price_row, closes.whole
    for i in range(price_row.size):
        row, highest, scale = price_row[i], 0, 1e6
        if row < 0 or market.is_cash[i]:
            continue
        for t in range(lo, lo + whole.shape[1]):
            highest = max(highest, close[row, t])
        while scale >= 1 and highest <= _LARGEST * scale:
            if _packed(i, row, scale, close, lo, whole):
                closes.worth[i] = scale / _STEPS / _STEPS
                break
            scale /= 100


@njit_for_kernels(error_model="numpy")
def _add_waiting(currency: Whole, count: Int64, waiting: Int64, units: Float64, whole: Int32, size: Whole, value: Float64) -> None:
    """Add the holdings of a currency that wait, all at once: their sums are read and written once for four of them."""
    c = np.uint64(currency)
    for place in range(count[c], FOUR):
        waiting[c, place], units[c, place] = waiting[c, 0], 0.0
    count[c] = 0
    i0, i1, i2, i3 = np.uint64(waiting[c, 0]), np.uint64(waiting[c, 1]), np.uint64(waiting[c, 2]), np.uint64(waiting[c, 3])
    u0, u1, u2, u3 = units[c, 0], units[c, 1], units[c, 2], units[c, 3]
    for t in range(np.uint64(size)):
        value[c, t] += (u0 * whole[i0, t] + u1 * whole[i1, t]) + (u2 * whole[i2, t] + u3 * whole[i3, t])


@njit_for_kernels(error_model="numpy")
def _add_alone(i: Whole, first: Whole, last: Whole, quantity: Whole, market: Market, closes: Closes, lo: Whole, value: Float64) -> None:
    """Add cash, or a security whose closes are not packed or that was held on some of the days only."""
    close, whole, worth, price_row, offset = market.close, closes.whole, closes.worth, market.price_row, np.uint64(lo)
    c, n, start, end = np.uint64(market.currency[i]), np.uint64(i), np.uint64(first), np.uint64(last)
    if market.is_cash[i]:
        amount = quantity / _CENTS
        for t in range(start, end):
            value[c, t] += amount
    elif worth[i] == 0:
        r, units = np.uint64(max(int(price_row[i]), 0)), quantity / _STEPS / _STEPS
        for t in range(start, end):
            value[c, t] += units * close[r, t + offset]
    else:
        units = quantity * worth[i]
        for t in range(start, end):
            value[c, t] += units * whole[n, t]


@njit_for_kernels(error_model="numpy")
def add_holdings(
    begin: Whole, end: Whole, instrument: Int32, first: Int32, last: Int32, quantity: Int64, market: Market, currency: Int32, is_cash: Bool,
    closes: Closes, worth: Float64, whole: Int32, count: Int64, waiting: Int64, units: Float64, lo: Whole, size: Whole, with_cash: bool,
    value: Float64, used: Bool,
) -> None:  # fmt: skip
    """Sum the securities and cash of segments ``begin`` … ``end`` − 1 in their own currencies; column 0 of the sums is valuation ``lo``.

    Columns are handed over one by one, besides the groups they are in: taking one out of a group counts a reference, which together would
    cost as much as a loop over the days.
    """
    for row in range(begin, end):
        i, start, stop = instrument[row], max(first[row] - lo, 0), min(last[row] - lo, size)
        if start >= stop or (is_cash[i] and not with_cash):
            continue
        c = currency[i]
        used[c] = True
        if worth[i] > 0 and stop - start == size:
            place = count[c]
            waiting[c, place], units[c, place], count[c] = i, quantity[row] * worth[i], place + 1
            if place + 1 == FOUR:
                _add_waiting(c, count, waiting, units, whole, size, value)
        else:
            _add_alone(i, start, stop, quantity[row], market, closes, lo, value)
    for c in range(used.size):
        if count[c] > 0:
            _add_waiting(c, count, waiting, units, whole, size, value)


@njit_for_kernels(error_model="numpy")
def _is_leg(f: Whole, flows: Flows, market: Market) -> bool:
    """Whether a flow is one side of a currency conversion."""
    is_transfer = flows.kind[f] == _TRANSFER_IN or flows.kind[f] == _TRANSFER_OUT
    return bool(is_transfer and not flows.is_external[f] and market.is_cash[flows.instrument[f]])


@njit_for_kernels(error_model="numpy")
def _partner(f: Whole, begin: Whole, end: Whole, flows: Flows, market: Market) -> Whole:
    """The other leg, −1 without one: of the legs of one day, the first that went out belongs to the first that came in, and so on."""
    first = f
    while first > begin and flows.day[first - 1] == flows.day[f]:
        first -= 1
    order, is_incoming = 0, flows.amount[f] >= 0
    for other in range(first, f):
        order += _is_leg(other, flows, market) and (flows.amount[other] >= 0) == is_incoming
    for other in range(first, end):
        if flows.day[other] != flows.day[f]:
            break
        if _is_leg(other, flows, market) and (flows.amount[other] >= 0) != is_incoming:
            if order == 0:
                return other
            order -= 1
    return -1


@njit_for_kernels(error_model="numpy")
def _bearer(p: Whole, f: Whole, begin: Whole, end: Whole, flows: Flows, market: Market) -> Whole:
    """The currency that a conversion's result belongs to: the incoming one, or the outgoing one where the incoming is the base."""
    own, other = market.currency[flows.instrument[f]], _partner(f, begin, end, flows, market)
    if other < 0:
        return own
    theirs = market.currency[flows.instrument[other]]
    incoming, outgoing = (own, theirs) if flows.amount[f] >= 0 else (theirs, own)
    return outgoing if incoming == market.base_currency[p] else incoming


@njit_for_kernels(error_model="numpy")
def _moved(p: Whole, f: Whole, flows: Flows, splits: Splits, market: Market, today: Whole) -> float:
    """What a flow brought into a security, in the security's currency, at the prices and rates of valuation ``today``."""
    i, b = flows.instrument[f], market.base[p]
    c, moved = market.currency[i], flows.amount[f] / _CENTS
    if flows.currency[f] != c:
        moved *= market.rate[b, flows.currency[f], today] / market.rate[b, c, today]
    if flows.is_external[f] and flows.quantity[f] != 0:
        units = flows.quantity[f] / _STEPS
        for x in range(splits.offsets[p], splits.offsets[p + 1]):
            if splits.instrument[x] == i and flows.day[f] < splits.day[x] <= market.days[today]:
                units *= splits.ratio[x]
        moved += units * (market.close[market.price_row[i], today] / _STEPS)
    return float(moved)


@njit_for_kernels(error_model="numpy")
def add_flows(
    p: Whole, flows: Flows, splits: Splits, market: Market, lo: Whole, at: Int64, slot: Int64, with_cash: bool, sums: Sums, used: Bool
) -> bool:
    """Sum the flows of portfolio ``p`` into securities and cash, those that count from the start of the day, and conversions.

    A flow counts on the first valued day on or after it; those of day 0 are older than the window. Returns whether there were any.
    """
    begin, end, found = flows.offsets[p], flows.offsets[p + 1], False
    for f in range(begin, end):
        t = flows.column[f] - lo
        if flows.is_gain[f] or t < 0 or t >= slot.size or slot[t] <= 0:
            continue
        k, i, kind = slot[t], flows.instrument[f], flows.kind[f]
        c, today = market.currency[i], lo + at[k]
        at_end = not flows.is_external[f] and (kind == _SELL or _DIVIDEND <= kind <= _TAX)
        if not market.is_cash[i]:
            used[c] = True
            moved = _moved(p, f, flows, splits, market, today)
        elif with_cash:
            used[c] = True
            moved = flows.amount[f] / _CENTS
            if _is_leg(f, flows, market):
                bearer = _bearer(p, f, begin, end, flows, market)
                sums.conversion[bearer, k] += moved * market.rate[market.base[p], c, today]
        else:
            continue
        found = True
        sums.flow[c, k] += moved
        if not at_end:
            sums.flow_start[c, k] += moved
    return found
