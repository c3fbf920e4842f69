"""Machine code of currency attribution: the gains of each currency divided, related to capital and linked.

The parts of a gain are linear in the instruments of one currency, so only currencies are left to attribute once values and flows are
added up. All sums are taken in a fixed order: a portfolio's figures depend neither on its neighbours nor on the processor
(:mod:`dawsos.compute.attribution.linking_kernel`). Numba notices a change of this file only: clear ``__pycache__`` after changing another.
"""

from typing import Any, Final, TypeAlias

import numpy as np

from dawsos.compute.attribution.block_columns import Closes, Days, Flows, Holdings, Market, Outcome, Splits, Sums, Values, Waiting
from dawsos.compute.attribution.linking_kernel import LANES, coefficients, link, link_flows, padded
from dawsos.compute.attribution.sums_kernel import FOUR, add_flows, add_holdings, count_true, pack_closes, valued_days
from dawsos.compute.compiling import njit_for_kernels, njit_for_python
from dawsos.compute.ledger.segments import Bool, Float64, Int64
from dawsos.compute.valuation.rounding_kernel import NO_RATE, Whole

#: What became of a portfolio.
DONE: Final = 0
TOO_SHORT: Final = 1
LACKS_RATE: Final = 2
ALL_LOST: Final = 3

_CENTS: Final = 100.0
#: A gain up to this part of the value is floating point's, not the market's.
_NOTHING: Final = 1e-12
Columns: TypeAlias = Any


@njit_for_kernels(error_model="numpy")
def _keep_valued(c: Whole, count: Whole, at: Int64, value: Float64) -> None:
    """Move the values of valued days to the front."""
    for k in range(count):
        value[c, k] = value[c, at[k]]


@njit_for_kernels(error_model="numpy")
def _place_rates(c: Whole, count: Whole, at: Int64, base: Whole, lo: Whole, market: Market, sums: Sums) -> None:
    """Put the rates of the valued days, and how each moves until the next, beside the values."""
    kept, moved, rate = sums.rate, sums.moved, market.rate
    for k in range(count):
        kept[c, k] = rate[base, c, lo + at[k]]
    for k in range(count - 1):
        moved[c, k] = kept[c, k + 1] - kept[c, k]


@njit_for_kernels(error_model="numpy")
def _first_missing(c: Whole, count: Whole, at: Int64, whole: Int64, sums: Sums) -> Whole:
    """The valuation without a rate at an end of a day on which something of the currency was held or moved; −1 when there is none."""
    value, flow = sums.value[c], sums.flow[c]
    for k in range(1, count):
        lacks = whole[at[k - 1]] == NO_RATE or whole[at[k]] == NO_RATE
        if lacks and (value[k - 1] != 0 or value[k] != 0 or flow[k] != 0):
            return at[k - 1] if whole[at[k - 1]] == NO_RATE else at[k]
    return -1


@njit_for_kernels(error_model="numpy")
def _show(
    portfolio: Whole, count: Whole, at: Int64, value: Int64, came: Int64, lo: Whole, with_cash: bool, capital: Float64, shown: Float64
) -> None:
    """Capital at work, V₋₁ + F, and the gain by the values as they are shown, V − V₋₁ − F, in cents; for securities the caller adds F."""
    p, one = np.uint64(portfolio), np.uint64(1)
    if not with_cash:
        for k in range(count - 1):
            capital[k], shown[k] = 0.0, value[p, lo + at[k + 1]] - value[p, lo + at[k]]
    elif at[count - 1] == count - 1:
        for k in range(np.uint64(count - 1)):
            t = k + np.uint64(lo)
            capital[k] = value[p, t] + came[p, t + one]
        for k in range(np.uint64(count - 1)):
            t = k + np.uint64(lo)
            shown[k] = value[p, t + one] - value[p, t] - came[p, t + one]
    else:
        for k in range(count - 1):
            before, after = lo + at[k], lo + at[k + 1]
            capital[k], shown[k] = value[p, before] + came[p, after], value[p, after] - value[p, before] - came[p, after]


@njit_for_kernels(error_model="numpy")
def _show_securities(days: Whole, c: Whole, sums: Sums, day: Days) -> None:
    """One currency's purchases are capital of the securities, and all that moved into them is no gain."""
    value, flow, flow_start, x = sums.value[c], sums.flow[c], sums.flow_start[c], sums.rate[c]
    for k in range(days):
        day.capital[k] += (value[k] * x[k] + flow_start[k + 1] * x[k + 1]) * _CENTS
        day.shown[k] -= flow[k + 1] * x[k + 1] * _CENTS


@njit_for_kernels(error_model="numpy")
def _place_rounding(p: Whole, days: Whole, used: Bool, value: Float64, flow: Float64, move: Float64, rest: float, effects: Columns) -> None:
    """Give what rounding to the cent moved to the currency most was invested in: to fx if it moved only by its rate, else to local."""
    best = -1
    for c in range(used.size):
        if used[c] and (best < 0 or effects[p, c, 0] > effects[p, best, 0]):
            best = c
    stood_still, moved = True, False
    for k in range(days):
        moved |= move[best, k] != 0
        if abs(value[best, k + 1] - value[best, k] - flow[best, k + 1]) > _NOTHING * (1.0 + abs(value[best, k])):
            stood_still = False
            break
    effects[p, best, 2 if stood_still and moved else 1] += rest


@njit_for_kernels(error_model="numpy")
def _link_currencies(
    p: Whole, days: Whole, worked: Whole, growth: float, has_flows: bool, used: Bool, value: Float64, flow: Float64, rate: Float64,
    move: Float64, coefficient: Float64, inverse: Float64, lanes: Float64, sums: Sums, day: Days, effects: Columns,
) -> None:  # fmt: skip
    """Link the parts of every currency, and give what is left to one of them, so that together they compound to the return as shown."""
    found, compounded = 0.0, np.expm1(growth) / growth if growth != 0 else 1.0
    for c in range(used.size):
        if used[c]:
            link(days, p, c, has_flows, value, flow, rate, move, coefficient, inverse, lanes, effects)
            if has_flows:
                link_flows(days, p, c, sums, day, effects)
            effects[p, c, 0] /= worked
            found += effects[p, c, 1] + effects[p, c, 2] + effects[p, c, 3]
    # Σ ln(1 + r) is what the values as shown gained, linked; the parts add up to what they gained before rounding.
    _place_rounding(p, days, used, value, flow, move, growth - found, effects)
    for c in range(used.size):
        for part in range(1, 4):
            effects[p, c, part] *= compounded


@njit_for_kernels(error_model="numpy")
def _mark_broken(p: Whole, days: Whole, lo: Whole, at: Int64, capital: Float64, shown: Float64, broken: Columns) -> None:
    """Say which days had no capital although something was held or happened."""
    for k in range(days):
        if capital[k] <= 0:
            broken[p, lo + at[k + 1]] = capital[k] < 0 or shown[k] != 0


@njit_for_kernels(error_model="numpy")
def _clear(used: Bool, width: Whole, has_flows: bool, value: Float64, sums: Sums) -> None:
    """Leave the sums as zero as they were found."""
    for currency in range(used.size):
        if used[currency]:
            used[currency], c = False, np.uint64(currency)
            for k in range(np.uint64(width)):
                value[c, k] = 0.0
            if has_flows:
                sums.flow[c, :] = 0.0
                sums.flow_start[c, :] = 0.0
                sums.conversion[c, :] = 0.0


@njit_for_kernels(error_model="numpy")
def _attribute_block(
    held: Holdings, flows: Flows, splits: Splits, market: Market, values: Values, lo: Whole, hi: Whole, with_cash: bool, outcome: Outcome
) -> None:
    base_count, currencies, size = np.shape(market.rate)[0], np.shape(market.rate)[1], hi - lo
    width = padded(size) + 1
    shape = (currencies, width)
    sums = Sums(np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape))
    day = Days(np.zeros(width), np.zeros(width), np.zeros(width), np.zeros(width), np.zeros(width), np.zeros(4 * LANES))
    closes = Closes(np.zeros((market.price_row.size, size), dtype=np.int32), np.zeros(market.price_row.size))
    pack_closes(market, lo, closes)
    waiting = Waiting(np.zeros(currencies, dtype=np.int64), np.zeros((currencies, FOUR), dtype=np.int64), np.zeros((currencies, FOUR)))
    placed, used = np.full(currencies, -1, dtype=np.int64), np.zeros(currencies, dtype=np.bool_)
    at, slot = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    lacks = np.zeros((base_count, currencies), dtype=np.bool_)
    for row in range(base_count):
        for column in range(currencies):
            lacks[row, column] = (market.whole[row, column, lo:hi] == NO_RATE).any()
    shown, capital, coefficient, inverse, lanes = day.shown, day.capital, day.coefficient, day.inverse, day.lanes
    status, effects, observations, opened, closed = outcome.status, outcome.effects, outcome.observations, outcome.opened, outcome.closed
    offsets, instrument, first, last, quantity, flow_offsets = (
        held.offsets,
        held.instrument,
        held.first,
        held.last,
        held.quantity,
        flows.offsets,
    )
    valued, shown_value, external_flow, bases, currency, is_cash = (
        values.valued,
        values.value,
        values.external_flow,
        market.base,
        market.currency,
        market.is_cash,
    )
    value, flow, rate, moved, worth, whole = sums.value, sums.flow, sums.rate, sums.moved, closes.worth, closes.whole
    waits, waiting_for, units, is_numbered = waiting.waits, waiting.instrument, waiting.units, False
    for p in range(len(offsets) - 1):
        base = bases[p]
        is_whole = count_true(p, valued, lo, hi) == size
        if is_whole and is_numbered:
            count = size
        else:
            count, is_numbered = valued_days(valued[p, lo:hi], at, slot), is_whole
        days = count - 1
        if count > 0:
            opened[p], closed[p] = lo + at[0], lo + at[days]
        if days < 1:
            status[p], observations[p] = TOO_SHORT, count
            continue
        add_holdings(
            offsets[p], offsets[p + 1], instrument, first, last, quantity, market, currency,
            is_cash, closes, worth, whole, waits, waiting_for, units, lo, size, with_cash,
            value, used,
        )  # fmt: skip
        has_flows = False
        if flow_offsets[p] < flow_offsets[p + 1]:  # handing over all the columns costs as much as several loops
            has_flows = add_flows(p, flows, splits, market, lo, at, slot, with_cash, sums, used)
        for c in range(currencies):
            if not used[c]:
                continue
            if not is_whole:
                _keep_valued(c, count, at, value)
            if not is_whole or placed[c] != base:
                _place_rates(c, count, at, base, lo, market, sums)
                placed[c] = base if is_whole else -1
            missing = _first_missing(c, count, at, market.whole[base, c, lo:hi], sums) if lacks[base, c] else -1
            if missing >= 0 and status[p] == DONE:
                status[p], outcome.lacking[p, 0], outcome.lacking[p, 1] = LACKS_RATE, c, lo + missing
        if status[p] == DONE:
            _show(p, count, at, shown_value, external_flow, lo, with_cash, capital, shown)
            for c in range(0 if with_cash else currencies):
                if used[c]:
                    _show_securities(days, c, sums, day)
            worked, growth = coefficients(days, shown, capital, coefficient, inverse, lanes)
            if worked < 0:
                status[p] = ALL_LOST
            else:
                observations[p] = worked
            if 0 <= worked < days:
                _mark_broken(p, days, lo, at, capital, shown, outcome.broken)
            if worked > 0 and used.any():
                _link_currencies(
                    p, days, worked, growth, has_flows, used, value, flow, rate, moved, coefficient, inverse, lanes,
                    sums, day, effects,
                )  # fmt: skip
        _clear(used, width, has_flows, value, sums)


@njit_for_python(cache=True, error_model="numpy")
def attribute_block(
    held: Columns,
    flows: Columns,
    splits: Columns,
    market: Columns,
    values: Columns,
    lo: Whole,
    hi: Whole,
    with_cash: bool,
    outcome: Columns,
) -> None:
    """Attribute every portfolio over the valuations ``lo`` … ``hi`` − 1; everything in ``outcome`` must come in zero.

    The groups come as plain tuples: compiled code is kept on disk by the types of its arguments, and must not outlive a class of ours.
    """
    _attribute_block(
        Holdings(*held), Flows(*flows), Splits(*splits), Market(*market), Values(*values), lo, hi, with_cash, Outcome(*outcome)
    )
