"""What sources tell on request about the demo's holdings: recorded answers in, typed answers out, and honesty where nobody answers."""

import asyncio
import json
import random
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest

from dawsos.kernel.clock import FixedClock
from dawsos.kernel.errors import NotFound, Unavailable
from dawsos.kernel.identifiers import named
from dawsos.patterns.orchestrator import Orchestrator
from dawsos.registry import unexplained_nulls
from dawsos.services.context import RequestContext
from tests.support.demo import Demo
from tests.support.sources import KEY, Recorded

PACK = "2022-12-28"
NOW = datetime(2022, 12, 29, 12, tzinfo=UTC)
QUOTE = {"symbol": "AAPL", "price": 130.5, "change": 4.46, "changePercentage": 3.54, "volume": 75703710, "timestamp": 1672347600}


def article(title: str, url: str, when: str = "2022-12-29T09:00:00Z") -> dict[str, object]:
    return {"source": {"id": None, "name": "Example Times"}, "title": title, "url": url, "publishedAt": when, "content": "not to be kept"}


ARTICLES = [
    article("Apple profit beats record as demand surges", "https://example.org/1"),
    article("Apple profit beats the record as demand surges", "https://example.org/2", "2022-12-29T10:00:00Z"),
    article("Microsoft faces lawsuit and investigation", "https://example.org/3"),
    article("Apple pie season", "https://example.org/4"),
    article("Weather stays mild", "https://example.org/5"),
    article("Apple falls", "https://example.org/6", "2022-12-27T09:00:00Z"),
    article("[Removed]", "https://example.org/7"),
]


async def asking(demo: Demo, answers: dict[str, object], **settings: object) -> tuple[RequestContext, Recorded]:
    recorded = Recorded(FixedClock(NOW), answers, **settings)  # type: ignore[arg-type]
    context = await demo.context("Household")
    return replace(context, clock=recorded.clock, sources=recorded.sources()), recorded


async def call(demo: Demo, context: RequestContext, name: str, **request: object):
    answer = await demo.application.registry.call(name, context, request)
    assert unexplained_nulls(answer.result) == []
    return answer.result.plain(), answer.provenance


async def test_quotes_come_from_the_source_with_their_change_as_a_fraction(demo: Demo):
    context, recorded = await asking(demo, {"/stable/batch-quote": [QUOTE]})
    found, provenance = await call(demo, context, "provider.fetch_quote", symbols=["AAPL"])
    (quote,) = found["quotes"]
    assert (quote["price"], quote["change"], quote["change_pct"], quote["currency"]) == ("130.5", "4.46", 0.0354, "USD")
    assert (quote["asof"], quote["source"], quote["is_stale"]) == ("2022-12-29", "FMP", False)
    assert (provenance.sources, provenance.warnings) == (("FMP",), ())
    await call(demo, context, "provider.fetch_quote", symbols=["AAPL"])
    assert len(recorded.asked) == 1


async def test_a_source_that_fails_gives_way_to_the_next_and_that_to_the_stored_close(demo: Demo):
    bar = {"adjusted": False, "results": [{"t": 1672272000000, "o": 128.41, "h": 131.03, "l": 127.73, "c": 129.61, "v": 75703710}]}
    context, _ = await asking(demo, {"/v2/aggs/ticker/AAPL/prev": bar})
    found, provenance = await call(demo, context, "provider.fetch_quote", symbols=["AAPL", "MSFT"])
    apple, microsoft = found["quotes"]
    assert (apple["price"], apple["source"], apple["is_stale"], apple["change"]) == ("129.61", "POLYGON", False, None)
    assert (microsoft["is_stale"], microsoft["asof"]) == (True, PACK)
    assert any("MSFT" in warning and "AAPL" not in warning for warning in provenance.warnings)


async def test_without_any_key_quotes_are_the_stored_closes_and_say_so(demo: Demo):
    context, recorded = await asking(demo, {}, configured=frozenset())
    found, _ = await call(demo, context, "provider.fetch_quote", symbols=["AAPL", "NOSUCH"])
    stored, unknown = found["quotes"]
    assert (stored["is_stale"], stored["asof"]) == (True, PACK) and D(stored["price"]) > 0
    assert unknown["price"] is None and unknown["reasons"]["price"] == "Financial Modeling Prep is not configured."
    with pytest.raises(Unavailable) as refused:
        await call(demo, context, "provider.fetch_quote", symbols=["NOSUCH"])
    assert (refused.value.code, refused.value.remedy) == ("provider_unavailable", "Set DAWSOS_FMP_API_KEY.")
    assert recorded.asked == []


INCOME = {"date": "2022-09-24", "filingDate": "2022-10-28", "reportedCurrency": "USD", "revenue": 394328000000, "grossProfit": 170782000000,
          "operatingIncome": 119437000000, "interestExpense": 0, "netIncome": 99803000000}  # fmt: skip
BALANCE = {"date": "2022-09-24", "filingDate": "2022-10-28", "reportedCurrency": "USD", "totalAssets": 352755000000, "goodwill": 0,
           "intangibleAssets": 0, "totalCurrentAssets": 135405000000, "totalCurrentLiabilities": 153982000000,
           "totalStockholdersEquity": 50672000000, "cashAndCashEquivalents": 23646000000, "totalDebt": 132480000000}  # fmt: skip
CASH = {"date": "2022-09-24", "filingDate": "2022-10-28", "reportedCurrency": "USD", "operatingCashFlow": 122151000000,
        "capitalExpenditure": -10708000000, "commonDividendsPaid": -14841000000}  # fmt: skip
STATEMENTS = {
    "/stable/income-statement": [INCOME],
    "/stable/balance-sheet-statement": [BALANCE],
    "/stable/cash-flow-statement": [CASH],
    "/stable/profile": [{"symbol": "AAPL", "companyName": "Apple Inc.", "currency": "USD", "exchange": "NASDAQ", "sector": "Technology"}],
    "/stable/ratios": [{"date": "2022-09-24", "grossProfitMargin": 0.4331, "currentRatio": 0.8794, "dividendYield": 0.00609}],
}


async def test_statements_are_told_with_paid_amounts_positive_and_unknown_noughts_left_out(demo: Demo):
    context, _ = await asking(demo, STATEMENTS)
    found, provenance = await call(demo, context, "provider.fetch_fundamentals", symbol="AAPL")
    (year,) = found["statements"]
    assert (year["known_from"], year["capital_expenditure"], year["dividends_paid"]) == ("2022-10-28", "10708000000", "14841000000")
    assert (year["interest_expense"], year["goodwill"]) == (None, "0")
    assert (found["name"], found["industry"], provenance.sources) == ("Apple Inc.", None, ("FMP",))


async def test_ratios_are_those_of_the_source_and_what_it_does_not_tell_is_null(demo: Demo):
    context, _ = await asking(demo, STATEMENTS)
    found, _ = await call(demo, context, "provider.fetch_ratios", symbol="AAPL")
    (year,) = found["ratios"]
    assert (year["gross_margin"], year["current_ratio"], year["price_book"]) == ("0.4331", "0.8794", None)


async def test_a_company_the_source_does_not_know(demo: Demo):
    context, _ = await asking(demo, STATEMENTS | {"/stable/profile": []})
    with pytest.raises(NotFound, match="does not know 'AAPL'"):
        await call(demo, context, "provider.fetch_fundamentals", symbol="AAPL")


async def test_fundamentals_are_stored_ones_unless_a_source_is_named(demo: Demo):
    context, recorded = await asking(demo, STATEMENTS)
    apple = str(named("security", "AAPL"))
    stored, _ = await call(demo, context, "fundamentals.load", security_id=apple)
    closes, _ = await call(
        demo,
        replace(context, sources=(await asking(demo, {}, configured=frozenset()))[0].sources),
        "provider.fetch_quote",
        symbols=["AAPL"],
    )
    price = float(closes["quotes"][0]["price"])
    assert recorded.asked == []
    # 99 803 / 50 672, 119 437 / 394 328, (122 151 − 10 708) / 394 328, 23 646 / 352 755, 0.90 a share
    assert stored["roe"] == pytest.approx(99803 / 50672)
    assert stored["operating_margin"] == pytest.approx(119437 / 394328)
    assert stored["fcf_to_revenue"] == pytest.approx((122151 - 10708) / 394328)
    assert stored["cash_pct_assets"] == pytest.approx(23646 / 352755)
    assert stored["dividend_yield"] == pytest.approx(0.90 / price)
    assert stored["missing"] == ["intangible_assets_ratio", "switching_cost_score"]
    assert [one["figure"] for one in stored["checklist"] if one["is_met"] is False] == [
        "revenue_growth_cv", "dividend_growth_streak_years", "debt_equity_ratio", "current_ratio", "cash_pct_assets",
    ]  # fmt: skip
    told, provenance = await call(demo, context, "fundamentals.load", security_id=apple, provider="fmp")
    assert (told["sources"], told["roe"]) == (["FMP"], stored["roe"])
    assert "interest_coverage" in told["missing"]
    assert "FMP" in provenance.sources


async def test_a_company_without_statements_has_no_figure_and_every_reason(demo: Demo):
    context, _ = await asking(demo, {}, configured=frozenset())
    found, _ = await call(demo, context, "fundamentals.load", security_id=str(named("security", "KO")))
    assert len(found["missing"]) == 19
    assert set(found["reasons"].values()) >= {"there are no statements"}
    with pytest.raises(Unavailable, match="not configured"):
        await call(demo, context, "fundamentals.load", security_id=str(named("security", "KO")), provider="fmp")


async def test_a_series_comes_from_its_source_and_otherwise_from_what_is_stored(demo: Demo):
    row = {"realtime_start": "2022-12-02", "realtime_end": "9999-12-31", "date": "2022-11-01", "value": "3.7"}
    later = {"realtime_start": "2023-01-06", "realtime_end": "9999-12-31", "date": "2022-12-01", "value": "3.5"}
    context, _ = await asking(demo, {"/fred/series/observations": {"observations": [row, later]}})
    told, _ = await call(demo, context, "provider.fetch_macro", series_id="UNRATE", start="2022-01-01")
    assert [(one["date"], one["value"]) for one in told["observations"]] == [("2022-11-01", "3.7")]
    assert (told["unit"], told["is_stale"]) == ("percent", False)
    silent, _ = await asking(demo, {}, configured=frozenset())
    stored, provenance = await call(demo, silent, "provider.fetch_macro", series_id="UNRATE", start="2022-01-01")
    assert stored["is_stale"] and stored["observations"]
    assert max(one["known_from"] for one in stored["observations"]) <= PACK
    assert any("not configured" in warning for warning in provenance.warnings)


async def test_headlines_are_found_by_name_and_only_those_of_the_window(demo: Demo):
    context, recorded = await asking(demo, {"/v2/everything": {"status": "ok", "articles": ARTICLES}})
    entities = [
        {"symbol": "AAPL", "name": "Apple Inc."},
        {"symbol": "MSFT", "name": "Microsoft Corporation"},
        {"symbol": "CAD", "security_type": "CASH"},
    ]
    found, provenance = await call(demo, context, "news.search", entities=entities, lookback_hours=24)
    assert [(one["url"][-1], one["symbols"], one["sentiment"]) for one in found["news_items"]] == [
        ("2", ["AAPL"], 0.6), ("4", ["AAPL"], 0.0), ("3", ["MSFT"], -0.3), ("1", ["AAPL"], 0.6),
    ]  # fmt: skip
    assert recorded.asked[0].url.params["q"] == '"Apple" OR "Microsoft"'
    assert KEY not in json.dumps(found) and "content" not in json.dumps(found)
    assert provenance.sources == ("NEWSAPI",)


async def impact(demo: Demo, context: RequestContext, **inputs: object):
    orchestrator = Orchestrator(demo.application.registry, sleep=asyncio.sleep, chance=random.Random(0))
    asked = {"portfolio_id": str(demo.portfolios["Household"].id), **inputs}
    return (await orchestrator.run(demo.application.patterns["news_impact_analysis"], asked, context)).plain()


async def test_what_matters_is_weighed_by_holding_and_told_once(demo: Demo):
    context, _ = await asking(demo, {"/v2/everything": {"status": "ok", "articles": ARTICLES}})
    found = await impact(demo, context)
    valued = (await demo.overview("Household")).plain()["data"]["valued_positions"]["positions"]
    weights = {one["symbol"]: one["weight"] for one in valued}
    result = found["data"]["impact_analysis"]
    apple = next(one for one in result["news_with_impact"] if one["symbols"] == ["AAPL"])
    assert apple["impact_score"] == pytest.approx(0.6 * min(1.0, weights["AAPL"] / 0.10))
    assert apple["weighted_impact"] == pytest.approx(0.6 * weights["AAPL"])
    assert (result["total_items"], result["duplicates"]) == (4, 1)
    assert result["exposed_portfolio_pct"] == pytest.approx(sum(weights[one["symbol"]] for one in result["entity_mentions"]))
    assert {panel["id"]: panel["status"] for panel in found["panels"]} == dict.fromkeys(
        ("impact_summary", "news_items", "entity_mentions"), "ok"
    )


async def test_without_a_source_every_panel_says_so_and_nothing_is_retried(demo: Demo):
    context, _ = await asking(demo, {}, configured=frozenset())
    found = await impact(demo, context)
    assert found["data"] == {"news_items": None, "impact_analysis": None, "alert_result": None}
    assert {panel["status"] for panel in found["panels"]} == {"unavailable"}
    assert all("NewsAPI.org is not configured" in panel["reason"] for panel in found["panels"])
    assert next(step["attempts"] for step in found["trace"]["steps"] if step["as"] == "news_items") == 1


async def test_under_an_old_pack_news_ends_with_its_day(demo: Demo):
    context, recorded = await asking(demo, {"/v2/everything": {"status": "ok", "articles": []}})
    later = replace(context, clock=FixedClock(datetime(2025, 11, 3, tzinfo=UTC)))
    found, provenance = await call(demo, later, "news.search", entities=[{"symbol": "AAPL", "name": "Apple Inc."}])
    assert found["until"] == "2022-12-29T00:00:00Z"
    assert recorded.asked[0].url.params["to"] == "2022-12-29"
    assert any(str(date.fromisoformat(PACK)) in warning for warning in provenance.warnings)


async def test_an_alert_is_kept_only_when_asked_for_and_only_once(own_demo: Demo):
    strong = [article("Apple profit beats record, surges, soars and jumps as demand grows", "https://example.org/1")]
    context, _ = await asking(own_demo, {"/v2/everything": {"status": "ok", "articles": strong}})
    assert (await impact(own_demo, context))["data"]["alert_result"] is None
    found = (await impact(own_demo, context, create_alert=True))["data"]
    assert found["impact_analysis"]["largest_impact"] >= 0.7
    assert found["alert_result"]["alert_created"] is True
    again = (await impact(own_demo, context, create_alert=True))["data"]["alert_result"]
    assert (again["alert_created"], again["alert_id"]) == (False, found["alert_result"]["alert_id"])
