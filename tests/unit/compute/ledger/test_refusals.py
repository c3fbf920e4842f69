"""Rows that cannot have happened as booked are refused by name, with the quantities and the remedy."""

from dataclasses import replace
from datetime import date

import pytest

from dawsos.kernel.errors import Invalid
from dawsos.kernel.identifiers import named
from tests.unit.compute.ledger.making import Ledger, chosen

EVERY_METHOD = ["FIFO", "LIFO", "HIFO", "AVERAGE"]


def refusal(ledger: Ledger, method: str = "FIFO") -> Invalid:
    with pytest.raises(Invalid) as caught:
        ledger.replay(method)
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize("method", EVERY_METHOD)
def test_a_sale_of_more_than_is_held_is_refused(method):
    ledger = Ledger()
    ledger.buy("2024-02-05", "BAM", 150, 42)
    ledger.sell("2024-09-15", "BAM", "200.5", 52, external_ref="sale-7")
    error = refusal(ledger, method)
    assert error.message == "SELL of BAM on 2024-09-15 (sale-7): 200.5 asked, 150 held on that date."
    assert error.code == "more_than_held"
    assert {name: error.details[name] for name in ("asked", "held")} == {"asked": "200.5", "held": "150"}


def test_a_sale_before_the_purchase_is_refused_even_if_booked_later():
    ledger = Ledger()
    ledger.buy("2024-02-05", "BAM", 150, 42)
    ledger.sell("2024-02-04", "BAM", 10, 52)
    assert refusal(ledger).message == "SELL of BAM on 2024-02-04 (entry 2): 10 asked, 0 held on that date."


def test_a_transfer_out_of_more_than_is_held_is_refused():
    ledger = Ledger()
    ledger.buy("2024-02-05", "BAM", 150, 42)
    ledger.book("TRANSFER_OUT", "2024-03-01", symbol="BAM", quantity=151)
    assert "151 asked, 150 held" in refusal(ledger).message


def test_a_sale_in_another_currency_than_its_lots_is_refused():
    ledger = Ledger()
    ledger.buy("2024-02-05", "BAM", 150, 42, currency="USD", rate="1.3")
    ledger.sell("2024-03-05", "BAM", 10, 60)
    error = refusal(ledger)
    assert error.message == "SELL of BAM on 2024-03-05 (entry 2): it is in CAD, the lots held are in USD."
    assert error.code == "ledger_entry_refused"


def test_a_purchase_in_another_currency_than_the_lots_held_is_refused():
    ledger = Ledger()
    ledger.buy("2024-02-05", "BAM", 150, 42, currency="USD", rate="1.3")
    ledger.buy("2024-03-05", "BAM", 10, 60)
    assert "it is in CAD, the lots held are in USD" in refusal(ledger).message


@pytest.mark.parametrize("kind", ["BUY", "SELL", "TRANSFER_IN", "TRANSFER_OUT"])
@pytest.mark.parametrize("quantity", ["0", "-5", None])
def test_a_quantity_that_is_not_positive_is_refused(kind, quantity):
    ledger = Ledger()
    facts = {} if quantity is None else {"quantity": quantity}
    ledger.book(kind, "2024-01-01", symbol="XYZ", cost_basis=1, acquisition_date=date(2024, 1, 1), **facts)
    assert f"the quantity must be above zero and is {quantity or 'none'}." in refusal(ledger).message


@pytest.mark.parametrize(
    ("kind", "amount", "facts", "problem"),
    [
        ("BUY", "1.00", {"symbol": "X", "quantity": 1}, "the amount 1.00 of a purchase cannot be positive"),
        ("SELL", "-1.00", {"symbol": "X", "quantity": 1}, "the amount -1.00 of a sale cannot be negative"),
        ("DIVIDEND", "-1.00", {"symbol": "X"}, "the amount -1.00 of a dividend cannot be negative"),
        ("DEPOSIT", "-1.00", {}, "of a deposit must be positive"),
        ("DEPOSIT", "0", {}, "of a deposit must be positive"),
        ("WITHDRAWAL", "1.00", {}, "of a withdrawal must be negative"),
        ("TRANSFER_IN", "-1.00", {}, "of a transfer in must be positive"),
        ("TRANSFER_OUT", "1.00", {}, "of a transfer out must be negative"),
        ("TRANSFER_OUT", "1.00", {"symbol": "X", "quantity": 1}, "of a transfer in kind must be zero"),
        ("SPLIT", "1.00", {"symbol": "X", "split_from": 1, "split_to": 2}, "of a split must be zero"),
        ("SPLIT", "0", {"symbol": "X", "split_from": 1}, "it goes from 1 to None"),
        ("SPLIT", "0", {"symbol": "X", "split_from": 1, "split_to": -2}, "it goes from 1 to -2"),
        ("DIVIDEND", "1.00", {}, "it names no security"),
        ("BUY", "-1.00", {"quantity": 1}, "it names no security"),
        ("SPLIT", "0", {"split_from": 1, "split_to": 2}, "it names no security"),
        ("TRANSFER_IN", "0", {"symbol": "X", "quantity": 1, "cost_basis": 1}, "its cost basis or acquisition date is missing"),
        (
            "TRANSFER_IN",
            "0",
            {"symbol": "X", "quantity": 1, "acquisition_date": date(2023, 1, 1)},
            "its cost basis or acquisition date is missing",
        ),
        (
            "TRANSFER_IN",
            "0",
            {"symbol": "X", "quantity": 1, "cost_basis": 1, "acquisition_date": date(2025, 1, 1)},
            "it was acquired later, on 2025-01-01",
        ),
        ("DEPOSIT", "1.00", {"fee": "-0.01"}, "a fee or withholding tax is negative"),
        ("DEPOSIT", "1.00", {"withholding_tax": "-0.01"}, "a fee or withholding tax is negative"),
        ("DEPOSIT", "1.00", {"currency": "USD", "rate": "0"}, "the exchange rate is 0"),
        ("DEPOSIT", "1.00", {"rate": "1.1"}, "CAD is the base currency and its rate is 1, not 1.1"),
        ("DEPOSIT", "1.001", {}, "amount 1.001 is not a whole number of steps of 0.01"),
        ("DEPOSIT", "NaN", {}, "amount NaN is not a whole number of steps of 0.01"),
        ("BUY", "-1.00", {"symbol": "X", "quantity": "0.000000001"}, "quantity 1E-9 is not a whole number of steps of 1E-8"),
    ],
)
def test_facts_that_do_not_fit_their_type_are_refused(kind, amount, facts, problem):
    ledger = Ledger()
    ledger.book(kind, "2024-01-01", amount, **facts)
    error = refusal(ledger)
    assert problem in error.message
    assert error.message.startswith(f"{kind} of ")
    assert error.details["sequence"] == 1


def test_specific_without_lots_is_refused():
    ledger = Ledger()
    ledger.buy("2024-01-10", "XYZ", 10, 100)
    ledger.sell("2024-02-01", "XYZ", 10, 130)
    error = refusal(ledger, "SPECIFIC")
    assert (error.code, error.message) == (
        "wrong_lots",
        "SELL of XYZ on 2024-02-01 (entry 2): it names no lots, and the method is SPECIFIC.",
    )


@pytest.mark.parametrize(
    ("first", "second", "problem"),
    [
        (5, 4, "the lots named add up to 9, the quantity is 8"),
        (8, 0, "0 asked of lot"),
        (11, -3, "11 asked of lot"),
        (None, 8, "is not open on that date, or is named twice"),
    ],
)
def test_specific_with_wrong_lots_is_refused(first, second, problem):
    ledger = Ledger()
    one = ledger.buy("2024-01-10", "XYZ", 10, 100)
    two = ledger.buy("2024-01-11", "XYZ", 10, 110)
    other = ledger.buy("2024-01-11", "ABC", 10, 110)
    parts = (chosen(other, 8),) if first is None else (chosen(one, first), chosen(two, second))
    ledger.sell("2024-02-01", "XYZ", 8, 130, lot_selection=parts)
    assert problem in refusal(ledger, "SPECIFIC").message


def test_naming_one_lot_twice_is_refused():
    ledger = Ledger()
    one = ledger.buy("2024-01-10", "XYZ", 10, 100)
    ledger.sell("2024-02-01", "XYZ", 8, 130, lot_selection=(chosen(one, 4), chosen(one, 4)))
    assert "is named twice" in refusal(ledger, "SPECIFIC").message


def test_a_split_that_would_round_a_lot_to_nothing_is_refused():
    ledger = Ledger()
    ledger.book("BUY", "2024-01-10", "-1.00", symbol="XYZ", quantity="0.00000001")
    ledger.buy("2024-01-10", "XYZ", 10, 100)
    ledger.book("SPLIT", "2024-02-01", symbol="XYZ", split_from=10, split_to=1)
    assert "a lot of 0.00000001 would round to nothing" in refusal(ledger).message


def test_a_parent_that_is_not_in_the_ledger_is_refused():
    ledger = Ledger()
    ledger.book("TRANSFER_IN", "2024-01-10", 100, parent_transaction_id=named("transaction", "elsewhere"))
    assert "its parent" in refusal(ledger).message
    assert "is not in this ledger" in refusal(ledger).message


def test_a_number_that_occurs_twice_is_refused():
    ledger = Ledger()
    ledger.book("DEPOSIT", "2024-01-10", 100)
    ledger.book("DEPOSIT", "2024-01-10", 100, sequence=1, id=named("transaction", "other"))
    assert "its id or its number occurs twice" in refusal(ledger).message


def test_an_id_that_occurs_twice_is_refused():
    ledger = Ledger()
    row = ledger.book("DEPOSIT", "2024-01-10", 100)
    ledger.book("DEPOSIT", "2024-01-10", 100, id=row.id)
    assert "its id or its number occurs twice" in refusal(ledger).message


def test_rows_of_two_portfolios_are_refused():
    ledger = Ledger()
    ledger.book("DEPOSIT", "2024-01-10", 100)
    ledger.rows.append(replace(ledger.rows[0], id=named("t", 2), sequence=2, portfolio_id=named("portfolio", "other")))
    assert "it belongs to another portfolio" in refusal(ledger).message


def test_the_error_names_the_currency_when_there_is_no_security_and_the_security_when_there_is_no_symbol():
    ledger = Ledger()
    ledger.book("WITHDRAWAL", "2024-01-10", 100, currency="USD", rate="1.3")
    assert refusal(ledger).message.startswith("WITHDRAWAL of USD on 2024-01-10 (entry 1)")
    ledger = Ledger()
    ledger.rows.append(replace(Ledger().sell("2024-01-10", "XYZ", 1, 1), symbol=None))
    assert refusal(ledger).message.startswith(f"SELL of {ledger.rows[0].security_id} on 2024-01-10")
