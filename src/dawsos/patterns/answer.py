"""The answer of a pattern: typed data and panels, the same byte for byte for the same pack, ledger and inputs; and the trace."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import create_model

from dawsos.patterns.checker import Pattern, is_uncertain
from dawsos.patterns.inputs import title
from dawsos.patterns.panels import AnyPanel, PanelResult
from dawsos.patterns.trace import Trace
from dawsos.patterns.values import json_bytes
from dawsos.registry.contract import Contract


@dataclass(frozen=True)
class PatternResult:
    """What a pattern gave. ``data`` holds the results of its outputs exactly as the capabilities returned them."""

    data: Mapping[str, Contract | None]
    panels: tuple[PanelResult, ...]
    warnings: tuple[str, ...]
    trace: Trace

    @cached_property
    def content(self) -> dict[str, Any]:
        """``data`` and ``panels`` as JSON values: everything that is a function of pack, ledger and inputs alone."""
        return {
            "data": {name: None if result is None else result.plain() for name, result in self.data.items()},
            "panels": [panel.plain() for panel in self.panels],
        }

    @cached_property
    def canonical(self) -> bytes:
        """The canonical bytes of :attr:`content`."""
        return json_bytes(self.content)

    def plain(self) -> dict[str, Any]:
        """The whole answer as JSON values."""
        return {**self.content, "warnings": list(self.warnings), "trace": self.trace.plain()}


class PatternAnswer(Contract):
    """The whole answer as it goes over the wire; every pattern has its own ``data``."""

    panels: tuple[AnyPanel, ...]
    warnings: tuple[str, ...]
    trace: Trace


def pattern_result_model(pattern: Pattern) -> type[Contract]:
    """The type of ``data``, for example ``PortfolioOverviewData``: one field per output, nullable when its step may be left out."""
    fields: dict[str, Any] = {}
    for step in pattern.file.steps:
        if step.name in pattern.file.outputs:
            result = pattern.capabilities[step.name].result
            fields[step.name] = (result | None if is_uncertain(step) else result, ...)
    ordered = {name: fields[name] for name in pattern.file.outputs}
    doc = f"Results of pattern {pattern.id}, by step."
    return create_model(f"{title(pattern.id)}Data", __base__=Contract, __doc__=doc, **ordered)


def pattern_answer_model(pattern: Pattern) -> type[PatternAnswer]:
    """The type of the whole answer, for example ``PortfolioOverviewAnswer``."""
    data: Any = (pattern_result_model(pattern), ...)
    return create_model(f"{title(pattern.id)}Answer", __base__=PatternAnswer, __doc__=f"Answer of pattern {pattern.id}.", data=data)
