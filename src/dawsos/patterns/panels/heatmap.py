"""A figure for every pair of two lists of names, such as factors and phases, or a security and another."""

from typing import ClassVar, Literal

from dawsos.kernel.errors import Internal
from dawsos.patterns.closed import Fixed, Shown
from dawsos.patterns.panels.answer import Cell, PanelResult
from dawsos.patterns.panels.filling import Filling
from dawsos.patterns.panels.spec import PanelChecks, PanelSpec
from dawsos.patterns.references import Ref
from dawsos.patterns.values import scalar
from dawsos.registry.contract import Contract

NO_PAIR = "There is no figure for this pair."


class HeatmapCell(Cell):
    """The figure of one pair; ``level`` is a word for it, such as low or high."""

    level: str | None


class HeatmapRow(Contract):
    """One name of the first list, with a cell for each of the second; each cell is labelled with the latter."""

    label: str
    cells: tuple[HeatmapCell, ...]


class HeatmapData(Contract):
    """Rows and columns in the order in which they first occur."""

    columns: tuple[str, ...]
    rows: tuple[HeatmapRow, ...]


class HeatmapPanel(PanelResult):
    """Figures for pairs of names."""

    type: Literal["heatmap"]
    data: HeatmapData | None


class Heatmap(PanelSpec, Shown):
    """``rows``, ``columns``, ``values`` and, where there are words for the figures, ``levels``: lists of the same items, one per pair."""

    result: ClassVar[type[PanelResult]] = HeatmapPanel

    type: Literal["heatmap"]
    rows: Ref
    columns: Ref
    values: Ref
    levels: Ref | None = None

    def check(self, checks: PanelChecks) -> None:
        checks.many(self.values, self, ())
        for name, reference in (("rows", self.rows), ("columns", self.columns), ("levels", self.levels)):
            if reference is not None:
                checks.many(reference, Fixed(format="auto" if name != "levels" else "text"), (), name)
                checks.together(reference, self.values, (name,))

    def fill(self, filling: Filling) -> HeatmapData:
        rows, columns = (tuple(str(one) for one in filling.labels(names)) for names in (self.rows, self.columns))
        values = tuple(filling.several(self.values))
        levels = filling.labels(self.levels) if self.levels is not None else (None,) * len(values)
        for names in (rows, columns, levels):
            filling.same_length("", names, values)
        cells: dict[tuple[str, str], HeatmapCell] = {}
        for row, column, found, level in zip(rows, columns, values, levels, strict=True):
            if (row, column) in cells:
                raise Internal(f"Panel '{self.id}': there are two figures for {row} and {column}.", remedy="Give every pair once.")
            cell = filling.cell_of(column, self.values, found, self)
            cells[row, column] = HeatmapCell(**cell.model_dump(), level=None if level is None else str(scalar(level)))
        across = tuple(dict.fromkeys(columns))
        return HeatmapData(columns=across, rows=tuple(self._row(row, across, cells) for row in dict.fromkeys(rows)))

    def _row(self, row: str, across: tuple[str, ...], cells: dict[tuple[str, str], HeatmapCell]) -> HeatmapRow:
        return HeatmapRow(label=row, cells=tuple(cells.get((row, column)) or self._none(column) for column in across))

    def _none(self, column: str) -> HeatmapCell:
        how = {"format": self.format, "color_condition": self.color_condition, "threshold": self.threshold}
        return HeatmapCell(label=column, value=None, unit=None, currency=None, reason=NO_PAIR, level=None, **how)
