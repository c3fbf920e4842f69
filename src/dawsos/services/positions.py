"""Positions day by day: the panel of a window, and the daily returns of everything held in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from dawsos.compute.attribution.currency import CurrencyAttribution, currency_attribution
from dawsos.compute.ledger.segment_building import segments
from dawsos.compute.returns.figures import NotComputable
from dawsos.compute.valuation.instrument_returns import InstrumentReturns, instrument_returns
from dawsos.compute.valuation.nav_change import nav_change
from dawsos.compute.valuation.nav_series import NavSeries
from dawsos.compute.valuation.panels import PricePanel, RatePanel
from dawsos.compute.valuation.position_panel import PositionPanel, position_panel
from dawsos.kernel.ledger import Transaction
from dawsos.services.context import Pins, RequestContext
from dawsos.services.history import daily_history
from dawsos.services.holdings import pinned_transactions
from dawsos.services.panels import load_panels, with_day_before
from dawsos.services.risk_free import FloatArray, risk_free_rates

NO_DAY: Final = "the portfolio has no valued day up to this date"


@dataclass(frozen=True, slots=True)
class Window:
    """The positions of the last days and, independently, the daily values of the same days; no panel when nothing was valued."""

    panel: PositionPanel | None
    series: NavSeries


async def position_window(context: RequestContext, pins: Pins, lookback_days: int) -> Window:
    """The last ``lookback_days`` daily returns; a window that reaches back to the first day counts its return as well."""

    async def load(own: RequestContext) -> Window:
        return await _loaded(own, pins, lookback_days)

    return await context.shared(("position window", lookback_days), load)


async def _loaded(context: RequestContext, pins: Pins, lookback_days: int) -> Window:
    base = pins.portfolio.base_currency
    whole = (await daily_history(context, pins)).series
    series = whole.last(lookback_days + 1)
    if not len(series):
        return Window(None, series)
    transactions = await pinned_transactions(context, pins)
    async with context.database.transaction(context.actor, read_only=True) as tx:
        prices, rates = await load_panels(
            tx,
            pins.pack,
            series.dates[0],
            security_ids={entry.security_id for entry in transactions if entry.security_id},
            currencies={entry.currency for entry in transactions} | {base},
            base_currency=base,
        )
    return window_of(whole, transactions, prices, rates, base, lookback_days)


def window_of(
    whole: NavSeries, transactions: Sequence[Transaction], prices: PricePanel, rates: RatePanel, base_currency: str, lookback_days: int
) -> Window:
    """The window of the last ``lookback_days`` returns of ``whole``, which has a day; the panels begin with its first valuation."""
    is_from_nothing = lookback_days >= len(whole)
    series = whole.last(lookback_days + 1)
    if is_from_nothing:  # the window reaches back to the first day, whose return counts too
        prices, rates = with_day_before(prices, rates)
        series = series.from_nothing()
    return Window(position_panel(segments([transactions]), prices, rates, base_currency, from_nothing=is_from_nothing), series)


async def daily_returns(context: RequestContext, pins: Pins, lookback_days: int) -> InstrumentReturns | NotComputable:
    """The daily returns of every instrument in the window; the reason when there are none."""
    window = await position_window(context, pins, lookback_days)
    if window.panel is None:
        return NotComputable(NO_DAY)
    return instrument_returns(window.panel)


async def risk_free_in(context: RequestContext, pins: Pins, lookback_days: int) -> FloatArray | None:
    """The yearly risk-free rate known on each day of the window that has a return."""
    window = await position_window(context, pins, lookback_days)
    rates = await risk_free_rates(context, pins, window.series)
    if rates is None or window.panel is None:
        return None
    known = dict(zip(window.series.days.tolist(), rates.tolist(), strict=True))
    return np.array([known.get(day, np.nan) for day in window.panel.days[1:].tolist()])


async def attributed(context: RequestContext, pins: Pins, lookback_days: int) -> CurrencyAttribution | NotComputable:
    """The currency attribution of the window with the effects of every instrument, checked against the daily values."""
    window = await position_window(context, pins, lookback_days)
    panel = window.panel
    if panel is None:
        return NotComputable(NO_DAY)

    async def compute() -> CurrencyAttribution | NotComputable:
        return currency_attribution(panel, base_return_actual=nav_change(window.series).exact_return)

    return await context.memory.once(("position attribution", lookback_days), compute)
