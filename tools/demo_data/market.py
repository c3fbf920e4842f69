"""The published closes the demo is made from, as the text they were published in."""

import csv
import gzip
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

#: From the symbol of a raw series to its name in DawsOS.
RAW_SUFFIX: Final = ".RAW"
LEFT_OUT: Final = frozenset({"MRK", "PEP", "RRC"})
FIRST_DAY: Final = date(2013, 12, 31)
LAST_DAY: Final = date(2022, 12, 28)


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a price file: texts exactly as published, empty where there is none."""

    close: str
    open: str = ""
    high: str = ""
    low: str = ""
    volume: str = ""
    adjusted_close: str = ""


@dataclass(frozen=True, slots=True)
class Market:
    """Bars by symbol and day, and the days on which there is a market at all."""

    bars: Mapping[str, Mapping[date, Bar]]
    days: tuple[date, ...] = field(default=())

    def close(self, symbol: str, day: date) -> Decimal:
        return Decimal(self.bars[symbol][day].close)

    def on_or_after(self, day: date) -> date:
        """The first trading day that is not before ``day``."""
        return self.days[bisect_left(self.days, day)]

    def on_or_before(self, day: date) -> date:
        """The last trading day that is not after ``day``."""
        return self.days[bisect_right(self.days, day) - 1]

    def days_later(self, day: date, trading_days: int) -> date:
        """The trading day ``trading_days`` after the trading day ``day``."""
        return self.days[bisect_left(self.days, day) + trading_days]


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a compressed CSV."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _market(bars: dict[str, dict[date, Bar]]) -> Market:
    return Market(bars, tuple(sorted({day for series in bars.values() for day in series})))


def adjusted_closes(source: Path) -> dict[str, dict[date, Bar]]:
    """All twenty stocks and the index from 1990 on, closes alone."""
    bars: dict[str, dict[date, Bar]] = {}
    for row in rows(source / "prices_us_adjusted.csv.gz"):
        day = date.fromisoformat(row.pop("date"))
        for symbol, close in row.items():
            bars.setdefault(symbol, {})[day] = Bar(close)
    return bars


def household_market(source: Path) -> Market:
    """Seventeen stocks and the S&P 500, from the last day of 2013 on."""
    return _market(
        {
            symbol: {day: bar for day, bar in series.items() if FIRST_DAY <= day <= LAST_DAY}
            for symbol, series in adjusted_closes(source).items()
            if symbol not in LEFT_OUT
        }
    )


def earlier_close(source: Path, symbol: str, day: date) -> Decimal:
    """An adjusted close from before the household's first day, for what it brought along."""
    return Decimal(adjusted_closes(source)[symbol][day].close)


def income_market(source: Path) -> Market:
    """Five stocks with open, high, low, close and volume as quoted, and the adjusted closes the dividends are derived from."""
    bars: dict[str, dict[date, Bar]] = {}
    for row in rows(source / "ohlcv_2000_2013.csv.gz"):
        bar = Bar(row["Close"], row["Open"], row["High"], row["Low"], row["Volume"], row["Adj Close"])
        bars.setdefault(row["Ticker"] + RAW_SUFFIX, {})[date.fromisoformat(row["Date"])] = bar
    return _market(bars)
