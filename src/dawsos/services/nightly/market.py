"""Everything a night needs of the market, loaded once for all portfolios of a policy."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np

from dawsos.compute.ledger.segments import day_number
from dawsos.compute.valuation.panels import PricePanel, RatePanel
from dawsos.services.holdings import PackMarket
from dawsos.services.packs.verification import read_pack
from dawsos.services.panels import load_panels
from dawsos.services.risk_free import INDICATOR as RISK_FREE
from dawsos.store import history, indicators, packs, runs, securities
from dawsos.store.indicators import IndicatorValue
from dawsos.store.packs import PackRecord
from dawsos.store.securities import SecurityRecord
from dawsos.store.transaction import DatabaseTransaction


@dataclass(frozen=True, slots=True)
class NightMarket:
    """Prices and rates of every day up to ``target``, which sees what ``pack`` sees and perhaps later days.

    ``keeps`` says that ``target`` is the newest pack in force, so that histories up to it are worth keeping. ``closing`` are the prices and
    rates of ``pack`` alone.
    """

    pack: PackRecord
    target: PackRecord
    keeps: bool
    prices: PricePanel
    rates: RatePanel
    riskless: tuple[IndicatorValue, ...]
    benchmarks: Mapping[str, SecurityRecord]
    closing: PackMarket
    securities: Mapping[UUID, SecurityRecord]

    def rates_to(self, base_currency: str) -> RatePanel:
        """The rates to one base currency alone."""
        b = self.rates.base_currencies.index(base_currency)
        return RatePanel(
            self.rates.days,
            (base_currency,),
            self.rates.currencies,
            self.rates.rate[b : b + 1],
            self.rates.whole[b : b + 1],
            self.rates.tables,
        )

    def window(self, first: date) -> tuple[PricePanel, RatePanel]:
        """The panels from ``first`` to the pack's own day."""
        days = self.prices.days
        columns = np.flatnonzero((days >= day_number(first)) & (days <= day_number(self.pack.date)))
        return self.prices.at(columns), self.rates.at(columns)


async def load_market(tx: DatabaseTransaction, policy: str, pack: PackRecord) -> NightMarket | None:
    """The market of the night of ``pack``; None while no portfolio of the policy has an entry."""
    first = await history.first_booking(tx, policy)
    bases = await runs.base_currencies(tx, policy)
    if first is None or not bases:
        return None
    newest = await packs.pack_in_force(tx, policy)
    keeps = newest is not None and newest.edition == pack.edition and pack.superseded_by is None
    target = newest if keeps and newest is not None else pack
    benchmarks = await securities.find_securities_by_symbol(tx, await runs.benchmark_symbols(tx, policy))
    rules = await packs.find_policy(tx, policy)
    traded = await history.traded_securities(tx, policy)
    prices, rates = await load_panels(
        tx,
        target,
        first,
        security_ids={*traded, *(one.id for one in benchmarks)},
        currencies={
            *await packs.currencies_in_use(tx, policy, rules.price_sources if rules else []),
            *(one.currency for one in benchmarks),
        },
        base_currency=bases,
    )
    riskless = tuple(await indicators.indicator_history(tx, RISK_FREE, pack.date))
    closing = PackMarket.of(await read_pack(tx, pack.id))
    facts = {one.id: one for one in await securities.find_securities(tx, traded)}
    return NightMarket(pack, target, keeps, prices, rates, riskless, {one.symbol: one for one in benchmarks}, closing, facts)
