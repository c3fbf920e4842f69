"""Nobody sees or touches what is another's, in any table, as the role the application really logs in with."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors, sql

from dawsos.kernel.identity import SYSTEM
from dawsos.store.database import Database
from tests.support.postgres import DatabaseClone, PostgresServer
from tests.support.tenants import ALICE, BOB, GLOBAL_TABLES, OPERATOR_TABLES, TENANT_TABLES, acting, insert, relation, write_world

#: Row policies refuse with the first, a security barrier view's check option with the second.
REFUSED = (errors.InsufficientPrivilege, errors.WithCheckOptionViolation)
#: Everybody's own rows in these are for operators to read.
WRITE_ONLY = frozenset({"public.audit_log"})
HIDDEN = OPERATOR_TABLES | WRITE_ONLY
#: Rows of these name the user; the rows of all others name the portfolio.
SHARED_ROW = {
    "app.derived_results": "portfolio_id is null",
    "public.ledger_snapshots": "portfolio_id is null",
    "public.ledger_transactions": "portfolio_id is null",
    "app.scenario_definitions": "owner_id is null",
    "public.scenario_shocks": "owner_id is null",
}


@pytest.fixture(scope="module")
def world(postgres_server: PostgresServer, template_database: str) -> Iterator[str]:
    """The application's connection string to a database in which Alice and Bob have a row in every table."""
    name = f"test_{uuid4().hex}"
    postgres_server.create_database(name, template=template_database)
    dsn = postgres_server.dsn(name, "dawsos_app")
    write_world(dsn)
    yield dsn
    postgres_server.drop_database(name)


def alice(world: str):
    return acting(world, user_id=ALICE.user_id, role="USER")


def count(connection: psycopg.Connection, table: str) -> int:
    somebodys = "where user_id is not null" if table == "app.changes" else ""  # writing the world notes changes of anybody's
    row = connection.execute(sql.SQL("select count(*) from {} {}").format(relation(table), sql.SQL(somebodys))).fetchone()
    assert row is not None
    return row[0]


def owner_condition(table: str, tenant: object) -> tuple[sql.Composable, list[object]]:
    """What picks the tenant's row out of a table: the values of the row that was written."""
    row = {name: value for name, value in tenant.rows()[table].items() if isinstance(value, str | bytes) or hasattr(value, "hex")}
    return sql.SQL(" and ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in row), list(row.values())


def updatable_columns(connection: psycopg.Connection, table: str) -> list[str]:
    rows = connection.execute(
        "select a.attname from pg_attribute a where a.attrelid = to_regclass(%s) and a.attnum > 0 and not a.attisdropped"
        " and a.attgenerated = '' and has_column_privilege(a.attrelid, a.attnum, 'update')",
        [table.partition(".")[2]],
    )
    return [name for (name,) in rows]


def test_every_table_is_either_under_forced_policies_or_listed_with_a_reason_why_not(shared_clone: DatabaseClone):
    with psycopg.connect(shared_clone.admin_dsn) as catalogue:
        rows = catalogue.execute(
            "select c.oid::regclass::text, c.relrowsecurity and c.relforcerowsecurity"
            "   and exists (select from pg_policy p where p.polrelid = c.oid),"
            "  has_table_privilege('dawsos_app', c.oid, 'select, insert, update, delete, truncate, references, trigger')"
            "   or has_any_column_privilege('dawsos_app', c.oid, 'select, insert, update, references'),"
            "  coalesce((select 'security_barrier=true' = any (v.reloptions) and 'check_option=cascaded' = any (v.reloptions)"
            "   from pg_class v where v.relkind = 'v' and v.relname = c.relname and v.relnamespace = 'app'::regnamespace), false)"
            " from pg_class c where c.relnamespace in ('public'::regnamespace, 'app'::regnamespace) and c.relkind in ('r', 'p')"
        ).fetchall()
    tables = {name if "." in name else f"public.{name}": facts for name, *facts in rows}
    assert set(tables) == set(GLOBAL_TABLES) | set(TENANT_TABLES)
    protected = {name for name, (policies, reachable, view) in tables.items() if policies or (view and not reachable)}
    assert protected == set(TENANT_TABLES)


def test_the_application_has_no_more_powers_than_it_needs(shared_clone: DatabaseClone):
    with psycopg.connect(shared_clone.app_dsn) as connection:
        powers = connection.execute(
            "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolinherit and exists ("
            " select from pg_auth_members where member = r.oid) from pg_roles r where rolname = current_user"
        ).fetchone()
        assert powers == (False, False, False, False, False, False)
        owned = connection.execute("select count(*) from pg_class where relowner = 'dawsos_app'::regrole").fetchone()
        assert owned == (0,)
        for statement in (
            "create table public.mine (a int)",
            "create table app.mine (a int)",
            "create schema mine",
            "truncate public.lots",
        ):
            with pytest.raises(errors.InsufficientPrivilege), connection.transaction():
                connection.execute(statement)
        for statement in ("select * from migrations.applied_files", "set role dawsos_owner", "set session_replication_role = replica"):
            with pytest.raises(errors.InsufficientPrivilege), connection.transaction():
                connection.execute(statement)


def test_nobody_can_log_in_as_the_owner_and_nobody_is_a_superuser(shared_clone: DatabaseClone):
    with psycopg.connect(shared_clone.admin_dsn) as catalogue:
        rows = catalogue.execute(
            # TimescaleDB runs no jobs for an owner without LOGIN; without a password nobody gets in all the same.
            "select rolname, rolcanlogin and rolpassword is not null, rolsuper, rolbypassrls from pg_authid"
            " where rolname in ('dawsos_owner', 'dawsos_migrator', 'dawsos_app') order by rolname"
        ).fetchall()
    assert rows == [
        ("dawsos_app", True, False, False),
        ("dawsos_migrator", True, False, False),
        ("dawsos_owner", False, False, False),
    ]


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_without_an_actor_a_table_shows_nothing(world: str, table: str):
    with acting(world) as connection:
        assert count(connection, table) == 0


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_an_actor_without_a_user_or_with_empty_settings_sees_nothing(world: str, table: str):
    for role in ("USER", ""):
        with acting(world, role=role) as connection:
            assert count(connection, table) == 0


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_background_work_sees_everybodys_rows(world: str, table: str):
    with acting(world, role="SYSTEM") as connection:
        assert count(connection, table) == 2


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_a_user_sees_his_own_row_and_not_anothers(world: str, table: str):
    condition, values = owner_condition(table, ALICE)
    with alice(world) as connection:
        assert count(connection, table) == (0 if table in HIDDEN else 1)
        mine = connection.execute(sql.SQL("select count(*) from {} where {}").format(relation(table), condition), values).fetchone()
        assert mine == ((0,) if table in HIDDEN else (1,))


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_a_user_cannot_add_a_row_for_another(world: str, table: str):
    # On a day neither has a row for: a check option looks at a row only after the unique indexes have.
    row = {name: "2025-11-05" if value == BOB.day else value for name, value in BOB.rows()[table].items()}
    with alice(world) as connection, pytest.raises(REFUSED):
        insert(connection, table, row)


@pytest.mark.parametrize("table", [table for table in TENANT_TABLES if table not in HIDDEN | {"public.users"}])
def test_a_user_cannot_change_anothers_row(world: str, table: str):
    condition, values = owner_condition(table, BOB)
    with alice(world) as connection:
        columns = updatable_columns(connection, table)
        if not columns:
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(sql.SQL("update {} set created_at = now()").format(relation(table)))
            return
        change = sql.SQL("update {} set {} = {} where {}").format(
            relation(table), sql.Identifier(columns[0]), sql.Identifier(columns[0]), condition
        )
        assert connection.execute(change, values).rowcount == 0


@pytest.mark.parametrize("table", [table for table in TENANT_TABLES if table not in HIDDEN])
def test_a_user_cannot_remove_anothers_row(world: str, table: str):
    condition, values = owner_condition(table, BOB)
    with alice(world) as connection:
        removal = sql.SQL("delete from {} where {}").format(relation(table), condition)
        try:
            removed = connection.execute(removal, values).rowcount
        except errors.InsufficientPrivilege:
            removed = 0
    assert removed == 0
    with acting(world, role="SYSTEM") as connection:
        assert count(connection, table) == 2


@pytest.mark.parametrize("table", [table for table in TENANT_TABLES if table not in HIDDEN])
def test_a_user_cannot_give_his_row_to_another(world: str, table: str):
    columns = {"portfolio_id": BOB.key("portfolio"), "user_id": BOB.user_id, "owner_id": BOB.user_id}
    with alice(world) as connection:
        for column in set(columns) & set(ALICE.rows()[table]):
            if column not in updatable_columns(connection, table):
                continue
            with pytest.raises(REFUSED), connection.transaction():
                connection.execute(sql.SQL("update {} set {} = %s").format(relation(table), sql.Identifier(column)), [columns[column]])


@pytest.mark.parametrize("view", ["latest_ledger_snapshot", "portfolio_currency_attributions"])
def test_a_view_shows_a_user_his_own_rows_only(world: str, view: str):
    for user, expected in ((None, []), (ALICE, [ALICE.key("portfolio")])):
        with acting(world, user_id=user and user.user_id, role=user and "USER") as connection:
            rows = connection.execute(sql.SQL("select portfolio_id from {}").format(sql.Identifier(view))).fetchall()
            assert [portfolio for (portfolio,) in rows] == expected
    with acting(world, role="SYSTEM") as connection:
        row = connection.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(view))).fetchone()
        assert row == (2,)


@pytest.mark.parametrize("table", GLOBAL_TABLES)
def test_a_shared_table_is_read_by_everybody_and_written_by_operators_alone(world: str, table: str):
    name = relation(table)
    for role, allowed in (("USER", False), ("VIEWER", False), ("MANAGER", False), (None, False), ("SYSTEM", True), ("ADMIN", True)):
        with acting(world, user_id=ALICE.user_id, role=role) as connection:
            connection.execute(sql.SQL("select * from {}").format(name)).fetchall()
            statements = [sql.SQL("insert into {} select * from {} where false").format(name, name)]
            if connection.execute("select has_table_privilege(to_regclass(%s), 'delete')", [table]).fetchone() == (True,):
                statements.append(sql.SQL("delete from {} where false").format(name))
            for statement in statements:
                if allowed:
                    connection.execute(statement)
                    continue
                with pytest.raises(errors.InsufficientPrivilege, match="may only be changed by SYSTEM"), connection.transaction():
                    connection.execute(statement)


def test_an_administrator_sees_users_and_dead_letters_but_no_foreign_portfolio(world: str):
    with acting(world, user_id=ALICE.user_id, role="ADMIN") as connection:
        assert count(connection, "public.users") == 2
        assert count(connection, "public.dlq") == 2
        assert count(connection, "public.audit_log") == 2
        assert count(connection, "public.portfolios") == 1
        assert count(connection, "public.transactions") == 1


def test_a_user_notes_his_own_actions_in_the_audit_log_and_nobody_changes_it(world: str):
    with alice(world) as connection:
        insert(connection, "public.audit_log", {"user_id": ALICE.user_id, "action": "EXPORT"})
    for statement in ("update audit_log set action = 'x'", "delete from audit_log"):
        with acting(world, role="SYSTEM") as connection, pytest.raises(errors.InsufficientPrivilege):
            connection.execute(statement)


def test_the_audit_log_is_final_even_for_its_owner(postgres_server: PostgresServer, world: str):
    with psycopg.connect(world) as connection:
        database = connection.info.dbname
    with psycopg.connect(postgres_server.dsn(database)) as superuser:
        for statement in ("update public.audit_log set action = 'x'", "delete from public.audit_log"):
            with pytest.raises(errors.RestrictViolation, match="never changed"), superuser.transaction():
                superuser.execute(statement)


@pytest.mark.parametrize("table", SHARED_ROW)
def test_rows_that_belong_to_nobody_are_read_by_every_actor(world: str, table: str):
    row = {name: value for name, value in BOB.rows()[table].items() if name not in {"portfolio_id", "owner_id"}}
    row |= {name: uuid4() for name in ("id",) if name in row}
    if "scenario_id" in row:
        row["scenario_id"] = "preset"
    if "transaction_index" in row:
        row["transaction_index"] = 99
    if "key_hash" in row:
        row["key_hash"] = "cd" * 32
    condition = sql.SQL(SHARED_ROW[table])
    with acting(world, role="SYSTEM") as connection:
        insert(connection, table, row)
        for user, role, expected in ((ALICE.user_id, "USER", 1), ("", "", 1 if "owner_id" in SHARED_ROW[table] else 0)):
            connection.execute("select set_config('app.user_id', %s, true), set_config('app.role', %s, true)", [str(user), role])
            seen = connection.execute(sql.SQL("select count(*) from {} where {}").format(relation(table), condition)).fetchone()
            assert seen == (expected,)


async def test_a_transaction_of_the_database_layer_sets_the_actor_the_policies_read(world: str):
    database = Database(world)
    await database.open()
    try:
        async with database.transaction(SYSTEM) as tx:
            row = await (await tx._connection.execute("select app.actor_role(), app.actor_id(), app.is_operator()")).fetchone()
        assert row == ("SYSTEM", None, True)
    finally:
        await database.close()
