"""Settled periods of a ledger: nothing is booked into one without a reason, and what is becomes a restatement."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dawsos.kernel.errors import Conflict, Invalid, NotFound
from dawsos.kernel.identity import Actor
from dawsos.kernel.ledger import Transaction
from dawsos.services.audit import record
from dawsos.store import ledger as ledger_store
from dawsos.store import periods as store
from dawsos.store.transaction import Change, DatabaseTransaction


@dataclass(frozen=True, slots=True)
class LateEntries:
    """Entries that lie in a settled period, and why they are booked all the same."""

    entries: tuple[Transaction, ...]
    locked_through: date
    reason: str


def late_entries(lock: store.LockRecord | None, entries: Iterable[Transaction], *, reason: str | None) -> LateEntries | None:
    """Those of ``entries`` that lie in the period ``lock`` settles; None without any, Conflict when there is one and no reason for it."""
    if lock is None:
        return None
    late = [entry for entry in entries if entry.transaction_date <= lock.locked_through]
    if late and not (reason and reason.strip()):
        raise Conflict(
            f"The ledger is settled through {lock.locked_through} ({lock.reason}), and an entry is dated {late[0].transaction_date}.",
            remedy="Give the reason for the restatement, or date the entry later.",
            code="period_locked",
            details={"locked_through": lock.locked_through.isoformat(), "entries": len(late)},
        )
    return LateEntries(tuple(late), lock.locked_through, reason or "") if late else None


def noted(late: LateEntries, moment: datetime) -> Change:
    """Note entries that were booked inside a settled period."""
    rows = [(entry.id, entry.portfolio_id, late.locked_through, late.reason, moment) for entry in late.entries]
    return store.added_late_entries(rows)


async def lock_period(
    tx: DatabaseTransaction,
    actor: Actor,
    portfolio_id: UUID,
    through: date,
    *,
    reason: str,
    statement_id: UUID | None = None,
    moment: datetime,
) -> None:
    """Settle the ledger through a day, with a reason. A lock only moves forward: :class:`Conflict` for an earlier day.

    Waits for whoever is booking into the ledger, who has read already up to where it is settled.
    """
    if not reason.strip():
        raise Invalid("Settling a period needs a reason.", remedy="Give it with --reason.")
    await ledger_store.hold_ledger(tx, portfolio_id)
    lock = await store.find_lock(tx, portfolio_id)
    if lock is not None and lock.locked_through > through:
        raise Conflict(
            f"The ledger is settled through {lock.locked_through} already.", remedy="Open the period first.", code="period_locked"
        )
    await store.put_lock(tx, portfolio_id, through, reason=reason, statement_id=statement_id, moment=moment, locked_by=actor.user_id)
    changes = {"locked_through": through, "reason": reason}
    await record(tx, actor, "lock", "portfolio", entity_id=portfolio_id, changes=changes, moment=moment)


async def open_period(tx: DatabaseTransaction, actor: Actor, portfolio_id: UUID, *, reason: str, moment: datetime) -> None:
    """Take the lock away; :class:`Invalid` without a reason, :class:`NotFound` without a lock."""
    if not reason.strip():
        raise Invalid("Opening a settled period needs a reason.", remedy="Give it with --reason.")
    if not await store.remove_lock(tx, portfolio_id):
        raise NotFound("No period of this portfolio is settled.", code="period_not_locked")
    await record(tx, actor, "unlock", "portfolio", entity_id=portfolio_id, changes={"reason": reason}, moment=moment)
