"""A few staged rows as arrays in the statement itself, in place of a temporary table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice
from typing import Any, Final

#: Up to so many rows travel in the statement: making and dropping a temporary table costs as much as hundreds of rows.
FEW: Final = 200

Rows = Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Inline:
    """A statement that carries its rows."""

    sql: str
    params: Mapping[str, object]


def few_or_all(rows: Iterable[Sequence[object]]) -> tuple[Rows | None, Iterable[Sequence[object]]]:
    """The rows as a list if they are few, else None; and all of them again."""
    source = iter(rows)
    first = list(islice(source, FEW + 1))
    return (first, first) if len(first) <= FEW else (None, chain(first, source))


def inline_statement(sql: str, staged: str, rows: Rows) -> Inline | None:
    """``sql`` with ``staged`` as a common table expression over arrays of ``rows``; None where that cannot be.

    That is when the statement is none that may follow WITH, when a column is itself an array, and when a column holds values of several
    Python types, which have no one array type.
    """
    columns = _columns(staged)
    if columns is None or sql.split(None, 1)[0].lower() not in {"insert", "update", "delete"}:
        return None
    values = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in columns]
    if any(len({type(value) for value in column if value is not None}) > 1 for column in values):
        return None
    names = ", ".join(name for name, _ in columns)
    arrays = ", ".join(f"%(staged_{place})s::{kind}[]" for place, (_, kind) in enumerate(columns))
    params: dict[str, Any] = {f"staged_{place}": column for place, column in enumerate(values)}
    # Names and types come from a statement file; values are parameters.
    return Inline(f"with staged ({names}) as (select * from unnest({arrays}))\n{sql}", params)  # noqa: S608


@cache
def _columns(staged: str) -> tuple[tuple[str, str], ...] | None:
    """(name, type) of every staged column; None when one is an array or has a modifier with a comma."""
    if "[" in staged or "(" in staged:
        return None
    parts = [part.strip().partition(" ") for part in staged.split(",")]
    return tuple((name, kind.strip()) for name, _, kind in parts)
