"""Headlines about what a portfolio holds: asked for by name, recognised again in the titles, and never kept beyond a few minutes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Final

from dawsos.compute.news.impact import relation, short_name
from dawsos.compute.news.records import Exposure, NewsItem
from dawsos.compute.news.sentiment import sentiment
from dawsos.kernel.errors import Invalid
from dawsos.providers import newsapi
from dawsos.providers.catalogue import NEWSAPI
from dawsos.providers.newsapi import LONGEST_QUERY, Headline
from dawsos.services.context import RequestContext
from dawsos.services.feeds.sources import NEWS_SECONDS, not_configured

#: Under a pack at most this old, news is that of now; under an older one, that of its day, so that nothing later is seen.
PRESENT_DAYS: Final = 7
#: So many requests one search may make; the source allows few a day.
MOST_REQUESTS: Final = 4


@dataclass(frozen=True, slots=True)
class Subject:
    """What news is looked for about: a symbol, and the company's name where it is known."""

    symbol: str
    name: str | None
    sector: str | None = None


@dataclass(frozen=True, slots=True)
class FoundHeadline:
    """An article, the symbols its title names, and the lexicon's judgement of the title between −1 and +1."""

    headline: Headline
    symbols: tuple[str, ...]
    sentiment: float


@dataclass(frozen=True, slots=True)
class FoundNews:
    """Headlines, newest first, from ``since`` to ``until``. ``left_out`` names subjects there was no room to ask about."""

    items: tuple[FoundHeadline, ...]
    since: datetime
    until: datetime
    is_stale: bool
    left_out: tuple[str, ...]


async def headlines_about(context: RequestContext, subjects: Sequence[Subject], lookback_hours: int) -> FoundNews:
    """What was written about ``subjects`` in the last hours; of subjects nobody names there is nothing.

    Raises :class:`Invalid` without subjects, and :class:`Unavailable` with the remedy when the source cannot be asked.
    """
    if not subjects:
        raise Invalid("There is nothing to look for news about.", remedy="Name positions or symbols.")
    queries, left_out = _queries(subjects)
    found, since, until, is_stale = await headlines_matching(context, queries, lookback_hours)
    items = []
    for one in found:
        named = tuple(sorted({subject.symbol for subject in subjects if _names(one, subject)}))
        if named:
            items.append(FoundHeadline(one, named, sentiment(one.title).score))
    return FoundNews(tuple(items), since, until, is_stale, left_out)


async def headlines_matching(
    context: RequestContext, queries: Sequence[str], lookback_hours: int
) -> tuple[list[Headline], datetime, datetime, bool]:
    """Headlines matching any of ``queries`` in the last hours, newest first and each once; from when, until when, and whether stale."""
    if not context.sources.is_configured(NEWSAPI):
        raise not_configured(NEWSAPI)
    gateway = context.sources.gateway(NEWSAPI)
    until = _until(context)
    since = until - timedelta(hours=lookback_hours)
    found: dict[str, Headline] = {}
    is_stale = False
    for query in queries:
        # Whole days are asked for: the same request the next minute is the same, and its last good answer is found again.
        key = ("news", query, since.date(), until.date())
        told = await context.sources.once(key, NEWS_SECONDS, partial(newsapi.fetch_headlines, gateway, query, since.date(), until.date()))
        is_stale = is_stale or told.is_stale
        found |= {one.url: one for one in told.records if since <= one.published_at <= until or told.is_stale}
    context.provenance.note(source=NEWSAPI.name, asof=until.date(), method_version="news/1", origin="computed")
    if is_stale:
        context.provenance.note(warning=f"{NEWSAPI.title} does not answer now; these are the last headlines it gave.")
    return sorted(found.values(), key=lambda one: (one.published_at, one.url), reverse=True), since, until, is_stale


def _until(context: RequestContext) -> datetime:
    now = context.clock.now()
    if context.asof_date is None or (now.date() - context.asof_date).days <= PRESENT_DAYS:
        return now.replace(second=0, microsecond=0)
    context.provenance.note(warning=f"News is that up to {context.asof_date}, the date of the pricing pack.")
    return datetime.combine(context.asof_date + timedelta(days=1), time(), tzinfo=UTC)


def _names(headline: Headline, subject: Subject) -> bool:
    item = NewsItem(title=headline.title, url=headline.url, source=headline.publisher, published_at=headline.published_at)
    exposure = Exposure(symbol=subject.symbol, name=subject.name or "", sector=None, weight=0.0)
    return relation(item, exposure) is not None


def _queries(subjects: Sequence[Subject]) -> tuple[list[str], tuple[str, ...]]:
    """Names joined by OR, as few requests as they fit into."""
    queries: list[str] = []
    left_out: list[str] = []
    for subject, phrase in _phrases(subjects):
        if queries and len(queries[-1]) + len(phrase) + 4 <= LONGEST_QUERY:
            queries[-1] += f" OR {phrase}"
        elif len(queries) < MOST_REQUESTS:
            queries.append(phrase)
        else:
            left_out.append(subject.symbol)
    return queries, tuple(left_out)


def _phrases(subjects: Sequence[Subject]) -> Iterator[tuple[Subject, str]]:
    for subject in subjects:
        words = (short_name(subject.name) if subject.name else "") or subject.symbol
        yield subject, '"' + words.replace('"', " ").strip() + '"'
