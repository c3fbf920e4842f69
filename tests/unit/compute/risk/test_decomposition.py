"""Value at risk taken apart: parts sum to the whole, in every model."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dawsos.compute.returns.figures import NotComputable
from dawsos.compute.risk.decomposition import (
    historical_decomposition,
    modified_decomposition,
    monte_carlo_decomposition,
    parametric_decomposition,
)
from dawsos.compute.risk.tail import cornish_fisher_var, gaussian_cvar, gaussian_var, historical_cvar, historical_var
from dawsos.kernel.errors import Invalid

SEEDS = st.integers(0, 2**32 - 1)
WEIGHTS = arrays(np.float64, 4, elements=st.floats(0.02, 1)).map(lambda row: row / row.sum())
MEASURES = st.sampled_from(["var", "cvar"])


def returns_of(seed, periods=90):
    random = np.random.default_rng(seed)
    mix = random.normal(size=(4, 4))
    return 0.01 * random.standard_t(5, size=(periods, 4)) @ mix + 0.0002


@given(SEEDS, WEIGHTS, MEASURES, st.sampled_from(["zero", "sample"]))
def test_gaussian_parts_sum_to_the_loss_of_the_portfolio_itself(seed, weights, measure, mean):
    block = returns_of(seed)
    found = parametric_decomposition(weights, block, measure=measure, mean=mean)
    assert found.component.sum() == pytest.approx(float(found.risk), rel=1e-12)
    assert found.share.sum() == pytest.approx(1, abs=1e-12)
    whole = block @ weights
    single = gaussian_var(whole, ddof=1) if measure == "var" else gaussian_cvar(whole, ddof=1)
    assert float(found.risk) == pytest.approx(-single + (whole.mean() if mean == "zero" else 0), rel=1e-9)
    assert (weights * found.beta).sum() == pytest.approx(1, abs=1e-12)


@given(SEEDS, WEIGHTS)
def test_diversification_never_hurts_a_gaussian_portfolio(seed, weights):
    found = parametric_decomposition(weights, returns_of(seed))
    assert -1e-12 <= float(found.diversification) < 1
    assert (np.abs(found.component) <= found.standalone + 1e-12).all()


@given(SEEDS, WEIGHTS, st.integers(0, 3))
def test_incremental_risk_is_the_fall_when_the_position_becomes_cash(seed, weights, place):
    block = returns_of(seed)
    without = weights.copy()
    without[place] = 0.0
    for decompose in (parametric_decomposition, modified_decomposition, historical_decomposition):
        found, rest = decompose(weights, block), decompose(without, block)
        assert found.incremental[place] == pytest.approx(float(found.risk - rest.risk), abs=1e-12)


@given(SEEDS, WEIGHTS)
def test_modified_parts_sum_and_are_derivatives(seed, weights):
    block, step = returns_of(seed), 1e-6
    found = modified_decomposition(weights, block)
    assert float(found.risk) == pytest.approx(-cornish_fisher_var(block @ weights), rel=1e-9)
    assert found.component.sum() == pytest.approx(float(found.risk), rel=1e-9)
    moved = weights + np.array([step, 0, 0, 0])
    slope = (float(modified_decomposition(moved, block).risk) - float(found.risk)) / step
    assert found.marginal[0] == pytest.approx(slope, rel=1e-3, abs=1e-6)


@given(SEEDS, WEIGHTS, MEASURES)
def test_historical_parts_sum_to_the_loss_in_the_portfolios_history(seed, weights, measure):
    block = returns_of(seed)
    found = historical_decomposition(weights, block, measure=measure)
    single = historical_var if measure == "var" else historical_cvar
    assert float(found.risk) == pytest.approx(-single(block @ weights), rel=1e-12)
    assert found.component.sum() == pytest.approx(float(found.risk), rel=1e-12)
    assert found.standalone[1] == pytest.approx(-single(weights[1] * block[:, 1]), rel=1e-12)


@given(SEEDS, WEIGHTS, st.permutations(range(4)), st.floats(0.1, 10))
def test_order_and_scale_of_positions(seed, weights, order, scale):
    block, order = returns_of(seed), list(order)
    for decompose in (parametric_decomposition, modified_decomposition, historical_decomposition):
        found = decompose(weights, block)
        assert decompose(weights[order], block[:, order]).component == pytest.approx(found.component[order], rel=1e-7, abs=1e-12)
        assert decompose(scale * weights, block).component == pytest.approx(scale * found.component, rel=1e-7, abs=1e-12)


def test_drawn_periods_repeat_with_their_seed_and_come_near_the_formula():
    block, weights = returns_of(7, 250), np.array([0.4, 0.3, 0.2, 0.1])
    first, again = (monte_carlo_decomposition(weights, block, np.random.default_rng(11), draws=40_000) for _ in range(2))
    assert first.component.tolist() == again.component.tolist()
    assert first.component.sum() == pytest.approx(float(first.risk), rel=1e-12)
    exact = parametric_decomposition(weights, block)
    assert float(first.risk) == pytest.approx(float(exact.risk), rel=0.03)
    tails = monte_carlo_decomposition(weights, block, np.random.default_rng(11), draws=40_000, measure="cvar")
    assert tails.component == pytest.approx(parametric_decomposition(weights, block, measure="cvar").component, abs=0.1 * float(tails.risk))
    assert first.observations == 250


def test_many_portfolios_at_once_are_the_single_ones():
    block = returns_of(3)
    weights = np.random.default_rng(4).dirichlet(np.ones(4), size=6)
    many = parametric_decomposition(weights, block)
    for row, portfolio in enumerate(weights):
        one = parametric_decomposition(portfolio, block)
        assert many.component[row] == pytest.approx(one.component, rel=1e-12)
        assert many.incremental[row] == pytest.approx(one.incremental, rel=1e-9, abs=1e-15)
        assert many.risk[row] == pytest.approx(float(one.risk), rel=1e-12)


def test_one_position_is_all_of_the_risk_and_none_is_no_risk():
    block = returns_of(5)
    alone = parametric_decomposition([0, 0, 1, 0], block)
    assert alone.share.tolist() == pytest.approx([0, 0, 1, 0], abs=1e-15)
    assert float(alone.diversification) == pytest.approx(0, abs=1e-15)
    empty = parametric_decomposition(np.zeros(4), block)
    assert float(empty.risk) == 0
    assert not empty.component.any()
    assert np.isnan(empty.share).all()
    assert modified_decomposition(np.zeros(4), block) == NotComputable("portfolio returns that vary")


def test_periods_missing_for_any_position_are_left_out_and_few_are_not_enough():
    block = returns_of(6, 40)
    block[3, 1] = np.nan
    assert parametric_decomposition(np.full(4, 0.25), block).observations == 39
    for decompose in (parametric_decomposition, modified_decomposition, historical_decomposition):
        assert decompose(np.full(4, 0.25), block[:30]) == NotComputable("returns shared by all positions", 30, 29)
    short = monte_carlo_decomposition(np.full(4, 0.25), block[:30], np.random.default_rng(1))
    assert short == NotComputable("returns shared by all positions", 30, 29)


def test_what_does_not_fit_is_refused():
    block = returns_of(1)
    with pytest.raises(Invalid, match=r"Weights \(3,\) for 4 positions"):
        parametric_decomposition([0.3, 0.3, 0.4], block)
    with pytest.raises(Invalid, match="of one portfolio"):
        historical_decomposition(np.full((2, 4), 0.25), block)
    with pytest.raises(Invalid, match="Returns of the shape"):
        parametric_decomposition([1.0], [0.1, 0.2])
    block[0, 0] = np.inf
    with pytest.raises(Invalid, match="infinite"):
        parametric_decomposition(np.full(4, 0.25), block)
