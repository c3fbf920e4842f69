"""Economic indicators, each value with the day from which it was known."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_statements: Final = load("indicators")

#: Indicator, date, value, unit, source, release date, frequency, series of the source.
IndicatorRow = tuple[str, date, Decimal, str, str, date | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """An observation of ``date``, known since ``known_from``."""

    known_from: date
    value: Decimal
    date: date


@dataclass(frozen=True, slots=True)
class IndicatorRecord:
    """A value of an indicator: what ``date`` dates, known since ``known_from``."""

    known_from: date
    indicator_name: str
    date: date
    value: Decimal
    unit: str | None
    source: str | None
    frequency: str | None
    series_id: str | None


@dataclass(frozen=True, slots=True)
class DerivedIndicator:
    """A value of the view of derived indicators, which could be known since ``known_from``."""

    known_from: date
    indicator_name: str
    date: date
    value: Decimal
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class IndicatorSpan:
    """How much there is of an indicator."""

    indicator_name: str
    unit: str | None
    source: str | None
    frequency: str | None
    series_id: str | None
    first_date: date
    last_date: date
    last_known_from: date
    observations: int


INDICATOR_HISTORY = _statements.many("indicator_history", IndicatorValue)
INDICATORS_KNOWN = _statements.many("indicators_known", IndicatorRecord)
INDICATORS_RECENT = _statements.many("indicators_recent", IndicatorRecord)
INDICATORS_LATEST = _statements.many("indicators_latest", IndicatorRecord)
DERIVED_INDICATORS = _statements.many("derived_indicators", DerivedIndicator)
INDICATOR_SPANS = _statements.many("indicator_spans", IndicatorSpan)
PUT_INDICATORS = _statements.bulk("put_indicators")
FORGET_INDICATORS = _statements.none("forget_indicators")


async def indicator_history(tx: DatabaseTransaction, indicator_name: str, known_by: date) -> list[IndicatorValue]:
    """Every value known by a date, in order of the period observed."""
    return await tx.fetch_all(INDICATOR_HISTORY, indicator_name=indicator_name, known_by=known_by)


async def indicators_known(tx: DatabaseTransaction, indicator_names: Collection[str], known_by: date) -> list[IndicatorRecord]:
    """Every value of some indicators known by a date, by indicator and period."""
    return await tx.fetch_all(INDICATORS_KNOWN, indicator_names=list(indicator_names), known_by=known_by)


async def indicators_recent(tx: DatabaseTransaction, indicator_names: Collection[str], known_by: date) -> list[IndicatorRecord]:
    """The values known by a date of the last years, as many as it takes to compare the newest with its history (daily 5, others 32)."""
    return await tx.fetch_all(INDICATORS_RECENT, indicator_names=list(indicator_names), known_by=known_by)


async def indicators_latest(tx: DatabaseTransaction, known_by: date) -> list[IndicatorRecord]:
    """The newest value of every indicator known by a date; no projection of a period that has not begun."""
    return await tx.fetch_all(INDICATORS_LATEST, known_by=known_by)


async def derived_indicators(tx: DatabaseTransaction, indicator_names: Collection[str], known_by: date) -> list[DerivedIndicator]:
    """Values of the view of derived indicators that could be known by a date, by indicator and date."""
    return await tx.fetch_all(DERIVED_INDICATORS, indicator_names=list(indicator_names), known_by=known_by)


async def indicator_spans(tx: DatabaseTransaction) -> list[IndicatorSpan]:
    """How much there is of every indicator."""
    return await tx.fetch_all(INDICATOR_SPANS)


async def put_indicators(tx: DatabaseTransaction, rows: Iterable[IndicatorRow]) -> int:
    """Keep values; how many were new or different. What was entered by hand is only replaced by hand."""
    return await tx.copy_into(PUT_INDICATORS, rows)


async def forget_indicators(tx: DatabaseTransaction, indicator_name: str, source: str, series_id: str) -> int:
    """Remove what ``source`` derived of an indicator from other series than ``series_id``."""
    return await tx.execute(FORGET_INDICATORS, indicator_name=indicator_name, source=source, series_id=series_id)
