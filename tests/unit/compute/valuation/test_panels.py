"""Blocks of prices and rates."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from dawsos.compute.ledger.segments import day_number
from dawsos.compute.valuation.panels import LONG, MISSING, PricePanel, RatePanel, whole_steps
from dawsos.compute.valuation.rates import RateTable
from dawsos.kernel.errors import Invalid
from tests.unit.compute.valuation.holdings import quote, security

FRIDAY, SUNDAY, MONDAY = date(2025, 10, 31), date(2025, 11, 2), date(2025, 11, 3)


def test_a_close_is_kept_in_whole_steps_and_a_missing_one_is_marked():
    panel = PricePanel.from_quotes([FRIDAY, MONDAY], [{security("A"): quote("1.00000001", FRIDAY)}, {security("B"): quote("2", MONDAY)}])
    a, b = panel.row[security("A")], panel.row[security("B")]
    assert panel.close[a].tolist() == [100000001, MISSING]
    assert panel.close[b].tolist() == [MISSING, 200000000]
    assert panel.has_missing


def test_a_close_is_stale_when_weekdays_have_passed_since():
    panel = PricePanel.from_quotes([FRIDAY, SUNDAY, MONDAY], [{security("A"): quote("1", FRIDAY)}] * 3)
    assert panel.stale.tolist() == [[False, False, True]]
    fresh = PricePanel(panel.days, panel.security_ids, panel.close)
    assert fresh.stale.tolist() == [[False, False, False]]
    assert not fresh.has_missing


def test_rates_are_floats_whole_steps_and_exact_decimals():
    table = RateTable({("CAD", "USD"): Decimal("0.73"), ("EUR", "CAD"): Decimal("1.5")})
    panel = RatePanel.from_tables([FRIDAY], [table], currencies=["CAD", "USD", "EUR", "CHF"], base_currencies=["CAD", "CAD"])
    assert panel.base_currencies == ("CAD",)
    assert panel.whole[0, :, 0].tolist() == [10**8, LONG, 150000000, MISSING]
    assert panel.rate[0, :, 0].tolist() == [1.0, 1 / 0.73, 1.5, 0.0]
    assert panel.exact(0, 1, 0) == table.rate("USD", "CAD")
    assert (panel.has_missing, panel.day(0)) == (True, FRIDAY)


@pytest.mark.parametrize("value", ["-1", "0.000000001", "NaN", "50000000000"])
def test_a_price_that_is_no_number_of_eight_decimals_is_refused(value):
    with pytest.raises(Invalid, match="The close is"):
        whole_steps(Decimal(value), "The close")


def test_shapes_and_dates_must_fit():
    with pytest.raises(Invalid, match=r"should be \(1, 2\)"):
        PricePanel(np.array([1, 2], dtype=np.int32), (security("A"),), np.zeros((1, 3), dtype=np.int64))
    with pytest.raises(Invalid, match="ascending"):
        PricePanel.from_quotes([MONDAY, FRIDAY], [{}, {}])
    with pytest.raises(Invalid, match="0 rate tables for 1 dates"):
        RatePanel.from_tables([FRIDAY], [], currencies=[], base_currencies=[])
    assert PricePanel.from_quotes([FRIDAY], [{}]).days.tolist() == [day_number(FRIDAY)]
