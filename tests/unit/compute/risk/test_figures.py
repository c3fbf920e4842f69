"""Figures of one series: spread, shape, downside, tails, ratios; what they are on small numbers and what they cannot be."""

from decimal import Decimal

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.risk import downside, moments, ratios, tail
from dawsos.compute.risk.observations import aligned
from dawsos.compute.risk.rolling import rolling
from dawsos.kernel.errors import Invalid

X = np.array([0.02, -0.01, 0.03, -0.04, 0.0, 0.01])
RANDOM = np.random.default_rng(3).standard_t(5, 500) / 100


def test_spread_around_the_mean():
    assert moments.mean(X) == pytest.approx(0.01 / 6)
    assert moments.volatility(X) == pytest.approx(np.std(X, ddof=1) * np.sqrt(252))
    assert moments.volatility(X, periods_per_year=1, ddof=0) == pytest.approx(np.std(X))
    assert moments.mean_absolute_deviation(X) == pytest.approx(np.mean(np.abs(X - X.mean())))
    assert moments.gini_mean_difference(X) == pytest.approx(np.mean([abs(a - b) for i, a in enumerate(X) for b in X[:i]]))


def test_missing_observations_are_left_out_in_every_row_of_a_block():
    block = np.array([[0.01, np.nan, 0.03], [np.nan, np.nan, np.nan], [0.02, 0.02, 0.02]])
    assert moments.mean(block)[[0, 2]] == pytest.approx([0.02, 0.02])
    assert np.isnan(moments.mean(block)[1])
    assert moments.volatility(block, periods_per_year=1)[[0, 2]] == pytest.approx([np.sqrt(0.0002), 0.0])
    assert moments.volatility(block)[2] == 0.0
    assert np.isnan(moments.volatility([0.01]))


def test_the_volatility_of_a_period_comes_from_log_returns_of_its_prices():
    prices = np.array([100.0, 102.0, 99.0, 101.0])
    logs = np.diff(np.log(prices))
    assert moments.period_volatility(prices) == pytest.approx(np.std(logs, ddof=1) * np.sqrt(3))


@pytest.mark.parametrize("method", ["population", "sample"])
def test_shape_agrees_with_scipy(method):
    unbiased = method == "sample"
    assert moments.skewness(RANDOM, method=method) == pytest.approx(scipy.stats.skew(RANDOM, bias=not unbiased))
    assert moments.kurtosis(RANDOM, method=method) == pytest.approx(scipy.stats.kurtosis(RANDOM, bias=not unbiased))
    assert moments.kurtosis(RANDOM, method=method, excess=False) == pytest.approx(scipy.stats.kurtosis(RANDOM, bias=not unbiased) + 3)


def test_the_sample_factor_over_the_population_deviation():
    n, z = X.size, (X - X.mean()) / X.std()
    assert moments.skewness(X, method="sample_over_population_sd") == pytest.approx((z**3).sum() * n / ((n - 1) * (n - 2)))
    raw = (z**4).sum() * n * (n + 1) / ((n - 1) * (n - 2) * (n - 3))
    assert moments.kurtosis(X, method="sample_over_population_sd", excess=False) == pytest.approx(raw)
    assert moments.kurtosis(X, method="sample_over_population_sd") == pytest.approx(raw - 3 * (n - 1) ** 2 / ((n - 2) * (n - 3)))


def test_shape_needs_variation_and_enough_observations():
    assert np.isnan(moments.skewness([0.01, 0.01, 0.01]))
    assert np.isnan(moments.skewness([0.01, 0.02], method="sample"))
    assert np.isnan(moments.kurtosis([0.01, 0.02, 0.03], method="sample"))


def test_a_series_that_alternates_remembers_its_opposite():
    assert moments.autocorrelation([1, -1, 1, -1]) == pytest.approx(-0.75)
    assert moments.autocorrelation([1, -1, 1, -1], lag=2) == pytest.approx(0.5)


def test_exact_decimals_near_ten_million_keep_their_digits():
    values = [Decimal("10000000.2"), *[Decimal("10000000.1"), Decimal("10000000.3")] * 500]
    found = moments.describe(values)
    assert found.mean == 10000000.2
    assert found.standard_deviation == pytest.approx(0.1, abs=1e-14)
    assert found.autocorrelation == pytest.approx(-0.999, abs=1e-12)


def test_too_few_decimals_have_no_spread():
    assert moments.describe([]) == moments.Description(None, None, None)
    assert moments.describe([Decimal("1.5")]) == moments.Description(1.5, None, None)


def test_one_side_of_a_threshold():
    assert downside.downside_deviation(X, threshold=0.005, periods_per_year=1) == pytest.approx(
        np.sqrt((0.015**2 + 0.045**2 + 0.005**2) / 6)
    )
    assert downside.downside_deviation(X, periods_per_year=1, divide_by="side") == pytest.approx(np.sqrt((0.01**2 + 0.04**2) / 2))
    assert downside.downside_potential(X) == pytest.approx(0.05 / 6)
    assert downside.upside_potential(X) == pytest.approx(0.06 / 6)
    assert downside.upside_risk(X) == pytest.approx(np.sqrt(0.0014 / 6))
    assert downside.semi_deviation(X) == pytest.approx(np.sqrt(np.mean(np.minimum(X - X.mean(), 0) ** 2)))
    assert downside.semi_deviation(X, ddof=1) == pytest.approx(np.sqrt(np.sum(np.minimum(X - X.mean(), 0) ** 2) / 5))
    assert (downside.downside_frequency(X), downside.upside_frequency(X)) == pytest.approx((2 / 6, 3 / 6))


def test_ratios_of_the_two_sides():
    assert downside.omega(X) == pytest.approx(0.06 / 0.05)
    assert downside.omega_sharpe(X) == pytest.approx(0.2)
    assert downside.kappa(X, order=2) == pytest.approx(X.mean() / np.sqrt(0.0017 / 6))
    assert downside.d_ratio(X) == pytest.approx((2 * 0.05) / (3 * 0.06))
    assert downside.volatility_skewness(X) == pytest.approx(0.0014 / 0.0017)
    assert downside.variability_skewness(X) == pytest.approx(np.sqrt(0.0014 / 0.0017))
    assert downside.upside_potential_ratio(X) == pytest.approx((0.06 / 6) / np.sqrt(0.0017 / 6))
    assert downside.prospect_ratio(X, threshold=0.001) == pytest.approx(
        ((0.06 - 2.25 * 0.05) / 6 - 0.001) / downside.downside_deviation(X, threshold=0.001, periods_per_year=1)
    )
    assert downside.prospect_ratio(X, threshold=0.001, threshold_from="sum") == pytest.approx(
        (0.06 - 2.25 * 0.05 - 0.001) / 6 / downside.downside_deviation(X, threshold=0.001, periods_per_year=1)
    )


def test_without_a_loss_there_is_no_ratio_over_losses():
    for figure in (downside.omega, downside.kappa, downside.volatility_skewness, downside.upside_potential_ratio, ratios.payoff_ratio):
        assert np.isnan(figure([0.01, 0.02])), figure.__name__


def test_reward_over_risk():
    assert ratios.sharpe(X, risk_free=0.001) == pytest.approx((X.mean() - 0.001) / X.std(ddof=1) * np.sqrt(252))
    riskless = np.array([0.001, 0.002, 0.001, 0.0, 0.001, 0.001])
    assert ratios.sharpe(X, risk_free=riskless) == pytest.approx((X - riskless).mean() / (X - riskless).std(ddof=1) * np.sqrt(252))
    assert ratios.sharpe(X, risk_free=riskless, deviation_of="total") == pytest.approx((X - riskless).mean() / X.std(ddof=1) * np.sqrt(252))
    assert ratios.sharpe(X, method="geometric", periods_per_year=12) == pytest.approx(
        (np.prod(1 + X) ** 2 - 1) / (X.std(ddof=1) * np.sqrt(12))
    )
    assert ratios.sortino(X, periods_per_year=4) == pytest.approx(X.mean() * 4 / (np.sqrt(0.0017 / 6) * 2))
    assert np.isnan(ratios.sharpe([0.01, 0.01, 0.01]))


def test_the_adjusted_sharpe_ratio_bends_with_shape():
    s, skew, kurt = ratios.sharpe(X), moments.skewness(X), moments.kurtosis(X)
    assert ratios.adjusted_sharpe(X) == pytest.approx(s * (1 + skew / 6 * s - kurt / 24 * s**2))
    assert ratios.skewness_kurtosis_ratio(X) == pytest.approx(skew / (kurt + 3))


def test_a_straight_log_path_is_perfectly_stable():
    assert ratios.stability(np.full(50, 0.01)) == pytest.approx(1.0)
    assert np.isnan(ratios.stability([0.0, 0.0, 0.0]))
    assert np.isnan(ratios.stability([0.1, 0.2]))
    assert np.isnan(ratios.stability([0.1, -1.0, 0.2]))
    path = np.cumsum(np.log1p(X))
    assert ratios.stability(X) == pytest.approx(scipy.stats.linregress(range(6), path).rvalue ** 2)


def test_wins_and_losses():
    assert ratios.win_rate(X) == 0.5
    assert ratios.win_rate(X, among="moves") == 0.6
    assert ratios.average_win(X) == pytest.approx(0.02)
    assert ratios.average_loss(X) == pytest.approx(-0.025)
    assert ratios.payoff_ratio(X) == pytest.approx(0.8)
    assert ratios.tail_ratio(RANDOM) == pytest.approx(abs(np.quantile(RANDOM, 0.95)) / abs(np.quantile(RANDOM, 0.05)))


def test_quantiles_interpolate_between_observations():
    assert tail.quantile([4, 1, 3, 2], 0.25) == pytest.approx(1.75)
    assert list(tail.quantile([[1, 2, np.nan], [5, 5, 5]], 0.5)) == [1.5, 5]
    assert np.isnan(tail.quantile([np.nan], 0.5))
    assert np.isnan(tail.quantile([], 0.5))


def test_losses_in_the_tail():
    losses = -np.arange(1, 101) / 100
    assert tail.historical_var(losses) == pytest.approx(np.quantile(losses, 0.05))
    assert tail.historical_var(losses, method="worst") == -0.96
    assert tail.historical_cvar(losses) == pytest.approx(-0.98)
    assert tail.historical_cvar(losses[:50], method="fractional") == pytest.approx(-(0.50 + 0.49 + 0.5 * 0.48) / 2.5)
    assert np.isnan(tail.historical_cvar([np.nan]))
    assert np.isnan(tail.historical_var([np.nan], method="worst"))


def test_parametric_tails_agree_with_the_normal_distribution():
    normal = scipy.stats.norm(RANDOM.mean(), RANDOM.std())
    assert tail.gaussian_var(RANDOM) == pytest.approx(normal.ppf(0.05))
    assert tail.gaussian_cvar(RANDOM) == pytest.approx(normal.expect(lambda v: v, ub=normal.ppf(0.05)) / 0.05)
    assert tail.cornish_fisher_quantile(-1.6, np.array(0.0), np.array(0.0)) == -1.6
    assert tail.edgeworth_tail_mean(np.array(-1.6), np.array(0.0), np.array(0.0)) == pytest.approx(scipy.stats.norm.pdf(1.6))


def test_skewed_and_fat_tailed_returns_have_a_deeper_tail_than_normal_ones():
    skewed = np.concatenate([np.full(95, 0.002), np.full(5, -0.05)]) + np.linspace(0, 1e-4, 100)
    assert tail.cornish_fisher_var(skewed) < tail.gaussian_var(skewed)
    assert tail.cornish_fisher_cvar(skewed) <= tail.cornish_fisher_var(skewed)


def test_the_entropic_value_at_risk_bounds_the_others():
    assert tail.entropic_var(RANDOM) <= tail.historical_cvar(RANDOM, method="fractional") <= tail.historical_var(RANDOM)
    normal = np.random.default_rng(0).normal(0, 0.01, 200_000)
    assert tail.entropic_var(normal) == pytest.approx(-0.01 * np.sqrt(-2 * np.log(0.05)), rel=0.02)


def test_windows_move_one_observation_at_a_time():
    assert list(rolling(moments.mean, [1, 2, 3, 4], 2)) == [1.5, 2.5, 3.5]
    assert rolling(moments.mean, [1.0], 2).size == 0
    with pytest.raises(Invalid, match="window of 0"):
        rolling(moments.mean, [1.0], 0)


def test_series_must_be_aligned_before_they_are_compared():
    with pytest.raises(Invalid, match="3 returns and 2 of the benchmark"):
        aligned([1, 2, 3], [1, 2])


series = st.lists(st.floats(-0.2, 0.2, allow_subnormal=False), min_size=2, max_size=40)


@settings(deadline=None)
@given(series, st.floats(-0.05, 0.05))
def test_the_sides_of_a_threshold_add_up_to_the_mean(values, threshold):
    surplus, shortfall = downside.upside_potential(values, threshold=threshold), downside.downside_potential(values, threshold=threshold)
    assert surplus - shortfall == pytest.approx(moments.mean(values) - threshold, abs=1e-12)


@settings(deadline=None)
@given(series)
def test_spreads_keep_their_order(values):
    mad, deviation = moments.mean_absolute_deviation(values), moments.volatility(values, periods_per_year=1, ddof=0)
    assert mad <= deviation + 1e-12
    assert downside.semi_deviation(values) <= deviation + 1e-12
    assert min(values) - 1e-12 <= tail.historical_cvar(values) <= tail.historical_var(values) + 1e-12


@settings(deadline=None)
@given(series, st.floats(-0.1, 0.1), st.floats(0.1, 10))
def test_moving_and_stretching_returns_moves_and_stretches_their_tails(values, shift, factor):
    moved = np.array(values) * factor + shift
    assert tail.historical_var(moved) == pytest.approx(tail.historical_var(values) * factor + shift, abs=1e-12)
    assert tail.gaussian_cvar(moved) == pytest.approx(tail.gaussian_cvar(values) * factor + shift, abs=1e-9)
