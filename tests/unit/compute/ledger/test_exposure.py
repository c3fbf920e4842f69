"""Money tied up over time; average price of positions that may be short."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawsos.compute.ledger.exposure import average_position, cost_history, time_weighted_cost
from dawsos.kernel.errors import InsufficientData, Invalid
from tests.unit.compute.ledger.making import Ledger, security

X = security("X")


def test_two_purchases_weigh_by_their_days():
    ledger = Ledger()
    ledger.buy("2021-11-22", "X", 2, "142.9", "1.55")
    ledger.buy("2021-11-30", "X", 2, "136.6", "1.65")
    state = ledger.replay("AVERAGE", fees_in_cost=False)
    assert cost_history(state, X) == ((date(2021, 11, 22), D("285.80")), (date(2021, 11, 30), D("559.00")))
    assert time_weighted_cost(state, X, end=date(2021, 12, 18)) == (8 * D("285.8") + 18 * D(559)) / 26


def test_a_sale_takes_its_cost_out_from_its_day_on():
    ledger = Ledger()
    ledger.buy("2022-03-07", "X", 2, "75.8", "2.95")
    ledger.sell("2022-04-08", "X", 1, "85.73", "1.3")
    state = ledger.replay("AVERAGE", fees_in_cost=False)
    mean = time_weighted_cost(state, X, end=date(2022, 4, 11))
    assert abs(mean - D("145.10285714285715")) < D("1e-12")
    assert time_weighted_cost(state, X, start=date(2022, 4, 9), end=date(2022, 4, 11)) == D("75.8")
    assert time_weighted_cost(state, X, start=date(2022, 3, 1), end=date(2022, 3, 9)) == D("151.6") * 2 / 8


def test_fees_are_part_of_the_cost_where_the_book_says_so_and_a_day_counts_once():
    ledger = Ledger()
    ledger.buy("2022-01-03", "X", 2, 50, 3)
    ledger.buy("2022-01-03", "X", 1, 40, 2)
    ledger.buy("2022-01-05", "X", 1, 30, 1)
    assert cost_history(ledger.replay(), X) == ((date(2022, 1, 3), D(145)), (date(2022, 1, 5), D(176)))
    assert cost_history(ledger.replay(fees_in_cost=False), X) == ((date(2022, 1, 3), D(140)), (date(2022, 1, 5), D(170)))
    assert cost_history(ledger.replay(through=date(2022, 1, 4)), X) == ((date(2022, 1, 3), D(145)),)


def test_transfers_in_kind_bring_and_take_cost():
    ledger = Ledger()
    ledger.book("TRANSFER_IN", "2022-01-01", symbol="X", quantity=4, cost_basis=100, acquisition_date=date(2020, 1, 1))
    ledger.buy("2022-01-01", "Y", 1, 1)
    ledger.sell("2022-01-02", "Y", 1, 1)
    ledger.book("TRANSFER_OUT", "2022-01-05", symbol="X", quantity=1)
    ledger.book("TRANSFER_OUT", "2022-01-06", symbol="X", quantity=3)
    assert cost_history(ledger.replay(), X) == (
        (date(2022, 1, 1), D(100)),
        (date(2022, 1, 5), D(75)),
        (date(2022, 1, 6), D(0)),
    )
    assert cost_history(ledger.replay(), security("Y")) == ((date(2022, 1, 1), D(1)), (date(2022, 1, 2), D(0)))


def test_without_a_day_there_is_no_mean():
    ledger = Ledger()
    ledger.buy("2022-03-07", "X", 2, "75.8")
    for end in (date(2022, 3, 7), date(2020, 1, 1)):
        with pytest.raises(InsufficientData, match="No cost was carried before"):
            time_weighted_cost(ledger.replay(), X, end=end)


def test_two_short_sales_have_an_average_price():
    short = average_position([(D(-1), D("44558.42")), (D(-1), D("46737.48"))])
    assert (short.quantity, short.average_price, short.realized_pl) == (D(-2), D("45647.95"), D(0))


def test_closing_realises_and_leaves_the_average():
    half = average_position([(D(10), D(5)), (D(10), D(7)), (D(-5), D(10))])
    assert (half.quantity, half.average_price, half.realized_pl) == (D(15), D(6), D(20))
    flat = average_position([(D(10), D(5)), (D(-10), D(4))])
    assert (flat.quantity, flat.average_price, flat.realized_pl) == (D(0), None, D(-10))


def test_what_goes_through_zero_opens_the_other_side():
    turned = average_position([(D(10), D(5)), (D(-15), D(6))])
    assert (turned.quantity, turned.average_price, turned.realized_pl) == (D(-5), D(6), D(10))
    back = average_position([(D(-10), D(5)), (D(15), D(4))])
    assert (back.quantity, back.average_price, back.realized_pl) == (D(5), D(4), D(10))


def test_a_trade_of_nothing_is_refused():
    with pytest.raises(Invalid, match="A trade of nothing"):
        average_position([(D(0), D(5))])


@given(st.lists(st.tuples(st.integers(-20, 20).filter(bool).map(D), st.integers(1, 100).map(D)), min_size=1, max_size=15))
def test_what_was_realised_and_what_is_open_add_up_to_the_cash(trades):
    position = average_position(trades)
    cash = sum(-quantity * price for quantity, price in trades)
    open_cost = position.quantity * (position.average_price or 0)
    assert abs(position.realized_pl - open_cost - cash) < D("1e-20")
    assert position.quantity == sum(quantity for quantity, _ in trades)
