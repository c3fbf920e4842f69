"""Charts: lines over a common axis, bars, and parts of a whole."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from dawsos.patterns.closed import Closed, Fixed, Shown
from dawsos.patterns.formats import Format
from dawsos.patterns.panels.answer import Cell, PanelResult, Series
from dawsos.patterns.panels.filling import Filling
from dawsos.patterns.panels.spec import Body, PanelChecks, PanelSpec
from dawsos.patterns.references import Ref, Text
from dawsos.patterns.values import Scalar
from dawsos.registry.contract import Contract


class SeriesSpec(Shown):
    """Values along the axis and what they are called."""

    label: Text
    values: Ref


class LineData(Contract):
    """``x`` and, for each series, one value per ``x``."""

    x: tuple[Scalar, ...]
    x_format: Format
    series: tuple[Series, ...]


class LinePanel(PanelResult):
    """Lines over a common axis."""

    type: Literal["line_chart", "multi_line_chart", "stacked_area", "dual_line"]
    data: LineData | None


class Lines(Body):
    """``x``: a list, usually of dates; ``series``: lists of the same length."""

    x: Ref
    x_format: Format = "date"
    series: tuple[SeriesSpec, ...] = Field(min_length=1)

    def check(self, checks: PanelChecks) -> None:
        checks.many(self.x, Fixed(format=self.x_format), (), "x")
        for index, series in enumerate(self.series):
            checks.many(series.values, series, ("series", index))
            checks.together(self.x, series.values, ("series", index, "values"))

    def fill(self, filling: Filling) -> LineData:
        x = filling.labels(self.x)
        series = tuple(filling.series(one.label, one.values, one) for one in self.series)
        for one in series:
            filling.same_length(f", series '{one.label}'", x, one.values)
        return LineData(x=x, x_format=self.x_format, series=series)


class Line(Lines, PanelSpec):
    """Lines over a common axis."""

    result: ClassVar[type[PanelResult]] = LinePanel

    type: Literal["line_chart", "multi_line_chart", "stacked_area", "dual_line"]


class BarData(Contract):
    """``labels`` and, for each series, one value per label."""

    labels: tuple[Scalar, ...]
    series: tuple[Series, ...]
    horizontal: bool


class BarPanel(PanelResult):
    """Bars."""

    type: Literal["bar_chart"]
    data: BarData | None


class Bars(Body):
    """``labels``: a list of names; ``series``: lists of the same length."""

    labels: Ref
    series: tuple[SeriesSpec, ...] = Field(min_length=1)
    horizontal: bool = False

    def check(self, checks: PanelChecks) -> None:
        checks.many(self.labels, Fixed(), (), "labels")
        for index, series in enumerate(self.series):
            checks.many(series.values, series, ("series", index))
            checks.together(self.labels, series.values, ("series", index, "values"))

    def fill(self, filling: Filling) -> BarData:
        labels = filling.labels(self.labels)
        series = tuple(filling.series(one.label, one.values, one) for one in self.series)
        for one in series:
            filling.same_length(f", series '{one.label}'", labels, one.values)
        return BarData(labels=labels, series=series, horizontal=self.horizontal)


class Bar(Bars, PanelSpec):
    """Bars."""

    result: ClassVar[type[PanelResult]] = BarPanel

    type: Literal["bar_chart"]


class Slice(Closed):
    """One part and what it is called."""

    label: Text
    value: Ref


class SliceData(Contract):
    """Parts in the order of the file or of the list; their values keep their sign."""

    slices: tuple[Cell, ...]


class SlicePanel(PanelResult):
    """Parts of a whole, or steps from one value to another."""

    type: Literal["pie_chart", "donut_chart", "waterfall"]
    data: SliceData | None


class Pieces(Body, Shown):
    """Either ``slices``, each with label and value, or two lists of the same length, ``labels`` and ``values``."""

    slices: tuple[Slice, ...] | None = Field(default=None, min_length=1)
    labels: Ref | None = None
    values: Ref | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if (self.slices is None) == (self.values is None) or (self.values is None) != (self.labels is None):
            raise ValueError("A chart of parts has either 'slices' or both 'labels' and 'values'")
        return self

    def check(self, checks: PanelChecks) -> None:
        for index, part in enumerate(self.slices or ()):
            checks.one(part.value, self, ("slices", index))
        if self.labels is not None and self.values is not None:
            checks.many(self.labels, Fixed(), (), "labels")
            checks.many(self.values, self, ())
            checks.together(self.labels, self.values, ("values",))

    def fill(self, filling: Filling) -> SliceData:
        if self.labels is None or self.values is None:
            return SliceData(slices=tuple(filling.cell(part.label, part.value, self) for part in self.slices or ()))
        labels, values = filling.labels(self.labels), tuple(filling.several(self.values))
        filling.same_length("", labels, values)
        reference = self.values
        pairs = zip(labels, values, strict=True)
        return SliceData(slices=tuple(filling.cell_of(str(label), reference, found, self) for label, found in pairs))


class Slices(Pieces, PanelSpec):
    """Parts of a whole, or steps from one value to another."""

    result: ClassVar[type[PanelResult]] = SlicePanel

    type: Literal["pie_chart", "donut_chart", "waterfall"]
