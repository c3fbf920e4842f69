"""One figure against its scale and limit, and the steps it is made of."""

from typing import ClassVar, Literal

from dawsos.patterns.closed import Shown
from dawsos.patterns.panels.answer import Cell, PanelResult
from dawsos.patterns.panels.charts import Pieces, SliceData
from dawsos.patterns.panels.filling import Filling
from dawsos.patterns.panels.metrics_grid import Metric, check_metrics, fill_metrics
from dawsos.patterns.panels.spec import PanelChecks, PanelSpec
from dawsos.patterns.references import Ref, Text
from dawsos.registry.contract import Contract

_MARKS = ("minimum", "maximum", "limit")


class GaugeData(Contract):
    """A figure between ``minimum`` and ``maximum``, what it should not pass, what it is made of, and figures about it."""

    value: Cell
    minimum: Cell | None
    maximum: Cell | None
    limit: Cell | None
    waterfall: SliceData | None
    metrics: tuple[Cell, ...]


class GaugePanel(PanelResult):
    """A figure on its scale, with the steps it is made of."""

    type: Literal["gauge_with_waterfall"]
    data: GaugeData | None


class Gauge(PanelSpec, Shown):
    """``value`` called ``label``; ``minimum``, ``maximum`` and ``limit`` in its unit; ``waterfall``: parts; ``metrics``: more figures."""

    result: ClassVar[type[PanelResult]] = GaugePanel

    type: Literal["gauge_with_waterfall"]
    label: Text
    value: Ref
    minimum: Ref | None = None
    maximum: Ref | None = None
    limit: Ref | None = None
    waterfall: Pieces | None = None
    metrics: tuple[Metric, ...] = ()

    def check(self, checks: PanelChecks) -> None:
        checks.one(self.value, self, ())
        for name in _MARKS:
            if (mark := getattr(self, name)) is not None:
                checks.one(mark, self, (), name)
        if self.waterfall is not None:
            self.waterfall.check(checks.inside("waterfall"))
        check_metrics(self.metrics, checks)

    def fill(self, filling: Filling) -> GaugeData:
        marks = {name: getattr(self, name) for name in _MARKS}
        return GaugeData(
            value=filling.cell(self.label, self.value, self),
            **{name: None if mark is None else filling.cell(name.capitalize(), mark, self) for name, mark in marks.items()},
            waterfall=None if self.waterfall is None else self.waterfall.fill(filling),
            metrics=fill_metrics(self.metrics, filling),
        )
