"""Machine code of currency attribution: the gains of each currency divided, related to capital and linked.

The parts of a gain are linear in the instruments of one currency, so only currencies are left to attribute once values and flows are
added up. All sums are taken in a fixed order: a portfolio's figures depend neither on its neighbours nor on the processor. Loops are
kept to a few columns each, which lets the compiler run several days at a time.
"""

from typing import Any, Final, TypeAlias

import numpy as np
from numba import njit

from dawsos.compute.attribution.block_columns import Days, Flows, Holdings, Market, Outcome, Splits, Sums, Values
from dawsos.compute.attribution.sums_kernel import add_flows, add_holdings, valued_days
from dawsos.compute.ledger.segments import Float64, Int64
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
#: Up to this return ln(1 + r) / r is summed as a series, several days at a time; its first neglected term is below 2⁻⁶⁰.
_SMALL: Final = 2.0**-5


@njit(error_model="numpy")
def _keep_valued(c: Whole, count: Whole, at: Int64, rate: Float64, sums: Sums) -> None:
    """Move the values of valued days to the front, and put the rates of those days beside them."""
    value, kept = sums.value[c], sums.rate[c]
    if count == value.size:
        kept[:] = rate
        return
    for k in range(count):
        value[k], kept[k] = value[at[k]], rate[at[k]]


@njit(error_model="numpy")
def _first_missing(c: Whole, count: Whole, at: Int64, whole: Int64, sums: Sums) -> Whole:
    """The valuation without a rate at an end of a day on which something of the currency was held or moved; −1 when there is none."""
    value, flow = sums.value[c], sums.flow[c]
    for k in range(1, count):
        lacks = whole[at[k - 1]] == NO_RATE or whole[at[k]] == NO_RATE
        if lacks and (value[k - 1] != 0 or value[k] != 0 or flow[k] != 0):
            return at[k - 1] if whole[at[k - 1]] == NO_RATE else at[k]
    return -1


@njit(error_model="numpy")
def _gain(days: Whole, value: Float64, flow: Float64, gain: Float64) -> None:
    """V − V₋₁ − flows in own currency."""
    for k in range(np.uint64(days)):
        n = k + np.uint64(1)
        gain[k] = value[n] - value[k] - flow[n]


@njit(error_model="numpy")
def _add_total(days: Whole, gain: Float64, value: Float64, x: Float64, conversion: Float64, total: Float64) -> None:
    """All parts of one currency's gain in base currency: gain × x₁ + opening × (x₁ − x₀) + what conversions made."""
    for k in range(np.uint64(days)):
        n = k + np.uint64(1)
        total[k] += gain[k] * x[n] + value[k] * (x[n] - x[k]) + conversion[n]


@njit(error_model="numpy")
def _show(p: Whole, count: Whole, at: Int64, values: Values, lo: Whole, with_cash: bool, capital: Float64, shown: Float64) -> None:
    """Capital at work, V₋₁ + F, and the gain by the values as they are shown, V − V₋₁ − F; for securities F is added by the caller."""
    value, came = values.value[p, lo:], values.external_flow[p, lo:]
    if not with_cash:
        for k in range(count - 1):
            capital[k], shown[k] = 0.0, (value[at[k + 1]] - value[at[k]]) / _CENTS
    elif at[count - 1] == count - 1:
        for k in range(np.uint64(count - 1)):
            capital[k] = (value[k] + came[k + np.uint64(1)]) / _CENTS
        for k in range(np.uint64(count - 1)):
            shown[k] = (value[k + np.uint64(1)] - value[k] - came[k + np.uint64(1)]) / _CENTS
    else:
        for k in range(count - 1):
            before, after = at[k], at[k + 1]
            capital[k], shown[k] = (value[before] + came[after]) / _CENTS, (value[after] - value[before] - came[after]) / _CENTS


@njit(error_model="numpy")
def _show_securities(days: Whole, c: Whole, sums: Sums, capital: Float64, shown: Float64) -> None:
    """One currency's purchases are capital of the securities, and all that moved into them is no gain."""
    value, flow, flow_start, x = sums.value[c], sums.flow[c], sums.flow_start[c], sums.rate[c]
    for k in range(days):
        capital[k] += value[k] * x[k] + flow_start[k + 1] * x[k + 1]
        shown[k] -= flow[k + 1] * x[k + 1]


@njit(error_model="numpy")
def _coefficients(days: Whole, shown: Float64, capital: Float64, coefficient: Float64, inverse: Float64) -> tuple[Whole, float]:
    """Carino's k over the capital of each day, 0 without capital; the number of days at work (−1: one lost everything), Σ ln(1 + r)."""
    largest = 0.0
    for k in range(np.uint64(days)):
        inverse[k] = 1.0 / capital[k] if capital[k] > 0 else 0.0
    for k in range(np.uint64(days)):
        r = shown[k] * inverse[k]
        low = 1 / 7 - r * (1 / 8 - r * (1 / 9 - r * (1 / 10 - r * (1 / 11 - r * (1 / 12)))))
        coefficient[k] = (1.0 - r * (1 / 2 - r * (1 / 3 - r * (1 / 4 - r * (1 / 5 - r * (1 / 6 - r * low)))))) * inverse[k]
    for k in range(days):
        largest = max(largest, abs(shown[k] * inverse[k]))
    if largest > _SMALL:
        for k in range(days):
            r = shown[k] * inverse[k]
            if capital[k] > 0 and shown[k] <= -capital[k]:
                return -1, 0.0
            if r != 0:
                coefficient[k] = np.log1p(r) / r * inverse[k]
    count = 0
    for k in range(days):
        count += inverse[k] != 0
    return count, _sum_of_products(days, coefficient, shown)


@njit(error_model="numpy")
def _sum_of_products(days: Whole, first: Float64, second: Float64) -> float:
    """Σ first × second in eight interleaved sums, an order that no processor changes."""
    a, b, c, d, e, f, g, h = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    even = np.uint64(days - days % 8)
    for k in range(np.uint64(0), even, np.uint64(8)):
        a += first[k] * second[k]
        b += first[k + np.uint64(1)] * second[k + np.uint64(1)]
        c += first[k + np.uint64(2)] * second[k + np.uint64(2)]
        d += first[k + np.uint64(3)] * second[k + np.uint64(3)]
        e += first[k + np.uint64(4)] * second[k + np.uint64(4)]
        f += first[k + np.uint64(5)] * second[k + np.uint64(5)]
        g += first[k + np.uint64(6)] * second[k + np.uint64(6)]
        h += first[k + np.uint64(7)] * second[k + np.uint64(7)]
    for k in range(even, np.uint64(days)):
        a += first[k] * second[k]
    return ((a + b) + (c + d)) + ((e + f) + (g + h))


@njit(error_model="numpy")
def _link(
    days: Whole, c: Whole, has_flows: bool, sums: Sums, coefficient: Float64, inverse: Float64, work: Float64, linked: Float64
) -> None:
    """Σ of one currency's parts times the coefficients of their days, and of what was invested over capital."""
    gain, value, conversion, flow_start, x = sums.gain[c], sums.value[c], sums.conversion[c], sums.flow_start[c], sums.rate[c]
    for k in range(np.uint64(days)):
        work[k] = value[k] * x[k]
    linked[0] = _sum_of_products(days, work, inverse)
    for k in range(np.uint64(days)):
        work[k] = coefficient[k] * x[k]
    linked[1] = _sum_of_products(days, work, gain)
    for k in range(np.uint64(days)):
        work[k] = coefficient[k] * (x[k + np.uint64(1)] - x[k])
    linked[2] = _sum_of_products(days, work, value)
    linked[3] = _sum_of_products(days, work, gain)
    if has_flows:
        for k in range(np.uint64(days)):
            work[k] = flow_start[k + np.uint64(1)] * x[k + np.uint64(1)]
        linked[0] += _sum_of_products(days, work, inverse)
        linked[2] += _sum_of_products(days, conversion[1:], coefficient)


@njit(error_model="numpy")
def _place_rounding(p: Whole, days: Whole, present: Int64, sums: Sums, rest: float, effects: Float64) -> None:
    """Give what rounding to the cent moved to the currency most was invested in: to fx if it moved only by its rate, else to local."""
    best = present[0]
    for c in present:
        if effects[p, c, 0] > effects[p, best, 0]:
            best = c
    gain, value, x = sums.gain[best], sums.value[best], sums.rate[best]
    stood_still, moved = True, False
    for k in range(days):
        stood_still &= abs(gain[k]) <= _NOTHING * (1.0 + abs(value[k]))
        moved |= x[k] != x[k + 1]
    effects[p, best, 2 if stood_still and moved else 1] += rest


@njit(error_model="numpy")
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
    total, shown, capital, coefficient, inverse, work = day.total, day.shown, day.capital, day.coefficient, day.inverse, day.work
    total[:days] = 0.0
    for c in present:
        _gain(days, sums.value[c], sums.flow[c], sums.gain[c])
        _add_total(days, sums.gain[c], sums.value[c], sums.rate[c], sums.conversion[c], total)
    _show(p, count, at, values, lo, with_cash, capital, shown)
    if not with_cash:
        for c in present:
            _show_securities(days, c, sums, capital, shown)
    worked, growth = _coefficients(days, shown, capital, coefficient, inverse)
    if worked < 0:
        outcome.status[p] = ALL_LOST
        return
    outcome.observations[p] = worked
    for k in range(days):
        if capital[k] <= 0:
            outcome.broken[p, lo + at[k + 1]] = capital[k] < 0 or shown[k] != 0
    if worked == 0 or present.size == 0:
        return
    for c in present:
        _link(days, c, has_flows, sums, coefficient, inverse, work, effects[p, c])
        effects[p, c, 0] /= worked
    for k in range(np.uint64(days)):
        work[k] = shown[k] - total[k]
    _place_rounding(p, days, present, sums, _sum_of_products(days, work, coefficient), effects)
    effects[p, :, 1:] *= np.expm1(growth) / growth if growth != 0 else 1.0


@njit(error_model="numpy")
def _clear(present: Int64, has_flows: bool, sums: Sums) -> None:
    """Leave the sums as zero as they were found."""
    for c in present:
        sums.value[c, :] = 0.0
        if has_flows:
            sums.flow[c, :] = 0.0
            sums.flow_start[c, :] = 0.0
            sums.conversion[c, :] = 0.0


@njit(error_model="numpy")
def _attribute_block(
    held: Holdings, flows: Flows, splits: Splits, market: Market, values: Values, lo: Whole, hi: Whole, with_cash: bool, outcome: Outcome
) -> None:
    bases, currencies, size = np.shape(market.rate)[0], np.shape(market.rate)[1], hi - lo
    shape = (currencies, size)
    sums = Sums(np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape))
    day = Days(np.zeros(size), np.zeros(size), np.zeros(size), np.zeros(size), np.zeros(size), np.zeros(size))
    at, slot, used = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64), np.zeros(currencies, dtype=np.bool_)
    lacks = np.zeros((bases, currencies), dtype=np.bool_)
    for row in range(bases):
        for column in range(currencies):
            lacks[row, column] = (market.whole[row, column, lo:hi] == NO_RATE).any()
    for p in range(len(held.offsets) - 1):
        base = market.base[p]
        count = valued_days(values.valued[p, lo:hi], at, slot)
        if count > 0:
            outcome.opened[p], outcome.closed[p] = lo + at[0], lo + at[count - 1]
        if count < 2:
            outcome.status[p], outcome.observations[p] = TOO_SHORT, count
            continue
        used[:] = False
        add_holdings(p, held, market, lo, with_cash, sums, used)
        has_flows = add_flows(p, flows, splits, market, lo, at, slot, with_cash, sums, used)
        present = np.flatnonzero(used)
        for c in present:
            _keep_valued(c, count, at, market.rate[base, c, lo:hi], sums)
            missing = _first_missing(c, count, at, market.whole[base, c, lo:hi], sums) if lacks[base, c] else -1
            if missing >= 0 and outcome.status[p] == DONE:
                outcome.status[p], outcome.lacking[p, 0], outcome.lacking[p, 1] = LACKS_RATE, c, lo + missing
        if outcome.status[p] == DONE:
            _attribute(p, count, lo, at, present, values, with_cash, has_flows, sums, day, outcome)
        _clear(present, has_flows, sums)


@njit(cache=True, error_model="numpy")
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
