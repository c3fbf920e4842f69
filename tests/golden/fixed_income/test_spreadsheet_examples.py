"""The worked examples in the documentation of spreadsheet functions, to the digits printed there."""

from datetime import date

import pytest

from dawsos.compute.fixed_income import annuities, discounted
from dawsos.compute.fixed_income.bonds import Bond, clean_price, price_change, sensitivity, yield_to_maturity
from dawsos.compute.fixed_income.schedule import coupon_period
from dawsos.compute.returns.day_counts import year_fraction

ACT_ACT = "Act/Act average"


def printed(figure, digits=8):
    return pytest.approx(figure, abs=0.51 * 10.0**-digits)


def test_price_and_yield():
    bond = Bond(date(2017, 11, 15), 0.0575)
    assert clean_price(bond, date(2008, 2, 15), 0.065) == printed(94.63436162)
    assert yield_to_maturity(Bond(date(2016, 11, 15), 0.0575), date(2008, 2, 15), 95.04287) == printed(0.065, 7)


@pytest.mark.parametrize(
    ("settlement", "maturity", "frequency", "macaulay", "modified"),
    [
        (date(2008, 1, 1), date(2016, 1, 1), 2, 5.99377495554519, 5.73566981391884),
        (date(2008, 1, 1), date(2016, 1, 1), 4, 5.91465300919712, 5.78450172048619),
        (date(2018, 7, 1), date(2048, 1, 1), 2, 10.9191452815919, 10.9191452815919 / 1.045),
    ],
)
def test_durations(settlement, maturity, frequency, macaulay, modified):
    found = sensitivity(Bond(maturity, 0.08, frequency, day_count=ACT_ACT), settlement, 0.09)
    assert (found.macaulay, found.modified) == pytest.approx((macaulay, modified), abs=1e-10)


def test_duration_and_convexity_of_a_change_of_yield():
    assert price_change(6.2, 328, 0.003) == pytest.approx(-0.017124, abs=1e-12)


def test_days_of_the_coupon_period():
    period = coupon_period(date(2011, 1, 25), date(2011, 11, 15), 2, ACT_ACT)
    assert (period.start, period.end) == (date(2010, 11, 15), date(2011, 5, 15))
    assert (period.accrued, period.left, period.length) == (71, 110, 181)
    assert coupon_period(date(2007, 1, 25), date(2008, 11, 15), 2, ACT_ACT).coupons == 4


def test_securities_that_pay_once():
    spring = (date(2008, 2, 15), date(2008, 5, 15))
    assert discounted.discount_price(date(2008, 2, 16), date(2008, 3, 1), 0.0525, day_count="Act/360") == printed(99.79583333)
    assert discounted.discount_rate(date(2007, 1, 25), date(2007, 6, 15), 97.975, day_count=ACT_ACT) == printed(0.052420213, 9)
    assert discounted.simple_yield(*spring, 1_000_000, redemption=1_014_420, day_count="Act/360") == printed(0.05768, 8)
    assert discounted.simple_yield(date(2008, 2, 16), date(2008, 3, 1), 99.795, day_count="Act/360") == printed(0.052822572, 9)
    assert discounted.received(*spring, 1_000_000, 0.0575, day_count="Act/360") == printed(1014584.6544, 4)
    price = discounted.price_at_maturity_interest(
        date(2008, 2, 15), date(2008, 4, 13), date(2007, 11, 11), 0.061, 0.061, day_count="30/360"
    )
    assert price == printed(99.98449888)
    earned = discounted.yield_at_maturity_interest(
        date(2008, 3, 15), date(2008, 11, 3), date(2007, 11, 8), 0.0625, 100.0123, day_count="30/360"
    )
    assert earned == printed(0.060954334, 9)
    assert discounted.interest_accrued(date(2008, 4, 1), date(2008, 6, 15), 0.1, day_count="Act/365F") == printed(20.54794521)
    assert discounted.interest_accrued(date(2008, 3, 1), date(2008, 5, 1), 0.1, day_count="30/360") == printed(16.66666667)


def test_treasury_bills():
    life = (date(2008, 3, 31), date(2008, 6, 1))
    assert discounted.bill_bond_equivalent(*life, 0.0914) == printed(0.094151494, 9)
    assert discounted.bill_price(*life, 0.09) == printed(98.45)
    assert discounted.bill_yield(*life, 98.45) == printed(0.091416963, 9)


def test_year_fractions():
    summer = (date(2012, 1, 1), date(2012, 7, 30))
    assert year_fraction(*summer, "30/360") == printed(0.58055556)
    assert year_fraction(*summer, ACT_ACT) == printed(0.57650273)
    assert year_fraction(*summer, "Act/365F") == printed(0.57808219)


def test_annuities():
    assert annuities.future_value(0.05 / 12, 120, -100, -100) == pytest.approx(15692.9288943357)
    assert annuities.future_value(0.05 / 12, 120, -100, -100, when="start") == pytest.approx(15757.6298441047)
    assert annuities.present_value(0.05 / 12, 120, -100, 15692.93) == pytest.approx(-100.0006713162)
    assert annuities.present_value(0.05 / 12, 120, -100, 15692.93, when="start") == pytest.approx(-60.71677534615)
    assert annuities.payment(0.075 / 12, 180, 200_000) == pytest.approx(-1854.0247200054619)
    assert annuities.number_of_periods(0.075, -2000, 0, 100_000) == pytest.approx(21.544944197323336)
    assert annuities.interest_part(0.0824 / 12, 1, 12, 25_000) == pytest.approx(-171.66666666666666)
    assert annuities.principal_part(0.1 / 12, 1, 24, 2000) == pytest.approx(-75.62318600836664)
    assert annuities.periods_to_grow(0.025, 2000, 2200) == pytest.approx(3.859866163)
    assert annuities.rate_per_period(48, -200, 8000) == pytest.approx(0.0077014725, abs=1e-9)
    assert annuities.growth_rate(96, 10_000, 11_000) == pytest.approx(0.0009933, abs=1e-7)
    assert annuities.grown(1, [0.09, 0.11, 0.1]) == pytest.approx(1.33089)
    assert annuities.cumulative_interest(0.09 / 12, 360, 125_000, 13, 24) == pytest.approx(-11135.23213, abs=1e-5)
    assert annuities.cumulative_principal(0.09 / 12, 360, 125_000, 13, 24) == pytest.approx(-934.1071234, abs=1e-6)


def test_effective_and_nominal_rates():
    assert annuities.effective_rate(0.0525, 4) == printed(0.0535427, 7)
    assert annuities.nominal_rate(0.053543, 4) == printed(0.05250032, 8)
