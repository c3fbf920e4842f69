"""The dead letter queue: nothing lost, nothing done twice, settled with a reason."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from dawsos.kernel.clock import FixedClock
from dawsos.kernel.errors import Conflict, Invalid, NotFound, Unavailable
from dawsos.kernel.identity import SYSTEM
from dawsos.services.dead_letters import DeadLetters
from dawsos.services.identifiers import Identifiers
from dawsos.services.telemetry import Meters
from dawsos.store.database import Database

NOW = datetime(2025, 11, 3, tzinfo=UTC)


class Provider:
    """Somebody who answers only when he is up."""

    def __init__(self) -> None:
        self.is_up = False
        self.done: list[Mapping[str, Any]] = []

    async def __call__(self, message: Mapping[str, Any]) -> None:
        if not self.is_up:
            raise Unavailable("The provider does not answer.")
        self.done.append(message)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def letters(database: Database, clock: FixedClock, provider: Provider) -> DeadLetters:
    return DeadLetters(database, Identifiers(clock, lambda n: uuid4().bytes[:n]), Meters(), {"provider": provider})


async def test_r45_a_letter_is_tried_on_its_schedule_and_then_waits_for_a_person(letters: DeadLetters, clock: FixedClock) -> None:
    await letters.keep("provider:FRED", {"series": "TB3MS"}, "HTTP 500")
    statuses = []
    for wait in (1, 5, 30):
        assert await letters.replay_due() == []
        clock.advance(timedelta(minutes=wait))
        (done,) = await letters.replay_due()
        statuses.append((done.status, done.error))
    said = "The provider does not answer."
    assert statuses == [("pending", said), ("pending", said), ("failed", said)]
    clock.advance(timedelta(days=1))
    assert await letters.replay_due() == []
    assert [(one.status, one.retry_count) for one in await letters.waiting(SYSTEM)] == [("failed", 3)]


async def test_r45_after_the_outage_every_letter_is_done_once_however_many_replay(
    letters: DeadLetters, clock: FixedClock, provider: Provider
) -> None:
    for number in range(20):
        await letters.keep("provider:FRED", {"number": number}, "down")
        await letters.keep("provider:FRED", {"number": number}, "down again")
    assert len(await letters.waiting(SYSTEM)) == 20
    provider.is_up = True
    clock.advance(timedelta(minutes=1))
    rounds = await asyncio.gather(*(letters.replay_due() for _ in range(3)))
    assert sorted(message["number"] for message in provider.done) == list(range(20))
    assert sum(len(one) for one in rounds) == 20
    assert await letters.waiting(SYSTEM) == []
    assert {one.status for one in await letters.waiting(SYSTEM, resolved=True)} == {"resolved"}


async def test_a_failed_letter_can_be_replayed_or_settled_by_hand_once(letters: DeadLetters, provider: Provider) -> None:
    first = await letters.keep("provider:FRED", {"number": 1}, "down")
    second = await letters.keep("provider:FRED", {"number": 2}, "down")
    provider.is_up = True
    assert (await letters.replay(first)).status == "resolved"
    with pytest.raises(Conflict, match="is resolved"):
        await letters.replay(first)
    with pytest.raises(Invalid):
        await letters.resolve(SYSTEM, second, " ")
    await letters.resolve(SYSTEM, second, "the series was discontinued")
    with pytest.raises(Conflict):
        await letters.resolve(SYSTEM, second, "again")
    with pytest.raises(NotFound):
        await letters.replay(uuid4())


async def test_a_letter_nobody_handles_says_so_and_one_whose_handler_died_is_due_again(letters: DeadLetters, clock: FixedClock) -> None:
    stranger = await letters.keep("telegraph", {}, "lost")
    assert (await letters.replay(stranger)).error == "nothing handles the queue telegraph"
    left = await letters.keep("provider:ECB", {}, "down")
    clock.advance(timedelta(minutes=1))
    assert await letters._claim(clock.now(), left) is not None
    clock.advance(timedelta(minutes=30))
    assert left not in {one.id for one in await letters.replay_due()}
    clock.advance(timedelta(minutes=31))
    assert left in {one.id for one in await letters.replay_due()}
