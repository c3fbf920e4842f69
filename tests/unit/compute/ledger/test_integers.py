"""Whole-number arithmetic of the compiled code against Python's, which has no limit."""

from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dawsos.compute.ledger.integers import (
    OVERFLOW,
    currency_part,
    divided_product,
    ratio_order,
    rounded_product,
    signed_product,
    wide_product,
)

QUICK = settings(deadline=None, max_examples=100)


def bits(most: int, least: int = 0):
    return st.integers(1, most).flatmap(lambda size: st.integers(least, 2**size))


@QUICK
@given(a=st.integers(0, 2**63 - 1), b=st.integers(0, 2**63 - 1))
def test_a_wide_product_is_the_product(a, b):
    high, low = wide_product(a, b)
    assert (int(high) << 64) | int(low) == a * b


@QUICK
@given(a=bits(62), b=bits(62), c=bits(62, 1))
def test_quotient_and_remainder_are_exact_or_said_not_to_fit(a, b, c):
    quotient, rest = divided_product(a, b, c)
    if a * b // c < 2**63:
        assert (quotient, rest) == divmod(a * b, c)
    else:
        assert quotient == OVERFLOW


@QUICK
@given(a=bits(62), b=bits(62), c=bits(62, 1))
def test_rounding_is_half_to_even(a, b, c):
    assume(a * b // c < 2**62)
    assert rounded_product(a, b, c) == round(Fraction(a * b, c))
    assert signed_product(-a, b, c) == -round(Fraction(a * b, c))


@QUICK
@given(half=st.integers(0, 2**40), divisor=st.integers(1, 2**20))
def test_exact_halves_go_to_the_even_neighbour(half, divisor):
    assert rounded_product(2 * half + 1, divisor, 2 * divisor) == round(Fraction(2 * half + 1, 2))


def test_a_result_that_does_not_fit_is_marked():
    assert rounded_product(2**62, 2**62, 1) == OVERFLOW
    assert signed_product(-(2**62), 2**62, 1) == -(2**63)
    assert currency_part(2**62, 2**62, 1, 1) == -(2**63)


@QUICK
@given(a=bits(62), b=bits(62, 1), c=bits(62), d=bits(62, 1), same=st.booleans())
def test_ratios_compare_exactly(a, b, c, d, same):
    if same:
        c, d = a, b
    expected = (Fraction(a, b) > Fraction(c, d)) - (Fraction(a, b) < Fraction(c, d))
    assert ratio_order(a, b, c, d) == expected


@QUICK
@given(a=st.integers(1, 2**30), b=st.integers(1, 2**30), k=st.integers(1, 2**31))
def test_equal_ratios_in_other_terms_are_equal_and_a_unit_more_is_more(a, b, k):
    assert ratio_order(a * k, b * k, a, b) == 0
    assert ratio_order(a * k + 1, b * k, a, b) == 1


@QUICK
@given(
    proceeds=st.integers(-(2**50), 2**50),
    exit_rate=st.one_of(st.just(100_000_000), bits(40, 1)),
    cost=bits(50, 1),
    rate=bits(34, 1),
)
def test_the_currency_part_is_rounded_once(proceeds, exit_rate, cost, rate):
    cost_base = round(Fraction(cost * rate, 10**8))
    assume(abs(proceeds) * cost_base // cost < 2**62)
    expected = round(Fraction(proceeds * exit_rate, 10**8) - Fraction(proceeds * cost_base, cost))
    assert currency_part(proceeds, exit_rate, cost, cost_base) == expected


def test_the_currency_part_of_an_exact_half_goes_to_even():
    # 1 × 1.5 − 1 × 1/1 = 0.5 → 0; 3 × 1.5 − 3 × 1/1 = 1.5 → 2
    assert currency_part(1, 150_000_000, 1, 1) == 0
    assert currency_part(3, 150_000_000, 1, 1) == 2
    assert currency_part(-3, 150_000_000, 1, 1) == -2
