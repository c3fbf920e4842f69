"""Modified Dietz and its links."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.returns import DietzReturn, flow_weights, linked_dietz, modified_dietz
from dawsos.kernel.errors import Invalid


def test_an_inflow_halfway_is_at_work_for_half_the_period():
    found = modified_dietz(100, 300, [50], [0.5])
    assert (found.gain, found.average_capital, found.rate) == (150, 125, 1.2)


def test_weights_count_days_to_the_end_of_the_period():
    days, start, end = [date(2024, 1, 5), date(2024, 1, 31)], date(2023, 12, 31), date(2024, 1, 31)
    assert flow_weights(days, start, end) == pytest.approx([26 / 31, 0])
    assert flow_weights(days, start, end, timing="start_of_day") == pytest.approx([27 / 31, 1 / 31])


def test_without_flows_it_is_the_plain_return():
    assert modified_dietz(80, 100, [], []).rate == pytest.approx(0.25)


@pytest.mark.parametrize("capital", [0.0, -10.0])
def test_capital_that_is_not_positive_has_no_rate(capital):
    found = modified_dietz(capital, 5, [], [])
    assert (found.rate, str(found.missing)) == (None, "positive average capital")


def test_a_flow_outside_its_period_is_refused():
    with pytest.raises(Invalid, match="2023-12-31 lies outside"):
        flow_weights([date(2023, 12, 31)], date(2023, 12, 31), date(2024, 1, 31))
    with pytest.raises(Invalid, match="has no days"):
        flow_weights([], date(2024, 1, 1), date(2024, 1, 1))
    with pytest.raises(Invalid, match="2 flows and 1 weights"):
        modified_dietz(1, 1, [1, 2], [0.5])


def test_periods_are_linked_and_one_without_a_rate_stops_the_chain():
    known = [modified_dietz(100, 104, [], []), modified_dietz(104, 113.36, [], [])]
    assert linked_dietz(known) == pytest.approx(1.04 * 1.09 - 1)
    assert linked_dietz([*known, modified_dietz(0, 1, [], [])]) is None
    assert linked_dietz([]) is None
    assert linked_dietz([DietzReturn(-3, 1, -3.0)]) is None


@settings(deadline=None)
@given(st.floats(1, 1e6), st.floats(1, 1e6), st.lists(st.floats(0, 1e5), max_size=5), st.floats(0.01, 100))
def test_the_unit_of_account_does_not_matter(opening, closing, flows, unit):
    weights = [0.5] * len(flows)
    scaled = modified_dietz(opening * unit, closing * unit, [flow * unit for flow in flows], weights)
    assert scaled.rate == pytest.approx(modified_dietz(opening, closing, flows, weights).rate, rel=1e-9, abs=1e-9)
