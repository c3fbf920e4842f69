"""Daily values as they are kept: where two series begin to differ."""

from datetime import date

import numpy as np
import pytest

from dawsos.compute.ledger.segments import day_number
from dawsos.compute.valuation.nav_series import NavSeries


def series(first: int, *nav: int) -> NavSeries:
    days = np.array([day_number(date(2024, 3, first + number)) for number in range(len(nav))], dtype=np.int32)
    cents, nothing = np.array(nav, dtype=np.int64), np.zeros(len(nav), dtype=np.int64)
    return NavSeries(days, cents, nothing, cents, nothing, nothing, nothing)


@pytest.mark.parametrize(
    ("one", "other", "day"),
    [
        (series(1, 5, 6, 7), series(1, 5, 6, 7), None),
        (series(1, 5, 6, 7), series(1, 5, 6), 3),
        (series(1, 5, 6, 7), series(1, 5, 9, 7), 2),
        (series(1, 5, 6, 7, 8), series(1, 5, 9), 2),
        (series(4, 5, 6), series(1, 1, 2, 3, 5, 6), 1),
        (series(1, 5), series(1), 1),
        (series(1), series(1), None),
    ],
)
def test_series_differ_from_the_first_day_one_has_otherwise_or_alone(one: NavSeries, other: NavSeries, day: int | None) -> None:
    expected = None if day is None else date(2024, 3, day)
    assert (one.first_difference(other), other.first_difference(one)) == (expected, expected)
