"""The newest prices of securities."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Fraction, Price
from dawsos.services.context import RequestContext
from dawsos.services.feeds.quotes import QuotedPrice, QuoteProvider, newest_prices


class QuoteRequest(Contract):
    """Symbols, and the source to ask; without one those that are configured are asked in turn."""

    symbols: Annotated[tuple[str, ...], Field(min_length=1, max_length=100)]
    provider: QuoteProvider | None = None


class Quote(Contract):
    """A price as of a day; ``change`` is since the close before. ``is_stale``: it is not what the source says now."""

    symbol: str
    price: Annotated[Decimal | None, Price("currency")]
    currency: str | None
    change: Annotated[Decimal | None, Price("currency")]
    change_pct: Annotated[float | None, Fraction]
    volume: Annotated[int | None, Count]
    asof: date | None
    source: str | None
    is_stale: bool
    reasons: dict[str, str]


class Quotes(Contract):
    """One quote for each symbol, in the order they were asked for."""

    quotes: tuple[Quote, ...]


@capability(name="provider.fetch_quote", rights=("position_read",), ttl=60, timeout=25.0, example={"symbols": ["AAPL", "MSFT"]})
async def provider_fetch_quote(context: RequestContext, request: QuoteRequest) -> Quotes:
    """The newest price of each symbol that a source tells, else the stored close of the pricing pack, marked as stale."""
    found = await newest_prices(context, list(dict.fromkeys(request.symbols)), request.provider)
    for one in found:
        context.provenance.note(source=one.source, asof=one.asof)
    if stale := [one.symbol for one in found if one.is_stale]:
        context.provenance.note(warning=f"No source says a price of {', '.join(stale)} now; these are the last ones known.")
    context.provenance.note(method_version="quotes/1", origin="computed")
    return Quotes(quotes=tuple(_quote(one) for one in found))


def _quote(one: QuotedPrice) -> Quote:
    return Quote(**{name: getattr(one, name) for name in Quote.model_fields})
