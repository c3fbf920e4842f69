"""Bring a database to the present schema: numbered SQL files, run in order, each once, never changed afterwards."""

from typing import Final

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Connection, create_engine, pool, text
from sqlalchemy.exc import DBAPIError

from dawsos.kernel.errors import Conflict, Forbidden
from dawsos.store.errors import translate
from dawsos.store.migration_files import connect, files, migrations_folder
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


def migrate(dsn: str) -> list[str]:
    """Apply what is missing, as ``dawsos_owner``; the names of the files applied now. Safe to call at once from several processes.

    ``dsn`` logs in as ``dawsos_migrator``, a superuser, or another member of the owner. Raises Conflict when an applied file was changed,
    Forbidden when the login may not act as the owner, Unavailable when the server does not answer.
    """
    engine = create_engine("postgresql+psycopg://", creator=lambda: connect(dsn), poolclass=pool.NullPool)
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


def head() -> str:
    """The revision a fully migrated database is at."""
    revision = ScriptDirectory(str(migrations_folder())).get_current_head()
    if revision is None:
        raise Conflict("There are no migrations in this installation.", remedy="Install the package again.")
    return revision


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
