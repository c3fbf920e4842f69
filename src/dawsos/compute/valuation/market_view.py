"""The market as one pack sees it, in which single closes, rates and days can be exchanged for those of another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from dawsos.compute.ledger.segments import calendar_day, day_number
from dawsos.compute.valuation.panels import MISSING, PricePanel, RatePanel
from dawsos.compute.valuation.rates import RateTable
from dawsos.kernel.errors import Invalid
from dawsos.kernel.money import EXACT

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class MarketView:
    """Closes and rates on the days a pack sees, ascending; the rates to one base currency."""

    prices: PricePanel
    rates: RatePanel

    def column(self, day: date) -> int | None:
        """Where a day stands; None when it is not seen."""
        place = int(np.searchsorted(self.prices.days, day_number(day)))
        return place if place < len(self.prices.days) and self.prices.days[place] == day_number(day) else None

    def days(self, until: date) -> list[date]:
        """The days seen up to ``until``."""
        return [calendar_day(int(day)) for day in self.prices.days if day <= day_number(until)]

    def close(self, row: int, column: int) -> tuple[Decimal, date] | None:
        """A close and the day it was traded; None where there is none."""
        steps = int(self.prices.close[row, column])
        if steps == MISSING:
            return None
        traded = self.prices.days[column] if self.prices.price_day is None else self.prices.price_day[row, column]
        return EXACT.create_decimal(steps).scaleb(-8), calendar_day(int(traded))

    def quoted(self, column: int) -> Mapping[Pair, Decimal]:
        """The pairs quoted on a day."""
        return self.rates.tables[column].quoted

    def until(self, last: date) -> "MarketView":
        """The view without the days after ``last``."""
        columns = np.flatnonzero(self.prices.days <= day_number(last))
        return MarketView(self.prices.at(columns), self.rates.at(columns))

    def with_close(self, row: int, column: int, other: "MarketView", theirs: int) -> "MarketView":
        """The view with one close of ``other``, which stands in its column ``theirs``."""
        close = self.prices.close.copy()
        close[row, column] = other.prices.close[row, theirs]
        price_day = self._price_days().copy()
        price_day[row, column] = other._price_days()[row, theirs]  # noqa: SLF001 - of the same class
        return MarketView(PricePanel(self.prices.days, self.prices.security_ids, close, price_day), self.rates)

    def _price_days(self) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
        if self.prices.price_day is not None:
            return self.prices.price_day
        return np.tile(self.prices.days, (len(self.prices.security_ids), 1))

    def with_rate(self, column: int, pair: Pair, rate: Decimal | None) -> "MarketView":
        """The view with one quoted pair changed, added or (None) taken out; crosses through it change with it."""
        quoted = {key: value for key, value in self.quoted(column).items() if key != pair}
        if rate is not None:
            quoted[pair] = rate
        day = calendar_day(int(self.rates.days[column]))
        table = RateTable(quoted, pack_date=day)
        own = RatePanel.from_tables([day], [table], currencies=self.rates.currencies, base_currencies=self.rates.base_currencies)
        values, whole = self.rates.rate.copy(), self.rates.whole.copy()
        values[:, :, column], whole[:, :, column] = own.rate[:, :, 0], own.whole[:, :, 0]
        tables = (*self.rates.tables[:column], table, *self.rates.tables[column + 1 :])
        rates = RatePanel(self.rates.days, self.rates.base_currencies, self.rates.currencies, values, whole, tables)
        return MarketView(self.prices, rates)

    def with_day(self, day: date, other: "MarketView") -> "MarketView":
        """The view with a day as ``other`` has it, which it did not have; without it when ``other`` does not have it either."""
        theirs, place = other.column(day), int(np.searchsorted(self.prices.days, day_number(day)))
        if theirs is None:
            columns = np.delete(np.arange(len(self.prices.days)), place)
            return MarketView(self.prices.at(columns), self.rates.at(columns))
        days = np.insert(self.prices.days, place, day_number(day)).astype(np.int32)
        close = np.insert(self.prices.close, place, other.prices.close[:, theirs], axis=1)
        price_day = np.insert(self._price_days(), place, other._price_days()[:, theirs], axis=1).astype(np.int32)  # noqa: SLF001
        rate = np.insert(self.rates.rate, place, other.rates.rate[:, :, theirs], axis=2)
        whole = np.insert(self.rates.whole, place, other.rates.whole[:, :, theirs], axis=2)
        tables = (*self.rates.tables[:place], other.rates.tables[theirs], *self.rates.tables[place:])
        prices = PricePanel(days, self.prices.security_ids, close, price_day)
        return MarketView(prices, RatePanel(days, self.rates.base_currencies, self.rates.currencies, rate, whole, tables))

    def refuse_other_shape(self, other: "MarketView") -> None:
        """Both views must be of the same securities and currencies."""
        ours = (self.prices.security_ids, self.rates.currencies, self.rates.base_currencies)
        if ours != (other.prices.security_ids, other.rates.currencies, other.rates.base_currencies):
            raise Invalid("The two views are of different securities or currencies.", remedy="Load both for the same ones.")
