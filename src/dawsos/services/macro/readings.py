"""Every economic indicator as a day knew it: its newest value, where that stands in its history, and where it is from."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from dawsos.compute.macro.derived import SOURCES, derive
from dawsos.compute.macro.series import Frequency, IndicatorSeries, indicator_series
from dawsos.compute.macro.standing import standing
from dawsos.compute.returns.figures import NotComputable
from dawsos.services.context import RequestContext
from dawsos.services.macro.catalogue import indicator_catalogue, series_catalogue
from dawsos.services.macro.ingestion import DERIVED
from dawsos.services.macro.labels import in_words, indicator_label
from dawsos.services.macro.observed import STATED, series_known
from dawsos.store import indicators
from dawsos.store.indicators import IndicatorRecord

#: Indicators made of several series; those that would repeat another under a second name are left out.
COMPOSED: Final = (
    "BREAKEVEN", "CREDIT_IMPULSE", "EMPLOYMENT_GAP", "FISCAL_IMPULSE", "GDP_GAP", "MONEY_VELOCITY", "REAL_GDP_GROWTH", "REAL_INTEREST_RATE",
    "REAL_YIELD_10Y",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorStanding:
    """The newest value of an indicator; what its history does not allow to say is None, with the ``reason``."""

    indicator: str
    label: str
    value: float
    unit: str
    known_from: date
    date: date
    source: str
    frequency: str | None
    zscore: float | None
    percentile: float | None
    trend: Literal["rising", "falling", "flat"] | None
    staleness_days: int
    reason: str | None


async def indicator_standings(context: RequestContext, day: date) -> Mapping[str, IndicatorStanding]:
    """Every indicator of the catalogue, composed or entered, by name, as far as anything was known of it on ``day``."""
    names = sorted({one.indicator_name for one in indicator_catalogue()} | set(STATED.values()))
    async with context.database.transaction(context.actor, read_only=True) as tx:
        rows = await indicators.indicators_recent(tx, names, day)
    by_name: dict[str, list[IndicatorRecord]] = defaultdict(list)
    for row in rows:
        by_name[row.indicator_name].append(row)
    found = {name: _kept(name, records, day) for name, records in by_name.items()}
    observed = await series_known(context, day, SOURCES)
    for name in COMPOSED:
        made = derive(name, observed)
        composed = None if made is None else _composed(made, day)
        if composed is not None:
            found[name] = composed
    return dict(sorted(found.items()))


def possible_indicators() -> tuple[str, ...]:
    """Every name :func:`indicator_standings` may have an entry for."""
    return tuple(sorted({one.indicator_name for one in indicator_catalogue()} | set(STATED.values()) | set(COMPOSED)))


def _kept(name: str, records: list[IndicatorRecord], day: date) -> IndicatorStanding:
    """The newest record; it is compared with earlier ones of the same source and frequency only."""
    last = records[-1]
    frequency: Frequency | None = series_catalogue()[last.series_id.split(",")[0]].frequency.value if last.series_id else None
    unit = last.unit or "unknown"
    if frequency is None:
        return _standing(name, (last.date, float(last.value), last.known_from), unit, last.source, None, day, "it was entered by hand")
    alike = [row for row in records if (row.source, row.unit) == (last.source, last.unit)]
    series = indicator_series(
        name,
        [row.date for row in alike],
        [float(row.value) for row in alike],
        unit=unit,
        frequency=frequency,
        released=[row.known_from for row in alike],
    )
    return _judged(series, last.source or "unknown", day)


def _composed(series: IndicatorSeries, day: date) -> IndicatorStanding | None:
    known = series.known(day)
    return _judged(known, DERIVED, day) if len(known) else None


def _judged(series: IndicatorSeries, source: str, day: date) -> IndicatorStanding:
    last = (series.dates[-1].item(), float(series.values[-1]), series.released[-1].item())
    place = standing(series, day)
    if isinstance(place, NotComputable):
        return _standing(series.name, last, series.unit, source, series.frequency, day, in_words(str(place)))
    return IndicatorStanding(
        indicator=series.name,
        label=indicator_label(series.name),
        value=place.value,
        unit=series.unit,
        date=place.date,
        known_from=last[2],
        source=source,
        frequency=series.frequency,
        zscore=place.zscore,
        percentile=place.percentile,
        trend=place.trend,
        staleness_days=place.staleness_days,
        reason=None,
    )


def _standing(
    name: str, last: tuple[date, float, date], unit: str, source: str | None, frequency: str | None, day: date, reason: str
) -> IndicatorStanding:
    return IndicatorStanding(
        indicator=name,
        label=indicator_label(name),
        value=last[1],
        unit=unit,
        date=last[0],
        known_from=last[2],
        source=source or "unknown",
        frequency=frequency,
        zscore=None,
        percentile=None,
        trend=None,
        staleness_days=(day - last[0]).days,
        reason=reason,
    )
