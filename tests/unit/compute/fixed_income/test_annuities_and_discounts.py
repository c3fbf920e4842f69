"""One equation for all annuities; securities that pay once; names of day counts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawsos.compute.fixed_income import annuities, discounted
from dawsos.compute.returns.day_counts import DayCount, year_fraction
from dawsos.compute.returns.figures import NotComputable
from dawsos.kernel.errors import Invalid

RATES = st.one_of(st.just(0.0), st.floats(0.0005, 0.2))
WHEN = st.sampled_from(["end", "start"])
DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))


@given(RATES, st.integers(1, 60), st.floats(-1000, 1000), st.floats(-1000, 1000), WHEN)
def test_future_and_present_value_are_inverse(rate, periods, payment, present, when):
    future = annuities.future_value(rate, periods, payment, present, when=when)
    assert annuities.present_value(rate, periods, payment, future, when=when) == pytest.approx(present, abs=1e-8)


@given(RATES, st.integers(1, 60), st.floats(100, 10_000), WHEN)
def test_payments_repay_a_loan_and_interest_and_principal_are_all_of_them(rate, periods, loan, when):
    level = annuities.payment(rate, periods, loan, when=when)
    assert annuities.future_value(rate, periods, level, loan, when=when) == pytest.approx(0, abs=1e-7)
    assert annuities.cumulative_principal(rate, periods, loan, 1, periods, when=when) == pytest.approx(-loan, rel=1e-9)
    assert annuities.number_of_periods(rate, level, loan, when=when) == pytest.approx(periods, rel=1e-6)
    if rate:
        assert annuities.rate_per_period(periods, level, loan, when=when) == pytest.approx(rate, rel=1e-5) or when == "start"


def test_payments_that_never_get_there_and_periods_that_do_not_exist():
    assert annuities.number_of_periods(0.1, -5, 100) == NotComputable("payments that reach the future value")
    assert isinstance(annuities.number_of_periods(0.0, 0.0, 100), NotComputable)
    assert annuities.rate_per_period(12, 10, 100) == NotComputable("amounts of both signs")
    with pytest.raises(Invalid, match="Period 13 of 12"):
        annuities.interest_part(0.01, 13, 12, 100)
    with pytest.raises(Invalid, match="0 payments"):
        annuities.payment(0.01, 0, 100)
    with pytest.raises(Invalid, match="A rate of -200%"):
        annuities.future_value(-2, 3, 1)
    with pytest.raises(Invalid, match="0 compounding periods"):
        annuities.effective_rate(0.05, 0)


@given(st.floats(-0.5, 0.9), st.integers(1, 365))
def test_effective_and_nominal_rates_are_inverse(rate, periods):
    assert annuities.nominal_rate(annuities.effective_rate(rate, periods), periods) == pytest.approx(rate, abs=1e-9)


@given(DAYS, st.integers(1, 360), st.floats(0.001, 0.1))
def test_discount_and_price_are_inverse(settlement, days, rate):
    maturity = date.fromordinal(settlement.toordinal() + days)
    price = discounted.discount_price(settlement, maturity, rate, day_count="Act/360")
    assert discounted.discount_rate(settlement, maturity, price, day_count="Act/360") == pytest.approx(rate)
    assert discounted.received(settlement, maturity, price, rate, day_count="Act/360") == pytest.approx(100)
    assert discounted.bill_price(settlement, maturity, rate) == pytest.approx(price)
    assert discounted.bill_bond_equivalent(settlement, maturity, rate) > rate


def test_the_bond_equivalent_of_a_long_bill_solves_its_equation():
    settlement, maturity = date(2026, 1, 1), date(2026, 12, 1)
    y = discounted.bill_bond_equivalent(settlement, maturity, 0.08)
    t = (maturity - settlement).days / 365
    assert discounted.bill_price(settlement, maturity, 0.08) * (1 + y / 2) * (1 + y * (t - 0.5)) == pytest.approx(100, abs=1e-10)
    with pytest.raises(Invalid, match="A treasury bill from"):
        discounted.bill_price(settlement, date(2027, 1, 2), 0.08)
    with pytest.raises(Invalid, match="is not after"):
        discounted.discount_price(maturity, settlement, 0.05, day_count="Act/360")


@pytest.mark.parametrize(
    ("name", "convention"),
    [
        ("30U/360", "30/360"),
        ("ACT/365", "Act/365F"),
        ("Actual/Actual ISDA", "Act/Act ISDA"),
        ("actual/360", "Act/360"),
        ("30e/360", "30E/360"),
    ],
)
def test_day_counts_go_by_other_names(name, convention):
    assert DayCount(name) is DayCount(convention)


def test_an_unknown_day_count_is_refused():
    with pytest.raises(ValueError, match="is not a valid DayCount"):
        DayCount("Lunar/354")


@given(DAYS, DAYS)
def test_the_average_year_is_between_365_and_366_days(start, end):
    years = year_fraction(start, end, "Act/Act average")
    assert years == pytest.approx((end - start).days / 365.5, rel=1.4e-3, abs=1e-12)
    assert years == -year_fraction(end, start, "Act/Act average")
