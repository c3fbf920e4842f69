"""From weights to whole units: costs, cash, small orders."""

from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.optimizer.trading import CostModel, Holding, orders_for
from dawsos.kernel.errors import Invalid


def holding(name: str, quantity, price, weight: float, lot=1) -> Holding:
    return Holding(name=name, quantity=D(str(quantity)), unit_price=D(str(price)), target_weight=weight, lot_size=D(str(lot)))


def test_the_cost_of_a_trade():
    assert CostModel().of(D(100) * D("232.50")) == D("39.88")  # 5 + 34.875, half to even
    assert CostModel().of(D("-23250")) == D("39.88")
    assert CostModel().of(D(0)) == 0


def test_targets_are_met_in_whole_units_and_the_rest_stays_in_cash():
    found = orders_for(
        [holding("A", 10, 100, 0.25), holding("B", 0, 30, 0.75)], D(1000), costs=CostModel(commission=D(1), market_impact=D(0))
    )
    assert [(order.name, order.quantity, order.value, order.cost) for order in found.orders] == [
        ("A", D(-5), D(-500), D(1)),
        ("B", D(49), D(1470), D(1)),  # 50 would cost 1500; cash allows 1498
    ]
    assert (found.costs, found.cash_left, found.turnover) == (D(2), D(28), pytest.approx(1970 / 4000))


def test_selling_all_sells_the_odd_remainder_too():
    found = orders_for([holding("A", "0.3", 100, 0.0)], D(10))
    assert found.orders[0].quantity == D("-0.3")


def test_less_than_one_unit_from_the_target_nothing_is_traded():
    found = orders_for([holding("A", 10, 500, 0.4999999), holding("B", 10, 500, 0.5000001)], D(0))
    assert (found.orders, found.skipped) == ((), ())


def test_small_orders_are_left_out_and_named():
    found = orders_for([holding("A", 10, 10, 0.081), holding("B", 90, 10, 0.90)], D(0), smallest_order=D(100))
    assert (found.orders, found.skipped, found.cash_left) == ((), ("A",), D(0))


def test_what_cannot_be_is_refused():
    with pytest.raises(Invalid, match="price"):
        orders_for([holding("A", 1, 0, 0.5)], D(0))
    with pytest.raises(Invalid, match="more than 1"):
        orders_for([holding("A", 1, 1, 0.6), holding("B", 1, 1, 0.6)], D(0))


HOLDINGS = st.lists(st.tuples(st.integers(0, 500), st.decimals(D("0.5"), D("900"), places=2), st.floats(0.0, 1.0)), min_size=1, max_size=8)


@settings(max_examples=30)
@given(HOLDINGS, st.decimals(D(0), D(50_000), places=2))
def test_cash_is_never_overdrawn_and_adds_up(rows, cash):
    total = sum(weight for *_, weight in rows) or 1.0
    holdings = [holding(str(place), quantity, price, weight / max(total, 1.0)) for place, (quantity, price, weight) in enumerate(rows)]
    found = orders_for(holdings, cash)
    assert found.cash_left == cash - sum(order.value + order.cost for order in found.orders)
    if any(order.quantity > 0 for order in found.orders):
        assert found.cash_left >= 0
    nav = cash + sum(each.quantity * each.unit_price for each in holdings)
    by_name = {each.name: each for each in holdings}
    for order in found.orders:
        after = by_name[order.name].quantity + order.quantity
        assert after >= 0
        if order.quantity > 0:  # no purchase goes beyond its target
            assert float(after * order.unit_price) <= by_name[order.name].target_weight * float(nav) + 1e-6
    assert orders_for(holdings, cash) == found
