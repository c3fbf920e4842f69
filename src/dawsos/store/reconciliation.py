"""What comparing ledgers with the database found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_statements: Final = load("reconciliation")


@dataclass(frozen=True, slots=True)
class ReconciliationRecord:
    """A comparison; ``discrepancies`` are dictionaries with a kind, what, both values and the probable cause."""

    id: UUID
    portfolio_id: UUID
    pricing_pack_id: str
    ledger_commit_hash: str | None
    asof_date: date
    ledger_nav: Decimal | None
    db_nav: Decimal | None
    difference: Decimal | None
    error_bps: Decimal | None
    tolerance_bps: Decimal
    passed: bool
    status: str
    ledger_position_count: int | None
    db_position_count: int | None
    checked_with: str
    discrepancies: Any
    created_at: datetime


PUT_RECONCILIATIONS = _statements.bulk("put_reconciliations")
REMOVE_RECONCILIATIONS = _statements.none("remove_reconciliations")
LIST_RECONCILIATIONS = _statements.many("list_reconciliations", ReconciliationRecord)
FAILED_RECONCILIATIONS = _statements.many("failed_reconciliations", ReconciliationRecord)


async def put_reconciliations(tx: DatabaseTransaction, rows: Iterable[Sequence[Any]]) -> int:
    """Keep results, columns as in the ``staged`` line; one with the id of an earlier result replaces it."""
    kept = list(rows)
    await tx.execute(REMOVE_RECONCILIATIONS, ids=[row[0] for row in kept])
    return await tx.copy_into(PUT_RECONCILIATIONS, kept)


async def list_reconciliations(tx: DatabaseTransaction, portfolio_id: UUID, limit: int) -> list[ReconciliationRecord]:
    """The newest comparisons of a portfolio."""
    return await tx.fetch_all(LIST_RECONCILIATIONS, portfolio_id=portfolio_id, limit=limit)


async def failed_reconciliations(tx: DatabaseTransaction, pricing_pack_id: str) -> list[ReconciliationRecord]:
    """The comparisons under a pack that failed."""
    return await tx.fetch_all(FAILED_RECONCILIATIONS, pricing_pack_id=pricing_pack_id)
