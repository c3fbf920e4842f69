"""Exchange rates of past days, for freezing on transactions: the last one published, at most a week of weekdays old."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from dawsos.compute.valuation.rates import RateTable
from dawsos.kernel.errors import InsufficientData
from dawsos.kernel.money import ONE, round_rate
from dawsos.services.packs.selection import ObservedRate, Timeline, timelines
from dawsos.store import observations
from dawsos.store.transaction import DatabaseTransaction

PIVOT: Final = "EUR"
MAX_AGE_WEEKDAYS: Final = 5
_LOOKBACK: Final = timedelta(days=14)


class HistoricalRates:
    """Rates by day from what was published against the pivot currency."""

    def __init__(self, published: Iterable[ObservedRate], preference: list[str]) -> None:
        self._timelines: dict[str, Timeline[ObservedRate]] = timelines(published, "quote_ccy", preference)
        self._tables: dict[date, RateTable] = {}

    def table(self, day: date) -> RateTable:
        """Every rate known on ``day``."""
        if day not in self._tables:
            found = [(code, line.newest(day, MAX_AGE_WEEKDAYS)) for code, line in self._timelines.items()]
            self._tables[day] = RateTable({(PIVOT, code): seen.rate for code, seen in found if seen is not None}, pack_date=day)
        return self._tables[day]

    def frozen(self, currency: str, base_currency: str, day: date) -> Decimal:
        """Units of ``base_currency`` per unit of ``currency`` on ``day``, to the eight places a transaction keeps.

        Raises :class:`InsufficientData` when nothing was published in time; a rate is never assumed.
        """
        if currency == base_currency:
            return ONE
        path = self.table(day).find(currency, base_currency)
        if path is None:
            raise InsufficientData(
                f"There is no exchange rate from {currency} to {base_currency} on {day} or the {MAX_AGE_WEEKDAYS} weekdays before.",
                remedy="Give it as fx_rate, or load rates with 'dawsos rates import'.",
                code="rate_not_found",
                details={"base_ccy": currency, "quote_ccy": base_currency, "date": day.isoformat()},
            )
        return round_rate(path.rate)


async def load_rates(tx: DatabaseTransaction, sources: list[str], currencies: Collection[str], first: date, last: date) -> HistoricalRates:
    """What ``sources`` published of ``currencies``, enough to answer for every day from ``first`` to ``last``."""
    wanted = set(currencies) - {PIVOT}
    published = await observations.rates_between(tx, sources, PIVOT, wanted, first - _LOOKBACK, last) if wanted else []
    return HistoricalRates(published, sources)
