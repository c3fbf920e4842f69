"""The part of a position in the risk of its portfolio."""

from decimal import Decimal as D
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.returns.figures import NotComputable
from dawsos.compute.risk.position_risk import position_risk

Z = NormalDist().inv_cdf(0.95)


def returns_of(seed, count, days):
    return np.random.default_rng(seed).normal(0.0003, 0.01, (count, days)) * np.linspace(0.5, 2.0, count)[:, None]


def test_two_independent_positions_share_the_variance_by_their_squares():
    up, side = np.tile([0.01, -0.01, 0.01, -0.01], 10), np.tile([0.02, 0.02, -0.02, -0.02], 10)
    found = position_risk(np.stack([up, side]), np.array([0.5, 0.25]), 0, value=D("500.00"), nav=D("1000.00"))
    n = 40
    sigma_1, sigma_2 = 0.01 * np.sqrt(n / (n - 1)), 0.02 * np.sqrt(n / (n - 1))
    sigma = float(np.hypot(0.5 * sigma_1, 0.25 * sigma_2))
    assert found.pct_portfolio_risk == pytest.approx(0.5, abs=1e-8)
    assert found.var_1d_pct == pytest.approx(Z * sigma_1, abs=1e-8)
    assert found.var_1d == round(D(Z * sigma_1 * 500), 2)
    assert found.portfolio_var_1d == round(D(Z * sigma * 1000), 2)
    assert found.component_var == round(D(Z * sigma * 500), 2)
    assert found.marginal_var == pytest.approx(Z * 0.5 * sigma_1**2 / sigma, abs=1e-8)
    assert found.correlation == pytest.approx(np.sqrt(0.5), abs=1e-8)
    assert found.beta_to_portfolio == pytest.approx(0.5 * sigma_1**2 / sigma**2, abs=1e-8)
    assert found.diversification_benefit == pytest.approx(1 - 1 / np.sqrt(2), abs=1e-8)
    assert found.position_volatility == pytest.approx(sigma_1 * np.sqrt(252), abs=1e-8)
    assert found.n_obs == 40
    assert found.cvar_1d == round(D(sigma_1 * NormalDist().pdf(Z) / 0.05 * 500), 2)


@given(seed=st.integers(0, 10_000), count=st.integers(1, 6))
@settings(max_examples=20, deadline=None)
def test_the_parts_of_all_positions_are_the_whole(seed, count):
    returns, nav = returns_of(seed, count, 60), D("1000000.00")
    weights = np.random.default_rng(seed + 1).uniform(0.05, 0.4, count)
    found = [position_risk(returns, weights, place, value=D(1000), nav=nav) for place in range(count)]
    assert sum(one.pct_portfolio_risk for one in found) == pytest.approx(1.0, abs=1e-7)
    assert abs(sum(one.component_var for one in found) - found[0].portfolio_var_1d) <= D("0.01") * count
    assert sum(w * one.marginal_var for w, one in zip(weights, found, strict=True)) == pytest.approx(
        float(found[0].portfolio_var_1d / nav), abs=1e-6
    )
    assert len({one.portfolio_volatility for one in found}) == 1


def test_a_bigger_position_risks_more():
    returns = returns_of(3, 2, 60)
    small, large = (position_risk(returns, np.array([w, 0.3]), 0, value=D(1000), nav=D(10_000)) for w in (0.1, 0.4))
    assert small.component_var < large.component_var
    assert small.var_1d == large.var_1d


def test_days_on_which_something_has_no_return_do_not_count():
    returns = returns_of(3, 2, 61)
    returns[1, 5] = np.nan
    found = position_risk(returns, np.array([0.5, 0.5]), 0, value=D(1), nav=D(2))
    assert found.n_obs == 60
    alone = position_risk(returns, np.array([0.5, 0.0]), 0, value=D(1), nav=D(2))
    assert (alone.n_obs, alone.pct_portfolio_risk, alone.diversification_benefit) == (61, 1.0, 0.0)


@pytest.mark.parametrize(
    ("returns", "weights", "why"),
    [
        (returns_of(1, 2, 29), [0.5, 0.5], "days on which every position has a return: needs 30, has 29"),
        (returns_of(1, 2, 40), [0.0, 0.5], "a weight in the portfolio"),
        (np.zeros((2, 40)), [0.5, 0.5], "returns that vary"),
    ],
)
def test_what_cannot_be_told_says_why(returns, weights, why):
    found = position_risk(returns, np.array(weights), 0, value=D(1), nav=D(2))
    assert isinstance(found, NotComputable)
    assert str(found) == why
