"""Facts of one holding, and what its price did."""

from datetime import date
from decimal import Decimal as D

import numpy as np
import pytest

from dawsos.compute.ledger.segments import day_number
from dawsos.compute.valuation.holding import average_cost, holding_days
from dawsos.compute.valuation.price_return import price_return

DAYS = np.array([day_number(date(2024, 1, day)) for day in (2, 3, 5)], dtype=np.int32)


def test_average_cost_is_the_remaining_cost_per_unit_to_eight_places():
    assert average_cost(D("100.00"), D(3)) == D("33.33333333")
    assert average_cost(None, D(3)) is None
    assert average_cost(D("100.00"), D(0)) is None


def test_a_holding_is_as_old_as_its_oldest_lot():
    assert holding_days(date(2024, 2, 28), date(2024, 3, 1)) == 2
    assert holding_days(None, date(2024, 3, 1)) is None


@pytest.mark.parametrize(
    ("closes", "start", "end", "expected"),
    [
        ([100, 110, 121], date(2024, 1, 2), date(2024, 1, 5), 0.21),
        ([100, 110, 121], date(2024, 1, 4), date(2024, 1, 6), 0.1),
        ([100, 110, 121], date(2024, 1, 1), date(2024, 1, 5), None),
        ([-1, 110, 121], date(2024, 1, 2), date(2024, 1, 5), None),
        ([100, 110, -1], date(2024, 1, 2), date(2024, 1, 5), None),
    ],
)
def test_a_price_return_takes_the_last_close_on_or_before_either_day(closes, start, end, expected):
    found = price_return(DAYS, np.array(closes, dtype=np.int64), start, end, missing=-1)
    assert found == expected
