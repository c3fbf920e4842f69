"""Observed prices and exchange rates: what sources said, before any of it is pinned in a pack."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_statements: Final = load("observations")

PriceRow = tuple[UUID, date, str, Decimal | None, Decimal | None, Decimal | None, Decimal, int | None, str, datetime]
RateRow = tuple[str, str, date, str, Decimal, datetime]


@dataclass(frozen=True, slots=True)
class ObservedPrice:
    """A price of one security on one trading day, as a source gave it."""

    security_id: UUID
    symbol: str
    date: date
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    close: Decimal
    volume: int | None
    currency: str
    source: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class ObservedRate:
    """``rate`` units of ``quote_ccy`` per unit of ``base_ccy``, as a source published it."""

    base_ccy: str
    quote_ccy: str
    date: date
    rate: Decimal
    source: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class FirstObserved:
    """The first day a security was observed."""

    symbol: str
    first_date: date


@dataclass(frozen=True, slots=True)
class ObservationSpan:
    """How much a source has said."""

    source: str
    securities: int
    first_date: date
    last_date: date
    observations: int


@dataclass(frozen=True, slots=True)
class RateSpan:
    """How many exchange rates a source has published."""

    source: str
    first_date: date
    last_date: date
    observations: int


PUT_PRICES = _statements.bulk("put_prices")
PUT_RATES = _statements.bulk("put_rates")
PRICES_BETWEEN = _statements.many("prices_between", ObservedPrice)
FIRST_OBSERVED = _statements.many("first_observed", FirstObserved)
RATES_BETWEEN = _statements.many("rates_between", ObservedRate)
OBSERVATION_SPANS = _statements.many("observation_spans", ObservationSpan)
RATE_SPANS = _statements.many("rate_spans", RateSpan)


async def put_prices(tx: DatabaseTransaction, rows: Iterable[PriceRow]) -> int:
    """Keep observed prices; how many were new or different."""
    return await tx.copy_into(PUT_PRICES, rows)


async def put_rates(tx: DatabaseTransaction, rows: Iterable[RateRow]) -> int:
    """Keep observed rates; how many were new or different."""
    return await tx.copy_into(PUT_RATES, rows)


async def prices_between(tx: DatabaseTransaction, sources: Collection[str], first: date, last: date) -> list[ObservedPrice]:
    """What ``sources`` observed of active securities from ``first`` to ``last``, in no particular order."""
    return await tx.fetch_all(PRICES_BETWEEN, sources=list(sources), first=first, last=last)


async def first_observed(tx: DatabaseTransaction, sources: Collection[str]) -> dict[str, date]:
    """Since when each active security has been observed by ``sources``, by symbol."""
    return {row.symbol: row.first_date for row in await tx.fetch_all(FIRST_OBSERVED, sources=list(sources))}


async def rates_between(
    tx: DatabaseTransaction, sources: Collection[str], base_ccy: str, currencies: Collection[str], first: date, last: date
) -> list[ObservedRate]:
    """What ``sources`` published against ``base_ccy`` from ``first`` to ``last``, in no particular order."""
    return await tx.fetch_all(RATES_BETWEEN, sources=list(sources), base_ccy=base_ccy, currencies=list(currencies), first=first, last=last)


async def observation_spans(tx: DatabaseTransaction) -> list[ObservationSpan]:
    """How much each source of prices has said."""
    return await tx.fetch_all(OBSERVATION_SPANS)


async def rate_spans(tx: DatabaseTransaction) -> list[RateSpan]:
    """How many exchange rates each source has published."""
    return await tx.fetch_all(RATE_SPANS)
