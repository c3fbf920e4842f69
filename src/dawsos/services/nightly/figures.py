"""Daily values, performance and attribution of whole blocks of portfolios, each result the same to the byte as one computed on demand."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from dawsos.compute.ledger.records import Lot
from dawsos.compute.ledger.segment_building import segments
from dawsos.compute.risk.performance import PerformanceSummary
from dawsos.compute.valuation.benchmark import levels_in_base
from dawsos.compute.valuation.history import nav_history
from dawsos.compute.valuation.nav_series import NavSeries
from dawsos.kernel.errors import DawsosError
from dawsos.kernel.ledger import Transaction
from dawsos.services.attribution import ATTRIBUTIONS, AttributionFigures, AttributionInputs, attribution_parameters
from dawsos.services.collector import collector_paused
from dawsos.services.context import Pins
from dawsos.services.derivations import DerivationKey
from dawsos.services.history import keep_histories, lock_histories, usable_series
from dawsos.services.holdings import lot_of
from dawsos.services.holdings_snapshot import HOLDINGS, Holdings, HoldingsInputs
from dawsos.services.ledger.booking import replay_of
from dawsos.services.metrics import FIGURES, STANDARD_LOOKBACK, MetricsInputs, figures_parameters
from dawsos.services.nightly.market import NightMarket
from dawsos.services.positions import window_of
from dawsos.services.risk_free import rates_known
from dawsos.store import history as history_store
from dawsos.store import ledger as ledger_store
from dawsos.store import packs as packs_store
from dawsos.store.transaction import DatabaseTransaction

Ledgers = Mapping[UUID, Sequence[Transaction]]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a portfolio still lacks; holdings are kept under the newest pack only."""

    pins: Pins
    figures: DerivationKey | None
    attribution: DerivationKey | None
    holdings: DerivationKey | None


@dataclass(slots=True)
class _Results:
    """What was computed for a block."""

    histories: list[tuple[Pins, NavSeries]]
    figures: list[tuple[DerivationKey, PerformanceSummary]]
    attributions: list[tuple[DerivationKey, AttributionFigures]]
    holdings: list[tuple[DerivationKey, Holdings]]
    warnings: list[str]


@dataclass(frozen=True, slots=True)
class _Books:
    """Ledgers, and the lots and cash the database keeps of those whose holdings are wanted."""

    ledgers: Ledgers
    lots: Mapping[UUID, Sequence[Lot]]
    cash: Mapping[UUID, Mapping[str, Decimal]]


async def refresh_block(
    tx: DatabaseTransaction, load: Callable[[DatabaseTransaction], Awaitable[NightMarket | None]], block: Sequence[Pins], moment: datetime
) -> list[str]:
    """Compute and keep whatever the portfolios of ``block`` lack under their pins; what could not be computed, in words.

    ``load`` gives the market; it is asked only when something is missing.
    """
    await lock_histories(tx, [pins.portfolio.id for pins in block])
    kept = await history_store.nav_series_of(tx, [pins.portfolio.id for pins in block])
    known = {pins.portfolio.id: usable_series(kept.get(pins.portfolio.id), pins) for pins in block}
    lacking = await _wanted(tx, block, moment)
    wanted = [one for one in lacking if one.figures or one.attribution or one.holdings or known[one.pins.portfolio.id] is None]
    market = await load(tx) if wanted else None
    if market is None:
        return []
    ledgers = await ledger_store.booked_ledgers(tx, [one.pins.portfolio.id for one in wanted])
    held = await _held(tx, market, [one.pins.portfolio.id for one in wanted if one.holdings])
    found = await asyncio.to_thread(_computed, market, wanted, known, _Books(ledgers, *held))
    if market.keeps and found.histories:
        await keep_histories(tx, market.target, found.histories, moment=moment)
    await FIGURES.write_many(tx, found.figures, moment)
    await ATTRIBUTIONS.write_many(tx, found.attributions, moment)
    await HOLDINGS.write_many(tx, found.holdings, moment)
    return found.warnings


async def _held(
    tx: DatabaseTransaction, market: NightMarket, portfolio_ids: Sequence[UUID]
) -> tuple[dict[UUID, list[Lot]], dict[UUID, dict[str, Decimal]]]:
    lots: dict[UUID, list[Lot]] = {one: [] for one in portfolio_ids}
    cash: dict[UUID, dict[str, Decimal]] = {one: {} for one in portfolio_ids}
    if portfolio_ids:
        for record in await ledger_store.lots_of(tx, portfolio_ids):
            lots[record.portfolio_id].append(lot_of(record))
        for one in await ledger_store.cash_of(tx, portfolio_ids, market.pack.date):
            cash[one.portfolio_id][one.currency] = one.amount
    return lots, cash


async def _wanted(tx: DatabaseTransaction, block: Sequence[Pins], moment: datetime) -> list[_Wanted]:
    figures = {one.portfolio.id: FIGURES.key_of(one, figures_parameters(one, STANDARD_LOOKBACK)) for one in block}
    attributions = {one.portfolio.id: ATTRIBUTIONS.key_of(one, attribution_parameters(one, STANDARD_LOOKBACK)) for one in block}
    newest = await packs_store.newest_packs(tx, {one.pack.id for one in block})
    holdings = {one.portfolio.id: HOLDINGS.key_of(one, {}) for one in block if one.pack.id in newest}
    there = await FIGURES.kept(tx, list(figures.values()), moment) | await ATTRIBUTIONS.kept(tx, list(attributions.values()), moment)
    there |= await HOLDINGS.kept(tx, list(holdings.values()), moment)

    def unless_there(key: DerivationKey | None) -> DerivationKey | None:
        return None if key in there else key

    return [_Wanted(one, *(unless_there(each.get(one.portfolio.id)) for each in (figures, attributions, holdings))) for one in block]


def _computed(market: NightMarket, wanted: Sequence[_Wanted], known: Mapping[UUID, NavSeries | None], books: _Books) -> _Results:
    results = _Results([], [], [], [], [])
    with collector_paused():
        series = {one.pins.portfolio.id: stored for one in wanted if (stored := known[one.pins.portfolio.id]) is not None}
        _value(market, [one.pins for one in wanted if one.pins.portfolio.id not in series], books.ledgers, series, results)
        for one in wanted:
            own = series.get(one.pins.portfolio.id)
            if own is not None:
                _figures_of(market, one, own.through(market.pack.date), books, results)
    return results


def _value(market: NightMarket, block: Sequence[Pins], ledgers: Ledgers, series: dict[UUID, NavSeries], results: _Results) -> None:
    """Replay and value a block at once; a ledger that cannot be replayed is named and left out."""
    booked = [pins for pins in block if ledgers[pins.portfolio.id]]
    series.update({pins.portfolio.id: NavSeries.empty() for pins in block if not ledgers[pins.portfolio.id]})
    if not booked:
        return
    try:
        history = nav_history(
            segments([ledgers[pins.portfolio.id] for pins in booked]),
            market.prices,
            market.rates,
            [pins.portfolio.base_currency for pins in booked],
        )
    except DawsosError as error:
        if len(booked) == 1:
            results.warnings.append(_named(booked[0], error.message))
            return
        for pins in booked:
            _value(market, [pins], ledgers, series, results)
        return
    place = {portfolio_id: index for index, portfolio_id in enumerate(history.portfolio_ids)}
    for pins in booked:
        own = NavSeries.of(history, place[pins.portfolio.id])
        series[pins.portfolio.id] = own
        gaps = history.gaps(place[pins.portfolio.id])
        if gaps:
            results.warnings.append(_named(pins, f"{len(gaps)} days have no value; the first: {gaps[0].reason}"))
        else:
            results.histories.append((pins, own))


def _figures_of(market: NightMarket, one: _Wanted, series: NavSeries, books: _Books, results: _Results) -> None:
    ledger = books.ledgers[one.pins.portfolio.id]
    try:
        if one.figures is not None:
            results.figures.append((one.figures, FIGURES.compute(_metrics_inputs(market, one.pins, series))))
        if one.attribution is not None:
            inputs = _attribution_inputs(market, one.pins, series, ledger)
            results.attributions.append((one.attribution, ATTRIBUTIONS.compute(inputs)))
        if one.holdings is not None:
            results.holdings.append((one.holdings, HOLDINGS.compute(_holdings_inputs(market, one.pins, books))))
    except DawsosError as error:
        results.warnings.append(_named(one.pins, error.message))


def _metrics_inputs(market: NightMarket, pins: Pins, series: NavSeries) -> MetricsInputs:
    benchmark = market.benchmarks.get(pins.portfolio.benchmark_id or "")
    levels = None
    if benchmark is not None and len(series):
        rates = market.rates_to(pins.portfolio.base_currency)
        levels = levels_in_base(market.prices, rates, benchmark.id, benchmark.currency, series.days)
    return MetricsInputs(
        series=series,
        asof=market.pack.date,
        lookback_days=STANDARD_LOOKBACK,
        risk_free=rates_known(market.riskless, series),
        benchmark=levels,
    )


def _attribution_inputs(market: NightMarket, pins: Pins, series: NavSeries, ledger: Sequence[Transaction]) -> AttributionInputs:
    window = series.last(STANDARD_LOOKBACK + 1)
    if not len(window):
        return AttributionInputs(None, window, pins.portfolio.base_currency, STANDARD_LOOKBACK)
    prices, rates = market.window(window.dates[0])
    found = window_of(series, ledger, prices, rates, pins.portfolio.base_currency, STANDARD_LOOKBACK)
    return AttributionInputs(found.panel, found.series, pins.portfolio.base_currency, STANDARD_LOOKBACK)


def _holdings_inputs(market: NightMarket, pins: Pins, books: _Books) -> HoldingsInputs:
    """From the lots as they are kept; replayed to the pack's day where something was booked for a later one."""
    portfolio_id = pins.portfolio.id
    ledger = books.ledgers[portfolio_id]
    if all(entry.transaction_date <= market.pack.date for entry in ledger):
        return HoldingsInputs(pins, books.lots[portfolio_id], books.cash[portfolio_id], market.closing, market.securities)
    state = replay_of(pins.portfolio, ledger, through=market.pack.date)
    return HoldingsInputs(pins, state.open_lots(), state.cash, market.closing, market.securities)


def _named(pins: Pins, reason: str) -> str:
    return f"{pins.portfolio.id}: {reason}"
