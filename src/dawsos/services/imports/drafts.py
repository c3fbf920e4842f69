"""What a line of a file says before it is booked, and what can be wrong with it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dawsos.kernel.ledger import TransactionType
from dawsos.kernel.money import ZERO


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong with one line: the field it is in and the reason, in words a person can act on."""

    line: int
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChosenLot:
    """Part of a lot named by the ``external_ref`` of the transaction that opened it."""

    ref: str
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionDraft:
    """A checked line: every field means what it means on :class:`dawsos.kernel.ledger.Transaction`, but nothing is looked up yet."""

    line: int
    transaction_type: TransactionType
    transaction_date: date
    currency: str
    amount: Decimal
    external_ref: str
    symbol: str | None = None
    quantity: Decimal | None = None
    price: Decimal | None = None
    fee: Decimal = ZERO
    withholding_tax: Decimal = ZERO
    fx_rate: Decimal | None = None
    settlement_date: date | None = None
    ex_date: date | None = None
    pay_date: date | None = None
    split_from: Decimal | None = None
    split_to: Decimal | None = None
    cost_basis: Decimal | None = None
    acquisition_date: date | None = None
    lots: tuple[ChosenLot, ...] = ()
    parent_ref: str | None = None
    narration: str | None = None
