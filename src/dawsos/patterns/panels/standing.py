"""Where something stands: a regime or the phase of a cycle, how sure that is, and what it rests on."""

from typing import ClassVar, Literal

from dawsos.patterns.closed import Fixed
from dawsos.patterns.panels.answer import Cell, PanelResult
from dawsos.patterns.panels.charts import Pieces, SliceData
from dawsos.patterns.panels.filling import Filling
from dawsos.patterns.panels.metrics_grid import Metric, check_metrics, fill_metrics
from dawsos.patterns.panels.spec import PanelChecks, PanelSpec
from dawsos.patterns.panels.table import Records, TableData
from dawsos.patterns.references import Ref
from dawsos.registry.contract import Contract


class StandingData(Contract):
    """The state, figures about it, the probability or score of every state, and the indicators behind it."""

    state: Cell
    metrics: tuple[Cell, ...]
    probabilities: SliceData | None
    indicators: TableData | None


class StandingPanel(PanelResult):
    """Where something stands."""

    type: Literal["regime_widget", "cycle_card"]
    data: StandingData | None


class Standing(PanelSpec):
    """``state``: its name; ``metrics``: confidence, date and so on; ``probabilities``: parts; ``indicators``: rows with columns."""

    result: ClassVar[type[PanelResult]] = StandingPanel

    type: Literal["regime_widget", "cycle_card"]
    state: Ref
    metrics: tuple[Metric, ...] = ()
    probabilities: Pieces | None = None
    indicators: Records | None = None

    def check(self, checks: PanelChecks) -> None:
        checks.one(self.state, Fixed(format="text"), (), "state")
        check_metrics(self.metrics, checks)
        for name, part in (("probabilities", self.probabilities), ("indicators", self.indicators)):
            if part is not None:
                part.check(checks.inside(name))

    def fill(self, filling: Filling) -> StandingData:
        return StandingData(
            state=filling.cell("State", self.state, Fixed(format="text")),
            metrics=fill_metrics(self.metrics, filling),
            probabilities=None if self.probabilities is None else self.probabilities.fill(filling),
            indicators=None if self.indicators is None else self.indicators.fill(filling),
        )
