"""What news means to a portfolio."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from dawsos.agents.data_harvester.news_shapes import NewsEntry
from dawsos.compute.news.impact import HIGH_IMPACT, SMALLEST_IMPACT, portfolio_impact
from dawsos.compute.news.records import Exposure, ItemImpact, NewsItem
from dawsos.kernel.errors import InsufficientData
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Fraction, Number
from dawsos.services.context import RequestContext

_NOTHING = "no article matters to a holding"
_OF_ARTICLES = ("largest_impact", "average_sentiment")
_CASH = "CASH"


class ImpactPosition(Contract):
    """A holding and its share of the portfolio; positions as ``pricing.apply_pack`` gives them fit."""

    symbol: str
    name: str | None
    security_type: str | None
    sector: str | None
    weight: Annotated[float | None, Fraction]


class ImpactRequest(Contract):
    """News as ``news.search`` gives it, and positions. Articles with an impact score below ``min_threshold`` are left out."""

    news_items: tuple[NewsEntry, ...]
    positions: tuple[ImpactPosition, ...]
    min_threshold: Annotated[float, Number, Field(ge=0, le=1)] = SMALLEST_IMPACT


class ItemWithImpact(Contract):
    """An article that matters: ``impact_score`` 0–1 by the holding it touches most, ``weighted_impact`` signed, of the portfolio."""

    headline: str
    source: str
    url: str
    published_at: datetime
    symbols: tuple[str, ...]
    symbols_text: str
    sentiment: Annotated[float, Number]
    impact_score: Annotated[float, Number]
    weighted_impact: Annotated[float, Fraction]


class Mention(Contract):
    """How often a holding is in the news that matters, and in what spirit."""

    symbol: str
    mentions: Annotated[int, Count]
    average_sentiment: Annotated[float, Number]
    weighted_impact: Annotated[float, Fraction]


class Impact(Contract):
    """All articles that matter, strongest first, and what they add up to. ``largest_impact`` is the highest score of them."""

    total_items: Annotated[int, Count]
    duplicates: Annotated[int, Count]
    high_impact_count: Annotated[int, Count]
    largest_impact: Annotated[float | None, Number]
    weighted_impact: Annotated[float, Fraction]
    exposed_portfolio_pct: Annotated[float, Fraction]
    average_sentiment: Annotated[float | None, Number]
    overall_sentiment: Literal["positive", "neutral", "negative"]
    news_with_impact: tuple[ItemWithImpact, ...]
    entity_mentions: tuple[Mention, ...]
    reasons: dict[str, str]


@capability(name="news.compute_portfolio_impact", rights=("news_read",), ttl=300, example={"news_items": [], "positions": []})
async def news_compute_portfolio_impact(context: RequestContext, request: ImpactRequest) -> Impact:
    """Which article matters to which holding, and how much: mood × relevance × weight, each holding felt in full from a tenth."""
    items = [
        NewsItem(
            title=one.headline,
            url=one.url,
            source=one.source,
            published_at=one.published_at,
            symbols=one.symbols,
            sentiment=one.sentiment,
        )
        for one in request.news_items
    ]
    exposures = [
        Exposure(symbol=one.symbol, name=one.name or "", sector=one.sector, weight=one.weight)
        for one in request.positions
        if one.weight is not None and one.security_type != _CASH
    ]
    unweighted = [one.symbol for one in request.positions if one.weight is None]
    if unweighted:
        context.provenance.note(warning=f"{', '.join(unweighted)} has no value, so news about it weighs nothing.")
    if unweighted and not exposures:
        raise InsufficientData(
            "No holding has a value, so nothing can be said of what news means to the portfolio.",
            remedy="Bring in the missing prices and exchange rates and build the pack anew, or name an earlier pack.",
        )
    found = portfolio_impact(items, exposures, min_threshold=request.min_threshold, high_threshold=HIGH_IMPACT)
    context.provenance.note(method_version="news/1", origin="computed")
    largest = max((one.impact_score for one in found.news_with_impact), default=None)
    return Impact(
        total_items=found.total_items,
        duplicates=found.duplicates,
        high_impact_count=found.high_impact_count,
        largest_impact=largest,
        weighted_impact=found.weighted_impact,
        exposed_portfolio_pct=found.exposed_portfolio_pct,
        average_sentiment=found.average_sentiment,
        overall_sentiment=found.overall_sentiment,
        news_with_impact=tuple(_entry(one) for one in found.news_with_impact),
        entity_mentions=tuple(Mention.model_validate(one) for one in found.entity_mentions),
        reasons={} if largest is not None else dict.fromkeys((*_OF_ARTICLES, "news_with_impact", "entity_mentions"), _NOTHING),
    )


def _entry(one: ItemImpact) -> ItemWithImpact:
    symbols = tuple(touch.symbol for touch in one.touches)
    return ItemWithImpact(
        headline=one.item.title,
        source=one.item.source,
        url=one.item.url,
        published_at=one.item.published_at,
        symbols=symbols,
        symbols_text=", ".join(symbols),
        sentiment=one.sentiment,
        impact_score=one.impact_score,
        weighted_impact=one.weighted_impact,
    )
