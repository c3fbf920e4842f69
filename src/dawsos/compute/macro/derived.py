"""Indicators that are made of several series, each stated once; ``v_derived_indicators`` states the same in SQL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from dawsos.compute.macro.series import IndicatorSeries
from dawsos.compute.macro.transforms import PERCENT, change, difference, gap, growth, ratio, to_fraction
from dawsos.kernel.errors import NotFound

Observed = Mapping[str, IndicatorSeries]
#: Bank credit in the order of preference.
CREDIT: Final = ("TOTBKCR", "LOANINV")
RATIO: Final = "ratio"
#: How many days before the observation that is joined the other one may date, so that nothing is carried on for ever: a week where both
#: are daily, the same period where both are monthly, a quarter and its publication otherwise.
_DAILY: Final = 7
_SAME_PERIOD: Final = 0
_QUARTER: Final = 100
_INFLATION: Final = 120
_PRODUCT: Final = 250


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to make an indicator: the series it needs, in the order ``make`` takes them."""

    series: tuple[str, ...]
    make: Callable[..., IndicatorSeries]


def _rate(series: IndicatorSeries) -> IndicatorSeries:
    return to_fraction(series) if series.unit == PERCENT else series


def _less(name: str, max_age_days: int) -> Callable[[IndicatorSeries, IndicatorSeries], IndicatorSeries]:
    return lambda left, right: difference(_rate(left), _rate(right), name=name, max_age_days=max_age_days)


def _real_rate(rate: IndicatorSeries, prices: IndicatorSeries) -> IndicatorSeries:
    return difference(_rate(rate), growth(prices), name="REAL_INTEREST_RATE", max_age_days=_INFLATION)


def _gap(name: str) -> Callable[[IndicatorSeries, IndicatorSeries], IndicatorSeries]:
    return lambda actual, potential: gap(actual, potential, name=name)


def _velocity(product: IndicatorSeries, money: IndicatorSeries) -> IndicatorSeries:
    turned = ratio(product, money, name="MONEY_VELOCITY", max_age_days=_QUARTER)
    return IndicatorSeries("MONEY_VELOCITY", turned.dates, turned.values, turned.released, RATIO, turned.frequency)


def _impulse(balance: IndicatorSeries) -> IndicatorSeries:
    """The balance is the surplus, so that a larger deficit is a positive impulse."""
    moved = change(balance)
    return IndicatorSeries("FISCAL_IMPULSE", moved.dates, -moved.values, moved.released, moved.unit, moved.frequency)


def _credit_impulse(credit: IndicatorSeries, product: IndicatorSeries) -> IndicatorSeries:
    """The change over a year of the flow of credit over a year, to the GDP of now: what new lending adds to demand.

    Both flows are divided by the same GDP: a product that grew is no impulse. Source: Biggs, Mayer and Pick (2009).
    """
    return ratio(change(change(credit)), product, name="CREDIT_IMPULSE", max_age_days=_PRODUCT)


# name → the ways to make it, the preferred first.
_DERIVED: Final[Mapping[str, tuple[_Way, ...]]] = MappingProxyType({
    "REAL_INTEREST_RATE": (_Way(("DFF", "CPIAUCSL"), _real_rate), _Way(("FEDFUNDS", "CPIAUCSL"), _real_rate)),
    "TERM_SPREAD": (_Way(("DGS10", "DGS2"), _less("TERM_SPREAD", _DAILY)), _Way(("GS10", "GS2"), _less("TERM_SPREAD", _SAME_PERIOD))),
    "GDP_GAP": (_Way(("GDPC1", "GDPPOT"), _gap("GDP_GAP")),),
    "OUTPUT_GAP": (_Way(("GDPC1", "GDPPOT"), _gap("OUTPUT_GAP")),),
    "EMPLOYMENT_GAP": tuple(_Way(("UNRATE", natural), _less("EMPLOYMENT_GAP", _QUARTER)) for natural in ("NROU", "NROUST")),
    "MONEY_VELOCITY": (_Way(("GDP", "M2SL"), _velocity),),
    "FISCAL_IMPULSE": (
        _Way(("FYFSGDA188S",), lambda balance: _impulse(_rate(balance))),
        _Way(("FYFSD", "GDP"), lambda balance, product: _impulse(ratio(balance, product, name="deficit", max_age_days=_PRODUCT))),
    ),
    "CREDIT_IMPULSE": tuple(_Way((credit, "GDP"), _credit_impulse) for credit in CREDIT),
    "REAL_GDP_GROWTH": (_Way(("GDPC1",), growth),),
    "CREDIT_SPREAD": (_Way(("BAA10Y",), _rate), _Way(("BAA", "GS10"), _less("CREDIT_SPREAD", _SAME_PERIOD))),
    "REAL_YIELD_10Y": (_Way(("DFII10",), _rate), _Way(("FII10",), _rate)),
    "BREAKEVEN": (_Way(("T10YIE",), _rate), _Way(("GS10", "FII10"), _less("BREAKEVEN", _SAME_PERIOD))),
})  # fmt: skip
DERIVED: Final = tuple(_DERIVED)
#: Every series some derived indicator can be made of.
SOURCES: Final = tuple(sorted({series for ways in _DERIVED.values() for way in ways for series in way.series}))


def derive(name: str, observed: Observed) -> IndicatorSeries | None:
    """The derived indicator ``name``, a fraction (velocity: a ratio); None when no way to make it has all its series.

    Every observation is as it was known on its release day: series are joined by the days they came out, never by a later one, and an
    observation that is too old to speak of the other's time is not carried on to it.
    """
    if name not in _DERIVED:
        raise NotFound(f"There is no derived indicator '{name}'.", remedy=f"Use one of {', '.join(DERIVED)}.")
    way = next((way for way in _DERIVED[name] if observed.keys() >= set(way.series)), None)
    if way is None:
        return None
    made = way.make(*(observed[series] for series in way.series))
    return IndicatorSeries(name, made.dates, made.values, made.released, made.unit, made.frequency)
