"""Currency decided apart from markets: what holds for all portfolios."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawsos.compute.attribution.multicurrency import ankrim_hensel, karnosky_singer, local_and_currency
from dawsos.kernel.errors import Invalid

RETURNS = st.lists(st.floats(-0.4, 0.6), min_size=3, max_size=3).map(np.array)
WEIGHTS = st.lists(st.floats(0.01, 1), min_size=3, max_size=3).map(lambda parts: np.array(parts) / sum(parts))
RATES = st.lists(st.floats(0.5, 2.0), min_size=3, max_size=3).map(np.array)
CONTRACTS = st.lists(st.floats(-0.5, 0.5), min_size=2, max_size=2).map(lambda two: np.array([*two, -sum(two)]))


@given(WEIGHTS, WEIGHTS, RETURNS, RETURNS, RATES, RATES, RATES, CONTRACTS, CONTRACTS)
def test_overlay_effects_sum_to_the_excess_with_forwards(own, neutral, earned, offered, start, end, forward, held, held_b):
    effects = ankrim_hensel(
        own, neutral, earned, offered,
        spot_start=start, spot_end=end, forward=forward, portfolio_forwards=held, benchmark_forwards=held_b,
    )  # fmt: skip
    carried = held @ (end / forward - 1) - held_b @ (end / forward - 1)
    assert effects.excess == pytest.approx(own @ earned - neutral @ offered + carried, abs=1e-12)
    assert effects.residual == pytest.approx(0, abs=1e-12)


@given(WEIGHTS, WEIGHTS, RETURNS, RETURNS)
def test_without_currency_moves_the_overlay_is_brinson_alone(own, neutral, earned, offered):
    ones = np.ones(3)
    effects = ankrim_hensel(own, neutral, earned, offered, spot_start=ones, spot_end=ones, forward=ones)
    assert not effects.currency.any()
    assert not effects.forward_premium.any()
    assert effects.allocation.sum() + effects.selection.sum() + effects.interaction.sum() == pytest.approx(effects.excess, abs=1e-14)


def test_one_sided_forward_contracts_are_refused_and_weights_short_of_one_leave_a_residual():
    same = [0.1, 0.1]
    rates = {"spot_start": [1, 1], "spot_end": [1, 1.1], "forward": [1, 1.02]}
    with pytest.raises(Invalid, match=r"The portfolio's forward contracts sum to 0\.2"):
        ankrim_hensel([0.5, 0.5], [0.5, 0.5], same, same, **rates, portfolio_forwards=[0.1, 0.1])
    short = ankrim_hensel([0.5, 0.3], [0.5, 0.5], same, same, **rates)
    assert short.residual == pytest.approx(short.excess - sum(part.sum() for part in (
        short.allocation, short.selection, short.interaction, short.forward_premium, short.currency)))  # fmt: skip
    assert abs(short.residual) > 1e-4


@given(WEIGHTS, WEIGHTS, RETURNS, RETURNS, RETURNS, RETURNS, WEIGHTS, WEIGHTS)
def test_markets_and_currencies_sum_to_the_excess(own, neutral, earned, offered, cash, moved, held, held_b):
    effects = karnosky_singer(
        own, neutral, earned, offered,
        cash_rates=cash, currency_returns=moved, portfolio_currency_weights=held, benchmark_currency_weights=held_b,
    )  # fmt: skip
    assert effects.residual == pytest.approx(0, abs=1e-13)


def test_a_fully_hedged_portfolio_earns_premium_and_domestic_cash():
    # Half at home (cash 2 %), half abroad (cash 5 %, currency −4 %); the benchmark is unhedged, the portfolio sold its currency forward.
    effects = karnosky_singer(
        [0.5, 0.5], [0.5, 0.5], [0.06, 0.09], [0.06, 0.09],
        cash_rates=[0.02, 0.05], currency_returns=[0, -0.04], portfolio_currency_weights=[1, 0],
    )  # fmt: skip
    assert not effects.allocation.any()
    assert not effects.selection.any()
    assert effects.excess == pytest.approx(0.5 * (0.02 - 0.01), abs=1e-15)
    assert effects.currency.sum() == pytest.approx(0.005, abs=1e-15)


@given(WEIGHTS, WEIGHTS, RETURNS, RETURNS, RETURNS, RETURNS)
def test_local_and_currency_effects_sum_to_the_excess_in_base(own, neutral, base, base_b, local, local_b):
    effects = local_and_currency(
        own, neutral, portfolio_base=base, benchmark_base=base_b, portfolio_local=local, benchmark_local=local_b
    )  # fmt: skip
    total = effects.allocation + effects.selection + effects.interaction + effects.currency
    assert total.sum() == pytest.approx(own @ base - neutral @ base_b, abs=1e-14)
    assert effects.currency.sum() == pytest.approx(own @ (base - local) - neutral @ (base_b - local_b), abs=1e-14)
