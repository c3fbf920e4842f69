"""A transaction as the whole house knows it, and the chain of hashes over transactions."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from dawsos.kernel.canonical import plain_decimal, sha256_hex
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
_SEPARATOR: Final = "\x1f"


def _text(value: str | None) -> str:
    if not value:
        return ""
    return value.replace("\\", "\\\\").replace(_SEPARATOR, "\\x1f").replace("\n", "\\n")


def _number(value: Decimal | None) -> str:
    """``plain_decimal``, without its detours for the numbers a ledger is full of: those ``str`` writes without an exponent."""
    if value is None:
        return ""
    text = str(value)
    if "E" in text or not value.is_finite():
        return plain_decimal(value)
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _day(value: date | None) -> str:
    return "" if value is None else value.isoformat()


def canonical_line(transaction: Transaction, *, parent_sequence: int | None = None, lot_sequences: tuple[int, ...] = ()) -> bytes:
    """The facts of a transaction as bytes: fields in one fixed order, an absent value empty, numbers in plain decimal notation.

    Random identifiers stay out, so that the same history booked on another machine has the same bytes: the reversed or paired
    transaction is named by ``parent_sequence``, chosen lots by the sequence numbers of the transactions that opened them.
    """
    lots = ""
    if transaction.lot_selection or lot_sequences:
        lots = ",".join(f"{n}:{plain_decimal(chosen.quantity)}" for n, chosen in zip(lot_sequences, transaction.lot_selection, strict=True))
    return _SEPARATOR.join(
        (
            str(transaction.sequence),
            transaction.transaction_type,  # a text itself
            transaction.transaction_date.isoformat(),
            _day(transaction.settlement_date),
            _text(transaction.symbol),
            _number(transaction.quantity),
            _number(transaction.price),
            _number(transaction.amount),
            transaction.currency,
            _number(transaction.fee),
            _number(transaction.withholding_tax),
            _number(transaction.fx_rate),
            _day(transaction.ex_date),
            _day(transaction.pay_date),
            _number(transaction.cost_basis),
            _day(transaction.acquisition_date),
            _number(transaction.split_from),
            _number(transaction.split_to),
            lots,
            "reversal" if transaction.is_reversal else "",
            "" if parent_sequence is None else str(parent_sequence),
            _text(transaction.external_ref),
            _text(transaction.narration),
            _text(transaction.source),
        )
    ).encode()


def ledger_hash(previous: str, line: bytes) -> str:
    """The hash of the ledger after the transaction whose :func:`canonical_line` is ``line``, when it was ``previous`` before."""
    return sha256_hex(previous.encode() + b"\n" + line)
