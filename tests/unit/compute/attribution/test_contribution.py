"""Contributions of holdings, of factors and of durations sum to what they explain."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dawsos.compute.attribution.contribution import contributions, factor_contributions
from dawsos.compute.attribution.duration import duration_attribution
from dawsos.compute.attribution.linking import LinkingMethod
from dawsos.kernel.errors import Invalid

BLOCK = arrays(np.float64, (5, 3), elements=st.floats(-0.2, 0.3))
HELD = arrays(np.float64, (5, 3), elements=st.floats(0.05, 1)).map(lambda block: block / block.sum(axis=1, keepdims=True))


@given(HELD, BLOCK, st.sampled_from(list(LinkingMethod)))
def test_contributions_sum_to_the_compounded_return(weights, returns, method):
    found = contributions(weights, returns, method=method)
    assert found.total.sum() == pytest.approx(np.prod(1 + (weights * returns).sum(axis=1)) - 1, abs=1e-12)
    assert found.by_period.shape == weights.shape
    if found.share is not None:
        assert found.share.sum() == pytest.approx(1, abs=1e-8)


@given(HELD, BLOCK, st.permutations(range(3)))
def test_the_order_of_holdings_does_not_matter(weights, returns, order):
    order = list(order)
    assert contributions(weights[:, order], returns[:, order]).total == pytest.approx(
        contributions(weights, returns).total[order], abs=1e-13
    )


def test_one_period_needs_no_linking_and_a_flat_portfolio_has_no_shares():
    found = contributions([0.6, 0.4], [0.1, -0.05])
    assert found.total.tolist() == pytest.approx([0.06, -0.02], abs=1e-15)
    assert found.share.tolist() == pytest.approx([1.5, -0.5])
    flat = contributions([[0.5, 0.5]], [[0.1, -0.1]])
    assert flat.share is None
    assert str(flat.missing) == "a portfolio return of at least one basis point"
    assert flat.total.tolist() == pytest.approx([0.05, -0.05])


def test_an_unknown_return_counts_only_for_what_is_held():
    assert contributions([[1.0, 0.0]], [[0.1, np.nan]]).total.tolist() == [pytest.approx(0.1), 0.0]
    with pytest.raises(Invalid, match="The return of something held is missing"):
        contributions([[0.5, 0.5]], [[0.1, np.nan]])


@given(BLOCK, arrays(np.float64, 3, elements=st.floats(-2, 2)), arrays(np.float64, 5, elements=st.floats(-0.2, 0.2)))
def test_factors_and_the_rest_sum_to_the_compounded_return(factors, exposures, returns):
    found = factor_contributions(exposures, factors, returns, constant=0.001)
    assert found.factors.sum() + found.constant + found.specific == pytest.approx(found.total, abs=1e-12)
    assert found.total == pytest.approx(np.prod(1 + returns) - 1, abs=1e-13)
    changing = factor_contributions(np.tile(exposures, (5, 1)), factors, returns, constant=0.001)
    assert changing.factors.tolist() == found.factors.tolist()


def test_a_return_that_is_one_factor_has_nothing_specific():
    moved = np.array([[0.01], [-0.02], [0.03]])
    found = factor_contributions([1.5], moved, 1.5 * moved[:, 0])
    assert (found.specific, found.constant) == (0.0, 0.0)
    assert found.factors[0] == pytest.approx(found.total, abs=1e-15)
    with pytest.raises(Invalid, match=r"Exposures \(2,\), factor returns \(3, 1\) and returns \(3,\)"):
        factor_contributions([1.0, 1.0], moved, [0.1, 0.1, 0.1])


SIDE = arrays(np.float64, 3, elements=st.floats(0.05, 1)).map(lambda row: row / row.sum())
MOVES = arrays(np.float64, 3, elements=st.floats(-0.1, 0.1))
YEARS = arrays(np.float64, 3, elements=st.floats(0.5, 20))


@given(SIDE, SIDE, MOVES, MOVES, YEARS, YEARS, MOVES)
def test_duration_effects_sum_to_the_excess(own, neutral, earned, offered, years, years_b, riskless):
    found = duration_attribution(own, neutral, earned, offered, portfolio_durations=years, benchmark_durations=years_b, risk_free=riskless)
    total = found.duration + found.allocation.sum() + found.selection.sum() + found.carry.sum()
    assert total == pytest.approx(found.excess, abs=1e-12)


def test_longer_duration_alone_gains_when_yields_fall():
    # One market, yields down 1 %: benchmark 5 years, portfolio 7: two years × 1 %.
    found = duration_attribution([1], [1], [0.08], [0.06], portfolio_durations=[7], benchmark_durations=[5], risk_free=[0.01])
    assert found.duration == pytest.approx(0.02)
    assert (found.allocation[0], found.selection[0], found.carry[0]) == pytest.approx((0, 0, 0), abs=1e-15)
    with pytest.raises(Invalid, match="without duration"):
        duration_attribution([1], [1], [0.08], [0.06], portfolio_durations=[0], benchmark_durations=[5], risk_free=[0.01])
