"""Worked examples that anyone can recompute by hand."""

from datetime import date, timedelta

import pytest

from dawsos.compute.returns import daily_returns, irr, link, modified_dietz, xirr


def test_four_values_and_a_flow_on_the_second_day():
    returns = daily_returns([100_000, 101_000, 111_500, 109_000], [0, 0, 10_000, 0]).returns
    assert [round(value, 7) for value in returns] == [0.01, 0.0045045, -0.0224215]
    assert round(link(returns), 7) == -0.0081982


def test_two_contributions_and_a_closing_value_after_a_year():
    start = date(2023, 1, 1)
    days = [start, start + timedelta(days=100), start + timedelta(days=365)]
    assert round(xirr(days, [-100_000, -10_000, 118_000]).rate, 7) == 0.0746350


def test_modified_dietz_of_two_years_against_the_internal_rate():
    assert modified_dietz(100, 300, [50], [0.5]).rate == 1.2
    assert irr([-100, -50, 300]).rate == pytest.approx(0.5, abs=1e-12)
