"""One portfolio day by day and instrument by instrument: values, rates and flows, for attribution and contribution."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final
from uuid import UUID

import numpy as np
import numpy.typing as npt

from dawsos.compute.ledger.segments import CENTS, QUANTITY_STEPS, Float64, FlowKind, HoldingSegments, Instrument, Int32, Int64, day_number
from dawsos.compute.valuation.history import nav_history
from dawsos.compute.valuation.holdings import Placement
from dawsos.compute.valuation.nav_records import NavGap
from dawsos.compute.valuation.panels import MISSING, PricePanel, RatePanel
from dawsos.compute.valuation.regrouping import by_instrument, one_portfolio

#: Internal movements that take effect at the end of their day; all others, and all external flows, at its start.
END_OF_DAY: Final = (FlowKind.SELL, FlowKind.DIVIDEND, FlowKind.INTEREST, FlowKind.FEE, FlowKind.TAX)
_STEPS: Final = float(QUANTITY_STEPS)
_TRANSFERS: Final = (FlowKind.TRANSFER_IN, FlowKind.TRANSFER_OUT)


@dataclass(frozen=True, eq=False)
class PositionPanel:
    """N instruments of one portfolio on T valued dates. Days without a value are left out, and listed in ``gaps``.

    ``value_local`` (own currency, not rounded), ``rate`` (to base, NaN where missing) and ``market_value`` (cents of base currency,
    rounded as in the NAV, so its columns sum to it) are at the end of the day. Flows, positive into the instrument, are those since the
    valuation before, in the instrument's own currency at the rates of the day: ``flow_start`` counts from the start of the day
    (purchases, conversions and everything external), ``flow_end`` from its end (sales, dividends, charges on a security). What cash earns
    or costs by itself is no flow. ``external_flow`` is the part that came from outside the portfolio, in cents of base currency, each
    flow rounded. ``conversion`` is what currency conversions gained (+) or cost (−) against the rates of the day, in base currency, on
    the incoming account, or on the outgoing one where the incoming is in base currency. Flows of column 0 are older than the panel and
    left out.
    """

    portfolio_id: UUID
    base_currency: str
    days: Int32  # [T]
    instruments: tuple[Instrument, ...]  # [N]
    quantity: Int64  # [N × T] 1e-8 steps, cash in cents
    value_local: Float64  # [N × T]
    rate: Float64  # [N × T]
    market_value: Int64  # [N × T]
    flow_start: Float64  # [N × T]
    flow_end: Float64  # [N × T]
    external_flow: Int64  # [N × T]
    conversion: Float64  # [N × T]
    gaps: tuple[NavGap, ...]

    @cached_property
    def is_cash(self) -> npt.NDArray[np.bool_]:
        return np.array([one.is_cash for one in self.instruments], dtype=np.bool_)

    @cached_property
    def nav(self) -> Int64:
        """Cents of base currency: ``[T]``."""
        return np.asarray(self.market_value.sum(axis=0), dtype=np.int64)

    @cached_property
    def flow(self) -> Float64:
        """All flows in own currency: ``[N × T]``."""
        return self.flow_start + self.flow_end

    @cached_property
    def gain(self) -> Float64:
        """V − V₋₁ − flows in own currency, ``[N × T]``; column 0 has none and is 0."""
        gain = np.zeros_like(self.value_local)
        gain[:, 1:] = np.diff(self.value_local, axis=1) - self.flow[:, 1:]
        # Cash moves in whole cents; without this its gain of nothing would be a speck of floating point.
        gain[self.is_cash] = np.round(gain[self.is_cash], 2)
        return gain


def position_panel(
    segments: HoldingSegments,
    prices: PricePanel,
    rates: RatePanel,
    base_currency: str,
    *,
    portfolio: int = 0,
    start: date | None = None,
    end: date | None = None,
    from_nothing: bool = False,
) -> PositionPanel:
    """The panel of one portfolio of ``segments`` on the valued dates of ``prices`` from ``start`` to ``end`` (inclusive).

    Column 0 is the opening valuation of the window. With ``from_nothing`` the date before the first valued one, on which nothing was held,
    opens the window, so that the first day counts as well. Values are those of ``nav_history`` to the cent. Raises as that function does.
    """
    own = one_portfolio(segments, portfolio)
    securities = [one.security_id for one in own.instruments if one.security_id]
    window = _window(prices.days, start, end)
    prices, rates = prices.at(window, securities), rates.at(window)
    history = nav_history(own, prices, rates, base_currency)
    valued = np.flatnonzero(history.valued[0])
    if from_nothing and valued.size and valued[0] > 0:
        valued = np.insert(valued, 0, valued[0] - 1)
    prices, rates = prices.at(valued), rates.at(valued)
    place = Placement.of(own, prices, rates, [base_currency])
    apart = nav_history(by_instrument(own), prices, rates, base_currency)
    quantity = _quantities(own, place, len(valued))
    flows = _flows(own, prices, rates, place)
    return PositionPanel(
        portfolio_id=own.portfolio_ids[0],
        base_currency=base_currency,
        days=prices.days,
        instruments=own.instruments,
        quantity=quantity,
        value_local=_values(quantity, prices, place),
        rate=_rates(rates, place, place.currency),
        market_value=np.where(apart.valued, apart.nav, 0),
        flow_start=flows.start,
        flow_end=flows.end,
        external_flow=np.where(np.arange(len(valued)) > 0, apart.external_flow, 0),
        conversion=flows.conversion,
        gaps=history.gaps(),
    )


def _window(days: Int32, start: date | None, end: date | None) -> npt.NDArray[np.intp]:
    first = 0 if start is None else int(np.searchsorted(days, day_number(start)))
    last = len(days) if end is None else int(np.searchsorted(days, day_number(end), side="right"))
    return np.arange(first, max(first, last))


def _quantities(own: HoldingSegments, place: Placement, size: int) -> Int64:
    quantity = np.zeros((len(own.instruments), size), dtype=np.int64)
    for instrument, first, last, held in zip(own.instrument.tolist(), place.start.tolist(), place.end.tolist(), own.quantity, strict=True):
        quantity[instrument, first:last] = held
    return quantity


def _values(quantity: Int64, prices: PricePanel, place: Placement) -> Float64:
    value = quantity / float(CENTS)
    for instrument in np.flatnonzero(~place.is_cash):
        held = quantity[instrument] != 0
        value[instrument] = 0.0
        if held.any():
            value[instrument, held] = quantity[instrument, held] / _STEPS * (prices.close[place.price_row[instrument], held] / _STEPS)
    return value


def _rates(rates: RatePanel, place: Placement, currency: Int32) -> Float64:
    found = rates.rate[place.base[0]][currency]
    return np.where(rates.whole[place.base[0]][currency] == MISSING, np.nan, found)


@dataclass(frozen=True, slots=True, eq=False)
class _Flows:
    start: Float64
    end: Float64
    conversion: Float64


def _flows(own: HoldingSegments, prices: PricePanel, rates: RatePanel, place: Placement) -> _Flows:
    """Flows of columns 1 … T − 1 in own currency, and the results of conversions in base currency: ``[N × T]`` each."""
    shape = (len(own.instruments), len(prices.days))
    sums = _Flows(*(np.zeros(shape) for _ in range(3)))
    flows = np.flatnonzero(~own.flow_is_gain & (place.flow_column > 0) & (place.flow_column < shape[1]))
    if len(flows):
        instrument, column = own.flow_instrument[flows], place.flow_column[flows]
        to_base = _rates(rates, place, place.flow_currency[flows])[np.arange(len(flows)), column]
        own_to_base = _rates(rates, place, place.currency[instrument])[np.arange(len(flows)), column]
        same = place.flow_currency[flows] == place.currency[instrument]
        amount = own.flow_amount[flows] / CENTS * np.where(same, 1.0, to_base / own_to_base) + _in_kind(own, prices, place, flows)
        at_end = np.isin(own.flow_kind[flows], END_OF_DAY) & ~own.flow_is_external[flows]
        for column_sums, counted in ((sums.start, ~at_end), (sums.end, at_end)):
            np.add.at(column_sums, (instrument[counted], column[counted]), amount[counted])
        base = rates.base_currencies[int(place.base[0])]
        is_base = np.array([code == base for code in own.currencies])[own.flow_currency]
        _add_conversions(sums.conversion, own, flows, column, own.flow_amount[flows] / CENTS * to_base, is_base)
    return sums


def _in_kind(own: HoldingSegments, prices: PricePanel, place: Placement, flows: npt.NDArray[np.intp]) -> Float64:
    """The value of flows of securities in kind, in the units and at the close of the day they count on; 0 for all others."""
    worth = np.zeros(len(flows))
    for at in np.flatnonzero(own.flow_is_external[flows] & (own.flow_quantity[flows] != 0)):
        flow = flows[at]
        instrument, column = own.flow_instrument[flow], place.flow_column[flow]
        splits = (own.split_instrument == instrument) & (own.split_day > own.flow_day[flow]) & (own.split_day <= prices.days[column])
        units = own.flow_quantity[flow] / _STEPS * np.prod(own.split_to[splits] / own.split_from[splits])
        worth[at] = units * (prices.close[place.price_row[instrument], column] / _STEPS)
    return worth


def _add_conversions(
    conversion: Float64,
    own: HoldingSegments,
    flows: npt.NDArray[np.intp],
    column: Int32,
    in_base: Float64,
    is_base: npt.NDArray[np.bool_],
) -> None:
    """What came in less what went out, per conversion, on the account that received it, or that gave if only that one is foreign.

    The base currency has no exchange rate to gain or lose by, so what changing back into it cost belongs to the currency given.
    The legs of a conversion are booked on one day; the first to go out that day belongs to the first to come in, and so on. A leg
    without a counterpart keeps its own value, so that nothing is lost from the sum.
    """
    legs = np.flatnonzero(np.isin(own.flow_kind[flows], _TRANSFERS) & ~own.flow_is_external[flows])
    waiting: dict[int, list[int]] = {}
    for leg in legs[in_base[legs] < 0]:
        waiting.setdefault(int(own.flow_day[flows[leg]]), []).append(int(leg))
    for leg in legs[in_base[legs] >= 0]:
        given = waiting.get(int(own.flow_day[flows[leg]]), [])
        paid = given.pop(0) if given else None
        bearer = paid if paid is not None and is_base[flows[leg]] else leg
        result = in_base[leg] + (0.0 if paid is None else in_base[paid])
        conversion[own.flow_instrument[flows[bearer]], column[leg]] += result
    for leg in (leg for given in waiting.values() for leg in given):
        conversion[own.flow_instrument[flows[leg]], column[leg]] += in_base[leg]
