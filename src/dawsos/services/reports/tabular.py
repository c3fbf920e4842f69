"""A section as plain tables, one for each of its blocks: what a workbook and a CSV hold of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dawsos.services.reports.document import Bars, Block, Column, Figure, Figures, Lines, Prose, Section, Series, Table, Value, numbers


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of values under column names."""

    title: str | None
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    has_total: bool = False


def grids(section: Section) -> Iterator[Grid]:
    """Every block as a table, in order; a section that is left out has one line that says why."""
    if section.notice is not None:
        yield Grid(None, (Column("Notice"),), ((Value(section.notice),),))
    for block in section.blocks:
        yield _grid(block)
    if section.remarks:
        yield Grid("Notes", (Column("Note"),), tuple((Value(remark),) for remark in section.remarks))


def _grid(block: Block) -> Grid:
    match block:
        case Table():
            total = (block.total,) if block.total is not None else ()
            return Grid(
                block.title, _with_reasons(block), _rows_with_reasons(block) + tuple(_padded(block, row) for row in total), bool(total)
            )
        case Figures() | Bars():
            return _of_figures(block.title, block.figures)
        case Lines():
            return _of_lines(block)
        case Prose():
            return Grid(None, (Column("Text"),), tuple((Value(text),) for text in block.paragraphs))


def _of_figures(title: str | None, figures: tuple[Figure, ...]) -> Grid:
    columns = (Column("Figure"), numbers("Value"), Column("Unit"), Column("Reason"))
    return Grid(
        title, columns, tuple((Value(one.label), one.value, Value(unit_of(one.value)), Value(_reason(one.value))) for one in figures)
    )


def _of_lines(lines: Lines) -> Grid:
    is_dated = all(isinstance(one, date) for one in lines.axis)
    columns = (Column("Date" if is_dated else "Name"), *(numbers(one.label, one.unit, one.currency) for one in lines.series))
    rows = [(Value(point), *(_point(one, index) for one in lines.series)) for index, point in enumerate(lines.axis)]
    return Grid(lines.title, columns, tuple(rows))


def _point(series: Series, index: int) -> Value:
    return Value(series.values[index], series.unit, series.currency, series.form)


def unit_of(value: Value) -> str | None:
    """What the number counts: the currency of an amount, else the name of the unit."""
    return value.currency if value.currency and value.unit in {"money", "price", None} else value.unit


def heading(column: Column) -> str:
    """The name of a column with what its numbers count, where all of them count the same."""
    unit = column.currency or (column.unit if column.unit not in {None, "money", "price"} else None)
    return f"{column.label} [{unit}]" if unit and column.is_numeric else column.label


def _reason(value: Value) -> str | None:
    return value.reason if value.raw is None else None


def _needs_reasons(table: Table) -> bool:
    return any(_reason(value) for row in table.rows for value in row)


def _with_reasons(table: Table) -> tuple[Column, ...]:
    return (*table.columns, Column("Missing because")) if _needs_reasons(table) else table.columns


def _rows_with_reasons(table: Table) -> tuple[tuple[Value, ...], ...]:
    if not _needs_reasons(table):
        return table.rows
    return tuple((*row, Value(_reasons_of(table, row))) for row in table.rows)


def _reasons_of(table: Table, row: tuple[Value, ...]) -> str | None:
    pairs = zip(table.columns, row, strict=True)
    return "; ".join(f"{column.label}: {value.reason}" for column, value in pairs if _reason(value)) or None


def _padded(table: Table, row: tuple[Value, ...]) -> tuple[Value, ...]:
    return (*row, Value(None)) if _needs_reasons(table) else row
