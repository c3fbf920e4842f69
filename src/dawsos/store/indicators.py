"""Economic indicators, each value with the day from which it was known."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_statements: Final = load("indicators")

IndicatorRow = tuple[str, date, Decimal, str, str, date | None]


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """An observation of ``date``, known since ``known_from``."""

    known_from: date
    value: Decimal
    date: date


INDICATOR_HISTORY = _statements.many("indicator_history", IndicatorValue)
PUT_INDICATORS = _statements.bulk("put_indicators")


async def indicator_history(tx: DatabaseTransaction, indicator_name: str, known_by: date) -> list[IndicatorValue]:
    """Every value known by a date, in order of the period observed."""
    return await tx.fetch_all(INDICATOR_HISTORY, indicator_name=indicator_name, known_by=known_by)


async def put_indicators(tx: DatabaseTransaction, rows: Iterable[IndicatorRow]) -> int:
    """Keep values: (indicator, date, value, unit, source, release date)."""
    return await tx.copy_into(PUT_INDICATORS, rows)
