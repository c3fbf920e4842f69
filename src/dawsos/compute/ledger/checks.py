"""What a booked transaction must satisfy before it can be replayed."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

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
        if value is not None and (not value.is_finite() or value.quantize(step, context=EXACT) != value):
            raise refused(transaction, f"{name} {value} is not a whole number of steps of {step}.", f"Round it to {step} where it arises.")


def _quantity(transaction: Transaction) -> None:
    _security(transaction)
    if transaction.quantity is None or transaction.quantity <= 0:
        given = "none" if transaction.quantity is None else plain(transaction.quantity)
        raise refused(transaction, f"the quantity must be above zero and is {given}.", "Give a positive quantity; the type says which way.")


def _security(transaction: Transaction) -> None:
    if transaction.security_id is None:
        raise refused(transaction, "it names no security.", "Name the security.")


def _signed(transaction: Transaction, *, is_right: bool, rule: str) -> None:
    if not is_right:
        raise refused(transaction, f"the amount {transaction.amount} {rule}.", "Money in is positive, money out is negative.")


def _buy(transaction: Transaction) -> None:
    _quantity(transaction)
    _signed(transaction, is_right=transaction.amount <= 0, rule="of a purchase cannot be positive")


def _sell(transaction: Transaction) -> None:
    _quantity(transaction)
    _signed(transaction, is_right=transaction.amount >= 0, rule="of a sale cannot be negative")


def _dividend(transaction: Transaction) -> None:
    _security(transaction)
    _signed(transaction, is_right=transaction.amount >= 0, rule="of a dividend cannot be negative")


def _anything(_transaction: Transaction) -> None:
    """Interest, fees and taxes go either way, and may or may not concern a security."""


def _deposit(transaction: Transaction) -> None:
    _signed(transaction, is_right=transaction.amount > 0, rule="of a deposit must be positive")


def _withdrawal(transaction: Transaction) -> None:
    _signed(transaction, is_right=transaction.amount < 0, rule="of a withdrawal must be negative")


def _in_kind(transaction: Transaction) -> None:
    _quantity(transaction)
    _signed(transaction, is_right=transaction.amount == 0, rule="of a transfer in kind must be zero")


def _transfer_in(transaction: Transaction) -> None:
    if transaction.security_id is None:
        _signed(transaction, is_right=transaction.amount > 0, rule="of a transfer in must be positive")
        return
    _in_kind(transaction)
    if transaction.cost_basis is None or transaction.cost_basis < 0 or transaction.acquisition_date is None:
        raise refused(transaction, "its cost basis or acquisition date is missing.", "Give both, as the lot had them where it came from.")
    if transaction.acquisition_date > transaction.transaction_date:
        raise refused(transaction, f"it was acquired later, on {transaction.acquisition_date}.", "Correct one of the two dates.")


def _transfer_out(transaction: Transaction) -> None:
    if transaction.security_id is None:
        _signed(transaction, is_right=transaction.amount < 0, rule="of a transfer out must be negative")
        return
    _in_kind(transaction)


def _split(transaction: Transaction) -> None:
    _security(transaction)
    _signed(transaction, is_right=transaction.amount == 0, rule="of a split must be zero")
    terms: tuple[Decimal | None, ...] = (transaction.split_from, transaction.split_to)
    if any(term is None or term <= 0 for term in terms):
        raise refused(transaction, f"it goes from {terms[0]} to {terms[1]}.", "Give both as positive numbers: 2-for-1 is from 1 to 2.")


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
