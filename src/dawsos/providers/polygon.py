"""Daily prices, splits, dividends and exchange rates of Massive (Polygon.io)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from dawsos.providers import fields
from dawsos.providers.catalogue import POLYGON
from dawsos.providers.gateway import Answer, Gateway, Told
from dawsos.providers.protocol import PriceObservation, RateObservation

_LIMIT: Final = "50000"


@dataclass(frozen=True, slots=True)
class AnnouncedAction:
    """A split (``split_from``, ``split_to``) or a dividend (``amount_per_share`` in ``currency``) as a source announced it."""

    symbol: str
    ex_date: date
    pay_date: date | None
    amount_per_share: Decimal | None
    currency: str | None
    split_from: Decimal | None
    split_to: Decimal | None
    source: str


async def fetch_prices(gateway: Gateway, ticker: str, symbol: str, currency: str, first: date, last: date) -> list[PriceObservation]:
    """Daily bars as quoted (not adjusted for splits): prices of one security under its DawsOS ``symbol``."""
    path = f"/v2/aggs/ticker/{ticker}/range/1/day/{first}/{last}"
    answer = await gateway.get(path, {"adjusted": "false", "limit": _LIMIT}, lambda said: _bars(said, symbol, currency))
    return _bars(answer, symbol, currency)


async def fetch_last_close(gateway: Gateway, ticker: str, symbol: str, currency: str) -> Told[PriceObservation | None]:
    """The bar of the last trading day that has ended, as quoted; None when the source knows no such ticker."""
    answer = await gateway.get(f"/v2/aggs/ticker/{ticker}/prev", {"adjusted": "false"}, lambda said: _bars(said, symbol, currency))
    return Told(next(iter(_bars(answer, symbol, currency)), None), answer.fetched_at, answer.is_stale)


async def fetch_rates(gateway: Gateway, base_ccy: str, quote_ccy: str, first: date, last: date) -> list[RateObservation]:
    """Daily closes of a pair of currencies."""
    path = f"/v2/aggs/ticker/C:{base_ccy}{quote_ccy}/range/1/day/{first}/{last}"
    answer = await gateway.get(path, {"adjusted": "false", "limit": _LIMIT}, lambda said: _bars(said, quote_ccy, quote_ccy))
    return [RateObservation(base_ccy, quote_ccy, bar.date, bar.close, POLYGON.name) for bar in _bars(answer, quote_ccy, quote_ccy)]


async def fetch_splits(gateway: Gateway, ticker: str, symbol: str) -> list[AnnouncedAction]:
    """Every split of a security."""
    answer = await gateway.get("/v3/reference/splits", {"ticker": ticker, "limit": "1000"}, lambda said: _splits(said, symbol))
    return _splits(answer, symbol)


async def fetch_dividends(gateway: Gateway, ticker: str, symbol: str) -> list[AnnouncedAction]:
    """Every cash dividend of a security, with its pay date where one is given."""
    answer = await gateway.get("/v3/reference/dividends", {"ticker": ticker, "limit": "1000"}, lambda said: _dividends(said, symbol))
    return _dividends(answer, symbol)


def _bars(answer: Answer, symbol: str, currency: str) -> list[PriceObservation]:
    document = fields.record(answer.json(), "the answer")
    if document.get("adjusted") is True:
        raise ValueError("the prices are adjusted, which was not asked for")
    return [
        PriceObservation(
            symbol=symbol,
            date=fields.day_of_milliseconds(row.get("t"), "t"),
            open=fields.price(row.get("o"), "o"),
            high=fields.price(row.get("h"), "h"),
            low=fields.price(row.get("l"), "l"),
            close=fields.price(row.get("c"), "c"),
            volume=int(fields.number(row.get("v", 0), "v")),
            currency=currency,
            source=POLYGON.name,
        )
        for row in fields.rows(document.get("results", []), "results")
    ]


def _splits(answer: Answer, symbol: str) -> list[AnnouncedAction]:
    return [
        AnnouncedAction(
            symbol=symbol,
            ex_date=fields.day(row.get("execution_date"), "execution_date"),
            pay_date=None,
            amount_per_share=None,
            currency=None,
            split_from=fields.price(row.get("split_from"), "split_from"),
            split_to=fields.price(row.get("split_to"), "split_to"),
            source=POLYGON.name,
        )
        for row in fields.rows(fields.record(answer.json(), "the answer").get("results"), "results")
    ]


def _dividends(answer: Answer, symbol: str) -> list[AnnouncedAction]:
    return [
        AnnouncedAction(
            symbol=symbol,
            ex_date=fields.day(row.get("ex_dividend_date"), "ex_dividend_date"),
            pay_date=fields.day(row["pay_date"], "pay_date") if row.get("pay_date") else None,
            amount_per_share=fields.price(row.get("cash_amount"), "cash_amount"),
            currency=fields.text(row.get("currency"), "currency"),
            split_from=None,
            split_to=None,
            source=POLYGON.name,
        )
        for row in fields.rows(fields.record(answer.json(), "the answer").get("results"), "results")
    ]
