"""How well kept results serve: asked for, found, computed, how old when served, and what is kept now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from dawsos.kernel.identity import SYSTEM
from dawsos.services.telemetry import Meters
from dawsos.store import derived as store
from dawsos.store.database import Database

_HIT: Final = "hit"


class KeptNow(Protocol):
    """How many results of a kind are kept, and when the oldest and the newest were made."""

    @property
    def kept(self) -> int | None: ...
    @property
    def oldest(self) -> datetime | None: ...
    @property
    def newest(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class KeptResultUse:
    """One kind of result since this process began: ``hit_rate`` is None before anybody asked.

    ``mean_age_seconds`` is that of stored results when they were served, None when none was; ``kept`` and the dates are of what the
    database keeps now for all kinds that are kept under one key, and of what this process keeps for whole answers.
    """

    derivation: str
    hits: int
    misses: int
    hit_rate: float | None
    mean_age_seconds: float | None
    kept: int
    oldest: datetime | None
    newest: datetime | None


async def kept_result_uses(database: Database, meters: Meters, in_memory: Mapping[str, KeptNow]) -> list[KeptResultUse]:
    """Every kind of result that was asked for or is kept, in the database or ``in_memory``, by name."""
    asked: dict[str, dict[str, float]] = {}
    for metric in meters.derivations.collect():
        for sample in metric.samples:
            if sample.name.endswith("_total"):
                by_outcome = asked.setdefault(sample.labels["derivation"], {})
                by_outcome[sample.labels["outcome"]] = by_outcome.get(sample.labels["outcome"], 0.0) + sample.value
    ages: dict[str, dict[str, float]] = {}
    for metric in meters.derivation_age.collect():
        for sample in metric.samples:
            if sample.name.endswith(("_sum", "_count")):
                ages.setdefault(sample.labels["derivation"], {})[sample.name.rpartition("_")[2]] = sample.value
    async with database.transaction(SYSTEM, read_only=True) as tx:
        stored = {one.derivation: one for one in await store.kept_results(tx)}
    kept: dict[str, KeptNow] = {**stored, **in_memory}
    return [_use(name, asked.get(name, {}), ages.get(name, {}), kept.get(name)) for name in sorted({*asked, *kept})]


def _use(name: str, outcomes: dict[str, float], age: dict[str, float], kept: KeptNow | None) -> KeptResultUse:
    hits = int(outcomes.get(_HIT, 0.0))
    misses = int(sum(outcomes.values())) - hits
    served = age.get("count", 0.0)
    return KeptResultUse(
        derivation=name,
        hits=hits,
        misses=misses,
        hit_rate=hits / (hits + misses) if hits + misses else None,
        mean_age_seconds=age["sum"] / served if served else None,
        kept=(kept.kept or 0) if kept else 0,
        oldest=kept.oldest if kept else None,
        newest=kept.newest if kept else None,
    )
