"""Linked effects add up to the compounded return, whatever the method."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawsos.compute.attribution.linking import LinkingMethod, carino_coefficients, link_effects
from dawsos.kernel.errors import Invalid

RETURN = st.one_of(st.sampled_from([0.0, 1e-15, -1e-12, 1e-9]), st.floats(-0.9, 2.0))
METHODS = st.sampled_from(list(LinkingMethod))


@given(st.lists(st.tuples(RETURN, RETURN, st.floats(0, 1)), min_size=1, max_size=12), METHODS)
def test_effects_of_the_excess_return_sum_to_the_compounded_excess(periods, method):
    portfolio, benchmark, share = (np.array(column) for column in zip(*periods, strict=True))
    effects = np.stack([share * (portfolio - benchmark), (1 - share) * (portfolio - benchmark)])
    linked = link_effects(effects, portfolio, benchmark, method=method)
    excess = np.prod(1 + portfolio) - np.prod(1 + benchmark)
    assert linked.total.sum() == pytest.approx(excess, rel=1e-9, abs=1e-10 * max(1, np.prod(1 + portfolio), np.prod(1 + benchmark)))
    assert linked.by_period.sum(axis=-1) == pytest.approx(linked.total, abs=1e-9)


@given(st.lists(RETURN, min_size=1, max_size=12), METHODS)
def test_without_a_benchmark_effects_sum_to_the_compounded_return(returns, method):
    linked = link_effects(returns, returns, method=method)
    assert float(linked.total) == pytest.approx(float(np.prod(1 + np.array(returns)) - 1), rel=1e-9, abs=1e-10)


def test_a_single_period_is_left_as_it_is():
    for method in LinkingMethod:
        assert link_effects([[0.02], [0.01]], [0.05], [0.02], method=method).total.tolist() == pytest.approx([0.02, 0.01], abs=1e-15)


def test_carino_of_zero_and_equal_returns_is_the_limit():
    assert carino_coefficients(np.array([0.0, 0.0])).tolist() == [1.0, 1.0]
    assert carino_coefficients(np.array([0.1, -0.2]), np.array([0.1, -0.2])).tolist() == pytest.approx([0.88 / 1.1, 0.88 / 0.8])
    near = carino_coefficients(np.array([0.1 + 1e-13, -0.2]), np.array([0.1, -0.2 + 1e-13]))
    assert near.tolist() == pytest.approx([0.8, 1.1], rel=1e-11)


def test_menchero_of_equal_returns_is_the_limit():
    assert link_effects([[0.0, 0.0]], [0.1, 0.21], [0.1, 0.21], method="menchero").total.tolist() == [0.0]


def test_frongello_and_grap_have_one_sum_and_different_periods():
    returns, benchmark, effects = [0.1, -0.05, 0.2], [0.05, -0.1, 0.1], [0.05, 0.05, 0.1]
    frongello = link_effects(effects, returns, benchmark, method=LinkingMethod.FRONGELLO)
    grap = link_effects(effects, returns, benchmark, method=LinkingMethod.GRAP)
    assert float(frongello.total) == pytest.approx(float(grap.total), abs=1e-15)
    assert frongello.by_period.tolist() == pytest.approx([0.05, 0.05 * 1.1 - 0.1 * 0.05, 0.1 * 1.1 * 0.95 + 0.1 * (0.05 + 0.05)])
    assert grap.by_period.tolist() == pytest.approx([0.05 * 0.9 * 1.1, 0.05 * 1.1 * 1.1, 0.1 * 1.1 * 0.95])


@pytest.mark.parametrize(
    ("effects", "returns", "benchmark", "message"),
    [
        ([0.1], [0.1, 0.2], None, "differ in length"),
        ([0.1, 0.1], [0.1, 0.2], [0.1], "differ in length"),
        ([], [], None, "at least one period"),
        ([-1.0], [-1.0], None, "portfolio is −100 %"),
        ([float("nan")], [float("nan")], None, "or missing"),
        ([0.1], [0.1], [-1.5], "benchmark is −100 %"),
    ],
)
def test_what_cannot_be_linked_is_refused(effects, returns, benchmark, message):
    with pytest.raises(Invalid, match=message):
        link_effects(effects, returns, benchmark)
