"""Machine code of currency attribution: the gains of each currency divided, related to capital and linked.

The parts of a gain are linear in the instruments of one currency, so only currencies are left to attribute once values and flows are
added up. All sums are taken in a fixed order: a portfolio's figures depend neither on its neighbours nor on the processor
(:mod:`dawsos.compute.attribution.linking_kernel`). Numba notices a change of this file only: clear ``__pycache__`` after changing another.
"""

from typing import Any, Final, TypeAlias

import numpy as np

from dawsos.compute.attribution.block_columns import Days, Flows, Holdings, Market, Outcome, Splits, Sums, Values
from dawsos.compute.attribution.linking_kernel import LANES, coefficients, link, padded, sum_of_products
from dawsos.compute.attribution.sums_kernel import add_flows, add_holdings, count_true, valued_days
from dawsos.compute.compiling import njit_for_kernels, njit_for_python
from dawsos.compute.ledger.segments import Int64
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
def _keep_valued(c: Whole, count: Whole, at: Int64, base: Whole, lo: Whole, market: Market, sums: Sums) -> None:
    """Move the values of valued days to the front, and put the rates of those days beside them."""
    value, kept, rate, row = sums.value, sums.rate, market.rate, np.uint64(c)
    b, offset = np.uint64(base), np.uint64(lo)
    if at[count - 1] == count - 1:
        for k in range(np.uint64(count)):
            kept[row, k] = rate[b, row, k + offset]
        return
    for k in range(count):
        value[c, k], kept[c, k] = value[c, at[k]], rate[base, c, lo + at[k]]


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
def _gain(days: Whole, currency: Whole, has_flows: bool, sums: Sums, day: Days) -> None:
    """One currency's gain in own currency, V − V₋₁ − flows, and all its parts in base currency added to ``day.total``.

    Those are gain × x₁ + opening × (x₁ − x₀) + what conversions made.
    """
    value, x, gain, total, c, one = sums.value, sums.rate, sums.gain, day.total, np.uint64(currency), np.uint64(1)
    if not has_flows:
        for k in range(np.uint64(days)):
            gained = value[c, k + one] - value[c, k]
            gain[c, k] = gained
            total[k] += gained * x[c, k + one] + value[c, k] * (x[c, k + one] - x[c, k])
        return
    flow, conversion = sums.flow, sums.conversion
    for k in range(np.uint64(days)):
        gain[c, k] = value[c, k + one] - value[c, k] - flow[c, k + one]
    for k in range(np.uint64(days)):
        total[k] += gain[c, k] * x[c, k + one] + value[c, k] * (x[c, k + one] - x[c, k]) + conversion[c, k + one]


@njit_for_kernels(error_model="numpy")
def _show(portfolio: Whole, count: Whole, at: Int64, values: Values, lo: Whole, with_cash: bool, day: Days) -> None:
    """Capital at work, V₋₁ + F, and the gain by the values as they are shown, V − V₋₁ − F, in cents; for securities the caller adds F."""
    value, came, capital, shown = values.value, values.external_flow, day.capital, day.shown
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
def _place_rounding(p: Whole, days: Whole, present: Int64, sums: Sums, rest: float, effects: Columns) -> None:
    """Give what rounding to the cent moved to the currency most was invested in: to fx if it moved only by its rate, else to local."""
    best = present[0]
    for c in present:
        if effects[p, c, 0] > effects[p, best, 0]:
            best = c
    gain, value, x = sums.gain, sums.value, sums.rate
    stood_still, moved = True, False
    for k in range(days):
        moved |= x[best, k] != x[best, k + 1]
        if abs(gain[best, k]) > _NOTHING * (1.0 + abs(value[best, k])):
            stood_still = False
            break
    effects[p, best, 2 if stood_still and moved else 1] += rest


@njit_for_kernels(error_model="numpy")
def _attribute(
    p: Whole,
    count: Whole,
    lo: Whole,
    at: Int64,
    present: Int64,
    values: Values,
    with_cash: bool,
    has_flows: bool,
    sums: Sums,
    day: Days,
    outcome: Outcome,
) -> None:
    """One portfolio whose holdings and flows are added up."""
    days, effects = count - 1, outcome.effects
    total, shown, capital, work = day.total, day.shown, day.capital, day.work
    total[:days] = 0.0
    for c in present:
        _gain(days, c, has_flows, sums, day)
    _show(p, count, at, values, lo, with_cash, day)
    if not with_cash:
        for c in present:
            _show_securities(days, c, sums, day)
    worked, growth = coefficients(days, day)
    if worked < 0:
        outcome.status[p] = ALL_LOST
        return
    outcome.observations[p] = worked
    for k in range(days if worked < days else 0):
        if capital[k] <= 0:
            outcome.broken[p, lo + at[k + 1]] = capital[k] < 0 or shown[k] != 0
    if worked == 0 or present.size == 0:
        return
    for c in present:
        link(days, c, has_flows, sums, day, effects[p, c])
        effects[p, c, 0] /= worked
    for k in range(np.uint64(days)):
        work[k] = shown[k] / _CENTS - total[k]
    for k in range(np.uint64(days), np.uint64(padded(days))):
        work[k] = 0.0
    _place_rounding(p, days, present, sums, sum_of_products(days, work, day.coefficient, day.lanes), effects)
    effects[p, :, 1:] *= np.expm1(growth) / growth if growth != 0 else 1.0


@njit_for_kernels(error_model="numpy")
def _clear(present: Int64, has_flows: bool, sums: Sums) -> None:
    """Leave the sums as zero as they were found."""
    for c in present:
        sums.value[c, :] = 0.0
        if has_flows:
            sums.flow[c, :] = 0.0
            sums.flow_start[c, :] = 0.0
            sums.conversion[c, :] = 0.0


@njit_for_kernels(error_model="numpy")
def _attribute_block(
    held: Holdings, flows: Flows, splits: Splits, market: Market, values: Values, lo: Whole, hi: Whole, with_cash: bool, outcome: Outcome
) -> None:
    bases, currencies, size = np.shape(market.rate)[0], np.shape(market.rate)[1], hi - lo
    width = padded(size) + 1
    shape = (currencies, width)
    sums = Sums(np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape))
    day = Days(
        np.zeros(width), np.zeros(width), np.zeros(width), np.zeros(width), np.zeros(width), np.zeros(width), np.zeros(4 * LANES)
    )  # fmt: skip
    at, slot, used = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64), np.zeros(currencies, dtype=np.bool_)
    lacks = np.zeros((bases, currencies), dtype=np.bool_)
    for row in range(bases):
        for column in range(currencies):
            lacks[row, column] = (market.whole[row, column, lo:hi] == NO_RATE).any()
    is_numbered = False
    for p in range(len(held.offsets) - 1):
        base = market.base[p]
        is_whole = count_true(p, values.valued, lo, hi) == size
        if is_whole and is_numbered:
            count = size
        else:
            count, is_numbered = valued_days(values.valued[p, lo:hi], at, slot), is_whole
        if count > 0:
            outcome.opened[p], outcome.closed[p] = lo + at[0], lo + at[count - 1]
        if count < 2:
            outcome.status[p], outcome.observations[p] = TOO_SHORT, count
            continue
        used[:] = False
        add_holdings(p, held, market, lo, size, with_cash, sums, used)
        has_flows = False
        if flows.offsets[p] < flows.offsets[p + 1]:  # handing over all the columns costs as much as several loops
            has_flows = add_flows(p, flows, splits, market, lo, at, slot, with_cash, sums, used)
        present = np.flatnonzero(used)
        for c in present:
            _keep_valued(c, count, at, base, lo, market, sums)
            missing = _first_missing(c, count, at, market.whole[base, c, lo:hi], sums) if lacks[base, c] else -1
            if missing >= 0 and outcome.status[p] == DONE:
                outcome.status[p], outcome.lacking[p, 0], outcome.lacking[p, 1] = LACKS_RATE, c, lo + missing
        if outcome.status[p] == DONE:
            _attribute(p, count, lo, at, present, values, with_cash, has_flows, sums, day, outcome)
        _clear(present, has_flows, sums)


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
