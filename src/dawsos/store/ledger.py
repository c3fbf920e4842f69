"""The ledger's tables: booked transactions, and the lots, disposals, flows, snapshots and postings derived from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from dawsos.kernel.ledger import LotSelection, TransactionType
from dawsos.kernel.ledger import Transaction as LedgerTransaction
from dawsos.store.periods import FIND_LOCK, LockRecord
from dawsos.store.portfolios import FIND_PORTFOLIO, PortfolioRecord
from dawsos.store.statements import load
from dawsos.store.transaction import Change, DatabaseTransaction, Question

_statements: Final = load("ledger")


@dataclass(frozen=True, slots=True)
class LedgerHead:
    """An entry's number and the hash of the ledger after it."""

    sequence: int
    ledger_commit_hash: str | None


@dataclass(frozen=True, slots=True)
class TransactionRecord:
    """The facts of a booked transaction as stored; :func:`booked_transactions` gives them as the kernel's ``Transaction``."""

    id: UUID
    portfolio_id: UUID
    sequence: int
    transaction_type: str
    transaction_date: date
    currency: str
    amount: Decimal
    fx_rate: Decimal
    security_id: UUID | None
    symbol: str | None
    settlement_date: date | None
    quantity: Decimal | None
    price: Decimal | None
    fee: Decimal
    withholding_tax: Decimal
    ex_date: date | None
    pay_date: date | None
    cost_basis: Decimal | None
    acquisition_date: date | None
    split_from: Decimal | None
    split_to: Decimal | None
    lot_selection: list[dict[str, str]] | None
    is_reversal: bool
    parent_transaction_id: UUID | None
    external_ref: str | None
    narration: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class ListedTransaction:
    """A booked transaction with what was derived from it, for lists."""

    id: UUID
    sequence: int
    transaction_type: TransactionType
    transaction_date: date
    settlement_date: date | None
    security_id: UUID | None
    symbol: str | None
    quantity: Decimal | None
    price: Decimal | None
    amount: Decimal
    fee: Decimal
    withholding_tax: Decimal
    currency: str
    fx_rate: Decimal
    amount_base: Decimal | None
    realized_pl: Decimal | None
    realized_pl_price: Decimal | None
    realized_pl_fx: Decimal | None
    is_reversal: bool
    parent_transaction_id: UUID | None
    external_ref: str | None
    narration: str | None
    source: str | None
    ledger_commit_hash: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class LotRecord:
    """A lot as it stands after everything booked."""

    id: UUID
    portfolio_id: UUID
    security_id: UUID
    symbol: str | None
    qty_open: Decimal
    qty_original: Decimal
    cost_basis: Decimal
    cost_basis_base: Decimal | None
    acquisition_date: date
    currency: str
    trade_fx_rate: Decimal | None
    open_transaction_id: UUID | None
    closed_date: date | None


@dataclass(frozen=True, slots=True)
class ImportBatchRecord:
    """An earlier import."""

    id: UUID
    file_name: str
    rows_total: int
    rows_booked: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ListedBatch:
    """An import; ``standing`` of its entries no reversal has undone."""

    id: UUID
    file_name: str
    format: str
    rows_total: int
    rows_booked: int
    rows_duplicate: int
    created_at: datetime
    standing: int


@dataclass(frozen=True, slots=True)
class LockedLedger:
    """A ledger held for writing: its portfolio, newest entry, entries from the number asked for on, and up to where it is settled."""

    portfolio: PortfolioRecord
    head: LedgerHead | None
    entries: tuple[LedgerTransaction, ...]
    settled: LockRecord | None


@dataclass(frozen=True, slots=True)
class PortfolioHead:
    """The newest entry of a portfolio's ledger."""

    portfolio_id: UUID
    sequence: int
    ledger_commit_hash: str | None


@dataclass(frozen=True, slots=True)
class PortfolioCash:
    """A portfolio's cash in one currency."""

    portfolio_id: UUID
    currency: str
    amount: Decimal


LIST_LEDGERS = _statements.many("list_ledgers", TransactionRecord)
LEDGER_HEADS = _statements.many("ledger_heads", PortfolioHead)
LOTS_OF = _statements.many("lots_of", LotRecord)
CASH_OF = _statements.many("cash_of", PortfolioCash)
LOCK_PORTFOLIO = _statements.optional("lock_portfolio", UUID)
LEDGER_HEAD = _statements.optional("ledger_head", LedgerHead)
LEDGER_ENTRY = _statements.optional("ledger_entry", LedgerHead)
ENTRIES_SINCE = _statements.many("entries_since", TransactionRecord)
LIST_TRANSACTIONS = _statements.many("list_transactions", TransactionRecord)
PAGE_OF_TRANSACTIONS = _statements.many("page_of_transactions", ListedTransaction)
COUNT_TRANSACTIONS = _statements.value("count_transactions", int)
ADD_TRANSACTIONS = _statements.bulk("add_transactions")
REWRITE_REALIZED = _statements.bulk("rewrite_realized")
REMOVE_LOTS = _statements.none("remove_lots")
ADD_LOTS = _statements.bulk("add_lots")
REMOVE_OTHER_LOTS = _statements.bulk("remove_other_lots")
PUT_LOTS = _statements.bulk("put_lots")
LIST_LOTS = _statements.many("list_lots", LotRecord)
REMOVE_DISPOSALS = _statements.none("remove_disposals")
ADD_DISPOSALS = _statements.bulk("add_disposals")
REMOVE_OTHER_DISPOSALS = _statements.bulk("remove_other_disposals")
PUT_DISPOSALS = _statements.bulk("put_disposals")
REMOVE_OTHER_CASH_FLOWS = _statements.bulk("remove_other_cash_flows")
PUT_CASH_FLOWS = _statements.bulk("put_cash_flows")
SUPERSEDE_SNAPSHOTS = _statements.none("supersede_snapshots")
ADD_SNAPSHOT = _statements.none("add_snapshot")
ADD_POSTINGS = _statements.bulk("add_postings")
ADD_IMPORT_BATCH = _statements.none("add_import_batch")
FIND_IMPORT_BATCH = _statements.optional("find_import_batch", ImportBatchRecord)
LIST_IMPORT_BATCHES = _statements.many("list_import_batches", ListedBatch)
BATCH_ENTRIES = _statements.many("batch_entries", UUID)

_TYPES: Final = {kind.value: kind for kind in TransactionType}


async def lock_ledger(tx: DatabaseTransaction, portfolio_id: UUID, *, since: int = 0) -> LockedLedger | None:
    """Hold the portfolio's ledger until the end of the transaction and read its entries from number ``since`` on, in one round trip.

    None when the actor cannot see the portfolio. Whatever is read is read after the lock is had.
    """
    ledger = {"portfolio_id": portfolio_id}
    locked, portfolios, heads, records, settled = await tx.fetch_together(
        Question(LOCK_PORTFOLIO, ledger),
        Question(FIND_PORTFOLIO, ledger),
        Question(LEDGER_HEAD, ledger),
        Question(ENTRIES_SINCE, {**ledger, "since": since}),
        Question(FIND_LOCK, ledger),
    )
    if not locked or not portfolios:
        return None
    entries = tuple(map(_as_transaction, records))
    return LockedLedger(portfolios[0], heads[0] if heads else None, entries, settled[0] if settled else None)


async def hold_ledger(tx: DatabaseTransaction, portfolio_id: UUID) -> None:
    """Wait until nobody books into the portfolio's ledger, and keep others from it until the end of the transaction."""
    await tx.fetch_one(LOCK_PORTFOLIO, portfolio_id=portfolio_id)


async def ledger_head(tx: DatabaseTransaction, portfolio_id: UUID) -> LedgerHead | None:
    """The newest entry; None while the ledger is empty."""
    return await tx.fetch_one(LEDGER_HEAD, portfolio_id=portfolio_id)


async def ledger_entry(tx: DatabaseTransaction, portfolio_id: UUID, commit_hash: str) -> LedgerHead | None:
    """The entry after which the ledger had ``commit_hash``."""
    return await tx.fetch_one(LEDGER_ENTRY, portfolio_id=portfolio_id, commit_hash=commit_hash)


async def booked_transactions(tx: DatabaseTransaction, portfolio_id: UUID, through: int | None = None) -> list[LedgerTransaction]:
    """The ledger's first ``through`` entries (all when None) in booking order."""
    records = await tx.fetch_all(LIST_TRANSACTIONS, portfolio_id=portfolio_id, through=through)
    return [_as_transaction(record) for record in records]


def _as_transaction(r: TransactionRecord) -> LedgerTransaction:
    chosen = tuple(LotSelection(UUID(lot["lot_id"]), Decimal(lot["quantity"])) for lot in r.lot_selection) if r.lot_selection else ()
    return LedgerTransaction(
        id=r.id,
        portfolio_id=r.portfolio_id,
        sequence=r.sequence,
        transaction_type=_TYPES[r.transaction_type],
        transaction_date=r.transaction_date,
        currency=r.currency,
        amount=r.amount,
        fx_rate=r.fx_rate,
        security_id=r.security_id,
        symbol=r.symbol,
        settlement_date=r.settlement_date,
        quantity=r.quantity,
        price=r.price,
        fee=r.fee,
        withholding_tax=r.withholding_tax,
        ex_date=r.ex_date,
        pay_date=r.pay_date,
        cost_basis=r.cost_basis,
        acquisition_date=r.acquisition_date,
        split_from=r.split_from,
        split_to=r.split_to,
        lot_selection=chosen,
        is_reversal=r.is_reversal,
        parent_transaction_id=r.parent_transaction_id,
        external_ref=r.external_ref,
        narration=r.narration,
        source=r.source,
    )


async def booked_ledgers(tx: DatabaseTransaction, portfolio_ids: Sequence[UUID]) -> dict[UUID, list[LedgerTransaction]]:
    """The ledgers of several portfolios, each in booking order; one nothing was booked in is empty."""
    ledgers: dict[UUID, list[LedgerTransaction]] = {one: [] for one in portfolio_ids}
    for record in await tx.fetch_all(LIST_LEDGERS, portfolio_ids=list(portfolio_ids)):
        ledgers[record.portfolio_id].append(_as_transaction(record))
    return ledgers


async def ledger_heads(tx: DatabaseTransaction, portfolio_ids: Sequence[UUID]) -> dict[UUID, PortfolioHead]:
    """The newest entries of several ledgers; empty ones are not in the answer."""
    return {head.portfolio_id: head for head in await tx.fetch_all(LEDGER_HEADS, portfolio_ids=list(portfolio_ids))}


async def lots_of(tx: DatabaseTransaction, portfolio_ids: Sequence[UUID]) -> list[LotRecord]:
    """All lots of several portfolios."""
    return await tx.fetch_all(LOTS_OF, portfolio_ids=list(portfolio_ids))


async def cash_of(tx: DatabaseTransaction, portfolio_ids: Sequence[UUID], day: date) -> list[PortfolioCash]:
    """The cash of several portfolios at the end of ``day``."""
    return await tx.fetch_all(CASH_OF, portfolio_ids=list(portfolio_ids), day=day)


async def page_of_transactions(
    tx: DatabaseTransaction,
    portfolio_id: UUID,
    *,
    symbol: str | None = None,
    transaction_type: str | None = None,
    first: date | None = None,
    last: date | None = None,
    limit: int = 100,
    offset: int = 0,
) -> tuple[list[ListedTransaction], int]:
    """A page of entries, newest first, and how many there are in all."""
    filters = {"portfolio_id": portfolio_id, "symbol": symbol, "transaction_type": transaction_type, "first": first, "last": last}
    rows = await tx.fetch_all(PAGE_OF_TRANSACTIONS, **filters, limit=limit, offset=offset)
    return rows, await tx.fetch_value(COUNT_TRANSACTIONS, **filters)


async def list_lots(tx: DatabaseTransaction, portfolio_id: UUID, *, open_only: bool = True) -> list[LotRecord]:
    """The portfolio's lots by symbol and date of acquisition."""
    return await tx.fetch_all(LIST_LOTS, portfolio_id=portfolio_id, open_only=open_only)


async def add_transactions(tx: DatabaseTransaction, rows: bytes) -> int:
    """Book entries from a ready COPY buffer; columns as in the ``staged`` line of the statement."""
    return await tx.copy_into(ADD_TRANSACTIONS, rows)


def added_transactions(rows: Iterable[Sequence[Any]]) -> Change:
    """Book entries; columns as in the ``staged`` line of the statement."""
    return Change(ADD_TRANSACTIONS, rows=rows)


async def rewrite_realized(tx: DatabaseTransaction, rows: Iterable[Sequence[Any]]) -> int:
    """Change realised results of booked sales where they differ."""
    return await tx.copy_into(REWRITE_REALIZED, rows)


def rewritten_realized(rows: Iterable[Sequence[Any]]) -> Change:
    """Change realised results of booked sales where they differ."""
    return Change(REWRITE_REALIZED, rows=rows)


async def replace_lots(tx: DatabaseTransaction, portfolio_id: UUID, rows: bytes) -> None:
    """Write all of the portfolio's lots anew, from a ready COPY buffer."""
    await tx.execute(REMOVE_LOTS, portfolio_id=portfolio_id)
    await tx.copy_into(ADD_LOTS, rows)


def put_lots(portfolio_id: UUID, rows: Sequence[Sequence[Any]], kept: Sequence[Sequence[Any]] | None) -> list[Change]:
    """Put ``rows`` among the lots, where they differ from what is there; none stays that is not in ``kept``, if given."""
    others = [] if kept is None else [Change(REMOVE_OTHER_LOTS, {"portfolio_id": portfolio_id}, [row[:1] for row in kept])]
    return [*others, *([Change(PUT_LOTS, rows=rows)] if rows else [])]


async def replace_disposals(tx: DatabaseTransaction, portfolio_id: UUID, rows: bytes) -> None:
    """Write all of the portfolio's disposals anew, from a ready COPY buffer."""
    await tx.execute(REMOVE_DISPOSALS, portfolio_id=portfolio_id)
    await tx.copy_into(ADD_DISPOSALS, rows)


def put_disposals(portfolio_id: UUID, rows: Sequence[Sequence[Any]], kept: Sequence[Sequence[Any]] | None) -> list[Change]:
    """Put ``rows`` among the disposals, where they differ from what is there; none stays that is not in ``kept``, if given."""
    others = [] if kept is None else [Change(REMOVE_OTHER_DISPOSALS, {"portfolio_id": portfolio_id}, [row[:2] for row in kept])]
    return [*others, *([Change(PUT_DISPOSALS, rows=rows)] if rows else [])]


def put_cash_flows(portfolio_id: UUID, rows: Sequence[Sequence[Any]], kept: Sequence[Sequence[Any]] | None) -> list[Change]:
    """Put ``rows`` among the daily cash flows, where they differ from what is there; none stays that is not in ``kept``, if given."""
    others = [] if kept is None else [Change(REMOVE_OTHER_CASH_FLOWS, {"portfolio_id": portfolio_id}, [row[1:3] for row in kept])]
    return [*others, *([Change(PUT_CASH_FLOWS, rows=rows)] if rows else [])]


def added_snapshot(
    snapshot_id: UUID,
    *,
    portfolio_id: UUID,
    commit_hash: str,
    transaction_count: int,
    account_count: int,
    earliest_date: date | None,
    latest_date: date | None,
    moment: datetime,
    file_paths: list[str] | None = None,
    file_hash: str | None = None,
) -> list[Change]:
    """Record the state the ledger is in now; earlier snapshots become superseded."""
    snapshot = {
        "id": snapshot_id,
        "portfolio_id": portfolio_id,
        "commit_hash": commit_hash,
        "transaction_count": transaction_count,
        "account_count": account_count,
        "earliest_date": earliest_date,
        "latest_date": latest_date,
        "moment": moment,
        "file_paths": file_paths,
        "file_hash": file_hash,
    }
    return [Change(ADD_SNAPSHOT, snapshot), Change(SUPERSEDE_SNAPSHOTS, {"portfolio_id": portfolio_id, "successor": snapshot_id})]


def added_postings(rows: Iterable[Sequence[Any]] | bytes) -> Change:
    """Add the postings of new entries."""
    return Change(ADD_POSTINGS, rows=rows)


async def add_import_batch(
    tx: DatabaseTransaction,
    batch_id: UUID,
    *,
    portfolio_id: UUID,
    file_name: str,
    file_hash: str,
    file_format: str,
    rows_booked: int,
    rows_duplicate: int,
    moment: datetime,
    created_by: UUID | None,
) -> None:
    """Record that a file was imported."""
    await tx.execute(
        ADD_IMPORT_BATCH,
        id=batch_id,
        portfolio_id=portfolio_id,
        file_name=file_name,
        file_hash=file_hash,
        format=file_format,
        rows_total=rows_booked + rows_duplicate,
        rows_booked=rows_booked,
        rows_duplicate=rows_duplicate,
        moment=moment,
        created_by=created_by,
    )


async def find_import_batch(tx: DatabaseTransaction, portfolio_id: UUID, file_hash: str) -> ImportBatchRecord | None:
    """The first import of these very bytes into the portfolio."""
    return await tx.fetch_one(FIND_IMPORT_BATCH, portfolio_id=portfolio_id, file_hash=file_hash)


async def list_import_batches(tx: DatabaseTransaction, portfolio_id: UUID) -> list[ListedBatch]:
    """What was imported into a portfolio, the newest first."""
    return await tx.fetch_all(LIST_IMPORT_BATCHES, portfolio_id=portfolio_id)


async def batch_entries(tx: DatabaseTransaction, portfolio_id: UUID, batch_id: UUID) -> list[UUID]:
    """The entries of an import that no reversal has undone, in booking order."""
    return await tx.fetch_all(BATCH_ENTRIES, portfolio_id=portfolio_id, batch_id=batch_id)
