"""Linking, annualising, and gathering returns into calendar periods."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.returns import Frequency, annualise, annualised_return, link, link_per_year, returns_by_period, wealth_index
from dawsos.kernel.errors import Invalid

returns = st.lists(st.floats(-0.5, 0.5), min_size=0, max_size=25)


def test_returns_are_linked_by_their_growth():
    assert link([0.1, -0.1]) == pytest.approx(-0.01)
    assert list(link([[0.1, 0.1], [np.nan, -0.5]])) == pytest.approx([0.21, -0.5])


def test_nothing_to_link_and_more_than_a_total_loss_have_no_answer():
    assert np.isnan(link([]))
    assert np.isnan(link([np.nan]))
    assert np.isnan(link([0.1, -1.2]))
    assert link([-1.0, 0.5]) == -1.0


@settings(deadline=None)
@given(returns, returns)
def test_linking_two_stretches_is_linking_the_whole(first, second):
    if first and second:
        assert link(first + second) == pytest.approx((1 + link(first)) * (1 + link(second)) - 1, abs=1e-12)


@settings(deadline=None)
@given(st.permutations([0.01, -0.02, 0.03, 0.1, -0.05]))
def test_the_order_of_returns_does_not_change_the_total(shuffled):
    assert link(shuffled) == pytest.approx(link([0.01, -0.02, 0.03, 0.1, -0.05]), abs=1e-15)


def test_the_wealth_index_starts_with_its_starting_value_and_carries_over_gaps():
    assert wealth_index([0.1, np.nan, -0.5], start=200) == pytest.approx([200, 220, 220, 110])
    assert wealth_index([[0.1], [0.2]]).shape == (2, 2)


@pytest.mark.parametrize(("days", "expected"), [(365, None), (366, 1.21 ** (365 / 366) - 1), (730, 0.1), (30, None)])
def test_a_return_is_stated_per_year_only_beyond_365_days(days, expected):
    assert annualise(0.21, days) == (expected if expected is None else pytest.approx(expected))


def test_less_than_nothing_is_not_stated_per_year():
    assert annualise(-1.5, 800) is None
    assert annualise(-1.0, 800) == -1.0


def test_the_geometric_mean_counts_the_observations_there_are_or_all_places():
    assert annualised_return([np.nan, 0.01, 0.01], 12) == pytest.approx(1.01**12 - 1)
    assert annualised_return([np.nan, 0.01, 0.01], 12, missing_counts=True) == pytest.approx(1.01**8 - 1)
    assert np.isnan(annualised_return([np.nan], 12))


def test_sub_periods_of_unequal_length_are_linked_over_their_years():
    assert link_per_year([0.6, 0.0], 2) == pytest.approx(0.26491106406735176)
    with pytest.raises(Invalid, match="not a span"):
        link_per_year([0.1], 0)


DAYS = [date(2023, 12, 28) + timedelta(days=n) for n in range(10)]  # Thursday to the Saturday of the week after


@pytest.mark.parametrize(
    ("frequency", "ends"),
    [
        ("weekly", [date(2023, 12, 31), date(2024, 1, 6)]),
        ("monthly", [date(2023, 12, 31), date(2024, 1, 6)]),
        ("quarterly", [date(2023, 12, 31), date(2024, 1, 6)]),
        (Frequency.YEARLY, [date(2023, 12, 31), date(2024, 1, 6)]),
    ],
)
def test_periods_end_with_the_calendar(frequency, ends):
    found, linked = returns_by_period(DAYS, [0.01] * 10, frequency)
    assert [day.item() for day in found] == ends
    assert list(linked) == pytest.approx([1.01**4 - 1, 1.01**6 - 1])


def test_a_period_without_observations_is_missing():
    _, linked = returns_by_period([date(2024, 1, 31), date(2024, 2, 29)], [np.nan, 0.02], "monthly")
    assert np.isnan(linked[0])
    assert linked[1] == pytest.approx(0.02)


def test_no_observations_have_no_periods():
    found, linked = returns_by_period([], [], "monthly")
    assert (found.size, linked.size) == (0, 0)


@settings(deadline=None)
@given(st.lists(st.floats(-0.1, 0.1), min_size=1, max_size=200), st.sampled_from(list(Frequency)))
def test_periods_link_to_the_whole(series, frequency):
    days = np.datetime64("2022-11-15") + np.arange(len(series))
    assert link(returns_by_period(days, series, frequency)[1]) == pytest.approx(link(series), rel=1e-9, abs=1e-12)


def test_dates_and_returns_must_fit_and_be_in_order():
    with pytest.raises(Invalid, match="1 dates for 2"):
        returns_by_period([date(2024, 1, 1)], [0.1, 0.2], "weekly")
    with pytest.raises(Invalid, match="ascending"):
        returns_by_period([date(2024, 1, 2), date(2024, 1, 1)], [0.1, 0.2], "weekly")
    with pytest.raises(Invalid, match="flat list"):
        returns_by_period([[date(2024, 1, 2)]], [0.1], "weekly")
