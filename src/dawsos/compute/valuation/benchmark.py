"""The level of a benchmark in another currency than its own."""

from uuid import UUID

import numpy as np

from dawsos.compute.ledger.segments import Float64, Int32
from dawsos.compute.valuation.panels import MISSING, PricePanel, RatePanel


def levels_in_base(prices: PricePanel, rates: RatePanel, security_id: UUID, currency: str, days: Int32) -> Float64:
    """Close × rate to base currency on each of ``days``; NaN where the panels have no such day, close or rate.

    An unhedged level: it moves with the exchange rate. ``rates`` must have the base currency as its only base.
    """
    levels = np.full(len(days), np.nan)
    column = np.searchsorted(prices.days, days)
    known = (column < len(prices.days)) & (prices.days[np.minimum(column, len(prices.days) - 1)] == days)
    at = column[known]
    close = prices.close[prices.row[security_id], at]
    rate = rates.rate[0, rates.currencies.index(currency), at]
    levels[known] = np.where((close == MISSING) | (rate <= 0), np.nan, close * 1e-8 * rate)
    return levels
