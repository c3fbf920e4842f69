"""Machine code of currency attribution: the gains of each currency divided, related to capital and linked.

The parts of a gain are linear in the instruments of one currency, so only currencies are left to attribute once values and flows are
added up. All sums are taken in a fixed order: a portfolio's figures depend neither on its neighbours nor on the processor.
"""

from typing import Final

import numpy as np
from numba import njit

from dawsos.compute.attribution.block_columns import Days, Flows, Holdings, Market, Outcome, Parts, Splits, Sums, Values
from dawsos.compute.attribution.sums_kernel import add_flows, add_holdings, valued_days
from dawsos.compute.ledger.segments import Bool, Float64, Int64
from dawsos.compute.valuation.rounding_kernel import NO_RATE, Whole

#: What became of a portfolio.
DONE: Final = 0
TOO_SHORT: Final = 1
LACKS_RATE: Final = 2
ALL_LOST: Final = 3

_CENTS: Final = 100.0
#: Up to this return ln(1 + r) / r is summed as a series, several days at a time; its first neglected term is below 2⁻⁶⁰.
_SMALL: Final = 2.0**-5


@njit(cache=True, error_model="numpy")
def _keep_valued(c: Whole, p: Whole, count: Whole, lo: Whole, at: Int64, market: Market, sums: Sums) -> None:
    """Move the values of valued days to the front, and put the rates of those days beside them."""
    for k in range(count):
        sums.value[c, k], sums.cash[c, k] = sums.value[c, at[k]], sums.cash[c, at[k]]
        sums.rate[c, k] = market.rate[market.base[p], c, lo + at[k]]


@njit(cache=True, error_model="numpy")
def _first_missing(c: Whole, p: Whole, count: Whole, lo: Whole, at: Int64, market: Market, sums: Sums) -> Whole:
    """The valuation without a rate at an end of a day on which something of the currency was held or moved; −1 when there is none."""
    whole = market.whole[market.base[p], c]
    for k in range(1, count):
        for valuation in (lo + at[k - 1], lo + at[k]):
            if whole[valuation] == NO_RATE and (
                sums.value[c, k - 1] != 0
                or sums.value[c, k] != 0
                or sums.cash[c, k - 1] != 0
                or sums.cash[c, k] != 0
                or sums.flow[c, k] != 0
                or sums.cash_flow[c, k] != 0
            ):
                return valuation
    return -1


@njit(cache=True, error_model="numpy")
def _divide(
    days: Whole, value: Float64, cash: Int64, flow: Float64, cash_flow: Int64, flow_start: Float64, x: Float64, conversion: Float64,
    local: Float64, fx: Float64, interaction: Float64, invested: Float64, only_fx: Bool, total: Float64,
) -> None:  # fmt: skip
    """The parts of one currency's gain on every day; day k is from valuation k to k + 1."""
    for k in range(np.uint64(days)):
        n = k + np.uint64(1)
        gain = value[n] - value[k] - flow[n] + (cash[n] - cash[k] - cash_flow[n]) / _CENTS
        opening, move = value[k] + cash[k] / _CENTS, x[n] - x[k]
        local[k], fx[k], interaction[k] = gain * x[k], opening * move + conversion[n], gain * move
        invested[k] = opening * x[k] + flow_start[n] * x[n]
        only_fx[k] = (gain == 0) & (move != 0)
        total[k] += gain * x[n] + opening * move + conversion[n]


@njit(cache=True, error_model="numpy")
def _show(
    p: Whole, days: Whole, lo: Whole, at: Int64, present: Int64, values: Values, with_cash: bool, sums: Sums, parts: Parts, day: Days
) -> None:
    """Capital at work and the gain by the values as they are shown: V₋₁ + F and V − V₋₁ − F, for securities their own purchases."""
    for k in range(days):
        before, after = lo + at[k], lo + at[k + 1]
        gained = values.value[p, after] - values.value[p, before]
        if with_cash:
            came = values.external_flow[p, after]
            day.capital[k], day.shown[k] = (values.value[p, before] + came) / _CENTS, (gained - came) / _CENTS
        else:
            day.capital[k], day.shown[k] = 0.0, gained / _CENTS
            for c in present:
                day.capital[k] += parts.invested[c, k]
                day.shown[k] -= sums.flow[c, k + 1] * sums.rate[c, k + 1]


@njit(cache=True, error_model="numpy")
def _place_rounding(days: Whole, present: Int64, parts: Parts, day: Days) -> None:
    """Give the fraction of a cent between the shown gain and the sum of the parts to the currency that most is invested in."""
    for k in range(days):
        best = present[0]
        for c in present:
            if abs(parts.invested[c, k]) > abs(parts.invested[best, k]):
                best = c
        target = parts.fx if parts.only_fx[best, k] else parts.local
        target[best, k] += day.shown[k] - day.total[k]
        day.total[k] = day.shown[k]


@njit(cache=True, error_model="numpy")
def _coefficients(days: Whole, total: Float64, capital: Float64, coefficient: Float64) -> tuple[Whole, float]:
    """Carino's k over the capital of each day, 0 without capital; the number of days at work (−1: one lost everything), Σ ln(1 + r)."""
    largest = 0.0
    for k in range(np.uint64(days)):
        at_work = capital[k] > 0
        r = total[k] / capital[k] if at_work else 0.0
        largest = max(largest, abs(r))
        series = 1 / 12
        for power in range(11, 0, -1):
            series = 1 / power - r * series
        coefficient[k] = series / capital[k] if at_work else 0.0
    count, growth = 0, 0.0
    for k in range(days):
        if capital[k] > 0:
            count += 1
            r = total[k] / capital[k]
            if r <= -1.0:
                return -1, 0.0
            if largest > _SMALL and r != 0:
                coefficient[k] = np.log1p(r) / r / capital[k]
            growth += coefficient[k] * total[k]
    return count, growth


@njit(cache=True, error_model="numpy")
def _dot(days: Whole, first: Float64, second: Float64) -> float:
    """Σ first × second in four interleaved sums, an order that no processor changes."""
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    even = days - days % 4
    for k in range(np.uint64(0), np.uint64(even), np.uint64(4)):
        a += first[k] * second[k]
        b += first[k + np.uint64(1)] * second[k + np.uint64(1)]
        c += first[k + np.uint64(2)] * second[k + np.uint64(2)]
        d += first[k + np.uint64(3)] * second[k + np.uint64(3)]
    for k in range(even, days):
        a += first[k] * second[k]
    return (a + b) + (c + d)


@njit(cache=True, error_model="numpy")
def _link(p: Whole, days: Whole, lo: Whole, at: Int64, present: Int64, parts: Parts, day: Days, outcome: Outcome) -> None:
    """Linked parts and average weight of every currency of portfolio ``p``."""
    count, growth = _coefficients(days, day.total, day.capital, day.coefficient)
    if count < 0:
        outcome.status[p] = ALL_LOST
        return
    outcome.observations[p] = count
    scale = np.expm1(growth) / growth if growth != 0 else 1.0
    for c in present:
        outcome.effects[p, c, 1] = _dot(days, parts.local[c], day.coefficient) * scale
        outcome.effects[p, c, 2] = _dot(days, parts.fx[c], day.coefficient) * scale
        outcome.effects[p, c, 3] = _dot(days, parts.interaction[c], day.coefficient) * scale
    for k in range(days):
        if day.capital[k] <= 0:
            outcome.broken[p, lo + at[k + 1]] = day.capital[k] < 0 or day.total[k] != 0
        day.coefficient[k] = 1 / day.capital[k] if day.capital[k] > 0 else 0.0
    for c in present:
        outcome.effects[p, c, 0] = _dot(days, parts.invested[c], day.coefficient) / max(count, 1)


@njit(cache=True, error_model="numpy")
def _attribute(
    p: Whole, count: Whole, lo: Whole, at: Int64, present: Int64, market: Market, values: Values, with_cash: bool, sums: Sums, parts: Parts,
    day: Days, outcome: Outcome,
) -> None:  # fmt: skip
    """One portfolio whose holdings and flows are added up."""
    days = count - 1
    day.total[:days] = 0.0
    for c in present:
        _keep_valued(c, p, count, lo, at, market, sums)
        missing = _first_missing(c, p, count, lo, at, market, sums)
        if missing >= 0:
            outcome.status[p], outcome.lacking[p, 0], outcome.lacking[p, 1] = LACKS_RATE, c, missing
            return
        _divide(
            days, sums.value[c], sums.cash[c], sums.flow[c], sums.cash_flow[c], sums.flow_start[c], sums.rate[c], sums.conversion[c],
            parts.local[c], parts.fx[c], parts.interaction[c], parts.invested[c], parts.only_fx[c], day.total,
        )  # fmt: skip
    _show(p, days, lo, at, present, values, with_cash, sums, parts, day)
    if present.size > 0:
        _place_rounding(days, present, parts, day)
    _link(p, days, lo, at, present, parts, day, outcome)


@njit(cache=True, error_model="numpy")
def attribute_block(
    held: Holdings, flows: Flows, splits: Splits, market: Market, values: Values, lo: Whole, hi: Whole, with_cash: bool, outcome: Outcome
) -> None:
    """Attribute every portfolio over the valuations ``lo`` … ``hi`` − 1; everything in ``outcome`` must come in zero."""
    shape = (market.rate.shape[1], hi - lo)
    value, flow, flow_start, conversion, rate = np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape)
    sums = Sums(value, np.zeros(shape, dtype=np.int64), flow, np.zeros(shape, dtype=np.int64), flow_start, conversion, rate)
    parts = Parts(np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=np.bool_))
    day = Days(np.zeros(shape[1]), np.zeros(shape[1]), np.zeros(shape[1]), np.zeros(shape[1]))
    at, slot, used = np.zeros(shape[1], dtype=np.int64), np.zeros(shape[1], dtype=np.int64), np.zeros(shape[0], dtype=np.bool_)
    for p in range(held.offsets.size - 1):
        count = valued_days(values.valued[p], lo, at, slot)
        if count == 0:
            outcome.status[p] = TOO_SHORT
            continue
        outcome.opened[p], outcome.closed[p] = lo + at[0], lo + at[count - 1]
        if count == 1:
            outcome.status[p], outcome.observations[p] = TOO_SHORT, 1
            continue
        used[:] = False
        add_holdings(p, held, market, lo, with_cash, sums, used)
        add_flows(p, flows, splits, market, lo, at, slot, with_cash, sums, used)
        present = np.flatnonzero(used)
        _attribute(p, count, lo, at, present, market, values, with_cash, sums, parts, day, outcome)
        for c in present:
            sums.value[c, :], sums.cash[c, :], sums.flow[c, :] = 0.0, 0, 0.0
            sums.cash_flow[c, :], sums.flow_start[c, :], sums.conversion[c, :] = 0, 0.0, 0.0
