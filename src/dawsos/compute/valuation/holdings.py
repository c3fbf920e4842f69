"""Holding segments put beside panels: which column a day is, which row an instrument."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from dawsos.compute.ledger.segments import Bool, HoldingSegments, Int32
from dawsos.compute.valuation.panels import PricePanel, RatePanel
from dawsos.kernel.errors import Invalid


def columns_of(days: Int32, wanted: Int32) -> Int32:
    """Index of the first of ``days`` on or after each wanted day, ``len(days)`` when there is none."""
    if len(days) == 0:
        return np.zeros(len(wanted), dtype=np.int32)
    # A table over the calendar is faster than a search per day, and there are far more segments than days.
    first, last = days[0], days[-1]
    table: Int32 = np.searchsorted(days, np.arange(first, last + 2)).astype(np.int32)
    column: Int32 = table[np.clip(wanted, first, last + 1) - first]
    return column


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """Where the instruments and days of some segments stand in a price panel and a rate panel.

    ``price_row`` (−1: the security has no price at all), ``currency`` and ``is_cash`` are per instrument; ``base`` per portfolio;
    ``start`` and ``end`` the columns a segment covers; ``flow_column`` the first valuation on or after each flow.
    """

    price_row: Int32
    currency: Int32
    is_cash: Bool
    base: Int32
    flow_currency: Int32
    start: Int32
    end: Int32
    flow_column: Int32
    has_missing: bool

    @classmethod
    def of(cls, segments: HoldingSegments, prices: PricePanel, rates: RatePanel, base_currencies: Sequence[str]) -> Self:
        """Raises :class:`Invalid` when the panels have different dates or ``rates`` lacks a currency."""
        if not np.array_equal(prices.days, rates.days):
            raise Invalid("Prices and rates are of different dates.", remedy="Take both from the same pricing packs.")
        price_row = np.array(
            [prices.row.get(one.security_id, -1) if one.security_id else 0 for one in segments.instruments], dtype=np.int32
        )
        return cls(
            price_row=price_row,
            currency=_places([one.currency for one in segments.instruments], rates.currencies),
            is_cash=np.array([one.is_cash for one in segments.instruments], dtype=np.bool_),
            base=_places(base_currencies, rates.base_currencies),
            flow_currency=_places(segments.currencies, rates.currencies)[segments.flow_currency],
            start=columns_of(prices.days, segments.start_day),
            end=columns_of(prices.days, segments.end_day),
            flow_column=columns_of(prices.days, segments.flow_day),
            has_missing=prices.has_missing or rates.has_missing or bool((price_row < 0).any()),
        )


def _places(wanted: Sequence[str], known: Sequence[str]) -> Int32:
    place = {code: index for index, code in enumerate(known)}
    if unknown := sorted(set(wanted) - set(known)):
        raise Invalid(f"The rates lack the currencies {', '.join(unknown)}.", remedy="Build the rate panel with every currency held.")
    return np.array([place[code] for code in wanted], dtype=np.int32)
