"""Takes published series in: the figures as published under their own ids, and the indicators made of them, scaled once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from dawsos.compute.indicators import transforms
from dawsos.compute.indicators.observations import Observation, Series
from dawsos.services.macro.catalogue import IndicatorDefinition, Transform, indicator_catalogue, series_definition
from dawsos.store import indicators
from dawsos.store.indicators import IndicatorRow
from dawsos.store.transaction import DatabaseTransaction

FRED: Final = "FRED"
DERIVED: Final = "FRED:derived"
_SCALES: Final = {"trillion": 10**12, "billion": 10**9, "million": 10**6, "thousand": 10**3}
_ALL_TIME: Final = date.max


@dataclass(frozen=True, slots=True)
class Published:
    """One published figure; ``release_date`` is None where the source does not say when it appeared."""

    series_id: str
    period: date
    value: Decimal
    release_date: date | None = None


@dataclass(frozen=True, slots=True)
class MacroReport:
    """What taking series in came to: how many figures, and how many values of indicators, were new or different."""

    series: int
    observations: int
    indicators: int


async def take_series(tx: DatabaseTransaction, published: Iterable[Published], *, fetched_on: date) -> MacroReport:
    """Keep the figures, then make the indicators that depend on them anew. All of it happens in the caller's transaction or not at all.

    A figure without a release date gets the usual one of its series, but never one after ``fetched_on``: it was there by then.
    """
    rows = [_raw(one, fetched_on) for one in published]
    series = {row[0] for row in rows}
    observations = await indicators.put_indicators(tx, rows)
    made = await derive_indicators(tx, series) if observations else 0
    return MacroReport(len(series), observations, made)


async def derive_indicators(tx: DatabaseTransaction, changed: Iterable[str]) -> int:
    """Make every indicator that can depend on ``changed`` series; how many values were new or different."""
    changed_series = set(changed)
    definitions: dict[str, list[IndicatorDefinition]] = defaultdict(list)
    for one in indicator_catalogue():
        definitions[one.indicator_name].append(one)
    concerned = {name: ways for name, ways in definitions.items() if changed_series & {id_ for way in ways for id_ in way.source_series}}
    kept = await _kept(tx, {id_ for ways in concerned.values() for way in ways for id_ in way.source_series})
    rows: list[IndicatorRow] = []
    for name, ways in concerned.items():
        way = next((way for way in ways if kept.keys() >= set(way.source_series)), None)
        if way is not None:
            await indicators.forget_indicators(tx, name, DERIVED, ",".join(way.source_series))
            rows += _derived(way, kept)
    return await indicators.put_indicators(tx, rows)


async def _kept(tx: DatabaseTransaction, series_ids: set[str]) -> dict[str, Series]:
    found: dict[str, list[Observation]] = defaultdict(list)
    for row in await indicators.indicators_known(tx, series_ids, _ALL_TIME):
        found[row.indicator_name].append(Observation(row.date, row.known_from, row.value))
    return {series_id: Series(observations) for series_id, observations in found.items()}


def _raw(one: Published, fetched_on: date) -> IndicatorRow:
    definition = series_definition(one.series_id)
    release_date = one.release_date or min(definition.release_date(one.period), fetched_on)
    return (one.series_id, one.period, one.value, definition.unit, FRED, release_date, definition.frequency.value, one.series_id)


def _derived(way: IndicatorDefinition, kept: Mapping[str, Series]) -> list[IndicatorRow]:
    definition, series_id = series_definition(way.series_id), ",".join(way.source_series)
    unit = definition.unit if way.transform is Transform.LEVEL else "fraction"
    return [
        (way.indicator_name, one.period, one.value, unit, DERIVED, one.known_from, definition.frequency.value, series_id)
        for one in _transformed(way, kept)
    ]


def _transformed(way: IndicatorDefinition, kept: Mapping[str, Series]) -> list[Observation]:
    series = kept[way.series_id]
    if way.other_series_id is None:
        return {
            Transform.LEVEL: transforms.level,
            Transform.FRACTION: transforms.fraction,
            Transform.CHANGE_OVER_YEAR: transforms.change_over_year,
            Transform.ANNUALISED_CHANGE: transforms.annualised_change,
        }[way.transform](series)
    other = kept[way.other_series_id]
    if way.transform is Transform.FRACTION_DIFFERENCE:
        return transforms.fraction_difference(series, other)
    return transforms.ratio(transforms.in_units(series, _scale(way.series_id)), transforms.in_units(other, _scale(way.other_series_id)))


def _scale(series_id: str) -> Decimal:
    unit = series_definition(series_id).unit
    return Decimal(next((scale for word, scale in _SCALES.items() if word in unit), 1))
