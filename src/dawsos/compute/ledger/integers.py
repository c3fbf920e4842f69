"""Exact whole-number arithmetic for compiled code: products of 128 bits divided and rounded half to even."""

import math
from typing import Any, Final, TypeAlias

import numpy as np
from numba import njit

#: A whole number of 64 bits; the compiler tells signed from unsigned, which the type checker cannot.
Whole: TypeAlias = Any

#: Marks a result that does not fit into 63 bits.
OVERFLOW: Final = -1
RATE_STEPS: Final = 100_000_000
_QUOTIENT_LIMIT: Final = 2.0**51
_DIVISOR_LIMIT: Final = 2**61
_LOW: Final = np.uint64(0xFFFF_FFFF)
_HALF: Final = np.uint64(32)
_ONE: Final = np.uint64(1)


@njit(cache=True, error_model="numpy")
def wide_product(a: Whole, b: Whole) -> tuple[Whole, Whole]:
    """The product of two numbers of up to 64 bits as (high, low) words of 64 bits."""
    left, right = np.uint64(a), np.uint64(b)
    a_high, a_low, b_high, b_low = left >> _HALF, left & _LOW, right >> _HALF, right & _LOW
    low = a_low * b_low
    middle = a_high * b_low + (low >> _HALF)
    cross = a_low * b_high + (middle & _LOW)
    return a_high * b_high + (middle >> _HALF) + (cross >> _HALF), (cross << _HALF) | (low & _LOW)


@njit(cache=True, error_model="numpy")
def _long_division(a: Whole, b: Whole, c: Whole) -> tuple[Whole, Whole]:
    high, low = wide_product(a, b)
    divisor = np.uint64(c)
    if high >= divisor:
        return np.int64(OVERFLOW), np.int64(0)
    quotient, rest = np.uint64(0), high
    for bit in range(63, -1, -1):
        rest = (rest << _ONE) | ((low >> np.uint64(bit)) & _ONE)
        quotient <<= _ONE
        if rest >= divisor:
            rest -= divisor
            quotient |= _ONE
    if quotient >> np.uint64(63):
        return np.int64(OVERFLOW), np.int64(0)
    return np.int64(quotient), np.int64(rest)


@njit(cache=True, error_model="numpy")
def divided_product(a: Whole, b: Whole, c: Whole) -> tuple[Whole, Whole]:
    """(floor(a × b / c), remainder) for ``a, b ≥ 0 < c``, all below 2**63; quotient OVERFLOW if it does not fit.

    A float quotient below 2**51 is off by less than three, so the true remainder lies within ±4c and survives 64-bit wrap-around:
    two multiplications and a division replace the division of 128 bits. Anything larger takes the long way.
    """
    estimate = np.float64(a) * np.float64(b) / np.float64(c)
    if estimate >= _QUOTIENT_LIMIT or c >= _DIVISOR_LIMIT:
        return _long_division(a, b, c)
    quotient = np.int64(estimate)
    rest = a * b - quotient * c
    while rest < 0:
        quotient -= 1
        rest += c
    while rest >= c:
        quotient += 1
        rest -= c
    return quotient, rest


@njit(cache=True, error_model="numpy")
def rounded_product(a: Whole, b: Whole, c: Whole) -> Whole:
    """``a × b / c`` rounded half to even, under the conditions of :func:`divided_product`."""
    estimate = np.float64(a) * np.float64(b) / np.float64(c)
    if estimate < _QUOTIENT_LIMIT and c < _DIVISOR_LIMIT:
        quotient = np.int64(estimate + 0.5)
        rest = a * b - quotient * c
        half = c >> 1
        if -half < rest < half:  # the nearest whole number, beyond doubt
            return quotient
    quotient, rest = divided_product(a, b, c)
    twice = rest - (c - rest)
    if quotient >= 0 and (twice > 0 or (twice == 0 and quotient & 1)):
        quotient += 1
    return quotient


@njit(cache=True, error_model="numpy")
def signed_product(a: Whole, b: Whole, c: Whole) -> Whole:
    """:func:`rounded_product` for ``a`` of either sign; the magnitude must fit, else the result is the smallest integer."""
    estimate = np.float64(a) * np.float64(b) / np.float64(c)
    if abs(estimate) < _QUOTIENT_LIMIT and c < _DIVISOR_LIMIT:
        quotient = np.int64(estimate + math.copysign(0.5, estimate))
        rest, half = a * b - quotient * c, c >> 1
        if -half < rest < half:
            return quotient
    magnitude = rounded_product(abs(a), b, c)
    if magnitude < 0:
        return np.int64(-(2**63))
    return -magnitude if a < 0 else magnitude


@njit(cache=True, error_model="numpy")
def ratio_order(a: Whole, b: Whole, c: Whole, d: Whole) -> Whole:
    """1, 0 or −1 as ``a / b`` is above, equal to or below ``c / d``, exactly, for ``a, c ≥ 0 < b, d``."""
    left, right = np.float64(a) * np.float64(d), np.float64(c) * np.float64(b)
    margin = (left + right) * 1e-14
    if left - right > margin:
        return 1
    if right - left > margin:
        return -1
    high_left, low_left = wide_product(a, d)
    high_right, low_right = wide_product(c, b)
    if high_left != high_right:
        return 1 if high_left > high_right else -1
    if low_left != low_right:
        return 1 if low_left > low_right else -1
    return 0


@njit(cache=True, error_model="numpy")
def currency_part(proceeds: Whole, exit_rate: Whole, cost: Whole, cost_base: Whole) -> Whole:
    """round(proceeds × exit_rate − proceeds × cost_base / cost), half to even, in cents; ``exit_rate`` in 1e-8, ``cost`` above 0.

    Both products are split into a whole part and a fraction of their own divisor; only the difference of the fractions has to be
    compared with one half, in whole numbers, so the result is the one rounding of the exact value.
    """
    size = abs(proceeds)
    whole_exit, rest_exit = divided_product(size, exit_rate, np.int64(RATE_STEPS))
    whole_entry, rest_entry = divided_product(size, cost_base, cost)
    if whole_exit < 0 or whole_entry < 0:
        return np.int64(-(2**63))
    whole = whole_exit - whole_entry
    # rest_exit / 1e8 − rest_entry / cost lies in (−1, 1); make it a fraction in [0, 1) of the common divisor 1e8 × cost.
    left_high, left_low = wide_product(rest_exit, cost)
    right_high, right_low = wide_product(rest_entry, RATE_STEPS)
    divisor_high, divisor_low = wide_product(RATE_STEPS, cost)
    if left_high < right_high or (left_high == right_high and left_low < right_low):
        whole -= 1
        left_low += divisor_low
        left_high += divisor_high + np.uint64(left_low < divisor_low)
    low = left_low - right_low
    high = left_high - right_high - np.uint64(left_low < right_low)
    double_high, double_low = (high << _ONE) | (low >> np.uint64(63)), low << _ONE
    if double_high != divisor_high or double_low != divisor_low:
        goes_up = double_high > divisor_high or (double_high == divisor_high and double_low > divisor_low)
    else:
        goes_up = bool(whole & 1)
    if goes_up:
        whole += 1
    return -whole if proceeds < 0 else whole


@njit(cache=True, error_model="numpy")
def rounded_products(a: Whole, b: Whole, c: Whole) -> Whole:
    """:func:`rounded_product` of every pair of two arrays with one divisor."""
    result = np.empty(len(a), dtype=np.int64)
    for index in range(len(a)):
        result[index] = rounded_product(a[index], b[index], c)
    return result
