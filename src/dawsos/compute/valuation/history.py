"""The daily net asset value of many portfolios: holding segments times prices and rates, exact to the cent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dawsos.compute.ledger.segments import Float64, HoldingSegments, Int32, Int64, day_number
from dawsos.compute.valuation.holdings import Placement
from dawsos.compute.valuation.nav_records import NO_VALUE, ExternalFlows, NavHistory
from dawsos.compute.valuation.panels import PricePanel, RatePanel
from dawsos.compute.valuation.undecided import exact_cents, with_room
from dawsos.kernel.errors import Invalid

_FOREVER_AGO: Final = np.iinfo(np.int32).min


def nav_history(segments: HoldingSegments, prices: PricePanel, rates: RatePanel, base_currencies: Sequence[str] | str) -> NavHistory:
    """Value every portfolio of ``segments`` on every date of ``prices``.

    Per date, instrument and portfolio: round(quantity × close × rate) to the cent, half to even, of the exact decimal product (see
    :mod:`dawsos.compute.valuation.rounding_kernel`), summed, so each day equals ``value_positions`` of that day to the cent.
    External flows are valued at the rate (in kind: price and rate) of the first valued date on or after them. A held security without
    price, or an instrument without rate, makes the day a gap with a reason; nothing is carried forward beyond what the packs hold.
    ``base_currencies`` is one per portfolio, or one for all. Cost is linear in portfolio-instrument-days.

    Raises :class:`Invalid` when prices and rates have different dates, or a currency of the segments is not in ``rates``.
    """
    bases = _bases(segments, base_currencies)
    shape = (len(segments.portfolio_ids), len(prices.days))
    blank = _Block(np.zeros(shape, np.int64), np.zeros(shape, np.int64), ExternalFlows(*(np.empty(0, np.int64) for _ in range(3))))
    return _history(segments, prices, rates, bases, blank, 0, np.full(shape[0], _FOREVER_AGO, dtype=np.int64))


def nav_history_suffix(
    earlier: NavHistory, segments: HoldingSegments, prices: PricePanel, rates: RatePanel, *, changed_from: date
) -> NavHistory:
    """The history after a change of the ledger on ``changed_from`` (or new dates after it): only days from there on are valued anew.

    Equal to :func:`nav_history` of the new ``segments`` on the dates of ``prices``, provided that ``earlier`` is the history of the same
    portfolios, and its ledger, dates, prices and rates before ``changed_from`` are the same. Raises :class:`Invalid` when the dates or
    portfolios before it differ, and as :func:`nav_history`.
    """
    kept = int(np.searchsorted(prices.days, day_number(changed_from)))
    if earlier.portfolio_ids != segments.portfolio_ids or not np.array_equal(earlier.days[:kept], prices.days[:kept]):
        raise Invalid("The earlier history is of other portfolios or dates.", remedy="Value the whole history with nav_history.")
    size = len(prices.days)
    block = _Block(
        _extended(earlier.securities_value, kept, size),
        _extended(earlier.cash, kept, size),
        earlier.flows.up_to(kept),
        None if earlier.gap is None else (_extended(earlier.gap + 1, kept, size) - 1).astype(np.int32),
    )
    valued = np.where(earlier.valued[:, :kept], prices.days[:kept], _FOREVER_AGO)
    settled_until = valued.max(axis=1, initial=_FOREVER_AGO).astype(np.int64)
    return _history(segments, prices, rates, earlier.base_currencies, block, kept, settled_until)


@dataclass(slots=True)
class _Block:
    """Sums being written, ``[P × T]``, and the flows booked so far."""

    securities_value: Int64
    cash: Int64
    flows: ExternalFlows
    gap: Int32 | None = None


def _extended(old: npt.NDArray[np.integer[Any]], kept: int, size: int) -> Int64:
    """The first ``kept`` columns, and zeros after them."""
    new = np.zeros((old.shape[0], size), dtype=np.int64)
    new[:, :kept] = old[:, :kept]
    return new


def _bases(segments: HoldingSegments, base_currencies: Sequence[str] | str) -> tuple[str, ...]:
    count = len(segments.portfolio_ids)
    bases = (base_currencies,) * count if isinstance(base_currencies, str) else tuple(base_currencies)
    if len(bases) != count:
        raise Invalid(f"There are {len(bases)} base currencies for {count} portfolios.", remedy="Give one per portfolio.")
    return bases


def _history(
    segments: HoldingSegments,
    prices: PricePanel,
    rates: RatePanel,
    bases: tuple[str, ...],
    block: _Block,
    kept: int,
    settled_until: Int64,
) -> NavHistory:
    place = Placement.of(segments, prices, rates, bases)
    if place.has_missing and block.gap is None:
        block.gap = np.full(block.cash.shape, -1, dtype=np.int32)
    _value_segments(segments, prices, rates, place, block, kept)
    _book_flows(segments, prices, rates, place, block, kept, settled_until)
    history = NavHistory(
        days=prices.days,
        portfolio_ids=segments.portfolio_ids,
        base_currencies=bases,
        instruments=segments.instruments,
        securities_value=block.securities_value,
        cash=block.cash,
        flows=block.flows,
        first=_first(segments, place, len(prices.days)),
        gap=block.gap,
    )
    if not history.valued.all():
        for column in (history.securities_value, history.cash):
            column[~history.valued] = NO_VALUE
    return history


def _first(segments: HoldingSegments, place: Placement, size: int) -> Int64:
    """The first valuation each portfolio takes part in."""
    first = np.full(len(segments.portfolio_ids), size, dtype=np.int64)
    for offsets, column in ((segments.segment_offsets, place.start), (segments.flow_offsets, place.flow_column)):
        begins = offsets[:-1] < offsets[1:]
        first[begins] = np.minimum(first[begins], np.minimum.reduceat(column, offsets[:-1][begins]))
    return first


def _value_segments(segments: HoldingSegments, prices: PricePanel, rates: RatePanel, place: Placement, block: _Block, kept: int) -> None:
    # The compiler takes a second to import, and most processes never value a block.
    from dawsos.compute.valuation import history_kernel  # noqa: PLC0415

    unit_row, unit, highest = _unit_values(segments, prices, rates, place)

    def value(undecided: Int64, is_anew: bool) -> int:
        if is_anew:
            block.securities_value[:, kept:] = 0
            block.cash[:, kept:] = 0
        counted: int = history_kernel.value_segments(
            segments.segment_offsets,
            segments.instrument,
            np.maximum(place.start, kept),
            place.end,
            segments.quantity,
            place.price_row,
            place.currency,
            place.is_cash,
            place.base,
            prices.close,
            rates.whole,
            unit_row,
            unit,
            highest,
            place.has_missing,
            block.securities_value,
            block.cash,
            _gap_or_none(block, len(prices.days)),
            undecided,
        )
        return counted

    for row, t, quantity in with_room(value):
        portfolio = int(np.searchsorted(segments.segment_offsets, row, side="right")) - 1
        instrument = int(segments.instrument[row])
        sums = block.cash if place.is_cash[instrument] else block.securities_value
        rate = rates.exact(int(place.base[portfolio]), int(place.currency[instrument]), t)
        sums[portfolio, t] += exact_cents(
            quantity, None if place.is_cash[instrument] else int(prices.close[place.price_row[instrument], t]), rate
        )


def _unit_values(segments: HoldingSegments, prices: PricePanel, rates: RatePanel, place: Placement) -> tuple[Int64, Float64, Float64]:
    """The value of one step of every instrument held, in every base currency it is valued in, and where each stands."""
    from dawsos.compute.valuation import history_kernel  # noqa: PLC0415 - as above

    held = np.zeros((len(rates.base_currencies), len(segments.instruments)), dtype=np.bool_)
    held[np.repeat(place.base, np.diff(segments.segment_offsets)), segments.instrument] = True
    base, instrument = np.nonzero(held & (place.is_cash | (place.price_row >= 0)))
    unit_row = np.zeros(held.shape, dtype=np.int64)
    unit_row[base, instrument] = np.arange(len(base))
    price_row = np.where(place.is_cash, -1, place.price_row)[instrument].astype(np.int64)
    unit, highest = np.empty((len(base), len(prices.days))), np.empty(len(base))
    currency = place.currency[instrument].astype(np.int64)
    history_kernel.unit_values(price_row, base, currency, prices.close, rates.rate, unit, highest)
    return unit_row, unit, highest


def _book_flows(
    segments: HoldingSegments, prices: PricePanel, rates: RatePanel, place: Placement, block: _Block, kept: int, settled_until: Int64
) -> None:
    from dawsos.compute.valuation import flow_kernel  # noqa: PLC0415 - as above

    owner = np.repeat(np.arange(len(segments.portfolio_ids)), np.diff(segments.flow_offsets))
    counts = segments.flow_is_external & (segments.flow_day > settled_until[owner])
    column, cents = np.full(len(owner), -1, dtype=np.int64), np.zeros(len(owner), dtype=np.int64)

    def book(undecided: Int64, _is_anew: bool) -> int:
        booked: int = flow_kernel.book_external_flows(
            segments.flow_offsets,
            np.maximum(place.flow_column, kept).astype(np.int32),
            segments.flow_day,
            segments.flow_instrument,
            segments.flow_amount,
            segments.flow_quantity,
            place.flow_currency,
            counts,
            place.price_row,
            place.currency,
            prices.days,
            segments.split_offsets,
            segments.split_instrument,
            segments.split_day,
            segments.split_to / segments.split_from,
            place.base,
            prices.close,
            rates.rate,
            rates.whole,
            _gap_or_none(block, len(prices.days)),
            column,
            cents,
            undecided,
        )
        return booked

    for flow, t, moved in with_room(book):
        instrument, in_kind = int(segments.flow_instrument[flow]), bool(segments.flow_quantity[flow])
        currency = place.currency[instrument] if in_kind else place.flow_currency[flow]
        rate = rates.exact(int(place.base[owner[flow]]), int(currency), t)
        cents[flow] = exact_cents(moved, int(prices.close[place.price_row[instrument], t]) if in_kind else None, rate)
    booked = column >= 0
    block.flows = block.flows.and_then(ExternalFlows(owner[booked], column[booked], cents[booked]))


def _gap_or_none(block: _Block, size: int) -> Int32:
    return np.full((1, size), -1, dtype=np.int32) if block.gap is None else block.gap
