"""The queue of background work: procrastinate's own tables, in a schema of their own."""

import re
from pathlib import Path
from typing import Any, Final

import psycopg
from procrastinate import __version__ as installed
from procrastinate.schema import SchemaManager
from psycopg import sql

Connection = psycopg.Connection[tuple[Any, ...]]

SCHEMA: Final = "procrastinate"
_VERSION: Final = "select obj_description(to_regnamespace('procrastinate'), 'pg_namespace')"
_GRANTS: Final = """
    grant usage on schema procrastinate to dawsos_app;
    grant select, insert, update, delete on all tables in schema procrastinate to dawsos_app;
    grant usage on all sequences in schema procrastinate to dawsos_app;
    grant execute on all functions in schema procrastinate to dawsos_app;
    grant execute on all procedures in schema procrastinate to dawsos_app
"""


def apply_queue(connection: Connection) -> bool:
    """Make the queue's tables, or bring them to the installed version, as the owner; True when something was done.

    The version they are of stands in the comment of the schema. They know no tenant: whoever works on a job acts as SYSTEM, or for the user
    the job names.
    """
    row = connection.execute(_VERSION).fetchone()
    present = row[0] if row else None
    if present == installed:
        return False
    scripts = [SchemaManager.get_schema()] if present is None else [path.read_text(encoding="utf-8") for path in _newer(present)]
    if present is None:
        connection.execute("create schema procrastinate")
    connection.execute("set local search_path = procrastinate, pg_catalog")
    for script in scripts:
        connection.execute(script.encode())
    connection.execute("set local search_path to default")
    connection.execute(_GRANTS)
    connection.execute(sql.SQL("comment on schema procrastinate is {}").format(sql.Literal(installed)))
    return True


def _newer(present: str) -> list[Path]:
    """The changes of later versions than ``present``, in order; their names begin with the version they lead to."""
    return sorted(path for path in Path(SchemaManager.get_migrations_path()).glob("*.sql") if _numbers(path.name[:8]) > _numbers(present))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])


def queue_settings(dsn: str) -> dict[str, Any]:
    """How procrastinate's connector reaches its tables: as the application's role, with their schema first."""
    return {"conninfo": dsn, "kwargs": {"options": f"-c search_path={SCHEMA}"}}
