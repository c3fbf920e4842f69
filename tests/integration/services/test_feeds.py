"""What sources say is kept as a whole; what they fail to say is a dead letter, without the key."""

import json
import os
from datetime import UTC, date, datetime
from decimal import Decimal as D

import httpx2
import pytest

from dawsos.kernel.clock import FixedClock
from dawsos.kernel.errors import Invalid, NotFound
from dawsos.kernel.identity import SYSTEM
from dawsos.providers.catalogue import FRED
from dawsos.providers.gateway import Gateway, Surroundings
from dawsos.services.dead_letters import ATTEMPTS, DeadLetters
from dawsos.services.feeds.doctor import examine
from dawsos.services.feeds.fetching import AskedAgain, Feeds
from dawsos.services.identifiers import Identifiers
from dawsos.services.telemetry import Meters
from dawsos.store.database import Database
from dawsos.store.dead_letters import close_dead_letter, pending_dead_letters
from dawsos.store.indicators import indicators_known

NOW = datetime(2022, 11, 1, tzinfo=UTC)
KEY = "0123456789abcdef0123456789abcdef"


def gateway(answers: dict[str, object], key: str | None = KEY) -> Gateway:
    def handle(request: httpx2.Request) -> httpx2.Response:
        body = answers.get(request.url.params.get("series_id", ""))
        return httpx2.Response(500) if body is None else httpx2.Response(200, content=json.dumps(body).encode())

    async def at_once(_seconds: float) -> None:
        pass

    return Gateway(FRED, key, Surroundings(FixedClock(NOW), lambda: 0.0, at_once, lambda: 0.5, httpx2.MockTransport(handle)))


def feeds_of(database: Database) -> Feeds:
    identifiers = Identifiers(FixedClock(NOW), os.urandom)
    return Feeds(database, identifiers, DeadLetters(database, identifiers, Meters()))


def figure(period: str, value: str, released: str) -> dict[str, str]:
    return {"date": period, "value": value, "realtime_start": released, "realtime_end": "9999-12-31"}


async def test_one_series_that_fails_is_a_dead_letter_and_the_others_are_kept(database: Database):
    answers = {"UNRATE": {"observations": [figure("2022-09-01", "3.5", "2022-10-07")]}}
    feeds = feeds_of(database)
    report = await feeds.economic_series(gateway(answers), ["UNRATE", "CPIAUCSL"])
    assert (report.taken.observations, list(report.failed)) == (1, ["CPIAUCSL"])
    async with database.transaction(SYSTEM) as tx:
        (rate,) = await indicators_known(tx, ["UNEMPLOYMENT"], date(2022, 10, 7))
        (letter,) = await pending_dead_letters(tx, "provider:%")
        assert (letter.queue_name, json.loads(letter.message)) == ("provider:FRED", {"provider": "FRED", "series_id": "CPIAUCSL"})
        assert "status 500" in (letter.error or "")
        assert KEY not in f"{letter}"
        assert await close_dead_letter(tx, letter.id, "resolved", moment=NOW)
        assert not await close_dead_letter(tx, letter.id, "resolved", moment=NOW)
        assert await pending_dead_letters(tx, "provider:%") == []
    assert (rate.value, rate.known_from) == (D("0.035"), date(2022, 10, 7))


async def test_r45_a_letter_of_a_source_asks_it_again_until_it_answers(database: Database):
    feeds, clock = feeds_of(database), FixedClock(NOW)
    identifiers = Identifiers(clock, os.urandom)
    answers: dict[str, object] = {}
    asked_again = AskedAgain(feeds, lambda _: gateway(answers))
    letters = DeadLetters(database, identifiers, Meters(), {"provider": asked_again})
    for _ in range(2):  # the same question is one letter
        await feeds.economic_series(gateway(answers), ["UNRATE"])
    (letter,) = await letters.waiting(SYSTEM)
    assert (letter.status, letter.next_attempt_at) == ("pending", NOW + ATTEMPTS[0])
    assert await letters.replay_due() == []
    (refused,) = [await letters.replay(letter.id)]
    assert (refused.status, KEY in f"{refused}") == ("pending", False)
    assert "status 500" in (refused.error or "")
    answers["UNRATE"] = {"observations": [figure("2022-09-01", "3.5", "2022-10-07")]}
    assert (await letters.replay(letter.id)).status == "resolved"
    assert await letters.waiting(SYSTEM) == []
    async with database.transaction(SYSTEM) as tx:
        (rate,) = await indicators_known(tx, ["UNEMPLOYMENT"], date(2022, 10, 7))
    assert rate.value == D("0.035")
    with pytest.raises(Invalid, match="nothing it could say"):
        await asked_again({"provider": "FRED", "what": "everything"})


async def test_a_series_outside_the_catalogue_is_not_asked_for(database: Database):
    with pytest.raises(NotFound, match="'NOSUCH'"):
        await feeds_of(database).economic_series(gateway({}), ["NOSUCH"])


async def test_the_doctor_asks_nobody_unless_told_and_says_what_is_missing(database: Database):
    found = {
        one.name: one for one in await examine(database, lambda _: None, lambda _: pytest.fail("nobody is asked"), today=date(2022, 11, 1))
    }
    assert set(found) == {"FRED", "FMP", "POLYGON", "ECB", "NEWSAPI"}
    assert (found["ECB"].is_configured, found["FRED"].is_configured, found["FRED"].is_reachable) == (True, False, None)
    assert [use.value for use in found["NEWSAPI"].uses] == ["display"]
    assert found["FRED"].newest is None
