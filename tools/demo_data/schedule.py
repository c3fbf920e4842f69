"""Puts what is planned into the order of its days and lets it happen."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum
from typing import NamedTuple

from dawsos.kernel.money import round_money
from tools.demo_data.book import Book
from tools.demo_data.market import Market


class Turn(IntEnum):
    """What comes first on a day with several things in it."""

    SPLIT = 0
    DIVIDEND = 1
    CASH_IN = 2
    CONVERSION = 3
    SECURITIES_IN = 4
    SALE = 5
    PURCHASE = 6
    SECURITIES_OUT = 7
    FEE = 8
    TAX = 9
    CASH_OUT = 10
    NOTE = 11
    INTEREST = 12


class Event(NamedTuple):
    """Something that happens on a trading day."""

    day: date
    turn: Turn
    happen: Callable[[], object]


def run(events: Iterable[Event]) -> None:
    """Let ``events`` happen in the order of their days and turns; equal ones in the order given."""
    for event in sorted(events, key=lambda event: (event.day, event.turn)):
        event.happen()


def months(first: date, last: date, step: int = 1) -> Iterator[date]:
    """The first of every ``step``-th month from ``first``'s month on, up to ``last``."""
    count = first.year * 12 + first.month - 1
    while (day := date(count // 12, count % 12 + 1, 1)) <= last:
        yield day
        count += step


def month_end(market: Market, month: date) -> date:
    """The last trading day of the month that begins with ``month``."""
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    last = market.on_or_after(following) if following <= market.days[-1] else None
    return market.days[market.days.index(last) - 1] if last else market.days[-1]


@dataclass(frozen=True, slots=True)
class InterestTerms:
    """Interest a year on a currency's balance: a chosen rate."""

    currency: str
    rate: Decimal


def interest(book: Book, first: date, last: date, terms: Iterable[InterestTerms]) -> Iterator[Event]:
    """Once a year, on the last trading day of December: the rate on the average of the year's month-end balances."""
    noted: defaultdict[tuple[int, str], list[Decimal]] = defaultdict(list)
    terms = tuple(terms)

    def note(year: int) -> None:
        for one in terms:
            noted[year, one.currency].append(book.cash[one.currency])

    def pay(day: date) -> None:
        for one in terms:
            balances = noted[day.year, one.currency]
            amount = round_money(sum(balances, Decimal(0)) / 12 * one.rate)
            if amount > 0:
                book.cash_line(day, "INTEREST", amount, one.currency, f"Interest {day.year}, {one.rate * 100:.2f} %")

    for month in months(first, last):
        day = month_end(book.market, month)
        yield Event(day, Turn.NOTE, lambda day=day: note(day.year))  # type: ignore[misc]
        if month.month == 12:
            yield Event(day, Turn.INTEREST, lambda day=day: pay(day))  # type: ignore[misc]
