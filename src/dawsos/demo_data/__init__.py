"""The bundled demo: two portfolios of invented amounts at real prices. What is in it and where it comes from: docs/demo-data.md."""

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from dawsos.kernel.ledger import LotMethod


@dataclass(frozen=True, slots=True)
class DemoSource:
    """Who published the figures, under which terms, and the line that must stand where they are shown."""

    id: str
    title: str
    terms: str
    attribution: str


@dataclass(frozen=True, slots=True)
class DemoSecurity:
    """A row of the securities master; ``sector``, ``industry`` and ``exchange`` are None for an index.

    ``prices`` is ``adjusted`` (for splits and dividends, in the share units of the end of 2022) or ``as quoted``. There is a price on
    every trading day from ``first_date`` to ``last_date`` and on no other day.
    """

    symbol: str
    name: str
    security_type: str
    currency: str
    sector: str | None
    industry: str | None
    exchange: str | None
    prices: str
    first_date: date
    last_date: date


@dataclass(frozen=True, slots=True)
class DemoCorporateAction:
    """A dividend (``amount_per_share`` in ``currency``) or a split of one of the securities as quoted, derived from its prices."""

    symbol: str
    action_type: str
    ex_date: date
    amount_per_share: Decimal | None
    currency: str | None
    split_from: Decimal | None
    split_to: Decimal | None


@dataclass(frozen=True, slots=True)
class DemoPriceFile:
    """A price CSV (docs/reference/price-csv.md), and the source its observations name."""

    file: Traversable
    source: DemoSource


@dataclass(frozen=True, slots=True)
class DemoPortfolio:
    """A portfolio and its transaction CSV (docs/reference/transaction-csv.md); no two portfolios have the same owner."""

    name: str
    base_currency: str
    lot_method: LotMethod
    owner_email: str
    benchmark_symbol: str | None
    first_date: date
    last_date: date
    description: str
    transactions: Traversable


_DIRECTORY: Final = files(__name__)

SKFOLIO: Final = DemoSource(
    id="SKFOLIO",
    title="Daily prices of the S&P 500 data sets of skfolio 1.12",
    terms="BSD 3-Clause",
    attribution="Prices: data sets of the package skfolio (BSD 3-Clause), adjusted for splits and dividends",
)
BOKEH: Final = DemoSource(
    id="BOKEH_SAMPLEDATA",
    title="Daily stock prices of bokeh_sampledata 2026.1",
    terms="BSD 3-Clause",
    attribution="Prices: package bokeh_sampledata (BSD 3-Clause), as quoted",
)


def portfolios() -> tuple[DemoPortfolio, ...]:
    """The demo's portfolios. Securities, prices and dates are real; amounts and the reasons for them are invented."""
    return (
        DemoPortfolio(
            name="Household",
            base_currency="CAD",
            lot_method=LotMethod.FIFO,
            owner_email="household@demo.invalid",
            benchmark_symbol="SPX",
            first_date=date(2014, 1, 2),
            last_date=date(2022, 12, 28),
            description=(
                "A Canadian household with cash in CAD, USD, EUR and GBP and 17 American shares. Invented amounts at real prices, which "
                "are adjusted for splits and dividends: so no splits and no cash dividends are booked, they are in the prices already."
            ),
            transactions=_DIRECTORY / "household_transactions.csv",
        ),
        DemoPortfolio(
            name="Income",
            base_currency="USD",
            lot_method=LotMethod.SPECIFIC,
            owner_email="income@demo.invalid",
            benchmark_symbol=None,
            first_date=date(2000, 3, 1),
            last_date=date(2013, 3, 1),
            description=(
                "Five American shares at prices as quoted, with their real splits and the real dividends derived from the prices. "
                "Invented amounts; the day a dividend was paid is not in the data, so it is booked on its ex-date."
            ),
            transactions=_DIRECTORY / "income_transactions.csv",
        ),
    )


def price_files() -> tuple[DemoPriceFile, ...]:
    """The price files; together they price every security on every one of its trading days."""
    return (
        DemoPriceFile(_DIRECTORY / "household_prices.csv.gz", SKFOLIO),
        DemoPriceFile(_DIRECTORY / "income_prices.csv.gz", BOKEH),
    )


def transaction_files() -> dict[str, Traversable]:
    """The transaction file of each portfolio, by the portfolio's name."""
    return {portfolio.name: portfolio.transactions for portfolio in portfolios()}


def load_securities() -> tuple[DemoSecurity, ...]:
    """The securities master, one row per symbol."""
    return tuple(
        DemoSecurity(
            symbol=row["symbol"],
            name=row["name"],
            security_type=row["security_type"],
            currency=row["currency"],
            sector=row["sector"] or None,
            industry=row["industry"] or None,
            exchange=row["exchange"] or None,
            prices=row["prices"],
            first_date=date.fromisoformat(row["first_date"]),
            last_date=date.fromisoformat(row["last_date"]),
        )
        for row in _rows("securities.csv")
    )


def load_corporate_actions() -> tuple[DemoCorporateAction, ...]:
    """Every split and dividend of the securities as quoted, by ex-date and then symbol, whether the portfolio held the share or not."""
    return tuple(
        DemoCorporateAction(
            symbol=row["symbol"],
            action_type=row["action_type"],
            ex_date=date.fromisoformat(row["ex_date"]),
            amount_per_share=_decimal(row["amount_per_share"]),
            currency=row["currency"] or None,
            split_from=_decimal(row["split_from"]),
            split_to=_decimal(row["split_to"]),
        )
        for row in _rows("corporate_actions.csv")
    )


@dataclass(frozen=True, slots=True)
class DemoStatement:
    """One year's figures of a company, in whole dollars (dividends per share in dollars), from the annual report named in ``source``.

    ``known_from`` is 90 days after the year's end: later than the law lets such a company publish.
    """

    symbol: str
    fiscal_date: date
    currency: str
    known_from: date
    source: str
    figures: dict[str, Decimal]


def load_statements() -> tuple[DemoStatement, ...]:
    """The annual statements that come with the demo; amounts in the file are in millions, dividends per share are not."""
    found = []
    for row in _rows("fundamentals.csv"):
        facts = [row.pop(name) for name in ("symbol", "fiscal_date", "currency", "known_from", "source")]
        figures = {name: Decimal(text) * (1 if name == "dividends_per_share" else 1_000_000) for name, text in row.items() if text}
        found.append(DemoStatement(facts[0], date.fromisoformat(facts[1]), facts[2], date.fromisoformat(facts[3]), facts[4], figures))
    return tuple(found)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_DIRECTORY / name).open("r", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


@dataclass(frozen=True, slots=True)
class DemoFigure:
    """A figure of an economic series, in the unit it was published in; ``period`` is dated as FRED dates it."""

    series_id: str
    period: date
    value: Decimal


#: The figures are those of the end of this month, when the source packaged them: later revisions are not in them.
ECONOMIC_SERIES_OF: Final = date(2022, 10, 31)
_FISCAL_YEARS: Final = frozenset({"FYFSD"})


def load_economic_series() -> Iterator[DemoFigure]:
    """64 series of the Federal Reserve Bank of St. Louis (FRED), monthly, quarterly and annual, from 1901 to 2022."""
    with _DIRECTORY.joinpath("economic_series.csv.gz").open("rb") as packed:
        text = gzip.decompress(packed.read()).decode()
    for row in csv.DictReader(io.StringIO(text, newline="")):
        first, months = date.fromisoformat(row["first"]), int(row["months"])
        for place, value in enumerate(row["values"].split(" ")):
            if value != ".":
                years, month = divmod(first.month - 1 + months * place, 12)
                period = date(first.year + years, month + 1, 1)
                yield DemoFigure(
                    row["series_id"], _fiscal_year_end(period) if row["series_id"] in _FISCAL_YEARS else period, Decimal(value)
                )


def _fiscal_year_end(year: date) -> date:
    """The federal fiscal year ended in June until 1976 and ends in September since."""
    return date(year.year, 6, 30) if year.year <= 1976 else date(year.year, 9, 30)
