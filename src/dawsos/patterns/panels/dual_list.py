"""Two lists side by side, such as what gains and what loses."""

from typing import ClassVar, Literal

from dawsos.patterns.panels.answer import PanelResult
from dawsos.patterns.panels.filling import Filling
from dawsos.patterns.panels.spec import PanelChecks, PanelSpec
from dawsos.patterns.panels.table import Records, TableData
from dawsos.patterns.references import Text
from dawsos.registry.contract import Contract


class TitledRecords(Records):
    """Rows with columns, and what they are called."""

    title: Text


class TitledTable(Contract):
    """One of the two lists."""

    title: str
    table: TableData


class DualListData(Contract):
    """The two lists."""

    left: TitledTable
    right: TitledTable


class DualListPanel(PanelResult):
    """Two lists side by side."""

    type: Literal["dual_list"]
    data: DualListData | None


class DualList(PanelSpec):
    """``left`` and ``right``: each a ``title`` and rows with columns."""

    result: ClassVar[type[PanelResult]] = DualListPanel

    type: Literal["dual_list"]
    left: TitledRecords
    right: TitledRecords

    def check(self, checks: PanelChecks) -> None:
        self.left.check(checks.inside("left"))
        self.right.check(checks.inside("right"))

    def fill(self, filling: Filling) -> DualListData:
        left, right = (TitledTable(title=one.title, table=one.fill(filling)) for one in (self.left, self.right))
        return DualListData(left=left, right=right)
