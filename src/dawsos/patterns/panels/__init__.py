"""The kinds of panel: what a pattern file says of one, and what the answer holds."""

from typing import Annotated, Final, get_args

from pydantic import Field

from dawsos.patterns.panels.answer import Cell, PanelProvenance, PanelResult, Series
from dawsos.patterns.panels.cards import Cards, CardsPanel
from dawsos.patterns.panels.charts import Bar, BarPanel, Line, LinePanel, SlicePanel, Slices
from dawsos.patterns.panels.comparison import Comparison, ComparisonPanel
from dawsos.patterns.panels.composed import ChartWithMetrics, ChartWithMetricsPanel, Tabs, TabsPanel
from dawsos.patterns.panels.dual_list import DualList, DualListPanel
from dawsos.patterns.panels.gauge import Gauge, GaugePanel
from dawsos.patterns.panels.heatmap import Heatmap, HeatmapPanel
from dawsos.patterns.panels.metrics_grid import MetricsGrid, MetricsGridPanel, Status, StatusPanel
from dawsos.patterns.panels.scorecard import Scorecard, ScorecardPanel
from dawsos.patterns.panels.spec import PanelChecks, PanelSpec
from dawsos.patterns.panels.standing import Standing, StandingPanel
from dawsos.patterns.panels.table import Records, Table, TablePanel
from dawsos.patterns.panels.text import Report, ReportPanel

#: A panel as a file describes it, told apart by ``type``.
AnyPanelSpec = Annotated[
    MetricsGrid
    | Table
    | Cards
    | Line
    | Bar
    | Slices
    | Comparison
    | Status
    | Heatmap
    | Gauge
    | Standing
    | Scorecard
    | DualList
    | Tabs
    | ChartWithMetrics
    | Report,
    Field(discriminator="type"),
]
#: A panel in an answer, told apart by ``type``.
AnyPanel = Annotated[
    MetricsGridPanel
    | TablePanel
    | CardsPanel
    | LinePanel
    | BarPanel
    | SlicePanel
    | ComparisonPanel
    | StatusPanel
    | HeatmapPanel
    | GaugePanel
    | StandingPanel
    | ScorecardPanel
    | DualListPanel
    | TabsPanel
    | ChartWithMetricsPanel
    | ReportPanel,
    Field(discriminator="type"),
]
PANEL_TYPES: Final = tuple(
    sorted(name for spec in get_args(get_args(AnyPanelSpec)[0]) for name in get_args(spec.model_fields["type"].annotation))
)

__all__ = [
    "PANEL_TYPES",
    "AnyPanel",
    "AnyPanelSpec",
    "Cell",
    "PanelChecks",
    "PanelProvenance",
    "PanelResult",
    "PanelSpec",
    "Records",
    "Series",
]
