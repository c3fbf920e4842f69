"""The dead letter queue: what background work could not do is kept, tried again on a schedule, and settled by hand if need be."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from dawsos.kernel.canonical import canonical_bytes
from dawsos.kernel.errors import Conflict, DawsosError, Invalid, NotFound
from dawsos.kernel.identity import SYSTEM, Actor
from dawsos.services.audit import record
from dawsos.services.identifiers import Identifiers
from dawsos.services.telemetry import Meters
from dawsos.store import dead_letters as store
from dawsos.store.database import Database
from dawsos.store.dead_letters import LetterRecord

#: How long to wait before the first, second and third attempt; after the last one a letter has failed and waits for a person.
ATTEMPTS: Final = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
#: A letter taken for longer than this was taken by somebody who died.
_ABANDONED: Final = timedelta(hours=1)

Handler = Callable[[Mapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of a letter that was tried again: resolved, pending (to be tried again later) or failed."""

    id: UUID
    queue_name: str
    status: str
    error: str | None


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """The queue. ``handlers`` do the work again, by the name of the queue up to a colon: ``provider:FRED`` is handled by ``provider``."""

    database: Database
    identifiers: Identifiers
    meters: Meters
    handlers: dict[str, Handler] = field(default_factory=dict)

    async def keep(self, queue_name: str, message: Mapping[str, Any], error: str) -> UUID:
        """Keep a message; one of the same contents that is not settled yet is not kept twice."""
        moment, text = self.identifiers.clock.now(), canonical_bytes(message).decode()
        async with self.database.transaction(SYSTEM) as tx:
            letter_id = await store.same_letter(tx, queue_name, text)
            if letter_id is None:
                letter_id = self.identifiers.new()
                await store.add_letter(
                    tx,
                    letter_id,
                    queue_name=queue_name,
                    message=text,
                    error=error,
                    moment=moment,
                    next_attempt_at=moment + ATTEMPTS[0],
                )
        await self.count()
        return letter_id

    async def waiting(self, actor: Actor, *, resolved: bool = False, limit: int = 1000) -> list[LetterRecord]:
        """Letters, oldest first; settled ones too if ``resolved``."""
        async with self.database.transaction(actor, read_only=True) as tx:
            return await store.list_letters(tx, resolved=resolved, limit=limit)

    async def count(self) -> None:
        """Bring the meter in line with the queue."""
        async with self.database.transaction(SYSTEM, read_only=True) as tx:
            counted = await store.count_letters(tx)
        self.meters.dead_letters.clear()
        for one in counted:
            self.meters.dead_letters.labels(one.queue_name).set(one.waiting)

    async def replay_due(self) -> list[Replayed]:
        """Try every letter that is due, each once; two who do it at the same time never take the same letter."""
        begun = self.identifiers.clock.now()
        async with self.database.transaction(SYSTEM) as tx:
            await store.free_letters(tx, since=begun - _ABANDONED, moment=begun)
        done = []
        while (letter := await self._claim(begun)) is not None:
            done.append(await self._handle(letter))
        await self.count()
        return done

    async def replay(self, letter_id: UUID) -> Replayed:
        """Try one letter now, whether or not it is due, also one that has failed.

        Raises :class:`NotFound` for an unknown one and :class:`Conflict` for one that is settled or being handled.
        """
        letter = await self._claim(self.identifiers.clock.now(), letter_id)
        if letter is None:
            raise await self._not_waiting(letter_id)
        done = await self._handle(letter)
        await self.count()
        return done

    async def resolve(self, actor: Actor, letter_id: UUID, note: str) -> None:
        """Settle a letter by hand; :class:`Invalid` without a note, otherwise as :meth:`replay`."""
        if not note.strip():
            raise Invalid("Settling a letter by hand needs a reason.", remedy="Give it with --note.")
        moment = self.identifiers.clock.now()
        if await self._claim(moment, letter_id) is None:
            raise await self._not_waiting(letter_id)
        async with self.database.transaction(actor) as tx:
            letter = await store.find_letter(tx, letter_id)
            retries = letter.retry_count if letter else 0
            await store.settle_letter(
                tx, letter_id, status="resolved", retry_count=retries, error=f"settled by hand: {note}", next_attempt_at=None
            )
            await record(tx, actor, "resolve", "dead_letter", entity_id=letter_id, changes={"note": note}, moment=moment)
        await self.count()

    async def _claim(self, moment: datetime, letter_id: UUID | None = None) -> LetterRecord | None:
        async with self.database.transaction(SYSTEM) as tx:
            return await store.claim_letter(tx, moment, letter_id)

    async def _handle(self, letter: LetterRecord) -> Replayed:
        handler = self.handlers.get(letter.queue_name.partition(":")[0])
        error, attempts = None, letter.retry_count + 1
        if handler is None:
            error = f"nothing handles the queue {letter.queue_name}"
        else:
            try:
                await handler(letter.message)
            except DawsosError as failure:
                error = str(failure)
            except Exception as fault:  # noqa: BLE001 - whatever it was, the letter must not be lost
                error = f"{type(fault).__name__}: {fault}"
        status = "resolved" if error is None else "failed" if attempts >= len(ATTEMPTS) else "pending"
        due = self.identifiers.clock.now() + ATTEMPTS[attempts] if status == "pending" else None
        async with self.database.transaction(SYSTEM) as tx:
            await store.settle_letter(tx, letter.id, status=status, retry_count=attempts, error=error, next_attempt_at=due)
        return Replayed(letter.id, letter.queue_name, status, error)

    async def _not_waiting(self, letter_id: UUID) -> DawsosError:
        async with self.database.transaction(SYSTEM, read_only=True) as tx:
            letter = await store.find_letter(tx, letter_id)
        if letter is None:
            return NotFound(
                f"There is no dead letter {letter_id}.", remedy="List them with 'dawsos dlq list'.", code="dead_letter_not_found"
            )
        return Conflict(f"Dead letter {letter_id} is {letter.status}.", remedy="Nothing needs to be done.", code="dead_letter_settled")
