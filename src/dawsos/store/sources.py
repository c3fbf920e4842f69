"""Sources over the network: their tickers, how much they were asked for, and what was fetched of them before each night."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_statements: Final = load("sources")


@dataclass(frozen=True, slots=True)
class OverrideRecord:
    """What a source calls a security."""

    provider: str
    symbol: str
    ticker: str
    note: str | None
    set_at: datetime


@dataclass(frozen=True, slots=True)
class UsageRecord:
    """What a source was asked for in the month that begins on ``month``."""

    provider: str
    month: date
    requests: int
    bytes: int


@dataclass(frozen=True, slots=True)
class FetchRecord:
    """What was fetched of a source for the night of a date; meanings as in ``app.source_fetches``."""

    asof_date: date
    provider: str
    subject: str
    status: str
    told: int
    kept: int
    problem: str | None
    unknown_symbols: list[str]
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class LastPriced:
    """The newest day a price of a security is known of."""

    security_id: UUID
    last_date: date


@dataclass(frozen=True, slots=True)
class LastStatement:
    """The end of the newest fiscal year that is known of a company."""

    security_id: UUID
    fiscal_date: date


LIST_OVERRIDES = _statements.many("list_overrides", OverrideRecord)
PUT_OVERRIDE = _statements.none("put_override")
REMOVE_OVERRIDE = _statements.none("remove_override")
ADD_USAGE = _statements.one("add_usage", UsageRecord)
USAGE_OF_MONTH = _statements.many("usage_of_month", UsageRecord)
PUT_FETCH = _statements.none("put_fetch")
LIST_FETCHES = _statements.many("list_fetches", FetchRecord)
LAST_PRICED = _statements.many("last_priced", LastPriced)
LAST_RATE = _statements.many("last_rate", date)
HELD_SECURITIES = _statements.many("held_securities", UUID)
LAST_STATEMENTS = _statements.many("last_statements", LastStatement)


async def list_overrides(tx: DatabaseTransaction) -> list[OverrideRecord]:
    """Every override, by source and symbol."""
    return await tx.fetch_all(LIST_OVERRIDES)


async def put_override(
    tx: DatabaseTransaction, provider: str, symbol: str, ticker: str, *, note: str | None, moment: datetime, user_id: UUID | None
) -> None:
    """Say what a source calls a security; only operators may."""
    await tx.execute(PUT_OVERRIDE, provider=provider, symbol=symbol, ticker=ticker, note=note, moment=moment, user_id=user_id)


async def remove_override(tx: DatabaseTransaction, provider: str, symbol: str) -> bool:
    """Forget an override; False when there was none."""
    return bool(await tx.execute(REMOVE_OVERRIDE, provider=provider, symbol=symbol))


async def add_usage(tx: DatabaseTransaction, provider: str, month: date, size: int) -> UsageRecord:
    """Count an answer of ``size`` bytes; what it comes to in the month."""
    return await tx.fetch_one(ADD_USAGE, provider=provider, month=month, bytes=size)


async def usage_of_month(tx: DatabaseTransaction, month: date) -> dict[str, UsageRecord]:
    """How much each source was asked for in a month."""
    return {one.provider: one for one in await tx.fetch_all(USAGE_OF_MONTH, month=month)}


async def put_fetch(tx: DatabaseTransaction, found: FetchRecord) -> None:
    """Note what was fetched; the same subject of the same night replaces what was noted before."""
    await tx.execute(
        PUT_FETCH,
        asof_date=found.asof_date,
        provider=found.provider,
        subject=found.subject,
        status=found.status,
        told=found.told,
        kept=found.kept,
        problem=found.problem,
        unknown_symbols=found.unknown_symbols,
        moment=found.finished_at,
    )


async def list_fetches(tx: DatabaseTransaction, limit: int) -> list[FetchRecord]:
    """What was fetched, the newest night first."""
    return await tx.fetch_all(LIST_FETCHES, limit=limit)


async def last_priced(tx: DatabaseTransaction, source: str) -> dict[UUID, date]:
    """The newest day ``source`` told a price of, by security."""
    return {one.security_id: one.last_date for one in await tx.fetch_all(LAST_PRICED, source=source)}


async def last_rate(tx: DatabaseTransaction, source: str) -> date | None:
    """The newest day ``source`` told a rate of."""
    return next(iter(await tx.fetch_all(LAST_RATE, source=source)), None)


async def held_securities(tx: DatabaseTransaction) -> Sequence[UUID]:
    """Every security some portfolio holds now; background work sees all portfolios."""
    return await tx.fetch_all(HELD_SECURITIES)


async def last_statements(tx: DatabaseTransaction, source: str) -> dict[UUID, date]:
    """The end of the newest fiscal year ``source`` told of, by security."""
    return {one.security_id: one.fiscal_date for one in await tx.fetch_all(LAST_STATEMENTS, source=source)}
