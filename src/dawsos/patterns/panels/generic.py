"""Panels whose parts are named by the file: the surface that shows one knows the names."""

from typing import Any, ClassVar, Literal

from pydantic import Field, JsonValue

from dawsos.patterns.closed import Name
from dawsos.patterns.panels.answer import PanelResult
from dawsos.patterns.panels.filling import Filling
from dawsos.patterns.panels.spec import PanelChecks, PanelSpec
from dawsos.patterns.problems import Place
from dawsos.patterns.references import NotAReference, mentions, parse
from dawsos.patterns.values import Found, plain
from dawsos.registry.contract import Contract

GenericKind = Literal[
    "heatmap", "gauge_with_waterfall", "regime_widget", "cycle_card", "scorecard", "dual_list", "tabbed_content",
    "chart_with_metrics", "report_viewer",
]  # fmt: skip


class GenericData(Contract):
    """The parts by name, and for each null a reason under the dotted path to it."""

    fields: dict[str, JsonValue]
    reasons: dict[str, str]


class GenericPanel(PanelResult):
    """Parts named by the pattern file."""

    type: GenericKind
    data: GenericData | None


class Generic(PanelSpec):
    """``fields``: a tree of names, words and references."""

    result: ClassVar[type[PanelResult]] = GenericPanel

    type: GenericKind
    fields: dict[Name, JsonValue] = Field(min_length=1)

    def check(self, checks: PanelChecks) -> None:
        self._check(self.fields, ("fields",), checks)

    def _check(self, tree: Any, place: Place, checks: PanelChecks) -> None:
        for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
            if isinstance(value, dict | list):
                self._check(value, (*place, key), checks)
            elif isinstance(value, str) and mentions(value):
                try:
                    checks.shape(parse(value), (*place, key))
                except NotAReference as error:
                    checks.add((*place, key), str(error))

    def fill(self, filling: Filling) -> GenericData:
        reasons: dict[str, str] = {}
        return GenericData(fields=_filled(self.fields, "", filling, reasons), reasons=reasons)


def _filled(tree: Any, path: str, filling: Filling, reasons: dict[str, str]) -> Any:
    if isinstance(tree, dict):
        return {key: _filled(value, f"{path}.{key}".lstrip("."), filling, reasons) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_filled(value, f"{path}.{index}", filling, reasons) for index, value in enumerate(tree)]
    if not (isinstance(tree, str) and mentions(tree)):
        return tree
    reference = parse(tree)
    found = filling.values.find(reference)
    if isinstance(found, Found):
        if reason := filling.note(reference, found):
            reasons[path] = reason
        return plain(found.value)
    for one in found:
        filling.note(reference, one)
    return [plain(one.value) for one in found]
