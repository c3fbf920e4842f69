"""The roles and the database: created once per cluster by somebody who may, checked by everybody else."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from dawsos.kernel.errors import Conflict, Forbidden
from dawsos.store.errors import unavailable
from dawsos.store.timescale import install_extension

OWNER: Final = "dawsos_owner"
MIGRATOR: Final = "dawsos_migrator"
APP: Final = "dawsos_app"
DATABASE: Final = "dawsos"

#: One lock for everything that changes the cluster or the schema, so that any number of processes may start at once.
SETUP_LOCK: Final = 0x6461_7773_6F73

Connection = psycopg.Connection[tuple[Any, ...]]

_SETTLED: Final = """
    select has_schema_privilege(%(owner)s, 'public', 'create') and has_schema_privilege(%(app)s, 'public', 'usage')
        and has_database_privilege(%(owner)s, current_database(), 'create')
        and has_database_privilege(%(app)s, current_database(), 'connect')
        and has_database_privilege(%(app)s, current_database(), 'temporary')
"""


@dataclass(frozen=True, slots=True)
class _Powers:
    name: str
    is_superuser: bool
    creates_roles: bool
    creates_databases: bool


def bootstrap_cluster(admin_dsn: str, password_of: Callable[[str], str], database: str = DATABASE) -> None:
    """Create the three roles and ``database``, or bring what is there into the promised state; doing it again changes nothing.

    ``admin_dsn`` logs in as a superuser, or as a role with CREATEROLE and CREATEDB; ``password_of`` gives the password of a login role.
    Raises Forbidden when the role may not do what is missing, Conflict when an existing role is too powerful, Unavailable when the
    server does not answer.
    """
    with _connect(admin_dsn) as connection:
        connection.execute("select pg_advisory_lock(%s)", [SETUP_LOCK])
        powers = _powers(connection)
        _ensure_roles(connection, powers, password_of)
        _ensure_database(connection, powers, database)
    with _connect(make_conninfo(admin_dsn, dbname=database)) as connection:
        connection.execute("select pg_advisory_lock(%s)", [SETUP_LOCK])
        _settle_database(connection, database)
        if powers.is_superuser:
            install_extension(connection)


def _connect(dsn: str) -> Connection:
    try:
        return psycopg.connect(dsn, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        raise unavailable(error) from error


def _powers(connection: Connection) -> _Powers:
    row = connection.execute("select rolname, rolsuper, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user").fetchone()
    if row is None:
        raise Forbidden("The database does not know the role it let in.")
    return _Powers(*row)


def _ensure_roles(connection: Connection, powers: _Powers, password_of: Callable[[str], str]) -> None:
    known = {
        name: (superuser, bypasses)
        for name, superuser, bypasses in connection.execute(
            "select rolname, rolsuper, rolbypassrls from pg_roles where rolname = any (%s)", [[OWNER, MIGRATOR, APP]]
        )
    }
    for role, (superuser, bypasses) in known.items():
        if superuser or bypasses:
            raise Conflict(
                f"The database role '{role}' {'is a superuser' if superuser else 'bypasses row-level security'}.",
                remedy=f"Run: alter role {role} nosuperuser nobypassrls;",
            )
    missing = [role for role in (OWNER, MIGRATOR, APP) if role not in known]
    if not (powers.is_superuser or powers.creates_roles):
        if missing:
            raise Forbidden(
                f"The role '{powers.name}' may not create roles, and {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing.",
                remedy="Let an administrator run: create role dawsos_owner nologin; create role dawsos_migrator login password '…' in role "
                "dawsos_owner; create role dawsos_app login password '…';",
            )
        return
    for role in missing:
        login = sql.SQL("nologin" if role == OWNER else "login")
        connection.execute(sql.SQL("create role {} {} nocreatedb nocreaterole").format(sql.Identifier(role), login))
    for role in (MIGRATOR, APP):
        _set_password(connection, role, password_of(role))
    connection.execute(sql.SQL("grant {} to {}").format(sql.Identifier(OWNER), sql.Identifier(MIGRATOR)))
    if not powers.is_superuser:
        connection.execute(sql.SQL("grant {} to {}").format(sql.Identifier(OWNER), sql.Identifier(powers.name)))


def _set_password(connection: Connection, role: str, password: str) -> None:
    """Set the password as a SCRAM verifier, so that the password itself never reaches the server's log."""
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    connection.execute(sql.SQL("alter role {} login password {}").format(sql.Identifier(role), sql.Literal(verifier)))


def _ensure_database(connection: Connection, powers: _Powers, database: str) -> None:
    if connection.execute("select from pg_database where datname = %s", [database]).fetchone() is not None:
        return
    if not (powers.is_superuser or powers.creates_databases):
        raise Forbidden(
            f"The role '{powers.name}' may not create databases, and '{database}' is missing.",
            remedy=f"Let an administrator run: create database {database} owner {OWNER};",
        )
    connection.execute(
        sql.SQL("create database {} owner {} template template0 encoding 'UTF8' {}").format(
            sql.Identifier(database), sql.Identifier(OWNER), sql.SQL(_locale(connection))
        )
    )


def _locale(connection: Connection) -> str:
    """Sorting by code point: the same on every machine, whatever its operating system thinks of languages."""
    if connection.info.server_version >= 170000:
        return "locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'"
    return "locale 'C'"


def _settle_database(connection: Connection, database: str) -> None:
    """Who may connect and create; where an administrator keeps a right for himself, PostgreSQL warns and leaves it as it is."""
    owner, migrator, app, name = (sql.Identifier(word) for word in (OWNER, MIGRATOR, APP, database))
    steps = (
        sql.SQL("revoke all on database {} from public").format(name),
        sql.SQL("grant connect, create, temporary on database {} to {}").format(name, owner),
        sql.SQL("grant connect on database {} to {}").format(name, migrator),
        sql.SQL("grant connect, temporary on database {} to {}").format(name, app),
        sql.SQL("revoke all on schema public from public"),
        sql.SQL("grant usage, create on schema public to {}").format(owner),
        sql.SQL("grant usage on schema public to {}").format(app),
    )
    for step in steps:
        connection.execute(step)
    if connection.execute(_SETTLED, {"owner": OWNER, "app": APP}).fetchone() != (True,):
        raise Forbidden(
            f"The roles of DawsOS lack rights in the database '{database}', and this login may not grant them.",
            remedy=f"Let its owner run: grant create on database {database} to {OWNER}; grant temporary on database {database} to {APP}; "
            f"grant usage, create on schema public to {OWNER}; grant usage on schema public to {APP};",
        )
