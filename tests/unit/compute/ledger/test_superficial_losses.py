"""Average cost in Canada, with losses denied where the shares were bought back."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawsos.compute.ledger.share_pool import Trade
from dawsos.compute.ledger.superficial_losses import adjusted_cost_base
from dawsos.kernel.errors import Invalid


def trade(day, quantity, amount) -> Trade:
    return Trade(date=date.fromisoformat(day), quantity=D(quantity), amount=D(amount))


def test_average_cost_and_a_gain():
    book = adjusted_cost_base([trade("2020-01-02", 100, 1000), trade("2020-02-03", 100, 2000), trade("2020-03-04", -50, 1000)])
    (sale,) = book.sales
    assert (sale.cost, sale.gain, sale.denied, sale.allowed) == (D(750), D(250), D(0), D(250))
    assert (book.quantity, book.cost) == (D(150), D(2250))


def test_a_loss_bought_back_and_held_is_denied_and_joins_the_cost():
    book = adjusted_cost_base([trade("2020-01-02", 100, 5000), trade("2020-06-01", -100, 3000), trade("2020-06-20", 100, 3200)])
    (sale,) = book.sales
    assert (sale.gain, sale.denied, sale.allowed) == (D(-2000), D(2000), D(0))
    assert (book.quantity, book.cost) == (D(100), D(5200))


def test_the_least_of_sold_bought_and_held_counts():
    # S = 100, P = 60, B = 25 at the end of the window: a quarter of the loss is denied.
    book = adjusted_cost_base(
        [
            trade("2020-01-02", 100, 5000),
            trade("2020-06-01", -100, 3000),
            trade("2020-06-10", 60, 2000),
            trade("2020-06-20", -35, 1500),
        ]
    )
    assert (book.sales[0].denied, book.sales[0].allowed) == (D(500), D(-1500))
    # The pool then costs 2,500 for 60, of which 35 are sold at a gain.
    assert (book.sales[1].cost, book.quantity, book.cost) == (D("1458.33"), D(25), D("1041.67"))


@pytest.mark.parametrize(("day", "is_denied"), [("2020-07-01", True), ("2020-07-02", False), ("2020-05-02", True), ("2020-05-01", False)])
def test_the_window_has_thirty_days_on_both_sides(day, is_denied):
    trades = sorted([trade("2020-01-02", 10, 500), trade("2020-06-01", -10, 300), trade(day, 10, 300)], key=lambda each: each.date)
    assert bool(adjusted_cost_base(trades).sales[0].denied) is is_denied


def test_shares_bought_count_for_one_sale_only():
    book = adjusted_cost_base(
        [
            trade("2020-01-02", 100, 5000),
            trade("2020-06-01", -50, 1500),
            trade("2020-06-02", -50, 1500),
            trade("2020-06-20", 50, 1600),
        ]
    )
    assert [sale.denied for sale in book.sales] == [D(1000), D(0)]
    # What was denied first has joined the cost of what was sold next.
    assert [sale.gain for sale in book.sales] == [D(-1000), D(-2000)]


def test_trades_that_cannot_be_are_refused():
    with pytest.raises(Invalid, match="The sale of 2020-02-01: 2 asked, 1 held"):
        adjusted_cost_base([trade("2020-01-02", 1, 1), trade("2020-02-01", -2, 1)])
    with pytest.raises(Invalid, match="not in order"):
        adjusted_cost_base([trade("2020-02-02", 1, 1), trade("2020-02-01", 2, 1)])
    with pytest.raises(Invalid, match="negative amount"):
        adjusted_cost_base([trade("2020-02-02", 1, -1)])


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(-30, 30).filter(bool), st.decimals(0, 10**4, places=2)), max_size=12))
def test_no_loss_disappears_and_none_is_denied_twice(rows):
    day, trades = date(2020, 1, 2), [Trade(date=date(2020, 1, 1), quantity=D(1000), amount=D(5000))]
    for days, quantity, amount in rows:
        day += timedelta(days=days)
        trades.append(Trade(date=day, quantity=D(quantity), amount=amount))
    book = adjusted_cost_base(trades)
    put_in = sum((each.amount for each in trades if each.quantity > 0), D(0))
    denied = sum((sale.denied for sale in book.sales), D(0))
    assert sum((sale.cost for sale in book.sales), D(0)) + book.cost == put_in + denied
    assert all(0 <= sale.denied <= max(-sale.gain, 0) for sale in book.sales)
    assert book.quantity == sum((each.quantity for each in trades), D(0))
