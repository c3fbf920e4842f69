"""Currency attribution of many portfolios at once, by currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from dawsos.compute.attribution.block_columns import Flows, Holdings, Market, Outcome, Splits, Values
from dawsos.compute.attribution.daily import Scope
from dawsos.compute.attribution.linking import LinkingMethod
from dawsos.compute.attribution.records import EVERYTHING_LOST, TOO_FEW_DAYS, CurrencyAttribution, attribution_result
from dawsos.compute.ledger.segments import Bool, HoldingSegments, Instrument, Int32, Int64, calendar_day, day_number
from dawsos.compute.returns.figures import NotComputable
from dawsos.compute.valuation.holdings import Placement
from dawsos.compute.valuation.nav_records import NavHistory
from dawsos.compute.valuation.panels import PricePanel, RatePanel
from dawsos.kernel.errors import Invalid


@dataclass(frozen=True, slots=True, eq=False)
class BlockAttribution:
    """What was found of P portfolios in C currencies; :meth:`result` says it of one."""

    days: Int32
    currencies: tuple[str, ...]
    base_currencies: tuple[str, ...]
    scope: Scope
    outcome: Outcome

    def result(
        self, portfolio: int, *, base_return_actual: float | None = None, minimum_observations: int = 1
    ) -> CurrencyAttribution | NotComputable:
        """As ``currency_attribution`` answers, without contributions of instruments."""
        from dawsos.compute.attribution import currency_kernel as kernel  # noqa: PLC0415 - needs the compiler, which takes a second

        found, p, needed = self.outcome, portfolio, max(1, minimum_observations)
        observations = int(found.observations[p])
        match int(found.status[p]):
            case kernel.TOO_SHORT:
                return NotComputable("Attribution needs two valuations", 2, observations)
            case kernel.LACKS_RATE:
                currency, when = self.currencies[found.lacking[p, 0]], calendar_day(int(self.days[found.lacking[p, 1]]))
                return NotComputable(f"There is no exchange rate from {currency} to {self.base_currencies[p]} on {when}")
            case kernel.ALL_LOST:
                return NotComputable(EVERYTHING_LOST)
        if observations < needed:
            return NotComputable(TOO_FEW_DAYS, needed, observations)
        return attribution_result(
            found.effects[p].T,
            [Instrument(None, None, code) for code in self.currencies],
            by_instrument=False,
            valuations=(int(self.days[found.opened[p]]), int(self.days[found.closed[p]])),
            base_currency=self.base_currencies[p],
            scope=self.scope,
            linking=LinkingMethod.CARINO,
            observations=observations,
            actual=base_return_actual,
            broken=self.days[found.broken[p]].tolist(),
        )


def attribute_currencies(
    segments: HoldingSegments,
    prices: PricePanel,
    rates: RatePanel,
    history: NavHistory,
    *,
    scope: Scope | str = Scope.PORTFOLIO,
    start: date | None = None,
    end: date | None = None,
    from_nothing: bool = False,
) -> BlockAttribution:
    """Divide the returns of every portfolio of ``segments`` between ``start`` and ``end`` into their parts, by currency, linked by Carino.

    The same as ``currency_attribution(position_panel(…))`` (:mod:`dawsos.compute.attribution.currency`) of each portfolio, up to the last
    bits of floating point, for all of them in one pass: cost is one multiplication and addition per instrument and day. ``history`` is
    ``nav_history`` of the same segments, prices and rates. With ``from_nothing`` the date before a portfolio's first value, on which
    nothing was held, opens its window. A portfolio's figures do not depend on the others in the block.

    Raises :class:`Invalid` when ``history`` is of other portfolios or dates, or as ``nav_history``.
    """
    if history.portfolio_ids != segments.portfolio_ids or not np.array_equal(history.days, prices.days):
        raise Invalid("The history is of other portfolios or dates than the holdings.", remedy="Compute it with nav_history from the same.")
    # The compiler takes a second to import, and most processes never attribute a block.
    from dawsos.compute.attribution import currency_kernel  # noqa: PLC0415

    scope, place = Scope(scope), Placement.of(segments, prices, rates, history.base_currencies)
    lo = 0 if start is None else int(np.searchsorted(prices.days, day_number(start)))
    hi = len(prices.days) if end is None else int(np.searchsorted(prices.days, day_number(end), side="right"))
    outcome = _blank(len(segments.portfolio_ids), len(rates.currencies), len(prices.days))
    currency_kernel.attribute_block(
        tuple(Holdings(segments.segment_offsets, segments.instrument, place.start, place.end, segments.quantity)),
        tuple(_flows(segments, place)),
        tuple(Splits(segments.split_offsets, segments.split_instrument, segments.split_day, segments.split_to / segments.split_from)),
        tuple(_market(prices, rates, place, history.base_currencies)),
        tuple(_values(history, scope, lo, from_nothing=from_nothing)),
        lo,
        max(lo, hi),
        scope is Scope.PORTFOLIO,
        tuple(outcome),
    )
    return BlockAttribution(prices.days, rates.currencies, history.base_currencies, scope, outcome)


def _flows(segments: HoldingSegments, place: Placement) -> Flows:
    return Flows(
        segments.flow_offsets,
        place.flow_column,
        segments.flow_day,
        segments.flow_kind,
        segments.flow_instrument,
        segments.flow_amount,
        place.flow_currency,
        segments.flow_quantity,
        segments.flow_is_external,
        segments.flow_is_gain,
    )


def _market(prices: PricePanel, rates: RatePanel, place: Placement, base_currencies: Sequence[str]) -> Market:
    number = {code: index for index, code in enumerate(rates.currencies)}
    base_currency = np.array([number.get(code, -1) for code in base_currencies], dtype=np.int32)
    panels = (prices.days, np.ascontiguousarray(prices.close), rates.rate, rates.whole)
    return Market(place.price_row, place.currency, place.is_cash, place.base, base_currency, *panels)


def _values(history: NavHistory, scope: Scope, lo: int, *, from_nothing: bool) -> Values:
    value = history.nav if scope is Scope.PORTFOLIO else history.securities_value
    valued = history.valued
    if from_nothing and lo < valued.shape[1]:
        valued, value = valued.copy(), value.copy()
        first = np.where(valued[:, lo:].any(axis=1), valued[:, lo:].argmax(axis=1) + lo, 0)
        begins = np.flatnonzero(first > lo)
        valued[begins, first[begins] - 1], value[begins, first[begins] - 1] = True, 0
    return Values(valued, value, history.external_flow)


def _blank(portfolios: int, currencies: int, valuations: int) -> Outcome:
    def whole() -> Int64:
        return np.zeros(portfolios, dtype=np.int64)

    broken: Bool = np.zeros((portfolios, valuations), dtype=np.bool_)
    effects, lacking = np.zeros((portfolios, currencies, 4)), np.zeros((portfolios, 2), dtype=np.int64)
    return Outcome(whole(), effects, whole(), whole(), whole(), broken, lacking)
