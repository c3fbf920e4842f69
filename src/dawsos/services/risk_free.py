"""The risk-free rate as it was known on each day: one dated series, never an assumed number."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from dawsos.compute.ledger.segments import day_number
from dawsos.compute.valuation.nav_series import NavSeries
from dawsos.services.context import Pins, RequestContext
from dawsos.store import indicators
from dawsos.store.indicators import IndicatorValue

#: Three-month US Treasury bill, secondary market, as a fraction per year. The same series serves every base currency, and results say so.
INDICATOR: Final = "BILL_RATE_3M"
SOURCE: Final = "FRED TB3MS"

FloatArray = np.ndarray[Any, np.dtype[np.float64]]


async def risk_free_rates(context: RequestContext, pins: Pins, series: NavSeries) -> FloatArray | None:
    """The yearly rate known on each day of ``series``, NaN before the first; None when there is no rate at all."""
    async with context.database.transaction(context.actor, read_only=True) as tx:
        known = await indicators.indicator_history(tx, INDICATOR, pins.pack.date)
    return rates_known(known, series)


def rates_known(known: Sequence[IndicatorValue], series: NavSeries) -> FloatArray | None:
    """The value of ``known`` (in order) that was known on each day of ``series``, NaN before the first; None when there is nothing."""
    if not known or not len(series):
        return None
    known_from = np.array([day_number(one.known_from) for one in known])
    values = np.array([float(one.value) for one in known])
    index = np.searchsorted(known_from, series.days, side="right") - 1
    return np.where(index >= 0, values[np.maximum(index, 0)], np.nan)
