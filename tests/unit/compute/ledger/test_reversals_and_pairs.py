"""Corrections, and transfers whose two halves are in one ledger."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest

from dawsos.kernel.errors import Invalid
from tests.unit.compute.ledger.making import Ledger


def comparable(state):
    return replace(state, transactions=())


def test_a_reversed_pair_leaves_no_trace_in_the_state():
    ledger = Ledger()
    ledger.book("DEPOSIT", "2024-01-01", 10000)
    ledger.buy("2024-01-10", "XYZ", 10, 100, 5)
    before = ledger.replay()
    wrong = ledger.sell("2024-02-01", "XYZ", 10, 130, 5)
    assert ledger.replay().positions() == ()
    ledger.reverse(wrong)
    assert comparable(ledger.replay()) == comparable(before)
    assert len(ledger.replay().transactions) == 4


def test_cash_is_the_plain_sum_of_all_rows_reversals_included():
    ledger = Ledger()
    ledger.book("DEPOSIT", "2024-01-01", 10000)
    ledger.reverse(ledger.buy("2024-01-10", "XYZ", 10, 100, 5))
    ledger.reverse(ledger.book("DIVIDEND", "2024-01-12", 10, symbol="XYZ", withholding_tax="1.5"))
    assert sum(row.cash_effect for row in ledger.rows) == ledger.replay().cash["CAD"] == D(10000)


def test_reversing_a_purchase_that_was_sold_since_is_refused_at_the_sale():
    ledger = Ledger()
    bought = ledger.buy("2024-01-10", "XYZ", 10, 100)
    ledger.sell("2024-02-01", "XYZ", 10, 130)
    ledger.reverse(bought)
    with pytest.raises(Invalid, match=r"SELL of XYZ on 2024-02-01 \(entry 2\): 10 asked, 0 held"):
        ledger.replay()


@pytest.mark.parametrize(
    "facts",
    [
        {"amount": D("999.00")},
        {"fee": D("4.00")},
        {"withholding_tax": D(1)},
        {"quantity": D(10)},
        {"transaction_date": date(2024, 1, 11)},
        {"currency": "USD"},
        {"fx_rate": D(2)},
        {"security_id": None},
    ],
)
def test_a_reversal_that_is_not_the_mirror_image_is_refused(facts):
    ledger = Ledger()
    ledger.reverse(ledger.buy("2024-01-10", "XYZ", 10, 100, 5))
    ledger.rows[1] = replace(ledger.rows[1], **facts)
    with pytest.raises(Invalid, match="it does not mirror BUY of XYZ on 2024-01-10"):
        ledger.replay()


def test_a_second_reversal_is_refused():
    ledger = Ledger()
    bought = ledger.buy("2024-01-10", "XYZ", 10, 100)
    ledger.reverse(bought)
    ledger.reverse(bought)
    with pytest.raises(Invalid, match="is a reversal or already reversed"):
        ledger.replay()


def test_a_reversal_of_a_reversal_is_refused():
    ledger = Ledger()
    ledger.reverse(ledger.reverse(ledger.buy("2024-01-10", "XYZ", 10, 100)))
    with pytest.raises(Invalid, match="is a reversal or already reversed"):
        ledger.replay()


def test_a_currency_conversion_is_no_external_flow():
    ledger = Ledger()
    ledger.book("DEPOSIT", "2024-01-01", 20000)
    half = ledger.book("TRANSFER_OUT", "2024-01-06", -13600)
    ledger.book("TRANSFER_IN", "2024-01-06", 10000, currency="USD", rate="1.35", parent_transaction_id=half.id, fee=3)
    state = ledger.replay()
    assert [flow.amount for flow in state.external_flows] == [D(20000)]
    assert state.cash == {"CAD": D(6400), "USD": D(9997)}
    assert [each.net_base for each in state.income] == [D("-4.05")]


def test_a_cash_transfer_without_a_pair_is_an_external_flow():
    ledger = Ledger()
    ledger.book("TRANSFER_IN", "2024-01-06", 10000, currency="USD", rate="1.35")
    ledger.book("TRANSFER_OUT", "2024-01-07", -1000, currency="USD", rate="1.36")
    assert [flow.amount_base for flow in ledger.replay().external_flows] == [D(13500), D(-1360)]


def test_when_one_half_is_reversed_the_other_counts_as_external_and_is_noted():
    ledger = Ledger()
    half = ledger.book("TRANSFER_OUT", "2024-01-06", -13600)
    ledger.book("TRANSFER_IN", "2024-01-06", 10000, currency="USD", rate="1.35", parent_transaction_id=half.id)
    ledger.reverse(half)
    state = ledger.replay()
    assert [flow.amount for flow in state.external_flows] == [D(10000)]
    assert [each.code for each in state.warnings] == ["half_transfer"]


def test_when_the_second_half_is_reversed_the_first_is_external():
    ledger = Ledger()
    half = ledger.book("TRANSFER_OUT", "2024-01-06", -13600)
    ledger.reverse(ledger.book("TRANSFER_IN", "2024-01-06", 10000, currency="USD", rate="1.35", parent_transaction_id=half.id))
    assert [flow.amount for flow in ledger.replay().external_flows] == [D(-13600)]


def test_halves_of_different_dates_are_refused():
    ledger = Ledger()
    half = ledger.book("TRANSFER_OUT", "2024-01-06", -13600)
    ledger.book("TRANSFER_IN", "2024-01-08", 10000, currency="USD", rate="1.35", parent_transaction_id=half.id)
    with pytest.raises(Invalid, match="its other half is dated 2024-01-06"):
        ledger.replay()


def test_cash_cannot_be_paired_with_securities_nor_with_another_type():
    ledger = Ledger()
    ledger.buy("2024-01-05", "XYZ", 10, 100)
    half = ledger.book("TRANSFER_OUT", "2024-01-06", symbol="XYZ", quantity=5)
    ledger.book("TRANSFER_IN", "2024-01-06", 10000, parent_transaction_id=half.id)
    with pytest.raises(Invalid, match="cannot be its other half"):
        ledger.replay()
    ledger = Ledger()
    half = ledger.book("WITHDRAWAL", "2024-01-06", -5)
    ledger.book("TRANSFER_IN", "2024-01-06", 10000, parent_transaction_id=half.id)
    with pytest.raises(Invalid, match="cannot be its other half"):
        ledger.replay()


def test_an_exchange_of_securities_within_the_ledger_is_internal():
    ledger = Ledger()
    ledger.buy("2022-01-05", "T", 1000, 30)
    out = ledger.book("TRANSFER_OUT", "2022-04-11", symbol="T", quantity=1000)
    acquired = date(2022, 1, 5)
    ledger.book(
        "TRANSFER_IN", "2022-04-11", symbol="T", quantity=1000, cost_basis=22956, acquisition_date=acquired, parent_transaction_id=out.id
    )
    ledger.book(
        "TRANSFER_IN",
        "2022-04-11",
        symbol="WBD",
        quantity="241.917",
        cost_basis=7044,
        acquisition_date=acquired,
        parent_transaction_id=out.id,
    )
    state = ledger.replay()
    assert state.external_flows == ()
    assert [(each.symbol, each.quantity, each.cost_basis) for each in state.positions()] == [
        ("T", D(1000), D(22956)),
        ("WBD", D("241.917"), D(7044)),
    ]


def test_a_parent_on_any_other_type_must_exist_and_says_nothing_more():
    ledger = Ledger()
    paid = ledger.book("DIVIDEND", "2024-01-06", 100, symbol="XYZ")
    ledger.buy("2024-01-06", "XYZ", 10, 10, parent_transaction_id=paid.id)
    assert ledger.replay().positions()[0].quantity == D(10)
