"""Conventions of value at risk and shortfall, and figures of the tail."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from dawsos.compute.risk import co_moments, inference, reward
from dawsos.compute.risk.moments import central_moment, geometric_mean
from dawsos.compute.risk.relative import share_ratio, timing_ratio
from dawsos.compute.risk.tail import (
    entropic_risk,
    gaussian_var,
    historical_cvar,
    historical_var,
    monte_carlo_tail,
    over_horizon,
    student_var,
)
from dawsos.kernel.errors import Invalid

SERIES = arrays(np.float64, st.integers(20, 60), elements=st.floats(-0.2, 0.2))


@given(SERIES, st.sampled_from(["worst", "hazen", "weibull", "lower", "higher", "midpoint", "median_unbiased"]), st.floats(0.01, 0.3))
def test_every_convention_lies_between_its_neighbours_and_scales(series, method, tail):
    found = historical_var(series, tail=tail, method=method)
    assert series.min() <= found <= series.max()
    assert historical_var(2 * series, tail=tail, method=method) == pytest.approx(2 * found, abs=1e-15)
    assert historical_var(series[::-1], tail=tail, method=method) == found


@given(SERIES, st.floats(0.01, 0.3))
def test_shortfall_is_never_better_than_the_loss_it_belongs_to(series, tail):
    for quantile_method in ("linear", "worst", "weibull"):
        edge = historical_var(series, tail=tail, method=quantile_method)
        assert historical_cvar(series, tail=tail, quantile_method=quantile_method) <= edge + 1e-15
    assert historical_cvar(series, tail=tail, method="below_position") <= historical_var(series, tail=tail) + 1e-15


def test_the_floor_of_the_position_counts_the_worst():
    assert historical_cvar(np.arange(10.0), tail=0.25, method="below_position") == pytest.approx((0 + 1 + 2) / 3)


def test_student_and_normal_tails():
    series = np.random.default_rng(1).normal(0, 0.01, 500)
    assert student_var(series, degrees=1e9) == pytest.approx(gaussian_var(series), rel=1e-6)
    expected = series.mean() + stats.t.ppf(0.01, 4) * series.std() * np.sqrt(0.5)
    assert student_var(series, degrees=4, tail=0.01) == pytest.approx(expected)
    with pytest.raises(Invalid, match="2 degrees has no variance"):
        student_var(series, degrees=2)


def test_drawn_paths_repeat_and_come_near_the_normal_tail():
    series = np.random.default_rng(2).normal(0.0005, 0.01, 400)
    var, cvar = monte_carlo_tail(series, np.random.default_rng(5), draws=100_000)
    assert (var, cvar) == monte_carlo_tail(series, np.random.default_rng(5), draws=100_000)
    assert var == pytest.approx(gaussian_var(series, ddof=1), rel=0.02)
    assert cvar < var
    ten, _ = monte_carlo_tail(series, np.random.default_rng(5), draws=50_000, horizon=10)
    assert ten == pytest.approx(over_horizon(gaussian_var(series, ddof=1), 10, mean=series.mean()), rel=0.05)
    assert np.isnan(monte_carlo_tail([0.01], np.random.default_rng(5))[0])
    with pytest.raises(Invalid, match="one series"):
        monte_carlo_tail(np.zeros((2, 3)), np.random.default_rng(5))


def test_ten_days_are_the_root_of_ten_times_one():
    assert over_horizon(-0.02, 10) == pytest.approx(-0.02 * 10**0.5)
    assert over_horizon([-0.02, -0.01], 4, mean=0.001).tolist() == pytest.approx([0.004 - 0.042, 0.004 - 0.022])
    with pytest.raises(Invalid, match="horizon of 0"):
        over_horizon(-0.02, 0)


@given(SERIES)
def test_the_entropic_figure_bounds_the_mean_and_moves_with_a_shift(series):
    found = entropic_risk(series, tail=1.0)
    assert found <= series.mean() + 1e-12
    assert entropic_risk(series + 0.01, tail=0.05) == pytest.approx(entropic_risk(series, tail=0.05) + 0.01, abs=1e-9)
    with pytest.raises(Invalid, match="risk aversion of 0"):
        entropic_risk(series, aversion=0)


@given(SERIES)
def test_moments_of_a_series_with_itself_are_its_own(series):
    assert co_moments.coskewness(series, series) == pytest.approx(central_moment(series, 3), abs=1e-15)
    assert co_moments.cokurtosis(series, series) == pytest.approx(central_moment(series, 4), abs=1e-15)
    third = co_moments.beta_coskewness(series, series)
    assert np.isnan(third) or third == pytest.approx(1)
    if np.ptp(series) > 1e-3:
        assert co_moments.beta_cokurtosis(2 * series, series) == pytest.approx(2)


def test_geometric_mean_compounds_back():
    series = [0.1, -0.05, np.nan, 0.02]
    assert (1 + geometric_mean(series)) ** 3 == pytest.approx(1.1 * 0.95 * 1.02)
    assert np.isnan(geometric_mean([-1.5, 0.1]))
    assert geometric_mean([-1.0, 0.1]) == -1.0


def test_statistics_against_scipy():
    series = np.random.default_rng(8).standard_t(5, 300) * 0.01
    assert inference.jarque_bera(series) == pytest.approx(stats.jarque_bera(series).statistic)
    assert inference.standard_error_of_mean(series) == pytest.approx(stats.sem(series))
    low, high = stats.t.interval(0.95, 299, series.mean(), stats.sem(series))
    assert (inference.confidence_of_mean(series), inference.confidence_of_mean(series, side="upper")) == pytest.approx((low, high))
    with pytest.raises(Invalid, match=r"confidence of 1\.5"):
        inference.confidence_of_mean(series, level=1.5)
    with pytest.raises(Invalid, match="0 lags"):
        inference.ljung_box(series, lags=0)


def test_ljung_box_of_a_series_that_alternates():
    # rho_1 = −9/10, so 10·12/9·0.81.
    assert inference.ljung_box([1, -1] * 5, lags=1) == pytest.approx(10 * 12 / 9 * 0.81)


def test_the_probability_of_a_sharpe_ratio():
    series = np.random.default_rng(9).normal(0.001, 0.01, 250)
    s, error = series.mean() / series.std(ddof=1), inference.sharpe_standard_error(series)
    assert inference.probabilistic_sharpe(series) == pytest.approx(stats.norm.cdf(s / error))
    assert inference.probabilistic_sharpe(series, benchmark_sharpe=s) == pytest.approx(0.5)
    deflated = inference.deflated_sharpe(series, trials=50, variance=0.002)
    assert deflated < inference.probabilistic_sharpe(series)
    # With exactly the track record that is needed one is as sure as asked.
    needed = inference.minimum_track_record(series, confidence=0.9)
    assert (needed - 1) == pytest.approx((stats.norm.ppf(0.9) / s * error) ** 2 * 249)
    assert np.isnan(inference.minimum_track_record(-np.abs(series)))
    with pytest.raises(Invalid, match="1 trials"):
        inference.expected_highest_sharpe(1, 1.0)


def test_memory():
    assert inference.hurst_exponent([0.01, 0.01]) != inference.hurst_exponent([0.01, 0.01])
    rising = inference.hurst_exponent(np.concatenate([np.full(50, 0.01), np.full(50, -0.01)]) + np.tile([1e-6, -1e-6], 50))
    falling = inference.hurst_exponent(np.tile([0.01, -0.01], 50))
    assert rising > 0.7
    assert falling < 0.3
    smoothed = np.convolve(np.random.default_rng(3).normal(0, 0.01, 400), [0.6, 0.4], mode="valid")
    plain = inference.unsmoothed(smoothed)
    assert plain.shape == (398,)
    assert plain.std() > 1.3 * smoothed.std()


def test_rewards_by_hand():
    series = np.array([0.03, -0.01, 0.02, -0.02, 0.04])
    mean = series.mean()
    assert reward.gain_to_pain(series) == pytest.approx(0.06 / 0.03)
    assert reward.profit_factor(series) == pytest.approx(0.09 / 0.03)
    assert reward.minimax_ratio(series) == pytest.approx(mean / 0.02)
    assert reward.mad_ratio(series) == pytest.approx(mean / np.abs(series - mean).mean())
    assert reward.cpc_index(series) == pytest.approx(3 * 0.6 * (0.03 / 0.015))
    assert reward.kelly(series) == pytest.approx(mean / series.var(ddof=1))
    assert reward.kelly(series, half=True) == pytest.approx(mean / series.var(ddof=1) / 2)
    assert reward.longest_streak(series, of="gains") == 1
    assert reward.longest_streak([0.1, 0.1, np.nan, 0.1, -0.1], of="gains") == 3
    assert reward.longest_streak([[-0.1, -0.1], [0.1, 0.1]], of="losses").tolist() == [2, 0]
    assert reward.recovery_factor(series) == pytest.approx((np.prod(1 + series) - 1) / 0.02)
    assert reward.risk_of_ruin(series) == pytest.approx((0.4 / 1.6) ** 5)
    assert reward.drawdown_reward(series, risk="maximum") == pytest.approx(mean / 0.02)
    assert reward.outlier_ratio(series, side="gains", share=1.0) == pytest.approx(0.04 / 0.03)
    assert reward.outlier_ratio(series, side="losses", share=1.0) == pytest.approx(0.02 / 0.015)


@given(SERIES, st.floats(0.1, 10))
def test_rewards_without_a_unit_do_not_change_with_scale(series, scale):
    for of in (reward.reward_to_var, reward.reward_to_cvar, reward.rachev, reward.gini_ratio, reward.common_sense_ratio):
        small, large = of(series), of(scale * series)
        assert (np.isnan(small) and np.isnan(large)) or small == pytest.approx(large, rel=1e-6, abs=1e-12)


def test_rewards_of_the_three_tails_and_of_blocks():
    block = np.random.default_rng(4).normal(0.001, 0.01, (3, 200))
    for model in ("historical", "gaussian", "cornish_fisher"):
        assert reward.reward_to_cvar(block, model=model).shape == (3,)
        assert (reward.reward_to_cvar(block, model=model) < reward.reward_to_var(block, model=model)).any()
    for risk in ("maximum", "average", "conditional", "ulcer"):
        assert reward.drawdown_reward(block, risk=risk)[1] == pytest.approx(reward.drawdown_reward(block[1], risk=risk))
    assert reward.smart_sharpe(block)[2] == pytest.approx(reward.smart_sharpe(block[2]))
    memory = np.convolve(block[0], np.ones(5) / 5, mode="valid")
    assert abs(reward.smart_sharpe(memory)) < 0.6 * abs(memory.mean() / memory.std(ddof=1) * 252**0.5)


def test_shares_of_rising_and_falling_periods():
    own, other = [0.02, -0.01, 0.01, -0.03, 0.0], [0.01, 0.02, -0.01, -0.02, 0.0]
    assert share_ratio(own, other, side="up") == 0.5
    assert share_ratio(own, other, side="down") == 0.5
    assert share_ratio(own, other, side="up", of="percentage") == 0.5
    assert share_ratio(own, other, side="down", of="percentage") == 0.5
    assert np.isnan(share_ratio([0.01], [0.0], side="up"))
    market = np.linspace(-0.05, 0.05, 21)
    assert timing_ratio(np.where(market > 0, 1.5 * market, 0.5 * market), market) == pytest.approx(3)
