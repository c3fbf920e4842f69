"""Prices and rates of many days as blocks, exactly as a pinned pack sees them."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

import numpy as np

from dawsos.compute.valuation.panels import MISSING, PricePanel, RatePanel, day_numbers
from dawsos.compute.valuation.rates import RateTable
from dawsos.store import history as store
from dawsos.store.history import PriceSeries, RateSeries
from dawsos.store.packs import PackRecord
from dawsos.store.transaction import DatabaseTransaction


async def load_panels(
    tx: DatabaseTransaction,
    pack: PackRecord,
    first: date,
    *,
    security_ids: Collection[UUID],
    currencies: Collection[str],
    base_currency: str | Sequence[str],
) -> tuple[PricePanel, RatePanel]:
    """The closes of ``security_ids`` and the rates from ``currencies`` to ``base_currency`` (or several of them) on every pack from
    ``first`` to ``pack``.
    """  # noqa: D205 - one thought
    bases = [base_currency] if isinstance(base_currency, str) else list(base_currency)
    visible = await store.visible_packs(tx, pack, first)
    days = [one.date for one in visible]
    pack_ids = [one.id for one in visible]
    wanted = tuple(sorted(security_ids))
    prices = await store.price_series(tx, pack_ids, wanted) if wanted else []
    others = sorted(set(currencies) - set(bases))
    rates = await store.rate_series(tx, pack_ids) if others or len(bases) > 1 else []
    tables = _tables(days, rates)
    return _price_panel(days, wanted, prices), RatePanel.from_tables(days, tables, currencies=[*bases, *others], base_currencies=bases)


def with_day_before(prices: PricePanel, rates: RatePanel) -> tuple[PricePanel, RatePanel]:
    """The panels with one more day before their first, at the same prices and rates: the opening of a portfolio that begins then."""
    first = np.array([0])
    days = np.insert(prices.days, 0, prices.days[0] - 1).astype(prices.days.dtype)
    again = np.concatenate([first, np.arange(len(prices.days))])
    price_day = None if prices.price_day is None else prices.price_day[:, again]
    earlier = PricePanel(days, prices.security_ids, prices.close[:, again], price_day)
    tables = (rates.tables[0], *rates.tables)
    return earlier, RatePanel(days, rates.base_currencies, rates.currencies, rates.rate[:, :, again], rates.whole[:, :, again], tables)


def _price_panel(days: Sequence[date], security_ids: tuple[UUID, ...], series: Sequence[PriceSeries]) -> PricePanel:
    numbers = day_numbers(days)
    close = np.full((len(security_ids), len(days)), MISSING, dtype=np.int64)
    price_day = np.tile(numbers, (len(security_ids), 1))
    row = {security_id: index for index, security_id in enumerate(security_ids)}
    for one in series:
        columns = np.array(one.positions) - 1
        close[row[one.security_id], columns] = one.closes
        price_day[row[one.security_id], columns] = one.price_days
    return PricePanel(numbers, security_ids, close, price_day)


def _tables(days: Sequence[date], series: Sequence[RateSeries]) -> list[RateTable]:
    quoted: list[dict[tuple[str, str], Decimal]] = [{} for _ in days]
    for one in series:
        for position, rate in zip(one.positions, one.rates, strict=True):
            quoted[position - 1][one.base_ccy, one.quote_ccy] = rate
    return [RateTable(rates, pack_date=day) for day, rates in zip(days, quoted, strict=True)]
