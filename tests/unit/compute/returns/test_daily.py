"""Daily time-weighted returns and the conventions on when a flow happens."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.returns import Break, FlowTiming, daily_returns, link
from dawsos.kernel.errors import Invalid

VALUES, FLOWS = [100_000, 101_000, 111_500, 109_000], [0, 0, 10_000, 0]


def test_a_flow_counts_from_the_start_of_its_day():
    found = daily_returns(VALUES, FLOWS)
    assert found.returns == pytest.approx([0.01, 0.0045045, -0.0224215], abs=5e-8)
    assert link(found.returns) == pytest.approx(-0.0081982, abs=5e-8)
    assert found.breaks == ()


@pytest.mark.parametrize(
    ("timing", "inflow_day", "outflow_day"),
    [
        ("start_of_day", 12 / 150, 12 / 50),
        ("end_of_day", 12 / 100, 12 / 100),
        ("inflow_start_outflow_end", 12 / 150, 12 / 100),
        ("middle_of_day", 12 / 125, 12 / 75),
    ],
)
def test_each_convention_divides_the_same_gain_by_its_own_capital(timing, inflow_day, outflow_day):
    assert daily_returns([100, 162], [0, 50], timing=timing).returns == pytest.approx([inflow_day])
    assert daily_returns([100, 62], [0, -50], timing=timing).returns == pytest.approx([outflow_day])


def test_a_day_without_capital_is_a_break_and_the_chain_goes_on_after_it():
    found = daily_returns([100, 110, 5, 50, 55], [0, 0, -110, 50, 0])
    assert found.returns[[0, 2, 3]] == pytest.approx([0.1, -5 / 55, 0.1])
    assert np.isnan(found.returns[1])
    assert found.breaks == (Break(portfolio=0, index=1, capital=0.0),)
    assert link(found.returns) == pytest.approx(1.1 * (50 / 55) * 1.1 - 1)


def test_an_empty_portfolio_that_stays_empty_is_no_break():
    found = daily_returns([100, 0, 0, 60], [0, -100, 0, 50], timing=FlowTiming.INFLOW_START_OUTFLOW_END)
    assert np.isnan(found.returns[1])
    assert found.returns[[0, 2]] == pytest.approx([0.0, 0.2])
    assert found.breaks == ()


def test_a_block_is_its_rows():
    block = daily_returns([VALUES, [1, 2, 0, 4]], [FLOWS, [0, 0, -3, 0]])
    assert block.returns.shape == (2, 3)
    assert block.returns[0] == pytest.approx(daily_returns(VALUES, FLOWS).returns)
    assert [(stop.portfolio, stop.index) for stop in block.breaks] == [(1, 1), (1, 2)]


def test_a_missing_value_leaves_the_returns_beside_it_open_without_a_break():
    found = daily_returns([100, np.nan, 120, 126], [0, 0, 0, 0])
    assert np.isnan(found.returns[:2]).all()
    assert found.returns[2] == pytest.approx(0.05)
    assert found.breaks == ()


def test_values_and_flows_must_come_in_equal_numbers():
    with pytest.raises(Invalid, match="one flow per valuation"):
        daily_returns([1, 2, 3], [0, 0])
    with pytest.raises(Invalid, match="infinite"):
        daily_returns([1, np.inf], [0, 0])
    with pytest.raises(Invalid, match="3-dimensional"):
        daily_returns(np.ones((2, 2, 2)), np.ones((2, 2, 2)))


growths = st.lists(st.floats(-0.2, 0.25), min_size=1, max_size=30)


@settings(deadline=None)
@given(growths, st.data())
def test_flows_at_the_start_of_the_day_leave_the_return_alone(growth, data):
    flows = [1000.0, *data.draw(st.lists(st.floats(-100, 1000), min_size=len(growth), max_size=len(growth)))]
    values, held = [1000.0], 1000.0
    for place, step in enumerate(growth, start=1):
        flows[place] = flows[place] if held + flows[place] >= 1 else 0.0
        held = (held + flows[place]) * (1 + step)
        values.append(held)
    assert link(daily_returns(values, flows).returns) == pytest.approx(np.prod([1 + step for step in growth]) - 1, rel=1e-9, abs=1e-9)


@settings(deadline=None)
@given(growths, st.floats(0.001, 1000))
def test_the_unit_of_account_does_not_matter(growth, unit):
    values = 100 * np.cumprod([1.0, *(1 + np.array(growth))])
    flows = np.zeros(values.size)
    assert daily_returns(values * unit, flows).returns == pytest.approx(daily_returns(values, flows).returns, rel=1e-9, abs=1e-12)
