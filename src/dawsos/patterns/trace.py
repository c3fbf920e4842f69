"""The trace of a run: everything that may differ from one run to the next, and how every result came about."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from dawsos.registry.contract import Contract
from dawsos.registry.provenance import Origin, Provenance
from dawsos.registry.units import Count, Fraction, Milliseconds, Seconds

DataKind = Literal["computed", "cached", "mixed", "unknown"]


class StepProvenance(Contract):
    """Where the result of one step came from."""

    sources: tuple[str, ...]
    asof: date | None
    method_version: str | None
    warnings: tuple[str, ...]

    @classmethod
    def of(cls, provenance: Provenance) -> "StepProvenance":
        """The part of ``provenance`` that belongs to the result."""
        return cls(sources=provenance.sources, asof=provenance.asof, method_version=provenance.method_version, warnings=provenance.warnings)


class StepError(Contract):
    """What went wrong in a step."""

    kind: str
    code: str
    message: str


class StepTrace(Contract):
    """One step: whether it ran, how long it took, and where its result came from. ``as`` is its name in the pattern."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    capability: str
    name: str = Field(alias="as")
    agent: str
    args_digest: str | None
    success: bool
    skipped: bool
    reason: str | None
    attempts: Annotated[int, Count]
    duration_ms: Annotated[float | None, Milliseconds]
    stored_or_computed: Origin | None
    provenance: StepProvenance | None
    error: StepError | None


class PanelStaleness(Contract):
    """How fresh one panel is: the date of its oldest data, and whether that is older than the panel allows."""

    panel: str
    asof: date | None
    ttl: Annotated[int, Seconds]
    stale: bool


class CacheStats(Contract):
    """How many results were stored already."""

    hits: Annotated[int, Count]
    misses: Annotated[int, Count]
    hit_rate: Annotated[float | None, Fraction]


class DataProvenance(Contract):
    """Where the data as a whole came from."""

    overall: DataKind
    types_used: tuple[DataKind, ...]
    warnings: tuple[str, ...]


class Trace(Contract):
    """How an answer came about."""

    pattern_id: str
    version: str
    pricing_pack_id: str | None
    pack_hash: str | None
    ledger_commit_hash: str | None
    trace_id: str
    request_id: str
    asof_date: date | None
    agents_used: tuple[str, ...]
    capabilities_used: tuple[str, ...]
    sources: tuple[str, ...]
    per_panel_staleness: tuple[PanelStaleness, ...]
    steps: tuple[StepTrace, ...]
    cache_stats: CacheStats
    data_provenance: DataProvenance
    duration_ms: Annotated[float, Milliseconds]


def cache_stats(steps: Sequence[StepTrace]) -> CacheStats:
    """Stored results among those that were delivered; the rate is null when none was."""
    origins = [step.stored_or_computed for step in steps if step.stored_or_computed is not None]
    hits = origins.count("stored")
    return CacheStats(hits=hits, misses=len(origins) - hits, hit_rate=hits / len(origins) if origins else None)


def data_provenance(steps: Sequence[StepTrace], warnings: Iterable[str]) -> DataProvenance:
    """``cached`` or ``computed`` when all results were, ``mixed`` when some of each, ``unknown`` when there is no result."""
    kinds: list[DataKind] = ["cached" if step.stored_or_computed == "stored" else "computed" for step in steps if step.stored_or_computed]
    used = tuple(sorted(set(kinds)))
    overall: DataKind = "unknown" if not used else used[0] if len(used) == 1 else "mixed"
    return DataProvenance(overall=overall, types_used=used, warnings=tuple(warnings))
