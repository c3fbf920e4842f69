"""A transaction as the whole house knows it, and the chain of hashes over transactions."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from dawsos.kernel.canonical import canonical_bytes, sha256_hex
from dawsos.kernel.money import ZERO


class TransactionType(StrEnum):
    """What can happen in a portfolio."""

    BUY = "BUY"
    SELL = "SELL"
    DIVIDEND = "DIVIDEND"
    INTEREST = "INTEREST"
    FEE = "FEE"
    TAX = "TAX"
    DEPOSIT = "DEPOSIT"
    WITHDRAWAL = "WITHDRAWAL"
    TRANSFER_IN = "TRANSFER_IN"
    TRANSFER_OUT = "TRANSFER_OUT"
    SPLIT = "SPLIT"


class LotMethod(StrEnum):
    """Which lots a sale closes."""

    FIFO = "FIFO"
    LIFO = "LIFO"
    HIFO = "HIFO"
    SPECIFIC = "SPECIFIC"
    AVERAGE = "AVERAGE"


@dataclass(frozen=True, slots=True)
class LotSelection:
    """A named part of a named lot, for SPECIFIC."""

    lot_id: UUID
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """One booked line of a portfolio's ledger; it never changes.

    ``amount`` is signed gross cash in ``currency`` (+ in, − out), without ``fee`` and ``withholding_tax``, which are never negative
    except on a reversal. ``fx_rate`` is units of the portfolio's base currency per unit of ``currency``, frozen on ``transaction_date``.
    ``sequence`` numbers the portfolio's ledger in booking order; replay order is (``transaction_date``, ``sequence``).
    A lot opened by a transaction has that transaction's ``id`` as its lot id.
    """

    id: UUID
    portfolio_id: UUID
    sequence: int
    transaction_type: TransactionType
    transaction_date: date
    currency: str
    amount: Decimal
    fx_rate: Decimal
    security_id: UUID | None = None
    symbol: str | None = None
    settlement_date: date | None = None
    quantity: Decimal | None = None
    price: Decimal | None = None
    fee: Decimal = ZERO
    withholding_tax: Decimal = ZERO
    ex_date: date | None = None
    pay_date: date | None = None
    cost_basis: Decimal | None = None
    acquisition_date: date | None = None
    split_from: Decimal | None = None
    split_to: Decimal | None = None
    lot_selection: tuple[LotSelection, ...] = ()
    is_reversal: bool = False
    parent_transaction_id: UUID | None = None
    external_ref: str | None = None
    narration: str | None = None
    source: str | None = None

    @property
    def cash_effect(self) -> Decimal:
        """What the transaction does to cash in ``currency``."""
        return self.amount - self.fee - self.withholding_tax


#: The hash of a ledger with no transactions.
EMPTY_LEDGER_HASH: Final = sha256_hex(b"dawsos ledger 1\n")


def ledger_hash(previous: str, transaction: Transaction, *, parent_sequence: int | None, lot_sequences: tuple[int, ...] = ()) -> str:
    """The hash after ``transaction`` in a ledger whose hash was ``previous``.

    Random identifiers stay out, so the same history booked on another machine has the same hash: the reversed or paired transaction
    is named by ``parent_sequence`` and chosen lots by the sequence numbers of the transactions that opened them.
    """
    facts = {
        "sequence": transaction.sequence,
        "type": transaction.transaction_type,
        "date": transaction.transaction_date,
        "settlement": transaction.settlement_date,
        "symbol": transaction.symbol,
        "quantity": transaction.quantity,
        "price": transaction.price,
        "amount": transaction.amount,
        "currency": transaction.currency,
        "fee": transaction.fee,
        "withholding_tax": transaction.withholding_tax,
        "fx_rate": transaction.fx_rate,
        "ex_date": transaction.ex_date,
        "pay_date": transaction.pay_date,
        "cost_basis": transaction.cost_basis,
        "acquisition_date": transaction.acquisition_date,
        "split": [transaction.split_from, transaction.split_to],
        "lots": [[n, chosen.quantity] for n, chosen in zip(lot_sequences, transaction.lot_selection, strict=True)],
        "is_reversal": transaction.is_reversal,
        "parent": parent_sequence,
        "external_ref": transaction.external_ref,
        "narration": transaction.narration,
        "source": transaction.source,
    }
    return sha256_hex(previous.encode(), b"\n", canonical_bytes(facts))
