"""Criteria with what was found for each, and figures above them."""

from typing import ClassVar, Literal

from dawsos.patterns.closed import Fixed
from dawsos.patterns.panels.answer import Cell, PanelResult
from dawsos.patterns.panels.filling import Filling
from dawsos.patterns.panels.metrics_grid import Metric, check_metrics, fill_metrics
from dawsos.patterns.panels.spec import PanelChecks, PanelSpec
from dawsos.patterns.panels.table import FieldPath, Records, TableData
from dawsos.registry.contract import Contract


class ScorecardData(Contract):
    """Figures, and criteria as rows; ``passed`` names the field of a row that says whether it is met, null when that is not known."""

    metrics: tuple[Cell, ...]
    criteria: TableData | None
    passed: str | None


class ScorecardPanel(PanelResult):
    """Criteria and how they are met."""

    type: Literal["scorecard"]
    data: ScorecardData | None


class Scorecard(PanelSpec):
    """``metrics``: the score and figures about it; ``criteria``: rows with columns; ``passed``: a field of a row that is true or false."""

    result: ClassVar[type[PanelResult]] = ScorecardPanel

    type: Literal["scorecard"]
    metrics: tuple[Metric, ...] = ()
    criteria: Records | None = None
    passed: FieldPath | None = None

    def check(self, checks: PanelChecks) -> None:
        check_metrics(self.metrics, checks)
        if self.criteria is not None:
            self.criteria.check(checks.inside("criteria"))
        if self.criteria is None and not self.metrics:
            checks.add((), "A scorecard shows at least one of 'metrics' and 'criteria'.")
        if self.passed is not None and self.criteria is None:
            checks.add(("passed",), "There are no criteria to be met.")
        elif self.passed is not None and self.criteria is not None:
            checks.many(self.criteria.of_row(self.passed), Fixed(format="text"), (), "passed")

    def fill(self, filling: Filling) -> ScorecardData:
        also = () if self.passed is None else (self.passed,)
        return ScorecardData(
            metrics=fill_metrics(self.metrics, filling),
            criteria=None if self.criteria is None else self.criteria.fill(filling, also=also),
            passed=self.passed,
        )
