"""Internal rates: one root, several, none, and the values around them."""

from datetime import date

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dawsos.compute.returns import NotComputable, irr, mirr, nfv, npv, xfv, xirr, xnfv, xnpv
from dawsos.compute.returns.roots import internal_rate
from dawsos.kernel.errors import Invalid

START = date(2023, 1, 1)


def day(number):
    return date.fromordinal(START.toordinal() + number)


def test_contributions_and_a_closing_value_have_one_rate():
    found = xirr([day(0), day(100), day(365)], [-100_000, -10_000, 118_000])
    assert found.rate == pytest.approx(0.0746350, abs=5e-8)
    assert found.roots == (found.rate,)
    assert not found.is_ambiguous


def test_flows_may_come_in_any_order_and_either_sign():
    dates, amounts = [day(365), day(0), day(100)], [118_000, -100_000, -10_000]
    forward = xirr([day(0), day(100), day(365)], [-100_000, -10_000, 118_000]).rate
    assert xirr(dates, amounts).rate == forward
    assert xirr(dates, [-amount for amount in amounts]).rate == pytest.approx(forward, abs=1e-15)


def test_a_borrower_has_the_rate_of_the_lender():
    assert irr([100, -60, -55]).rate == pytest.approx(irr([-100, 60, 55]).rate, abs=1e-15)


def test_amounts_of_one_day_are_added():
    assert xirr([day(0), day(0), day(365)], [-60, -40, 110]).rate == pytest.approx(0.1, abs=1e-14)


def test_money_back_is_a_rate_of_zero():
    assert xirr([day(0), day(50), day(400)], [-100, 40, 60]).rate == 0.0


@pytest.mark.parametrize(("closing", "expected"), [(0.01, 1e-4), (1e-9, 1e-11), (1e-14, 1e-16)])
def test_rates_near_a_total_loss_keep_their_digits(closing, expected):
    found = xirr([day(0), day(365)], [-100, closing])
    assert 1 + found.rate == pytest.approx(expected, rel=1e-5, abs=2e-16)


def test_a_fortune_within_a_day_is_a_rate_without_being_taken_for_ambiguous():
    assert xirr([day(0), day(1)], [-100, 110]).rate == pytest.approx(1.1**365 - 1, rel=1e-10)


@pytest.mark.parametrize(
    ("values", "roots"),
    [
        ([-39_800, 63_800, -12_800], (-0.764890107747, 0.367905183138)),
        ([-2_000, 10_000, -10_000], (0.381966011250, 2.618033988750)),
        ([-5, 10.5, 1, -8, 1], (-0.870201247, 0.088598339, 0.709559528)),
    ],
)
def test_every_root_is_found_and_the_nearest_to_no_growth_is_given(values, roots):
    found = irr(values)
    assert found.roots == pytest.approx(roots, abs=1e-9)
    assert found.is_ambiguous
    assert found.rate == min(found.roots, key=lambda root: abs(np.log1p(root)))


def test_roots_that_touch_are_one_root():
    found = irr([-1.0, 2.2, -1.21])  # −(1 − 1.1/(1 + r))²
    assert found.roots == pytest.approx((0.1,), abs=1e-7)
    assert not found.is_ambiguous


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([1000, -3000, 2500], "a rate that makes the present value zero"),
        ([5, 6], "amounts of both signs"),
        ([-5], "amounts of both signs"),
        ([0, 0], "an amount other than zero: needs 1, has 0"),
    ],
)
def test_no_root_says_why(values, words):
    found = irr(values)
    assert (found.rate, found.roots, str(found.missing)) == (None, (), words)


def test_a_rate_beyond_what_a_float_holds_is_no_rate():
    found = internal_rate(np.array([0.0, 1e-3]), np.array([-1.0, 10.0]))
    assert found.rate is None


def test_day_counts_give_different_rates():
    dates, amounts = [date(2007, 1, 12), date(2008, 2, 14), date(2008, 12, 1)], [-10_000, 5_500, 6_000]
    rates = {name: xirr(dates, amounts, day_count=name).rate for name in ("Act/365F", "Act/360", "30/360")}
    assert len(set(rates.values())) == 3
    assert np.log1p(rates["Act/360"]) == pytest.approx(np.log1p(rates["Act/365F"]) * 360 / 365, rel=1e-10)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 3650), st.floats(-1e6, 1e6).filter(lambda amount: abs(amount) > 1)), min_size=1, max_size=24),
    st.floats(-1e6, -1),
)
def test_every_rate_found_makes_the_present_value_zero(flows, first):
    dates, amounts = [day(0), *(day(number) for number, _ in flows)], [first, *(amount for _, amount in flows)]
    for root in xirr(dates, amounts).roots:
        assume(-0.9999 < root < 1e3)
        terms = [abs(amount) / (1 + root) ** ((when - START).days / 365) for when, amount in zip(dates, amounts, strict=True)]
        assert abs(xnpv(root, dates, amounts)) <= 1e-9 * sum(terms)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(4, 60), min_size=1, max_size=5, unique=True))
def test_amounts_built_from_rates_have_those_rates(twentieths):
    growths = sorted(number / 20 for number in twentieths)
    assert irr(np.poly(growths)).roots == pytest.approx([growth - 1 for growth in growths], rel=1e-6, abs=1e-7)


@settings(deadline=None)
@given(st.floats(-0.9, 5), st.floats(0.01, 100))
def test_scaling_all_amounts_leaves_the_rate(rate, unit):
    dates, amounts = [day(0), day(200), day(730)], np.array([-100.0, -20.0, 120.0 * (1 + rate) ** 2])
    assert xirr(dates, amounts * unit).rate == pytest.approx(xirr(dates, amounts).rate, rel=1e-9, abs=1e-12)


def test_present_and_future_values():
    dates, amounts = [day(0), day(365)], [-100, 121]
    assert xnpv(0.1, dates, amounts) == pytest.approx(10)
    assert xnfv(0.1, dates, amounts) == pytest.approx(11)
    assert npv(0.1, [-100, 121]) == pytest.approx(10)
    assert npv(0.1, [-100, 121], first_period=1) == pytest.approx(10 / 1.1)
    assert nfv(0.1, [-100, 121]) == pytest.approx(11)
    assert xfv(day(0), day(365), day(730), 0.1, 0.2, 110) == pytest.approx(144)


def test_reinvested_inflows_over_financed_outflows():
    assert mirr([-120_000, 39_000, 30_000, 21_000, 37_000, 46_000], 0.10, 0.12) == pytest.approx(0.126094, abs=5e-7)
    assert mirr([1, 2], 0.1, 0.1) == NotComputable("amounts of both signs")


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (lambda: xnpv(-1.0, [day(0)], [1]), "leaves nothing to discount"),
        (lambda: npv(-1.5, [1]), "leaves nothing to discount"),
        (lambda: xirr([], []), "need dates"),
        (lambda: xirr([day(0)], [1, 2]), "1 dates and 2 amounts"),
        (lambda: xirr([day(0), day(1)], [1, np.nan]), "2 dates and 2 amounts"),
        (lambda: irr([]), "one list of known numbers"),
        (lambda: irr([[1, 2]]), "one list of known numbers"),
    ],
)
def test_what_cannot_be_understood_is_refused(bad, words):
    with pytest.raises(Invalid, match=words):
        bad()
