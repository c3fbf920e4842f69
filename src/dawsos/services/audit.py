"""Leaves a line in the audit log for everything that changes something."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dawsos.kernel.canonical import canonical_bytes
from dawsos.kernel.identity import Actor
from dawsos.store import audit
from dawsos.store.transaction import DatabaseTransaction


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from."""

    ip_address: str | None = None
    user_agent: str | None = None
    trace_id: str | None = None


NOWHERE = Origin()


async def record(
    tx: DatabaseTransaction,
    actor: Actor,
    action: str,
    entity_type: str,
    *,
    moment: datetime,
    entity_id: UUID | None = None,
    entity_ref: str | None = None,
    changes: Mapping[str, object] | None = None,
    origin: Origin = NOWHERE,
) -> None:
    """Note that ``actor`` did ``action``; in the same transaction as the change itself."""
    await audit.add_entry(
        tx,
        user_id=actor.user_id,
        action=action,
        entity_type=entity_type,
        entity_id=entity_id,
        entity_ref=entity_ref,
        changes=None if changes is None else canonical_bytes(changes).decode(),
        moment=moment,
        ip_address=origin.ip_address,
        user_agent=origin.user_agent,
        trace_id=origin.trace_id,
    )
