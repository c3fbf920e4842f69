"""Figures side by side, and a status with figures below it."""

from typing import ClassVar, Literal

from pydantic import Field

from dawsos.patterns.closed import Fixed, Shown
from dawsos.patterns.panels.answer import Cell, PanelResult
from dawsos.patterns.panels.filling import Filling
from dawsos.patterns.panels.spec import Body, PanelChecks, PanelSpec
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


def check_metrics(metrics: tuple[Metric, ...], checks: PanelChecks, name: str = "metrics") -> None:
    """Report what is wrong with the figures that stand under the key ``name``."""
    for index, metric in enumerate(metrics):
        checks.one(metric.value, metric, (name, index))


def fill_metrics(metrics: tuple[Metric, ...], filling: Filling) -> tuple[Cell, ...]:
    """The figures with their values."""
    return tuple(filling.cell(metric.label, metric.value, metric) for metric in metrics)


class Metrics(Body):
    """``metrics``: figures with label, value and format."""

    metrics: tuple[Metric, ...] = Field(min_length=1)

    def check(self, checks: PanelChecks) -> None:
        check_metrics(self.metrics, checks)

    def fill(self, filling: Filling) -> MetricsGridData:
        return MetricsGridData(metrics=fill_metrics(self.metrics, filling))


class MetricsGrid(Metrics, PanelSpec):
    """Figures side by side."""

    result: ClassVar[type[PanelResult]] = MetricsGridPanel

    type: Literal["metrics_grid"]


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
        check_metrics(self.items, checks, "items")

    def fill(self, filling: Filling) -> StatusData:
        state = filling.cell("status", self.state, Fixed(format="text"))
        return StatusData(state=state, items=fill_metrics(self.items, filling))
