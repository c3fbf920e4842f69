"""The view of derived indicators says what the computation says, value by value, on the demo's economy and with daily series beside it."""

import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from dawsos.compute.macro.derived import DERIVED, SOURCES, derive
from dawsos.kernel.identity import SYSTEM
from dawsos.services.macro.catalogue import Frequency, series_definition
from dawsos.services.macro.observed import series_of
from dawsos.store import indicators
from dawsos.store.indicators import IndicatorRow
from dawsos.store.transaction import DatabaseTransaction
from tests.support.demo import Demo

ALWAYS = date(9999, 12, 31)
FIRST, LAST = date(2017, 1, 1), date(2022, 9, 30)
#: Series that are preferred where they are kept, which the demo's are not, and about where they move.
PREFERRED = {
    "DFF": 2.0, "DGS10": 2.5, "DGS2": 1.5, "DFII10": 0.5, "T10YIE": 2.0, "BAA10Y": 2.2, "TOTBKCR": 15_000.0, "NROU": 4.4, "FYFSGDA188S": -5.0,
}  # fmt: skip
STEPS = {Frequency.DAILY: 1, Frequency.WEEKLY: 7}


class RolledBack(Exception):
    """Nothing of this transaction stays."""


def days_of(frequency: Frequency, chance: random.Random) -> Iterator[date]:
    """The periods of a series; of a daily or weekly one some are missing, now and then a fortnight of them."""
    if frequency not in STEPS:
        yield from (
            date(year, month, 1) for year in range(FIRST.year, 2023) for month in ((1,) if frequency == "annual" else (1, 4, 7, 10))
        )
        return
    day = date(2017, 1, 4)
    while day <= LAST:
        if day.weekday() < 5 and chance.random() < 0.97:
            yield day
        day += timedelta(days=STEPS[frequency] + (14 if chance.random() < 0.01 else 0))


def preferred_rows(chance: random.Random) -> Iterator[IndicatorRow]:
    for series_id, level in PREFERRED.items():
        definition = series_definition(series_id)
        value = level
        for day in days_of(definition.frequency, chance):
            value += abs(level) * chance.gauss(0, 0.01)
            told = Decimal(f"{value:.2f}")
            yield series_id, day, told, definition.unit, "FRED", definition.release_date(day), definition.frequency.value, series_id


async def in_both_ways(tx: DatabaseTransaction) -> tuple[dict[Any, Any], dict[Any, Any]]:
    viewed = {
        (one.indicator_name, one.date): (one.known_from, one.unit, float(one.value))
        for one in await indicators.derived_indicators(tx, DERIVED, ALWAYS)
    }
    observed = series_of(await indicators.indicators_known(tx, SOURCES, ALWAYS))
    computed = {
        (name, day): (known_from, made.unit, value)
        for name in DERIVED
        if (made := derive(name, observed)) is not None
        for day, known_from, value in zip(made.dates.tolist(), made.released.tolist(), made.values.tolist(), strict=True)
    }
    return viewed, computed


def assert_same(viewed: dict[Any, Any], computed: dict[Any, Any]) -> None:
    assert viewed.keys() == computed.keys()
    for key, (known_from, unit, value) in computed.items():
        assert viewed[key][:2] == (known_from, unit), key
        assert viewed[key][2] == pytest.approx(value, rel=0, abs=6e-9), key  # the view rounds to eight places


async def test_the_view_says_of_the_stored_series_what_is_computed(demo: Demo) -> None:
    async with demo.application.database.transaction(SYSTEM, read_only=True) as tx:
        viewed, computed = await in_both_ways(tx)
    assert_same(viewed, computed)
    assert {name for name, _ in viewed} == set(DERIVED) - {"EMPLOYMENT_GAP"}
    assert len(viewed) > 4500


async def test_the_view_says_what_is_computed_where_preferred_series_with_gaps_are_kept(demo: Demo) -> None:
    viewed, computed = {}, {}
    with suppress(RolledBack):
        async with demo.application.database.transaction(SYSTEM) as tx:
            await indicators.put_indicators(tx, preferred_rows(random.Random(7)))
            viewed, computed = await in_both_ways(tx)
            raise RolledBack
    assert_same(viewed, computed)
    assert {name for name, _ in viewed} == set(DERIVED)
    units = {name: unit for (name, _), (_, unit, _) in viewed.items()}
    assert units == dict.fromkeys(DERIVED, "fraction") | {"MONEY_VELOCITY": "ratio"}
    first = {name: min(day for known, day in viewed if known == name) for name in DERIVED}
    assert first["REAL_INTEREST_RATE"] >= FIRST  # no value of the monthly rate where the daily one is kept
    assert first["CREDIT_IMPULSE"] >= FIRST.replace(year=FIRST.year + 2) - timedelta(days=7)
