"""Settled periods: what brokers stated, up to where a ledger is settled, and what was booked into it all the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from dawsos.store.statements import load
from dawsos.store.transaction import Change, DatabaseTransaction

_statements: Final = load("periods")


@dataclass(frozen=True, slots=True)
class StatementRecord:
    """A broker's statement and how it compared."""

    id: UUID
    portfolio_id: UUID
    asof_date: date
    source: str
    ledger_commit_hash: str
    differences: Any
    agrees: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class LockRecord:
    """Up to which day a portfolio is settled."""

    portfolio_id: UUID
    locked_through: date
    reason: str
    statement_id: UUID | None
    locked_at: datetime


@dataclass(frozen=True, slots=True)
class LateEntryRecord:
    """An entry inside a settled period."""

    transaction_id: UUID
    sequence: int
    transaction_date: date
    locked_through: date
    reason: str
    created_at: datetime


ADD_STATEMENT = _statements.none("add_statement")
LIST_STATEMENTS = _statements.many("list_statements", StatementRecord)
FIND_LOCK = _statements.optional("find_lock", LockRecord)
PUT_LOCK = _statements.none("put_lock")
REMOVE_LOCK = _statements.none("remove_lock")
ADD_LATE_ENTRIES = _statements.bulk("add_late_entries")
LIST_LATE_ENTRIES = _statements.many("list_late_entries", LateEntryRecord)


async def add_statement(
    tx: DatabaseTransaction,
    statement_id: UUID,
    *,
    portfolio_id: UUID,
    asof_date: date,
    source: str,
    file_hash: str,
    ledger_commit_hash: str,
    positions: str,
    cash: str,
    differences: str,
    agrees: bool,
    moment: datetime,
    created_by: UUID | None,
) -> None:
    """Keep a statement; positions, cash and differences are canonical JSON."""
    await tx.execute(
        ADD_STATEMENT,
        id=statement_id,
        portfolio_id=portfolio_id,
        asof_date=asof_date,
        source=source,
        file_hash=file_hash,
        ledger_commit_hash=ledger_commit_hash,
        positions=positions,
        cash=cash,
        differences=differences,
        agrees=agrees,
        moment=moment,
        created_by=created_by,
    )


async def list_statements(tx: DatabaseTransaction, portfolio_id: UUID, limit: int) -> list[StatementRecord]:
    """The newest statements of a portfolio."""
    return await tx.fetch_all(LIST_STATEMENTS, portfolio_id=portfolio_id, limit=limit)


async def find_lock(tx: DatabaseTransaction, portfolio_id: UUID) -> LockRecord | None:
    """The lock of a portfolio."""
    return await tx.fetch_one(FIND_LOCK, portfolio_id=portfolio_id)


async def put_lock(
    tx: DatabaseTransaction,
    portfolio_id: UUID,
    locked_through: date,
    *,
    reason: str,
    statement_id: UUID | None,
    moment: datetime,
    locked_by: UUID | None,
) -> None:
    """Settle a portfolio through a day."""
    await tx.execute(
        PUT_LOCK,
        portfolio_id=portfolio_id,
        locked_through=locked_through,
        reason=reason,
        statement_id=statement_id,
        moment=moment,
        locked_by=locked_by,
    )


async def remove_lock(tx: DatabaseTransaction, portfolio_id: UUID) -> int:
    """Open the settled period; how many locks there were."""
    return await tx.execute(REMOVE_LOCK, portfolio_id=portfolio_id)


def added_late_entries(rows: Iterable[Sequence[Any]]) -> Change:
    """Note entries inside a settled period, columns as in the ``staged`` line."""
    return Change(ADD_LATE_ENTRIES, rows=rows)


async def list_late_entries(tx: DatabaseTransaction, portfolio_id: UUID) -> list[LateEntryRecord]:
    """The restatements of settled periods, in booking order."""
    return await tx.fetch_all(LIST_LATE_ENTRIES, portfolio_id=portfolio_id)
