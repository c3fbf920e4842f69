"""On a server with TimescaleDB: the documented hypertables and compression, and isolation none the worse for them."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors, sql
from psycopg.conninfo import conninfo_to_dict

from dawsos.store.assets import asset_root
from dawsos.store.migrations import migrate
from dawsos.store.roles import bootstrap_cluster
from dawsos.store.timescale import apply_hypertables, is_usable
from tests.contract.documented_schema import DOCUMENTED_COMPRESSION, DOCUMENTED_HYPERTABLES
from tests.support.postgres import URL, DatabaseClone, PostgresServer
from tests.support.tenants import ALICE, BOB, acting, insert, write_world


@pytest.fixture(autouse=True)
def needs_timescaledb(shared_clone: DatabaseClone) -> None:
    with psycopg.connect(shared_clone.admin_dsn) as connection:
        if not is_usable(connection):
            pytest.skip(f"this server has no TimescaleDB; name one that has with {URL}")


@pytest.fixture
def world(database_clone: DatabaseClone) -> str:
    write_world(database_clone.app_dsn)
    return database_clone.app_dsn


def test_the_documented_tables_are_hypertables_on_their_documented_columns(shared_clone: DatabaseClone):
    with psycopg.connect(shared_clone.admin_dsn) as catalogue:
        rows = catalogue.execute(
            "select hypertable_name, column_name from timescaledb_information.dimensions where hypertable_schema = 'public'"
        )
        assert dict(rows.fetchall()) == DOCUMENTED_HYPERTABLES


def test_the_documented_compression_policies_are_in_force(shared_clone: DatabaseClone):
    with psycopg.connect(shared_clone.admin_dsn) as catalogue:
        rows = catalogue.execute(
            "select hypertable_name, extract(day from (config ->> 'compress_after')::interval)::integer from timescaledb_information.jobs"
            " where proc_name in ('policy_compression', 'policy_columnstore') and scheduled"
        )
        assert dict(rows.fetchall()) == DOCUMENTED_COMPRESSION


def test_migrating_again_changes_nothing(database_clone: DatabaseClone):
    assert migrate(database_clone.migrator_dsn) == []
    assert migrate(database_clone.migrator_dsn) == []


def chunks_of(connection: psycopg.Connection, table: str) -> list[str]:
    return [name for (name,) in connection.execute("select show_chunks(%s)::text", [f"public.{table}"])]


@pytest.mark.parametrize("table", [table for table in DOCUMENTED_HYPERTABLES if table != "macro_indicators"])
def test_rows_cannot_be_read_past_the_policies_from_the_chunks_they_lie_in(world: str, database_clone: DatabaseClone, table: str):
    with psycopg.connect(database_clone.admin_dsn) as admin:
        chunks = chunks_of(admin, table)
        assert chunks
        if table == "portfolio_daily_values":
            compressed = compress(admin, table)
            chunks += compressed
            assert compressed
    for chunk in chunks:
        schema, _, name = chunk.replace('"', "").partition(".")
        with acting(world, role="SYSTEM") as connection, pytest.raises(errors.InsufficientPrivilege):
            connection.execute(sql.SQL("select * from {}").format(sql.Identifier(schema, name)))


def compress(admin: psycopg.Connection, table: str) -> list[str]:
    """Compress every chunk of a table; the names of the tables that hold the compressed rows."""
    admin.execute("select compress_chunk(show_chunks(%s))", [f"public.{table}"])
    rows = admin.execute(
        "select format('%%I.%%I', c.schema_name, c.table_name) from _timescaledb_catalog.chunk c"
        " join _timescaledb_catalog.hypertable h on h.id = c.hypertable_id"
        " where h.id = (select compressed_hypertable_id from _timescaledb_catalog.hypertable where schema_name = 'public' and table_name = %s)",
        [table],
    )
    admin.commit()
    return [name for (name,) in rows.fetchall()]


def test_compressed_rows_are_kept_apart_and_corrected_like_any_others(world: str, database_clone: DatabaseClone):
    with psycopg.connect(database_clone.admin_dsn) as admin:
        assert compress(admin, "portfolio_daily_values")
    row = ALICE.rows()["public.portfolio_daily_values"]
    with acting(world, user_id=ALICE.user_id, role="USER") as connection:
        assert connection.execute("select portfolio_id, nav from portfolio_daily_values").fetchall() == [(ALICE.key("portfolio"), 60)]
        correction = (
            "insert into portfolio_daily_values (portfolio_id, date, nav, cash, securities_value) values (%s, %s, 70, 20, 50)"
            " on conflict (portfolio_id, date) do update set nav = excluded.nav, cash = excluded.cash"
        )
        connection.execute(correction, [row["portfolio_id"], row["date"]])
        assert connection.execute("select nav, cash from portfolio_daily_values").fetchall() == [(70, 20)]
        with pytest.raises(errors.WithCheckOptionViolation), connection.transaction():
            connection.execute(correction, [BOB.key("portfolio"), row["date"]])
        assert connection.execute("update portfolio_daily_values set nav = nav + 1, cash = cash + 1").rowcount == 1
        assert connection.execute("delete from portfolio_daily_values").rowcount == 1
        assert connection.execute("select count(*) from portfolio_daily_values").fetchone() == (0,)
    with acting(world, role="SYSTEM") as connection:
        assert connection.execute("select count(*) from portfolio_daily_values").fetchone() == (2,)


def test_the_compression_job_runs_as_the_owner(world: str, database_clone: DatabaseClone):
    with acting(world, role="SYSTEM") as connection:
        row = ALICE.rows()["public.portfolio_daily_values"]
        insert(connection, "public.portfolio_daily_values", row | {"date": "2020-01-02"})
        connection.commit()
    with psycopg.connect(database_clone.admin_dsn, autocommit=True) as admin:
        jobs = admin.execute(
            "select job_id, owner::text from timescaledb_information.jobs where hypertable_name = 'portfolio_daily_values'"
        ).fetchall()
        assert [owner for _, owner in jobs] == ["dawsos_owner"]
        admin.execute("set role dawsos_owner")
        admin.execute("call run_job(%s)", [jobs[0][0]])
        compressed = admin.execute(
            "select count(*) from timescaledb_information.chunks where hypertable_name = 'portfolio_daily_values' and is_compressed"
        ).fetchone()
        assert compressed is not None
        assert compressed[0] >= 1


@pytest.fixture
def plain_database(postgres_server: PostgresServer, template_database: str) -> Iterator[str]:
    """A database that was filled before it got TimescaleDB."""
    name = f"test_{uuid4().hex}"
    bootstrap_cluster(postgres_server.admin_dsn, postgres_server.password_of, name)
    with psycopg.connect(postgres_server.dsn(name)) as connection:
        connection.execute("set role dawsos_owner")
        for path in sorted((asset_root() / "db" / "schema").glob("*.sql")):
            connection.execute(path.read_bytes())
    write_world(postgres_server.dsn(name, "dawsos_app"))
    yield postgres_server.dsn(name, "dawsos_app")
    postgres_server.drop_database(name)


def test_rows_written_before_timescaledb_came_are_all_still_there(postgres_server: PostgresServer, plain_database: str):
    with psycopg.connect(postgres_server.dsn(conninfo_to_dict(plain_database)["dbname"])) as connection:
        connection.execute("set role dawsos_owner")
        apply_hypertables(connection)
    for table in DOCUMENTED_HYPERTABLES:
        if table == "macro_indicators":
            continue
        with acting(plain_database, role="SYSTEM") as connection:
            assert connection.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table))).fetchone() == (2,), table
        with acting(plain_database, user_id=ALICE.user_id, role="USER") as connection:
            assert connection.execute(sql.SQL("select portfolio_id from {}").format(sql.Identifier(table))).fetchall() == [
                (ALICE.key("portfolio"),)
            ], table


def test_the_public_view_of_attribution_still_reads_with_the_askers_rights(shared_clone: DatabaseClone):
    with psycopg.connect(shared_clone.admin_dsn) as catalogue:
        row = catalogue.execute(
            "select reloptions::text from pg_class where oid = 'public.portfolio_currency_attributions'::regclass"
        ).fetchone()
    assert row is not None
    assert "security_barrier=true" in row[0]
