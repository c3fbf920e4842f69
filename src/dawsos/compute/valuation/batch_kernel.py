"""Machine code that values all positions of many portfolios at once."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from dawsos.compute.compiling import njit_for_kernels, njit_for_python
from dawsos.compute.ledger.segments import Float64, Int32, Int64
from dawsos.compute.valuation.history_kernel import note
from dawsos.compute.valuation.rounding_kernel import BAND, EXACT_BELOW, Whole, cash_cents, security_cents

UInt32: TypeAlias = npt.NDArray[np.uint32]
UInt64: TypeAlias = npt.NDArray[np.uint64]


@njit_for_kernels(cache=True, error_model="numpy")
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


@njit_for_kernels(cache=True, fastmath={"reassoc", "nsz"}, error_model="numpy")
def _sum_rounded(
    begin: Whole, end: Whole, row: Whole, security: UInt32, steps: Float64, unit_value: Float64, near: float
) -> tuple[float, int]:
    """The sum of the rounded values, and how many lie near a tie; whole numbers may be added in any order."""
    total, ties = 0.0, 0
    # Unsigned indices cannot be negative: without that branch the loop runs several positions at a time. Columns come whole, because
    # cutting them to a portfolio's part would cost as much as a dozen positions.
    for i in range(begin, end):
        value = steps[i] * unit_value[row, security[i]]
        rounded = np.rint(value)
        ties += abs(value - rounded) >= near
        total += rounded
    return total, ties


@njit_for_python(cache=True, error_model="numpy")
def value_portfolios(
    offsets: UInt64,
    base: Int32,
    security: UInt32,
    quantity: Int64,
    steps: Float64,
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

    ``steps`` is ``quantity`` as float64. ``largest`` is each portfolio's largest quantity and ``highest`` each base currency's highest unit
    value: their product bounds every value of the portfolio, and so the band around a tie; its few false alarms cost less than a band per
    position. Whole cents are added as float64, which is exact below 2⁵³; a portfolio that might reach that is summed in whole numbers.
    """
    count = 0
    for p in range(values.size):
        most, held = largest[p] * highest[base[p]], np.float64(offsets[p + 1] - offsets[p])
        total, ties = _sum_rounded(offsets[p], offsets[p + 1], np.uint64(base[p]), security, steps, unit_value, 0.5 - most * BAND)
        values[p] = np.int64(total)
        if ties > 0 or (most + 1.0) * held >= EXACT_BELOW:
            values[p], count = _sum_exactly(
                offsets[p], offsets[p + 1], base[p], security, quantity, unit_value, close, currency, whole, undecided, count
            )
    return count


@njit_for_python(cache=True, error_model="numpy")
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
