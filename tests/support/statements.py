"""Find every bound statement of the store, and ask PostgreSQL what it really returns."""

import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import psycopg
from psycopg.pq import ExecStatus

from dawsos.store.statements import Statement, Text, subjects

_PARAMETER: Final = re.compile(r"%\((\w+)\)s")

#: The types PostgreSQL may return for a field of each Python type.
TYPES: Final[Mapping[object, frozenset[str]]] = {
    str: frozenset({"text", "character varying"}),
    int: frozenset({"smallint", "integer", "bigint"}),
    float: frozenset({"real", "double precision"}),
    bool: frozenset({"boolean"}),
    bytes: frozenset({"bytea"}),
    Decimal: frozenset({"numeric"}),
    UUID: frozenset({"uuid"}),
    date: frozenset({"date"}),
    datetime: frozenset({"timestamp with time zone"}),
    timedelta: frozenset({"interval"}),
    IPv4Address: frozenset({"inet"}),
    IPv6Address: frozenset({"inet"}),
    Any: frozenset({"json", "jsonb"}),
}


def bound_statements() -> Iterator[tuple[str, Statement[Any]]]:
    """Every statement bound at the top of the module of its subject, with that subject; those another module lends it are that module's."""
    for subject in subjects():
        contents = vars(importlib.import_module(f"dawsos.store.{subject}"))
        bound = (value for value in contents.values() if isinstance(value, Statement))
        yield from ((subject, value) for value in bound if value.text.subject == subject)


def allowed_types(annotation: object) -> frozenset[str]:
    """The PostgreSQL types a field annotated so can hold."""
    if get_origin(annotation) in {Union, UnionType}:
        return frozenset().union(*(allowed_types(option) for option in get_args(annotation) if option is not NoneType))
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return TYPES[str]
    if get_origin(annotation) is list and get_origin(get_args(annotation)[0]) is not dict:
        return frozenset(f"{item}[]" for item in allowed_types(get_args(annotation)[0]))
    if get_origin(annotation) in {list, dict}:
        return TYPES[Any]
    return TYPES[annotation]


def is_optional(annotation: object) -> bool:
    """Whether a field annotated so can hold a null."""
    return annotation is Any or NoneType in get_args(annotation)


def expected_columns(statement: Statement[Any]) -> dict[str | None, object]:
    """The columns a statement must return and their annotations; a scalar's column may have any name (None)."""
    if not statement.text.returns:
        return {}
    if not is_dataclass(statement.returns):
        return {None: statement.returns}
    hints = get_type_hints(statement.returns)
    return {field.name: hints[field.name] for field in fields(statement.returns)}


def numbered(sql: str) -> str:
    """The statement with $1, $2, … for its named parameters, as PostgreSQL itself writes them."""
    numbers: dict[str, int] = {}
    return _PARAMETER.sub(lambda match: f"${numbers.setdefault(match[1], len(numbers) + 1)}", sql).replace("%%", "%")


def described_columns(connection: psycopg.Connection, text: Text) -> list[tuple[str, str, bool]]:
    """Name, type and "may be null" of each column PostgreSQL says the statement returns.

    A column is known to be never null only when it is a plain column of a table declared so; everything else counts as "not known" and
    is reported as not nullable, because only the author knows.
    """
    if text.staged is not None:
        connection.execute(f"create temporary table staged ({text.staged})")  # type: ignore[arg-type]
    pg = connection.pgconn
    for result in (pg.prepare(b"", numbered(text.sql).encode()), pg.describe_prepared(b"")):
        assert result.status == ExecStatus.COMMAND_OK, result.error_message.decode()
    columns = [
        (result.fname(i).decode(), result.ftype(i), result.fmod(i), result.ftable(i), result.ftablecol(i)) for i in range(result.nfields)
    ]
    return [(name, *_facts(connection, *facts)) for name, *facts in columns]


def _facts(connection: psycopg.Connection, type_oid: int, modifier: int, table: int, column: int) -> tuple[str, bool]:
    row = connection.execute(
        "select format_type(%s, null), coalesce("
        " (select not a.attnotnull from pg_attribute a join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')"
        "  where a.attrelid = %s and a.attnum = %s), false)",
        [type_oid, table, column],
    ).fetchone()
    assert row is not None
    return row[0], row[1]
