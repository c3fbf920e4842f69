"""Panels of several parts: behind tabs, or a chart with the figures that go with it."""

from typing import ClassVar, Literal

from pydantic import Field

from dawsos.patterns.closed import Closed
from dawsos.patterns.panels.answer import Cell, PanelResult
from dawsos.patterns.panels.filling import Filling
from dawsos.patterns.panels.metrics_grid import Metric, check_metrics, fill_metrics
from dawsos.patterns.panels.parts import AnyPart, AnyPartShown, ChartPart, ChartPartShown
from dawsos.patterns.panels.spec import PanelChecks, PanelSpec
from dawsos.patterns.references import Text
from dawsos.registry.contract import Contract


class TabSpec(Closed):
    """What stands behind one tab."""

    label: Text
    parts: tuple[AnyPart, ...] = Field(min_length=1)


class Tab(Contract):
    """One tab and what stands behind it."""

    label: str
    parts: tuple[AnyPartShown, ...]


class TabsData(Contract):
    """Tabs in the order of the file."""

    tabs: tuple[Tab, ...]


class TabsPanel(PanelResult):
    """Parts behind tabs."""

    type: Literal["tabbed_content"]
    data: TabsData | None


class Tabs(PanelSpec):
    """``tabs``: each a ``label`` and ``parts``."""

    result: ClassVar[type[PanelResult]] = TabsPanel

    type: Literal["tabbed_content"]
    tabs: tuple[TabSpec, ...] = Field(min_length=1)

    def check(self, checks: PanelChecks) -> None:
        for index, tab in enumerate(self.tabs):
            if tab.label in {earlier.label for earlier in self.tabs[:index]}:
                checks.add(("tabs", index, "label"), f"There is already a tab '{tab.label}'.")
            for position, part in enumerate(tab.parts):
                part.check(checks.inside("tabs", index, "parts", position))

    def fill(self, filling: Filling) -> TabsData:
        return TabsData(
            tabs=tuple(
                Tab(label=tab.label, parts=tuple(part.shown.of(part, part.title, filling) for part in tab.parts)) for tab in self.tabs
            )
        )


class ChartWithMetricsData(Contract):
    """A chart, and figures below it."""

    chart: ChartPartShown
    metrics: tuple[Cell, ...]


class ChartWithMetricsPanel(PanelResult):
    """A chart with figures."""

    type: Literal["chart_with_metrics"]
    data: ChartWithMetricsData | None


class ChartWithMetrics(PanelSpec):
    """``chart``: lines, bars or parts, each with its own ``type``; ``metrics``: figures below it."""

    result: ClassVar[type[PanelResult]] = ChartWithMetricsPanel

    type: Literal["chart_with_metrics"]
    chart: ChartPart
    metrics: tuple[Metric, ...] = Field(min_length=1)

    def check(self, checks: PanelChecks) -> None:
        self.chart.check(checks.inside("chart"))
        check_metrics(self.metrics, checks)

    def fill(self, filling: Filling) -> ChartWithMetricsData:
        chart = self.chart.shown.of(self.chart, self.chart.title, filling)
        return ChartWithMetricsData.model_validate({"chart": chart, "metrics": fill_metrics(self.metrics, filling)})
