"""The history of the core factors from observed series, at the finest frequency at which all five are observed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, Literal

import numpy as np

from dawsos.compute.factors.definitions import CORE_FACTORS, FACTOR_NAMES, FactorDefinition, FactorPanel, Levels, factor_panel
from dawsos.compute.factors.dollar import DOLLAR_BASKET, dollar_basket
from dawsos.compute.factors.periods import averages_by_month
from dawsos.compute.factors.position_betas import SUFFICIENT
from dawsos.compute.factors.regression import MINIMUM
from dawsos.compute.macro.series import IndicatorSeries, as_day
from dawsos.compute.macro.transforms import PERCENT
from dawsos.compute.returns.figures import DateArray, NotComputable
from dawsos.kernel.errors import Invalid

FactorFrequency = Literal["daily", "monthly"]
#: Trading days in a month and a year: how many observations a monthly average is made of.
DAYS_PER_MONTH: Final = 21
DAYS_PER_YEAR: Final = 252
#: A series whose last observation is older than this has ended, or stopped coming in: another has to stand for its factor.
MAXIMUM_AGE: Final[Mapping[str, int]] = MappingProxyType({"daily": 14, "monthly": 200})
#: Periods looked back on unless told otherwise.
WINDOWS: Final[Mapping[str, int]] = MappingProxyType({"daily": 252, "monthly": 120})
Observed = Mapping[str, IndicatorSeries]


def _one(name: str) -> Callable[[Observed], Levels]:
    return lambda observed: _fractions(observed[name])


def _spread(minuend: str, subtrahend: str) -> Callable[[Observed], Levels]:
    def difference(observed: Observed) -> Levels:
        high, low = _fractions(observed[minuend]), _fractions(observed[subtrahend])
        days, mine, theirs = np.intersect1d(high.dates, low.dates, return_indices=True)
        return Levels(days, high.values[mine] - low.values[theirs])

    return difference


_Needs = tuple[str, ...]
_Source = tuple[str, _Needs, Callable[[Observed], Levels]]
_Way = tuple[str, Levels]
#: Each factor's sources by frequency, the preferred first: what it is called, the series it needs, how it is made of them.
_DAILY: Final[Mapping[str, tuple[_Source, ...]]] = MappingProxyType({
    "real_rates": (("DFII10", ("DFII10",), _one("DFII10")),),
    "inflation": (("T10YIE", ("T10YIE",), _one("T10YIE")), ("DGS10 − DFII10", ("DGS10", "DFII10"), _spread("DGS10", "DFII10"))),
    "credit": (("BAMLC0A0CM", ("BAMLC0A0CM",), _one("BAMLC0A0CM")), ("BAA10Y", ("BAA10Y",), _one("BAA10Y"))),
    "usd": (("DTWEXBGS", ("DTWEXBGS",), _one("DTWEXBGS")),),
    "equity": (("SP500", ("SP500",), _one("SP500")),),
})  # fmt: skip
_MONTHLY: Final[Mapping[str, tuple[_Source, ...]]] = MappingProxyType({
    "real_rates": (("FII10", ("FII10",), _one("FII10")),),
    "inflation": (("GS10 − FII10", ("GS10", "FII10"), _spread("GS10", "FII10")),),
    "credit": (("BAA − GS10", ("BAA", "GS10"), _spread("BAA", "GS10")),),
    "usd": (
        ("TWEXBMTH", ("TWEXBMTH",), _one("TWEXBMTH")),
        ("dollar against EUR, JPY, GBP, CAD, CHF", tuple(DOLLAR_BASKET), dollar_basket),
    ),
    "equity": (),
})  # fmt: skip
#: Every series a factor can be made of.
FACTOR_SERIES: Final = tuple(
    sorted({name for table in (_DAILY, _MONTHLY) for ways in table.values() for _, needs, _ in ways for name in needs})
)


@dataclass(frozen=True, slots=True, eq=False)
class FactorHistory:
    """Changes of the factors from one period to the next, days or months.

    ``periods`` ``[T + 1]`` are the days, or first days of the months, between which the T changes of ``panel`` lie. A month's level is the
    average of its days, for every series alike.
    """

    panel: FactorPanel
    periods: DateArray
    frequency: FactorFrequency

    @property
    def observations(self) -> int:
        return int(self.panel.changes.shape[0])

    @property
    def periods_per_year(self) -> float:
        return float(DAYS_PER_YEAR if self.frequency == "daily" else 12)

    @property
    def trading_days(self) -> int:
        """Trading days in a period."""
        return 1 if self.frequency == "daily" else DAYS_PER_MONTH

    @property
    def variance_scale(self) -> float:
        """By what variances of changes are multiplied to be those of the value itself over a period; 1 for daily closes.

        Averages hide part of the movement: the variance of the change from one average of n values of a random walk to the next is
        (2n² + 1)/(3n²) of the variance of the walk over n steps. Betas are not affected, both sides being averages. Source: Working, Note
        on the Correlation of First Differences of Averages in a Random Chain, Econometrica 28, 1960.
        """
        if self.frequency == "daily":
            return 1.0
        squared = float(DAYS_PER_MONTH**2)
        return 3.0 * squared / (2.0 * squared + 1.0)

    def last(self, count: int) -> "FactorHistory":
        """The last ``count`` changes."""
        kept = min(count, self.observations)
        panel = FactorPanel(self.panel.names, self.panel.dates[-kept:], self.panel.changes[-kept:], self.panel.sources)
        return FactorHistory(panel, self.periods[-kept - 1 :], self.frequency)


def factor_history(
    observed: Observed, indices: Mapping[str, Levels], risk_free: Levels | None, asof: date | np.datetime64
) -> FactorHistory | NotComputable:
    """The five core factors as known on ``asof``: rates and spreads as differences of fractions, the dollar and equities relative.

    ``observed``: series of :data:`FACTOR_SERIES` in the source's units; ``indices``: daily levels of stock indices up to ``asof``, by
    symbol, for where ``SP500`` was not observed; ``risk_free``: the rate per year, by the day from which it was known. A month counts when
    it is over and, for what is observed daily, has 15 days with a value. Daily when that gives 60 observations, else monthly, else what
    gives 30; :class:`NotComputable` names the factors without a source that is still alive.
    """
    known = {name: part for name, series in observed.items() if len(part := series.known(asof))}
    if risk_free is None or not risk_free.dates.size:
        return NotComputable("a risk-free rate, which returns of equities are in excess of")
    daily = _alive(_DAILY, known, "daily", asof)
    if "equity" not in daily:
        daily |= _index(indices, asof)
    found_daily = _history(daily, risk_free, "daily")
    if isinstance(found_daily, FactorHistory) and found_daily.observations >= SUFFICIENT:
        return found_daily
    monthly = _alive(_MONTHLY, known, "monthly", asof) | _averaged(daily, asof)
    found_monthly = _history(monthly, risk_free, "monthly")
    enough = [one for one in (found_monthly, found_daily) if isinstance(one, FactorHistory) and one.observations >= MINIMUM]
    if enough:
        return enough[0]
    missing = [name for name in FACTOR_NAMES if name not in monthly]
    if missing:
        return NotComputable(f"no series that reaches {as_day(asof)} for {', '.join(missing)}")
    had = max((one.observations for one in (found_monthly, found_daily) if isinstance(one, FactorHistory)), default=0)
    return NotComputable("observations of all factors", MINIMUM, had)


def _alive(
    table: Mapping[str, tuple[_Source, ...]], known: Observed, frequency: FactorFrequency, asof: date | np.datetime64
) -> dict[str, _Way]:
    """The first source of each factor that has not ended."""
    found: dict[str, _Way] = {}
    for factor, ways in table.items():
        for label, needs, make in ways:
            if all(name in known for name in needs):
                levels = make(known)
                if levels.dates.size and _age(levels, asof) <= MAXIMUM_AGE[frequency]:
                    found[factor] = (label, levels)
                    break
    return found


def _averaged(daily: Mapping[str, _Way], asof: date | np.datetime64) -> dict[str, _Way]:
    """What is observed daily, month by month."""
    found = {factor: (source, averages_by_month(levels, asof)) for factor, (source, levels) in daily.items()}
    return {factor: way for factor, way in found.items() if way[1].dates.size}


def _index(indices: Mapping[str, Levels], asof: date | np.datetime64) -> dict[str, _Way]:
    for symbol, levels in indices.items():
        if levels.dates.size and _age(levels, asof) <= MAXIMUM_AGE["daily"]:
            return {"equity": (symbol, levels)}
    return {}


def _age(levels: Levels, asof: date | np.datetime64) -> int:
    return int((as_day(asof) - levels.dates[-1]).astype(int))


def _history(ways: Mapping[str, _Way], risk_free: Levels, frequency: FactorFrequency) -> FactorHistory | None:
    """The factors on their common periods; None when one is missing or there are no two of them."""
    if any(name not in ways for name in FACTOR_NAMES):
        return None
    definitions = tuple(FactorDefinition(one.name, (ways[one.name][0],), one.change, one.is_excess) for one in CORE_FACTORS)
    levels = {label: _since(series, risk_free.dates[0]) for label, series in ways.values()}
    try:
        panel = factor_panel(levels, risk_free=risk_free, definitions=definitions)
    except Invalid:
        return None
    common = levels[definitions[0].series[0]].dates
    for one in definitions[1:]:
        common = np.intersect1d(common, levels[one.series[0]].dates)
    return FactorHistory(panel, common, frequency)


def _since(levels: Levels, first: np.datetime64) -> Levels:
    kept = levels.dates >= first
    return Levels(levels.dates[kept], levels.values[kept])


def _fractions(series: IndicatorSeries) -> Levels:
    """A series as levels: rates as fractions, indices as they are."""
    return Levels(series.dates, series.values / 100.0 if series.unit == PERCENT else series.values)
