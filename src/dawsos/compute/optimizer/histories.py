"""Daily returns of assets in one currency, from panels of prices and rates."""

from collections.abc import Mapping
from uuid import UUID

import numpy as np

from dawsos.compute.returns.figures import FloatArray
from dawsos.compute.valuation.panels import MISSING, PricePanel, RatePanel


def returns_in_base(prices: PricePanel, rates: RatePanel, currency_of: Mapping[UUID, str]) -> FloatArray:
    """``[T − 1 × S]``: close × rate today over the same yesterday, less 1; NaN where a close or a rate of either day is missing.

    Assets in the order of ``prices.security_ids``; ``rates`` holds one base currency. A close carried over days without trade gives 0.
    """
    close = np.where(prices.close == MISSING, np.nan, prices.close.astype(np.float64))
    column = {currency: place for place, currency in enumerate(rates.currencies)}
    rate = np.array([rates.rate[0, column[currency_of[each]]] for each in prices.security_ids]).reshape(close.shape)
    value = close * np.where(rate > 0.0, rate, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = value[:, 1:] / value[:, :-1] - 1.0
    return np.ascontiguousarray(np.where(np.isfinite(found), found, np.nan).T)
