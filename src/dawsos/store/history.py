"""Series over many packs: prices and rates as a pinned pack sees them, and the daily values computed from them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from dawsos.store.packs import PackRecord
from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_statements: Final = load("history")


@dataclass(frozen=True, slots=True)
class VisiblePack:
    """The pack that counts for a date."""

    date: date
    id: str


@dataclass(frozen=True, slots=True)
class PriceSeries:
    """Closes of one security in 1e-8 by the position (from 1) of their pack; ``price_days`` are day numbers since 1970-01-01."""

    security_id: UUID
    positions: list[int]
    closes: list[int]
    price_days: list[int]


@dataclass(frozen=True, slots=True)
class RateSeries:
    """Rates of one pair by the position (from 1) of their pack."""

    base_ccy: str
    quote_ccy: str
    positions: list[int]
    rates: list[Decimal]


@dataclass(frozen=True, slots=True)
class NavSeriesRecord:
    """Daily values packed: ``dates`` are int32 day numbers, the rest int64 cents of ``currency``."""

    portfolio_id: UUID
    edition: int
    pricing_pack_id: str
    ledger_commit_hash: str
    method_version: str
    currency: str
    dates: bytes
    nav: bytes
    cash: bytes
    securities_value: bytes
    total_pl: bytes
    daily_pl: bytes
    net_external_flow: bytes


@dataclass(frozen=True, slots=True)
class DailyValueRecord:
    """The value of a portfolio at the end of one day."""

    date: date
    nav: Decimal
    cash: Decimal
    securities_value: Decimal
    total_pl: Decimal | None
    daily_pl: Decimal | None
    net_external_flow: Decimal
    currency: str | None
    pricing_pack_id: str | None
    ledger_commit_hash: str | None


@dataclass(frozen=True, slots=True)
class FirstBooking:
    """When the oldest ledger begins."""

    first_date: date | None


@dataclass(frozen=True, slots=True)
class ValueOnDay:
    """A portfolio's stored value of a day and the state it was computed from."""

    portfolio_id: UUID
    nav: Decimal
    pricing_pack_id: str | None
    ledger_commit_hash: str | None


VALUES_ON = _statements.many("values_on", ValueOnDay)
NAV_SERIES_OF = _statements.many("nav_series_of", NavSeriesRecord)
PUT_MANY_NAV_SERIES = _statements.bulk("put_many_nav_series")
REMOVE_MANY_DAILY_VALUES = _statements.none("remove_many_daily_values")
TRADED_SECURITIES = _statements.many("traded_securities", UUID)
FIRST_BOOKING = _statements.one("first_booking", FirstBooking)
VISIBLE_PACKS = _statements.many("visible_packs", VisiblePack)
PRICE_SERIES = _statements.many("price_series", PriceSeries)
RATE_SERIES = _statements.many("rate_series", RateSeries)
PRICE_SOURCES = _statements.many("price_sources", str)
RATE_SOURCES = _statements.many("rate_sources", str)
FIND_NAV_SERIES = _statements.optional("find_nav_series", NavSeriesRecord)
PUT_NAV_SERIES = _statements.none("put_nav_series")
REMOVE_DAILY_VALUES = _statements.none("remove_daily_values")
ADD_DAILY_VALUES = _statements.bulk("add_daily_values")
DAILY_VALUES = _statements.many("daily_values", DailyValueRecord)


async def visible_packs(tx: DatabaseTransaction, pack: PackRecord, first: date) -> list[VisiblePack]:
    """The packs ``pack`` sees from ``first`` to its own date, one per date, ascending."""
    return await tx.fetch_all(VISIBLE_PACKS, policy=pack.policy, edition=pack.edition, first=first, last=pack.date, pack_id=pack.id)


async def price_series(tx: DatabaseTransaction, pack_ids: Sequence[str], security_ids: Sequence[UUID]) -> list[PriceSeries]:
    """The closes of ``security_ids`` in ``pack_ids``."""
    return await tx.fetch_all(PRICE_SERIES, pack_ids=list(pack_ids), security_ids=list(security_ids))


async def rate_series(tx: DatabaseTransaction, pack_ids: Sequence[str]) -> list[RateSeries]:
    """All rates in ``pack_ids``."""
    return await tx.fetch_all(RATE_SERIES, pack_ids=list(pack_ids))


async def price_sources(tx: DatabaseTransaction, pack: PackRecord, security_ids: Sequence[UUID]) -> list[str]:
    """The sources of the prices of some securities in the packs up to ``pack``, in order of name."""
    return await tx.fetch_all(PRICE_SOURCES, security_ids=list(security_ids), policy=pack.policy, edition=pack.edition, last=pack.date)


async def rate_sources(tx: DatabaseTransaction, pack: PackRecord) -> list[str]:
    """The sources of the rates in the packs up to ``pack``, in order of name."""
    return await tx.fetch_all(RATE_SOURCES, policy=pack.policy, edition=pack.edition, last=pack.date)


async def find_nav_series(tx: DatabaseTransaction, portfolio_id: UUID) -> NavSeriesRecord | None:
    """The packed daily values of the portfolio."""
    return await tx.fetch_one(FIND_NAV_SERIES, portfolio_id=portfolio_id)


async def put_nav_series(tx: DatabaseTransaction, series: NavSeriesRecord, moment: datetime) -> None:
    """Keep packed daily values; write the rows beside them in the same transaction."""
    await tx.execute(PUT_NAV_SERIES, **asdict(series), moment=moment)


async def replace_daily_values(tx: DatabaseTransaction, portfolio_id: UUID, rows: Iterable[Sequence[Any]], *, first: date) -> None:
    """Write the portfolio's daily values from ``first`` on anew."""
    await tx.execute(REMOVE_DAILY_VALUES, portfolio_id=portfolio_id, first=first)
    await tx.copy_into(ADD_DAILY_VALUES, rows)


async def add_daily_values(tx: DatabaseTransaction, rows: Iterable[Sequence[Any]] | bytes) -> int:
    """Add days that were not valued before, of any number of portfolios; columns as in the ``staged`` line of the statement."""
    return await tx.copy_into(ADD_DAILY_VALUES, rows)


async def daily_values(tx: DatabaseTransaction, portfolio_id: UUID, first: date, last: date) -> list[DailyValueRecord]:
    """The daily values as rows, in order of date."""
    return await tx.fetch_all(DAILY_VALUES, portfolio_id=portfolio_id, first=first, last=last)


async def nav_series_of(tx: DatabaseTransaction, portfolio_ids: Sequence[UUID]) -> dict[UUID, NavSeriesRecord]:
    """The packed daily values of several portfolios, of those that have any."""
    return {one.portfolio_id: one for one in await tx.fetch_all(NAV_SERIES_OF, portfolio_ids=list(portfolio_ids))}


async def put_many_nav_series(tx: DatabaseTransaction, series: Iterable[NavSeriesRecord], moment: datetime) -> int:
    """Keep many packed daily values; write the rows beside them in the same transaction."""
    return await tx.copy_into(PUT_MANY_NAV_SERIES, ((*astuple(one), moment) for one in series))


async def replace_many_daily_values(tx: DatabaseTransaction, firsts: Mapping[UUID, date], rows: Iterable[Sequence[Any]]) -> None:
    """Write the daily values of several portfolios anew, of each from its own date on."""
    await tx.execute(REMOVE_MANY_DAILY_VALUES, portfolio_ids=list(firsts), firsts=list(firsts.values()))
    await tx.copy_into(ADD_DAILY_VALUES, rows)


async def traded_securities(tx: DatabaseTransaction, policy: str) -> list[UUID]:
    """Every security in a ledger of the policy's portfolios."""
    return await tx.fetch_all(TRADED_SECURITIES, policy=policy)


async def first_booking(tx: DatabaseTransaction, policy: str) -> date | None:
    """The date of the policy's earliest entry."""
    return (await tx.fetch_one(FIRST_BOOKING, policy=policy)).first_date


async def values_on(tx: DatabaseTransaction, portfolio_ids: Sequence[UUID], day: date) -> dict[UUID, ValueOnDay]:
    """The stored values of several portfolios on ``day``."""
    return {one.portfolio_id: one for one in await tx.fetch_all(VALUES_ON, portfolio_ids=list(portfolio_ids), day=day)}
