"""Bonds: what holds for every bond, and what is refused."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.fixed_income.bonds import (
    Bond,
    accrued_interest,
    clean_price,
    dirty_price,
    effective_convexity,
    effective_duration,
    price_change,
    price_of_payments,
    sensitivity,
    sensitivity_of_payments,
    yield_to_maturity,
)
from dawsos.compute.fixed_income.schedule import adjusted, coupon_dates, coupon_period
from dawsos.compute.returns.figures import NotComputable
from dawsos.kernel.errors import Invalid

DAY_COUNTS = st.sampled_from(["30/360", "30E/360", "Act/Act ISDA", "Act/360", "Act/365F"])
BONDS = st.builds(
    Bond,
    maturity=st.dates(date(2012, 1, 1), date(2050, 12, 31)),
    coupon=st.floats(0.0, 0.12),
    frequency=st.sampled_from([1, 2, 4, 12]),
    day_count=DAY_COUNTS,
)
SETTLEMENT = st.dates(date(2008, 1, 1), date(2011, 12, 31))
YIELDS = st.floats(-0.01, 0.2)


@settings(deadline=None)  # the first example imports the solver
@given(BONDS, SETTLEMENT, YIELDS)
def test_the_yield_of_a_price_is_the_yield_it_was_priced_at(bond, settlement, yield_):
    price = clean_price(bond, settlement, yield_)
    assert yield_to_maturity(bond, settlement, price) == pytest.approx(yield_, abs=1e-9)


@given(BONDS, SETTLEMENT, YIELDS)
def test_prices_fall_with_yields_and_an_array_gives_the_single_prices(bond, settlement, yield_):
    prices = dirty_price(bond, settlement, [yield_, yield_ + 0.01])
    assert prices[0] > prices[1]
    assert prices.tolist() == [dirty_price(bond, settlement, yield_), dirty_price(bond, settlement, yield_ + 0.01)]


@given(BONDS, SETTLEMENT, YIELDS)
def test_sensitivity_is_the_derivative_of_the_compounded_price(bond, settlement, yield_):
    found, step = sensitivity(bond, settlement, yield_), 1e-4
    lower, middle, higher = (dirty_price(bond, settlement, yield_ + move, last_period="compound") for move in (-step, 0, step))
    assert found.modified == pytest.approx(effective_duration(middle, lower, higher, step), rel=1e-4, abs=1e-6)
    assert found.convexity == pytest.approx(effective_convexity(middle, lower, higher, step), rel=1e-3, abs=1e-3)
    assert found.dv01 == pytest.approx((lower - higher) / 2, rel=1e-4)


@given(st.dates(date(2012, 1, 1), date(2050, 12, 31)), st.sampled_from([1, 2, 4]), st.floats(0.001, 0.15))
def test_a_bond_at_its_coupon_is_at_par_on_a_coupon_date(maturity, frequency, coupon):
    bond = Bond(maturity, coupon, frequency, day_count="Act/Act ISDA")
    settlement = coupon_dates(date(2008, 1, 1), maturity, frequency)[0]
    assert accrued_interest(bond, settlement) == 0.0
    assert clean_price(bond, settlement, coupon) == pytest.approx(100, abs=1e-9)


def test_a_zero_coupon_bond_has_its_life_as_duration():
    found = sensitivity(Bond(date(2018, 6, 30), 0.0, 1, day_count="30/360"), date(2008, 6, 30), 0.05)
    assert found.macaulay == pytest.approx(10, abs=1e-12)
    assert found.convexity == pytest.approx(10 * 11 / 1.05**2, abs=1e-9)


@given(SETTLEMENT, st.dates(date(2012, 1, 1), date(2030, 12, 31)), st.sampled_from([1, 2, 3, 4, 6, 12]), DAY_COUNTS)
def test_the_coupon_period_holds_the_settlement_and_all_coupons_lie_after_it(settlement, maturity, frequency, day_count):
    period, dates = coupon_period(settlement, maturity, frequency, day_count), coupon_dates(settlement, maturity, frequency)
    assert period.start <= settlement < period.end == dates[0]
    assert (len(dates), dates[-1]) == (period.coupons, maturity)
    assert list(dates) == sorted(dates)
    assert period.accrued >= 0


def test_coupons_of_a_month_end_fall_on_month_ends():
    assert coupon_dates(date(2007, 9, 1), date(2008, 8, 31), 4) == (
        date(2007, 11, 30), date(2008, 2, 29), date(2008, 5, 31), date(2008, 8, 31),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "moved"),
    [
        ("unadjusted", date(2026, 5, 31)),
        ("following", date(2026, 6, 1)),
        ("modified_following", date(2026, 5, 29)),
        ("preceding", date(2026, 5, 29)),
        ("modified_preceding", date(2026, 5, 29)),
    ],
)
def test_a_sunday_at_the_end_of_a_month(rule, moved):
    assert adjusted(date(2026, 5, 31), rule) == moved


def test_business_days_come_from_the_calendar_given():
    closed = {date(2026, 12, 25), date(2026, 12, 28)}
    assert adjusted(date(2026, 12, 25), "following", lambda day: day.isoweekday() < 6 and day not in closed) == date(2026, 12, 29)
    with pytest.raises(Invalid, match="No business day within 31 days of 2026-01-01"):
        adjusted(date(2026, 1, 1), "following", lambda _: False)


def test_a_price_change_of_nothing_is_nothing_and_arrays_are_taken():
    assert price_change(7.0, 60.0, 0.0) == 0.0
    assert price_change([7.0, 2.0], [60.0, 5.0], [0.01, -0.01]).tolist() == pytest.approx([-0.067, 0.02025])


def test_what_no_yield_gives_and_what_has_matured():
    bond = Bond(date(2012, 1, 1), 0.05)
    assert yield_to_maturity(bond, date(2008, 1, 1), -5.0) == NotComputable("a price that some yield gives")
    with pytest.raises(Invalid, match="not before maturity"):
        clean_price(bond, date(2012, 1, 1), 0.05)
    with pytest.raises(Invalid, match="5 coupons a year"):
        coupon_dates(date(2008, 1, 1), date(2012, 1, 1), 5)
    with pytest.raises(Invalid, match="leaves nothing to discount"):
        dirty_price(bond, date(2008, 1, 1), -2.0)
    with pytest.raises(Invalid, match="leaves nothing to discount"):
        sensitivity(bond, date(2008, 1, 1), -2.0)
    with pytest.raises(Invalid, match="A price of 0"):
        effective_duration(0, 1, 1, 0.01)


@given(st.dates(date(2009, 1, 1), date(2010, 12, 31)), st.floats(0.001, 0.3))
def test_the_last_period_is_simple_interest_unless_compounded(settlement, yield_):
    bond = Bond(date(2011, 1, 1), 0.04, 1, day_count="Act/Act ISDA")
    simple, compound = (dirty_price(bond, settlement, yield_, last_period=rule) for rule in ("simple", "compound"))
    if settlement < date(2010, 1, 1):
        assert simple == compound
    else:
        t = (date(2011, 1, 1) - settlement) / timedelta(days=365)
        assert simple == pytest.approx(104 / (1 + yield_ * t))
        assert compound == pytest.approx(104 / (1 + yield_) ** t)
        assert simple <= compound + 1e-9
    assert np.isfinite(simple)


@given(st.integers(1, 30), st.floats(0.0, 0.12), YIELDS, st.sampled_from([1, 2, 4]))
def test_payments_without_dates_are_a_bond_on_its_coupon_date(years, coupon, yield_, frequency):
    amounts = np.full(years * frequency, 100 * coupon / frequency)
    amounts[-1] += 100
    bond = Bond(date(2000 + years, 1, 1), coupon, frequency, day_count="30/360")
    times = np.arange(1.0, amounts.size + 1)
    assert price_of_payments(times, amounts, yield_, frequency) == pytest.approx(
        dirty_price(bond, date(2000, 1, 1), yield_, last_period="compound"), rel=1e-12
    )
    assert sensitivity_of_payments(times, amounts, yield_, frequency) == sensitivity(bond, date(2000, 1, 1), yield_)


def test_payments_that_do_not_fit_or_are_worth_nothing():
    with pytest.raises(Invalid, match="There are 2 times for 1 payments"):
        price_of_payments([1, 2], [100], 0.05)
    with pytest.raises(Invalid, match="worth nothing"):
        sensitivity_of_payments([1], [0], 0.05)
