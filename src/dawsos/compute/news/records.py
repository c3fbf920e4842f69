"""News, holdings they may touch, and the impact found."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

OverallSentiment = Literal["positive", "neutral", "negative"]
Relation = Literal["symbol", "title", "body", "sector"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsItem:
    """One article. ``published_at`` is aware of its zone; ``symbols`` are those its source tagged; ``body`` may be empty."""

    title: str
    url: str
    source: str
    published_at: datetime
    symbols: tuple[str, ...] = ()
    body: str = ""
    sentiment: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """A holding with its ``weight`` as a fraction of NAV."""

    symbol: str
    name: str
    sector: str | None
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """How an article concerns one holding, and what it may do to the portfolio."""

    symbol: str
    relation: Relation
    relevance: float
    weight: float
    impact_score: float
    weighted_impact: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemImpact:
    """An article with its sentiment and the holdings it touches, the strongest first."""

    item: NewsItem
    sentiment: float
    impact_score: float
    weighted_impact: float
    touches: tuple[Touch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityMention:
    """How often a holding is in the news, and in what spirit."""

    symbol: str
    mentions: int
    average_sentiment: float
    weighted_impact: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioImpact:
    """All articles that matter, strongest first, and what they add up to."""

    total_items: int
    duplicates: int
    high_impact_count: int
    weighted_impact: float
    exposed_portfolio_pct: float
    average_sentiment: float | None
    overall_sentiment: OverallSentiment
    news_with_impact: tuple[ItemImpact, ...]
    entity_mentions: tuple[EntityMention, ...]
