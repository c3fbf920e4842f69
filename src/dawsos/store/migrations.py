"""Bring a database to the present schema: numbered SQL files, run in order, each once, never changed afterwards."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Connection, create_engine, pool, text
from sqlalchemy.exc import DBAPIError

from dawsos.kernel.canonical import sha256_hex
from dawsos.kernel.errors import Conflict, Forbidden
from dawsos.store.assets import asset_root
from dawsos.store.errors import translate, unavailable
from dawsos.store.queue import apply_queue
from dawsos.store.roles import OWNER, SETUP_LOCK
from dawsos.store.timescale import apply_hypertables, is_usable

_HOUSEKEEPING: Final = """
    create schema if not exists migrations;
    create table if not exists migrations.applied_files (
        file_name text primary key,
        checksum text not null,
        applied_at timestamp with time zone not null default now()
    );
"""


@dataclass(frozen=True, slots=True)
class AppliedFile:
    """A migration file as it stands on disk: what has been applied may not differ from it later."""

    name: str
    checksum: str


def migrations_folder() -> Path:
    """The Alembic folder."""
    return asset_root() / "db" / "migrations"


def migrate(dsn: str) -> list[str]:
    """Apply what is missing, as ``dawsos_owner``; the names of the files applied now. Safe to call at once from several processes.

    ``dsn`` logs in as ``dawsos_migrator``, a superuser, or another member of the owner. Raises Conflict when an applied file was changed,
    Forbidden when the login may not act as the owner, Unavailable when the server does not answer.
    """
    engine = create_engine("postgresql+psycopg://", creator=lambda: _connect(dsn), poolclass=pool.NullPool)
    with engine.connect() as connection:
        _become_owner(connection)
        connection.execute(text("select pg_advisory_lock(:key)"), {"key": SETUP_LOCK})
        connection.exec_driver_sql(_HOUSEKEEPING)
        connection.commit()
        before = _applied(connection)
        _refuse_changed(before)
        config = Config()
        config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
            _apply_timescale(connection)
            _apply_queue(connection)
        except DBAPIError as error:
            raise translate(error.orig if isinstance(error.orig, psycopg.Error) else error, "migration") from error
        except psycopg.Error as error:
            raise translate(error, "migration") from error
        return sorted(set(_applied(connection)) - set(before))


def pending(dsn: str) -> list[str]:
    """The migration files that :func:`migrate` would apply now."""
    with _connect(dsn) as connection:
        known = connection.execute("select to_regclass('migrations.applied_files') is not null").fetchone()
        if known is None or not known[0]:
            return [file.name for file in files()]
        applied = {name for (name,) in connection.execute("select file_name from migrations.applied_files")}
    return [file.name for file in files() if file.name not in applied]


def files() -> list[AppliedFile]:
    """Every migration file in order, with its checksum."""
    folder = migrations_folder() / "versions"
    return [AppliedFile(path.name, sha256_hex(path.read_bytes())) for path in sorted(folder.glob("*.sql"))]


def head() -> str:
    """The revision a fully migrated database is at."""
    revision = ScriptDirectory(str(migrations_folder())).get_current_head()
    if revision is None:
        raise Conflict("There are no migrations in this installation.", remedy="Install the package again.")
    return revision


def _connect(dsn: str) -> psycopg.Connection[Any]:
    try:
        return psycopg.connect(dsn, connect_timeout=5)
    except psycopg.OperationalError as error:
        raise unavailable(error) from error


def _become_owner(connection: Connection) -> None:
    try:
        connection.exec_driver_sql(f'set role "{OWNER}"')
        connection.commit()
    except DBAPIError as error:
        login = conninfo_to_dict(connection.connection.driver_connection.info.dsn).get("user")  # type: ignore[union-attr]
        raise Forbidden(
            f"The database role '{login}' may not act as {OWNER}, so it cannot migrate.",
            remedy=f"Log in as dawsos_migrator, or let an administrator run: grant {OWNER} to {login};",
        ) from error


def _apply_timescale(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    if driver is not None and is_usable(driver):
        apply_hypertables(driver)
    connection.commit()


def _apply_queue(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    if driver is not None:
        apply_queue(driver)
    connection.commit()


def _applied(connection: Connection) -> dict[str, str]:
    rows = connection.exec_driver_sql("select file_name, checksum from migrations.applied_files").all()
    connection.commit()
    return {str(name): str(checksum) for name, checksum in rows}


def _refuse_changed(applied: dict[str, str]) -> None:
    present = {file.name: file.checksum for file in files()}
    for name, checksum in applied.items():
        if present.get(name) != checksum:
            raise Conflict(
                f"Migration {name} was {'changed' if name in present else 'removed'} after it had been applied to this database.",
                remedy="Put the file back as it was, and write what is to be different into a new migration.",
            )
