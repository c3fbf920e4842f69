"""Rows with columns: a table, or a list of news."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from dawsos.patterns.closed import Fixed, Name, Shown
from dawsos.patterns.formats import ColorCondition, Format
from dawsos.patterns.panels.answer import PanelResult
from dawsos.patterns.panels.filling import Filling
from dawsos.patterns.panels.spec import Body, PanelChecks, PanelSpec
from dawsos.patterns.references import EVERY, Ref, Reference, Text
from dawsos.patterns.values import Found, Scalar, scalar
from dawsos.registry.contract import Contract
from dawsos.registry.units import Number

FieldPath = Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*$")]


class Column(Shown):
    """A field of every row; a dot goes into a field of that field."""

    field: FieldPath
    label: Text


class TableColumn(Contract):
    """A column. ``unit`` is null when it differs from row to row or there is none."""

    field: str
    label: str
    format: Format
    unit: str | None
    color_condition: ColorCondition | None
    threshold: Annotated[float | None, Number]


class TableRow(Contract):
    """A row: values by field; for amounts their currency, for nulls the reason, and the unit where the data itself names it."""

    values: dict[str, Scalar]
    currencies: dict[str, str]
    units: dict[str, str]
    reasons: dict[str, str]


class TableData(Contract):
    """``key`` names the field that identifies a row; it is among the values though it need not be a column.

    ``opens`` is the pattern that tells more of a row; it has an input named like the key.
    """

    key: str | None
    opens: str | None
    columns: tuple[TableColumn, ...]
    rows: tuple[TableRow, ...]


class TablePanel(PanelResult):
    """Rows with columns."""

    type: Literal["table", "news_list"]
    data: TableData | None


class Records(Body):
    """``rows``: a list of records, or a mapping whose entries have ``key``; ``columns``: fields of them.

    ``opens`` names the pattern that tells more of a row; the ``key`` is given to its input of the same name.
    """

    rows: Ref
    key: FieldPath | None = None
    opens: Name | None = None
    columns: tuple[Column, ...] = Field(min_length=1)

    def of_row(self, path: str) -> Reference:
        """The reference to the field ``path`` of every row."""
        return Reference(self.rows.root, (*self.rows.path, EVERY, *path.split(".")))

    def check(self, checks: PanelChecks) -> None:
        if checks.shape(self.rows, ("rows",)) is None:
            return
        if self.key is not None:
            checks.many(self.of_row(self.key), Fixed(), (), "key")
        elif self.opens is not None:
            checks.add(("opens",), "A row opens a pattern by its key, and there is none.", "Give the panel a 'key'.")
        seen: set[str] = set()
        for index, column in enumerate(self.columns):
            if column.field in seen:
                checks.add(("columns", index, "field"), f"The column '{column.field}' is already there.")
            seen.add(column.field)
            checks.many(self.of_row(column.field), column, ("columns", index), "field")

    def fill(self, filling: Filling, *, also: tuple[str, ...] = ()) -> TableData:
        """The rows; ``also`` names fields that are among the values though they are no columns."""
        found = {column.field: filling.values.several(self.of_row(column.field)) for column in self.columns}
        hidden = {name: filling.values.several(self.of_row(name)) for name in (self.key, *also) if name is not None}
        if not next(iter(found.values())):
            filling.several(self.rows)
        rows = []
        for index in range(len(next(iter(found.values())))):
            cells = {name: several[index] for name, several in found.items()}
            rows.append(self._row(filling, cells, {name: several[index].value for name, several in hidden.items()}))
        return TableData(
            key=self.key, opens=self.opens, columns=tuple(self._column(filling, column) for column in self.columns), rows=tuple(rows)
        )

    def _column(self, filling: Filling, column: Column) -> TableColumn:
        unit = filling.scope.resolve(self.of_row(column.field)).unit
        return TableColumn(
            field=column.field,
            label=column.label,
            format=column.format,
            unit=None if unit is None or unit.name == "declared" else unit.name,
            color_condition=column.color_condition,
            threshold=column.threshold,
        )

    def _row(self, filling: Filling, cells: dict[str, Found], hidden: dict[str, Any]) -> TableRow:
        values = {name: scalar(value) for name, value in hidden.items()} | {name: scalar(found.value) for name, found in cells.items()}
        currencies, units, reasons = {}, {}, {}
        for name, found in cells.items():
            reference = self.of_row(name)
            unit = filling.scope.resolve(reference).unit
            if reason := filling.note(reference, found):
                reasons[name] = reason
            if currency := filling.currency(unit, found):
                currencies[name] = currency
            if unit is not None and unit.name == "declared" and (declared := filling.unit(unit, found)):
                units[name] = declared
        return TableRow(values=values, currencies=currencies, units=units, reasons=reasons)


class Table(Records, PanelSpec):
    """Rows with columns."""

    result: ClassVar[type[PanelResult]] = TablePanel

    type: Literal["table", "news_list"]
