"""Machine code that relates the gains of a portfolio to its capital and links its days.

Sums are kept in ``LANES`` places, of which place *i* takes the days *i*, *i* + LANES, …, and are folded in halves at the end: an order that
no processor changes, in which several days are added at a time. Columns of days are filled up with zeros to a multiple of LANES. Tables are
taken whole, with the currency as an index: handing on their rows one by one would cost more than some of the loops.
"""

from typing import Any, Final

import numpy as np
from numba import njit

from dawsos.compute.attribution.block_columns import Days, Sums
from dawsos.compute.ledger.segments import Float64
from dawsos.compute.valuation.rounding_kernel import Whole

LANES: Final = 32
_CENTS: Final = 100.0
#: Up to this return ln(1 + r) / r is summed as a series, several days at a time; its first neglected term is below 2⁻⁶⁰.
_SMALL: Final = 2.0**-5
#: What :func:`link` adds up: what was invested, local, fx and interaction.
_PARTS: Final = 4


@njit(error_model="numpy")
def padded(days: int) -> int:
    """The days, filled up to whole blocks of lanes."""
    return (days + LANES - 1) // LANES * LANES


@njit(error_model="numpy")
def _folded(lanes: Float64, first: Whole) -> float:
    """The sum of the lanes from ``first`` on."""
    half = np.uint64(LANES // 2)
    while half > 0:
        for lane in range(half):
            lanes[np.uint64(first) + lane] += lanes[np.uint64(first) + half + lane]
        half //= np.uint64(2)
    return float(lanes[first])


@njit(error_model="numpy")
def sum_of_products(days: Whole, first: Float64, second: Float64, lanes: Float64) -> float:
    """Σ first × second."""
    for lane in range(np.uint64(LANES)):
        lanes[lane] = 0.0
    for start in range(np.uint64(0), np.uint64(padded(days)), np.uint64(LANES)):
        for lane in range(np.uint64(LANES)):
            lanes[lane] += first[start + lane] * second[start + lane]
    return _folded(lanes, 0)


@njit(error_model="numpy")
def coefficients(
    days: Whole, shown: Float64, capital: Float64, coefficient: Float64, inverse: Float64, lanes: Float64
) -> tuple[Whole, float]:
    """Carino's k over the capital of each day, 0 without capital; the number of days at work (−1: one lost everything), Σ ln(1 + r).

    Capital and gains are in cents, coefficients per cent.
    """
    worked, large = 0, 0
    for k in range(np.uint64(days)):
        inverse[k] = 1.0 / capital[k] if capital[k] > 0 else 0.0
    for k in range(np.uint64(days)):
        r = shown[k] * inverse[k]
        low = 1 / 7 - r * (1 / 8 - r * (1 / 9 - r * (1 / 10 - r * (1 / 11 - r * (1 / 12)))))
        coefficient[k] = (1.0 - r * (1 / 2 - r * (1 / 3 - r * (1 / 4 - r * (1 / 5 - r * (1 / 6 - r * low)))))) * inverse[k]
        large += abs(r) > _SMALL
        worked += inverse[k] != 0.0
    if large > 0:
        for k in range(days):
            r = shown[k] * inverse[k]
            if capital[k] > 0 and shown[k] <= -capital[k]:
                return -1, 0.0
            if r != 0:
                coefficient[k] = np.log1p(r) / r * inverse[k]
    for k in range(np.uint64(days), np.uint64(padded(days))):
        coefficient[k], inverse[k], shown[k] = 0.0, 0.0, 0.0
    return worked, sum_of_products(days, coefficient, shown, lanes)


@njit(error_model="numpy")
def link(
    days: Whole, portfolio: Whole, currency: Whole, has_flows: bool, value: Float64, flow: Float64, rate: Float64, move: Float64,
    coefficient: Float64, inverse: Float64, lanes: Float64, effects: Any,
) -> None:  # fmt: skip
    """Σ of one currency's parts times the coefficients of their days, and of what was invested over capital.

    Of a day's gain in own currency, V₁ − V₀ − flows, local is gain × x₀ and interaction gain × (x₁ − x₀); fx is V₀ × (x₁ − x₀).
    """
    p, c, one = np.uint64(portfolio), np.uint64(currency), np.uint64(1)
    for lane in range(np.uint64(_PARTS * LANES)):
        lanes[lane] = 0.0
    for start in range(np.uint64(0), np.uint64(padded(days)), np.uint64(LANES)):
        for lane in range(np.uint64(LANES)):
            k = start + lane
            at_start, moved = coefficient[k] * rate[c, k], coefficient[k] * move[c, k]
            gain = value[c, k + one] - value[c, k]
            if has_flows:
                gain -= flow[c, k + one]
            lanes[lane] += value[c, k] * rate[c, k] * inverse[k]
            lanes[lane + np.uint64(LANES)] += at_start * gain
            lanes[lane + np.uint64(2 * LANES)] += moved * value[c, k]
            lanes[lane + np.uint64(3 * LANES)] += moved * gain
    for part in range(np.uint64(_PARTS)):
        effects[p, c, part] = _folded(lanes, part * np.uint64(LANES)) * _CENTS


@njit(error_model="numpy")
def link_flows(days: Whole, p: Whole, c: Whole, sums: Sums, day: Days, effects: Any) -> None:
    """What flows at the start of the day add to what was invested, and conversions to fx."""
    flow_start, rate, conversion = sums.flow_start, sums.rate, sums.conversion
    for k in range(days):
        day.work[k] = flow_start[c, k + 1] * rate[c, k + 1]
    for k in range(days, padded(days)):
        day.work[k] = 0.0
    effects[p, c, 0] += sum_of_products(days, day.work, day.inverse, day.lanes) * _CENTS
    for k in range(days):
        day.work[k] = conversion[c, k + 1]
    effects[p, c, 2] += sum_of_products(days, day.work, day.coefficient, day.lanes) * _CENTS
