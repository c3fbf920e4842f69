"""The daily values of one portfolio as columns of cents, and packed into bytes for keeping."""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, Self

import numpy as np

from dawsos.compute.ledger.segments import Float64, Int32, Int64, calendar_day, day_number
from dawsos.compute.valuation.nav_records import NavHistory, money


@dataclass(frozen=True, slots=True, eq=False)
class NavSeries:
    """T valued days, ascending; amounts in cents of the base currency. ``nav = cash + securities_value`` on every day.

    ``net_external_flow[t]`` came in since the valuation before; ``daily_pl`` is V − V₋₁ − F; ``total_pl`` is V less all flows so far.
    """

    days: Int32  # [T] day numbers since 1970-01-01
    nav: Int64
    cash: Int64
    securities_value: Int64
    total_pl: Int64
    daily_pl: Int64
    net_external_flow: Int64

    @classmethod
    def of(cls, history: NavHistory, portfolio: int = 0) -> Self:
        """The valued days of one portfolio of a history."""
        at = history.valued[portfolio]
        return cls(
            history.days[at],
            history.nav[portfolio, at],
            history.cash[portfolio, at],
            history.securities_value[portfolio, at],
            history.total_pl[portfolio, at],
            history.daily_pl[portfolio, at],
            history.external_flow[portfolio, at],
        )

    @classmethod
    def empty(cls) -> Self:
        """The series of a portfolio nothing was ever booked in: no day is valued."""
        return cls(np.empty(0, np.int32), *(np.empty(0, np.int64) for _ in range(6)))

    @classmethod
    def unpacked(cls, *, days: bytes, **amounts: bytes) -> Self:
        """The series kept by :meth:`packed`."""
        columns: dict[str, Any] = {name: np.frombuffer(kept, dtype="<i8").astype(np.int64) for name, kept in amounts.items()}
        return cls(days=np.frombuffer(days, dtype="<i4").astype(np.int32), **columns)

    def packed(self) -> dict[str, bytes]:
        """Little-endian bytes of every column, by name."""
        kept = {field.name: getattr(self, field.name).astype("<i8").tobytes() for field in fields(self) if field.name != "days"}
        return {"days": self.days.astype("<i4").tobytes(), **kept}

    def through(self, last: date) -> Self:
        """The series up to and including ``last``."""
        end = int(np.searchsorted(self.days, day_number(last), side="right"))
        return type(self)(*(getattr(self, field.name)[:end] for field in fields(self)))

    def last(self, count: int) -> Self:
        """The last ``count`` days."""
        return type(self)(*(getattr(self, field.name)[max(0, len(self) - count) :] for field in fields(self)))

    def from_nothing(self) -> Self:
        """The series with a day of nothing before its first, so that the first day's return can be counted; empty stays empty."""
        opening = {field.name: np.insert(getattr(self, field.name), 0, 0) for field in fields(self)} if len(self) else None
        if opening is None:
            return self
        opening["days"][0] = self.days[0] - 1
        return type(self)(**opening)

    def __len__(self) -> int:
        return len(self.days)

    @property
    def dates(self) -> list[date]:
        return [calendar_day(day) for day in self.days.tolist()]

    @property
    def last_date(self) -> date | None:
        return calendar_day(int(self.days[-1])) if len(self) else None

    def units(self, column: str) -> Float64:
        """A column in whole units of currency as float64, for statistics: the one place where these amounts become floats."""
        cents: Int64 = getattr(self, column)
        return cents / 100.0

    def amounts(self, column: str) -> list[Decimal]:
        """A column as exact amounts."""
        return [money(cents) for cents in getattr(self, column).tolist()]

    def first_difference(self, other: Self) -> date | None:
        """The first day on which the two differ; None when they are equal."""
        shared = min(len(self), len(other))
        differs = np.zeros(shared, dtype=np.bool_)
        for field in fields(self):
            differs |= getattr(self, field.name)[:shared] != getattr(other, field.name)[:shared]
        if differs.any():
            return calendar_day(min(int(self.days[:shared][differs][0]), int(other.days[:shared][differs][0])))
        longer = self if len(self) > len(other) else other
        return calendar_day(int(longer.days[shared])) if len(longer) > shared else None
