"""The story of *Income*: an American portfolio that chooses its lots and lives off dividends, at prices as quoted, 2000 to 2013."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Final

from dawsos.providers.ecb import EcbRates
from tools.demo_data.book import Book, Terms
from tools.demo_data.corporate_actions import CorporateAction
from tools.demo_data.market import RAW_SUFFIX, Market
from tools.demo_data.schedule import Event, InterestTerms, Turn, interest, months, run

BEGIN: Final = date(2000, 3, 1)
END: Final = date(2013, 3, 1)

# (day, kind, amount, what it was)
CASH: Final = (
    ("2000-03-01", "DEPOSIT", "78000", "Opening deposit"),
    ("2001-01-02", "DEPOSIT", "6000", "Yearly addition"),
    ("2002-01-02", "DEPOSIT", "6000", "Yearly addition"),
    ("2003-01-02", "DEPOSIT", "6000", "Yearly addition"),
    ("2004-01-02", "DEPOSIT", "6000", "Yearly addition"),
    ("2005-01-03", "DEPOSIT", "6000", "Yearly addition"),
    ("2005-12-01", "WITHDRAWAL", "-1500", "Income taken"),
    ("2006-12-01", "WITHDRAWAL", "-2000", "Income taken"),
    ("2007-12-03", "WITHDRAWAL", "-3000", "Income taken"),
    ("2008-12-01", "WITHDRAWAL", "-3000", "Income taken"),
    ("2009-12-01", "WITHDRAWAL", "-4000", "Income taken"),
    ("2010-12-01", "WITHDRAWAL", "-6000", "Income taken"),
    ("2011-12-01", "WITHDRAWAL", "-8000", "Income taken"),
    ("2012-12-03", "WITHDRAWAL", "-10000", "Income taken"),
)

# (day, symbol, about how many dollars)
PURCHASES: Final = (
    ("2000-03-01", "IBM", 18000), ("2000-03-01", "MSFT", 14000), ("2000-03-06", "AAPL", 5000), ("2000-06-01", "IBM", 9000),
    ("2000-10-02", "AAPL", 3000), ("2000-12-21", "MSFT", 7000), ("2001-04-04", "IBM", 7000), ("2001-09-21", "MSFT", 6000),
    ("2002-01-16", "IBM", 5000), ("2002-07-24", "IBM", 6000), ("2002-10-09", "MSFT", 5000), ("2003-03-11", "AAPL", 1000),
    ("2003-09-02", "IBM", 5000), ("2004-03-15", "MSFT", 6000), ("2004-08-25", "GOOG", 5000), ("2005-04-18", "IBM", 7000),
    ("2005-10-20", "GOOG", 4500), ("2006-06-13", "MSFT", 7000), ("2007-08-16", "IBM", 6000), ("2008-01-23", "GOOG", 6000),
    ("2008-10-10", "IBM", 9000), ("2008-11-20", "AAPL", 4000), ("2009-03-09", "MSFT", 9000), ("2010-07-06", "IBM", 9000),
    ("2010-09-01", "MSFT", 8000), ("2011-08-09", "GOOG", 9000), ("2012-05-18", "FB", 8000), ("2012-09-04", "FB", 5000),
    ("2012-11-16", "AAPL", 9000), ("2013-01-14", "MSFT", 9000),
)  # fmt: skip

# (day, symbol, [(which open lot, 0 being the oldest; how many of its shares)])
SALES: Final = (
    ("2001-12-06", "IBM", [(0, 60)]),
    ("2002-03-19", "MSFT", [(0, 40)]),
    ("2004-04-16", "IBM", [(0, 40), (1, 20)]),
    ("2004-12-15", "AAPL", [(0, 30)]),
    ("2005-07-22", "GOOG", [(0, 14)]),
    ("2006-01-17", "AAPL", [(1, 60), (2, 40)]),
    ("2007-11-01", "MSFT", [(0, 228), (1, 60)]),
    ("2007-12-27", "AAPL", [(0, 34), (2, 60)]),
    ("2009-12-15", "IBM", [(1, 64), (2, 20)]),
    ("2010-04-23", "AAPL", [(0, 40), (2, 25)]),
    ("2011-02-16", "IBM", [(0, 20)]),
    ("2012-04-10", "AAPL", [(0, 22), (1, 38)]),
    ("2012-09-21", "AAPL", [(0, 30)]),
    ("2013-02-01", "FB", [(0, 100), (1, 50)]),
)


def income_book(market: Market, rates: EcbRates, actions: Iterable[CorporateAction]) -> Book:
    """The portfolio's ledger from its first day to its last, with every split and dividend of what it holds."""
    book = Book("IN", market, rates, lambda _: 3, Terms(commission=Decimal("12.00")))
    run([*_cash(book), *_corporate_actions(book, actions), *_trades(book), *_running_costs(book)])
    return book


def _cash(book: Book) -> Iterator[Event]:
    turns = {"DEPOSIT": Turn.CASH_IN, "WITHDRAWAL": Turn.CASH_OUT}
    for text, kind, amount, narration in CASH:
        day = date.fromisoformat(text)
        yield Event(day, turns[kind], partial(book.cash_line, day, kind, Decimal(amount), "USD", narration))


def _corporate_actions(book: Book, actions: Iterable[CorporateAction]) -> Iterator[Event]:
    for action in actions:
        if action.split_to:
            yield Event(action.ex_date, Turn.SPLIT, partial(book.split, action.ex_date, action.symbol, action.split_to))
        if action.amount_per_share:
            yield Event(action.ex_date, Turn.DIVIDEND, partial(book.dividend, action.ex_date, action.symbol, action.amount_per_share))


def _trades(book: Book) -> Iterator[Event]:
    for text, symbol, about in PURCHASES:
        day = date.fromisoformat(text)
        yield Event(day, Turn.PURCHASE, partial(book.buy, day, symbol + RAW_SUFFIX, about))
    for text, symbol, chosen in SALES:
        day = date.fromisoformat(text)
        yield Event(day, Turn.SALE, partial(book.sell_from, day, symbol + RAW_SUFFIX, chosen))


def _running_costs(book: Book) -> Iterator[Event]:
    """Custody 30 dollars every half-year, on the last trading day up to the 28th of June and December; interest at year end."""
    for month in months(date(2000, 6, 1), END, 6):
        day = book.market.on_or_before(date(month.year, month.month, 28))
        yield Event(day, Turn.FEE, partial(book.cash_line, day, "FEE", Decimal(-30), "USD", "Custody of the half-year"))
    yield from interest(book, BEGIN, END, (InterestTerms("USD", Decimal("0.0125")),))
