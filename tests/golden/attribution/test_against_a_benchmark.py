"""Published attributions against a benchmark: Bacon (2008), chapters 5, 6, 8 and 9; Frongello (2002); Karnosky and Singer."""

import numpy as np
import pytest

from dawsos.compute.attribution.brinson import brinson, currency_brinson, notional_funds
from dawsos.compute.attribution.geometric import forward_return, geometric, geometric_levels, geometric_multicurrency
from dawsos.compute.attribution.linking import LinkingMethod, link_effects

ONE_PERIOD = ([0.4, 0.3, 0.3], [0.4, 0.2, 0.4], [0.2, -0.05, 0.06], [0.1, -0.04, 0.08])
FOUR_QUARTERS = (
    [[0.4, 0.3, 0.3], [0.7, 0.2, 0.1], [0.3, 0.5, 0.2], [0.3, 0.5, 0.2]],
    [[0.4, 0.2, 0.4], [0.4, 0.3, 0.3], [0.5, 0.4, 0.1], [0.4, 0.4, 0.2]],
    [[0.2, -0.05, 0.06], [-0.05, 0.03, -0.05], [-0.2, 0.08, -0.15], [0.1, -0.07, 0.25]],
    [[0.1, -0.04, 0.08], [-0.07, 0.04, -0.1], [-0.25, 0.05, -0.2], [0.05, -0.05, 0.1]],
)


def close(*figures, places=1e-10):
    return pytest.approx(figures, abs=places)


def test_brinson_and_fachler_with_three_effects():
    effects = brinson(*ONE_PERIOD)
    assert (*effects.allocation, effects.allocation.sum()) == close(0, -0.0104, -0.0016, -0.012)
    assert (*effects.selection, effects.selection.sum()) == close(0.04, -0.002, -0.008, 0.03)
    assert (*effects.interaction, effects.interaction.sum()) == close(0, -0.001, 0.002, 0.001)


def test_interaction_goes_to_selection_top_down_and_to_allocation_bottom_up():
    top_down, bottom_up = brinson(*ONE_PERIOD, interaction="in_selection"), brinson(*ONE_PERIOD, interaction="in_allocation")
    assert (*top_down.selection, *top_down.allocation) == close(0.04, -0.003, -0.006, 0, -0.0104, -0.0016)
    assert (*bottom_up.selection, *bottom_up.allocation) == close(0.04, -0.002, -0.008, 0, -0.0114, 0.0004)


def test_geometric_effects_of_one_period():
    effects = geometric(*ONE_PERIOD)
    assert (*effects.allocation, effects.allocation.sum()) == close(0, -0.0098, -0.0015, -0.0113, places=1e-4)
    assert (*effects.selection, effects.selection.sum()) == close(0.038, -0.0028, -0.0057, 0.0295, places=1e-4)
    assert (1 + effects.allocation.sum()) * (1 + effects.selection.sum()) - 1 == pytest.approx(effects.excess, abs=1e-15)


def linked(method):
    own, neutral, earned, offered = map(np.array, FOUR_QUARTERS)
    returns, benchmark = (own * earned).sum(axis=1), (neutral * offered).sum(axis=1)
    effects = brinson(*FOUR_QUARTERS, interaction="in_selection")
    allocation = link_effects(effects.allocation.T, returns, benchmark, method=method)
    selection = link_effects(effects.selection.T, returns, benchmark, method=method)
    return allocation, selection, np.prod(1 + returns) - np.prod(1 + benchmark)


@pytest.mark.parametrize(
    ("method", "allocation", "selection", "allocation_by_quarter", "selection_by_quarter"),
    [
        ("menchero", [0.0156, -0.0078, 0.0014], [0.0838, 0.0005, 0.0391], [-0.0119, -0.0049, 0.036, -0.0099], [0.0307, 0.0168, 0.0411, 0.0348]),
        ("frongello", [0.0167, -0.0055, 0.0011], [0.0785, 0.0016, 0.0402], [-0.012, -0.0049, 0.0387, -0.0095], [0.031, 0.017, 0.0358, 0.0365]),
    ],
)  # fmt: skip
def test_four_quarters_linked(method, allocation, selection, allocation_by_quarter, selection_by_quarter):
    allocated, selected, excess = linked(method)
    assert tuple(allocated.total) == close(*allocation, places=1.05e-4)
    assert tuple(selected.total) == close(*selection, places=1.05e-4)
    assert tuple(allocated.by_period.sum(axis=0)) == close(*allocation_by_quarter, places=1.05e-4)
    assert tuple(selected.by_period.sum(axis=0)) == close(*selection_by_quarter, places=1.05e-4)
    assert allocated.total.sum() + selected.total.sum() == pytest.approx(excess, abs=1e-14) == pytest.approx(0.1327, abs=1e-4)


def test_four_quarters_from_notional_funds():
    effects = notional_funds(*FOUR_QUARTERS)
    figures = (effects.excess, effects.allocation, effects.selection, effects.interaction)
    assert figures == close(0.1327, 0.0117, 0.1318, -0.0108, places=1e-4)


@pytest.mark.parametrize("method", list(LinkingMethod))
def test_three_equal_periods_are_shared_alike_by_every_method(method):
    own, neutral, earned, offered = np.array([0.8, 0.2]), np.array([0.6, 0.4]), np.array([0.06, 0.03]), np.array([0.05, 0.02])
    effects = brinson(own, neutral, earned, offered, interaction="in_selection")
    returns, benchmark = np.full(3, own @ earned), np.full(3, neutral @ offered)
    allocation = link_effects(np.full(3, effects.allocation.sum()), returns, benchmark, method=method).total
    excess = np.prod(1 + returns) - np.prod(1 + benchmark)
    assert (np.prod(1 + returns) - 1, np.prod(1 + benchmark) - 1) == close(0.17090546400000006, 0.11838687200000009)
    assert allocation / excess == pytest.approx(0.375, abs=1e-9)


def test_several_currencies_with_forwards():
    effects = geometric_multicurrency(
        *ONE_PERIOD[:2],
        portfolio_base=[0.2, 0.047, 0.28],
        benchmark_base=[0.1, 0.056, 0.296],
        portfolio_local=ONE_PERIOD[2],
        benchmark_local=ONE_PERIOD[3],
        benchmark_hedged=[0.1, -0.03, 0.1],
        portfolio_forwards=forward_return([0.2, -0.15, -0.05], [1, 1.004566, 1.025641], [1, 1.1, 1.2]),
        benchmark_forwards=forward_return([0.3, -0.1, -0.2], [1, 1.010379, 1.018503], [1, 1.1, 1.2]),
    )
    assert (effects.currency, effects.excess, effects.hedging) == close(0.008879913, 0.02689563, 0.00095147, places=5e-6)
    compounded = (1 + effects.allocation.sum()) * (1 + effects.selection.sum()) * (1 + effects.hedging) * (1 + effects.currency) - 1
    assert compounded == pytest.approx(effects.excess, abs=1e-15)


def test_local_and_currency_effects_that_add_up():
    own, neutral = [0.5, 0.3, 0.2], [0.4, 0.35, 0.25]
    effects = currency_brinson(own, neutral, [0.08, 0.07, 0.05], [0.06, 0.06, 0.06], [0.0, -0.02, -0.03])
    assert effects.market_allocation.sum() == pytest.approx(0, abs=1e-9)
    assert effects.security_selection.sum() == pytest.approx(0.009, abs=1e-9)
    assert effects.currency_allocation.sum() == pytest.approx(0.0025, abs=1e-9)
    assert effects.interaction.sum() == pytest.approx(0.002, abs=1e-9)


LEVELS = (
    ["Equities", "Equities", "Equities", "Equities", "Bonds", "Bonds"],
    ["US", "US", "Europe", "Europe", "Govt", "Corp"],
    ["Financial", "Software", "Autos", "Chemicals", "Govt", "Corp"],
)
LEAVES = (
    [0.1, 0.09, 0.225, 0.17, 0.125, 0.29],
    [0.05, 0.1, 0.25, 0.15, 0.1, 0.35],
    [0.0838, 0.02, 0.1605, 0.02, 0.02, 0.025],
    [0.096, 0.0645, 0.156, -0.0067, 0.01, 0.02],
)


def test_three_levels_of_decisions():
    effects = geometric_levels(LEVELS, *LEAVES)
    assert tuple(level.total for level in effects.levels) == close(0.002373644, -0.000867662, -0.002275164, places=5e-5)
    assert effects.levels[0].groups == pytest.approx({"Equities": 0.00106814, "Bonds": 0.001305504}, abs=5e-5)
    assert effects.levels[1].groups == pytest.approx(
        {"US": -0.0005472731, "Europe": -2.594829e-05, "Govt": -0.000183997, "Corp": -0.0001245518}, abs=5e-5
    )
    third = {"Financial": 0.0009916887, "Software": 9.916887e-05, "Autos": -0.00144031, "Chemicals": -0.001921043, "Govt": 0, "Corp": 0}
    assert effects.levels[2].groups == pytest.approx(third, abs=5e-5)
    selection = (-0.001154866, -0.003791178, 0.0009584438, 0.004296668, 0.001183264, 0.001372586)
    assert tuple(effects.selection) == close(*selection, places=5e-5)
    assert (effects.selection_total, effects.excess) == close(0.00284263, 0.002080969, places=5e-5)
