"""Year fractions by convention."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.returns import DayCount, year_fraction

FEBRUARY, LEAP, END = date(2023, 2, 28), date(2024, 2, 29), date(2024, 3, 31)


@pytest.mark.parametrize(
    ("convention", "start", "end", "expected"),
    [
        ("Act/365F", date(2023, 1, 1), date(2024, 1, 1), 1.0),
        ("Act/365.25", date(2020, 1, 1), date(2024, 1, 1), 4.0),
        ("Act/364", date(2024, 1, 1), date(2024, 7, 1), 0.5),
        ("Act/360", date(2023, 1, 1), date(2023, 6, 30), 0.5),
        ("Act/Act ISDA", date(2023, 7, 1), date(2024, 7, 1), 184 / 365 + 182 / 366),
        ("NL/365", date(2024, 1, 1), date(2025, 1, 1), 1.0),
        ("NL/360", date(2023, 1, 1), date(2023, 12, 27), 1.0),
        ("30/360", FEBRUARY, END, 390 / 360),
        ("30/360", FEBRUARY, LEAP, 1.0),
        ("30/360", date(2024, 1, 31), END, 60 / 360),
        ("30/360 ISDA", FEBRUARY, END, 393 / 360),
        ("30/360 ISDA", date(2024, 1, 31), END, 60 / 360),
        ("30E/360", date(2024, 1, 15), END, 75 / 360),
        ("30E+/360", date(2024, 1, 15), END, 76 / 360),
        ("30E+/360", date(2024, 1, 31), date(2024, 2, 15), 15 / 360),
        ("30E/360 ISDA", FEBRUARY, LEAP, 1.0),
    ],
)
def test_each_convention_counts_as_its_definition_says(convention, start, end, expected):
    assert year_fraction(start, end, convention) == pytest.approx(expected, abs=1e-15)


@settings(deadline=None)
@given(st.dates(), st.dates(), st.sampled_from(list(DayCount)))
def test_turning_the_dates_turns_the_sign(start, end, convention):
    assert year_fraction(start, end, convention) == -year_fraction(end, start, convention)


@settings(deadline=None)
@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.integers(0, 4000), st.sampled_from(list(DayCount)))
def test_all_conventions_agree_within_a_sixtieth_and_four_days(start, days, convention):
    end = date.fromordinal(start.toordinal() + days)
    assert abs(year_fraction(start, end, convention) - days / 365.25) <= 4 / 360 + days / 365 / 60
