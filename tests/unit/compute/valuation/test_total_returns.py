"""Closes as quoted, made comparable across splits and dividends."""

from datetime import date

import numpy as np
import pytest

from dawsos.compute.valuation.total_returns import ShareEvent, total_return_levels

DAYS = np.array(["2020-01-01", "2020-01-02", "2020-01-03", "2020-01-06"], dtype="datetime64[D]")


def test_a_split_changes_nothing_and_a_dividend_is_earned():
    closes = np.array([100.0, 50.0, 49.0, 49.0])
    events = [ShareEvent(date(2020, 1, 2), split=2.0), ShareEvent(date(2020, 1, 3), dividend=1.0)]
    levels = total_return_levels(DAYS, closes, events)
    assert (levels[1:] / levels[:-1] - 1).tolist() == pytest.approx([0.0, 0.0, 0.0])  # 49 + 1 over 50


def test_what_falls_on_a_day_without_a_close_counts_on_the_next_and_what_came_before_not_at_all():
    closes = np.array([np.nan, 100.0, np.nan, 51.0])
    events = [ShareEvent(date(2019, 12, 1), split=3.0), ShareEvent(date(2020, 1, 2), dividend=9.0), ShareEvent(date(2020, 1, 4), split=2.0)]
    levels = total_return_levels(DAYS, closes, events)
    assert levels[3] / levels[1] == pytest.approx(1.02) and np.isnan(levels[[0, 2]]).all()
