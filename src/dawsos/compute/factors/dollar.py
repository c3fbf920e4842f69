"""The dollar against a basket of currencies, for when no index of it is observed."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from dawsos.compute.factors.definitions import Levels
from dawsos.compute.macro.series import IndicatorSeries

#: Series of exchange rates: whether they count units of the currency per dollar, and the currency's weight. The weights are those of the
#: ICE U.S. Dollar Index without the Swedish krona, which is not observed here; they are scaled to sum to one.
DOLLAR_BASKET: Final[Mapping[str, tuple[bool, float]]] = MappingProxyType({
    "EXUSEU": (False, 0.576), "EXJPUS": (True, 0.136), "EXUSUK": (False, 0.119), "EXCAUS": (True, 0.091), "EXSZUS": (True, 0.036),
})  # fmt: skip


def dollar_basket(observed: Mapping[str, IndicatorSeries]) -> Levels:
    """The geometric mean of what a dollar buys of each currency of :data:`DOLLAR_BASKET`, on the days all are observed.

    Its scale means nothing; its relative changes are those of the dollar.
    """
    days = observed[next(iter(DOLLAR_BASKET))].dates
    for name in DOLLAR_BASKET:
        days = np.intersect1d(days, observed[name].dates)
    total = sum(weight for _, weight in DOLLAR_BASKET.values())
    logarithm = np.zeros(days.size)
    for name, (is_per_dollar, weight) in DOLLAR_BASKET.items():
        series = observed[name]
        moved = np.log(series.values[np.searchsorted(series.dates, days)])
        logarithm += (1.0 if is_per_dollar else -1.0) * weight / total * moved
    return Levels(days, np.exp(logarithm))
