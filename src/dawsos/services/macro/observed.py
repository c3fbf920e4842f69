"""Economic series as the mathematics of regimes and cycles reads them: as they were known on a day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from dawsos.compute.macro.series import IndicatorSeries, indicator_series
from dawsos.kernel.errors import Internal, Invalid
from dawsos.services.context import RequestContext
from dawsos.services.macro.catalogue import series_catalogue
from dawsos.store import indicators
from dawsos.store.indicators import IndicatorRecord

#: Every series the judgements of regimes and debt cycles can rest on. Projections are none of them.
JUDGED_BY: Final = (
    "UNRATE", "CPIAUCSL", "CPILFESL", "INDPRO", "PAYEMS", "GDPC1", "GDP", "BAA", "BAA10Y", "GS10", "GS2", "DGS10", "DGS2", "FEDFUNDS",
    "DFF", "M2SL", "OPHNFB", "LOANINV", "TOTBKCR", "SP500", "GFDEGDQ188S", "TDSP",
)  # fmt: skip
#: Indicators no public series tells, entered by hand as fractions: their name in the mathematics, and the one they are kept under.
STATED: Final = {
    "education": "EDUCATION_INDEX", "innovation": "INNOVATION_RATE", "military": "MILITARY_DOMINANCE",
    "reserve_share": "RESERVE_CURRENCY_SHARE", "gdp_share": "WORLD_GDP_SHARE", "inequality": "GINI", "conflict": "INTERNAL_CONFLICT",
    "default_rate": "DEFAULT_RATE", "gini": "GINI", "institutional_trust": "INSTITUTIONAL_TRUST", "polarization": "POLARIZATION_INDEX",
}  # fmt: skip
#: How units of the catalogue are spelt in the mathematics: what they count, without how they are adjusted.
_UNITS: Final = {"percent of GDP": "percent", "USD billions, annual rate": "USD billions"}


@dataclass(frozen=True, slots=True)
class StatedIndicator:
    """A level that was entered: under which name it is kept, since when, and where it is from."""

    kept_as: str
    value: float
    date: date
    source: str


def judgement_day(context: RequestContext, asof_date: date | None) -> date:
    """The day a question about the economy is asked of: the one named, else that of the pinned pack. Never a later one than the pack's."""
    pinned = context.asof_date
    if asof_date is None and pinned is None:
        raise Invalid("The question names no day.", remedy="Name it with asof_date, or ask under a pricing pack.")
    if asof_date is not None and pinned is not None and asof_date > pinned:
        raise Invalid(
            f"{asof_date} lies after the pricing pack's {pinned}.", remedy="Ask of a day up to the pack's, or under a later pack."
        )
    day = asof_date or pinned
    if day is None:
        raise Internal("A day was checked to be there and is not.")
    return day


async def observed_series(context: RequestContext, known_by: date) -> Mapping[str, IndicatorSeries]:
    """Every series of :data:`JUDGED_BY` that is kept, with the values published by ``known_by``."""
    return await series_known(context, known_by, JUDGED_BY)


async def series_known(context: RequestContext, known_by: date, series_ids: tuple[str, ...]) -> Mapping[str, IndicatorSeries]:
    """Some series of the catalogue as far as they are kept, with the values published by ``known_by``."""

    async def load() -> Mapping[str, IndicatorSeries]:
        async with context.database.transaction(context.actor, read_only=True) as tx:
            rows = await indicators.indicators_known(tx, series_ids, known_by)
        return series_of(rows)

    return await context.memory.once(("series_known", series_ids, known_by), load)


def series_of(rows: Iterable[IndicatorRecord]) -> Mapping[str, IndicatorSeries]:
    """Kept values, by indicator and period, as the mathematics reads them."""
    by_name: dict[str, list[IndicatorRecord]] = defaultdict(list)
    for row in rows:
        by_name[row.indicator_name].append(row)
    return {name: _series(name, found) for name, found in by_name.items()}


async def stated_levels(context: RequestContext, known_by: date) -> Mapping[str, StatedIndicator]:
    """The last value known by a day of each of :data:`STATED` that was entered, under its name in the mathematics."""

    async def load() -> Mapping[str, StatedIndicator]:
        async with context.database.transaction(context.actor, read_only=True) as tx:
            rows = await indicators.indicators_known(tx, sorted(set(STATED.values())), known_by)
        latest = {
            row.indicator_name: StatedIndicator(row.indicator_name, float(row.value), row.date, row.source or "unknown")
            for row in rows
            if row.unit == "fraction" and row.date <= known_by
        }
        return {name: latest[kept] for name, kept in STATED.items() if kept in latest}

    return await context.memory.once(("stated_levels", known_by), load)


def _series(name: str, rows: list[IndicatorRecord]) -> IndicatorSeries:
    unit = rows[0].unit or ""
    return indicator_series(
        name,
        [row.date for row in rows],
        [float(row.value) for row in rows],
        unit=_UNITS.get(unit, unit),
        frequency=series_catalogue()[name].frequency.value,
        # A projection is published years ahead and counts from the first day of its period.
        released=[max(row.known_from, row.date) for row in rows],
    )
