"""Headlines about anything."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from dawsos.agents.data_harvester.news_shapes import Article
from dawsos.providers.newsapi import LONGEST_QUERY
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count
from dawsos.services.context import RequestContext
from dawsos.services.news import headlines_matching


class FetchNewsRequest(Contract):
    """Words to look for in titles: ``"exact phrases"``, AND, OR, NOT and brackets may be used."""

    query: Annotated[str, Field(min_length=2, max_length=LONGEST_QUERY)]
    hours: Annotated[int, Count, Field(ge=1, le=720)] = 24


class FetchedNews(Contract):
    """Titles, newest first. The source's terms allow them to be shown, not exported."""

    articles: tuple[Article, ...]
    since: datetime
    until: datetime
    is_stale: bool


@capability(name="provider.fetch_news", rights=("news_read",), ttl=300, timeout=25.0, example={"query": "inflation", "hours": 24})
async def provider_fetch_news(context: RequestContext, request: FetchNewsRequest) -> FetchedNews:
    """Titles of articles of the last hours: who wrote what, when and where; never the text."""
    found, since, until, is_stale = await headlines_matching(context, [request.query], request.hours)
    articles = tuple(Article(headline=one.title, source=one.publisher, url=one.url, published_at=one.published_at) for one in found)
    return FetchedNews(articles=articles, since=since, until=until, is_stale=is_stale)
