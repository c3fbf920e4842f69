"""Figures side by side, and a status with figures below it."""

from typing import ClassVar, Literal

from pydantic import Field

from dawsos.patterns.closed import Fixed, Shown
from dawsos.patterns.panels.answer import Cell, PanelResult
from dawsos.patterns.panels.filling import Filling
from dawsos.patterns.panels.spec import PanelChecks, PanelSpec
from dawsos.patterns.references import Ref, Text
from dawsos.registry.contract import Contract


class Metric(Shown):
    """One figure and what it is called."""

    label: Text
    value: Ref


class MetricsGridData(Contract):
    """Figures in the order of the file."""

    metrics: tuple[Cell, ...]


class MetricsGridPanel(PanelResult):
    """Figures side by side."""

    type: Literal["metrics_grid"]
    data: MetricsGridData | None


class MetricsGrid(PanelSpec):
    """``metrics``: figures with label, value and format."""

    result: ClassVar[type[PanelResult]] = MetricsGridPanel

    type: Literal["metrics_grid"]
    metrics: tuple[Metric, ...] = Field(min_length=1)

    def check(self, checks: PanelChecks) -> None:
        for index, metric in enumerate(self.metrics):
            checks.one(metric.value, metric, ("metrics", index))

    def fill(self, filling: Filling) -> MetricsGridData:
        return MetricsGridData(metrics=tuple(filling.cell(metric.label, metric.value, metric) for metric in self.metrics))


class StatusData(Contract):
    """The state of something, and figures about it."""

    state: Cell
    items: tuple[Cell, ...]


class StatusPanel(PanelResult):
    """How something stands."""

    type: Literal["status"]
    data: StatusData | None


class Status(PanelSpec):
    """``state``: a text such as a job's status; ``items``: figures about it."""

    result: ClassVar[type[PanelResult]] = StatusPanel

    type: Literal["status"]
    state: Ref
    items: tuple[Metric, ...] = ()

    def check(self, checks: PanelChecks) -> None:
        checks.one(self.state, Fixed(format="text"), (), "state")
        for index, item in enumerate(self.items):
            checks.one(item.value, item, ("items", index))

    def fill(self, filling: Filling) -> StatusData:
        state = filling.cell("status", self.state, Fixed(format="text"))
        return StatusData(state=state, items=tuple(filling.cell(item.label, item.value, item) for item in self.items))
