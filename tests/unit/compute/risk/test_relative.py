"""Figures against a benchmark."""

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.risk import relative
from dawsos.compute.risk.downside import downside_deviation

RANDOM = np.random.default_rng(8)
B = RANDOM.normal(0.006, 0.04, 60)
X = 0.002 + 0.8 * B + RANDOM.normal(0, 0.01, 60)
YEAR = {"periods_per_year": 12}


def yearly(series):
    return np.prod(1 + series) ** (12 / series.size) - 1


def test_beta_and_correlation_are_those_of_a_regression():
    line = scipy.stats.linregress(B, X)
    assert relative.beta(X, B) == pytest.approx(line.slope)
    assert relative.correlation(X, B) == pytest.approx(line.rvalue)
    assert relative.covariance(X, B) == pytest.approx(np.cov(X, B)[0, 1])
    assert relative.fama_beta(X, B) == pytest.approx(X.std() / B.std())
    assert relative.beta(X, B, when="up") == pytest.approx(scipy.stats.linregress(B[B > 0], X[B > 0]).slope)
    assert relative.beta(X, B, when="down") == pytest.approx(scipy.stats.linregress(B[B < 0], X[B < 0]).slope)


def test_r9_alpha_by_each_method():
    line = scipy.stats.linregress(B - 0.001, X - 0.001)
    assert relative.alpha(X, B, risk_free=0.001, method="arithmetic", **YEAR) == pytest.approx(12 * line.intercept)
    assert relative.alpha(X, B, risk_free=0.001, method="regression", **YEAR) == pytest.approx((1 + line.intercept) ** 12 - 1)
    assert relative.alpha(X, B, risk_free=0.001, **YEAR) == pytest.approx(yearly(X - 0.001) - line.slope * yearly(B - 0.001))
    assert relative.regression_epsilon(X, B, **YEAR) == pytest.approx(
        yearly(X) - relative.beta(X, B) * yearly(B) - scipy.stats.linregress(B, X).intercept
    )


def test_active_return_and_its_risk():
    error = np.std(X - B, ddof=1) * np.sqrt(12)
    assert relative.active_premium(X, B, **YEAR) == pytest.approx(yearly(X) - yearly(B))
    assert relative.tracking_error(X, B, **YEAR) == pytest.approx(error)
    assert relative.information_ratio(X, B, **YEAR) == pytest.approx((yearly(X) - yearly(B)) / error)
    assert relative.information_ratio(X, B, method="arithmetic", **YEAR) == pytest.approx(12 * (X - B).mean() / error)
    assert np.isnan(relative.information_ratio(X + 0.001, X))
    assert relative.batting_average(X, B) == pytest.approx(np.mean(X > B))


def test_reward_for_the_risk_of_the_market():
    assert relative.treynor(X, B, risk_free=0.001, **YEAR) == pytest.approx(yearly(X - 0.001) / relative.beta(X, B))
    systematic = relative.systematic_risk(X, B, **YEAR)
    assert relative.treynor(X, B, modified=True, **YEAR) == pytest.approx(yearly(X) / systematic)
    assert np.isnan(relative.treynor(X, np.zeros(60)))


def test_total_risk_is_systematic_and_specific_risk():
    systematic, specific = relative.systematic_risk(X, B, **YEAR), relative.specific_risk(X, B, **YEAR)
    assert systematic == pytest.approx(relative.beta(X, B) * B.std() * np.sqrt(12))
    assert np.hypot(systematic, specific) == pytest.approx(X.std() * np.sqrt(12))
    assert relative.total_risk(X, B, **YEAR) == pytest.approx(X.std() * np.sqrt(12))
    assert relative.appraisal_ratio(X, B, **YEAR) == pytest.approx(relative.alpha(X, B, **YEAR) / specific)


def test_returns_at_the_risk_of_the_market():
    m2 = (yearly(X) - 0.02) * B.std() / X.std() + 0.02
    assert relative.m_squared(X, B, risk_free=0.02, **YEAR) == pytest.approx(m2)
    assert relative.m_squared_excess(X, B, risk_free=0.02, **YEAR) == pytest.approx((1 + m2) / (1 + yearly(B)) - 1)
    assert relative.m_squared_excess(X, B, risk_free=0.02, method="arithmetic", **YEAR) == pytest.approx(m2 - yearly(B))
    mine, theirs = (downside_deviation(side, threshold=0.001, **YEAR) for side in (X, B))
    assert relative.m_squared_sortino(X, B, threshold=0.001, **YEAR) == pytest.approx(
        yearly(X) + (yearly(X) - 0.001) / mine * (theirs - mine)
    )
    assert relative.omega_excess_return(X, B, threshold=0.001, **YEAR) == pytest.approx(yearly(X) - 3 * mine * theirs)


def test_net_selectivity_takes_off_what_diversification_given_up_should_earn():
    beta, fama = relative.beta(X, B), relative.fama_beta(X, B)
    expected = yearly(X) - 0.02 - beta * (yearly(B) - 0.02) - (fama - beta) * (yearly(B) - 0.02)
    assert relative.net_selectivity(X, B, risk_free=0.02, **YEAR) == pytest.approx(expected)


@pytest.mark.parametrize("side", ["up", "down"])
def test_capture_by_each_method(side):
    kept = B > 0 if side == "up" else B < 0
    mine, theirs = X[kept], B[kept]
    assert relative.capture(X, B, side=side) == pytest.approx((np.prod(1 + mine) - 1) / (np.prod(1 + theirs) - 1))
    assert relative.capture(X, B, side=side, method="means") == pytest.approx(mine.mean() / theirs.mean())
    assert relative.capture(X, B, side=side, method="annualised", **YEAR) == pytest.approx(yearly(mine) / yearly(theirs))


def test_a_market_that_never_rose_captures_nothing():
    assert np.isnan(relative.capture(X, -np.abs(B), side="up"))
    assert np.isnan(relative.capture(X, -np.abs(B), side="up", method="means"))


def test_pairs_need_both_sides_and_one_benchmark_serves_a_block():
    gaps = X.copy()
    gaps[4:9] = np.nan
    block = relative.beta(np.array([X, gaps]), B)
    known = ~np.isnan(gaps)
    assert list(block) == pytest.approx([relative.beta(X, B), relative.beta(X[known], B[known])])


@settings(deadline=None)
@given(st.floats(-3, 3).filter(lambda slope: abs(slope) > 1e-3), st.floats(-0.01, 0.01))
def test_a_line_has_its_slope_for_beta(slope, intercept):
    assert relative.beta(intercept + slope * B, B) == pytest.approx(slope, rel=1e-9)
    assert relative.alpha(intercept + slope * B, B, method="arithmetic", **YEAR) == pytest.approx(12 * intercept, abs=1e-12)


@settings(deadline=None)
@given(st.permutations(list(range(60))))
def test_the_order_of_days_does_not_matter(order):
    assert relative.information_ratio(X[order], B[order]) == pytest.approx(relative.information_ratio(X, B), rel=1e-9)
    assert relative.capture(X[order], B[order], side="down") == pytest.approx(relative.capture(X, B, side="down"), rel=1e-9)
