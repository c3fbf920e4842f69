"""News: sentiment word by word, relevance by place, impact by weight."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawsos.compute.news.duplicates import distinct
from dawsos.compute.news.impact import portfolio_impact, relation
from dawsos.compute.news.records import Exposure, NewsItem
from dawsos.compute.news.sentiment import sentiment
from dawsos.kernel.errors import Invalid

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)
APPLE = Exposure(symbol="AAPL", name="Apple Inc.", sector="Technology", weight=0.05)
SHELL = Exposure(symbol="SHEL", name="Shell plc", sector="Energy", weight=0.20)


def article(title: str, *, url: str = "", minutes: int = 0, **facts) -> NewsItem:
    return NewsItem(
        title=title, url=url or f"https://news.example/{title}", source="S", published_at=NOW + timedelta(minutes=minutes), **facts
    )


@pytest.mark.parametrize(
    ("title", "body", "score"),
    [
        ("Profits surge as sales beat hopes", "", 0.45),
        ("Shares fall after probe", "lawsuit and losses", -0.40),
        ("Company did not miss estimates", "", 0.15),
        ("Board meets on Tuesday", "", 0.0),
        ("surge " * 10, "", 1.0),
    ],
)
def test_sentiment(title, body, score):
    found = sentiment(title, body)
    assert found.score == pytest.approx(score)
    assert min(max(sum(hit.contribution for hit in found.hits), -1), 1) == pytest.approx(score)


@pytest.mark.parametrize(
    ("item", "how"),
    [
        (article("Results are in", symbols=("aapl",)), "symbol"),
        (article("Apple unveils a phone"), "title"),
        (article("Phones", body="… said Apple on Monday"), "body"),
        (article("Technology stocks rally"), "sector"),
        (article("Pineapple harvest is strong"), None),
    ],
)
def test_the_closest_relation_counts(item, how):
    assert relation(item, APPLE) == how


def test_a_short_symbol_is_not_taken_for_a_word():
    one = Exposure(symbol="A", name="Agilent Technologies Inc", sector=None, weight=0.1)
    assert relation(article("A record year"), one) is None
    assert relation(article("Agilent Technologies (A) gains"), one) == "title"


def test_r15_impact_of_a_portfolio_worked_by_hand():
    bad = article("Shell shares plunge", sentiment=-0.8, minutes=1)  # .85, weight .20 → full
    good = article("Quarterly figures", symbols=("AAPL",), sentiment=0.6, minutes=2)  # 1.0, weight .05 → half
    faint = article("Technology stocks mixed", sentiment=0.1, minutes=3)  # .50·.5·.1 = .025 < .05
    found = portfolio_impact([good, faint, bad], [APPLE, SHELL])
    assert [(each.item, each.impact_score) for each in found.news_with_impact] == [(bad, pytest.approx(0.68)), (good, pytest.approx(0.3))]
    assert (found.total_items, found.high_impact_count, found.duplicates) == (3, 1, 0)
    assert found.weighted_impact == pytest.approx(-0.8 * 0.85 * 0.20 + 0.6 * 0.05)
    assert found.exposed_portfolio_pct == pytest.approx(0.25)
    assert found.average_sentiment == pytest.approx((-0.8 * 0.68 + 0.6 * 0.3) / 0.98)
    assert found.overall_sentiment == "negative"
    assert [(each.symbol, each.mentions) for each in found.entity_mentions] == [("AAPL", 1), ("SHEL", 1)]


def test_the_same_holding_twice_in_the_news_is_exposed_once():
    found = portfolio_impact(
        [article("Apple gains", sentiment=0.5), article("Apple opens a shop in town", sentiment=0.5)], [APPLE], min_threshold=0.0
    )
    assert (len(found.news_with_impact), found.exposed_portfolio_pct) == (2, pytest.approx(0.05))


def test_duplicates_by_address_and_by_title_count_once():
    one = article("Shell raises its dividend again", url="https://www.a.example/x?utm=1")
    items = [
        article("Elsewhere", url="http://a.example/x/", minutes=5),
        one,
        article("Shell raises its dividend again.", url="https://b.example/y", minutes=9),
    ]
    assert distinct(items) == [one]
    assert portfolio_impact(items, [SHELL], min_threshold=0).duplicates == 2


def test_r15_no_news_is_neutral_and_a_time_without_zone_is_refused():
    found = portfolio_impact([], [APPLE])
    assert (found.overall_sentiment, found.average_sentiment, found.weighted_impact) == ("neutral", None, 0)
    with pytest.raises(Invalid, match="no zone"):
        portfolio_impact([NewsItem(title="x", url="", source="", published_at=datetime(2025, 1, 1))], [APPLE])  # noqa: DTZ001


@given(st.floats(-1, 1), st.floats(0, 1))
def test_an_impact_lies_between_0_and_1_and_turns_with_the_sentiment(mood, weight):
    exposure = Exposure(symbol="AAPL", name="Apple", sector=None, weight=weight)
    one, other = (portfolio_impact([article("Apple", sentiment=sign * mood)], [exposure], min_threshold=0.0) for sign in (1, -1))
    assert 0 <= one.news_with_impact[0].impact_score <= 1
    assert one.weighted_impact == pytest.approx(-other.weighted_impact)
