"""Every table either notes its changes, so that no kept answer outlives them, or is listed with the reason why it need not."""

from collections.abc import Iterator, Mapping
from typing import Final
from uuid import UUID, uuid4

import psycopg
import pytest

from dawsos.store.changes import STATE_OF_CHANGES, SUM_UP_CHANGES
from dawsos.store.roles import APP
from tests.support.postgres import DatabaseClone, PostgresServer
from tests.support.tenants import ALICE, BOB, SECURITY, acting, write_world

_WHO: Final = "who asks, as which role and with which rights, is part of the key itself"
_MADE: Final = "made of what is noted, under keys that name it"
_REVISED: Final = "its changes raise app.reference_revisions, which notes them"
_SEALED: Final = "the contents of a pack never change once it is complete, and completing it changes public.pricing_packs"
NOT_NOTED: Final[Mapping[str, str]] = {
    "public.users": _WHO,
    "app.sessions": _WHO,
    "app.access_tokens": _WHO,
    "public.prices": _SEALED,
    "public.fx_rates": _SEALED,
    "public.macro_indicators": _REVISED,
    "public.rating_rubrics": _REVISED,
    "app.fundamentals_snapshots": _REVISED,
    "public.holdings": _MADE,
    "public.portfolio_daily_values": _MADE,
    "public.portfolio_metrics": _MADE,
    "public.portfolio_cash_flows": _MADE,
    "public.currency_attribution": _MADE,
    "public.factor_exposures": _MADE,
    "public.position_factor_betas": _MADE,
    "public.regime_history": _MADE,
    "public.cycle_phases": _MADE,
    "public.scenario_results": _MADE,
    "app.portfolio_nav_series": _MADE,
    "app.derived_results": _MADE,
    "public.audit_log": "what was done, for administrators' pages: no answer of a pattern reads it",
    "app.source_usage": "counts what sources were asked for; no answer that asks a source is kept",
    "app.changes": "the notes themselves",
}


def test_every_table_notes_its_changes_or_is_listed_with_a_reason(shared_clone: DatabaseClone):
    with psycopg.connect(shared_clone.admin_dsn) as catalogue:
        rows = catalogue.execute(
            "select n.nspname || '.' || c.relname, exists ("
            "  select from pg_trigger t where t.tgrelid = c.oid and t.tgfoid = 'app.note_change()'::regprocedure and t.tgenabled = 'O'"
            "  and (t.tgtype & 1) = 0 and (t.tgtype & 2) = 0 and (t.tgtype & 28) = 28)"  # for each statement, after, insert update delete
            " from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('public', 'app') and c.relkind in ('r', 'p')"
        ).fetchall()
    assert {name for name, noted in rows if not noted} == set(NOT_NOTED)


@pytest.fixture(scope="module")
def world(postgres_server: PostgresServer, template_database: str) -> Iterator[str]:
    """The application's connection string to a database in which Alice and Bob have a row in every table."""
    name = f"test_{uuid4().hex}"
    postgres_server.create_database(name, template=template_database)
    dsn = postgres_server.dsn(name, APP)
    write_world(dsn)
    yield dsn
    postgres_server.drop_database(name)


def state(dsn: str, user: UUID | None, role: str) -> str:
    with acting(dsn, user_id=user, role=role) as connection:
        row = connection.execute(STATE_OF_CHANGES.text.sql.encode()).fetchone()
    assert row is not None
    return str(row[0])


def states(dsn: str) -> dict[str, str]:
    return {
        "alice": state(dsn, ALICE.user_id, "MANAGER"),
        "bob": state(dsn, BOB.user_id, "VIEWER"),
        "administrator": state(dsn, uuid4(), "ADMIN"),
        "background": state(dsn, None, "SYSTEM"),
    }


def changed(dsn: str, user: UUID | None, role: str | None, *statements: str, commit: bool = True) -> set[str]:
    """Whose state another one after the statements is."""
    before = states(dsn)
    with acting(dsn, user_id=user, role=role) as connection:
        for statement in statements:
            connection.execute(statement)
        if commit:
            connection.commit()
    after = states(dsn)
    return {who for who in before if before[who] != after[who]}


EVERYBODY: Final = {"alice", "bob", "administrator", "background"}


def test_a_change_is_a_change_for_whoever_may_see_it(world: str):
    mine, everybodys = "update portfolios set description = 'x'", f"update securities set name = 'x' where id = '{SECURITY}'"
    assert changed(world, ALICE.user_id, "MANAGER", mine) == EVERYBODY - {"bob"}
    assert changed(world, BOB.user_id, "MANAGER", mine, "select 1") == EVERYBODY - {"alice"}
    assert changed(world, None, "SYSTEM", mine) == EVERYBODY
    assert changed(world, None, "SYSTEM", everybodys) == EVERYBODY
    assert changed(world, ALICE.user_id, "ADMIN", everybodys) == EVERYBODY
    assert changed(world, ALICE.user_id, "MANAGER", "select count(*) from portfolios", "select 1") == set()
    assert changed(world, ALICE.user_id, "MANAGER", mine, commit=False) == set()
    rolled_back = ("savepoint s", mine, "rollback to savepoint s")
    assert changed(world, ALICE.user_id, "MANAGER", *rolled_back) == set()
    assert changed(world, ALICE.user_id, "MANAGER", *rolled_back, mine) == EVERYBODY - {"bob"}


def test_many_changes_of_a_transaction_are_one_and_summing_up_changes_no_state(world: str):
    def marks() -> int:
        with acting(world, role="SYSTEM") as connection:
            row = connection.execute("select count(*) from changes").fetchone()
        assert row is not None
        return int(row[0])

    mine, before = "update portfolios set description = 'y'", marks()
    assert changed(world, ALICE.user_id, "MANAGER", mine, mine, "update alerts set name = 'y'") == EVERYBODY - {"bob"}
    assert marks() == before + 1
    assert changed(world, None, "SYSTEM", SUM_UP_CHANGES.text.sql) == set()
    assert marks() == len({ALICE.user_id, BOB.user_id, None})
    assert changed(world, BOB.user_id, "MANAGER", mine) == EVERYBODY - {"alice"}
