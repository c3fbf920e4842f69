"""Prices and rates of many packs as blocks of whole numbers, one column per valuation date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final
from uuid import UUID

import numpy as np
import numpy.typing as npt

from dawsos.compute.ledger.segments import Float64, Int32, Int64, calendar_day, day_number
from dawsos.compute.valuation.inputs import PriceQuote
from dawsos.compute.valuation.quoted_rates import QuotedRates
from dawsos.compute.valuation.rates import RateTable
from dawsos.kernel.errors import Invalid
from dawsos.kernel.money import EXACT

#: ``close`` of a security that has no price on a date, and ``whole`` of a rate that is missing.
MISSING: Final = -1
#: ``whole`` of a rate that is not a multiple of 1e-8, such as an inverse or a cross.
LONG: Final = 0
_LARGEST: Final = 2**62


def whole_steps(value: Decimal, what: str) -> int:
    """``value`` in steps of 1e-8; :class:`Invalid` when it is negative, finer than that, or too large for 64 bits."""
    steps = value.scaleb(8, context=EXACT)
    if not value.is_finite() or steps < 0 or steps >= _LARGEST or steps != steps.to_integral_value():
        raise Invalid(f"{what} is {value}.", remedy="It must be a number from 0 to 4e10 with at most eight decimals.")
    return int(steps)


def day_numbers(days: Sequence[date]) -> Int32:
    """Dates as day numbers; :class:`Invalid` unless strictly ascending."""
    numbers = np.array([day_number(day) for day in days], dtype=np.int32)
    if (np.diff(numbers) <= 0).any():
        raise Invalid("Valuation dates must be strictly ascending.", remedy="Give one pack per date, in order.")
    return numbers


@dataclass(frozen=True, eq=False)
class PricePanel:
    """Closes as they traded: ``close[s, t]`` in 1e-8 of the security's currency on ``days[t]``, MISSING where there is none.

    ``price_day[s, t]`` is the day number of that close, earlier than ``days[t]`` where the pack carried it forward; None when no close is
    carried. Nothing is carried forward here: a pack already holds the last known close.
    """

    days: Int32  # [T] day numbers, ascending
    security_ids: tuple[UUID, ...]  # [S]
    close: Int64  # [S × T]
    price_day: Int32 | None = None  # [S × T]

    def __post_init__(self) -> None:
        shape = (len(self.security_ids), len(self.days))
        if self.close.shape != shape or (self.price_day is not None and self.price_day.shape != shape):
            raise Invalid(
                f"The price panel should be {shape}, not {self.close.shape}.", remedy="Give a row per security, a column per day."
            )

    @classmethod
    def from_quotes(cls, days: Sequence[date], quotes: Sequence[Mapping[UUID, PriceQuote]]) -> "PricePanel":
        """A panel of the prices of one pack per date; raises :class:`Invalid` for a close that is negative or finer than 1e-8."""
        ids = tuple(sorted({security_id for pack in quotes for security_id in pack}))
        close = np.full((len(ids), len(days)), MISSING, dtype=np.int64)
        price_day = np.tile(day_numbers(days), (len(ids), 1))
        row = {security_id: index for index, security_id in enumerate(ids)}
        for column, pack in enumerate(quotes):
            for security_id, quote in pack.items():
                close[row[security_id], column] = whole_steps(quote.close, f"The close of {security_id} on {days[column]}")
                price_day[row[security_id], column] = day_number(quote.price_date)
        return cls(day_numbers(days), ids, close, price_day)

    @cached_property
    def row(self) -> dict[UUID, int]:
        """The row of each security."""
        return {security_id: index for index, security_id in enumerate(self.security_ids)}

    @cached_property
    def has_missing(self) -> bool:
        return bool((self.close == MISSING).any())

    def at(self, columns: npt.NDArray[np.intp], security_ids: Sequence[UUID] | None = None) -> "PricePanel":
        """The panel of some of its dates and, if given, of those of ``security_ids`` that it knows."""
        ids = self.security_ids if security_ids is None else tuple(one for one in security_ids if one in self.row)
        chosen = np.ix_(np.array([self.row[one] for one in ids], dtype=np.intp), columns)
        return PricePanel(self.days[columns], ids, self.close[chosen], None if self.price_day is None else self.price_day[chosen])

    @cached_property
    def stale(self) -> npt.NDArray[np.bool_]:
        """Where the close is older than its date, counted in weekdays: ``[S × T]``."""
        late = np.zeros(self.close.shape, dtype=np.bool_)
        if self.price_day is not None:
            where = np.nonzero((self.price_day < self.days) & (self.close != MISSING))
            first, last = self.price_day[where].astype("datetime64[D]"), self.days[where[1]].astype("datetime64[D]")
            late[where] = np.busday_count(first + np.timedelta64(1, "D"), last + np.timedelta64(1, "D")) > 0
        return late


@dataclass(frozen=True, eq=False)
class RatePanel:
    """Rates to each of B base currencies from each of C currencies on T dates, as :class:`RateTable` finds them.

    ``rate[b, c, t]`` is the nearest float64 (0 where missing); ``whole[b, c, t]`` the same in 1e-8 if it is a multiple of that, else LONG,
    or MISSING. ``tables[t]`` has the exact decimals.
    """

    days: Int32  # [T]
    base_currencies: tuple[str, ...]  # [B]
    currencies: tuple[str, ...]  # [C]
    rate: Float64  # [B × C × T]
    whole: Int64  # [B × C × T]
    tables: Sequence[RateTable]  # [T]

    def __post_init__(self) -> None:
        # Machine code is compiled for rows that lie together; slices and selections of a panel do not always.
        object.__setattr__(self, "rate", np.ascontiguousarray(self.rate))
        object.__setattr__(self, "whole", np.ascontiguousarray(self.whole))

    @classmethod
    def from_quoted(cls, quoted: QuotedRates, *, currencies: Sequence[str], base_currencies: Sequence[str]) -> "RatePanel":
        """As :meth:`from_tables`, for all dates at once; floats may differ in their last bits, rounded values never do."""
        bases, own = tuple(dict.fromkeys(base_currencies)), tuple(dict.fromkeys(currencies))
        rate, whole = np.zeros((len(bases), len(own), len(quoted))), np.empty((len(bases), len(own), len(quoted)), dtype=np.int64)
        for b, base in enumerate(bases):
            for c, currency in enumerate(own):
                known = quoted.find(currency, base)
                rate[b, c], whole[b, c] = known.rate, np.where(known.found, known.whole, MISSING)
        return cls(quoted.days, bases, own, rate, whole, quoted)

    @classmethod
    def from_tables(
        cls, days: Sequence[date], tables: Sequence[RateTable], *, currencies: Sequence[str], base_currencies: Sequence[str]
    ) -> "RatePanel":
        """The rates of one pack per date. A pair that a pack lacks is missing on that date only."""
        if len(days) != len(tables):
            raise Invalid(f"There are {len(tables)} rate tables for {len(days)} dates.", remedy="Give the table of one pack per date.")
        bases, own = tuple(dict.fromkeys(base_currencies)), tuple(dict.fromkeys(currencies))
        shape = (len(bases), len(own), len(days))
        rate, whole = np.zeros(shape), np.full(shape, MISSING, dtype=np.int64)
        for b, base in enumerate(bases):
            for c, currency in enumerate(own):
                for t, table in enumerate(tables):
                    if path := table.find(currency, base):
                        rate[b, c, t], whole[b, c, t] = float(path.rate), whole_rate(path.rate)
        return cls(day_numbers(days), bases, own, rate, whole, tuple(tables))

    @cached_property
    def has_missing(self) -> bool:
        return bool((self.whole == MISSING).any())

    def at(self, columns: npt.NDArray[np.intp]) -> "RatePanel":
        """The panel of some of its dates."""
        known = self.tables
        tables = known.at(columns) if isinstance(known, QuotedRates) else tuple(known[column] for column in columns)
        rate, whole = self.rate[:, :, columns], self.whole[:, :, columns]
        return RatePanel(self.days[columns], self.base_currencies, self.currencies, rate, whole, tables)

    def exact(self, base: int, currency: int, t: int) -> Decimal:
        """The exact rate behind ``rate[base, currency, t]``."""
        return self.tables[t].rate(self.currencies[currency], self.base_currencies[base])

    def day(self, t: int) -> date:
        """The calendar date of column ``t``."""
        return calendar_day(int(self.days[t]))


def whole_rate(rate: Decimal) -> int:
    """``rate`` in steps of 1e-8, or LONG when it is not a multiple of that."""
    steps = rate.scaleb(8, context=EXACT)
    return int(steps) if steps == steps.to_integral_value() and 0 < steps < _LARGEST else LONG
