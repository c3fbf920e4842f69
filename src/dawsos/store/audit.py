"""The audit log: who did what, when; entries are only ever added."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_statements: Final = load("audit")


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One entry of the audit log."""

    id: int
    user_id: UUID | None
    action: str
    entity_type: str | None
    entity_id: UUID | None
    entity_ref: str | None
    changes: Any
    trace_id: str | None
    created_at: datetime


ADD_ENTRY = _statements.none("add_entry")
NEWEST_ENTRIES = _statements.many("newest_entries", AuditRecord)


async def add_entry(
    tx: DatabaseTransaction,
    *,
    user_id: UUID | None,
    action: str,
    entity_type: str | None,
    entity_id: UUID | None,
    entity_ref: str | None,
    changes: str | None,
    moment: datetime,
    ip_address: str | None = None,
    user_agent: str | None = None,
    trace_id: str | None = None,
) -> None:
    """Add an entry; ``changes`` is JSON."""
    await tx.execute(
        ADD_ENTRY,
        user_id=user_id,
        action=action,
        entity_type=entity_type,
        entity_id=entity_id,
        entity_ref=entity_ref,
        changes=changes,
        ip_address=ip_address,
        user_agent=user_agent,
        trace_id=trace_id,
        moment=moment,
    )


async def newest_entries(tx: DatabaseTransaction, limit: int) -> list[AuditRecord]:
    """The newest entries; only operators see any."""
    return await tx.fetch_all(NEWEST_ENTRIES, limit=limit)
