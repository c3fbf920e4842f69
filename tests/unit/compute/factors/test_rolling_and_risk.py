"""Rolling betas, risk by factor, position betas and the models built on them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dawsos.compute.factors.definitions import CORE_FACTORS, FACTOR_NAMES, factor_panel, levels
from dawsos.compute.factors.market import market_timing, momentum, return_attribution, style_regression
from dawsos.compute.factors.position_betas import Method, position_betas
from dawsos.compute.factors.priors import prior_betas
from dawsos.compute.factors.regression import regress
from dawsos.compute.factors.risk import checked_covariance, factor_risk, nearest_covariance
from dawsos.compute.factors.rolling import rolling_regression
from dawsos.kernel.errors import Invalid

RANDOM = np.random.default_rng(11)
FACTORS = RANDOM.normal(0, 0.01, (300, 2))
RETURNS = FACTORS @ np.array([[1.0, 0.3], [0.2, -0.8], [0.0, 0.5]]).T + RANDOM.normal(0, 0.005, (300, 3))
RETURNS = np.ascontiguousarray(RETURNS.T)


def test_every_window_is_a_regression_of_its_own():
    found = rolling_regression(RETURNS, FACTORS, window=60)
    assert found.shape == (3, 241, 3)
    for start in (0, 63, 64, 65, 240):
        part = slice(start, start + 60)
        assert found[:, start] == pytest.approx(regress(RETURNS[:, part], FACTORS[part]).coefficients, rel=1e-9)
    assert rolling_regression(RETURNS[1], FACTORS, window=60) == pytest.approx(found[1], rel=1e-12)


def test_windows_in_which_factors_nearly_agree_or_one_day_outweighs_all_keep_their_digits():
    near = FACTORS.copy()
    near[100:200, 1] = near[100:200, 0] + 1e-6 * near[100:200, 1]  # nearly one factor within a stretch of the history
    huge = FACTORS.copy()
    huge[70] = 1e5
    for factors in (near, huge):
        found = rolling_regression(RETURNS[0], factors, window=60)
        for start in (0, 10, 11, 70, 71, 75, 90, 100, 120, 140, 141, 200):
            part = slice(start, start + 60)
            alone = regress(RETURNS[0, part], factors[part])
            assert found[start] == pytest.approx(alone.coefficients, rel=1e-7, abs=1e-4 * alone.standard_errors.min())


def test_a_window_with_gaps_is_fitted_on_what_there_is():
    gaps = RETURNS.copy()
    gaps[1, 100:140] = np.nan
    found = rolling_regression(gaps, FACTORS, window=60)
    assert found[1, 85] == pytest.approx(regress(gaps[1, 85:145], FACTORS[85:145], minimum=0).coefficients) or np.isnan(found[1, 85]).all()
    assert np.isnan(found[1, 95]).all()  # 20 of 60 observations
    assert found[1, 60] == pytest.approx(regress(gaps[1, 60:120], FACTORS[60:120]).coefficients)
    assert found[1, 140] == pytest.approx(regress(RETURNS[1, 140:200], FACTORS[140:200]).coefficients, rel=1e-9)


def test_a_window_too_short_is_refused():
    with pytest.raises(Invalid, match="A window of 3 over 300"):
        rolling_regression(RETURNS, FACTORS, window=3)


@settings(deadline=None, max_examples=25)
@given(arrays(float, (4, 3), elements=st.floats(-5, 5)), arrays(float, (3, 3), elements=st.floats(-1, 1)), st.floats(0, 1))
def test_contributions_sum_to_the_variance(betas, root, residual):
    covariance = root @ root.T
    risk = factor_risk(betas, (covariance + covariance.T) / 2, residual, periods_per_year=252)
    assert risk.factor_contributions.sum(axis=1) == pytest.approx(risk.factor_variance, abs=1e-12)
    whole = risk.variance > 1e-12
    assert (risk.factor_shares.sum(axis=1) + risk.idiosyncratic_share)[whole] == pytest.approx(1.0)
    parts = risk.volatility_contributions.sum(axis=1) + risk.idiosyncratic_variance / np.where(whole, risk.volatility, 1.0)
    assert parts[whole] == pytest.approx(risk.volatility[whole])


def test_the_published_formula_of_one_portfolio():
    betas, covariance = np.array([1.0, 2.0]), np.array([[4e-4, 1e-4], [1e-4, 1e-4]])
    risk = factor_risk(betas, covariance, 2e-4, periods_per_year=12)
    assert risk.factor_contributions == pytest.approx([12 * 1 * 6e-4, 12 * 2 * 3e-4])
    assert risk.variance == pytest.approx(12 * (12e-4 + 2e-4))


def test_a_table_that_is_no_covariance_is_refused_or_repaired():
    wrong = np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])
    with pytest.raises(Invalid, match="negative variance"):
        checked_covariance(wrong)
    repaired = checked_covariance(nearest_covariance(wrong))
    assert np.diag(repaired) == pytest.approx(1.0)
    right = np.diag([1.0, 2.0])
    assert (nearest_covariance(right) == right).all()


def test_priors_have_the_sign_of_a_loss():
    place = {name: index for index, name in enumerate(FACTOR_NAMES)}
    assert prior_betas("BOND")[place["credit"]] == -5.0
    assert prior_betas("EQUITY", "Financial Services")[place["credit"]] == -1.5
    assert prior_betas("EQUITY", "Financials")[place["equity"]] == 1.1
    assert prior_betas("EQUITY", "Basic Materials")[place["inflation"]] == 2.0
    assert prior_betas("EQUITY", "Health Care", is_usd=False).tolist() == [-2.0, -3.0, -0.5, -0.5, 1.0]
    assert prior_betas("cash").tolist() == [0.0] * 5


def test_a_position_with_too_little_history_has_its_prior():
    returns = RETURNS.copy()
    returns[2, 50:] = np.nan
    priors = np.array([[1.0, 0.0], [1.0, 0.0], [0.9, 0.1]])
    found = position_betas(returns, FACTORS, priors)
    assert found.methods == (Method.REGRESSION, Method.REGRESSION, Method.PRIOR)
    assert found.betas[2].tolist() == [0.9, 0.1] and np.isnan(found.standard_errors[2]).all() and found.observations[2] == 50
    assert found.betas[0] == pytest.approx(regress(returns[0], FACTORS).betas)


def test_shrinkage_lies_between_estimate_and_prior_and_ends_in_either():
    priors = np.zeros((3, 2))
    own = position_betas(RETURNS, FACTORS, priors).betas
    near = position_betas(RETURNS, FACTORS, priors, prior_deviation=1e-9)
    far = position_betas(RETURNS, FACTORS, priors, prior_deviation=1e9)
    half = position_betas(RETURNS, FACTORS, priors, prior_deviation=position_betas(RETURNS, FACTORS, priors).standard_errors)
    assert near.betas == pytest.approx(priors, abs=1e-9) and far.betas == pytest.approx(own)
    assert half.betas == pytest.approx(own / 2) and half.methods[0] is Method.SHRUNK


def test_timing_sees_a_manager_who_leaves_a_falling_market():
    market = RANDOM.normal(0.005, 0.04, 200)
    fit = market_timing(0.001 + np.where(market > 0, market, 0.4 * market), market)
    assert fit.coefficients == pytest.approx([0.001, 1.0, 0.6], abs=1e-12)
    assert market_timing(market + 0.5 * market**2, market, method="treynor_mazuy").coefficients == pytest.approx([0, 1, 0.5], abs=1e-12)


def test_a_style_model_takes_off_the_riskless_rate():
    styles = {"market": FACTORS[:, 0], "size": FACTORS[:, 1]}
    fit = style_regression(0.002 + 0.9 * FACTORS[:, 0] - 0.2 * FACTORS[:, 1], styles, risk_free=0.001)
    assert fit.coefficients == pytest.approx([0.001, 0.9, -0.2], abs=1e-12)


def test_returns_are_attributed_without_a_rest():
    fit = regress(RETURNS[0], FACTORS)
    parts = return_attribution(fit, FACTORS, np.ones(300, dtype=bool))
    assert float(parts["alpha"]) + parts["factors"].sum() == pytest.approx(RETURNS[0].sum(), abs=1e-12)


def test_momentum_is_a_distance_from_the_moving_average():
    series = np.arange(1.0, 101.0)
    found = momentum(series)
    assert np.isnan(found[:89]).all()
    assert found[89:] == pytest.approx((90 - 45.5) / np.std(np.arange(1, 91), ddof=1))
    assert np.isnan(momentum(np.ones(100))).all()


def test_rates_change_by_differences_and_indices_relatively():
    days = np.array(["2024-01-02", "2024-01-03", "2024-01-05"], dtype="datetime64[D]")
    rates = levels(days, np.array([0.0175, 0.0180, 0.0170]))
    observed = {"DFII10": rates, "T10YIE": rates, "BAA10Y": rates, "DTWEXBGS": levels(days, np.array([100.0, 101.0, 101.0])),
                "SP500": levels(days, np.array([4000.0, 4040.0, 3999.6]))}  # fmt: skip
    panel = factor_panel(observed, risk_free=levels(days[:1], np.array([0.0365])))
    assert panel.names == FACTOR_NAMES and panel.sources[2] == "BAA10Y"
    assert panel.changes[0] == pytest.approx([0.0005, 0.0005, 0.0005, 0.01, 0.01 - 0.0365 / 365])
    assert panel.changes[1] == pytest.approx([-0.001, -0.001, -0.001, 0.0, -0.01 - 2 * 0.0365 / 365])
    with pytest.raises(Invalid, match="credit has no series"):
        factor_panel(dict.fromkeys(("DFII10", "T10YIE"), rates), definitions=CORE_FACTORS)
