"""What may be done with the figures of each source, and the line that must stand beside them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final


class Use(StrEnum):
    """What one can do with a figure."""

    DISPLAY = "display"
    PDF = "pdf"
    TABLE = "table"
    REDISTRIBUTE = "redistribute"


@dataclass(frozen=True, slots=True)
class SourceRights:
    """The ``uses`` a source allows; ``attribution`` must be shown with its figures, ``licensed_uses`` need a licence of the operator's.

    ``is_demo`` marks sample data: nothing made of it may pass for a statement.
    """

    source: str
    uses: frozenset[Use]
    attribution: str | None
    licensed_uses: frozenset[Use] = frozenset()
    is_demo: bool = False

    def allows(self, use: Use) -> bool:
        """Whether ``use`` is allowed without a licence that was not declared."""
        return use in self.uses


@dataclass(frozen=True, slots=True)
class ExportPolicy:
    """What the operator decided about exports: licences held, by source, and whether one refused section refuses the whole of it."""

    licensed: frozenset[str] = frozenset()
    strict: bool = False


FILTERING: Final = ExportPolicy()


@dataclass(frozen=True, slots=True)
class ExportDecision:
    """Whether something made of ``sources`` may be used so; ``refused`` names the sources that stand in the way and why."""

    use: Use
    is_allowed: bool
    refused: Mapping[str, str]
    attributions: tuple[str, ...]


_EVERYTHING: Final = frozenset(Use)
_EXPORT: Final = frozenset({Use.PDF, Use.TABLE})
_SHOWN: Final = frozenset({Use.DISPLAY})

_REGISTRY: Final = {
    one.source: one
    for one in (
        SourceRights("FMP", _SHOWN, "Data provided by Financial Modeling Prep", _EXPORT),
        SourceRights("POLYGON", _SHOWN, "© Polygon.io", _EXPORT),
        SourceRights("FRED", _EVERYTHING, "Source: FRED®, Federal Reserve Bank of St. Louis"),
        SourceRights("FRED TB3MS", _EVERYTHING, "Source: FRED®, Federal Reserve Bank of St. Louis"),
        SourceRights("FRED:derived", _EVERYTHING, "Computed from FRED®, Federal Reserve Bank of St. Louis"),
        SourceRights("ECB", _EVERYTHING, "Source: European Central Bank"),
        SourceRights("NEWSAPI", _SHOWN, "NewsAPI.org"),
        SourceRights("ALPHAVANTAGE", _SHOWN, "Alpha Vantage"),
        SourceRights("YAHOO", _SHOWN, "Yahoo Finance"),
        SourceRights("ANTHROPIC", _EXPORT | _SHOWN, "AI-generated"),
        SourceRights("SKFOLIO", _EVERYTHING, "Prices: data sets of skfolio (BSD 3-Clause)", is_demo=True),
        SourceRights("BOKEH_SAMPLEDATA", _EVERYTHING, "Prices: bokeh_sampledata (BSD 3-Clause)", is_demo=True),
        SourceRights("manual", _EVERYTHING, None),
        SourceRights("calculated", _EVERYTHING, None),
        SourceRights("ledger", _EVERYTHING, None),
        SourceRights("securities", _EVERYTHING, None),
    )
}
#: Annual figures name the report they were read from: a public filing, quoted by its title.
_FILING: Final = re.compile(r".+, Form (?:10-K|20-F|40-F)\b.*")


def rights_of(source: str, licensed: Iterable[str] = ()) -> SourceRights | None:
    """The rights in what ``source`` said, with the licences the operator declares by source; None for a source nobody knows."""
    found = _REGISTRY.get(source)
    if found is None and _FILING.fullmatch(source):
        return SourceRights(source, _EVERYTHING, source)
    if found is not None and source in set(licensed):
        return replace(found, uses=found.uses | found.licensed_uses)
    return found


def decide(use: Use, sources: Iterable[str], licensed: Iterable[str] = ()) -> ExportDecision:
    """Whether figures of all these sources may be used so. One source without the right is enough to refuse, and so is an unknown one."""
    refused: dict[str, str] = {}
    attributions: set[str] = set()
    for source in set(sources):
        found = rights_of(source, licensed)
        if found is None:
            refused[source] = "its terms are not known"
        elif not found.allows(use):
            needs = " without a licence" if use in found.licensed_uses else ""
            refused[source] = f"its terms do not allow '{use.value}'{needs}"
        elif found.attribution:
            attributions.add(found.attribution)
    return ExportDecision(use, not refused, dict(sorted(refused.items())), tuple(sorted(attributions)))


def watermark(sources: Iterable[str]) -> str | None:
    """What must stand across every page made of these sources: sample data, or figures that may not be passed on; None for neither."""
    known = [rights_of(source) for source in sources]
    if any(one is not None and one.is_demo for one in known):
        return "DEMO DATA"
    if any(one is not None and not one.allows(Use.REDISTRIBUTE) for one in known):
        return "NOT FOR REDISTRIBUTION"
    return None
