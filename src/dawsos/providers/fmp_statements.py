"""Annual statements and ratios of companies, as Financial Modeling Prep gives them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from dawsos.kernel.errors import Unavailable
from dawsos.providers import fields
from dawsos.providers.catalogue import FMP
from dawsos.providers.gateway import Answer, Gateway, Told

#: Our name of each figure, the path it is told under, and its name there. Paid amounts are negative there and positive here.
_FIGURES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "/stable/income-statement": (
        ("revenue", "revenue"),
        ("gross_profit", "grossProfit"),
        ("operating_income", "operatingIncome"),
        ("interest_expense", "interestExpense"),
        ("net_income", "netIncome"),
    ),
    "/stable/balance-sheet-statement": (
        ("total_assets", "totalAssets"),
        ("goodwill", "goodwill"),
        ("intangible_assets", "intangibleAssets"),
        ("current_assets", "totalCurrentAssets"),
        ("current_liabilities", "totalCurrentLiabilities"),
        ("total_liabilities", "totalLiabilities"),
        ("retained_earnings", "retainedEarnings"),
        ("shareholders_equity", "totalStockholdersEquity"),
        ("cash_and_equivalents", "cashAndCashEquivalents"),
        ("total_debt", "totalDebt"),
        ("long_term_debt", "longTermDebt"),
    ),
    "/stable/cash-flow-statement": (
        ("operating_cash_flow", "operatingCashFlow"),
        ("capital_expenditure", "capitalExpenditure"),
        ("dividends_paid", "commonDividendsPaid"),
    ),
}
_PAID: Final = frozenset({"capital_expenditure", "dividends_paid"})
#: A nought here is how the source writes that it does not know, too, and no interest at all would be the best of all ratings.
_NOUGHT_IS_UNKNOWN: Final = frozenset({"interest_expense", "current_assets", "current_liabilities", "total_assets", "shareholders_equity"})
#: Our name of each ratio and the source's; those told in percent are not among them.
_RATIOS: Final = (
    ("gross_margin", "grossProfitMargin"),
    ("operating_margin", "operatingProfitMargin"),
    ("net_margin", "netProfitMargin"),
    ("current_ratio", "currentRatio"),
    ("debt_equity_ratio", "debtToEquityRatio"),
    ("interest_coverage", "interestCoverageRatio"),
    ("payout_ratio", "dividendPayoutRatio"),
    ("dividend_yield", "dividendYield"),
    ("price_earnings", "priceToEarningsRatio"),
    ("price_book", "priceToBookRatio"),
)
RATIO_NAMES: Final = tuple(name for name, _ in _RATIOS)


@dataclass(frozen=True, slots=True)
class FiscalYear:
    """One year of a company: figures by name in whole units of ``currency``, public since ``known_from``."""

    fiscal_date: date
    known_from: date
    currency: str
    figures: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class FiscalRatios:
    """The ratios of one year by name; one the source does not tell is left out."""

    fiscal_date: date
    ratios: Mapping[str, Decimal]


async def fetch_statements(gateway: Gateway, ticker: str, years: int) -> Told[list[FiscalYear]]:
    """The last ``years`` annual statements, newest first; a year counts as public once all three of its statements are filed."""
    answers = [await gateway.get(path, _asked(ticker, years), lambda said, of=path: _rows(said, of)) for path in _FIGURES]  # type: ignore[misc]
    told = [_rows(answer, path) for answer, path in zip(answers, _FIGURES, strict=True)]
    days = sorted({day for rows in told for day in rows}, reverse=True)
    return Told(
        [_year(day, [rows[day] for rows in told if day in rows]) for day in days],
        min(answer.fetched_at for answer in answers),
        any(answer.is_stale for answer in answers),
    )


async def fetch_ratios(gateway: Gateway, ticker: str, years: int) -> Told[list[FiscalRatios]]:
    """The ratios of the last ``years`` fiscal years, newest first."""
    answer = await gateway.get("/stable/ratios", _asked(ticker, years), _ratios)
    return Told(_ratios(answer), answer.fetched_at, answer.is_stale)


def _asked(ticker: str, years: int) -> dict[str, str]:
    return {"symbol": ticker, "period": "annual", "limit": str(years)}


def _rows(answer: Answer, path: str) -> dict[date, FiscalYear]:
    found = {}
    for row in fields.rows(answer.json(), "the answer"):
        day = fields.day(row.get("date"), "date")
        filed = row.get("filingDate")
        figures = {name: value for name, theirs in _FIGURES[path] if (value := _figure(row, name, theirs)) is not None}
        known_from = max(day, fields.day(filed, "filingDate")) if filed else day
        found[day] = FiscalYear(day, known_from, fields.text(row.get("reportedCurrency"), "reportedCurrency"), figures)
    return found


def _figure(row: Mapping[str, Any], name: str, theirs: str) -> Decimal | None:
    value = fields.optional_number(row.get(theirs), theirs)
    if value is None or (value == 0 and name in _NOUGHT_IS_UNKNOWN):
        return None
    return abs(value) if name in _PAID else value


def _year(day: date, parts: list[FiscalYear]) -> FiscalYear:
    currencies = {part.currency for part in parts}
    if len(currencies) > 1:
        raise Unavailable(
            f"{FMP.title} gives the statements of {day} in {', '.join(sorted(currencies))}, which do not go together.",
            remedy="Use the company's own report.",
            code="provider_unavailable",
            details={"provider": FMP.name, "retryable": False},
        )
    figures = {name: value for part in parts for name, value in part.figures.items()}
    return FiscalYear(day, max(part.known_from for part in parts), parts[0].currency, figures)


def _ratios(answer: Answer) -> list[FiscalRatios]:
    found = [
        FiscalRatios(
            fields.day(row.get("date"), "date"),
            {name: value for name, theirs in _RATIOS if (value := fields.optional_number(row.get(theirs), theirs)) is not None},
        )
        for row in fields.rows(answer.json(), "the answer")
    ]
    return sorted(found, key=lambda each: each.fiscal_date, reverse=True)
