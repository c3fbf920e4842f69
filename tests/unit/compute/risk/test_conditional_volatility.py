"""Volatility that changes over time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dawsos.compute.returns.figures import NotComputable
from dawsos.compute.risk.conditional_volatility import decay_of_half_life, ewma_var, ewma_variances, ewma_volatility, garch
from dawsos.kernel.errors import Invalid

SERIES = arrays(np.float64, st.integers(1, 40), elements=st.floats(-0.2, 0.2))


@given(SERIES, st.floats(0.5, 0.99))
def test_the_forecast_is_the_weighted_mean_of_squares(series, decay):
    count = series.size
    weights = (1 - decay) * decay ** np.arange(count)[::-1]
    weights[0] = decay ** (count - 1)
    assert weights.sum() == pytest.approx(1)
    assert ewma_variances(series, decay=decay)[-1] == pytest.approx(weights @ series**2, rel=1e-9, abs=1e-300)


@given(SERIES, SERIES)
def test_series_that_follow_each_other_can_be_carried_on_and_scale(first, second):
    whole = ewma_variances(np.concatenate([first, second]))
    assert whole[: first.size].tolist() == ewma_variances(first).tolist()
    assert ewma_volatility(3 * first) == pytest.approx(3 * ewma_volatility(first), rel=1e-9, abs=1e-100)


def test_blocks_missing_observations_and_starts():
    block = np.array([[0.01, np.nan, 0.03], [np.nan, 0.02, np.nan]])
    found = ewma_variances(block, decay=0.9)
    assert found[0].tolist() == pytest.approx([0.0001, 0.0001, 0.9 * 0.0001 + 0.1 * 0.0009])
    assert np.isnan(found[1, 0])
    assert found[1, 1:].tolist() == pytest.approx([0.0004, 0.0004])
    sample = ewma_variances(block, decay=0.9, start="sample")
    assert sample[0, 0] == pytest.approx(0.9 * 0.0005 + 0.1 * 0.0001)
    assert np.isnan(ewma_volatility([np.nan]))
    assert ewma_variances([0.01, 0.01], centre=True).tolist() == [0, 0]
    assert ewma_var([0.01, 0.01]) == pytest.approx(-1.6448536 * 0.01, abs=1e-8)


def test_half_life_and_refusals():
    assert decay_of_half_life(11) == pytest.approx(0.939, abs=1e-3)
    with pytest.raises(Invalid, match="half-life of 0"):
        decay_of_half_life(0)
    with pytest.raises(Invalid, match="A decay of 1"):
        ewma_variances([0.01], decay=1.0)


def simulated(count, seed=3):
    random, variance, out = np.random.default_rng(seed), 1e-4, []
    for _ in range(count):
        move = random.normal() * np.sqrt(variance)
        out.append(move + 0.0005)
        variance = 4e-6 + 0.1 * move**2 + 0.86 * variance
    return np.array(out)


@pytest.fixture(scope="module")
def fitted():
    return garch(simulated(2500))


def likelihood(series, mean, omega, alpha, beta, first):
    variance, total = first, 0.0
    for value in series - mean:
        total -= 0.5 * (np.log(2 * np.pi * variance) + value**2 / variance)
        variance = omega + alpha * value**2 + beta * variance
    return total


def test_the_parameters_a_series_was_made_with_are_found_again(fitted):
    assert (fitted.alpha, fitted.beta) == pytest.approx((0.1, 0.86), abs=0.05)
    assert fitted.long_run == pytest.approx(0.01, rel=0.15)
    assert fitted.volatility.shape == (2500,)


def test_the_likelihood_is_that_of_the_recursion_and_no_neighbour_is_likelier(fitted):
    series, first = simulated(2500), fitted.volatility[0] ** 2
    at = (fitted.mean, fitted.omega, fitted.alpha, fitted.beta)
    assert fitted.log_likelihood == pytest.approx(likelihood(series, *at, first), abs=1e-4)
    for place in range(4):
        for factor in (0.98, 1.02):
            moved = list(at)
            moved[place] *= factor
            assert likelihood(series, *moved, first) < fitted.log_likelihood + 1e-3


def test_forecasts_follow_the_recursion_and_tend_to_the_long_run(fitted):
    last = simulated(2500)[-1] - fitted.mean
    expected = np.sqrt(fitted.omega + fitted.alpha * last**2 + fitted.beta * fitted.volatility[-1] ** 2)
    assert fitted.forecast == pytest.approx(expected, rel=1e-9)
    assert fitted.forecast_after(1) == pytest.approx(fitted.forecast)
    assert fitted.forecast_after(2000) == pytest.approx(fitted.long_run, rel=1e-6)
    with pytest.raises(Invalid, match="0 steps ahead"):
        fitted.forecast_after(0)


def test_short_flat_and_several_series():
    assert garch(simulated(100)) == NotComputable("returns", 250, 100)
    assert garch(np.full(300, 0.01)) == NotComputable("returns that vary")
    with pytest.raises(Invalid, match="fitted to one series"):
        garch(np.zeros((2, 300)))
