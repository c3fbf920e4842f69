"""Machine code that values all positions of many portfolios at once."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from numba import njit

from dawsos.compute.ledger.segments import Float64, Int32, Int64
from dawsos.compute.valuation.history_kernel import note
from dawsos.compute.valuation.rounding_kernel import BAND, Whole, cash_cents, security_cents

UInt32: TypeAlias = npt.NDArray[np.uint32]
UInt64: TypeAlias = npt.NDArray[np.uint64]


@njit(cache=True, error_model="numpy")
def _sum_exactly(
    begin: Whole,
    end: Whole,
    base: Whole,
    security: UInt32,
    quantity: Int64,
    unit_value: Float64,
    close: Int64,
    currency: Int32,
    whole: Int64,
    undecided: Int64,
    count: Whole,
) -> tuple[np.int64, int]:
    """One portfolio, with positions near a tie decided by whole numbers."""
    total = np.int64(0)
    for i in range(begin, end):
        s = security[i]
        exact, decided = security_cents(quantity[i] * unit_value[base, s], quantity[i], close[s], whole[base, currency[s]])
        total += exact
        if not decided:
            count = note(undecided, count, i, 0, quantity[i])
    return total, count


@njit(cache=True, error_model="numpy")
def value_portfolios(
    offsets: UInt64,
    base: Int32,
    security: UInt32,
    quantity: Int64,
    largest: Float64,
    unit_value: Float64,
    highest: Float64,
    close: Int64,
    currency: Int32,
    whole: Int64,
    values: Int64,
    undecided: Int64,
) -> int:
    """Sum the rounded value of each portfolio's positions into ``values``; returns how many positions are left undecided.

    ``largest`` is each portfolio's largest quantity and ``highest`` each base currency's highest unit value: their product bounds every
    value of the portfolio, and so the band around a tie; its few false alarms cost less than a band per position.
    """
    count = 0
    for p in range(values.size):
        row, near = unit_value[base[p]], 0.5 - largest[p] * highest[base[p]] * BAND
        total, ties = np.int64(0), 0
        # Unsigned indices cannot be negative: without that branch the loop runs four positions at a time.
        for i in range(offsets[p], offsets[p + 1]):
            value = quantity[i] * row[security[i]]
            rounded = np.rint(value)
            ties += abs(value - rounded) >= near
            total += np.int64(rounded)
        if ties > 0:
            total, count = _sum_exactly(
                offsets[p], offsets[p + 1], base[p], security, quantity, unit_value, close, currency, whole, undecided, count
            )
        values[p] = total
    return count


@njit(cache=True, error_model="numpy")
def value_cash(
    offsets: UInt64, base: Int32, currency: Int32, amount: Int64, rate: Float64, whole: Int64, values: Int64, undecided: Int64
) -> int:
    """Sum the rounded value of each portfolio's cash accounts into ``values``; returns how many accounts are left undecided."""
    count = 0
    for p in range(values.size):
        total = np.int64(0)
        for i in range(offsets[p], offsets[p + 1]):
            b, c = base[p], currency[i]
            exact, decided = cash_cents(amount[i] * rate[b, c], amount[i], whole[b, c])
            total += exact
            if not decided:
                count = note(undecided, count, i, 0, amount[i])
        values[p] = total
    return count
