"""TimescaleDB: recognised where it is, used where it may be, never needed."""

from typing import Any, Final

import psycopg

from dawsos.kernel.errors import Forbidden
from dawsos.store.assets import asset_root

Connection = psycopg.Connection[tuple[Any, ...]]

_INSTALLABLE: Final = """
    select exists (select from pg_available_extensions where name = 'timescaledb')
        and current_setting('shared_preload_libraries') ~ '\\mtimescaledb\\M'
"""
#: Compression exists only under the Timescale licence; the Apache edition is treated like plain PostgreSQL.
_USABLE: Final = """
    select exists (select from pg_extension where extname = 'timescaledb')
        and current_setting('timescaledb.license', true) = 'timescale'
"""
_OWNER_RUNS_JOBS: Final = "select rolcanlogin from pg_roles where rolname = 'dawsos_owner'"


def install_extension(connection: Connection) -> bool:
    """Let a superuser create the extension where the server offers it, and prepare what only a superuser can; True if it is usable then.

    The owner of hypertables must be able to log in, or the server refuses to run their compression jobs; without a password nobody can
    make use of that.
    """
    if not _holds(connection, _INSTALLABLE):
        return False
    connection.execute("create extension if not exists timescaledb")
    if not is_usable(connection):
        return False
    connection.execute("alter role dawsos_owner login password null")
    return True


def is_usable(connection: Connection) -> bool:
    """Whether this database has TimescaleDB with everything DawsOS would use of it."""
    return _holds(connection, _USABLE)


def apply_hypertables(connection: Connection) -> None:
    """Make the documented hypertables, as ``dawsos_owner``; doing it again changes nothing.

    Raises Forbidden when an administrator still has to do what only he may.
    """
    if not _holds(connection, _OWNER_RUNS_JOBS):
        raise Forbidden(
            "TimescaleDB will not compress tables of an owner who cannot log in.",
            remedy="Let an administrator run: alter role dawsos_owner login password null;",
        )
    # Several statements at once and no parameters: the text must reach the server as it is.
    connection.execute((asset_root() / "db" / "timescale" / "hypertables.sql").read_bytes())


def _holds(connection: Connection, question: str) -> bool:
    row = connection.execute(question.encode()).fetchone()
    return row is not None and bool(row[0])
