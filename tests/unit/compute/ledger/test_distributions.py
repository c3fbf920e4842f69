"""Capital paid back, dividends in shares, and fractions paid in cash."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawsos.compute.ledger.distributions import return_of_capital, stock_dividend
from dawsos.compute.ledger.fractions import cash_in_lieu
from dawsos.kernel.errors import Invalid
from tests.unit.compute.ledger.making import Ledger


def two_lots():
    ledger = Ledger()
    ledger.book("BUY", "2020-01-10", -1000, symbol="AAA", quantity=100, currency="USD", rate="1.3")
    ledger.book("BUY", "2020-02-10", -50, symbol="AAA", quantity=50, currency="USD", rate="1.4")
    return ledger


def test_capital_returned_lowers_cost_and_never_below_zero():
    first, second = return_of_capital(two_lots().replay().lots, amount=D(300))
    assert (first.amount, first.cost, first.cost_base, first.excess) == (D(200), D(800), D(1040), D(0))
    assert (second.amount, second.cost, second.cost_base, second.excess) == (D(100), D(0), D(0), D(50))
    assert (first.quantity, first.cost_before, str(first.acquisition_date)) == (D(100), D(1000), "2020-01-10")


def test_a_lot_without_cost_gains_all_of_it():
    ledger = Ledger()
    ledger.book("BUY", "2020-01-10", 0, symbol="AAA", quantity=4)
    (part,) = return_of_capital(ledger.replay().lots, amount=D(3))
    assert (part.cost, part.cost_base, part.excess) == (D(0), D(0), D(3))


def test_capital_cannot_be_returned_on_nothing_or_backwards():
    with pytest.raises(Invalid, match="1 of capital cannot be returned on 0 open lots"):
        return_of_capital([], amount=D(1))
    with pytest.raises(Invalid, match="-1 of capital"):
        return_of_capital(two_lots().replay().lots, amount=D(-1))
    assert return_of_capital([], amount=D(0)) == ()


@given(st.decimals(0, 10**4, places=2))
def test_what_leaves_the_cost_is_what_was_paid_less_the_excess(amount):
    parts = return_of_capital(two_lots().replay().lots, amount=amount)
    assert sum(part.amount for part in parts) == amount
    assert all(part.cost_before - part.cost == part.amount - part.excess and part.cost >= 0 and part.excess >= 0 for part in parts)
    assert all((part.cost_base == 0) == (part.cost == 0) for part in parts)


def test_a_taxed_stock_dividend_is_income_that_buys_shares():
    assert stock_dividend(D(150), rate=D("0.05"), value=D("12.34")) == (D("7.5"), D("92.55"))
    with pytest.raises(Invalid, match="A stock dividend of 0 for 1"):
        stock_dividend(D(150), rate=D(0), value=D(1))
    with pytest.raises(Invalid, match="at -1 cannot be"):
        stock_dividend(D(150), rate=D(1), value=D(-1))


def test_a_reverse_split_pays_its_fraction_in_cash():
    paid = cash_in_lieu(D(105), split_from=D(10), split_to=D(1), price=D("42.10"))
    assert (paid.whole, paid.fraction, paid.proceeds, paid.sold_before) == (D(10), D("0.5"), D("21.05"), D(5))


def test_nothing_is_paid_where_nothing_is_left_over():
    paid = cash_in_lieu(D(100), split_from=D(10), split_to=D(1), price=D(42))
    assert (paid.whole, paid.fraction, paid.proceeds, paid.sold_before) == (D(10), D(0), D(0), D(0))


def test_a_fraction_that_old_shares_do_not_hold_exactly_is_sold_after_the_split():
    paid = cash_in_lieu(D(101), split_from=D(2), split_to=D(3), price=D(10))
    assert (paid.whole, paid.fraction, paid.proceeds, paid.sold_before) == (D(151), D("0.5"), D("5.00"), None)


def test_a_delivery_in_lots_of_a_hundred():
    paid = cash_in_lieu(D(255), unit=D(100), price=D(1))
    assert (paid.whole, paid.fraction) == (D(200), D(55))


@pytest.mark.parametrize("wrong", [{"split_from": D(0)}, {"split_to": D(-1)}, {"unit": D(0)}])
def test_impossible_fractions_are_refused(wrong):
    with pytest.raises(Invalid, match="5 shares from"):
        cash_in_lieu(D(5), price=D(1), **wrong)


def test_the_fraction_sold_after_the_split_leaves_whole_shares_and_all_cost_accounted_for():
    ledger = two_lots()
    ledger.book("SPLIT", "2020-03-01", symbol="AAA", split_from=20, split_to=1, currency="USD", rate="1.4")
    paid = cash_in_lieu(D(150), split_from=D(20), split_to=D(1), price=D(300))
    ledger.book("SELL", "2020-03-01", paid.proceeds, symbol="AAA", quantity=paid.fraction, currency="USD", rate="1.4")
    state = ledger.replay()
    assert [lot.qty_open for lot in state.lots] == [D("4.5"), D("2.5")]
    assert (state.disposals[0].cost, state.positions()[0].cost_basis) == (D(100), D(950))
