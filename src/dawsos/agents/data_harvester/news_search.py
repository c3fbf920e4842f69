"""News about what is held."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from dawsos.agents.data_harvester.news_shapes import NewsEntry
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count
from dawsos.services.context import RequestContext
from dawsos.services.news import Subject, headlines_about

_CASH = "CASH"


class NewsSubject(Contract):
    """A holding; positions as ``ledger.positions`` gives them fit."""

    symbol: str
    name: str | None = None
    security_type: str | None = None


class NewsSearchRequest(Contract):
    """What to look for news about: positions, or symbols. Cash has no news."""

    entities: Annotated[tuple[NewsSubject, ...], Field(min_length=1, max_length=500)]
    lookback_hours: Annotated[int, Count, Field(ge=1, le=720)] = 24


class FoundNews(Contract):
    """Titles that name a holding, newest first; ``left_out`` names holdings there was no room to ask about."""

    news_items: tuple[NewsEntry, ...]
    since: datetime
    until: datetime
    is_stale: bool
    left_out: tuple[str, ...]


@capability(
    name="news.search", rights=("news_read",), ttl=300, timeout=25.0, example={"entities": [{"symbol": "AAPL", "name": "Apple Inc."}]}
)
async def news_search(context: RequestContext, request: NewsSearchRequest) -> FoundNews:
    """Titles of the last hours that name a holding, with the mood of each by a lexicon."""
    subjects = [Subject(one.symbol, one.name) for one in request.entities if one.security_type != _CASH]
    found = await headlines_about(context, subjects, request.lookback_hours)
    if found.left_out:
        context.provenance.note(warning=f"No news was looked for about {', '.join(found.left_out)}: too many holdings for the source.")
    items = tuple(
        NewsEntry(
            headline=one.headline.title,
            source=one.headline.publisher,
            url=one.headline.url,
            published_at=one.headline.published_at,
            symbols=one.symbols,
            sentiment=one.sentiment,
        )
        for one in found.items
    )
    return FoundNews(news_items=items, since=found.since, until=found.until, is_stale=found.is_stale, left_out=found.left_out)
