"""Messages of background work that could not be handled; only operators see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
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


@dataclass(frozen=True, slots=True)
class LetterRecord:
    """A message: pending, processing, resolved or failed."""

    id: UUID
    queue_name: str
    message: Any
    error: str | None
    retry_count: int
    created_at: datetime
    last_attempt_at: datetime | None
    status: str
    next_attempt_at: datetime | None


@dataclass(frozen=True, slots=True)
class LetterCount:
    """How many messages of a queue wait."""

    queue_name: str
    waiting: int


SAME_LETTER = _statements.optional("same_letter", UUID)
ADD_LETTER = _statements.none("add_letter")
FIND_LETTER = _statements.optional("find_letter", LetterRecord)
LIST_LETTERS = _statements.many("list_letters", LetterRecord)
CLAIM_LETTER = _statements.optional("claim_letter", LetterRecord)
SETTLE_LETTER = _statements.none("settle_letter")
FREE_LETTERS = _statements.none("free_letters")
COUNT_LETTERS = _statements.many("count_letters", LetterCount)
PENDING_DEAD_LETTERS = _statements.many("pending_dead_letters", DeadLetter)
CLOSE_DEAD_LETTER = _statements.none("close_dead_letter")


async def pending_dead_letters(tx: DatabaseTransaction, queue_name: str) -> list[DeadLetter]:
    """Those of a queue (``%`` stands for anything) that are still to be handled, the oldest first."""
    return await tx.fetch_all(PENDING_DEAD_LETTERS, queue_name=queue_name)


async def close_dead_letter(tx: DatabaseTransaction, letter_id: UUID, status: Literal["resolved", "failed"], *, moment: datetime) -> bool:
    """Note that it was handled, or never will be; False when it is not pending (any more)."""
    return bool(await tx.execute(CLOSE_DEAD_LETTER, letter_id=letter_id, status=status, moment=moment))


async def same_letter(tx: DatabaseTransaction, queue_name: str, message: str) -> UUID | None:
    """The unsettled message with these contents (canonical JSON), if there is one."""
    return await tx.fetch_one(SAME_LETTER, queue_name=queue_name, message=message)


async def add_letter(
    tx: DatabaseTransaction, letter_id: UUID, *, queue_name: str, message: str, error: str, moment: datetime, next_attempt_at: datetime
) -> None:
    """Keep a message (canonical JSON)."""
    await tx.execute(
        ADD_LETTER, id=letter_id, queue_name=queue_name, message=message, error=error, moment=moment, next_attempt_at=next_attempt_at
    )


async def find_letter(tx: DatabaseTransaction, letter_id: UUID) -> LetterRecord | None:
    """The message."""
    return await tx.fetch_one(FIND_LETTER, letter_id=letter_id)


async def list_letters(tx: DatabaseTransaction, *, resolved: bool, limit: int) -> list[LetterRecord]:
    """Messages, oldest first."""
    return await tx.fetch_all(LIST_LETTERS, resolved=resolved, limit=limit)


async def claim_letter(tx: DatabaseTransaction, moment: datetime, letter_id: UUID | None = None) -> LetterRecord | None:
    """Take a message for handling: the named one, or the next that is due."""
    return await tx.fetch_one(CLAIM_LETTER, moment=moment, letter_id=letter_id)


async def settle_letter(
    tx: DatabaseTransaction, letter_id: UUID, *, status: str, retry_count: int, error: str | None, next_attempt_at: datetime | None
) -> int:
    """Say how handling it ended."""
    return await tx.execute(
        SETTLE_LETTER, letter_id=letter_id, status=status, retry_count=retry_count, error=error, next_attempt_at=next_attempt_at
    )


async def free_letters(tx: DatabaseTransaction, *, since: datetime, moment: datetime) -> int:
    """Let messages be taken again that were taken before ``since`` and never settled."""
    return await tx.execute(FREE_LETTERS, since=since, moment=moment)


async def count_letters(tx: DatabaseTransaction) -> list[LetterCount]:
    """How many wait, by queue."""
    return await tx.fetch_all(COUNT_LETTERS)
