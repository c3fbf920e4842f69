"""A pack build that is killed: the observations it builds from, and everything the database holds of it afterwards."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import psycopg

from dawsos.kernel.dates import days_from, is_weekday
from dawsos.kernel.identity import SYSTEM
from dawsos.services.packs.verification import verify_pack
from dawsos.store import observations, packs
from dawsos.store.database import Database
from dawsos.store.packs import PolicyRecord
from tests.integration.durability.imports import opened
from tests.support.kill_worker import CLOCK, build_packs
from tests.support.killing import Reach
from tests.support.postgres import make_securities

FIRST: Final = date(2021, 1, 4)
#: More than a year, so that there is a first batch of days and a second.
LAST: Final = FIRST + timedelta(days=380)
SECOND_BATCH: Final = FIRST + timedelta(days=366)
DAYS: Final = [day for day in days_from(FIRST, LAST) if is_weekday(day)]
_SYMBOLS: Final = tuple(f"P{number:02}" for number in range(12))
_RATES: Final = {"USD": "1.06", "CAD": "1.45", "GBP": "0.87", "JPY": "145.5", "CHF": "0.98"}
_CONTENTS: Final = """
    select (select count(*) from public.prices r join public.pricing_packs p on p.id = r.pricing_pack_id where p.policy = %(policy)s),
        (select count(*) from public.fx_rates r join public.pricing_packs p on p.id = r.pricing_pack_id where p.policy = %(policy)s)
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """The days of the packs of a policy, all of them complete and intact, and how much is in them."""

    first_batch: tuple[date, ...]
    second_batch: tuple[date, ...]
    prices: int
    rates: int


async def set_up(reach: Reach) -> None:
    """A year and more of prices and rates."""
    database = opened(reach)
    await database.open()
    try:
        made = await make_securities(database, *_SYMBOLS, currency="USD")
        moment = CLOCK.now()
        async with database.transaction(SYSTEM) as tx:
            for place, security in enumerate(made):
                closes = [(day, Decimal(100 + place) + Decimal(number % 50) / 4) for number, day in enumerate(DAYS)]
                await observations.put_prices(
                    tx, [(security.id, day, "TEST", None, None, None, close, None, "USD", moment) for day, close in closes]
                )
            await observations.put_rates(
                tx, [("EUR", code, day, "ECB", Decimal(rate), moment) for day in DAYS for code, rate in _RATES.items()]
            )
    finally:
        await database.close()


async def add_policy(reach: Reach, policy: str) -> None:
    """A policy over those observations, without packs yet."""
    database = opened(reach)
    await database.open()
    try:
        async with database.transaction(SYSTEM) as tx:
            await packs.put_policy(tx, PolicyRecord(policy, "Closes of a test.", ["TEST"], ["ECB"], dividend_adjusted=False))
    finally:
        await database.close()


async def complete(reach: Reach, policy: str) -> None:
    """Build the packs a killed build left out."""
    database = opened(reach)
    await database.open()
    try:
        outcomes = await build_packs(database, policy, FIRST, LAST)
        assert {outcome.outcome for outcome in outcomes} <= {"built", "unchanged"}
        assert [outcome.date for outcome in outcomes] == DAYS
    finally:
        await database.close()


async def look(reach: Reach, policy: str, *, already: Collection[date] = ()) -> Seen:
    """Verify every pack there is, but for days verified ``already``; none may be pending or failed."""
    with psycopg.connect(reach.admin_dsn, autocommit=True) as admin:
        contents = admin.execute(_CONTENTS, {"policy": policy}).fetchone()
    assert contents is not None
    database = opened(reach)
    await database.open()
    try:
        days = await _intact_days(database, policy, already)
    finally:
        await database.close()
    first = tuple(day for day in days if day < SECOND_BATCH)
    return Seen(first, tuple(day for day in days if day >= SECOND_BATCH), *contents)


async def _intact_days(database: Database, policy: str, already: Collection[date]) -> list[date]:
    async with database.transaction(SYSTEM, read_only=True) as tx:
        found = await packs.packs_between(tx, policy, date.min, date.max)
        assert {pack.status for pack in found} <= {"COMPLETE"}
        for pack in [pack for pack in found if pack.date not in already]:
            verdict = await verify_pack(tx, pack.id)
            assert verdict.is_intact, pack.id
        return sorted(pack.date for pack in found)
