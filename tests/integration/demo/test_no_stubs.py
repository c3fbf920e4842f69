"""No number is made up: each of every capability moves when what it should depend on changes, or is named with the reason why it stands still."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from dawsos.bootstrap import catalogue
from dawsos.kernel.clock import FixedClock
from dawsos.kernel.identifiers import named
from dawsos.registry.catalogue import CapabilityResult
from dawsos.services.context import RequestContext
from dawsos.services.opening import NEWEST, Pinning
from tests.support.answers import NOW, PATIENCE, SAID, Asking, asking
from tests.support.demo import clone_of, opened_demo, run_apart
from tests.support.movement import companies, economy, portfolio, risk
from tests.support.movement.asks import Ask
from tests.support.movement.numbers import Numbers, declared, matches, numbers_of, still
from tests.support.movement.worlds import STATES
from tests.support.postgres import DatabaseClone, PostgresServer
from tests.support.sources import Recorded

CATALOGUE: Final = catalogue()
ROWS: Final = {**portfolio.ROWS, **risk.ROWS, **economy.ROWS, **companies.ROWS}
Answers = Mapping[str, Mapping[str, Numbers]]


class Asker:
    """Asks in one state of the data, in one context for each who and when."""

    def __init__(self, asked: Asking) -> None:
        self._asked = asked
        self._contexts: dict[tuple[str, str | None], RequestContext] = {}

    async def context(self, ask: Ask) -> RequestContext:
        key = (ask.portfolio, ask.pack)
        if key not in self._contexts:
            pinning = Pinning(pack_id=ask.pack) if ask.pack else NEWEST
            self._contexts[key] = await self._asked.context(ask.portfolio, pinning)
        if not ask.said:
            return self._contexts[key]
        return replace(self._contexts[key], sources=Recorded(FixedClock(NOW), {**SAID, **ask.said}).sources())

    async def answer(self, name: str, ask: Ask) -> CapabilityResult:
        context = await self.context(ask)

        async def call(other: str, **body: Any) -> dict[str, Any]:
            return (await self._call(other, context, ask.security, body)).result.plain()

        return await self._call(name, context, ask.security, dict(await ask.body(call) if callable(ask.body) else ask.body))

    async def _call(self, name: str, context: RequestContext, security: str, body: dict[str, Any]) -> CapabilityResult:
        one = CATALOGUE.get(name)
        about = self._asked.about(one.request.model_fields, context)
        if "security_id" in about:
            about["security_id"] = str(named("security", security))
        return await self._asked.demo.application.registry.call(name, context, {**one.example, **about, **body}, seconds=PATIENCE)


@pytest.fixture(scope="module")
def clone(postgres_server: PostgresServer, demo_template: str) -> Iterator[DatabaseClone]:
    yield from clone_of(postgres_server, demo_template)


@pytest.fixture(scope="module")
def numbers(clone: DatabaseClone) -> Answers:
    """The numbers of each capability under each way to ask it."""
    found: dict[str, dict[str, Numbers]] = {name: {} for name in ROWS}

    async def ask_all(asker: Asker, state: str) -> None:
        for name, row in ROWS.items():
            for way, ask in row.asks.items():
                if ask.data == state:
                    found[name][way] = numbers_of((await asker.answer(name, ask)).result, row.texts)

    async def make() -> None:
        for state, change in STATES.items():
            async with opened_demo(clone) as demo:
                await change(demo, clone)
                await ask_all(Asker(await asking(demo)), state)

    run_apart(make())
    return found


def test_every_capability_has_its_row() -> None:
    assert sorted(ROWS) == sorted(CATALOGUE.names)


@pytest.mark.parametrize("name", CATALOGUE.names)
def test_r2_r60_every_number_follows_what_it_depends_on(numbers: Answers, name: str) -> None:
    row, answers = ROWS[name], numbers[name]
    stands = still(list(answers.values()), set(declared(CATALOGUE.get(name).result)))
    assert {place for place in stands if not any(matches(pattern, place) for pattern in row.still)} == set(), "these move under nothing"
    assert [pattern for pattern in row.still if not any(matches(pattern, place) for place in stands)] == [], "these are excused, and move"
    base = next(iter(answers.values()))
    assert [way for way, answer in answers.items() if answer is not base and answer == base] == [], "nothing moves under these"
    for way, patterns in row.follows.items():
        both = base.keys() & answers[way].keys()
        for pattern in patterns:
            meant = {place for place in both if matches(pattern, place)}
            assert meant and {place for place in meant if answers[way][place] == base[place]} == set(), (way, pattern)
