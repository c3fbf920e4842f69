"""Prices, quotes and profiles of Financial Modeling Prep, by its stable interface."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from dawsos.kernel.errors import Invalid
from dawsos.providers import fields
from dawsos.providers.catalogue import FMP
from dawsos.providers.gateway import Answer, Gateway, Told
from dawsos.providers.protocol import PriceObservation

LARGEST_BATCH: Final = 100


@dataclass(frozen=True, slots=True)
class Quote:
    """The newest price of a ticker; ``change`` since the last close, ``change_pct`` the same as a fraction."""

    ticker: str
    price: Decimal
    change: Decimal | None
    change_pct: Decimal | None
    volume: int | None
    quoted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Profile:
    """What a company is."""

    ticker: str
    name: str
    currency: str
    exchange: str | None
    sector: str | None
    industry: str | None


async def fetch_prices(gateway: Gateway, ticker: str, symbol: str, currency: str, first: date, last: date) -> list[PriceObservation]:
    """Daily prices as quoted, adjusted for splits only where the source has already done so; by date."""
    parameters = {"symbol": ticker, "from": first.isoformat(), "to": last.isoformat()}
    answer = await gateway.get("/stable/historical-price-eod/full", parameters, lambda said: _bars(said, symbol, currency))
    return sorted(_bars(answer, symbol, currency), key=lambda one: one.date)


async def fetch_quotes(gateway: Gateway, tickers: Sequence[str]) -> Told[list[Quote]]:
    """The newest prices of at most a hundred tickers, in one request."""
    if not 0 < len(tickers) <= LARGEST_BATCH:
        raise Invalid(f"{len(tickers)} tickers are asked for at once.", remedy=f"Ask for 1 to {LARGEST_BATCH} at a time.")
    answer = await gateway.get("/stable/batch-quote", {"symbols": ",".join(tickers)}, _quotes)
    return Told(_quotes(answer), answer.fetched_at, answer.is_stale)


async def fetch_profile(gateway: Gateway, ticker: str) -> Profile | None:
    """What the company is; None when the source does not know it."""
    answer = await gateway.get("/stable/profile", {"symbol": ticker}, _profiles)
    return next(iter(_profiles(answer)), None)


def _bars(answer: Answer, symbol: str, currency: str) -> list[PriceObservation]:
    return [
        PriceObservation(
            symbol=symbol,
            date=fields.day(row.get("date"), "date"),
            open=fields.price(row.get("open"), "open"),
            high=fields.price(row.get("high"), "high"),
            low=fields.price(row.get("low"), "low"),
            close=fields.price(row.get("close"), "close"),
            volume=int(fields.number(row.get("volume", 0), "volume")),
            currency=currency,
            source=FMP.name,
        )
        for row in fields.rows(answer.json(), "the answer")
    ]


def _quotes(answer: Answer) -> list[Quote]:
    return [
        Quote(
            ticker=fields.text(row.get("symbol"), "symbol"),
            price=fields.price(row.get("price"), "price"),
            change=fields.optional_number(row.get("change"), "change"),
            change_pct=fields.percent(row.get("changePercentage"), "changePercentage"),
            volume=None if row.get("volume") is None else int(fields.number(row.get("volume"), "volume")),
            quoted_at=None if row.get("timestamp") is None else fields.moment_of_seconds(row.get("timestamp"), "timestamp"),
        )
        for row in fields.rows(answer.json(), "the answer")
    ]


def _profiles(answer: Answer) -> list[Profile]:
    return [
        Profile(
            ticker=fields.text(row.get("symbol"), "symbol"),
            name=fields.text(row.get("companyName"), "companyName"),
            currency=fields.text(row.get("currency"), "currency"),
            exchange=row.get("exchange") or None,
            sector=row.get("sector") or None,
            industry=row.get("industry") or None,
        )
        for row in fields.rows(answer.json(), "the answer")
    ]
