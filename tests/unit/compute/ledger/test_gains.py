"""A gain split into price and currency."""

from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from dawsos.compute.ledger.conventions import GainSplit
from dawsos.compute.ledger.gains import split_gain

MONEY = st.decimals(min_value=0, max_value=10**9, places=2)
RATES = st.decimals(min_value=D("0.0001"), max_value=1000, places=8)


def test_entry_rate_gives_the_currency_everything_that_came_back():
    # 100 shares, 150 → 175 USD, 1.35 → 1.37
    gain = split_gain(proceeds=D(17500), cost=D(15000), cost_base=D(20250), exit_rate=D("1.37"), entry_rate=D("1.35"))
    assert (gain.total, gain.price, gain.fx) == (D("3725.00"), D("3375.00"), D("350.00"))


def test_cost_at_exit_rate_gives_the_currency_only_what_was_put_in():
    gain = split_gain(
        proceeds=D(17500),
        cost=D(15000),
        cost_base=D(20250),
        exit_rate=D("1.37"),
        entry_rate=D("1.35"),
        convention=GainSplit.COST_AT_EXIT_RATE,
    )
    assert (gain.total, gain.price, gain.fx) == (D("3725.00"), D("3425.00"), D("300.00"))


def test_without_cost_the_rate_of_entry_is_the_frozen_one():
    gain = split_gain(proceeds=D(100), cost=D(0), cost_base=D(0), exit_rate=D("1.40"), entry_rate=D("1.30"))
    assert (gain.total, gain.price, gain.fx) == (D("140.00"), D("130.00"), D("10.00"))


def test_in_base_currency_there_is_no_currency_part():
    gain = split_gain(proceeds=D(100), cost=D(60), cost_base=D(60), exit_rate=D(1), entry_rate=D(1))
    assert (gain.total, gain.price, gain.fx) == (D(40), D(40), D(0))


@given(proceeds=MONEY, cost=MONEY, entry=RATES, exit_rate=RATES, convention=st.sampled_from(GainSplit))
def test_the_two_parts_are_whole_cents_and_add_up_to_the_gain(proceeds, cost, entry, exit_rate, convention):
    cost_base = round(cost * entry, 2)
    gain = split_gain(proceeds=proceeds, cost=cost, cost_base=cost_base, exit_rate=exit_rate, entry_rate=entry, convention=convention)
    assert gain.price + gain.fx == gain.total == round(proceeds * exit_rate, 2) - cost_base
    assert gain.fx == round(gain.fx, 2)


@given(proceeds=MONEY, cost=MONEY, rate=RATES)
def test_an_unchanged_rate_leaves_at_most_rounding_to_the_currency(proceeds, cost, rate):
    cost_base = round(cost * rate, 2)
    gain = split_gain(
        proceeds=proceeds, cost=cost, cost_base=cost_base, exit_rate=rate, entry_rate=rate, convention=GainSplit.COST_AT_EXIT_RATE
    )
    assert gain.fx == 0
