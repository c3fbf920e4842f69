"""Machine code that rounds products to the cent with certainty: floating point where it cannot be wrong, whole numbers near a tie.

A value in cents is computed as a float64 product *v* of correctly rounded factors with a relative error below 2⁻⁵⁰. So unless the fraction
of *v* lies within |v|·2⁻⁴⁹ of one half, rounding *v* is rounding the exact product. The few cases inside that band are decided by the
exact distance from the tie, quantity × price × rate − (k + ½) cents in whole units of 1e-24, taken modulo 2⁶⁴: the band says that the
true distance is small, so the remainder *is* the distance. What even this cannot decide (a rate that is no multiple of 1e-8, a value in
the billions beside a tie) is reported, for the caller to decide with decimals.
"""

from typing import Any, Final, TypeAlias

import numpy as np

from dawsos.compute.compiling import njit_for_kernels

#: A number of whatever whole type the compiler finds at the call.
Whole: TypeAlias = Any
#: Relative half width of the band around a tie in which the float product is not trusted.
BAND: Final = 2.0**-49
#: Sums of whole numbers in float64 are exact while they stay below this.
EXACT_BELOW: Final = 2.0**53
#: A price that is missing; no price is negative.
MISSING: Final = -1
#: Among whole rates (steps of 1e-8): one, a rate that has more than eight decimals, and one that is missing.
PAR: Final = 100_000_000
LONG: Final = 0
NO_RATE: Final = -1

_HALF_CENT_AT_PAR = np.uint64(5 * 10**13)
_LARGEST_DISTANCE = 2.0**62
#: Half a cent in units of 1e-24, modulo 2⁶⁴, and for cash in units of 1e-10; and the values in cents below which the distance from a
#: tie fits 62 bits at that scale.
HALF_CENT: Final = np.uint64(5 * 10**21 % 2**64)
HALF_CENT_OF_CASH: Final = np.uint64(5 * 10**7)
SETTLED_BELOW: Final = _LARGEST_DISTANCE / 1e22 / BAND
CASH_SETTLED_BELOW: Final = min(_LARGEST_DISTANCE / 1e8, 0.25) / BAND


@njit_for_kernels(cache=True)
def near_tie(value: float) -> bool:
    """Whether the rounding of ``value`` (cents) might not be that of the exact product."""
    return bool(abs(value - np.rint(value)) + abs(value) * BAND >= 0.5)


@njit_for_kernels(cache=True)
def settle(value: float, quantity: Whole, price: Whole, rate: Whole, is_cash: bool) -> tuple[np.int64, bool]:
    """``(cents, decided)`` of a value near a tie. ``quantity`` (1e-8, cash: cents), ``price`` (1e-8) and ``rate`` (1e-8) are whole."""
    if rate == LONG or abs(value) * BAND >= 0.25:
        return np.int64(0), False
    if is_cash:
        product, half, unit = np.uint64(quantity) * np.uint64(rate), HALF_CENT_OF_CASH, 1e8
    elif rate == PAR:
        product, half, unit = np.uint64(quantity) * np.uint64(price), _HALF_CENT_AT_PAR, 1e14
    else:
        product, half, unit = np.uint64(quantity) * np.uint64(price) * np.uint64(rate), HALF_CENT, 1e22
    if abs(value) * BAND * unit >= _LARGEST_DISTANCE:
        return np.int64(0), False
    lower = np.int64(np.floor(value))
    distance = np.int64(product - np.uint64(2 * lower + 1) * half)
    up = distance > 0 or (distance == 0 and lower % 2 != 0)
    return np.int64(lower + np.int64(up)), True


@njit_for_kernels(cache=True)
def security_cents(value: float, quantity: Whole, price: Whole, rate: Whole) -> tuple[np.int64, bool]:
    """``(cents, decided)`` of any value of a security: rounded where rounding is certain, else settled."""
    if near_tie(value):
        return settle(value, quantity, price, rate, False)  # noqa: FBT003 (machine code takes positions only)
    return np.int64(np.rint(value)), True


@njit_for_kernels(cache=True)
def cash_cents(value: float, amount: Whole, rate: Whole) -> tuple[np.int64, bool]:
    """``(cents, decided)`` of any amount of cash in cents."""
    if near_tie(value):
        return settle(value, amount, PAR, rate, True)  # noqa: FBT003 (as above)
    return np.int64(np.rint(value)), True
