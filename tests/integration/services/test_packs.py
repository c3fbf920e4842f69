"""Packs on a real database: built from observations, sealed, restated, verified, refused."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D

import pytest
import pytest_asyncio

from dawsos.kernel.clock import FixedClock
from dawsos.kernel.errors import Conflict, DawsosError, InsufficientData, NotFound
from dawsos.kernel.identity import SYSTEM
from dawsos.services.packs.building import BuildRules, PackBuilder
from dawsos.services.packs.verification import read_pack, verify_pack
from dawsos.services.telemetry import Meters
from dawsos.store import history, observations, packs
from dawsos.store.database import Database
from dawsos.store.packs import PackRecord, PolicyRecord
from dawsos.store.securities import SecurityRecord
from tests.support.postgres import make_securities, make_user

MONDAY = date(2022, 12, 19)
NOW = datetime(2023, 1, 2, tzinfo=UTC)
RULES = BuildRules(default_policy="ECB_CLOSE", max_age_days=5, coverage=0.8)


@dataclass
class Desk:
    """A database with three securities, and a builder."""

    database: Database
    builder: PackBuilder
    meters: Meters
    securities: dict[str, SecurityRecord]

    async def observe(self, day: date, **closes: str) -> None:
        rows = [(self.securities[s].id, day, "TEST", None, None, None, D(close), None, "USD", NOW) for s, close in closes.items()]
        async with self.database.transaction(SYSTEM) as tx:
            await observations.put_prices(tx, rows)

    async def publish(self, day: date, **rates: str) -> None:
        async with self.database.transaction(SYSTEM) as tx:
            await observations.put_rates(tx, [("EUR", code, day, "ECB", D(rate), NOW) for code, rate in rates.items()])

    async def pack(self, pack_id: str) -> PackRecord:
        async with self.database.transaction(SYSTEM) as tx:
            found = await packs.find_pack(tx, pack_id)
        assert found is not None
        return found


@pytest_asyncio.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    meters = Meters()
    found = {s.symbol: s for s in await make_securities(database, "AAA", "BBB", "CCC", currency="USD")}
    async with database.transaction(SYSTEM) as tx:
        await packs.put_policy(tx, PolicyRecord("ECB_CLOSE", "Test closes.", ["TEST", "SECOND"], ["ECB"], dividend_adjusted=False))
    desk = Desk(database, PackBuilder(database, FixedClock(NOW), meters, RULES), meters, found)
    await desk.publish(MONDAY - timedelta(days=3), USD="1.06", CAD="1.45", GBP="0.87", JPY="145.5", CHF="0.98")
    yield desk


async def test_a_pack_holds_the_prices_and_rates_of_its_date_and_is_sealed(desk: Desk) -> None:
    await desk.observe(MONDAY, AAA="10", BBB="20.5", CCC="0.00000001")
    outcome = await desk.builder.build_day("ECB_CLOSE", MONDAY)
    assert (outcome.outcome, outcome.pack_id) == ("built", "PP_2022-12-19")
    async with desk.database.transaction(SYSTEM) as tx:
        contents = await read_pack(tx, "PP_2022-12-19")
        verdict = await verify_pack(tx, "PP_2022-12-19")
    assert [(p.symbol, p.close, p.stale_days) for p in contents.prices] == [
        ("AAA", D(10), 0),
        ("BBB", D("20.5"), 0),
        ("CCC", D("0.00000001"), 0),
    ]
    assert {(r.quote_ccy, r.rate, r.date) for r in contents.rates} == {
        (code, D(rate), MONDAY - timedelta(days=3))
        for code, rate in {"USD": "1.06", "CAD": "1.45", "GBP": "0.87", "JPY": "145.5", "CHF": "0.98"}.items()
    }
    assert (contents.pack.status, contents.pack.is_fresh, contents.pack.securities_count, contents.pack.fx_pairs_count) == (
        "COMPLETE",
        False,
        3,
        5,
    )
    assert verdict.is_intact
    assert verdict.actual_hash == contents.pack.hash


async def test_a_price_is_carried_forward_and_marked_but_not_for_ever(desk: Desk) -> None:
    await desk.observe(MONDAY, AAA="10", BBB="20", CCC="30")
    for step in range(1, 8):
        day = MONDAY + timedelta(days=step)
        await desk.publish(day, USD="1.06", CAD="1.45", GBP="0.87", JPY="145.5", CHF="0.98")
        await desk.observe(day, AAA="11", BBB="21")
    outcomes = {o.date: o for o in await desk.builder.build("ECB_CLOSE", MONDAY, MONDAY + timedelta(days=7))}
    async with desk.database.transaction(SYSTEM) as tx:
        friday = {p.symbol: p for p in await packs.pack_prices(tx, "PP_2022-12-23")}
    assert (friday["CCC"].close, friday["CCC"].date, friday["CCC"].stale_days) == (D(30), MONDAY, 4)
    assert outcomes[MONDAY + timedelta(days=7)].outcome == "built"  # five weekdays old: the last day it may be carried
    await desk.observe(MONDAY + timedelta(days=8), AAA="11", BBB="21")
    late = (await desk.builder.build("ECB_CLOSE", MONDAY + timedelta(days=8), MONDAY + timedelta(days=8)))[0]
    assert late.outcome == "failed"
    assert late.reason is not None and "67% of the securities" in late.reason and "CCC" in late.reason
    assert (await desk.pack("PP_2022-12-27")).status == "FAILED"


async def test_a_date_without_prices_is_an_error_and_leaves_nothing(desk: Desk) -> None:
    with pytest.raises(InsufficientData, match="There are no prices of 2022-12-19") as caught:
        await desk.builder.build_day("ECB_CLOSE", MONDAY)
    assert "dawsos prices import" in caught.value.remedy
    async with desk.database.transaction(SYSTEM) as tx:
        assert await packs.list_packs(tx, policy=None, before=None, limit=10) == []


async def test_days_on_which_nothing_was_traded_get_no_pack(desk: Desk) -> None:
    friday = MONDAY + timedelta(days=4)
    await desk.observe(friday, AAA="10", BBB="20", CCC="30")
    outcomes = await desk.builder.build("ECB_CLOSE", friday, friday + timedelta(days=3))
    assert [(o.date, o.outcome) for o in outcomes] == [(friday, "built"), (friday + timedelta(days=3), "closed")]
    with pytest.raises(InsufficientData):
        await desk.builder.build_day("ECB_CLOSE", friday + timedelta(days=1))


async def test_missing_exchange_rates_fail_the_pack(desk: Desk) -> None:
    day = MONDAY + timedelta(days=21)
    await desk.observe(day, AAA="10", BBB="20", CCC="30")
    outcome = await desk.builder.build_day("ECB_CLOSE", day)
    assert outcome.outcome == "failed"
    assert outcome.reason is not None and "0% of the exchange rates" in outcome.reason


async def test_building_again_changes_nothing(desk: Desk) -> None:
    await desk.observe(MONDAY, AAA="10", BBB="20", CCC="30")
    await desk.builder.build_day("ECB_CLOSE", MONDAY)
    before = await desk.pack("PP_2022-12-19")
    assert (await desk.builder.build_day("ECB_CLOSE", MONDAY)).outcome == "unchanged"
    assert await desk.pack("PP_2022-12-19") == before


async def test_a_complete_pack_is_restated_only_with_a_reason_and_stays_as_it_was(desk: Desk) -> None:
    await desk.observe(MONDAY, AAA="10", BBB="20", CCC="30")
    await desk.builder.build_day("ECB_CLOSE", MONDAY)
    first = await desk.pack("PP_2022-12-19")
    await desk.observe(MONDAY, AAA="10.01")
    with pytest.raises(Conflict, match="PP_2022-12-19 is complete"):
        await desk.builder.build_day("ECB_CLOSE", MONDAY)
    outcome = await desk.builder.build_day("ECB_CLOSE", MONDAY, restate_because="the exchange corrected AAA")
    assert (outcome.outcome, outcome.pack_id) == ("restated", "PP_2022-12-19_R1")
    old, new = await desk.pack("PP_2022-12-19"), await desk.pack("PP_2022-12-19_R1")
    assert (old.superseded_by, old.supersedes_reason, old.hash) == ("PP_2022-12-19_R1", "the exchange corrected AAA", first.hash)
    assert new.superseded_by is None and new.hash != old.hash
    async with desk.database.transaction(SYSTEM) as tx:
        assert (await verify_pack(tx, "PP_2022-12-19")).is_intact
        in_force = await packs.pack_in_force(tx, "ECB_CLOSE")
    assert in_force is not None and in_force.id == "PP_2022-12-19_R1"
    again = await desk.builder.build_day("ECB_CLOSE", MONDAY, restate_because="nothing new")
    assert again.outcome == "unchanged"
    await desk.observe(MONDAY, AAA="10.02")
    twice = await desk.builder.build_day("ECB_CLOSE", MONDAY, restate_because="and again")
    assert twice.pack_id == "PP_2022-12-19_R2"


async def test_restating_an_old_day_changes_no_history_a_pack_has_seen(desk: Desk) -> None:
    tuesday, wednesday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
    for day, close in ((MONDAY, "10"), (tuesday, "11")):
        await desk.observe(day, AAA=close, BBB="20", CCC="30")
        await desk.builder.build_day("ECB_CLOSE", day)
    await desk.observe(MONDAY, AAA="9")
    await desk.builder.build_day("ECB_CLOSE", MONDAY, restate_because="late correction")
    await desk.observe(wednesday, AAA="12", BBB="20", CCC="30")
    await desk.builder.build_day("ECB_CLOSE", wednesday)
    async with desk.database.transaction(SYSTEM) as tx:
        seen_by_tuesday = await history.visible_packs(tx, await desk.pack("PP_2022-12-20"), MONDAY)
        seen_by_wednesday = await history.visible_packs(tx, await desk.pack("PP_2022-12-21"), MONDAY)
    assert [p.id for p in seen_by_tuesday] == ["PP_2022-12-19", "PP_2022-12-20"]
    assert [p.id for p in seen_by_wednesday] == ["PP_2022-12-19_R1", "PP_2022-12-20", "PP_2022-12-21"]


async def test_the_preferred_source_wins_and_the_other_fills_in(desk: Desk) -> None:
    rows = [(desk.securities[s].id, MONDAY, "SECOND", None, None, None, D(99), None, "USD", NOW) for s in ("AAA", "BBB", "CCC")]
    async with desk.database.transaction(SYSTEM) as tx:
        await observations.put_prices(tx, rows)
    await desk.observe(MONDAY, AAA="10", BBB="20")
    await desk.builder.build_day("ECB_CLOSE", MONDAY)
    async with desk.database.transaction(SYSTEM) as tx:
        found = {p.symbol: (p.close, p.source) for p in await packs.pack_prices(tx, "PP_2022-12-19")}
    assert found == {"AAA": (D(10), "TEST"), "BBB": (D(20), "TEST"), "CCC": (D(99), "SECOND")}


async def test_an_unknown_policy_is_named_with_the_known_ones(desk: Desk) -> None:
    with pytest.raises(NotFound, match="no pricing policy CLOSE_USD") as caught:
        await desk.builder.build_day("CLOSE_USD", MONDAY)
    assert "ECB_CLOSE" in caught.value.remedy


async def test_a_plain_user_cannot_add_observations_or_packs(desk: Desk) -> None:
    user = await make_user(desk.database)
    with pytest.raises(DawsosError) as caught:
        async with desk.database.transaction(user) as tx:
            await observations.put_rates(tx, [("EUR", "USD", MONDAY, "ECB", D(2), NOW)])
    assert caught.value.kind == "forbidden"
