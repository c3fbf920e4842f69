"""Messages of background work that could not be handled; only operators see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_statements: Final = load("dead_letters")


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message (JSON) for a queue, and why it could not be handled."""

    id: UUID
    queue_name: str
    message: str
    error: str | None
    retry_count: int
    created_at: datetime
    status: str


ADD_DEAD_LETTER = _statements.none("add_dead_letter")
PENDING_DEAD_LETTERS = _statements.many("pending_dead_letters", DeadLetter)
CLOSE_DEAD_LETTER = _statements.none("close_dead_letter")


async def add_dead_letter(
    tx: DatabaseTransaction, *, letter_id: UUID, queue_name: str, message: str, error: str, retry_count: int, moment: datetime
) -> None:
    """Keep a message (JSON) that could not be handled."""
    await tx.execute(
        ADD_DEAD_LETTER, id=letter_id, queue_name=queue_name, message=message, error=error, retry_count=retry_count, moment=moment
    )


async def pending_dead_letters(tx: DatabaseTransaction, queue_name: str) -> list[DeadLetter]:
    """Those of a queue (``%`` stands for anything) that are still to be handled, the oldest first."""
    return await tx.fetch_all(PENDING_DEAD_LETTERS, queue_name=queue_name)


async def close_dead_letter(tx: DatabaseTransaction, letter_id: UUID, status: Literal["resolved", "failed"], *, moment: datetime) -> bool:
    """Note that it was handled, or never will be; False when it is not pending (any more)."""
    return bool(await tx.execute(CLOSE_DEAD_LETTER, letter_id=letter_id, status=status, moment=moment))
