"""Indicators that are made of several series, each stated once."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from dawsos.compute.macro.series import IndicatorSeries
from dawsos.compute.macro.transforms import PERCENT, change, difference, gap, growth, ratio, to_fraction
from dawsos.kernel.errors import NotFound

Observed = Mapping[str, IndicatorSeries]
#: Bank credit in the order of preference.
CREDIT: Final = ("TOTBKCR", "LOANINV")


def _rate(series: IndicatorSeries) -> IndicatorSeries:
    return to_fraction(series) if series.unit == PERCENT else series


def _first(observed: Observed, *names: str) -> IndicatorSeries:
    return next(observed[name] for name in names if name in observed)


def _real_rate(observed: Observed) -> IndicatorSeries:
    return difference(_rate(_first(observed, "FEDFUNDS", "DFF")), growth(observed["CPIAUCSL"]), name="REAL_INTEREST_RATE")


def _term_spread(observed: Observed) -> IndicatorSeries:
    return difference(_rate(_first(observed, "DGS10", "GS10")), _rate(_first(observed, "DGS2", "GS2")), name="TERM_SPREAD")


def _fiscal_impulse(observed: Observed) -> IndicatorSeries:
    balance = _rate(observed["FYFSGDA188S"]) if "FYFSGDA188S" in observed else ratio(observed["FYFSD"], observed["GDP"], name="deficit")
    moved = change(balance)
    return IndicatorSeries("FISCAL_IMPULSE", moved.dates, -moved.values, moved.released, moved.unit, moved.frequency)


def _credit_impulse(observed: Observed) -> IndicatorSeries:
    """The change over a year of the flow of credit over a year, to GDP: what new lending adds to demand (Biggs, Mayer and Pick 2009)."""
    flow = ratio(change(_first(observed, *CREDIT)), observed["GDP"], name="flow")
    moved = change(flow)
    return IndicatorSeries("CREDIT_IMPULSE", moved.dates, moved.values, moved.released, moved.unit, moved.frequency)


def _credit_spread(observed: Observed) -> IndicatorSeries:
    if "BAA10Y" in observed:
        return _rate(observed["BAA10Y"])
    return difference(_rate(observed["BAA"]), _rate(_first(observed, "GS10", "DGS10")), name="CREDIT_SPREAD")


# name → what must be there (alternatives in a tuple), and how it is made of it.
_Needs = tuple[tuple[str, ...], ...]
_DERIVED: Final[Mapping[str, tuple[_Needs, Callable[[Observed], IndicatorSeries]]]] = MappingProxyType({
    "REAL_INTEREST_RATE": ((("FEDFUNDS", "DFF"), ("CPIAUCSL",)), _real_rate),
    "TERM_SPREAD": ((("DGS10", "GS10"), ("DGS2", "GS2")), _term_spread),
    "GDP_GAP": ((("GDPC1",), ("GDPPOT",)), lambda o: gap(o["GDPC1"], o["GDPPOT"], name="GDP_GAP")),
    "OUTPUT_GAP": ((("GDPC1",), ("GDPPOT",)), lambda o: gap(o["GDPC1"], o["GDPPOT"], name="OUTPUT_GAP")),
    "EMPLOYMENT_GAP": (
        (("UNRATE",), ("NROU", "NROUST")),
        lambda o: difference(_rate(o["UNRATE"]), _rate(_first(o, "NROU", "NROUST")), name="EMPLOYMENT_GAP"),
    ),
    "MONEY_VELOCITY": ((("GDP",), ("M2SL",)), lambda o: ratio(o["GDP"], o["M2SL"], name="MONEY_VELOCITY")),
    "FISCAL_IMPULSE": ((("FYFSGDA188S", "FYFSD"), ("FYFSGDA188S", "GDP")), _fiscal_impulse),
    "CREDIT_IMPULSE": ((CREDIT, ("GDP",)), _credit_impulse),
    "REAL_GDP_GROWTH": ((("GDPC1",),), lambda o: growth(o["GDPC1"])),
    "CREDIT_SPREAD": ((("BAA10Y", "BAA"), ("BAA10Y", "GS10", "DGS10")), _credit_spread),
    "REAL_YIELD_10Y": ((("DFII10", "FII10"),), lambda o: _rate(_first(o, "DFII10", "FII10"))),
    "BREAKEVEN": (
        (("T10YIE", "GS10"), ("T10YIE", "FII10")),
        lambda o: _rate(o["T10YIE"]) if "T10YIE" in o else difference(_rate(o["GS10"]), _rate(o["FII10"]), name="BREAKEVEN"),
    ),
})  # fmt: skip
DERIVED: Final = tuple(_DERIVED)


def derive(name: str, observed: Observed) -> IndicatorSeries | None:
    """The derived indicator ``name`` as a fraction; None when a series it is made of is missing.

    Every observation is as it was known on its release day: series are joined by the days they came out, never by a later one.
    """
    if name not in _DERIVED:
        raise NotFound(f"There is no derived indicator '{name}'.", remedy=f"Use one of {', '.join(DERIVED)}.")
    needs, make = _DERIVED[name]
    if not all(any(series in observed for series in alternatives) for alternatives in needs):
        return None
    made = make(observed)
    return IndicatorSeries(name, made.dates, made.values, made.released, made.unit, made.frequency)
