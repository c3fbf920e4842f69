"""The named windows: where they begin, what they span, when they have no answer."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.returns import (
    MonthEnd,
    NotComputable,
    Span,
    Window,
    boundary,
    link,
    locate,
    months_before,
    window_return,
    window_returns,
)
from dawsos.compute.returns.figures import as_date
from dawsos.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("window", "asof", "expected"),
    [
        ("1D", date(2024, 3, 11), date(2024, 3, 10)),
        ("WTD", date(2024, 3, 13), date(2024, 3, 10)),
        ("WTD", date(2024, 3, 10), date(2024, 3, 3)),
        ("MTD", date(2024, 3, 1), date(2024, 2, 29)),
        ("QTD", date(2024, 5, 17), date(2024, 3, 31)),
        ("QTD", date(2024, 1, 1), date(2023, 12, 31)),
        ("YTD", date(2024, 12, 31), date(2023, 12, 31)),
        ("1M", date(2024, 3, 15), date(2024, 2, 15)),
        ("3M", date(2024, 3, 15), date(2023, 12, 15)),
        ("6M", date(2024, 3, 15), date(2023, 9, 15)),
        ("1Y", date(2024, 3, 15), date(2023, 3, 15)),
        ("3Y", date(2024, 3, 15), date(2021, 3, 15)),
        ("5Y", date(2024, 3, 15), date(2019, 3, 15)),
        ("ITD", date(2024, 3, 15), None),
    ],
)
def test_each_window_begins_where_the_calendar_says(window, asof, expected):
    assert boundary(window, asof) == expected


@pytest.mark.parametrize(
    ("asof", "months", "sticky", "clamp"),
    [
        (date(2024, 4, 30), 1, date(2024, 3, 31), date(2024, 3, 30)),
        (date(2024, 3, 31), 1, date(2024, 2, 29), date(2024, 2, 29)),
        (date(2024, 3, 30), 1, date(2024, 2, 29), date(2024, 2, 29)),
        (date(2025, 2, 28), 12, date(2024, 2, 29), date(2024, 2, 28)),
        (date(2024, 2, 29), 12, date(2023, 2, 28), date(2023, 2, 28)),
        (date(2024, 1, 15), 13, date(2022, 12, 15), date(2022, 12, 15)),
    ],
)
def test_the_end_of_a_month_sticks_or_is_clamped(asof, months, sticky, clamp):
    assert months_before(asof, months) == sticky
    assert months_before(asof, months, month_end=MonthEnd.CLAMP) == clamp


FRIDAYS_AND_MONDAYS = [date(2023, 12, 29), date(2024, 1, 5), date(2024, 1, 8), date(2024, 1, 12), date(2024, 1, 31), date(2024, 2, 2)]


def test_the_base_is_the_last_value_on_or_before_the_boundary():
    assert locate(FRIDAYS_AND_MONDAYS, "WTD", date(2024, 1, 8)) == Span(1, 2, 3)
    assert locate(FRIDAYS_AND_MONDAYS, "MTD", date(2024, 2, 4)) == Span(4, 5, 2)
    assert locate(FRIDAYS_AND_MONDAYS, "YTD", date(2024, 1, 12)) == Span(0, 3, 14)
    assert locate(FRIDAYS_AND_MONDAYS, "ITD", date(2024, 6, 1)) == Span(0, 5, 35)


def test_one_day_counts_from_the_last_value_even_after_a_holiday():
    assert locate(FRIDAYS_AND_MONDAYS, "1D", date(2024, 2, 10)) == Span(4, 5, 2)


@pytest.mark.parametrize(
    ("window", "asof", "words"),
    [
        ("1Y", date(2024, 2, 2), "days of history for 1Y: needs 365, has 35"),
        ("MTD", date(2024, 3, 4), "values after 2024-02-02: needs 1, has 0"),
        ("ITD", date(2023, 12, 29), "values after 2023-12-29: needs 1, has 0"),
        ("ITD", date(2023, 1, 1), "a value on or before 2023-01-01: needs 1, has 0"),
    ],
)
def test_a_window_that_is_not_there_says_what_is_missing(window, asof, words):
    found = locate(FRIDAYS_AND_MONDAYS, window, asof)
    assert isinstance(found, NotComputable)
    assert str(found) == words


DAYS = np.arange(np.datetime64("2020-12-31"), np.datetime64("2024-01-01"))
RETURNS = np.random.default_rng(5).normal(0.0003, 0.01, DAYS.size - 1)


def test_windows_are_linked_from_base_to_end_and_annualised_only_when_long():
    found = window_returns(DAYS, RETURNS, date(2023, 12, 31))
    assert found[Window.ONE_YEAR].total == pytest.approx(link(RETURNS[-365:]))
    assert (found[Window.ONE_YEAR].days, found[Window.ONE_YEAR].annualised) == (365, None)
    assert found[Window.THREE_YEARS].annualised == pytest.approx((1 + link(RETURNS)) ** (365 / 1095) - 1)
    assert found[Window.MONTH_TO_DATE].base_date == date(2023, 11, 30)
    assert found[Window.MONTH_TO_DATE].observations == 31
    assert found[Window.FIVE_YEARS].total is None
    assert found[Window.FIVE_YEARS].missing == NotComputable("days of history for 5Y", 1826, 1095)


def test_breaks_inside_a_window_are_passed_over_and_counted_out():
    series = RETURNS.copy()
    series[-3] = np.nan
    found = window_return(DAYS, series, "MTD", date(2023, 12, 31))
    assert (found.observations, found.total) == (30, pytest.approx(link(series[-31:])))


def test_a_window_of_breaks_alone_has_no_return():
    series = RETURNS.copy()
    series[-31:] = np.nan
    found = window_return(DAYS, series, "MTD", date(2023, 12, 31))
    assert (found.total, str(found.missing)) == (None, "returns that can be linked: needs 1, has 0")


def test_a_step_needs_exactly_one_return():
    with pytest.raises(Invalid, match="3 valuations have 2 returns"):
        window_return(DAYS[:3], [0.1], "ITD", date(2024, 1, 1))


@settings(deadline=None)
@given(st.dates(date(2022, 1, 1), date(2023, 12, 31)))
def test_year_to_date_is_its_months_linked(asof):
    days, total = [date(asof.year, month, 1) - timedelta(days=1) for month in range(2, asof.month + 1)], 1.0
    for end in [*days, asof]:
        total *= 1 + window_return(DAYS, RETURNS, "MTD", end).total
    assert window_return(DAYS, RETURNS, "YTD", asof).total == pytest.approx(total - 1, abs=1e-12)


@settings(deadline=None)
@given(
    st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.sampled_from([window for window in Window if window is not Window.INCEPTION_TO_DATE])
)
def test_every_boundary_lies_before_its_as_of_date(asof, window):
    assert boundary(window, asof) < asof


def test_no_time_is_not_a_date():
    with pytest.raises(Invalid, match="not a date"):
        as_date(np.datetime64("NaT"))
