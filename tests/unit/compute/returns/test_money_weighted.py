"""Money-weighted return over windows of a portfolio's history."""

from datetime import date

import numpy as np
import pytest

from dawsos.compute.returns import irr, money_weighted, money_weighted_window, stretch
from dawsos.kernel.errors import Invalid

DAYS = [date(2022, 1, 1), date(2022, 7, 2), date(2023, 1, 1), date(2023, 7, 2), date(2024, 1, 1)]
NAV, FLOWS = [100_000.0, 110_000.0, 105_000.0, 121_000.0, 130_000.0], [100_000.0, 5_000.0, 0.0, 10_000.0, -2_000.0]


def test_r9_opening_value_flows_and_closing_value_balance_at_the_rate():
    found = money_weighted(DAYS, NAV, FLOWS, stretch(DAYS, 0, 4))
    years = np.array([(day - DAYS[0]).days / 365 for day in DAYS])
    balance = np.array([-100_000, -5_000, 0, -10_000, 2_000 + 130_000]) * (1 + found.rate) ** -years
    assert balance.sum() == pytest.approx(0, abs=1e-6)
    assert (found.is_annual, found.days) == (True, 730)


def test_less_than_a_year_is_not_stated_per_year():
    found = money_weighted(DAYS, NAV, FLOWS, stretch(DAYS, 2, 3))
    assert not found.is_annual
    assert found.rate == pytest.approx(121_000 / 105_000 - 1 - 10_000 / 105_000, abs=1e-12)


def test_the_flow_of_the_base_date_is_part_of_the_opening_value():
    with_flow = money_weighted(DAYS, NAV, FLOWS, stretch(DAYS, 1, 4)).rate
    assert with_flow == money_weighted(DAYS, NAV, [0, 0, *FLOWS[2:]], stretch(DAYS, 1, 4)).rate


def test_without_flows_it_equals_the_time_weighted_return():
    found = money_weighted(DAYS, NAV, [0] * 5, stretch(DAYS, 2, 4))
    assert found.rate == pytest.approx((130 / 105) - 1, abs=1e-12)


def test_several_rates_are_listed_and_none_is_given():
    days = [date(2020, 1, 1), date(2020, 12, 31), date(2021, 12, 31)]
    found = money_weighted(days, [2_000, 5_000, -10_000], [0, -10_000, 0], stretch(days, 0, 2))
    assert found.rate is None
    assert found.roots == pytest.approx(irr([-2_000, 10_000, -10_000]).roots)
    assert "0.381966, 2.61803" in str(found.missing)


def test_nothing_invested_has_no_rate():
    found = money_weighted(DAYS[:2], [0, 10], [0, 0], stretch(DAYS[:2], 0, 1))
    assert (found.rate, str(found.missing)) == (None, "amounts of both signs")


def test_unknown_values_have_no_rate():
    found = money_weighted(DAYS[:2], [np.nan, 10], [0, 0], stretch(DAYS[:2], 0, 1))
    assert (found.rate, str(found.missing)) == (None, "known values and flows")


def test_a_window_is_found_by_the_calendar():
    found = money_weighted_window(DAYS, NAV, FLOWS, "1Y", date(2024, 1, 1))
    assert found == money_weighted(DAYS, NAV, FLOWS, stretch(DAYS, 2, 4))
    assert str(money_weighted_window(DAYS, NAV, FLOWS, "5Y", date(2024, 1, 1)).missing) == "days of history for 5Y: needs 1826, has 730"


def test_a_value_and_a_flow_belong_to_every_date():
    with pytest.raises(Invalid, match="differ in number"):
        money_weighted(DAYS, NAV[:3], FLOWS, stretch(DAYS, 0, 1))
