"""Published attributions in several currencies, and over several periods: Bacon (2008), tables 5.2, 6.2, 6.7, 8.2 and 8.6."""

import numpy as np
import pytest

from dawsos.compute.attribution.brinson import brinson
from dawsos.compute.attribution.geometric import geometric_multicurrency, geometric_over_time
from dawsos.compute.attribution.linking import link_effects
from dawsos.compute.attribution.multicurrency import ankrim_hensel
from tests.golden.attribution.test_against_a_benchmark import FOUR_QUARTERS, ONE_PERIOD, close

PRINTED = 5e-5


def test_ankrim_and_hensel_with_forward_contracts():
    effects = ankrim_hensel(
        *ONE_PERIOD[:2],
        [0.2, 0.045, 0.272],
        [0.1, 0.056, 0.296],
        spot_start=[1, 1, 1],
        spot_end=[1, 1.1, 1.2],
        forward=[1, 1.01, 1.02],
        portfolio_forwards=[0.2, -0.15, -0.05],
        benchmark_forwards=[0.3, -0.1, -0.2],
    )
    assert (*effects.allocation, effects.allocation.sum()) == close(0, -0.01136, -0.00264, -0.014, places=PRINTED)
    assert (*effects.selection, effects.selection.sum()) == close(0.04, -0.0022, -0.0096, 0.0282, places=PRINTED)
    assert (*effects.interaction, effects.interaction.sum()) == close(0, -0.0011, 0.0024, 0.0013, places=PRINTED)
    assert (*effects.currency, effects.currency.sum()) == close(0.009, 0, 0.004, 0.013, places=PRINTED)
    assert (*effects.forward_premium, effects.forward_premium.sum()) == close(0, 0, -0.001, -0.001, places=PRINTED)
    assert effects.residual == pytest.approx(0, abs=1e-15)


def test_geometric_effects_in_several_currencies_without_forwards():
    effects = geometric_multicurrency(
        *ONE_PERIOD[:2],
        portfolio_base=[0.2, 0.047, 0.28],
        benchmark_base=[0.1, 0.056, 0.296],
        portfolio_local=ONE_PERIOD[2],
        benchmark_local=ONE_PERIOD[3],
        benchmark_hedged=[0.1, -0.03, 0.1],
    )
    assert (*effects.selection, effects.selection.sum()) == close(0.038, -0.0029, -0.0057, 0.0295, places=PRINTED)
    assert (*effects.allocation, effects.allocation.sum()) == close(0, -0.0088, -0.0034, -0.0122, places=PRINTED)
    assert (effects.hedging, effects.currency, effects.excess) == close(0.00095147, -0.01040392, 0.0073, places=PRINTED)


def test_brinson_hood_and_beebower():
    effects = brinson(*ONE_PERIOD, model="brinson_hood_beebower")
    assert tuple(effects.allocation) == close(0, -0.004, -0.008)
    assert effects.allocation.sum() == pytest.approx(-0.012, abs=1e-10)


def test_geometric_effects_of_four_quarters_compound():
    effects = geometric_over_time(*FOUR_QUARTERS)
    assert tuple(effects.allocation.sum(axis=1)) == close(-0.0113, -0.0052, 0.04, -0.0098, places=1e-4)
    assert tuple(effects.selection.sum(axis=1)) == close(0.0295, 0.0179, 0.044, 0.0347, places=1e-4)
    assert (effects.total_allocation, effects.total_selection, effects.excess) == close(0.0129, 0.1319, 0.1464, places=1e-4)
    assert (1 + effects.total_allocation) * (1 + effects.total_selection) - 1 == pytest.approx(effects.excess, abs=1e-14)


@pytest.mark.parametrize("method", ["carino", "grap"])
def test_every_method_reaches_the_compounded_excess(method):
    own, neutral, earned, offered = map(np.array, FOUR_QUARTERS)
    effects = brinson(*FOUR_QUARTERS, interaction="in_selection")
    returns, benchmark = (own * earned).sum(axis=1), (neutral * offered).sum(axis=1)
    total = sum(link_effects(part.T, returns, benchmark, method=method).total.sum() for part in (effects.allocation, effects.selection))
    assert total == pytest.approx(np.prod(1 + returns) - np.prod(1 + benchmark), abs=1e-14)
