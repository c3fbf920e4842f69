"""Covariances, risk budgets, hierarchical risk parity, Black–Litterman."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.optimizer.black_litterman import (
    equilibrium_returns,
    idzorek_omega,
    implied_risk_aversion,
    posterior,
    proportional_omega,
    unconstrained_weights,
)
from dawsos.compute.optimizer.covariance import Shrunk, ledoit_wolf, sample_covariance
from dawsos.compute.optimizer.hierarchical import bisected_weights, hierarchical_risk_parity, leaf_order
from dawsos.compute.optimizer.risk_budgeting import risk_budget_weights, risk_contributions
from dawsos.compute.optimizer.risk_model import of_covariance, of_factors
from dawsos.compute.returns.figures import NotComputable
from dawsos.kernel.errors import Invalid


def returns(days: int, assets: int, seed: int = 3) -> np.ndarray:
    random = np.random.default_rng(seed)
    return random.normal(0, 0.01, (days, 1)) + random.normal(0, 0.01, (days, assets))


def _by_definition(block):
    """Ledoit and Wolf (2004a), term by term."""
    x = block - block.mean(axis=0)
    count, size = x.shape
    sample = x.T @ x / count
    mu = np.trace(sample) / size
    d2 = ((sample - mu * np.eye(size)) ** 2).sum() / size
    b2 = sum(((np.outer(row, row) - sample) ** 2).sum() for row in x) / count**2 / size
    return min(b2, d2) / d2, mu, sample


@pytest.mark.parametrize("shape", [(100, 5), (60, 80)])
def test_shrinkage_is_that_of_its_definition(shape):
    block = returns(*shape)
    intensity, mu, sample = _by_definition(block)
    found = ledoit_wolf(block, periods_per_year=1.0)
    assert isinstance(found, Shrunk)
    assert found.intensity == pytest.approx(intensity, rel=1e-10)
    assert found.covariance == pytest.approx((1 - intensity) * sample + intensity * mu * np.eye(shape[1]), abs=1e-18)
    assert found.model.covariance() == pytest.approx(found.covariance, abs=1e-16)  # the form of factors is the same matrix


def test_constant_correlation_keeps_the_variances_and_pulls_correlations_together():
    block = returns(90, 6)
    block[:, :3] += np.random.default_rng(4).normal(0, 0.02, (90, 1))
    found = ledoit_wolf(block, target="constant_correlation", periods_per_year=1.0)
    sample = sample_covariance(block, ddof=0)
    assert np.diag(found.covariance) == pytest.approx(np.diag(sample))
    scale = np.sqrt(np.outer(np.diag(sample), np.diag(sample)))
    inner = ~np.eye(6, dtype=bool)
    assert np.std((found.covariance / scale)[inner]) == pytest.approx((1 - found.intensity) * np.std((sample / scale)[inner]))
    assert 0 < found.intensity < 1


def test_too_few_days_are_said():
    block = returns(70, 3)
    block[:15, 1] = np.nan
    assert ledoit_wolf(block) == NotComputable("days on which every asset has a return", 60, 55)
    assert np.isnan(sample_covariance(block[:15])).all()


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 25), st.integers(0, 10_000))
def test_risk_budgets_are_met(size, seed):
    random = np.random.default_rng(seed)
    model = of_factors(random.normal(0, 0.2, (size, 2)), np.eye(2), random.uniform(0.001, 0.1, size))
    budgets = random.uniform(0.05, 1.0, size)
    weights = risk_budget_weights(model, budgets)
    found = risk_contributions(weights, model)
    assert (weights > 0).all() and weights.sum() == pytest.approx(1)
    assert found.shares == pytest.approx(budgets / budgets.sum(), abs=1e-10)
    assert found.contributions.sum() == pytest.approx(found.volatility)


def test_equal_risk_of_equally_correlated_assets_is_by_inverse_volatility():
    # Maillard, Roncalli and Teïletche (2010), 2.2
    volatility = np.array([0.1, 0.2, 0.4])
    correlation = 0.3 * np.ones((3, 3)) + 0.7 * np.eye(3)
    weights = risk_budget_weights(of_covariance(np.outer(volatility, volatility) * correlation))
    assert weights == pytest.approx((1 / volatility) / (1 / volatility).sum(), abs=1e-12)


def test_risk_budgets_that_cannot_be_are_refused():
    with pytest.raises(Invalid, match="no risk"):
        risk_budget_weights(of_covariance(np.diag([0.04, 0.0])))
    with pytest.raises(Invalid, match="positive number"):
        risk_budget_weights(of_covariance(np.eye(2)), [1.0, 0.0])
    assert np.isnan(risk_contributions([0.0, 0.0], of_covariance(np.eye(2))).shares).all()


def test_hierarchical_weights_of_two_clusters_worked_by_hand():
    # two pairs, correlated .9 within and 0 between; variances 1, 1 and 4, 4
    within, between = np.array([[1.0, 0.9], [0.9, 1.0]]), np.zeros((2, 2))
    covariance = np.block([[within, between], [between, 4 * within]])
    assert hierarchical_risk_parity(covariance) == pytest.approx([0.4, 0.4, 0.1, 0.1])


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 20), st.integers(0, 10_000))
def test_hierarchical_weights_are_positive_add_up_and_follow_names_not_places(size, seed):
    covariance = sample_covariance(returns(80, size, seed)).reshape(size, size)
    weights = hierarchical_risk_parity(covariance)
    assert (weights > 0).all() and weights.sum() == pytest.approx(1)
    assert hierarchical_risk_parity(9 * covariance) == pytest.approx(weights)
    assert sorted(leaf_order(covariance / np.sqrt(np.outer(np.diag(covariance), np.diag(covariance))))) == list(range(size))
    assert bisected_weights(np.eye(size), list(range(size))).sum() == pytest.approx(1)


SIGMA = np.array([[0.04, 0.01], [0.01, 0.09]])


def test_no_views_give_the_prior_back():
    prior = equilibrium_returns(SIGMA, [0.6, 0.4], 2.5)
    found = posterior(prior, SIGMA, np.zeros((0, 2)), [], [], tau=0.05)
    assert found.mean == pytest.approx(prior)
    assert found.uncertainty == pytest.approx(0.05 * SIGMA)
    assert unconstrained_weights(found.mean, SIGMA, 2.5) == pytest.approx([0.6, 0.4])  # Idzorek: the market is held
    assert unconstrained_weights(found.mean, found.covariance, 2.5) == pytest.approx(np.array([0.6, 0.4]) / 1.05)  # He and Litterman


def test_a_certain_view_is_taken_over():
    prior = equilibrium_returns(SIGMA, [0.6, 0.4], 2.5)
    found = posterior(prior, SIGMA, [[1.0, -1.0]], [0.02], [0.0], tau=0.05)
    assert found.mean[0] - found.mean[1] == pytest.approx(0.02)


@given(st.floats(0.05, 1.0))
@settings(max_examples=20)
def test_idzorek_tilts_by_the_confidence(confidence):
    prior = equilibrium_returns(SIGMA, [0.6, 0.4], 2.5)
    views, wanted = [[1.0, 0.0]], [0.10]

    def tilt(c: float) -> np.ndarray:
        mean = posterior(prior, SIGMA, views, wanted, idzorek_omega(SIGMA, views, 0.05, [c]), tau=0.05).mean
        return unconstrained_weights(mean, SIGMA, 2.5) - [0.6, 0.4]

    assert tilt(confidence) == pytest.approx(confidence * tilt(1.0), abs=1e-10)
    assert idzorek_omega(SIGMA, views, 0.05, [0.5]) == pytest.approx(proportional_omega(SIGMA, views, 0.05))


def test_implied_risk_aversion_and_refusals():
    assert implied_risk_aversion(0.10, 0.04, risk_free=0.02) == pytest.approx(2.0)
    with pytest.raises(Invalid, match="do not vary"):
        implied_risk_aversion(0.1, 0.0)
    with pytest.raises(Invalid, match="confidence"):
        idzorek_omega(SIGMA, [[1, 0]], 0.05, [0.0])
    with pytest.raises(Invalid, match="do not fit"):
        posterior([0.1, 0.1], SIGMA, [[1.0, 0.0]], [0.1, 0.2], [0.1], tau=0.05)
    with pytest.raises(Invalid, match="zero"):
        unconstrained_weights([0.04, -0.04], 0.04 * np.eye(2), 1.0, normalised=True)
