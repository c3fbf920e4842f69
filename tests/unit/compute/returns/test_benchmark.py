"""Blended and hedged benchmarks."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dawsos.compute.returns import blended_returns, hedged_returns, link, returns_of_levels
from dawsos.kernel.errors import Invalid

BLOCK = arrays(np.float64, (8, 2), elements=st.floats(-0.3, 0.4))
SHARE = st.floats(0.05, 0.95)


@given(BLOCK, SHARE)
def test_a_blend_that_is_never_rebalanced_ends_where_its_parts_do(block, share):
    found = blended_returns(block, [share, 1 - share], rebalance="never")
    parts = np.prod(1 + block, axis=0)
    assert link(found) == pytest.approx(share * parts[0] + (1 - share) * parts[1] - 1, abs=1e-12)


@given(BLOCK, SHARE)
def test_a_blend_rebalanced_every_period_is_the_weighted_mean(block, share):
    assert blended_returns(block, [share, 1 - share]).tolist() == pytest.approx((block @ [share, 1 - share]).tolist(), abs=1e-15)


@given(BLOCK)
def test_a_blend_of_one_is_that_one(block):
    for rebalance in ("every_period", "never"):
        assert blended_returns(block, [1, 0], rebalance=rebalance) == pytest.approx(block[:, 0], abs=1e-13)


def test_weights_are_set_anew_at_the_start_of_each_month():
    days = [date(2026, 1, 29) + timedelta(days=step) for step in range(5)]
    block = np.array([[0.1, 0.0]] * 5)
    monthly = blended_returns(block, [0.5, 0.5], rebalance="monthly", dates=days)
    january = blended_returns(block[:3], [0.5, 0.5], rebalance="never")
    assert monthly[:3].tolist() == january.tolist()
    assert monthly[3] == pytest.approx(0.05)
    assert monthly[2] > monthly[1] > monthly[0]


def test_a_missing_part_is_missing_until_the_weights_are_known_again():
    days = [date(2026, 1, 29) + timedelta(days=step) for step in range(5)]
    block = np.array([[0.1, 0.0]] * 5)
    block[1, 1] = np.nan
    assert np.isnan(blended_returns(block, [0.5, 0.5])).tolist() == [False, True, False, False, False]
    assert np.isnan(blended_returns(block, [0.5, 0.5], rebalance="monthly", dates=days)).tolist() == [False, True, True, False, False]
    assert np.isnan(blended_returns(block, [1.0, 0.0], rebalance="never")).tolist() == [False] * 5


@given(arrays(np.float64, 6, elements=st.floats(-0.3, 0.4)), arrays(np.float64, 6, elements=st.floats(-0.3, 0.4)))
def test_a_hedged_benchmark_earns_its_local_return(local, moved):
    base = (1 + local) * (1 + moved) - 1
    assert hedged_returns(base, moved) == pytest.approx(local, abs=1e-13)
    assert hedged_returns(base, moved, hedge_ratio=0.0).tolist() == base.tolist()
    half = hedged_returns(base, moved, hedge_ratio=0.5, carry=0.001)
    assert half == pytest.approx(0.5 * (local + 0.001) + 0.5 * base, abs=1e-13)


def test_levels_and_what_does_not_fit():
    assert returns_of_levels([100, 110, 99]).tolist() == pytest.approx([0.1, -0.1])
    assert np.isnan(returns_of_levels([100, np.nan, 99, 0, 5])).tolist() == [True, True, False, True]
    assert np.isnan(hedged_returns([0.1], [-1.0]))[0]
    with pytest.raises(Invalid, match=r"The weights of the blend sum to 0\.9"):
        blended_returns([[0.1, 0.1]], [0.5, 0.4])
    with pytest.raises(Invalid, match=r"Components \(1, 2\) and weights \(3,\)"):
        blended_returns([[0.1, 0.1]], [0.5, 0.4, 0.1])
    with pytest.raises(Invalid, match="Rebalancing monthly needs dates"):
        blended_returns([[0.1, 0.1]], [0.5, 0.5], rebalance="monthly")
    with pytest.raises(Invalid, match="1 dates for 2 returns"):
        blended_returns([[0.1, 0.1]] * 2, [0.5, 0.5], rebalance="monthly", dates=[date(2026, 1, 1)])
    with pytest.raises(Invalid, match="A hedge ratio of 2"):
        hedged_returns([0.1], [0.1], hedge_ratio=2)
