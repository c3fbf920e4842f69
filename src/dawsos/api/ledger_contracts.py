"""What goes in and out about a ledger: entries, lots, drafts, reports."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from dawsos.api.texts import Printable, Sentences
from dawsos.kernel.canonical import plain_decimal
from dawsos.kernel.ledger import TransactionType
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, ExchangeRate, Money, Price, Quantity

Reference = Annotated[str, Field(min_length=1, max_length=200), Printable]
Symbol = Annotated[str, Field(min_length=1, max_length=32), Printable]


class LedgerEntry(Contract):
    """A booked transaction; it never changes. Amounts are signed: + in, − out; ``amount`` is before ``fee`` and ``withholding_tax``.

    What does not apply to its type is null. ``fx_rate`` is units of the portfolio's base currency per unit of ``currency``, frozen.
    """

    id: UUID
    sequence: Annotated[int, Count]
    transaction_type: TransactionType
    transaction_date: date
    settlement_date: date | None
    security_id: UUID | None
    symbol: str | None
    quantity: Annotated[Decimal | None, Quantity]
    price: Annotated[Decimal | None, Price("currency")]
    amount: Annotated[Decimal, Money("currency")]
    fee: Annotated[Decimal, Money("currency")]
    withholding_tax: Annotated[Decimal, Money("currency")]
    currency: str
    fx_rate: Annotated[Decimal, ExchangeRate]
    is_reversal: bool
    parent_transaction_id: UUID | None
    external_ref: str | None
    narration: str | None
    source: str | None


class ListedEntry(LedgerEntry):
    """A booked transaction with what follows from it, in the portfolio's base currency, and the hash of the ledger after it.

    Realised results are those of a sale, null for anything else.
    """

    amount_base: Annotated[Decimal | None, Money("base_currency")]
    realized_pl: Annotated[Decimal | None, Money("base_currency")]
    realized_pl_price: Annotated[Decimal | None, Money("base_currency")]
    realized_pl_fx: Annotated[Decimal | None, Money("base_currency")]
    ledger_commit_hash: str | None
    created_at: datetime


class LedgerEntries(Contract):
    """A page of entries, newest first."""

    items: tuple[ListedEntry, ...]
    base_currency: str
    total: Annotated[int, Count]
    page: Annotated[int, Count]
    page_size: Annotated[int, Count]
    has_more: bool


class Lot(Contract):
    """A lot as it stands after everything booked; ``closed_date`` is null while any of it is open."""

    id: UUID
    security_id: UUID
    symbol: str | None
    qty_open: Annotated[Decimal, Quantity]
    qty_original: Annotated[Decimal, Quantity]
    cost_basis: Annotated[Decimal, Money("currency")]
    cost_basis_base: Annotated[Decimal | None, Money("base_currency")]
    acquisition_date: date
    currency: str
    trade_fx_rate: Annotated[Decimal | None, ExchangeRate]
    open_transaction_id: UUID | None
    closed_date: date | None


class Lots(Contract):
    """Lots by symbol and date of acquisition."""

    lots: tuple[Lot, ...]
    base_currency: str


class ChosenLot(Contract):
    """Part of a lot, named by the ``external_ref`` of the entry that opened it."""

    ref: Reference
    quantity: Annotated[Decimal, Quantity]


class EntryWanted(Contract):
    """An entry to be booked: the columns of a line of the transaction CSV, and the same rules.

    With an ``external_ref`` the request can be repeated safely: the entry is booked once.
    """

    transaction_date: date
    transaction_type: TransactionType
    currency: Annotated[str, Field(min_length=3, max_length=3)]
    symbol: Symbol | None = None
    quantity: Annotated[Decimal | None, Quantity] = None
    price: Annotated[Decimal | None, Price("currency")] = None
    amount: Annotated[Decimal | None, Money("currency")] = None
    fee: Annotated[Decimal | None, Money("currency")] = None
    withholding_tax: Annotated[Decimal | None, Money("currency")] = None
    fx_rate: Annotated[Decimal | None, ExchangeRate] = None
    settlement_date: date | None = None
    ex_date: date | None = None
    pay_date: date | None = None
    split_from: Annotated[Decimal | None, Quantity] = None
    split_to: Annotated[Decimal | None, Quantity] = None
    cost_basis: Annotated[Decimal | None, Money("currency")] = None
    acquisition_date: date | None = None
    lots: Annotated[tuple[ChosenLot, ...], Field(max_length=500)] = ()
    parent_ref: Reference | None = None
    external_ref: Reference | None = None
    narration: Annotated[str, Field(max_length=2000), Printable] | None = None

    def columns(self) -> dict[str, str]:
        """The line of CSV this is."""
        given = {name: getattr(self, name) for name in type(self).model_fields if name != "lots"}
        columns = {name: _column(value) for name, value in given.items() if value is not None}
        if self.lots:
            columns["lots"] = ";".join(f"{lot.ref}:{plain_decimal(lot.quantity)}" for lot in self.lots)
        return columns


def _column(value: Any) -> str:
    return plain_decimal(value) if isinstance(value, Decimal) else str(value)


class Booked(Contract):
    """The entry that was booked. ``is_duplicate``: it had been booked before, and nothing was written now."""

    transaction: LedgerEntry
    ledger_commit_hash: str
    is_duplicate: bool


class ReversalWanted(Contract):
    """Why an entry is reversed."""

    reason: Sentences


class Reversed(Contract):
    """The entry that was wrong, the one that takes it back, and the hash of the ledger after it."""

    reversed: LedgerEntry
    reversal: LedgerEntry
    ledger_commit_hash: str


class LineProblem(Contract):
    """What is wrong with one field of one line of a file."""

    line: Annotated[int, Count]
    field: str
    reason: str


class HeldAfterwards(Contract):
    """What is held of a security after an import."""

    symbol: str
    quantity: Annotated[Decimal, Quantity]


class ImportReport(Contract):
    """What an import did, or why it did nothing: a file is booked as a whole, or not at all.

    ``problems`` names the first of ``problem_count``. ``duplicates`` are lines that had been booked before.
    """

    is_accepted: bool
    dry_run: bool
    file_name: str
    portfolio_id: UUID
    portfolio_name: str
    rows: Annotated[int, Count]
    booked: Annotated[int, Count]
    duplicates: Annotated[int, Count]
    problem_count: Annotated[int, Count]
    problems: tuple[LineProblem, ...]
    positions: tuple[HeldAfterwards, ...]
    ledger_commit_hash_before: str
    ledger_commit_hash: str
