"""What a booked transaction must satisfy before it can be replayed."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from dawsos.compute.ledger.naming import plain, refused
from dawsos.kernel.ledger import Transaction, TransactionType
from dawsos.kernel.money import EXACT, MONEY_STEP, ONE, QUANTITY_STEP

_Check = Callable[[Transaction], None]


def check(transaction: Transaction, base_currency: str) -> None:
    """Raise :class:`Invalid` naming ``transaction`` unless its facts fit its type (docs/architecture.md, 4)."""
    _amounts_are_whole_steps(transaction)
    if transaction.fee < 0 or transaction.withholding_tax < 0:
        raise refused(transaction, "a fee or withholding tax is negative.", "Give costs as positive numbers; book a refund as FEE or TAX.")
    if transaction.fx_rate <= 0:
        raise refused(transaction, f"the exchange rate is {transaction.fx_rate}.", f"Give the units of {base_currency} per unit of it.")
    if transaction.currency == base_currency and transaction.fx_rate != ONE:
        raise refused(
            transaction,
            f"{base_currency} is the base currency and its rate is 1, not {transaction.fx_rate}.",
            "Leave the rate out, or correct the currency.",
        )
    _CHECKS[transaction.transaction_type](transaction)


def _amounts_are_whole_steps(transaction: Transaction) -> None:
    for name, value, step in (
        ("amount", transaction.amount, MONEY_STEP),
        ("fee", transaction.fee, MONEY_STEP),
        ("withholding_tax", transaction.withholding_tax, MONEY_STEP),
        ("cost_basis", transaction.cost_basis, MONEY_STEP),
        ("quantity", transaction.quantity, QUANTITY_STEP),
    ):
        if value and (not value.is_finite() or value.quantize(step, context=EXACT) != value):
            raise refused(transaction, f"{name} {value} is not a whole number of steps of {step}.", f"Round it to {step} where it arises.")


def security_of(transaction: Transaction) -> UUID:
    """The security ``transaction`` is about; :class:`Invalid` if it names none."""
    if transaction.security_id is None:
        raise refused(transaction, "it names no security.", "Name the security.")
    return transaction.security_id


def quantity_of(transaction: Transaction) -> Decimal:
    """The quantity ``transaction`` moves, above zero; else :class:`Invalid`."""
    quantity = transaction.quantity
    if quantity is None or quantity <= 0:
        given = "none" if quantity is None else plain(quantity)
        raise refused(transaction, f"the quantity must be above zero and is {given}.", "Give a positive quantity; the type says which way.")
    return quantity


def split_terms_of(transaction: Transaction) -> tuple[Decimal, Decimal]:
    """(from, to) of a split, both above zero; else :class:`Invalid`."""
    split_from, split_to = transaction.split_from, transaction.split_to
    if split_from is None or split_to is None or split_from <= 0 or split_to <= 0:
        raise refused(transaction, f"it goes from {split_from} to {split_to}.", "Give both as positive numbers: 2-for-1 is from 1 to 2.")
    return split_from, split_to


def brought_of(transaction: Transaction) -> tuple[Decimal, date]:
    """(cost basis, acquisition date) that a transfer in kind brings; else :class:`Invalid`."""
    cost, acquired = transaction.cost_basis, transaction.acquisition_date
    if cost is None or cost < 0 or acquired is None:
        raise refused(transaction, "its cost basis or acquisition date is missing.", "Give both, as the lot had them where it came from.")
    if acquired > transaction.transaction_date:
        raise refused(transaction, f"it was acquired later, on {acquired}.", "Correct one of the two dates.")
    return cost, acquired


def _signed(transaction: Transaction, *, is_right: bool, rule: str) -> None:
    if not is_right:
        raise refused(transaction, f"the amount {transaction.amount} {rule}.", "Money in is positive, money out is negative.")


def _buy(transaction: Transaction) -> None:
    security_of(transaction)
    quantity_of(transaction)
    _signed(transaction, is_right=transaction.amount <= 0, rule="of a purchase cannot be positive")


def _sell(transaction: Transaction) -> None:
    security_of(transaction)
    quantity_of(transaction)
    _signed(transaction, is_right=transaction.amount >= 0, rule="of a sale cannot be negative")


def _dividend(transaction: Transaction) -> None:
    security_of(transaction)
    _signed(transaction, is_right=transaction.amount >= 0, rule="of a dividend cannot be negative")


def _anything(_transaction: Transaction) -> None:
    """Interest, fees and taxes go either way, and may or may not concern a security."""


def _deposit(transaction: Transaction) -> None:
    _signed(transaction, is_right=transaction.amount > 0, rule="of a deposit must be positive")


def _withdrawal(transaction: Transaction) -> None:
    _signed(transaction, is_right=transaction.amount < 0, rule="of a withdrawal must be negative")


def _in_kind(transaction: Transaction) -> None:
    quantity_of(transaction)
    _signed(transaction, is_right=transaction.amount == 0, rule="of a transfer in kind must be zero")


def _transfer_in(transaction: Transaction) -> None:
    if transaction.security_id is None:
        _signed(transaction, is_right=transaction.amount > 0, rule="of a transfer in must be positive")
        return
    _in_kind(transaction)
    brought_of(transaction)


def _transfer_out(transaction: Transaction) -> None:
    if transaction.security_id is None:
        _signed(transaction, is_right=transaction.amount < 0, rule="of a transfer out must be negative")
        return
    _in_kind(transaction)


def _split(transaction: Transaction) -> None:
    security_of(transaction)
    _signed(transaction, is_right=transaction.amount == 0, rule="of a split must be zero")
    split_terms_of(transaction)


_CHECKS: Final[dict[TransactionType, _Check]] = {
    TransactionType.BUY: _buy,
    TransactionType.SELL: _sell,
    TransactionType.DIVIDEND: _dividend,
    TransactionType.INTEREST: _anything,
    TransactionType.FEE: _anything,
    TransactionType.TAX: _anything,
    TransactionType.DEPOSIT: _deposit,
    TransactionType.WITHDRAWAL: _withdrawal,
    TransactionType.TRANSFER_IN: _transfer_in,
    TransactionType.TRANSFER_OUT: _transfer_out,
    TransactionType.SPLIT: _split,
}
