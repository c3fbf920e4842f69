"""Levels of a portfolio's benchmark in its base currency, from the same packs its value comes from."""

from typing import Any

import numpy as np

from dawsos.compute.valuation.benchmark import levels_in_base
from dawsos.compute.valuation.nav_series import NavSeries
from dawsos.services.context import Pins, RequestContext
from dawsos.services.panels import load_panels
from dawsos.store import securities

FloatArray = np.ndarray[Any, np.dtype[np.float64]]


async def benchmark_levels(context: RequestContext, pins: Pins, series: NavSeries) -> FloatArray | None:
    """The benchmark's level in base currency on each day of ``series`` (NaN where unknown); None without a benchmark."""
    if pins.portfolio.benchmark_id is None or not len(series):
        return None
    async with context.database.transaction(context.actor, read_only=True) as tx:
        found = await securities.find_securities_by_symbol(tx, [pins.portfolio.benchmark_id])
        if not found:
            return None
        prices, rates = await load_panels(
            tx,
            pins.pack,
            series.dates[0],
            security_ids=[found[0].id],
            currencies=[found[0].currency],
            base_currency=pins.portfolio.base_currency,
        )
    return levels_in_base(prices, rates, found[0].id, found[0].currency, series.days)
