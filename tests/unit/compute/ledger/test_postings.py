"""Every transaction balances in double entry."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import HealthCheck, given, reject, settings

from dawsos.compute.ledger.postings import postings
from dawsos.compute.ledger.standing import standing
from dawsos.kernel.errors import Invalid
from dawsos.kernel.ledger import LotMethod
from tests.unit.compute.ledger.making import Ledger
from tests.unit.compute.ledger.random_ledgers import LEDGERS


def legs(row, **facts):
    return [(leg.account, leg.commodity, leg.quantity, leg.cost) for leg in postings(row, **facts)]


def relieved_by(state, row):
    parts = [part for part in state.disposals if part.sell_transaction_id == row.id]
    return parts + [part for part in state.carried_out if part.transfer_transaction_id == row.id]


def test_a_purchase_turns_cash_into_a_lot_at_cost():
    row = Ledger().buy("2024-01-10", "XYZ", 10, 100, 5, currency="USD", rate="1.3")
    assert legs(row) == [("Assets:Cash", "USD", D("-1005.00"), None), ("Assets:Securities", "XYZ", D(10), D("1005.00"))]
    lot = postings(row)[1]
    assert (lot.price, lot.price_commodity, lot.cost_commodity, lot.lot_id) == (D(100), "USD", "USD", row.id)


def test_fees_kept_out_of_cost_are_expenses():
    row = Ledger().buy("2024-01-10", "XYZ", 10, 100, 5)
    assert legs(row, fees_in_cost=False) == [
        ("Assets:Cash", "CAD", D("-1005.00"), None),
        ("Expenses:Fees", "CAD", D(5), None),
        ("Assets:Securities", "XYZ", D(10), D("1000.00")),
    ]


def test_a_sale_takes_lots_out_at_cost_and_books_the_gain():
    ledger = Ledger()
    ledger.buy("2024-01-10", "XYZ", 10, 100)
    row = ledger.sell("2024-01-20", "XYZ", 4, 120, 5)
    assert legs(row, relieved=ledger.replay().disposals) == [
        ("Assets:Cash", "CAD", D("475.00"), None),
        ("Assets:Securities", "XYZ", D(-4), D("-400.00")),
        ("Income:Realized", "CAD", D("-75.00"), None),
    ]


def test_a_sale_without_its_lots_is_refused():
    ledger = Ledger()
    ledger.buy("2024-01-10", "XYZ", 10, 100)
    row = ledger.sell("2024-01-20", "XYZ", 4, 120, 5)
    with pytest.raises(Invalid, match="the lots relieved hold 0, not 4"):
        postings(row)


@pytest.mark.parametrize(
    ("kind", "amount", "facts", "expected"),
    [
        (
            "DIVIDEND",
            "24.00",
            {"symbol": "X", "withholding_tax": "3.60"},
            [
                ("Assets:Cash", "CAD", D("20.40"), None),
                ("Expenses:WithholdingTax", "CAD", D("3.60"), None),
                ("Income:Dividends", "CAD", D("-24.00"), None),
            ],
        ),
        ("INTEREST", "-2.00", {}, [("Assets:Cash", "CAD", D("-2.00"), None), ("Income:Interest", "CAD", D("2.00"), None)]),
        ("FEE", "-9.00", {}, [("Assets:Cash", "CAD", D("-9.00"), None), ("Expenses:Fees", "CAD", D("9.00"), None)]),
        ("TAX", "-9.00", {}, [("Assets:Cash", "CAD", D("-9.00"), None), ("Expenses:Taxes", "CAD", D("9.00"), None)]),
        (
            "DEPOSIT",
            "100.00",
            {"fee": "1.00"},
            [
                ("Assets:Cash", "CAD", D("99.00"), None),
                ("Expenses:Fees", "CAD", D("1.00"), None),
                ("Equity:Deposits", "CAD", D("-100.00"), None),
            ],
        ),
        ("WITHDRAWAL", "-50.00", {}, [("Assets:Cash", "CAD", D("-50.00"), None), ("Equity:Deposits", "CAD", D("50.00"), None)]),
        ("TRANSFER_OUT", "-50.00", {}, [("Assets:Cash", "CAD", D("-50.00"), None), ("Equity:Transfers", "CAD", D("50.00"), None)]),
        (
            "TRANSFER_IN",
            "0",
            {"symbol": "X", "quantity": 2, "cost_basis": "7.00", "acquisition_date": date(2020, 1, 1)},
            [("Assets:Securities", "X", D(2), D("7.00")), ("Equity:Transfers", "CAD", D("-7.00"), None)],
        ),
        ("SPLIT", "0", {"symbol": "X", "split_from": 1, "split_to": 2}, []),
        (
            "SPLIT",
            "0",
            {"symbol": "X", "split_from": 1, "split_to": 2, "fee": "4.00"},
            [("Assets:Cash", "CAD", D("-4.00"), None), ("Expenses:Fees", "CAD", D("4.00"), None)],
        ),
    ],
)
def test_what_each_type_posts(kind, amount, facts, expected):
    row = Ledger().book(kind, "2024-01-10", amount, **facts)
    assert legs(row) == expected


def test_internal_transfers_post_to_conversions():
    row = Ledger().book("TRANSFER_OUT", "2024-01-10", -50)
    assert legs(row, is_internal=True)[1] == ("Equity:Conversions", "CAD", D(50), None)


def test_a_reversal_posts_the_opposite_of_what_it_reverses():
    ledger = Ledger()
    ledger.buy("2024-01-10", "XYZ", 10, 100)
    row = ledger.sell("2024-01-20", "XYZ", 4, 120, 5)
    relieved = ledger.replay().disposals
    reversal = ledger.reverse(row)
    forward, back = postings(row, relieved=relieved), postings(reversal, relieved=relieved)
    assert [(leg.account, -leg.quantity) for leg in forward] == [(leg.account, leg.quantity) for leg in back]
    assert back[1].cost == D(400)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(ledger=LEDGERS)
def test_postings_balance_in_every_currency_and_add_up_to_cash_and_cost(ledger):
    try:
        state = ledger.replay(LotMethod.LIFO)
    except Invalid:
        reject()
    order = standing(ledger.rows)
    cash, cost = {}, D(0)
    for row in order.rows:
        balance = {}
        for leg in postings(row, relieved=relieved_by(state, row), is_internal=row.id in order.internal):
            value, commodity = (leg.quantity, leg.commodity) if leg.cost is None else (leg.cost, leg.cost_commodity)
            balance[commodity] = balance.get(commodity, D(0)) + value
            if leg.account == "Assets:Cash":
                cash[commodity] = cash.get(commodity, D(0)) + value
            cost += leg.cost or 0
        assert not any(balance.values())
    assert cash == state.cash
    assert cost == sum(lot.cost_basis for lot in state.lots)
