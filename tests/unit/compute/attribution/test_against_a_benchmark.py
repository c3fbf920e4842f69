"""Attribution against a benchmark: what holds for all portfolios."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawsos.compute.attribution.brinson import AllocationModel, Interaction, brinson, currency_brinson, notional_funds
from dawsos.compute.attribution.geometric import forward_return, geometric, geometric_levels
from dawsos.kernel.errors import Invalid
from tests.golden.attribution.test_against_a_benchmark import LEAVES, LEVELS

RETURNS = st.lists(st.floats(-0.5, 0.8), min_size=4, max_size=4).map(np.array)
WEIGHTS = st.lists(st.floats(0.01, 1), min_size=4, max_size=4).map(lambda parts: np.array(parts) / sum(parts))


@given(WEIGHTS, WEIGHTS, RETURNS, RETURNS, st.sampled_from(list(AllocationModel)), st.sampled_from(list(Interaction)))
def test_arithmetic_effects_sum_to_the_excess_return(own, neutral, earned, offered, model, interaction):
    effects = brinson(own, neutral, earned, offered, model=model, interaction=interaction)
    total = effects.allocation.sum() + effects.selection.sum() + effects.interaction.sum()
    assert total == pytest.approx(own @ earned - neutral @ offered, abs=1e-14)


@given(WEIGHTS, WEIGHTS, RETURNS, RETURNS)
def test_geometric_effects_compound_to_the_excess_return(own, neutral, earned, offered):
    effects = geometric(own, neutral, earned, offered)
    assert (1 + effects.allocation.sum()) * (1 + effects.selection.sum()) - 1 == pytest.approx(effects.excess, abs=1e-13)


@given(WEIGHTS, WEIGHTS, RETURNS, RETURNS)
def test_a_single_period_of_notional_funds_is_brinson_hood_and_beebower(own, neutral, earned, offered):
    funds = notional_funds(own[None], neutral[None], earned[None], offered[None])
    effects = brinson(own, neutral, earned, offered, model="brinson_hood_beebower")
    assert (funds.allocation, funds.selection, funds.interaction) == pytest.approx(
        (effects.allocation.sum(), effects.selection.sum(), effects.interaction.sum()), abs=1e-14
    )


@given(WEIGHTS, WEIGHTS, RETURNS, RETURNS, st.booleans())
def test_levels_and_selection_compound_and_anchored_groups_sum_to_their_level(own, neutral, earned, offered, anchored):
    levels = (["A", "A", "B", "B"], ["a", "b", "c", "c"])
    effects = geometric_levels(levels, own, neutral, earned, offered, anchored=anchored)
    totals = np.prod([1 + level.total for level in effects.levels]) * (1 + effects.selection_total) - 1
    assert totals == pytest.approx(effects.excess, abs=1e-12)
    assert effects.selection.sum() == pytest.approx(effects.selection_total, abs=1e-12)
    assert sum(effects.levels[0].groups.values()) == pytest.approx(effects.levels[0].total, abs=1e-12)
    if anchored:
        assert sum(effects.levels[1].groups.values()) == pytest.approx(effects.levels[1].total, abs=1e-12)


def test_what_the_benchmark_does_not_hold_is_measured_by_its_plain_average():
    effects = geometric_levels([["A", "B", "B"]], [0.5, 0.25, 0.25], [1.0, 0.0, 0.0], [0.1, 0.2, 0.3], [0.1, 0.2, 0.4], anchored=True)
    assert effects.levels[0].groups == pytest.approx({"A": 0.0, "B": 0.5 * (0.3 - 0.1) / 1.1})


def test_shapes_that_differ_are_refused():
    with pytest.raises(Invalid, match=r"shapes \(2,\), \(2,\), \(1,\), \(2,\)"):
        brinson([0.5, 0.5], [0.5, 0.5], [0.1], [0.1, 0.1])
    with pytest.raises(Invalid, match=r"shapes \(2,\), \(2,\), \(2,\), \(1,\)"):
        geometric([0.5, 0.5], [0.5, 0.5], [0.1, 0.1], [0.1])
    with pytest.raises(Invalid, match="shapes"):
        forward_return([0.5], [1.0, 1.0], [1.0])
    with pytest.raises(Invalid, match="shapes"):
        currency_brinson([0.5, 0.5], [0.5, 0.5], [0.1, 0.1], [0.1, 0.1], [0.1])
    with pytest.raises(Invalid, match="2 groups for 6 leaves"):
        geometric_levels([["A", "B"]], *LEAVES)
    assert len(geometric_levels(LEVELS, *LEAVES, anchored=True).levels) == 3
