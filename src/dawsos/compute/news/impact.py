"""From articles and weights to impact: which news matters to which holding, and how much."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from dawsos.compute.news.duplicates import distinct
from dawsos.compute.news.records import (
    EntityMention,
    Exposure,
    ItemImpact,
    NewsItem,
    OverallSentiment,
    PortfolioImpact,
    Relation,
    Touch,
)
from dawsos.compute.news.sentiment import sentiment
from dawsos.kernel.errors import Invalid

#: How much an article concerns a holding that it names in this place.
RELEVANCE: Final[dict[Relation, float]] = {"symbol": 1.0, "title": 0.85, "body": 0.70, "sector": 0.50}
#: A holding of this weight, or more, is felt in full.
FULL_WEIGHT: Final = 0.10
#: Impacts below are not shown, from here on they are high, and the mood is called positive or negative beyond the last.
SMALLEST_IMPACT: Final = 0.05
HIGH_IMPACT: Final = 0.5
MOOD_EDGE: Final = 0.1
_LEGAL_FORMS = "inc incorporated corp corporation co company ltd limited plc sa ag nv se group holdings holding the class a b"
#: Words of a company's name that say nothing about which company it is.
_FORMS: Final = frozenset(_LEGAL_FORMS.split())


def portfolio_impact(
    items: Sequence[NewsItem],
    exposures: Sequence[Exposure],
    *,
    min_threshold: float = SMALLEST_IMPACT,
    high_threshold: float = HIGH_IMPACT,
) -> PortfolioImpact:
    """What ``items`` mean to a portfolio of ``exposures``.

    Per article and holding: impact score = |sentiment| × relevance × min(1, weight / 10 %), between 0 and 1, and weighted impact =
    sentiment × relevance × weight, a signed fraction of NAV. Relevance: 1.00 when the article is tagged with the symbol or names symbol
    or company exactly as its subject tag, .85 when the title mentions it, .70 when the body does, .50 when only its sector is named;
    the highest counts. An article's impact score is that of the holding it touches most, its weighted impact the sum over holdings.
    Articles below ``min_threshold`` are left out of everything but ``total_items``. ``exposed_portfolio_pct`` is the sum of the weights
    of the distinct holdings touched. The overall mood is the mean sentiment of the articles kept, weighted by impact score: positive
    above +0.1, negative below −0.1. An article's own sentiment is used where its source gives one, the lexicon otherwise.

    Duplicates (same address, or titles sharing four fifths of their words) count once. Raises :class:`Invalid` for a time without zone.
    """
    naive = [item.title for item in items if item.published_at.tzinfo is None]
    if naive:
        raise Invalid(f"The time of '{naive[0]}' has no zone.", remedy="Give times with their offset from UTC.")
    unique = distinct(items)
    judged = [_judged(item, exposures) for item in unique]
    kept = [each for each in judged if each.touches and each.impact_score >= min_threshold]
    kept.sort(key=lambda each: (-each.impact_score, each.item.published_at, each.item.url))
    touched = {touch.symbol for each in kept for touch in each.touches}
    total = sum(each.impact_score for each in kept)
    average = sum(each.sentiment * each.impact_score for each in kept) / total if total > 0.0 else None
    return PortfolioImpact(
        total_items=len(items),
        duplicates=len(items) - len(unique),
        high_impact_count=sum(each.impact_score >= high_threshold for each in kept),
        weighted_impact=sum(each.weighted_impact for each in kept),
        exposed_portfolio_pct=sum(exposure.weight for exposure in exposures if exposure.symbol in touched),
        average_sentiment=average,
        overall_sentiment=_mood(average),
        news_with_impact=tuple(kept),
        entity_mentions=tuple(_mentions(kept)),
    )


def relation(item: NewsItem, exposure: Exposure) -> Relation | None:
    """The closest way in which ``item`` concerns the holding; None when it does not."""
    symbol = exposure.symbol.upper()
    if symbol in {each.upper() for each in item.symbols}:
        return "symbol"
    names = (exposure.symbol, short_name(exposure.name))
    if any(_mentions_name(item.title, name, is_symbol=name == exposure.symbol) for name in names):
        return "title"
    if any(_mentions_name(item.body, name, is_symbol=name == exposure.symbol) for name in names):
        return "body"
    sector = exposure.sector
    return "sector" if sector and re.search(rf"\b{re.escape(sector)}\b", f"{item.title} {item.body}", re.IGNORECASE) else None


def short_name(name: str) -> str:
    """A company's name without remarks in brackets and its legal form at the end: "Apple" for "Apple Inc. (adjusted)"."""
    words = re.findall(r"[\w&.']+", re.sub(r"\([^)]*\)", " ", name))
    while words and words[-1].lower().strip(".") in _FORMS:
        words.pop()
    return " ".join(words)


def _mentions_name(text: str, name: str, *, is_symbol: bool) -> bool:
    # Symbols are words of their own and stand in capitals; one or two letters alone ("A", "ON") are taken for words unless marked.
    if not name:
        return False
    if is_symbol:
        marked = rf"(?:\$|\(|:\s?){re.escape(name)}\b"
        plain = rf"\b{re.escape(name)}\b"
        return re.search(marked if len(name) < 3 else plain, text) is not None
    return re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) is not None


def _judged(item: NewsItem, exposures: Sequence[Exposure]) -> ItemImpact:
    mood = sentiment(item.title, item.body).score if item.sentiment is None else min(max(item.sentiment, -1.0), 1.0)
    touches = sorted(_touches(item, exposures, mood), key=lambda each: (-each.impact_score, each.symbol))
    return ItemImpact(
        item=item,
        sentiment=mood,
        impact_score=max((touch.impact_score for touch in touches), default=0.0),
        weighted_impact=sum(touch.weighted_impact for touch in touches),
        touches=tuple(touches),
    )


def _touches(item: NewsItem, exposures: Sequence[Exposure], mood: float) -> Iterator[Touch]:
    for exposure in exposures:
        how = relation(item, exposure)
        if how is None:
            continue
        relevance = RELEVANCE[how]
        yield Touch(
            symbol=exposure.symbol,
            relation=how,
            relevance=relevance,
            weight=exposure.weight,
            impact_score=abs(mood) * relevance * min(1.0, abs(exposure.weight) / FULL_WEIGHT),
            weighted_impact=mood * relevance * exposure.weight,
        )


def _mood(average: float | None) -> OverallSentiment:
    return "neutral" if average is None or abs(average) <= MOOD_EDGE else "positive" if average > 0.0 else "negative"


def _mentions(kept: Sequence[ItemImpact]) -> Iterator[EntityMention]:
    symbols = sorted({touch.symbol for each in kept for touch in each.touches})
    for symbol in symbols:
        found = [(each, touch) for each in kept for touch in each.touches if touch.symbol == symbol]
        yield EntityMention(
            symbol=symbol,
            mentions=len(found),
            average_sentiment=sum(each.sentiment for each, _ in found) / len(found),
            weighted_impact=sum(touch.weighted_impact for _, touch in found),
        )
