"""What trades would change: quality by value, concentration, and the risk of weights against the plain formulas."""

from decimal import Decimal as D

import numpy as np
import pytest

from dawsos.compute.optimizer.impact import Stake, concentration, risk_of_weights, standing, weighted_score
from dawsos.compute.returns.figures import NotComputable

DAYS = 80


def stakes(*values: int, safety=None):
    scores = safety or [None] * len(values)
    return [Stake(value=D(value), dividend_safety=score) for value, score in zip(values, scores, strict=True)]


def test_quality_is_the_mean_by_value_over_what_is_rated():
    held = stakes(3000, 1000, 500, safety=[8.0, 4.0, None])
    assert weighted_score(held, [stake.dividend_safety for stake in held]) == 7.0
    assert weighted_score(stakes(100), [None]) is None


def test_concentration_counts_the_ten_largest_of_the_whole():
    held = stakes(*range(1, 13))
    assert concentration(held, D(100)) == pytest.approx(sum(range(3, 13)) / 100)
    assert concentration(held, D(0)) is None


def test_risk_is_that_of_the_weights_held_through_the_days():
    chance = np.random.default_rng(5)
    returns, benchmark = chance.normal(0, 0.01, (DAYS, 3)), chance.normal(0, 0.01, DAYS)
    weights = np.array([0.5, 0.0, 0.3])
    found = risk_of_weights(weights, returns, benchmark)
    daily = returns @ weights
    assert found.volatility == pytest.approx(daily.std(ddof=1) * np.sqrt(252), abs=1e-8)
    assert found.tracking_error == pytest.approx((daily - benchmark).std(ddof=1) * np.sqrt(252), abs=1e-8)
    assert found.beta == pytest.approx(np.cov(daily, benchmark)[0, 1] / benchmark.var(ddof=1), abs=1e-8)
    assert found.observations == DAYS


def test_a_day_without_a_return_of_something_held_does_not_count_and_one_of_nothing_held_does():
    returns = np.random.default_rng(6).normal(0, 0.01, (DAYS, 2))
    returns[:15, 0] = np.nan
    assert risk_of_weights([0.0, 1.0], returns, None).observations == DAYS
    assert risk_of_weights([0.5, 0.5], returns, None).observations == DAYS - 15
    returns[:30, 0] = np.nan
    few = risk_of_weights([0.5, 0.5], returns, None)
    assert isinstance(few, NotComputable) and (few.needed, few.had) == (60, DAYS - 30)


def test_without_a_benchmark_nothing_is_relative_to_one():
    found = risk_of_weights([1.0], np.random.default_rng(7).normal(0, 0.01, (DAYS, 1)), None)
    assert (found.tracking_error, found.beta) == (None, None)
    assert standing(stakes(600), D(400), found).value == D(1000)
    assert standing(stakes(600), D(400), found).volatility == found.volatility
    assert standing(stakes(600), D(400), NotComputable("days")).volatility is None
