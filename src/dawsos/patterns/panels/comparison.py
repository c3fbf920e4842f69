"""The same figures for several cases side by side."""

from typing import ClassVar, Literal

from pydantic import Field

from dawsos.patterns.closed import Shown
from dawsos.patterns.panels.answer import Cell, PanelResult
from dawsos.patterns.panels.filling import Filling
from dawsos.patterns.panels.spec import Body, PanelChecks, PanelSpec
from dawsos.patterns.references import Ref, Text
from dawsos.registry.contract import Contract


class ComparisonRowSpec(Shown):
    """One figure and its value in every case."""

    label: Text
    values: tuple[Ref, ...]


class ComparisonRow(Contract):
    """One figure; its cells are labelled with the cases."""

    label: str
    cells: tuple[Cell, ...]


class ComparisonData(Contract):
    """Figures down, cases across."""

    columns: tuple[str, ...]
    rows: tuple[ComparisonRow, ...]


class ComparisonPanel(PanelResult):
    """Figures for several cases."""

    type: Literal["comparison_table", "comparison_grid"]
    data: ComparisonData | None


class Cases(Body):
    """``columns``: the cases; ``rows``: figures with one value per case."""

    columns: tuple[Text, ...] = Field(min_length=1)
    rows: tuple[ComparisonRowSpec, ...] = Field(min_length=1)

    def check(self, checks: PanelChecks) -> None:
        for index, row in enumerate(self.rows):
            if len(row.values) != len(self.columns):
                checks.add(("rows", index, "values"), f"There are {len(row.values)} values for {len(self.columns)} columns.")
            for position, value in enumerate(row.values):
                checks.one(value, row, ("rows", index), f"values[{position}]")

    def fill(self, filling: Filling) -> ComparisonData:
        return ComparisonData(columns=self.columns, rows=tuple(self._row(filling, row) for row in self.rows))

    def _row(self, filling: Filling, row: ComparisonRowSpec) -> ComparisonRow:
        cells = (filling.cell(column, value, row) for column, value in zip(self.columns, row.values, strict=True))
        return ComparisonRow(label=row.label, cells=tuple(cells))


class Comparison(Cases, PanelSpec):
    """Figures for several cases."""

    result: ClassVar[type[PanelResult]] = ComparisonPanel

    type: Literal["comparison_table", "comparison_grid"]
