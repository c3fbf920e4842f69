"""Setting a cluster up and bringing a database to the present schema, by whoever is allowed to."""

import asyncio
import secrets
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from dawsos.kernel.errors import Conflict, Forbidden, Unavailable
from dawsos.kernel.identity import SYSTEM
from dawsos.store.database import Database
from dawsos.store.migration_files import files, pending
from dawsos.store.migrations import migrate
from dawsos.store.roles import bootstrap_cluster
from dawsos.store.users import count_users
from tests.support.postgres import DatabaseClone, PostgresServer, own_server


@pytest.fixture(scope="module")
def module_server() -> Iterator[PostgresServer]:
    """A cluster of this module's own, because roles belong to the whole cluster."""
    with own_server("cluster") as embedded:
        yield PostgresServer(embedded.start().dsn(), embedded.passwords.ensure)


@pytest.fixture
def cluster(module_server: PostgresServer) -> Iterator[PostgresServer]:
    """A cluster without any of our roles and databases."""
    yield module_server
    with psycopg.connect(module_server.admin_dsn, autocommit=True) as admin:
        ours = "select datname from pg_database where datname not in ('postgres', 'template0', 'template1')"
        for (name,) in admin.execute(ours).fetchall():
            admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
        for (role,) in admin.execute("select rolname from pg_roles where rolname !~ '^(pg_|postgres)'").fetchall():
            admin.execute(sql.SQL("drop owned by {0}").format(sql.Identifier(role)))
        for (role,) in admin.execute("select rolname from pg_roles where rolname !~ '^(pg_|postgres)'").fetchall():
            admin.execute(sql.SQL("drop role {0}").format(sql.Identifier(role)))


def login(server: PostgresServer, role: str, attributes: str) -> str:
    """A role with ``attributes`` that can log in, and its connection string."""
    password = secrets.token_hex(8)
    with psycopg.connect(server.admin_dsn, autocommit=True) as admin:
        admin.execute(
            sql.SQL("create role {} login {} password {}").format(sql.Identifier(role), sql.SQL(attributes), sql.Literal(password))
        )
    return make_conninfo(server.admin_dsn, user=role, password=password)


async def opens(server: PostgresServer, database: str = "dawsos") -> bool:
    """Whether the application can log in and work."""
    opened = Database(server.dsn(database, "dawsos_app"))
    await opened.open()
    try:
        async with opened.transaction(SYSTEM) as tx:
            return await count_users(tx) == 0
    finally:
        await opened.close()


async def test_a_superuser_sets_up_everything_and_doing_it_again_changes_nothing(cluster: PostgresServer):
    for _ in range(2):
        bootstrap_cluster(cluster.admin_dsn, cluster.password_of)
    assert pending(cluster.dsn("dawsos")) == [file.name for file in files()]
    assert migrate(cluster.dsn("dawsos", "dawsos_migrator")) == [file.name for file in files()]
    assert migrate(cluster.dsn("dawsos", "dawsos_migrator")) == []
    assert pending(cluster.dsn("dawsos")) == []
    assert await opens(cluster)


async def test_a_role_that_creates_roles_and_databases_is_enough(cluster: PostgresServer):
    steward = login(cluster, "steward", "createrole createdb")
    for _ in range(2):
        bootstrap_cluster(steward, cluster.password_of)
    migrate(cluster.dsn("dawsos", "dawsos_migrator"))
    assert await opens(cluster)


async def test_with_roles_and_database_made_beforehand_the_migrator_is_enough(cluster: PostgresServer):
    with psycopg.connect(cluster.admin_dsn, autocommit=True) as admin:
        admin.execute("create role dawsos_owner nologin")
        for role, extra in (("dawsos_migrator", "in role dawsos_owner"), ("dawsos_app", "")):
            admin.execute(
                sql.SQL("create role {} login password {} {}").format(
                    sql.Identifier(role), sql.Literal(cluster.password_of(role)), sql.SQL(extra)
                )
            )
        admin.execute("create database dawsos owner dawsos_owner")
    migrator = cluster.dsn("dawsos", "dawsos_migrator")
    bootstrap_cluster(migrator, cluster.password_of)
    migrate(migrator)
    assert await opens(cluster)


async def test_a_database_the_steward_made_himself_is_good_too(cluster: PostgresServer):
    steward = login(cluster, "steward", "createrole createdb")
    with psycopg.connect(steward, autocommit=True) as connection:
        connection.execute("create database dawsos")
    bootstrap_cluster(steward, cluster.password_of)
    migrate(cluster.dsn("dawsos", "dawsos_migrator"))
    assert await opens(cluster)


def test_rights_only_the_databases_owner_can_grant_are_asked_for(cluster: PostgresServer):
    bootstrap_cluster(cluster.admin_dsn, cluster.password_of)
    with psycopg.connect(cluster.admin_dsn, autocommit=True) as admin:
        admin.execute("create database others")
    with pytest.raises(Forbidden, match="lack rights in the database 'others'") as refusal:
        bootstrap_cluster(cluster.dsn("postgres", "dawsos_migrator"), cluster.password_of, "others")
    assert "grant usage on schema public to dawsos_app" in refusal.value.remedy


def test_a_role_that_may_not_create_roles_is_told_what_an_administrator_must_do(cluster: PostgresServer):
    with pytest.raises(Forbidden) as refusal:
        bootstrap_cluster(login(cluster, "nobody_special", ""), cluster.password_of)
    assert "dawsos_owner, dawsos_migrator, dawsos_app are missing" in refusal.value.message
    assert "create role dawsos_owner nologin" in refusal.value.remedy


def test_a_role_that_may_not_create_databases_is_told_so(cluster: PostgresServer):
    with pytest.raises(Forbidden, match="may not create databases") as refusal:
        bootstrap_cluster(login(cluster, "steward", "createrole"), cluster.password_of)
    assert refusal.value.remedy == "Let an administrator run: create database dawsos owner dawsos_owner;"


@pytest.mark.parametrize(("attribute", "reason"), [("superuser", "is a superuser"), ("bypassrls", "bypasses row-level security")])
def test_an_existing_role_that_is_too_powerful_is_refused(cluster: PostgresServer, attribute: str, reason: str):
    login(cluster, "dawsos_app", attribute)
    with pytest.raises(Conflict, match=reason) as refusal:
        bootstrap_cluster(cluster.admin_dsn, cluster.password_of)
    assert refusal.value.remedy == "Run: alter role dawsos_app nosuperuser nobypassrls;"


def test_the_servers_log_never_sees_a_password(cluster: PostgresServer):
    with psycopg.connect(cluster.admin_dsn, autocommit=True) as admin:
        admin.execute("alter system set log_statement = 'all'")
        admin.execute("select pg_reload_conf()")
    bootstrap_cluster(cluster.admin_dsn, cluster.password_of)
    with psycopg.connect(cluster.admin_dsn, autocommit=True) as admin:
        admin.execute("alter system reset log_statement")
        admin.execute("select pg_reload_conf()")
        row = admin.execute("select pg_read_file(pg_current_logfile())").fetchone()
    assert row is not None
    assert "alter role" in row[0]
    assert cluster.password_of("dawsos_app") not in row[0]


async def test_several_processes_may_set_up_and_migrate_at_once(cluster: PostgresServer):
    def set_up() -> list[str]:
        bootstrap_cluster(cluster.admin_dsn, cluster.password_of)
        return migrate(cluster.dsn("dawsos", "dawsos_migrator"))

    applied = await asyncio.gather(*(asyncio.to_thread(set_up) for _ in range(4)))
    assert sorted(applied, key=len) == [[], [], [], [file.name for file in files()]]
    assert await opens(cluster)


def test_a_login_that_is_no_member_of_the_owner_cannot_migrate(cluster: PostgresServer):
    bootstrap_cluster(cluster.admin_dsn, cluster.password_of)
    with pytest.raises(Forbidden, match="'dawsos_app' may not act as dawsos_owner"):
        migrate(cluster.dsn("dawsos", "dawsos_app"))


def test_a_migration_that_was_changed_after_it_ran_is_refused(database_clone: DatabaseClone):
    with psycopg.connect(database_clone.admin_dsn) as admin:
        admin.execute("update migrations.applied_files set checksum = 'another' where file_name like '0003%'")
    with pytest.raises(Conflict, match=r"Migration 0003_securities\.sql was changed after"):
        migrate(database_clone.migrator_dsn)


def test_a_migration_that_was_removed_after_it_ran_is_refused(database_clone: DatabaseClone):
    with psycopg.connect(database_clone.admin_dsn) as admin:
        admin.execute("insert into migrations.applied_files (file_name, checksum) values ('9999_lost.sql', 'x')")
    with pytest.raises(Conflict, match=r"Migration 9999_lost\.sql was removed after"):
        migrate(database_clone.migrator_dsn)


def test_every_table_belongs_to_the_owner_whoever_migrated(shared_clone: DatabaseClone):
    with psycopg.connect(shared_clone.admin_dsn) as admin:
        owners = admin.execute(
            "select distinct pg_get_userbyid(relowner) from pg_class"
            " where relnamespace in ('public'::regnamespace, 'app'::regnamespace, 'migrations'::regnamespace)"
        ).fetchall()
    assert owners == [("dawsos_owner",)]


def test_strings_sort_by_code_point_everywhere(shared_clone: DatabaseClone):
    with psycopg.connect(shared_clone.app_dsn) as connection:
        rows = connection.execute("select word from (values ('b'), ('A'), ('é'), ('a'), ('B')) w (word) order by word").fetchall()
    assert [word for (word,) in rows] == ["A", "B", "a", "b", "é"]


def test_a_missing_server_is_unavailable():
    for act in (lambda: bootstrap_cluster("host=/nowhere", str), lambda: migrate("host=/nowhere"), lambda: pending("host=/nowhere")):
        with pytest.raises(Unavailable):
            act()


def test_a_database_nobody_has_set_up_has_everything_pending(postgres_server: PostgresServer):
    name = f"test_{uuid4().hex}"
    with psycopg.connect(postgres_server.admin_dsn, autocommit=True) as admin:
        admin.execute(sql.SQL("create database {} template template0").format(sql.Identifier(name)))
    try:
        assert pending(postgres_server.dsn(name)) == [file.name for file in files()]
    finally:
        postgres_server.drop_database(name)
