"""The newest prices of securities: from a source that answers, else the stored close, and then it says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Final, Literal

from dawsos.kernel.errors import Unavailable
from dawsos.providers import fmp, polygon
from dawsos.providers.catalogue import FMP, POLYGON, ProviderDefinition
from dawsos.providers.protocol import PriceObservation
from dawsos.providers.symbols import ticker_of
from dawsos.services.context import RequestContext
from dawsos.services.feeds.overrides import overrides_of
from dawsos.services.feeds.sources import QUOTE_SECONDS, not_configured
from dawsos.store.packs import PackPriceRecord, pack_prices
from dawsos.store.securities import find_securities_by_symbol

QuoteProvider = Literal["fmp", "polygon"]
_PROVIDERS: Final[Mapping[str, ProviderDefinition]] = {"fmp": FMP, "polygon": POLYGON}


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedPrice:
    """A price in ``currency`` as of a day. ``is_stale``: it is not what the source says now. Nulls are explained in ``reasons``."""

    symbol: str
    price: Decimal | None = None
    currency: str | None = None
    change: Decimal | None = None
    change_pct: float | None = None
    volume: int | None = None
    asof: date | None = None
    source: str | None = None
    is_stale: bool = False
    reasons: dict[str, str] = field(default_factory=dict)


async def newest_prices(context: RequestContext, symbols: Sequence[str], provider: QuoteProvider | None) -> list[QuotedPrice]:
    """A price for each symbol, in their order: from ``provider``, or the first configured source that tells one, else the stored close.

    Raises :class:`Unavailable` with the remedy when not one symbol has any price, of no source and of no pack.
    """
    currencies = await _currencies(context, symbols)
    found: dict[str, QuotedPrice] = {}
    failures: list[Unavailable] = []
    for definition in [_PROVIDERS[provider]] if provider else [FMP, POLYGON]:
        wanted = [symbol for symbol in symbols if symbol not in found]
        if not wanted:
            break
        try:
            found |= await _told(context, definition, wanted, currencies)
        except Unavailable as error:
            failures.append(error)
    missing = [symbol for symbol in symbols if symbol not in found]
    if missing:
        stored = await _stored(context)
        found |= {symbol: _close(stored[symbol]) for symbol in missing if symbol in stored}
    if not found and failures:
        raise failures[0]
    why = failures[0].message if failures else "no source and no pricing pack knows a price"
    return [found.get(symbol) or _nothing(symbol, why) for symbol in symbols]


async def _currencies(context: RequestContext, symbols: Sequence[str]) -> dict[str, str]:
    async with context.database.transaction(context.actor, read_only=True) as tx:
        return {one.symbol: one.currency for one in await find_securities_by_symbol(tx, list(symbols))}


async def _told(
    context: RequestContext, definition: ProviderDefinition, symbols: Sequence[str], currencies: Mapping[str, str]
) -> dict[str, QuotedPrice]:
    sources = context.sources
    if not sources.is_configured(definition):
        raise not_configured(definition)
    gateway = sources.gateway(definition)
    overrides = await overrides_of(context)
    tickers = {ticker_of(symbol, definition.name, overrides): symbol for symbol in symbols}
    found: dict[str, QuotedPrice] = {}
    if definition is FMP:
        told = await sources.once(("quotes", *sorted(tickers)), QUOTE_SECONDS, lambda: fmp.fetch_quotes(gateway, sorted(tickers)))
        for quote in told.records:
            if (symbol := tickers.get(quote.ticker)) is not None:
                day = (quote.quoted_at or told.fetched_at).date()
                found[symbol] = _quote(symbol, quote, currencies.get(symbol), day, is_stale=told.is_stale)
        return found
    failed: Unavailable | None = None
    for ticker, symbol in tickers.items():
        currency = currencies.get(symbol)
        ask = partial(polygon.fetch_last_close, gateway, ticker, symbol, currency or "")
        try:
            told_close = await sources.once(("last close", ticker), QUOTE_SECONDS, ask)
        except Unavailable as error:
            failed = error
            continue
        if (bar := told_close.records) is not None:
            found[symbol] = _bar(bar, currency, is_stale=told_close.is_stale)
    if failed is not None and not found:
        raise failed
    return found


def _quote(symbol: str, quote: fmp.Quote, currency: str | None, day: date, *, is_stale: bool) -> QuotedPrice:
    return _explained(
        QuotedPrice(
            symbol=symbol,
            price=quote.price,
            currency=currency,
            change=quote.change,
            change_pct=None if quote.change_pct is None else float(quote.change_pct),
            volume=quote.volume,
            asof=day,
            source=FMP.name,
            is_stale=is_stale,
        ),
        "the source does not tell it",
    )


def _bar(bar: PriceObservation, currency: str | None, *, is_stale: bool) -> QuotedPrice:
    return _explained(
        QuotedPrice(
            symbol=bar.symbol,
            price=bar.close,
            currency=currency,
            volume=bar.volume,
            asof=bar.date,
            source=POLYGON.name,
            is_stale=is_stale,
        ),
        "it is the close of a day; the source does not tell a change",
    )


def _close(price: PackPriceRecord) -> QuotedPrice:
    return _explained(
        QuotedPrice(
            symbol=price.symbol,
            price=price.close,
            currency=price.currency,
            volume=price.volume,
            asof=price.date,
            source=price.source or "pricing pack",
            is_stale=True,
        ),
        "it is the stored close of a pricing pack",
    )


def _explained(quote: QuotedPrice, why: str) -> QuotedPrice:
    quote.reasons.update({name: why for name in ("change", "change_pct", "volume") if getattr(quote, name) is None})
    if quote.currency is None:
        quote.reasons["currency"] = "the security is not in the master data"
    return quote


def _nothing(symbol: str, why: str) -> QuotedPrice:
    names = ("price", "currency", "change", "change_pct", "volume", "asof", "source")
    return QuotedPrice(symbol=symbol, reasons=dict.fromkeys(names, why))


async def _stored(context: RequestContext) -> dict[str, PackPriceRecord]:
    pack = context.pack
    if pack is None:
        return {}

    async def load() -> dict[str, PackPriceRecord]:
        async with context.database.transaction(context.actor, read_only=True) as tx:
            return {price.symbol: price for price in await pack_prices(tx, pack.id)}

    return await context.memory.once("stored closes", load)
