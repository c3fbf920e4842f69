"""Nights that die at random statements and are run again leave the tables an undisturbed run leaves.

``DAWSOS_KILLS=50 DAWSOS_NIGHTS=2020-01-02..2020-12-31`` does it over a year.
"""

import os
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import date, timedelta
from typing import Any, Final

import pytest

from dawsos.bootstrap import PREWARMS
from dawsos.store.transaction import DatabaseTransaction
from tests.integration.nightly.test_nightly import POLICY, Killed, contents, nightly_of, plant
from tests.support.demo import Demo
from tests.support.killing import KILLS
from tests.support.postgres import DatabaseClone

FIRST, LAST = (date.fromisoformat(day) for day in os.environ.get("DAWSOS_NIGHTS", "2020-03-02..2020-03-02").split(".."))
RESULTS: Final = (
    "derived_results", "portfolio_metrics", "currency_attribution", "portfolio_nav_series", "portfolio_daily_values", "holdings",
    "regime_history", "cycle_phases", "job_runs", "reconciliation_results",
)  # fmt: skip


class Lifetime:
    """How many statements are run before the process dies; it counts them."""

    def __init__(self, statements: int | None = None) -> None:
        self.left, self.seen = statements, 0

    def another(self) -> None:
        self.seen += 1
        if self.left is not None and self.seen > self.left:
            raise Killed


@contextmanager
def living(monkeypatch: pytest.MonkeyPatch, lifetime: Lifetime) -> Iterator[None]:
    original = DatabaseTransaction._cursor

    @asynccontextmanager
    async def counted(self: DatabaseTransaction, statement: Any) -> AsyncIterator[Any]:
        lifetime.another()
        async with original(self, statement) as cursor:
            yield cursor

    with monkeypatch.context() as patch:
        patch.setattr(DatabaseTransaction, "_cursor", counted)
        yield


async def nights(demo: Demo, first: date, reached: list[date]) -> None:
    async for report in nightly_of(demo, prewarms=PREWARMS).run_range(POLICY, first, LAST):
        assert report.outcome in {"fresh", "closed"}, report.problem
        reached[0] = report.date + timedelta(days=1)


async def test_r44_nights_that_die_anywhere_end_as_undisturbed_ones(
    own_demo: Demo, own_demo_clone: DatabaseClone, monkeypatch: pytest.MonkeyPatch
) -> None:
    for table in RESULTS:
        plant(own_demo_clone, f"delete from {table}")
    whole = Lifetime()
    with living(monkeypatch, whole):
        await nights(own_demo, FIRST, [FIRST])
    undisturbed = contents(own_demo_clone)

    for table in RESULTS:
        plant(own_demo_clone, f"delete from {table}")
    chance, reached, deaths, at = random.Random(KILLS), [FIRST], 0, 0
    for place in sorted(chance.sample(range(whole.seen), KILLS)):
        if reached[0] > LAST:
            break
        with living(monkeypatch, Lifetime(place - at)):
            try:
                await nights(own_demo, reached[0], reached)
            except Killed:
                deaths += 1
        at = place
    if reached[0] <= LAST:  # there were no more deaths to die before the end
        await nights(own_demo, reached[0], reached)
    assert deaths > 0
    interrupted = contents(own_demo_clone)
    for table, rows in undisturbed.items():
        assert rows == interrupted[table], table
