"""Falls one by one."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dawsos.compute.risk.drawdown import max_drawdown
from dawsos.compute.risk.drawdown_table import DrawdownRow, average_fall, drawdown_at_risk, drawdown_table, entropic_drawdown
from dawsos.kernel.errors import Invalid

SERIES = arrays(np.float64, st.integers(1, 40), elements=st.floats(-0.3, 0.3))
FIRST = date(2026, 1, 1)


def days(count):
    return [FIRST + timedelta(days=step) for step in range(count)]


def test_two_falls_the_last_of_which_lasts():
    # 100 120 90 121 132 118.8 125
    series = [0.2, -0.25, 121 / 90 - 1, 132 / 121 - 1, -0.1, 125 / 118.8 - 1]
    deep, shallow = drawdown_table(series, days(7))
    assert deep == DrawdownRow(pytest.approx(-0.25), days(7)[1], days(7)[2], days(7)[2], days(7)[3], to_trough=1, to_recovery=1, length=2)
    assert shallow == DrawdownRow(pytest.approx(-0.1), days(7)[4], days(7)[5], days(7)[5], None, 1, None, 2)
    assert average_fall(series) == pytest.approx(0.175)
    assert average_fall(series, of="length") == 2
    assert average_fall(series, of="recovery") == 1


@given(SERIES, st.integers(1, 5))
def test_the_table_is_in_order_of_depth_and_begins_with_the_maximum(series, count):
    table = drawdown_table(series, days(series.size + 1), count=count)
    depths = [row.depth for row in table]
    assert depths == sorted(depths)
    assert len(table) <= count
    assert (depths[0] if depths else 0.0) == pytest.approx(max_drawdown(series), abs=1e-15)
    for row in table:
        assert row.peak_date < row.onset_date <= row.trough_date
        assert row.length >= row.to_trough + (row.to_recovery or 0)
        assert (row.recovery_date is None) == (row.to_recovery is None)


@settings(deadline=None)  # the first example imports the optimiser
@given(SERIES)
def test_figures_of_the_drawdown_series_lie_between_none_and_the_deepest(series):
    deepest = max_drawdown(series)
    assert deepest - 1e-12 <= drawdown_at_risk(series) <= 0
    assert deepest - 1e-9 <= entropic_drawdown(series) <= 1e-9


def test_no_falls_blocks_and_dates_that_do_not_fit():
    assert drawdown_table([0.1, 0.1], days(3)) == []
    assert np.isnan(average_fall([0.1, 0.1]))
    assert average_fall([[0.1, -0.1], [0.1, -0.2]]).tolist() == pytest.approx([0.1, 0.2])
    with pytest.raises(Invalid, match="2 dates for 2 returns"):
        drawdown_table([0.1, 0.1], days(2))
