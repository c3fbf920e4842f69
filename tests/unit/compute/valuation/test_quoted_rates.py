"""Rates crossed for all dates at once are those of each date's table."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawsos.compute.ledger.segments import day_number
from dawsos.compute.valuation.panels import LONG, MISSING, RatePanel
from dawsos.compute.valuation.quoted_rates import NOT_QUOTED, QuotedRates
from dawsos.kernel.errors import Invalid
from tests.unit.compute.valuation.books import d

CODES = ("CAD", "USD", "EUR", "CHF")
PAIRS = [(a, b) for a in CODES for b in CODES if a != b]
STEPS = st.one_of(st.just(NOT_QUOTED), st.just(NOT_QUOTED), st.integers(1, 10**12), st.sampled_from([10**8, 2 * 10**8, 125 * 10**6]))


def days(count):
    return np.array([day_number(d(1 + t)) for t in range(count)], dtype=np.int32)


@given(st.lists(st.lists(STEPS, min_size=3, max_size=3), min_size=len(PAIRS), max_size=len(PAIRS)))
def test_every_date_has_the_rates_of_its_table(columns):
    quoted = QuotedRates(days(3), {pair: np.array(steps, dtype=np.int64) for pair, steps in zip(PAIRS, columns, strict=True)})
    fast = RatePanel.from_quoted(quoted, currencies=CODES, base_currencies=["CAD", "EUR"])
    slow = RatePanel.from_tables([d(1), d(2), d(3)], list(quoted), currencies=CODES, base_currencies=["CAD", "EUR"])
    assert fast.rate == pytest.approx(slow.rate, rel=1e-15)
    assert np.array_equal(fast.whole == MISSING, slow.whole == MISSING)
    known = (fast.whole != LONG) & (fast.whole != MISSING)
    assert np.array_equal(fast.whole[known], slow.whole[known])
    assert np.array_equal(fast.days, slow.days)


def test_tables_are_made_when_asked_for_and_carry_their_date():
    quoted = QuotedRates(days(3), {("USD", "CAD"): np.array([125000000, NOT_QUOTED, 130000000])})
    assert len(quoted) == 3
    assert (quoted[0].rate("USD", "CAD"), quoted[0].pack_date) == (Decimal("1.25"), d(1))
    assert quoted[0] is quoted[0]
    assert quoted[1].find("USD", "CAD") is None
    assert [table.pack_date for table in quoted[1:]] == [d(2), d(3)]


def test_a_panel_of_some_dates_keeps_their_tables():
    quoted = QuotedRates(days(3), {("CAD", "USD"): np.array([80000000, 75000000, 70000000])})
    panel = RatePanel.from_quoted(quoted, currencies=["CAD", "USD"], base_currencies=["CAD"]).at(np.array([0, 2]))
    assert panel.exact(0, 1, 1) == quoted[2].rate("USD", "CAD")
    assert panel.whole[0, 1].tolist() == [125000000, LONG]
    assert panel.rate.flags.c_contiguous


@pytest.mark.parametrize("steps", [[1, 0], [1, -2], [1]])
def test_a_rate_that_is_not_positive_or_a_column_of_another_length_is_refused(steps):
    with pytest.raises(Invalid, match="USD/CAD"):
        QuotedRates(days(2), {("USD", "CAD"): np.array(steps)})
