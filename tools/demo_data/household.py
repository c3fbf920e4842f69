"""The story of *Household*: a Canadian household that saves in four currencies and buys American shares, 2014 to 2022."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final

from dawsos.kernel.money import multiply, round_money
from dawsos.providers.ecb import EcbRates
from tools.demo_data.book import Book, Terms
from tools.demo_data.market import Market, earlier_close
from tools.demo_data.schedule import Event, InterestTerms, Turn, interest, months, run

BEGIN: Final = date(2014, 1, 2)
END: Final = date(2022, 12, 28)
#: American shares settled three trading days after the trade until September 2017 and two days after it since.
T_PLUS_TWO_SINCE: Final = date(2017, 9, 5)
ACQUIRED: Final = date(2009, 3, 16)

# (day, kind, amount, currency, what it was)
CASH: Final = (
    ("2014-01-02", "DEPOSIT", "80000", "CAD", "Opening deposit"),
    ("2014-01-02", "DEPOSIT", "15000", "EUR", "Savings from a salary in euros"),
    ("2014-02-03", "TRANSFER_IN", "16000", "GBP", "Balance of a closed account in London"),
    ("2016-08-15", "WITHDRAWAL", "-9000", "CAD", "Repairs to the house"),
    ("2017-07-03", "WITHDRAWAL", "-3000", "EUR", "Travel"),
    ("2018-08-01", "WITHDRAWAL", "-2500", "GBP", "Travel"),
    ("2019-07-01", "WITHDRAWAL", "-3500", "EUR", "Travel"),
    ("2020-05-01", "WITHDRAWAL", "-6000", "CAD", "Months without work"),
    ("2022-07-01", "WITHDRAWAL", "-3500", "EUR", "Travel"),
    ("2021-11-15", "WITHDRAWAL", "-55000", "CAD", "Part payment for a flat"),
    ("2015-04-30", "TAX", "-310", "CAD", "Income tax 2014"),
    ("2016-05-02", "TAX", "-480", "CAD", "Income tax 2015"),
    ("2017-05-01", "TAX", "-655", "CAD", "Income tax 2016"),
    ("2018-04-30", "TAX", "-1240", "CAD", "Income tax 2017"),
    ("2019-04-30", "TAX", "-870", "CAD", "Income tax 2018"),
    ("2020-06-01", "TAX", "-1515", "CAD", "Income tax 2019"),
    ("2021-04-30", "TAX", "-2980", "CAD", "Income tax 2020"),
    ("2022-05-02", "TAX", "-4120", "CAD", "Income tax 2021"),
)

# (day, currency sold, amount, currency bought)
CONVERSIONS: Final = (
    ("2014-01-03", "CAD", "60000", "USD"),
    ("2014-07-02", "CAD", "9000", "USD"),
    ("2015-01-05", "CAD", "8000", "USD"),
    ("2015-03-16", "EUR", "10000", "USD"),
    ("2015-07-02", "CAD", "8000", "USD"),
    ("2016-01-05", "CAD", "8000", "USD"),
    ("2016-05-16", "GBP", "8000", "USD"),
    ("2016-09-14", "EUR", "12000", "USD"),
    ("2017-01-04", "CAD", "6000", "USD"),
    ("2017-07-05", "CAD", "8000", "USD"),
    ("2018-01-03", "CAD", "8000", "USD"),
    ("2018-05-14", "EUR", "15000", "USD"),
    ("2018-10-02", "CAD", "18000", "USD"),
    ("2019-06-17", "EUR", "6000", "CAD"),
    ("2019-07-03", "CAD", "12000", "USD"),
    ("2020-03-18", "CAD", "16000", "USD"),
    ("2021-01-05", "CAD", "12000", "USD"),
    ("2021-11-08", "USD", "40000", "CAD"),
    ("2022-07-05", "CAD", "12000", "USD"),
)

# (day, symbol, about how many dollars)
PURCHASES: Final = (
    ("2014-01-06", "AAPL", 6000), ("2014-01-06", "MSFT", 6000), ("2014-01-06", "JNJ", 6000), ("2014-01-08", "KO", 4500),
    ("2014-01-08", "JPM", 5000), ("2014-01-13", "XOM", 6500), ("2014-01-13", "PG", 4500), ("2014-02-03", "GE", 4500),
    ("2014-02-03", "CVX", 4500), ("2014-03-03", "WMT", 4000),
    ("2014-07-07", "HD", 4500), ("2014-07-07", "PFE", 4500),
    ("2015-01-07", "UNH", 5500), ("2015-03-17", "LLY", 5000), ("2015-03-17", "BAC", 5000),
    ("2015-07-06", "BBY", 3200), ("2015-08-25", "AAPL", 3000),
    ("2016-01-07", "AMD", 1500), ("2016-01-20", "JPM", 3500), ("2016-05-17", "MSFT", 5000), ("2016-05-17", "HD", 5500),
    ("2016-09-15", "UNH", 6000), ("2016-09-15", "AAPL", 6000),
    ("2017-01-09", "CVX", 5500), ("2017-07-06", "JNJ", 8500), ("2017-11-20", "BAC", 9000),
    ("2018-01-08", "GE", 4000), ("2018-02-09", "MSFT", 8000), ("2018-05-15", "PG", 9000), ("2018-05-15", "WMT", 9000),
    ("2018-10-29", "AAPL", 9500), ("2018-12-24", "JPM", 12000),
    ("2019-01-14", "LLY", 4500), ("2019-05-13", "HD", 9000), ("2019-07-08", "KO", 8000), ("2019-08-05", "UNH", 8000),
    ("2019-11-18", "CVX", 9000), ("2020-03-18", "MSFT", 12000), ("2020-03-23", "HD", 8000), ("2020-03-23", "XOM", 4500),
    ("2020-06-15", "PFE", 8000), ("2020-09-21", "JNJ", 9000), ("2020-11-09", "BAC", 14000), ("2021-01-06", "CVX", 9000),
    ("2021-03-08", "AAPL", 8000), ("2021-05-17", "WMT", 11000), ("2021-09-20", "JNJ", 12000), ("2021-12-01", "BBY", 7000),
    ("2022-01-24", "MSFT", 9000), ("2022-03-14", "JPM", 10000), ("2022-06-16", "HD", 21000), ("2022-07-06", "WMT", 12000),
    ("2022-09-26", "PG", 14000), ("2022-10-13", "AMD", 6000), ("2022-10-24", "KO", 12000),
)  # fmt: skip

# (day, symbol, lots from the oldest on: 1.5 is the whole of the oldest and half of the next)
SALES: Final = (
    ("2015-12-14", "KO", "0.4"), ("2016-12-08", "GE", "0.5"), ("2017-06-02", "AMD", "0.2"), ("2017-10-20", "AAPL", "0.5"),
    ("2018-01-23", "XOM", "0.5"), ("2018-06-26", "GE", "1"), ("2018-09-13", "AMD", "0.25"), ("2018-11-08", "UNH", "0.5"),
    ("2019-04-24", "MSFT", "0.6"), ("2019-11-04", "JPM", "1"), ("2019-12-16", "BBY", "0.4"), ("2020-02-19", "AAPL", "1.5"),
    ("2020-08-27", "AMD", "0.5"), ("2020-10-12", "WMT", "1"), ("2021-05-10", "HD", "1"), ("2021-06-01", "BAC", "1.4"),
    ("2021-11-04", "MSFT", "1"), ("2021-11-29", "AMD", "0.5"), ("2022-03-08", "CVX", "1.25"), ("2022-04-18", "LLY", "1"),
    ("2022-06-08", "XOM", "1"), ("2022-08-15", "UNH", "1"), ("2022-12-01", "PFE", "1"),
)  # fmt: skip


def household_book(source: Path, market: Market, rates: EcbRates) -> Book:
    """The portfolio's ledger from its first day to its last."""
    book = Book("HH", market, rates, _settlement_days, Terms(commission=Decimal("9.95")))
    run([*_cash(book), *_savings(book), *_conversions(book), *_trades(book), *_in_kind(book, source), *_running_costs(book)])
    return book


def _settlement_days(day: date) -> int:
    return 2 if day >= T_PLUS_TWO_SINCE else 3


def _cash(book: Book) -> Iterator[Event]:
    turns = {"DEPOSIT": Turn.CASH_IN, "TRANSFER_IN": Turn.CASH_IN, "WITHDRAWAL": Turn.CASH_OUT, "TAX": Turn.TAX}
    for day, kind, amount, currency, narration in CASH:
        happened = date.fromisoformat(day)
        yield Event(happened, turns[kind], partial(book.cash_line, happened, kind, Decimal(amount), currency, narration))


def _savings(book: Book) -> Iterator[Event]:
    """4,000 Canadian dollars a quarter; 2,400 euros a quarter while one salary was paid in euros, to the end of 2018."""
    for month in months(date(2014, 4, 1), END, 3):
        day = book.market.on_or_after(month)
        yield Event(day, Turn.CASH_IN, partial(book.cash_line, day, "DEPOSIT", Decimal(4000), "CAD", "Savings of the quarter"))
    for month in months(date(2014, 3, 1), date(2018, 12, 31), 3):
        day = book.market.on_or_after(month)
        yield Event(day, Turn.CASH_IN, partial(book.cash_line, day, "DEPOSIT", Decimal(2400), "EUR", "Savings from a salary in euros"))


def _conversions(book: Book) -> Iterator[Event]:
    for text, sold, amount, bought in CONVERSIONS:
        day = date.fromisoformat(text)
        yield Event(day, Turn.CONVERSION, partial(book.convert, day, sold, Decimal(amount), bought))


def _trades(book: Book) -> Iterator[Event]:
    for text, symbol, about in PURCHASES:
        day = date.fromisoformat(text)
        yield Event(day, Turn.PURCHASE, partial(book.buy, day, symbol, about))
    for text, symbol, lots in SALES:
        day = date.fromisoformat(text)
        yield Event(day, Turn.SALE, partial(book.sell, day, symbol, Decimal(lots)))


def _in_kind(book: Book, source: Path) -> Iterator[Event]:
    """Shares bought in 2009 at another custodian come in; some shares are given away."""
    cost = round_money(multiply(Decimal(200), earlier_close(source, "KO", ACQUIRED)))
    day, narration = date(2015, 6, 1), "Shares moved here from another custodian"
    yield Event(day, Turn.SECURITIES_IN, partial(book.bring_in, day, "KO", 200, cost, ACQUIRED, narration))
    day = date(2020, 12, 1)
    yield Event(day, Turn.SECURITIES_OUT, partial(book.give_out, day, "PG", Decimal("0.3"), "A gift of shares"))


def _running_costs(book: Book) -> Iterator[Event]:
    """Custody 45 Canadian dollars a quarter, in the last month of the quarter; interest at year end."""
    for month in months(date(2014, 3, 1), END, 3):
        day = book.market.on_or_before(date(month.year, month.month, 28))
        yield Event(day, Turn.FEE, partial(book.cash_line, day, "FEE", Decimal(-45), "CAD", "Custody of the quarter"))
    yield from interest(
        book,
        BEGIN,
        END,
        (InterestTerms("CAD", Decimal("0.0075")), InterestTerms("USD", Decimal("0.0050")), InterestTerms("GBP", Decimal("0.0040"))),
    )
