"""What each type of transaction does to lots, cash, flows and income."""

from datetime import date
from decimal import Decimal as D

import pytest

from tests.unit.compute.ledger.making import Ledger, chosen, security

EVERY_METHOD = ["FIFO", "LIFO", "HIFO", "AVERAGE"]


def test_a_purchase_opens_a_lot_whose_cost_includes_the_fee():
    ledger = Ledger()
    row = ledger.buy("2024-01-15", "CNR", 200, 155, 10)
    state = ledger.replay()
    (lot,) = state.lots
    assert (lot.id, lot.open_transaction_id, lot.symbol) == (row.id, row.id, "CNR")
    assert (lot.qty_open, lot.qty_original, lot.cost_basis, lot.cost_basis_base) == (D(200), D(200), D("31010.00"), D("31010.00"))
    assert (lot.acquisition_date, lot.currency, lot.trade_fx_rate, lot.closed_date) == (date(2024, 1, 15), "CAD", D(1), None)
    assert state.cash == {"CAD": D("-31010.00")}
    assert state.income == ()


def test_a_foreign_purchase_keeps_the_rate_of_its_day_in_its_base_cost():
    ledger = Ledger()
    ledger.buy("2024-02-05", "BAM", 500, 42, 10, currency="USD", rate="1.35471")
    (lot,) = ledger.replay().lots
    assert lot.cost_basis == D("21010.00")
    assert lot.cost_basis_base == D("28462.46")  # 21,010 × 1.35471 = 28,462.4571
    assert ledger.replay().cash == {"USD": D("-21010.00")}


def test_fees_kept_out_of_cost_appear_as_charges():
    ledger = Ledger()
    ledger.buy("2024-01-15", "CNR", 200, 155, 10)
    ledger.sell("2024-02-15", "CNR", 200, 156, 12)
    state = ledger.replay(fees_in_cost=False)
    assert state.lots[0].cost_basis == D(0)
    assert state.realized[0].realized_pl == D("200.00")
    assert [(each.transaction_type.value, each.fee, each.net_base) for each in state.income] == [
        ("BUY", D(10), D(-10)),
        ("SELL", D(12), D(-12)),
    ]
    assert state.cash == {"CAD": D("178.00")}


def test_a_partial_sale_reduces_quantity_and_cost_and_leaves_the_lot_open():
    ledger = Ledger()
    ledger.buy("2024-01-25", "PYPL", 300, 55, 10, currency="USD", rate="1.35")
    sale = ledger.sell("2024-08-20", "PYPL", 100, 65, 10, currency="USD", rate="1.37")
    state = ledger.replay()
    (lot,) = state.lots
    assert (lot.qty_open, lot.qty_original, lot.cost_basis, lot.cost_basis_base) == (D(200), D(300), D("11006.67"), D("14859.00"))
    assert lot.closed_date is None
    (part,) = state.disposals
    assert (part.sell_transaction_id, part.lot_id, part.quantity, part.cost, part.cost_base) == (
        sale.id,
        lot.id,
        D(100),
        D("5503.33"),
        D("7429.50"),
    )
    assert (part.proceeds, part.proceeds_base) == (D("6490.00"), D("8891.30"))
    assert part.gain_price_base + part.gain_fx_base == D("1461.80")
    assert part.gain_fx_base == D("129.79")  # 6,490 × 1.37 − 6,490 × 7,429.50 / 5,503.33
    assert (part.acquisition_date, part.disposal_date, part.holding_days) == (date(2024, 1, 25), date(2024, 8, 20), 208)


def test_a_complete_sale_takes_all_cost_and_closes_the_lot():
    ledger = Ledger()
    ledger.buy("2024-01-10", "XYZ", 3, "33.33", "0.01")
    ledger.sell("2024-01-20", "XYZ", 3, 40)
    (lot,) = ledger.replay().lots
    assert (lot.qty_open, lot.qty_original, lot.cost_basis, lot.cost_basis_base, lot.closed_date) == (
        D(0),
        D(3),
        D(0),
        D(0),
        date(2024, 1, 20),
    )
    assert ledger.replay().positions() == ()


def test_three_thirds_of_a_lot_cost_exactly_the_lot():
    ledger = Ledger()
    ledger.buy("2024-01-10", "XYZ", 3, "33.33", "0.01")
    for day in ("2024-01-11", "2024-01-12", "2024-01-13"):
        ledger.sell(day, "XYZ", 1, 40)
    assert [part.cost for part in ledger.replay().disposals] == [D("33.33"), D("33.34"), D("33.33")]


def test_a_sale_across_lots_shares_its_proceeds_by_quantity_to_the_cent():
    ledger = Ledger()
    ledger.buy("2024-01-10", "XYZ", 1, 10)
    ledger.buy("2024-01-11", "XYZ", 1, 20)
    ledger.buy("2024-01-12", "XYZ", 1, 30)
    ledger.book("SELL", "2024-02-01", 100, symbol="XYZ", quantity=3)
    state = ledger.replay()
    assert [part.proceeds for part in state.disposals] == [D("33.33"), D("33.34"), D("33.33")]
    assert state.realized[0].proceeds == D(100)
    assert state.realized[0].realized_pl == D(40)


def test_a_purchase_and_a_sale_on_one_day_go_in_the_order_they_were_booked():
    ledger = Ledger()
    ledger.buy("2025-12-11", "JNUG", 9, "209.45", 1)
    ledger.sell("2025-12-18", "JNUG", 9, 210, 1)
    ledger.buy("2025-12-18", "JNUG", 10, "204.11", 1)
    ledger.sell("2025-12-28", "JNUG", 10, "208.01", 1)
    state = ledger.replay()
    assert [each.realized_pl for each in state.realized] == [D("2.95"), D("37.00")]
    assert state.open_lots() == ()


def test_a_fee_larger_than_the_sale_makes_proceeds_negative():
    ledger = Ledger()
    ledger.buy("2024-01-10", "XYZ", 10, 1)
    ledger.sell("2024-02-10", "XYZ", 10, "0.10", 5)
    (result,) = ledger.replay().realized
    assert (result.proceeds, result.realized_pl) == (D("-4.00"), D("-14.00"))


def test_a_dividend_is_income_net_of_tax_at_the_rate_of_the_day_it_is_paid():
    ledger = Ledger()
    ledger.buy("2024-01-10", "AAPL", 100, 150, currency="USD", rate="1.30")
    ledger.book(
        "DIVIDEND", "2024-05-16", "24.00", symbol="AAPL", withholding_tax="3.60", currency="USD", rate="1.36", ex_date=date(2024, 5, 10)
    )
    (paid,) = ledger.replay().income
    assert (paid.amount, paid.withholding_tax, paid.net) == (D("24.00"), D("3.60"), D("20.40"))
    assert (paid.amount_base, paid.withholding_tax_base, paid.net_base) == (D("32.64"), D("4.90"), D("27.74"))
    assert ledger.replay().cash["USD"] == D("-14979.60")
    assert ledger.replay().external_flows == ()


def test_a_dividend_on_something_never_held_is_noted():
    ledger = Ledger()
    ledger.book("DIVIDEND", "2024-05-16", "24.00", symbol="AAPL")
    assert [(each.code, each.security_id) for each in ledger.replay().warnings] == [("dividend_without_holding", security("AAPL"))]


@pytest.mark.parametrize(
    ("kind", "amount"), [("INTEREST", "12.34"), ("INTEREST", "-5.00"), ("FEE", "-9.99"), ("FEE", "1.00"), ("TAX", "-20.00")]
)
def test_interest_fees_and_taxes_are_performance_not_flows(kind, amount):
    ledger = Ledger()
    ledger.book(kind, "2024-03-01", amount)
    state = ledger.replay()
    assert state.cash == {"CAD": D(amount)}
    assert [(each.transaction_type.value, each.net_base) for each in state.income] == [(kind, D(amount))]
    assert state.external_flows == ()


def test_deposits_and_withdrawals_are_external_flows_gross_of_their_fee():
    ledger = Ledger()
    ledger.book("DEPOSIT", "2024-01-02", "1000.00", currency="USD", rate="1.35", fee="2.50")
    ledger.book("WITHDRAWAL", "2024-02-02", "-400.00", currency="USD", rate="1.40")
    state = ledger.replay()
    assert [(flow.date, flow.currency, flow.amount, flow.amount_base) for flow in state.external_flows] == [
        (date(2024, 1, 2), "USD", D("1000.00"), D("1350.00")),
        (date(2024, 2, 2), "USD", D("-400.00"), D("-560.00")),
    ]
    assert [(each.fee, each.net, each.net_base) for each in state.income] == [(D("2.50"), D("-2.50"), D("-3.38"))]
    assert state.cash == {"USD": D("597.50")}


def test_a_split_multiplies_quantities_and_leaves_the_cost():
    ledger = Ledger()
    ledger.buy("2024-01-10", "XYZ", 100, 150)
    ledger.book("SPLIT", "2024-02-01", symbol="XYZ", split_from=1, split_to=2)
    (lot,) = ledger.replay().lots
    assert (lot.qty_open, lot.qty_original, lot.cost_basis) == (D(200), D(200), D(15000))


@pytest.mark.parametrize("method", EVERY_METHOD)
def test_a_consolidation_rounds_the_position_and_its_lots_add_up_to_it(method):
    ledger = Ledger()
    for day in ("2024-01-10", "2024-01-11", "2024-01-12"):
        ledger.buy(day, "XYZ", 1, 150)
    ledger.book("SPLIT", "2024-02-01", symbol="XYZ", split_from=7, split_to=1)
    state = ledger.replay(method)
    assert [lot.qty_open for lot in state.lots] == [D("0.14285715"), D("0.14285714"), D("0.14285714")]
    assert state.positions()[0].quantity == D("0.42857143")  # round(3 / 7)
    assert state.positions()[0].cost_basis == D(450)


def test_a_split_scales_what_was_sold_of_an_open_lot_too():
    ledger = Ledger()
    ledger.buy("2024-01-10", "XYZ", 100, 150)
    ledger.sell("2024-01-20", "XYZ", 40, 160)
    ledger.book("SPLIT", "2024-02-01", symbol="XYZ", split_from=2, split_to=3)
    (lot,) = ledger.replay().lots
    assert (lot.qty_open, lot.qty_original, lot.cost_basis) == (D(90), D(150), D(9000))


def test_a_split_of_nothing_held_is_noted_and_changes_nothing():
    ledger = Ledger()
    ledger.book("SPLIT", "2024-02-01", symbol="XYZ", split_from=1, split_to=2)
    state = ledger.replay()
    assert state.lots == ()
    assert [each.code for each in state.warnings] == ["split_without_holding"]


def test_a_transfer_in_kind_brings_its_cost_and_its_date():
    ledger = Ledger()
    row = ledger.book(
        "TRANSFER_IN",
        "2024-03-01",
        symbol="XYZ",
        quantity=10,
        cost_basis=700,
        acquisition_date=date(2019, 5, 5),
        currency="USD",
        rate="1.35",
    )
    state = ledger.replay()
    (lot,) = state.lots
    assert (lot.acquisition_date, lot.cost_basis, lot.cost_basis_base) == (date(2019, 5, 5), D(700), D("945.00"))
    (flow,) = state.external_flows
    assert (flow.transaction_id, flow.security_id, flow.quantity, flow.amount, flow.amount_base) == (
        row.id,
        security("XYZ"),
        D(10),
        None,
        None,
    )
    assert state.cash == {}


def test_lots_transferred_in_are_sold_by_acquisition_date_not_by_booking():
    ledger = Ledger()
    ledger.buy("2024-01-10", "XYZ", 10, 100)
    ledger.book("TRANSFER_IN", "2024-03-01", symbol="XYZ", quantity=10, cost_basis=700, acquisition_date=date(2019, 5, 5))
    ledger.sell("2024-04-01", "XYZ", 5, 120)
    assert ledger.replay("FIFO").disposals[0].cost == D(350)
    assert ledger.replay("LIFO").disposals[0].cost == D(500)


def test_a_transfer_out_in_kind_carries_its_cost_away_and_realises_nothing():
    ledger = Ledger()
    ledger.buy("2024-01-10", "XYZ", 10, 100, 5, currency="USD", rate="1.30")
    row = ledger.book("TRANSFER_OUT", "2024-03-01", symbol="XYZ", quantity=4, currency="USD", rate="1.35", fee="1.00")
    state = ledger.replay()
    (carried,) = state.carried_out
    assert (carried.transfer_transaction_id, carried.quantity, carried.cost, carried.cost_base) == (row.id, D(4), D("402.00"), D("522.60"))
    assert (carried.acquisition_date, carried.transfer_date) == (date(2024, 1, 10), date(2024, 3, 1))
    assert (state.realized, state.disposals) == ((), ())
    assert state.external_flows[0].quantity == D(-4)
    assert [(each.fee, each.net) for each in state.income] == [(D("1.00"), D("-1.00"))]
    assert state.lots[0].cost_basis == D("603.00")


def test_specific_sells_the_lots_it_names():
    ledger = Ledger()
    first = ledger.buy("2024-01-10", "XYZ", 10, 100)
    ledger.buy("2024-01-11", "XYZ", 10, 110)
    third = ledger.buy("2024-01-12", "XYZ", 10, 120)
    ledger.sell("2024-02-01", "XYZ", 8, 130, lot_selection=(chosen(third, 5), chosen(first, 3)))
    state = ledger.replay("SPECIFIC")
    assert [(part.lot_id, part.quantity, part.cost) for part in state.disposals] == [(third.id, D(5), D(600)), (first.id, D(3), D(300))]
    assert [lot.qty_open for lot in state.lots] == [D(7), D(10), D(5)]


def test_another_method_ignores_the_lots_named_so_that_methods_can_be_compared():
    ledger = Ledger()
    ledger.buy("2024-01-10", "XYZ", 10, 100)
    second = ledger.buy("2024-01-11", "XYZ", 10, 110)
    ledger.sell("2024-02-01", "XYZ", 5, 130, lot_selection=(chosen(second, 5),))
    assert ledger.replay("SPECIFIC").realized[0].realized_pl == D(100)
    assert ledger.replay("FIFO").realized[0].realized_pl == D(150)


def test_the_average_pool_is_shared_over_the_lots_to_the_last_cent():
    ledger = Ledger()
    ledger.buy("2024-01-10", "XYZ", 1, "10.00")
    ledger.buy("2024-01-11", "XYZ", 1, "10.00")
    ledger.buy("2024-01-12", "XYZ", 1, "10.01")
    state = ledger.replay("AVERAGE")
    assert [lot.cost_basis for lot in state.lots] == [D("10.01"), D("10.00"), D("10.00")]
    ledger.sell("2024-02-01", "XYZ", 1, 20)
    state = ledger.replay("AVERAGE")
    assert state.realized[0].cost == D("10.00")
    assert [(lot.qty_open, lot.cost_basis) for lot in state.lots] == [(D(0), D(0)), (D(1), D("10.01")), (D(1), D("10.00"))]


def test_the_average_pool_starts_afresh_after_the_position_was_closed():
    ledger = Ledger()
    ledger.buy("2010-01-01", "XYZ", 100, "31.492")
    ledger.sell("2010-02-01", "XYZ", 100, "5.315")
    ledger.buy("2010-03-01", "XYZ", 50, "33.6984")
    state = ledger.replay("AVERAGE")
    assert state.positions()[0].cost_basis == D("1684.92")
    ledger.sell("2010-04-01", "XYZ", 50, "10.63")
    assert [(lot.cost_basis, lot.cost_basis_base) for lot in ledger.replay("AVERAGE").lots] == [(D(0), D(0)), (D(0), D(0))]


def test_positions_are_sums_of_open_lots_by_symbol():
    ledger = Ledger()
    ledger.buy("2024-01-11", "ZZZ", 1, 5)
    ledger.buy("2024-01-10", "AAA", 10, 100, 1, currency="USD", rate="1.3")
    ledger.buy("2024-01-11", "AAA", 5, 110, 1, currency="USD", rate="1.4")
    one, two = ledger.replay().positions()
    assert (one.symbol, one.currency, one.quantity, one.cost_basis, one.cost_basis_base) == ("AAA", "USD", D(15), D(1552), D("2072.70"))
    assert (two.symbol, two.quantity) == ("ZZZ", D(1))


def test_replaying_through_a_day_leaves_out_what_comes_later():
    ledger = Ledger()
    ledger.book("DEPOSIT", "2024-01-01", 5000)
    ledger.buy("2024-01-10", "XYZ", 10, 100)
    ledger.sell("2024-02-10", "XYZ", 10, 110)
    state = ledger.replay(through=date(2024, 2, 9))
    assert state.positions()[0].quantity == D(10)
    assert state.cash == {"CAD": D(4000)}
    assert ledger.replay(through=date(2024, 2, 10)).cash == {"CAD": D(5100)}


def test_cash_below_zero_is_noted_from_its_first_to_its_last_day():
    ledger = Ledger()
    ledger.buy("2024-01-10", "XYZ", 10, 100)
    ledger.buy("2024-01-12", "XYZ", 1, 100)
    ledger.book("DEPOSIT", "2024-01-20", 2000)
    ledger.buy("2024-02-01", "XYZ", 10, 100)
    one, two = ledger.replay().warnings
    assert (one.code, one.currency, one.start_date, one.end_date) == ("negative_cash", "CAD", date(2024, 1, 10), date(2024, 1, 19))
    assert "down to -1100" in one.message
    assert (two.start_date, two.end_date) == (date(2024, 2, 1), None)


def test_cash_that_is_short_only_within_a_day_is_not_noted():
    ledger = Ledger()
    ledger.buy("2024-01-10", "XYZ", 10, 100)
    ledger.book("DEPOSIT", "2024-01-10", 2000)
    assert ledger.replay().warnings == ()
    assert ledger.replay().cash_history == {"CAD": ((date(2024, 1, 10), D(1000)),)}


def test_a_new_position_may_be_in_another_currency_once_the_old_one_is_closed():
    ledger = Ledger()
    ledger.buy("2024-01-10", "XYZ", 10, 100)
    ledger.sell("2024-01-11", "XYZ", 10, 100)
    ledger.buy("2024-01-12", "XYZ", 10, 70, currency="USD", rate="1.4")
    assert ledger.replay().positions()[0].currency == "USD"


def test_an_empty_ledger_has_an_empty_state():
    state = Ledger().replay()
    assert (state.lots, state.cash, state.warnings, state.positions()) == ((), {}, (), ())
