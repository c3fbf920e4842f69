"""The wash-sale rule over whole ledgers."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from dawsos.compute.ledger.wash_sale_book import wash_sale_book
from dawsos.kernel.errors import Invalid
from tests.unit.compute.ledger.making import Ledger
from tests.unit.compute.ledger.random_ledgers import LEDGERS


def shown(book):
    return [(sale.quantity, sale.disallowed, str(sale.holding_period_start)) for sale in book.wash_sales]


def open_lots(book):
    return [(lot.quantity, lot.cost, str(lot.holding_period_start)) for lot in book.lots if lot.quantity]


def test_cost_and_holding_period_move_to_the_replacement():
    ledger = Ledger()
    ledger.buy("2020-01-02", "AAA", 100, 50)
    ledger.sell("2020-06-01", "AAA", 100, 45)
    ledger.buy("2020-06-10", "AAA", 100, 45)
    book = wash_sale_book(ledger.replay())
    # Held 151 days: the new shares count as bought 151 days before 10 June.
    assert shown(book) == [(D(100), D(500), "2020-01-11")]
    assert open_lots(book) == [(D(100), D(5000), "2020-01-11")]
    assert [(each.cost, each.disallowed, each.gain) for each in book.disposals] == [(D(5000), D(500), D(0))]


def test_only_as_many_shares_as_were_bought_are_replaced_and_the_rest_of_the_lot_keeps_its_own():
    ledger = Ledger()
    ledger.buy("2020-01-02", "AAA", 30, 20)
    ledger.sell("2020-06-01", "AAA", 30, 10)
    ledger.buy("2020-06-10", "AAA", 10, 10)
    ledger.buy("2020-06-12", "AAA", 50, 10)
    book = wash_sale_book(ledger.replay())
    assert shown(book) == [(D(10), D(100), "2020-01-11"), (D(20), D(200), "2020-01-13")]
    assert open_lots(book) == [(D(10), D(200), "2020-01-11"), (D(20), D(400), "2020-01-13"), (D(30), D(300), "2020-06-12")]


def test_a_share_replaces_once_and_a_chain_carries_the_loss_on():
    ledger = Ledger()
    ledger.buy("2020-01-02", "AAA", 10, 100)
    ledger.sell("2020-03-02", "AAA", 10, 90)  # loss 100, replaced by the next
    ledger.buy("2020-03-05", "AAA", 10, 90)  # now costs 1,000
    ledger.sell("2020-03-20", "AAA", 10, 80)  # loss 200, replaced again
    ledger.buy("2020-04-01", "AAA", 10, 70)
    book = wash_sale_book(ledger.replay())
    assert shown(book) == [(D(10), D(100), "2020-01-05"), (D(10), D(200), "2020-01-17")]
    assert [(each.cost, each.gain) for each in book.disposals] == [(D(1000), D(0)), (D(1000), D(0))]
    assert open_lots(book) == [(D(10), D(900), "2020-01-17")]


def test_what_is_left_of_the_lot_sold_and_what_went_with_it_are_no_replacement():
    ledger = Ledger()
    ledger.buy("2020-05-20", "AAA", 10, 100)
    ledger.sell("2020-06-01", "AAA", 4, 90)
    assert wash_sale_book(ledger.replay()).wash_sales == ()
    ledger.buy("2020-06-02", "AAA", 5, 90)
    ledger.sell("2020-07-20", "AAA", 11, 80)
    book = wash_sale_book(ledger.replay())
    assert shown(book) == [(D(4), D(40), "2020-05-21")]


def test_a_purchase_before_the_sale_replaces_too():
    ledger = Ledger()
    ledger.buy("2020-01-02", "AAA", 10, 100)
    ledger.buy("2020-05-25", "AAA", 10, 60)
    ledger.sell("2020-06-01", "AAA", 10, 70)
    assert shown(wash_sale_book(ledger.replay())) == [(D(10), D(300), "2019-12-26")]
    assert wash_sale_book(ledger.replay(), window_days=6).wash_sales == ()


def test_a_split_in_between_does_not_change_what_is_replaced():
    ledger = Ledger()
    ledger.buy("2020-01-02", "AAA", 10, 100)
    ledger.sell("2020-06-01", "AAA", 10, 90)
    ledger.book("SPLIT", "2020-06-05", symbol="AAA", split_from=1, split_to=4)
    ledger.buy("2020-06-10", "AAA", 20, 22)
    book = wash_sale_book(ledger.replay())
    # Twenty new shares are five of the old ones: half the loss.
    assert shown(book) == [(D(5), D(50), "2020-01-11")]
    assert book.disposals[0].gain == D(-50)


def test_transfers_in_are_no_purchase_and_other_securities_no_replacement():
    ledger = Ledger()
    ledger.buy("2020-01-02", "AAA", 10, 100)
    ledger.sell("2020-06-01", "AAA", 10, 90)
    ledger.book("TRANSFER_IN", "2020-06-05", symbol="AAA", quantity=10, cost_basis=900, acquisition_date=date(2020, 6, 5))
    ledger.buy("2020-06-05", "BBB", 10, 100)
    assert wash_sale_book(ledger.replay()).wash_sales == ()


def test_a_pool_has_no_lots_to_replace():
    with pytest.raises(Invalid, match="pool at average cost"):
        wash_sale_book(Ledger().replay("AVERAGE"))


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(ledger=LEDGERS, method=st.sampled_from(["FIFO", "LIFO", "HIFO"]))
def test_losses_are_put_off_and_never_lost(ledger, method):
    try:
        state = ledger.replay(method)
    except Invalid:
        reject()
    book = wash_sale_book(state)
    raw = sum((sale.realized_pl for sale in state.realized), D(0))
    disallowed = sum((each.disallowed for each in book.wash_sales), D(0))
    tax_cost = sum((lot.cost for lot in book.lots), D(0))
    added_and_gone = sum((each.cost for each in book.disposals), D(0)) - sum((each.cost_base for each in state.disposals), D(0))
    assert sum((each.gain for each in book.disposals), D(0)) == raw - added_and_gone + disallowed
    assert all(each.gain >= 0 or each.disallowed >= 0 for each in book.disposals)
    if not state.carried_out:
        assert tax_cost == sum((lot.cost_basis_base for lot in state.lots), D(0)) + disallowed - added_and_gone
    assert all(each.disallowed > 0 or each.quantity > 0 for each in book.wash_sales)
    for lot in book.lots:
        assert lot.cost >= 0
        assert lot.quantity > 0
