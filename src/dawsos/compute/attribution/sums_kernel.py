"""Machine code that adds up holdings and flows per currency and day: all that currency attribution needs of the instruments."""

from typing import Final

import numpy as np

from dawsos.compute.attribution.block_columns import Flows, Holdings, Market, Splits, Sums
from dawsos.compute.compiling import njit_for_kernels
from dawsos.compute.ledger.segments import Bool, FlowKind, Int64
from dawsos.compute.valuation.rounding_kernel import Whole

_STEPS: Final = 1e8
_CENTS: Final = 100.0
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
def add_holdings(p: Whole, held: Holdings, market: Market, lo: Whole, size: Whole, with_cash: bool, sums: Sums, used: Bool) -> None:
    """Sum the securities and cash of portfolio ``p`` in their own currencies; column 0 of the sums is valuation ``lo``."""
    # Columns are taken out of their groups first: reaching into a group within a loop would keep it from running several days at a time.
    value, price, is_cash = sums.value, market.price, market.is_cash
    instrument, first, last, quantity = held.instrument, held.first, held.last, held.quantity
    offset = np.uint64(lo)
    for row in range(held.offsets[p], held.offsets[p + 1]):
        i = instrument[row]
        c, r = np.uint64(market.currency[i]), np.uint64(max(market.price_row[i], 0))
        start, end = np.uint64(max(first[row] - lo, 0)), np.uint64(max(min(last[row] - lo, size), 0))
        if start >= end or (is_cash[i] and not with_cash):
            continue
        used[c] = True
        if is_cash[i]:
            amount = quantity[row] / _CENTS
            for t in range(start, end):
                value[c, t] += amount
        else:
            units = quantity[row] / _STEPS
            for t in range(start, end):
                value[c, t] += units * price[r, t + offset]


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
        moved += units * market.price[market.price_row[i], today]
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
