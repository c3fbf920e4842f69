"""Machine code that adds up holdings and flows per currency and day: all that currency attribution needs of the instruments."""

from typing import Final

import numpy as np
from numba import njit

from dawsos.compute.attribution.block_columns import Flows, Holdings, Market, Splits, Sums
from dawsos.compute.ledger.segments import Bool, FlowKind, Int64
from dawsos.compute.valuation.rounding_kernel import Whole

_STEPS: Final = 1e8
_CENTS: Final = 100.0
_SELL: Final = int(FlowKind.SELL)
_DIVIDEND: Final = int(FlowKind.DIVIDEND)
_TAX: Final = int(FlowKind.TAX)
_TRANSFER_IN: Final = int(FlowKind.TRANSFER_IN)
_TRANSFER_OUT: Final = int(FlowKind.TRANSFER_OUT)


@njit(cache=True, error_model="numpy")
def valued_days(valued: Bool, lo: Whole, at: Int64, slot: Int64) -> Whole:
    """Number the valued days from ``lo`` on: ``at[k]`` is the k-th, ``slot[t]`` the number of the first on or after ``lo + t``, or −1."""
    count = 0
    for t in range(slot.size):
        if valued[lo + t]:
            at[count] = t
            count += 1
    k, following = count, -1
    for t in range(slot.size - 1, -1, -1):
        if valued[lo + t]:
            k -= 1
            following = k
        slot[t] = following
    return count


@njit(cache=True, error_model="numpy")
def add_holdings(p: Whole, held: Holdings, market: Market, lo: Whole, with_cash: bool, sums: Sums, used: Bool) -> None:
    """Sum the securities (own currency) and cash (cents) of portfolio ``p``; column 0 of the sums is valuation ``lo``."""
    size, offset = np.int64(sums.value.shape[1]), np.uint64(lo)
    for row in range(held.offsets[p], held.offsets[p + 1]):
        i = held.instrument[row]
        c, r = np.uint64(market.currency[i]), np.uint64(max(market.price_row[i], 0))
        start, end = np.uint64(max(held.first[row] - lo, 0)), np.uint64(max(min(held.last[row] - lo, size), 0))
        if start >= end or (market.is_cash[i] and not with_cash):
            continue
        used[c] = True
        if market.is_cash[i]:
            for t in range(start, end):
                sums.cash[c, t] += held.quantity[row]
        else:
            units = held.quantity[row] / _STEPS
            for t in range(start, end):
                sums.value[c, t] += units * market.price[r, t + offset]


@njit(cache=True, error_model="numpy")
def _is_leg(f: Whole, flows: Flows, market: Market) -> bool:
    """Whether a flow is one side of a currency conversion."""
    is_transfer = flows.kind[f] == _TRANSFER_IN or flows.kind[f] == _TRANSFER_OUT
    return bool(is_transfer and not flows.is_external[f] and market.is_cash[flows.instrument[f]])


@njit(cache=True, error_model="numpy")
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


@njit(cache=True, error_model="numpy")
def _bearer(p: Whole, f: Whole, begin: Whole, end: Whole, flows: Flows, market: Market) -> Whole:
    """The currency that a conversion's result belongs to: the incoming one, or the outgoing one where the incoming is the base."""
    own, other = market.currency[flows.instrument[f]], _partner(f, begin, end, flows, market)
    if other < 0:
        return own
    theirs = market.currency[flows.instrument[other]]
    incoming, outgoing = (own, theirs) if flows.amount[f] >= 0 else (theirs, own)
    return outgoing if incoming == market.base_currency[p] else incoming


@njit(cache=True, error_model="numpy")
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


@njit(cache=True, error_model="numpy")
def add_flows(
    p: Whole, flows: Flows, splits: Splits, market: Market, lo: Whole, at: Int64, slot: Int64, with_cash: bool, sums: Sums, used: Bool
) -> None:
    """Sum the flows of portfolio ``p`` into securities and cash, those that count from the start of the day, and conversions.

    A flow counts on the first valued day on or after it; those of day 0 are older than the window.
    """
    begin, end = flows.offsets[p], flows.offsets[p + 1]
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
            sums.flow[c, k] += moved
        elif with_cash:
            used[c] = True
            moved = flows.amount[f] / _CENTS
            sums.cash_flow[c, k] += flows.amount[f]
            if _is_leg(f, flows, market):
                bearer = _bearer(p, f, begin, end, flows, market)
                sums.conversion[bearer, k] += moved * market.rate[market.base[p], c, today]
        else:
            continue
        if not at_end:
            sums.flow_start[c, k] += moved
