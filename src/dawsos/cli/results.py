"""Shows the result of a capability: its figures in one table, each list in a table of its own."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dawsos.cli.figures import is_numeric, written
from dawsos.registry.catalogue import CapabilityResult
from dawsos.registry.explanations import reason_for
from dawsos.registry.shapes import Field, fields_of

_DIM: Final = "dim"
#: A list of years is told by its first items; all are in the JSON.
_MOST_ROWS: Final = 40


def show_result(console: Console, answer: CapabilityResult) -> None:
    """The result, and where it came from."""
    for table in _tables("", answer.result, ()):
        console.print(table)
    found = answer.provenance
    facts = (found.method_version, found.origin, f"as of {found.asof}" if found.asof else None, *found.sources)
    console.print(Text(" · ".join(fact for fact in facts if fact), style=_DIM))
    for warning in found.warnings:
        console.print(Text(f"Note: {warning}", style="yellow"))


def _tables(title: str, record: Any, around: tuple[Any, ...]) -> Iterator[Table]:
    fields = fields_of(type(record)) or {}
    facts = Table(show_header=False, title=title or None, title_justify="left")
    facts.add_column()
    facts.add_column(justify="right")
    facts.add_column(style=_DIM)
    owners = (*around, record)
    for name, field in fields.items():
        value = getattr(record, name)
        if name != "reasons" and not _is_nested(value):
            reason = (reason_for(owners, [*([""] * len(around)), name]) or "") if value is None else ""
            facts.add_row(name, Text(_cell(value, field, owners)), Text(reason))
    if facts.row_count:
        yield facts
    for name in fields:
        if name != "reasons":
            yield from _nested(name, getattr(record, name), owners)


def _nested(name: str, value: Any, owners: tuple[Any, ...]) -> Iterator[Table]:
    if isinstance(value, Mapping):
        yield from _list(name, list(value.values()), owners, list(value))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield from _list(name, list(value), owners, None)
    elif _is_nested(value):
        yield from _tables(name, value, owners)


def _is_nested(value: Any) -> bool:
    is_list = isinstance(value, Mapping | Sequence) and not isinstance(value, str)
    return is_list or fields_of(type(value)) is not None


def _list(name: str, items: list[Any], owners: tuple[Any, ...], keys: list[Any] | None) -> Iterator[Table]:
    if not items:
        return
    fields = {key: field for key, field in (fields_of(type(items[0])) or {}).items() if key != "reasons"}
    flat = {key: field for key, field in fields.items() if not any(_is_nested(getattr(item, key)) for item in items)}
    table = Table(title=name, title_justify="left")
    if keys is not None:
        table.add_column("")
    for key, field in flat.items():
        table.add_column(key, justify="right" if is_numeric(field.unit.name if field.unit else None) else "left")
    if not fields:
        table.add_column("")
    for index, item in enumerate(items[:_MOST_ROWS]):
        first = [Text(str(keys[index]))] if keys is not None else []
        cells = [Text(_cell(getattr(item, key), field, (*owners, item))) for key, field in flat.items()]
        table.add_row(*first, *(cells or [Text(written(item))]))
    if len(items) > _MOST_ROWS:
        table.caption = f"{len(items) - _MOST_ROWS:,} more are in the JSON (--json)"
    yield table


def _cell(value: Any, field: Field, owners: tuple[Any, ...]) -> str:
    unit = field.unit
    beside = None
    if unit is not None and unit.field is not None:
        beside = next((getattr(owner, unit.field) for owner in reversed(owners) if hasattr(owner, unit.field)), None)
    declared = str(beside) if unit is not None and unit.name == "declared" and beside is not None else None
    return written(value, unit=declared or (unit.name if unit else None), currency=str(beside) if beside and declared is None else None)
