"""Daily values, performance and attribution of whole blocks of portfolios, each result the same to the byte as one computed on demand."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

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
from dawsos.services.metrics import FIGURES, STANDARD_LOOKBACK, MetricsInputs, figures_parameters
from dawsos.services.nightly.market import NightMarket
from dawsos.services.positions import window_of
from dawsos.services.risk_free import rates_known
from dawsos.store import history as history_store
from dawsos.store import ledger as ledger_store
from dawsos.store.transaction import DatabaseTransaction

Ledgers = Mapping[UUID, Sequence[Transaction]]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a portfolio still lacks."""

    pins: Pins
    figures: DerivationKey | None
    attribution: DerivationKey | None


@dataclass(slots=True)
class _Results:
    """What was computed for a block."""

    histories: list[tuple[Pins, NavSeries]]
    figures: list[tuple[DerivationKey, PerformanceSummary]]
    attributions: list[tuple[DerivationKey, AttributionFigures]]
    warnings: list[str]


async def refresh_block(
    tx: DatabaseTransaction, load: Callable[[DatabaseTransaction], Awaitable[NightMarket | None]], block: Sequence[Pins], moment: datetime
) -> list[str]:
    """Compute and keep whatever the portfolios of ``block`` lack under their pins; what could not be computed, in words.

    ``load`` gives the market; it is asked only when something is missing.
    """
    await lock_histories(tx, [pins.portfolio.id for pins in block])
    kept = await history_store.nav_series_of(tx, [pins.portfolio.id for pins in block])
    known = {pins.portfolio.id: usable_series(kept.get(pins.portfolio.id), pins) for pins in block}
    wanted = [one for one in await _wanted(tx, block, moment) if one.figures or one.attribution or known[one.pins.portfolio.id] is None]
    market = await load(tx) if wanted else None
    if market is None:
        return []
    ledgers = await ledger_store.booked_ledgers(tx, [one.pins.portfolio.id for one in wanted])
    found = await asyncio.to_thread(_computed, market, wanted, known, ledgers)
    if market.keeps and found.histories:
        await keep_histories(tx, market.target, found.histories, moment=moment)
    await FIGURES.write_many(tx, found.figures, moment)
    await ATTRIBUTIONS.write_many(tx, found.attributions, moment)
    return found.warnings


async def _wanted(tx: DatabaseTransaction, block: Sequence[Pins], moment: datetime) -> list[_Wanted]:
    figures = {one.portfolio.id: FIGURES.key_of(one, figures_parameters(one, STANDARD_LOOKBACK)) for one in block}
    attributions = {one.portfolio.id: ATTRIBUTIONS.key_of(one, attribution_parameters(one, STANDARD_LOOKBACK)) for one in block}
    there = await FIGURES.kept(tx, list(figures.values()), moment) | await ATTRIBUTIONS.kept(tx, list(attributions.values()), moment)

    def unless_there(key: DerivationKey) -> DerivationKey | None:
        return None if key in there else key

    return [_Wanted(one, unless_there(figures[one.portfolio.id]), unless_there(attributions[one.portfolio.id])) for one in block]


def _computed(market: NightMarket, wanted: Sequence[_Wanted], known: Mapping[UUID, NavSeries | None], ledgers: Ledgers) -> _Results:
    results = _Results([], [], [], [])
    with collector_paused():
        series = {one.pins.portfolio.id: stored for one in wanted if (stored := known[one.pins.portfolio.id]) is not None}
        _value(market, [one.pins for one in wanted if one.pins.portfolio.id not in series], ledgers, series, results)
        for one in wanted:
            own = series.get(one.pins.portfolio.id)
            if own is not None:
                _figures_of(market, one, own.through(market.pack.date), ledgers[one.pins.portfolio.id], results)
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


def _figures_of(market: NightMarket, one: _Wanted, series: NavSeries, ledger: Sequence[Transaction], results: _Results) -> None:
    try:
        if one.figures is not None:
            results.figures.append((one.figures, FIGURES.compute(_metrics_inputs(market, one.pins, series))))
        if one.attribution is not None:
            inputs = _attribution_inputs(market, one.pins, series, ledger)
            results.attributions.append((one.attribution, ATTRIBUTIONS.compute(inputs)))
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


def _named(pins: Pins, reason: str) -> str:
    return f"{pins.portfolio.id}: {reason}"
