"""Drawdowns: depth, days, and ratios over them."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.risk import drawdown
from dawsos.compute.risk.drawdown import Drawdown
from dawsos.kernel.errors import Invalid

#: Wealth 1.0, 1.1, 0.99, 1.188, 0.8316, 0.8316, 1.2474
X = np.array([0.1, -0.1, 0.2, -0.3, 0.0, 0.5])


def test_the_starting_value_is_a_peak():
    assert list(drawdown.drawdown_series(X)) == pytest.approx([0, -0.1, 0, -0.3, -0.3, 0])
    assert drawdown.max_drawdown([-0.2, 0.1]) == pytest.approx(-0.2)
    assert drawdown.max_drawdown([-0.2, 0.1], first_peak="first") == 0.0


def test_simple_interest_adds_returns_up():
    assert list(drawdown.drawdown_series([0.1, -0.3, np.nan, 0.1], compounded=False)) == pytest.approx([0, -0.3, -0.3, -0.2])
    assert drawdown.max_drawdown([-0.1, 0.2, -0.3], compounded=False, first_peak="first") == pytest.approx(-0.3)


def test_the_falls_are_listed_with_their_places():
    assert drawdown.drawdowns(X) == [Drawdown(pytest.approx(-0.1), 1, 2, 2, 3), Drawdown(pytest.approx(-0.3), 3, 4, 4, 6)]
    assert drawdown.drawdowns([0.1, -0.5, 0.1])[0].recovery is None
    assert drawdown.deepest(X)[0].depth == pytest.approx(-0.3)
    assert [fall.depth for fall in drawdown.deepest(X, 5)] == pytest.approx([-0.3, -0.1])
    assert drawdown.drawdowns([0.1, 0.2]) == []


def test_a_fall_has_its_days():
    days = [date(2024, 1, day) for day in range(1, 8)]
    fall = drawdown.dated(drawdown.deepest(X)[0], days)
    assert (fall.peak_date, fall.trough_date, fall.recovery_date, fall.recovery_days) == (days[3], days[4], days[6], 2)
    lasting = drawdown.dated(drawdown.drawdowns([-0.1])[0], days[:2])
    assert (lasting.recovery_date, lasting.recovery_days) == (None, None)


def test_the_longest_recovery_is_counted_from_its_trough():
    assert drawdown.longest_recovery(X).trough == 4
    assert drawdown.longest_recovery([-0.1]) is None


def test_averages_over_all_observations():
    assert drawdown.average_drawdown(X) == pytest.approx(0.7 / 6)
    assert drawdown.ulcer_index(X) == pytest.approx(np.sqrt(0.19 / 6))
    assert drawdown.current_drawdown(X[:5]) == pytest.approx(-0.3)
    assert drawdown.conditional_drawdown(X, tail=0.5) == pytest.approx(-(0.3 + 0.3 + 0.1) / 3)
    assert list(drawdown.max_drawdown([[0.1, -0.2], [np.nan, 0.1]])) == pytest.approx([-0.2, 0])


def test_nothing_observed_has_no_drawdown():
    for figure in (drawdown.max_drawdown, drawdown.current_drawdown, drawdown.average_drawdown, drawdown.ulcer_index):
        assert np.isnan(figure([np.nan])), figure.__name__
    assert np.isnan(drawdown.current_drawdown([]))


def test_ratios_over_drawdowns():
    yearly = 1.2474**2 - 1
    assert drawdown.calmar(X, periods_per_year=12) == pytest.approx(yearly / 0.3)
    assert drawdown.sterling(X, periods_per_year=12) == pytest.approx(yearly / 0.4)
    assert drawdown.martin(X, periods_per_year=12, risk_free=0.1) == pytest.approx((yearly - 0.1) / np.sqrt(0.19 / 6))
    assert drawdown.pain(X, periods_per_year=12) == pytest.approx(yearly / (0.7 / 6))
    assert drawdown.burke(X, periods_per_year=12) == pytest.approx(yearly / np.sqrt(0.1))
    assert drawdown.burke(X, periods_per_year=12, modified=True) == pytest.approx(yearly / np.sqrt(0.1) * np.sqrt(6))
    assert drawdown.drawdown_deviation(X) == pytest.approx(np.sqrt(0.1 / 6))
    assert np.isnan(drawdown.calmar([0.1, 0.1]))


def test_a_run_of_losses_can_count_as_one_fall():
    series = [0.1, -0.1, -0.2, 0.05, -0.1]
    assert drawdown.drawdown_deviation(series, falls="losing_runs") == pytest.approx(np.sqrt((0.3**2 + 0.1**2) / 5))
    assert drawdown.drawdown_deviation([0.1], falls="losing_runs") == 0.0


def test_falls_are_listed_for_one_series_only():
    with pytest.raises(Invalid, match="one series at a time"):
        drawdown.drawdowns(np.zeros((2, 3)))


series = st.lists(st.floats(-0.5, 0.5), min_size=1, max_size=40)


@settings(deadline=None)
@given(series)
def test_drawdowns_are_bounded_and_the_deepest_is_the_maximum(values):
    depths = drawdown.drawdown_series(values)
    assert ((depths >= -1) & (depths <= 0)).all()
    falls = drawdown.deepest(values)
    assert drawdown.max_drawdown(values) == pytest.approx(falls[0].depth if falls else 0.0, abs=1e-12)
    assert drawdown.average_drawdown(values) <= drawdown.ulcer_index(values) + 1e-12


@settings(deadline=None)
@given(series, series)
def test_more_history_never_makes_the_deepest_fall_shallower(first, second):
    assert drawdown.max_drawdown(first + second) <= drawdown.max_drawdown(first)
