"""The bridge from the time-weighted to the money-weighted return."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawsos.compute.returns import NotComputable, link, money_weighted, stretch, timing_bridge
from dawsos.compute.returns.timing_bridge import timing_bridge_window
from dawsos.compute.risk.ratios import annual_return_of_sharpe

FIRST = date(2024, 1, 1)


def book(returns, flows, opening=1000.0):
    """Values of a portfolio whose flows come at the start of each day."""
    values = [opening]
    for one, flow in zip(returns, flows, strict=True):
        values.append((values[-1] + flow) * (1 + one))
    return np.array(values), np.array([0.0, *flows])


@st.composite
def histories(draw):
    count = draw(st.integers(2, 12))
    gap = draw(st.sampled_from([1, 7, 30, 90]))
    returns = draw(st.lists(st.floats(-0.08, 0.1), min_size=count, max_size=count))
    flows = draw(st.lists(st.one_of(st.just(0.0), st.floats(-60, 400)), min_size=count, max_size=count))
    return returns, flows, [FIRST + timedelta(days=gap * step) for step in range(count + 1)]


@given(histories())
def test_the_effects_of_all_flows_are_the_whole_difference(history):
    returns, flows, days = history
    values, moved = book(returns, flows)
    span = stretch(days, 0, len(days) - 1)
    found = timing_bridge(days, values, moved, span)
    assert found.money_weighted == money_weighted(days, values, moved, span).rate
    total = link(returns)
    assert found.time_weighted == pytest.approx((1 + total) ** (365 / span.days) - 1 if found.is_annual else total, abs=1e-9)
    # Where the rates nearly meet the effects are their limits, right to the distance between them.
    assert sum(step.effect for step in found.steps) == pytest.approx(found.timing, abs=2e-8)
    assert [step.flow for step in found.steps] == [flow for flow in flows if flow]


def test_without_flows_the_two_returns_are_one():
    values, moved = book([0.1, -0.05, 0.02], [0, 0, 0])
    found = timing_bridge(
        [FIRST + timedelta(days=step) for step in range(4)],
        values,
        moved,
        stretch([FIRST + timedelta(days=step) for step in range(4)], 0, 3),
    )
    assert found.steps == ()
    assert found.timing == pytest.approx(0, abs=1e-12)


def test_money_that_came_before_the_rise_gained_and_before_the_fall_lost():
    days = [FIRST + timedelta(days=passed) for passed in (0, 182, 183, 365)]
    early = timing_bridge(days, *book([0.0, 0.0, 0.3], [0, 1000, 0]), stretch(days, 0, 3))
    late = timing_bridge(days, *book([0.3, 0.0, 0.0], [0, 1000, 0]), stretch(days, 0, 3))
    assert early.time_weighted == pytest.approx(late.time_weighted) == pytest.approx(0.3)
    assert early.timing > 0.05
    assert late.timing < -0.05
    # 1000 earned 30 % in half a year, where the average made √1.3 of it.
    assert early.steps[0].gain == pytest.approx(1000 * (1.3 - 1.3 ** (182 / 365)))


def test_a_broken_chain_and_a_missing_rate():
    days = [FIRST, FIRST + timedelta(days=1), FIRST + timedelta(days=2)]
    assert timing_bridge(days, [100, 0, 100], [0, -110, 90], stretch(days, 0, 2)) == NotComputable("daily returns without a break")
    assert timing_bridge(days, [0, 0, 0], [0, 0, 0], stretch(days, 0, 2)) == NotComputable("an amount other than zero", 1, 0)


def test_a_named_window_is_rounded_and_one_without_history_is_not_computable():
    days = [FIRST + timedelta(days=passed) for passed in (0, 182, 183, 365)]
    values, moved = book([0.0, 0.0, 0.3], [0, 1000, 0])
    found = timing_bridge_window(days, values, moved, "ITD", days[-1])
    exact = timing_bridge(days, values, moved, stretch(days, 0, 3))
    assert (found.time_weighted, found.money_weighted) == (0.3, round(exact.money_weighted, 8))
    assert found.steps[0].gain == round(exact.steps[0].gain, 2)
    assert str(timing_bridge_window(days, values, moved, "5Y", days[-1])).startswith("days of history for 5Y")
    assert str(timing_bridge_window([], [], [], "ITD", days[-1])) == "a value on or before 2024-12-31: needs 1, has 0"


def test_the_return_a_sharpe_ratio_states():
    assert annual_return_of_sharpe(0.5, 0.2, 0.03) == 0.13
    assert annual_return_of_sharpe(None, 0.2, 0.03) is None
