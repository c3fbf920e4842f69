"""Faults of the surroundings: a full disk, a clock that jumps, errors only an independent program sees."""

from datetime import timedelta
from decimal import Decimal as D

import psycopg
import pytest

from dawsos.kernel.clock import FixedClock
from dawsos.kernel.identity import SYSTEM
from dawsos.services.holdings import PackMarket
from dawsos.services.nightly.chain import Nightly, NightRules
from dawsos.services.nightly.prewarming import NightTools
from dawsos.services.opening import Pinning
from dawsos.services.packs.verification import read_pack
from dawsos.services.reconciliation.independent import find_beancount
from dawsos.services.reconciliation.ledgers import Reconciliation, reconcile_block
from dawsos.services.telemetry import Meters
from dawsos.store import observations, packs, runs, securities
from tests.integration.nightly.test_nightly import DAY, MOMENT, POLICY, contents, nightly_of, plant
from tests.support.demo import Demo
from tests.support.postgres import DatabaseClone

FULL_DISK = """
    create function app.full_disk() returns trigger language plpgsql as $$
    begin
        if new.pricing_pack_id like '%_R1' then
            raise exception using errcode = '53100', message = 'could not extend file "base/1/2": No space left on device';
        end if;
        return new;
    end $$;
    create trigger full_disk before insert on public.prices for each row execute function app.full_disk();
    grant execute on function app.full_disk() to public"""


async def correct_a_close(demo: Demo) -> None:
    async with demo.application.database.transaction(SYSTEM) as tx:
        (ko,) = await securities.find_securities_by_symbol(tx, ["KO"])
        (seen,) = [one for one in await packs.pack_prices(tx, "PP_2022-12-28") if one.symbol == "KO"]
        close = (seen.close * D("1.01")).quantize(D("0.0001"))
        await observations.put_prices(tx, [(ko.id, DAY, seen.source, None, None, None, close, None, ko.currency, MOMENT)])


async def test_a_full_disk_during_a_pack_build_leaves_nothing_half_written_and_says_so(
    own_demo: Demo, own_demo_clone: DatabaseClone
) -> None:
    await nightly_of(own_demo).run(POLICY, DAY)
    before = contents(own_demo_clone)
    await correct_a_close(own_demo)
    plant(own_demo_clone, FULL_DISK)
    report = await nightly_of(own_demo).run(POLICY, DAY, restate_because="a late correction")
    assert (report.outcome, report.pack_id) == ("failed", None)
    assert report.problem is not None and report.problem.startswith("build_pack: The database's disk is full")
    after = contents(own_demo_clone)
    assert {table for table in before if before[table] != after[table]} == {"job_runs"}
    with psycopg.connect(own_demo_clone.admin_dsn) as connection:
        half = connection.execute("select count(*) from public.prices where pricing_pack_id = 'PP_2022-12-28_R1'").fetchone()
    assert half == (0,)
    assert (await own_demo.context("Household")).pricing_pack_id == "PP_2022-12-28"  # the last good one is served meanwhile
    plant(own_demo_clone, "drop trigger full_disk on public.prices")
    again = await nightly_of(own_demo).run(POLICY, DAY, restate_because="a late correction")
    assert (again.outcome, again.pack_id) == ("fresh", "PP_2022-12-28_R1")


async def test_a_clock_that_jumps_changes_when_something_was_noted_and_nothing_else(own_demo: Demo, own_demo_clone: DatabaseClone) -> None:
    clock = FixedClock(MOMENT)
    app = own_demo.application
    nightly = Nightly(NightTools(app.database, clock, Meters()), app.packs, prewarms={}, beancount=None, rules=NightRules())
    moments = frozenset({"computed_at", "finished_at", "updated_at", "reconciled_at", "completed_at"})
    plant(own_demo_clone, "delete from derived_results; delete from portfolio_metrics; delete from currency_attribution")
    assert (await nightly.run(POLICY, DAY)).outcome == "fresh"
    before = contents(own_demo_clone, without=moments)
    for jump in (timedelta(days=-4000), timedelta(days=9000)):
        clock.advance(jump)
        plant(own_demo_clone, "delete from derived_results; delete from portfolio_metrics; delete from currency_attribution")
        assert (await nightly.run(POLICY, DAY)).outcome == "fresh"
        assert contents(own_demo_clone, without=moments) == before
    async with app.database.transaction(SYSTEM) as tx:
        noted = await runs.runs_of(tx, POLICY, DAY)
    assert all(run.finished_at is not None and run.finished_at >= run.started_at for run in noted)


_LOT = "(select min(id::text)::uuid from lots where qty_open > 0 and symbol = '{symbol}')"
PLANTED = {
    "KO": ("update lots set qty_open = qty_open + 1, qty_original = qty_original + 1 where id = {lot}", "QUANTITY_MISMATCH"),
    "WMT": ("update lots set cost_basis = cost_basis + 7 where id = {lot}", "COST_MISMATCH"),
    "JNJ": ("update lots set cost_basis_base = cost_basis_base * 1.1 where id = {lot}", "COST_MISMATCH"),
    "PG": ("delete from lots where symbol = 'PG'", "MISSING_POSITION_IN_DB"),
}  # fmt: skip


async def test_r44_planted_errors_are_found_and_named_against_the_independent_program(
    own_demo: Demo, own_demo_clone: DatabaseClone
) -> None:
    """A quantity, a cost, a rate and a missing position, each in a security of its own."""
    beancount = find_beancount()
    if beancount is None:
        pytest.skip("Beancount is not installed here; it runs as a separate process and is not part of the product")
    pins = (await own_demo.context("Household", Pinning(asof_date=DAY))).pinned()

    async def reconciled() -> Reconciliation:
        async with own_demo.application.database.transaction(SYSTEM) as tx:
            market = PackMarket.of(await read_pack(tx, pins.pack.id))
            (found,) = await reconcile_block(tx, market, [pins], beancount=beancount, moment=MOMENT)
        return found

    clean = await reconciled()
    assert (clean.checked_with, clean.discrepancies, clean.error_bps) == ("beancount", (), D(0))
    for symbol, (statement, _) in PLANTED.items():
        plant(own_demo_clone, statement.format(lot=_LOT.format(symbol=symbol)))
    found = await reconciled()
    assert found.checked_with == "beancount"
    assert {(kind, symbol) for symbol, (_, kind) in PLANTED.items()} <= {(one.kind, one.subject) for one in found.discrepancies}
    assert {one.subject for one in found.discrepancies} <= {*PLANTED, "NAV"}
    assert all(one.probable_cause for one in found.discrepancies)
