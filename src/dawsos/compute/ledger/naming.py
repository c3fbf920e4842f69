"""How a transaction is called in messages, and the one way it is refused."""

from decimal import Decimal

from dawsos.kernel.canonical import plain_decimal
from dawsos.kernel.errors import Invalid
from dawsos.kernel.ledger import Transaction


def describe(transaction: Transaction) -> str:
    """``SELL of BAM on 2024-09-15 (sale-7)``: type, thing, date, and the reference or else the number of the entry."""
    thing = transaction.symbol or (str(transaction.security_id) if transaction.security_id else transaction.currency)
    name = transaction.external_ref or f"entry {transaction.sequence}"
    return f"{transaction.transaction_type} of {thing} on {transaction.transaction_date} ({name})"


def refused(transaction: Transaction, problem: str, remedy: str, **details: object) -> Invalid:
    """The error that names ``transaction``, says what is wrong with it and how to put it right."""
    facts = {"transaction_id": str(transaction.id), "sequence": transaction.sequence, **details}
    return Invalid(f"{describe(transaction)}: {problem}", remedy=remedy, code="ledger_entry_refused", details=facts)


def plain(quantity: Decimal) -> str:
    """A quantity as people write it."""
    return plain_decimal(quantity)
