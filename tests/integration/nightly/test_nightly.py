"""The nightly chain over the demo: complete, idempotent, resumable, and the same bytes as results computed on demand."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal as D
from typing import Any

import psycopg
import pytest
from psycopg import sql

from dawsos.kernel.clock import FixedClock
from dawsos.kernel.errors import Conflict, Unavailable
from dawsos.kernel.identity import SYSTEM
from dawsos.services.attribution import ATTRIBUTIONS, attribution_parameters
from dawsos.services.derivations import get_or_compute
from dawsos.services.metrics import FIGURES, figures_parameters
from dawsos.services.nightly import chain, night
from dawsos.services.nightly.chain import Nightly, NightRules
from dawsos.services.nightly.night import STEPS
from dawsos.services.nightly.prewarming import DerivedAhead, NightTools
from dawsos.services.opening import Pinning
from dawsos.services.telemetry import Meters
from dawsos.store import packs as packs_store
from dawsos.store import reconciliation
from tests.support.demo import Demo
from tests.support.postgres import DatabaseClone

POLICY = "ECB_CLOSE"
DAY = date(2022, 12, 28)
MONDAY = date(2022, 6, 6)
MOMENT = datetime(2023, 1, 3, 5, 5, tzinfo=UTC)
#: What the chain writes, and in which order it is compared.
WRITTEN = {
    "portfolio_daily_values": "portfolio_id, date",
    "portfolio_metrics": "portfolio_id, date, metric_type, period",
    "currency_attribution": "portfolio_id, asof_date",
    "portfolio_nav_series": "portfolio_id",
    "derived_results": "derivation, key_hash",
    "reconciliation_results": "id",
    "pricing_packs": "id",
    "job_runs": "policy, asof_date, job",
    "holdings": "portfolio_id, security_id",
    "regime_history": "date, method_version",
    "cycle_phases": "cycle_type, date, method_version",
}


class Killed(BaseException):
    """What a process that dies looks like to everything above it: nothing below may catch it."""


def nightly_of(demo: Demo, **settings: Any) -> Nightly:
    """The chain of an application, with a clock that stands still so that runs can be compared byte by byte."""
    app = demo.application
    tools = NightTools(app.database, FixedClock(MOMENT), Meters())
    return Nightly(tools, app.packs, prewarms=settings.pop("prewarms", {}), beancount=None, rules=NightRules(**settings))


def contents(clone: DatabaseClone, *, without: frozenset[str] = frozenset()) -> dict[str, list[tuple[Any, ...]]]:
    """Everything the chain writes, but for when it was written and how often it was tried."""
    found = {}
    with psycopg.connect(clone.admin_dsn) as connection:
        connection.execute("set search_path = app, public")
        for table, order in WRITTEN.items():
            columns = [
                name
                for (name,) in connection.execute(
                    "select attname from pg_attribute where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped", [table]
                )
                if name not in {"created_at", "updated_at", "attempts", "started_at"} | without
            ]
            query = sql.SQL("select {} from {} order by {}").format(
                sql.SQL(", ").join(map(sql.Identifier, columns)),
                sql.Identifier(table),
                sql.SQL(order),  # type: ignore[arg-type]
            )
            found[table] = connection.execute(query).fetchall()
    return found


def plant(clone: DatabaseClone, statement: str) -> None:
    """Change the database behind the application's back."""
    with psycopg.connect(clone.admin_dsn, autocommit=True) as connection:
        connection.execute("select set_config('search_path', 'app, public', false), set_config('app.role', 'SYSTEM', false)")
        connection.execute(statement.encode())


async def test_r44_the_chain_runs_in_its_order_and_every_step_is_noted(own_demo: Demo) -> None:
    report = await nightly_of(own_demo).run(POLICY, DAY)
    assert (report.outcome, report.pack_id, report.problem) == ("fresh", "PP_2022-12-28", None)
    assert [step.job for step in report.steps] == list(STEPS)
    assert {step.job: step.status for step in report.steps} == dict.fromkeys(STEPS, "succeeded") | dict.fromkeys(
        ("prewarm_factors", "prewarm_ratings", "evaluate_alerts"), "skipped"
    )
    metrics = next(step for step in report.steps if step.job == "compute_daily_metrics")
    assert (metrics.units_done, metrics.units_total, metrics.warnings) == (1, 1, [])


async def test_r42_what_the_night_kept_is_what_a_request_would_have_computed_to_the_byte(own_demo: Demo) -> None:
    for day in (MONDAY, DAY):
        await nightly_of(own_demo).run(POLICY, day)
        context = await own_demo.context("Household", Pinning(asof_date=day))
        pins = context.pinned()
        for derivation, parameters in ((FIGURES, figures_parameters(pins, 252)), (ATTRIBUTIONS, attribution_parameters(pins, 252))):
            kept = await get_or_compute(derivation, context, parameters)
            assert kept.stored
            assert kept.value == derivation.compute(await derivation.load(context, parameters))


async def test_r44_running_again_changes_nothing(own_demo: Demo, own_demo_clone: DatabaseClone) -> None:
    chain_of = nightly_of(own_demo)
    for _ in range(2):
        reports = [report async for report in chain_of.run_range(POLICY, MONDAY, date(2022, 6, 8))]
        assert [report.outcome for report in reports] == ["fresh"] * 3
    before = contents(own_demo_clone)
    assert [report.outcome async for report in chain_of.run_range(POLICY, MONDAY, date(2022, 6, 8))] == ["fresh"] * 3
    assert contents(own_demo_clone) == before


async def test_a_day_on_which_no_market_was_open_is_closed_and_not_a_failure(own_demo: Demo) -> None:
    report = await nightly_of(own_demo).run(POLICY, date(2022, 7, 4))
    assert report.outcome == "closed"
    assert [(step.job, step.status) for step in report.steps] == [("build_pack", "skipped")]


async def test_a_pack_that_could_not_be_built_is_not_made_ready(own_demo: Demo) -> None:
    async with own_demo.application.database.transaction(SYSTEM) as tx:
        await packs_store.add_failed_pack(
            tx, "PP_2022-12-29", day=date(2022, 12, 29), policy=POLICY, edition=1, revision=0, reason="no rates", moment=MOMENT
        )
    with pytest.raises(Conflict, match="PP_2022-12-29 is FAILED: no rates"):
        await nightly_of(own_demo).make_ready("PP_2022-12-29")


@contextmanager
def dying_at(monkeypatch: pytest.MonkeyPatch, place: int) -> Iterator[list[int]]:
    """The process dies at the ``place``-th moment at which the chain begins or ends a step or finishes a block."""
    seen = [0]
    with monkeypatch.context() as patch:
        for module, name in ((night.store, "start_run"), (night.store, "finish_run"), (night.store, "note_progress")):
            original = getattr(module, name)

            async def dies(*args: Any, _original: Any = original, **settings: Any) -> Any:
                seen[0] += 1
                if seen[0] == place:
                    raise Killed
                return await _original(*args, **settings)

            patch.setattr(module, name, dies)
        yield seen


async def test_r44_killed_at_every_boundary_and_run_again_the_tables_are_the_same(
    own_demo: Demo, own_demo_clone: DatabaseClone, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(own_demo_clone, "delete from derived_results; delete from portfolio_metrics; delete from currency_attribution")
    plant(own_demo_clone, "delete from portfolio_nav_series; delete from portfolio_daily_values; delete from job_runs")
    place, deaths = 1, 0
    while True:
        with dying_at(monkeypatch, place) as seen:
            try:
                assert (await nightly_of(own_demo).run(POLICY, MONDAY)).outcome == "fresh"
            except Killed:
                deaths += 1
        if seen[0] < place:
            break
        place += 1
    assert deaths >= 2 * len(STEPS)
    interrupted = contents(own_demo_clone)
    plant(own_demo_clone, "delete from derived_results; delete from portfolio_metrics; delete from currency_attribution")
    plant(own_demo_clone, "delete from portfolio_nav_series; delete from portfolio_daily_values; delete from job_runs")
    assert (await nightly_of(own_demo).run(POLICY, MONDAY)).outcome == "fresh"
    uninterrupted = contents(own_demo_clone)
    for table, rows in uninterrupted.items():
        assert rows == interrupted[table], table


async def test_two_nights_at_once_end_as_one_would(own_demo: Demo, own_demo_clone: DatabaseClone) -> None:
    plant(own_demo_clone, "delete from derived_results; delete from portfolio_nav_series; delete from portfolio_daily_values")
    reports = await asyncio.gather(*(nightly_of(own_demo, portfolios_at_once=1).run(POLICY, DAY) for _ in range(2)))
    assert [report.outcome for report in reports] == ["fresh", "fresh"]
    together = contents(own_demo_clone)
    plant(own_demo_clone, "delete from derived_results; delete from portfolio_nav_series; delete from portfolio_daily_values")
    await nightly_of(own_demo).run(POLICY, DAY)
    assert contents(own_demo_clone) == together


PLANTED = {
    "quantity": ("update lots set qty_open = qty_open + 1, qty_original = qty_original + 1 where id = (select min(id::text)::uuid from lots where qty_open > 0 and symbol = 'KO')", "QUANTITY_MISMATCH", "KO"),
    "cost": ("update lots set cost_basis = cost_basis + 7 where id = (select min(id::text)::uuid from lots where qty_open > 0 and symbol = 'KO')", "COST_MISMATCH", "KO"),
    "rate": ("update lots set cost_basis_base = cost_basis_base * 1.1 where qty_open > 0 and symbol = 'KO'", "COST_MISMATCH", "KO"),
    "missing": ("delete from lots where symbol = 'KO'", "MISSING_POSITION_IN_DB", "KO"),
    "value": ("update portfolio_daily_values set nav = nav + 5000, cash = cash + 5000 where date = '2022-12-28'", "VALUATION_MISMATCH", "NAV"),
}  # fmt: skip


@pytest.mark.parametrize("error", PLANTED)
async def test_r44_a_planted_error_is_found_named_and_keeps_the_pack_from_being_served(
    own_demo: Demo, own_demo_clone: DatabaseClone, error: str
) -> None:
    statement, kind, subject = PLANTED[error]
    plant(own_demo_clone, statement)
    report = await nightly_of(own_demo).run(POLICY, DAY)
    assert report.outcome == "failed"
    assert report.problem is not None and report.problem.startswith("reconcile_ledger")
    portfolio = own_demo.portfolios["Household"]
    async with own_demo.application.database.transaction(SYSTEM) as tx:
        (found,) = await reconciliation.list_reconciliations(tx, portfolio.id, 1)
        pack = await packs_store.find_pack(tx, "PP_2022-12-28")
    assert not found.passed
    assert (kind, subject) in {(one["kind"], one["subject"]) for one in found.discrepancies}
    assert all(one["probable_cause"] for one in found.discrepancies)
    assert pack is not None and not pack.is_fresh
    with pytest.raises(Unavailable, match="ledgers disagree") as refusal:
        await own_demo.context("Household")
    assert refusal.value.code == "pricing_pack_error"


async def test_r22_a_registered_result_is_computed_ahead_and_served_from_the_store(own_demo: Demo, own_demo_clone: DatabaseClone) -> None:
    ahead = DerivedAhead(FIGURES, lambda pins: figures_parameters(pins, 63))
    report = await nightly_of(own_demo, prewarms={"prewarm_factors": [ahead]}).run(POLICY, DAY)
    assert {step.job: step.status for step in report.steps}["prewarm_factors"] == "succeeded"
    context = await own_demo.context("Household")
    assert (await get_or_compute(FIGURES, context, figures_parameters(context.pinned(), 63))).stored


async def test_r27_a_pack_is_warming_until_the_chain_releases_it(own_demo: Demo, own_demo_clone: DatabaseClone) -> None:
    plant(own_demo_clone, "update pricing_packs set freshness = 'warming', is_fresh = false where id = 'PP_2022-12-28'")
    with pytest.raises(Unavailable) as refusal:
        await own_demo.context("Household")
    assert (refusal.value.code, refusal.value.retry_after) == ("pricing_pack_warming", 30)
    await nightly_of(own_demo).run(POLICY, DAY)
    context = await own_demo.context("Household")
    assert context.pack is not None and context.pack.is_fresh
    async with own_demo.application.database.transaction(SYSTEM) as tx:
        (found,) = await reconciliation.list_reconciliations(tx, own_demo.portfolios["Household"].id, 1)
    assert (found.checked_with, found.error_bps, found.ledger_nav) == ("dawsos", D(0), found.db_nav)
    assert chain.STEPS[-2] == "mark_pack_fresh"
