"""What a panel of several parts may hold: the simple kinds of panel without their head, and prose."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from dawsos.patterns.closed import Closed
from dawsos.patterns.panels.charts import BarData, Bars, LineData, Lines, Pieces, SliceData
from dawsos.patterns.panels.comparison import Cases, ComparisonData
from dawsos.patterns.panels.filling import Filling
from dawsos.patterns.panels.metrics_grid import Metrics, MetricsGridData
from dawsos.patterns.panels.spec import Body
from dawsos.patterns.panels.table import Records, TableData
from dawsos.patterns.panels.text import Prose, ProseData
from dawsos.patterns.references import Text
from dawsos.registry.contract import Contract


class ShownPart(Contract):
    """A part in an answer; it may have a heading of its own."""

    title: str | None

    @classmethod
    def of(cls, body: Body, title: str | None, filling: Filling) -> Self:
        """The part with its values."""
        return cls.model_validate({"type": getattr(body, "type"), "title": title, "data": body.fill(filling)})  # noqa: B009


class MetricsPartShown(ShownPart):
    """Figures side by side."""

    type: Literal["metrics_grid"]
    data: MetricsGridData


class TablePartShown(ShownPart):
    """Rows with columns."""

    type: Literal["table"]
    data: TableData


class LinePartShown(ShownPart):
    """Lines over a common axis."""

    type: Literal["line_chart", "multi_line_chart", "stacked_area", "dual_line"]
    data: LineData


class BarPartShown(ShownPart):
    """Bars."""

    type: Literal["bar_chart"]
    data: BarData


class SlicePartShown(ShownPart):
    """Parts of a whole, or steps from one value to another."""

    type: Literal["pie_chart", "donut_chart", "waterfall"]
    data: SliceData


class ComparisonPartShown(ShownPart):
    """Figures for several cases."""

    type: Literal["comparison_table", "comparison_grid"]
    data: ComparisonData


class ProsePartShown(ShownPart):
    """Paragraphs."""

    type: Literal["text"]
    data: ProseData


class Part(Closed):
    """A part in a pattern file."""

    shown: ClassVar[type[ShownPart]]

    title: Text | None = None


class MetricsPart(Metrics, Part):
    """Figures side by side."""

    shown: ClassVar[type[ShownPart]] = MetricsPartShown

    type: Literal["metrics_grid"]


class TablePart(Records, Part):
    """Rows with columns."""

    shown: ClassVar[type[ShownPart]] = TablePartShown

    type: Literal["table"]


class LinePart(Lines, Part):
    """Lines over a common axis."""

    shown: ClassVar[type[ShownPart]] = LinePartShown

    type: Literal["line_chart", "multi_line_chart", "stacked_area", "dual_line"]


class BarPart(Bars, Part):
    """Bars."""

    shown: ClassVar[type[ShownPart]] = BarPartShown

    type: Literal["bar_chart"]


class SlicePart(Pieces, Part):
    """Parts of a whole, or steps from one value to another."""

    shown: ClassVar[type[ShownPart]] = SlicePartShown

    type: Literal["pie_chart", "donut_chart", "waterfall"]


class ComparisonPart(Cases, Part):
    """Figures for several cases."""

    shown: ClassVar[type[ShownPart]] = ComparisonPartShown

    type: Literal["comparison_table", "comparison_grid"]


class ProsePart(Prose, Part):
    """Paragraphs."""

    shown: ClassVar[type[ShownPart]] = ProsePartShown

    type: Literal["text"]


#: A chart, told apart by ``type``.
ChartPart = Annotated[LinePart | BarPart | SlicePart, Field(discriminator="type")]
ChartPartShown = Annotated[LinePartShown | BarPartShown | SlicePartShown, Field(discriminator="type")]
#: Any part, told apart by ``type``.
AnyPart = Annotated[MetricsPart | TablePart | LinePart | BarPart | SlicePart | ComparisonPart | ProsePart, Field(discriminator="type")]
AnyPartShown = Annotated[
    MetricsPartShown | TablePartShown | LinePartShown | BarPartShown | SlicePartShown | ComparisonPartShown | ProsePartShown,
    Field(discriminator="type"),
]
