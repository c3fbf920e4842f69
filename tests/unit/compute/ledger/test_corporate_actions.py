"""Spin-offs, rights, bonus issues, and cost divided by value."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawsos.compute.ledger.corporate_actions import bonus_terms, cost_by_value, rights_taken_up, spin_off
from dawsos.kernel.errors import Invalid
from tests.unit.compute.ledger.making import Ledger


def test_a_spin_off_takes_its_share_of_the_cost_along():
    ledger = Ledger()
    ledger.buy("2020-01-10", "T", 1000, 30)
    (part,) = spin_off(ledger.replay().lots, ratio=D("0.241917"), spun_share=D("0.2348"))
    assert (part.quantity, part.parent_cost) == (D(1000), D("22956.00"))
    assert (part.spun_quantity, part.spun_cost) == (D("241.917"), D("7044.00"))
    assert part.acquisition_date == ledger.rows[0].transaction_date


def test_the_cost_that_moves_is_rounded_once_and_shared_over_the_lots():
    ledger = Ledger()
    for _ in range(3):
        ledger.buy("2020-01-10", "T", 1, "0.01")
    ledger.buy("2020-01-11", "T", 1, 5)
    ledger.sell("2020-01-12", "T", 1, 5)
    parts = spin_off(ledger.replay().lots, ratio=D(1), spun_share=D("0.5"))
    assert [part.spun_cost for part in parts] == [D("0.01"), D("0.00"), D("2.50")]
    assert [part.parent_cost + part.spun_cost for part in parts] == [D("0.01"), D("0.01"), D("5.00")]


def test_base_cost_moves_in_proportion_and_keeps_its_rate():
    ledger = Ledger()
    ledger.book("BUY", "2020-01-10", -1000, symbol="T", quantity=10, currency="USD", rate="1.3")
    ledger.book("BUY", "2020-01-11", 0, symbol="T", quantity=10, currency="USD", rate="1.4")
    first, second = spin_off(ledger.replay().lots, ratio=D(2), spun_share=D("0.25"))
    assert first.lot_id == ledger.rows[0].id
    assert (first.parent_cost, first.parent_cost_base, first.spun_cost, first.spun_cost_base) == (D(750), D(975), D(250), D(325))
    assert (second.parent_cost_base, second.spun_cost_base, second.spun_quantity) == (D(0), D(0), D(20))


@pytest.mark.parametrize(("share", "left"), [(D(0), D(50)), (D(1), D(0))])
def test_all_of_the_cost_or_none_of_it_may_go_along(share, left):
    ledger = Ledger()
    ledger.buy("2020-01-10", "T", 10, 5)
    (part,) = spin_off(ledger.replay().lots, ratio=D("0.5"), spun_share=share)
    assert (part.parent_cost, part.spun_cost, part.spun_quantity) == (left, D(50) - left, D(5))


def test_lots_without_cost_spin_off_without_cost():
    ledger = Ledger()
    ledger.book("BUY", "2020-01-10", 0, symbol="T", quantity=4)
    (part,) = spin_off(ledger.replay().lots, ratio=D("0.5"), spun_share=D("0.3"))
    assert (part.spun_quantity, part.spun_cost, part.parent_cost) == (D(2), D(0), D(0))


@pytest.mark.parametrize(("ratio", "share"), [(D(0), D("0.5")), (D(1), D("1.1")), (D(1), D("-0.1"))])
def test_impossible_terms_are_refused(ratio, share):
    with pytest.raises(Invalid, match="A spin-off of"):
        spin_off([], ratio=ratio, spun_share=share)


def test_cost_goes_by_market_value():
    # HMRC CG51930: 5,000 ordinary at 10.00 and 1,250 preference at 1.10 out of 21,250
    assert cost_by_value(D(21250), [D(50000), D(1375)]) == (D("20681.27"), D("568.73"))


@given(cost=st.decimals(0, 10**9, places=2), values=st.lists(st.decimals(1, 10**6, places=4), min_size=1, max_size=8))
def test_cost_by_value_loses_nothing(cost, values):
    assert sum(cost_by_value(cost, values)) == cost


def test_a_bonus_issue_followed_by_a_rights_issue():
    ledger = Ledger()
    ledger.buy("2020-01-10", "LING", 2000, 4)
    split_from, split_to = bonus_terms(D(2), D(1))
    ledger.book("SPLIT", "2020-02-10", symbol="LING", split_from=split_from, split_to=split_to)
    shares, cost = rights_taken_up(ledger.replay().positions()[0].quantity, held=D(3), new=D(1), price=D(3))
    assert (shares, cost) == (D(1000), D(3000))
    ledger.book("BUY", "2020-03-10", -cost, symbol="LING", quantity=shares)
    position = ledger.replay("AVERAGE").positions()[0]
    assert (position.quantity, position.cost_basis) == (D(4000), D(11000))


def test_fractions_of_rights_are_lost():
    assert rights_taken_up(D(10), held=D(3), new=D(1), price=D("2.20")) == (D(3), D("6.60"))


def test_issues_of_nothing_are_refused():
    with pytest.raises(Invalid, match="A bonus issue of 0 for 2"):
        bonus_terms(D(2), D(0))
    with pytest.raises(Invalid, match="A rights issue of 1 for 0"):
        rights_taken_up(D(2), held=D(0), new=D(1), price=D(1))
