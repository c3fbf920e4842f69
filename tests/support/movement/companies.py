"""Companies and the world outside: fundamentals, ratings, sources, news, corporate actions; and what is written about all of it."""

from collections.abc import Mapping
from typing import Any, Final

from tests.support.answers import SAID
from tests.support.movement.asks import EARLIER, INCOME, OTHER_DATA, Ask, Asker, Row, said

_MARK: Final = "the mark of the checklist, which is the same for every company"


def statements(times: int) -> dict[str, list[dict[str, Any]]]:
    """What the source says of a company whose every figure is as many times that of another; all figures are there."""
    year = {"date": "2022-09-24", "filingDate": "2022-10-28", "reportedCurrency": "USD"}
    figures = {
        "/stable/income-statement": ("revenue", "grossProfit", "operatingIncome", "interestExpense", "netIncome"),
        "/stable/balance-sheet-statement": (
            "totalAssets", "goodwill", "intangibleAssets", "totalCurrentAssets", "totalCurrentLiabilities", "totalLiabilities",
            "retainedEarnings", "totalStockholdersEquity", "cashAndCashEquivalents", "totalDebt", "longTermDebt",
        ),
        "/stable/cash-flow-statement": ("operatingCashFlow", "capitalExpenditure", "commonDividendsPaid"),
    }  # fmt: skip
    told = {}
    for path, names in figures.items():
        told[path] = [{**year, **{name: times * (900 - 50 * place) * 10**6 for place, name in enumerate(names)}}]
    for paid in ("capitalExpenditure", "commonDividendsPaid"):
        told["/stable/cash-flow-statement"][0][paid] *= -1
    return told


def ratios(times: int) -> dict[str, list[dict[str, Any]]]:
    names = (
        "grossProfitMargin", "operatingProfitMargin", "netProfitMargin", "currentRatio", "debtToEquityRatio", "interestCoverageRatio",
        "dividendPayoutRatio", "dividendYield", "priceToEarningsRatio", "priceToBookRatio",
    )  # fmt: skip
    return {"/stable/ratios": [{"date": "2022-09-24", **{name: times * (place + 1) / 100 for place, name in enumerate(names)}}]}


def quotes(price: float) -> dict[str, Any]:
    row = SAID["/stable/batch-quote"][0]
    moved = {"price": price, "change": price - 126, "changePercentage": price - 129, "volume": int(price * 1000)}
    return {"/stable/batch-quote": [row | moved]}


def articles(*titles: str) -> dict[str, Any]:
    row = SAID["/v2/everything"]["articles"][0]
    told = [row | {"title": title, "url": f"https://example.org/{place}"} for place, title in enumerate(titles)]
    return {"/v2/everything": {"status": "ok", "articles": told}}


def news(*items: tuple[str, str, float], held: Mapping[str, float]) -> Ask:
    told = [
        {"headline": title, "source": "Example Times", "url": f"https://example.org/{place}", "published_at": "2022-12-29T09:00:00Z",
         "symbols": [symbol], "sentiment": mood}
        for place, (title, symbol, mood) in enumerate(items)
    ]  # fmt: skip
    positions = [
        {"symbol": symbol, "name": symbol, "security_type": "EQUITY", "sector": None, "weight": weight} for symbol, weight in held.items()
    ]
    return said({"news_items": told, "positions": positions})


async def rated(ask: Asker) -> Mapping[str, Any]:
    positions = (await ask("portfolio.get_valued_positions"))["positions"]
    return {
        "security_id": None,
        "positions": [{name: one[name] for name in ("security_id", "market_value", "base_currency")} for one in positions],
    }


_RATING: Final = {
    "base": Ask(),
    "another company": Ask(security="MSFT"),
    "another date": EARLIER,
    "another rubric": Ask(data=OTHER_DATA),
    "other reports": Ask(data=OTHER_DATA, security="MSFT"),
}


_WEIGHED: Final = (".overall_score", ".components[*].weight")


def _sectors(*values: int) -> Ask:
    total = sum(values)
    sectors = [
        {"sector": f"Sector {place}", "market_value": f"{one}.00", "weight": one / total, "count": place + 1}
        for place, one in enumerate(values)
    ]
    return said({"report_data": {"sectors": {
        "sectors": sectors, "total_value": f"{total}.00", "unpriced": 0, "currency": "CAD", "reasons": {},
    }}})  # fmt: skip


_REPORT: Final = {"base": _sectors(600, 400), "other figures": _sectors(1111, 222, 33333)}


def _written(name: str, *texts: str, figures: tuple[Any, Any] | None = None) -> Row:
    known, partly = figures or (
        {"performance": {"twr": 0.0712, "volatility": 0.148, "max_drawdown": -0.231}},
        {"performance": {"twr": 0.0321, "volatility": None, "max_drawdown": -0.333, "reasons": {"volatility": "there are too few days"}}},
    )
    return Row({"base": said({name: known}), "other figures": said({name: partly})}, texts=texts)


_EFFECTS: Final = {
    "base": Ask(data=OTHER_DATA),
    "no actions": Ask(),
    "another span": Ask(data=OTHER_DATA, body={"days_ahead": 10}),
    "another date": Ask(data=OTHER_DATA, pack="PP_2022-11-01"),
}
_EARNINGS: Final = "no source tells the days of earnings; it is null with that reason"
_OF_ANOTHER_KIND: Final = "of an action of another kind"
_YEAR: Final = {"from_date": "2022-01-01", "to_date": "2022-12-28"}
_HISTORY: Final = {
    "actions": Ask(data=OTHER_DATA, body=_YEAR),
    "actions of another year": Ask(data=OTHER_DATA, body=_YEAR | {"from_date": "2022-08-01"}),
}

ROWS: Final[Mapping[str, Row]] = {
    "ai.explain": _written("data", "text"),
    "alerts.create_if_threshold": Row(
        {
            "base": Ask(),
            "another impact": said({"news_impact": {"largest_impact": 0.3, "reasons": {}}}),
            "another threshold": said({"threshold": 0.6}),
        },
        texts=("reason",),
    ),
    "claude.analyze": _written("data", "analysis", "findings", "risks"),
    "claude.explain": _written("data", "text"),
    "claude.financial_qa": _written("context", "answer"),
    "claude.portfolio_advice": _written("portfolio", "rationale", "advice"),
    "claude.scenario_analysis": _written(
        "scenario_result", "narrative", "drivers",
        figures=(
            {"scenario_id": "rates_up", "total_delta_pl": "-1250.50", "return_delta": -0.12, "currency": "CAD"},
            {"scenario_id": "rates_up", "total_delta_pl": "-777.70", "return_delta": None, "currency": "CAD", "reasons": {"return_delta": "nothing is held"}},
        ),
    ),
    "claude.summarize": _written("content", "summary", "key_points"),
    "corporate_actions.calculate_impact": Row(_EFFECTS),
    "corporate_actions.dividends": Row(
        {"base": Ask(), "other holdings": INCOME, **_HISTORY},
        {f".dividends[].{name}": _OF_ANOTHER_KIND for name in ("cash_per_share", "ratio", "split_from", "split_to")},
    ),
    "corporate_actions.earnings": Row({"base": Ask()}, {".count": _EARNINGS}),
    "corporate_actions.splits": Row(
        {"base": Ask(), **_HISTORY},
        {f".splits[].{name}": _OF_ANOTHER_KIND for name in ("amount_per_share", "cash_per_share", "ratio", "withholding_rate")},
    ),
    "corporate_actions.upcoming": Row(_EFFECTS, {".earnings_releases": _EARNINGS}),
    "fundamentals.load": Row(
        {
            **_RATING,
            "other reports, another date": Ask(data=OTHER_DATA, pack=EARLIER.pack),
            "a source": Ask(body={"provider": "fmp"}, said=statements(1)),
            "a source, other figures": Ask(body={"provider": "fmp"}, said=statements(3), security="MSFT"),
        },
        {".checklist[*].threshold": _MARK, ".switching_cost_score": "nobody assesses it; it is null with that reason"},
    ),
    "get_security_fundamentals": Row({
        **_RATING,
        "another date, number of shares known": Ask(data=OTHER_DATA, pack=EARLIER.pack),
    }),
    "news.compute_portfolio_impact": Row({
        "base": news(
            ("Apple profit beats record", "AAPL", 0.6), ("Apple profit beats a record", "AAPL", 0.6), ("Microsoft faces lawsuit", "MSFT", -0.5),
            held={"AAPL": 0.09, "MSFT": 0.05, "KO": 0.03},
        ),
        "other holdings": news(
            ("Apple profit beats record", "AAPL", 0.6), ("Apple profit beats a record", "AAPL", 0.6), ("Microsoft faces lawsuit", "MSFT", -0.5),
            held={"AAPL": 0.05, "MSFT": 0.08, "KO": 0.03},
        ),
        "other news": news(
            ("Apple soars", "AAPL", 1.0), ("Microsoft faces lawsuit", "MSFT", -0.9), ("Microsoft sinks", "MSFT", -1.0), ("Cola sells", "KO", 0.5),
            held={"AAPL": 0.09, "MSFT": 0.09, "KO": 0.09},
        ),
    }),
    "news.search": Row({"base": Ask(), "other news": Ask(said=articles("Apple faces lawsuit and investigation", "Apple falls"))}),
    "provider.fetch_fundamentals": Row(
        {"base": Ask(said=statements(1)), "other figures": Ask(said=statements(3))},
        {".statements[].dividends_per_share": "this source does not tell it", ".statements[].shares_issued": "this source does not tell it"},
    ),
    "provider.fetch_macro": Row({
        "base": Ask(),
        "other figures": Ask(said={"/fred/series/observations": {"observations": [
            {"realtime_start": "2022-12-02", "realtime_end": "9999-12-31", "date": "2022-11-01", "value": "3.9"},
        ]}}),
    }),
    "provider.fetch_news": Row({"base": Ask()}),
    "provider.fetch_quote": Row({"base": Ask(said=quotes(130.0), body={"symbols": ["AAPL"]}), "other figures": Ask(said=quotes(131.0), body={"symbols": ["AAPL"]})}),
    "provider.fetch_ratios": Row({"base": Ask(said=ratios(1)), "other figures": Ask(said=ratios(3))}),
    "ratings.aggregate": Row({
        "base": Ask(body=rated),
        "another date": Ask(pack=EARLIER.pack, body=rated),
        "another rubric": Ask(data=OTHER_DATA, body=rated),
    }).following(another_rubric=(".overall", ".moat_strength", ".dividend_safety", ".resilience")),
    "ratings.dividend_safety": Row(
        _RATING, {".components[streak].score": "five reports show a streak of four rises at most, which is below the first mark"}
    ).following(another_rubric=_WEIGHED),
    "ratings.moat_strength": Row(_RATING).following(another_rubric=_WEIGHED),
    "ratings.resilience": Row(_RATING).following(another_rubric=_WEIGHED),
    "reports.export_csv": Row(_REPORT),
    "reports.export_excel": Row(_REPORT),
    "reports.render_pdf": Row(_REPORT),
}  # fmt: skip
