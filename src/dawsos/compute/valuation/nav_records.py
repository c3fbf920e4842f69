"""The daily net asset value of many portfolios as one block, and as records of one of them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final
from uuid import UUID

import numpy as np
import numpy.typing as npt

from dawsos.compute.ledger.segments import Instrument, Int32, Int64, calendar_day
from dawsos.kernel.money import EXACT

#: What stands in a block where a day has no value; never a number anyone could mistake for one.
NO_VALUE: Final = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True)
class DailyValue:
    """One day of one portfolio in base currency. ``nav = cash + securities_value``; ``daily_pl`` is since the valuation before."""

    date: date
    nav: Decimal
    cash: Decimal
    securities_value: Decimal
    external_flow: Decimal
    daily_pl: Decimal
    total_pl: Decimal


@dataclass(frozen=True, slots=True)
class NavGap:
    """A day without a value, and what is missing: ``instrument`` has no price, or its currency no rate."""

    date: date
    instrument: Instrument
    lacks_rate: bool
    base_currency: str

    @property
    def reason(self) -> str:
        if self.lacks_rate:
            return f"There is no exchange rate from {self.instrument.currency} to {self.base_currency} on {self.date}."
        return f"{self.instrument.symbol} has no price on {self.date}."


@dataclass(frozen=True, slots=True, eq=False)
class ExternalFlows:
    """K flows: whose, on which valuation they count, and their cents of base currency."""

    portfolio: Int64  # [K]
    column: Int64  # [K]
    cents: Int64  # [K]

    def up_to(self, column: int) -> "ExternalFlows":
        """The flows that count before ``column``."""
        kept = self.column < column
        return ExternalFlows(self.portfolio[kept], self.column[kept], self.cents[kept])

    def and_then(self, other: "ExternalFlows") -> "ExternalFlows":
        """These flows and the others."""
        pairs = ((self.portfolio, other.portfolio), (self.column, other.column), (self.cents, other.cents))
        return ExternalFlows(*(np.concatenate(pair) for pair in pairs))


@dataclass(frozen=True, eq=False)
class NavHistory:
    """Daily values of P portfolios on T dates, in cents of each portfolio's base currency.

    Portfolio *p*'s history begins at ``first[p]`` (T when it never does); before that, and where ``gap`` ≥ 0, the values are NO_VALUE and
    the flow is 0: flows of days without a valuation belong to the next one. ``gap`` holds 2 × instrument, + 1 when the rate is missing
    and not the price, and −1 elsewhere; None when the panels lack nothing.
    """

    days: Int32  # [T]
    portfolio_ids: tuple[UUID, ...]  # [P]
    base_currencies: tuple[str, ...]  # [P]
    instruments: tuple[Instrument, ...]
    securities_value: Int64  # [P × T]
    cash: Int64  # [P × T]
    flows: ExternalFlows
    first: Int64  # [P]
    gap: Int32 | None  # [P × T]

    @cached_property
    def valued(self) -> npt.NDArray[np.bool_]:
        """Where there is a value: ``[P × T]``."""
        started = np.arange(len(self.days)) >= self.first[:, None]
        return started if self.gap is None else started & (self.gap < 0)

    @cached_property
    def external_flow(self) -> Int64:
        """Net flow from outside since the valuation before: ``[P × T]`` cents."""
        summed = np.zeros(self.cash.shape, dtype=np.int64)
        np.add.at(summed, (self.flows.portfolio, self.flows.column), self.flows.cents)
        return summed

    @cached_property
    def nav(self) -> Int64:
        """Cash and securities: ``[P × T]`` cents."""
        nav = self.cash + self.securities_value
        return nav if self.valued.all() else np.where(self.valued, nav, NO_VALUE)

    @cached_property
    def total_pl(self) -> Int64:
        """Result since the first booking, NAV less all external flows so far: ``[P × T]`` cents."""
        return np.where(self.valued, self.nav - np.cumsum(self.external_flow, axis=1), NO_VALUE)

    @cached_property
    def daily_pl(self) -> Int64:
        """Result since the valuation before, V − V₋₁ − F: ``[P × T]`` cents."""
        columns = np.where(self.valued, np.arange(len(self.days)), -1)
        before = np.full_like(columns, -1)
        before[:, 1:] = np.maximum.accumulate(columns, axis=1)[:, :-1]
        earlier = np.where(before >= 0, np.take_along_axis(self.total_pl, np.maximum(before, 0), axis=1), 0)
        return np.where(self.valued, self.total_pl - earlier, NO_VALUE)

    def daily_values(self, portfolio: int = 0) -> tuple[DailyValue, ...]:
        """The valued days of one portfolio as records."""
        columns = (self.nav, self.cash, self.securities_value, self.external_flow, self.daily_pl, self.total_pl)
        at = np.flatnonzero(self.valued[portfolio])
        rows = zip(self.days[at].tolist(), *(column[portfolio, at].tolist() for column in columns), strict=True)
        return tuple(DailyValue(calendar_day(day), *map(money, amounts)) for day, *amounts in rows)

    def gaps(self, portfolio: int = 0) -> tuple[NavGap, ...]:
        """The days of one portfolio that could not be valued, and why."""
        if self.gap is None:
            return ()
        at = np.flatnonzero((self.gap[portfolio] >= 0) & (np.arange(len(self.days)) >= self.first[portfolio]))
        return tuple(self._gap(portfolio, int(t), int(self.gap[portfolio, t])) for t in at)

    def _gap(self, portfolio: int, t: int, code: int) -> NavGap:
        return NavGap(calendar_day(int(self.days[t])), self.instruments[code // 2], bool(code % 2), self.base_currencies[portfolio])


def money(cents: int) -> Decimal:
    """Cents as an amount."""
    return Decimal(cents).scaleb(-2, context=EXACT)
