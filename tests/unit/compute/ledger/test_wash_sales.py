"""Losses disallowed because the shares were bought again, and shares matched as in the United Kingdom."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawsos.compute.ledger.share_pool import Rule, Trade, share_pool
from dawsos.compute.ledger.wash_sales import LossSale, Replacement, wash_sales
from dawsos.kernel.errors import Invalid
from dawsos.kernel.identifiers import named


def sale(number: int, day: str, quantity, loss) -> LossSale:
    return LossSale(id=named("sale", number), date=date.fromisoformat(day), quantity=D(quantity), loss=D(loss))


def bought(number: int, day: str, quantity, cost) -> Replacement:
    return Replacement(id=named("buy", number), date=date.fromisoformat(day), quantity=D(quantity), cost=D(cost))


def test_a_loss_replaced_within_thirty_days_moves_into_the_new_shares():
    # 26 CFR 1.1091-2(a), example 2
    found = wash_sales([sale(1, "1955-01-15", 1, 20)], [bought(1, "1955-02-01", 1, 70)])
    assert [(each.quantity, each.disallowed) for each in found.disallowed] == [(D(1), D(20))]
    assert found.allowed == {named("sale", 1): D(0)}
    assert found.new_basis == {named("buy", 1): D(90)}


@pytest.mark.parametrize(("day", "is_inside"), [("2020-07-01", True), ("2020-07-02", False), ("2020-05-02", True), ("2020-05-01", False)])
def test_the_window_includes_its_thirtieth_day_on_both_sides(day, is_inside):
    found = wash_sales([sale(1, "2020-06-01", 100, 250)], [bought(1, day, 100, 800)])
    assert found.allowed[named("sale", 1)] == (D(0) if is_inside else D(250))


def test_nike_bought_again_57_days_later_is_no_wash_sale():
    found = wash_sales([sale(1, "2024-07-15", 100, 1315)], [bought(1, "2024-09-10", 150, 10960)])
    assert (found.disallowed, found.allowed[named("sale", 1)]) == ((), D(1315))


def test_part_of_the_shares_replaced_disallows_part_of_the_loss():
    found = wash_sales([sale(1, "2020-06-01", 3, 30)], [bought(1, "2020-06-10", 1, 10)])
    assert (found.disallowed[0].disallowed, found.allowed[named("sale", 1)], found.new_basis[named("buy", 1)]) == (D(10), D(20), D(20))


def test_purchases_replace_in_order_of_date_and_only_once():
    found = wash_sales(
        [sale(2, "2020-06-20", 5, 50), sale(1, "2020-06-01", 10, 100)],
        [bought(2, "2020-06-15", 8, 80), bought(1, "2020-06-10", 6, 60)],
    )
    assert [(each.sale_id, each.replacement_id, each.quantity, each.disallowed) for each in found.disallowed] == [
        (named("sale", 1), named("buy", 1), D(6), D(60)),
        (named("sale", 1), named("buy", 2), D(4), D(40)),
        (named("sale", 2), named("buy", 2), D(4), D(40)),
    ]
    assert found.allowed == {named("sale", 1): D(0), named("sale", 2): D(10)}


def test_a_gain_is_not_a_loss_sale():
    with pytest.raises(Invalid, match="negative loss"):
        wash_sales([sale(1, "2020-06-01", 3, -30)], [])


@given(
    losses=st.lists(st.tuples(st.integers(0, 90), st.integers(1, 50), st.decimals(0, 10**4, places=2)), max_size=6),
    buys=st.lists(st.tuples(st.integers(0, 90), st.integers(1, 50), st.decimals(0, 10**4, places=2)), max_size=6),
)
def test_losses_are_moved_never_lost(losses, buys):
    start = date(2020, 1, 1)
    sales = [
        LossSale(id=named("sale", n), date=start + timedelta(days=day), quantity=D(q), loss=loss) for n, (day, q, loss) in enumerate(losses)
    ]
    purchases = [
        Replacement(id=named("buy", n), date=start + timedelta(days=day), quantity=D(q), cost=c) for n, (day, q, c) in enumerate(buys)
    ]
    found = wash_sales(sales, purchases)
    disallowed = sum((each.disallowed for each in found.disallowed), D(0))
    assert sum(found.allowed.values(), D(0)) + disallowed == sum((each.loss for each in sales), D(0))
    assert sum(found.new_basis.values(), D(0)) == sum((each.cost for each in purchases), D(0)) + disallowed


def trade(day: str, quantity, amount) -> Trade:
    return Trade(date=date.fromisoformat(day), quantity=D(quantity), amount=D(amount))


def shown(pool):
    return [(each.rule, each.quantity, each.gain) for each in pool.disposals]


def test_bed_and_breakfast_matches_the_purchase_that_follows():
    pool = share_pool([trade("2020-01-01", 1000, 10000), trade("2020-12-02", -1000, 2000), trade("2020-12-10", 1000, 1900)])
    assert shown(pool) == [(Rule.THIRTY_DAYS, D(1000), D(100))]
    assert (pool.quantity, pool.cost) == (D(1000), D(10000))


def test_what_the_thirty_days_leave_comes_from_the_pool():
    pool = share_pool([trade("2020-01-01", 2000, 14000), trade("2022-01-01", -1000, 10000), trade("2022-01-15", 400, 4400)])
    assert shown(pool) == [(Rule.THIRTY_DAYS, D(400), D(-400)), (Rule.POOL, D(600), D(1800))]
    assert (pool.quantity, pool.cost) == (D(1400), D(9800))


def test_the_same_day_comes_before_the_thirty_days_of_an_earlier_sale():
    pool = share_pool(
        [
            trade("2020-01-01", 100, 100),
            trade("2020-02-01", -10, 30),
            trade("2020-02-05", 10, 20),
            trade("2020-02-05", -4, 12),
            trade("2020-02-05", -4, 12),
        ]
    )
    assert shown(pool) == [
        (Rule.THIRTY_DAYS, D(2), D("2.00")),
        (Rule.POOL, D(8), D("16.00")),
        (Rule.SAME_DAY, D(8), D("8.00")),
    ]


def test_more_sold_than_bought_is_refused():
    with pytest.raises(Invalid, match="The sale of 2020-02-01: 11 asked, 10 held"):
        share_pool([trade("2020-01-01", 10, 100), trade("2020-02-01", -11, 30)])
    with pytest.raises(Invalid, match="no quantity or a negative amount"):
        share_pool([trade("2020-01-01", 0, 100)])


@given(st.lists(st.tuples(st.integers(0, 80), st.integers(-30, 30).filter(bool), st.decimals(0, 10**4, places=2)), max_size=12))
def test_cost_and_proceeds_are_conserved(rows):
    start = date(2020, 1, 1)
    trades = [Trade(date=start, quantity=D(1000), amount=D(5000))]
    trades += [Trade(date=start + timedelta(days=day + 1), quantity=D(q), amount=amount) for day, q, amount in rows]
    pool = share_pool(trades)
    assert sum((each.cost for each in pool.disposals), D(0)) + pool.cost == sum((each.amount for each in trades if each.quantity > 0), D(0))
    assert sum((each.proceeds for each in pool.disposals), D(0)) == sum((each.amount for each in trades if each.quantity < 0), D(0))
    assert sum((each.quantity for each in trades), D(0)) == pool.quantity
