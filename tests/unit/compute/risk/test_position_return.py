"""How a position did while it was held."""

from datetime import date

import numpy as np
import pytest

from dawsos.compute.risk.position_return import linked_path, position_return, shown

NAN = float("nan")


def days(count):
    return (
        np.arange("2025-01-01", count, dtype="datetime64[D]") if isinstance(count, str) else np.datetime64("2025-01-01") + np.arange(count)
    )


def test_the_days_held_are_linked_and_the_portfolio_is_looked_at_on_the_same_days():
    found = position_return(np.array([NAN, 0.1, -0.2, 0.05]), np.array([0.5, 0.01, 0.02, -0.01]), days(5), None)
    assert found.total_return == pytest.approx(1.1 * 0.8 * 1.05 - 1, abs=1e-8)
    assert found.portfolio_return == pytest.approx(1.01 * 1.02 * 0.99 - 1, abs=1e-8)
    assert (found.start_date, found.end_date, found.n_obs) == (date(2025, 1, 2), date(2025, 1, 5), 3)
    assert found.max_drawdown == pytest.approx(-0.2, abs=1e-8)
    assert (found.max_drawdown_peak_date, found.max_drawdown_trough_date) == (date(2025, 1, 3), date(2025, 1, 4))
    assert found.reasons["recovery_days"] == "not recovered yet"
    assert found.reasons["volatility"] == "daily returns: needs 30, has 3"
    assert found.reasons["annualized_return"] == "calendar days to state a return per year: needs 366, has 3"
    assert found.reasons["risk_free_rate"] == "a risk-free rate"


def test_spread_and_co_movement_are_those_of_the_textbook():
    rng = np.random.default_rng(5)
    whole = rng.normal(0, 0.01, 400)
    own = 1.5 * whole + rng.normal(0, 0.002, 400)
    found = position_return(own, whole, days(401), np.full(400, 0.03))
    slope = np.cov(own, whole)[0, 1] / np.var(whole, ddof=1)
    assert found.beta_to_portfolio == pytest.approx(slope, abs=1e-8)
    assert found.correlation == pytest.approx(np.corrcoef(own, whole)[0, 1], abs=1e-8)
    assert found.volatility == pytest.approx(np.std(own, ddof=1) * np.sqrt(252), abs=1e-8)
    assert found.sharpe == pytest.approx((252 * own.mean() - 0.03) / (np.std(own, ddof=1) * np.sqrt(252)), abs=1e-7)
    assert found.annualized_return == pytest.approx((1 + found.total_return) ** (365 / 400) - 1, abs=1e-6)


def test_a_position_that_was_never_held_has_no_figure_and_says_so():
    found = position_return(np.array([NAN, NAN]), np.array([0.1, 0.1]), days(3), None)
    assert (found.total_return, found.volatility, found.n_obs) == (None, None, 0)
    assert found.reasons["total_return"] == "the position was not held on any valued day of the window"


def test_the_path_keeps_its_last_figure_and_has_none_before_its_first():
    assert linked_path(np.array([NAN, 0.1, NAN, -0.5])) == [None, 0.1, 0.1, -0.45]
    assert shown(np.array([NAN, 0.123456789])) == [None, 0.12345679]
