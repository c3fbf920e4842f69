"""Words for people that a capability wrote: an explanation, a finding, a report with its file."""

from typing import ClassVar, Literal

from dawsos.patterns.closed import Fixed
from dawsos.patterns.panels.answer import Cell, PanelResult
from dawsos.patterns.panels.filling import Filling
from dawsos.patterns.panels.metrics_grid import Metric, check_metrics, fill_metrics
from dawsos.patterns.panels.spec import Body, PanelChecks, PanelSpec
from dawsos.patterns.references import Ref
from dawsos.registry.contract import Contract
from dawsos.registry.shapes import item_type, leaves, present


class ProseData(Contract):
    """Paragraphs in order; none when there is no text."""

    paragraphs: tuple[str, ...]


def check_text(reference: Ref, checks: PanelChecks, name: str) -> None:
    """Report a reference under the key ``name`` that gives neither a text nor a list of texts."""
    shape = checks.shape(reference, (name,))
    if shape is None or shape.is_unknown:
        return
    kinds = [item_type(kind) or kind for kind in present(shape.annotation)]
    if any(leaf is not str and leaf is not type(None) for kind in kinds for leaf in leaves(kind)):
        checks.add((name,), "This must be a text or a list of texts.")


class Prose(Body):
    """``text``: a text, or a list of texts; an empty line begins a new paragraph."""

    text: Ref

    def check(self, checks: PanelChecks) -> None:
        check_text(self.text, checks, "text")

    def fill(self, filling: Filling) -> ProseData:
        return ProseData(paragraphs=filling.paragraphs(self.text))


class ReportData(Contract):
    """What a report says, figures about it, and the path its file is fetched from."""

    paragraphs: tuple[str, ...]
    items: tuple[Cell, ...]
    download: Cell | None


class ReportPanel(PanelResult):
    """A report, or words about something."""

    type: Literal["report_viewer"]
    data: ReportData | None


class Report(PanelSpec):
    """``text``: a text or a list of texts; ``items``: figures about it; ``download``: the path its file is fetched from."""

    result: ClassVar[type[PanelResult]] = ReportPanel

    type: Literal["report_viewer"]
    text: Ref | None = None
    items: tuple[Metric, ...] = ()
    download: Ref | None = None

    def check(self, checks: PanelChecks) -> None:
        if self.text is not None:
            check_text(self.text, checks, "text")
        if self.download is not None:
            checks.one(self.download, Fixed(format="text"), (), "download")
        check_metrics(self.items, checks, "items")
        if self.text is None and self.download is None and not self.items:
            checks.add((), "A report shows at least one of 'text', 'items' and 'download'.")

    def fill(self, filling: Filling) -> ReportData:
        return ReportData(
            paragraphs=filling.paragraphs(self.text) if self.text is not None else (),
            items=fill_metrics(self.items, filling),
            download=filling.cell("Download", self.download, Fixed(format="text")) if self.download is not None else None,
        )
