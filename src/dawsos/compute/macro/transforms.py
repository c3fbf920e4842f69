"""Every transform of an indicator, once; each knows the units it may be applied to and the unit it leaves."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from dawsos.compute.macro.series import IndicatorSeries, earlier
from dawsos.compute.returns.figures import FloatArray
from dawsos.kernel.errors import Invalid

FRACTION: Final = "fraction"
PERCENT: Final = "percent"
#: How many US dollars one unit of an amount is.
AMOUNTS: Final[Mapping[str, float]] = MappingProxyType({"USD": 1.0, "USD thousands": 1e3, "USD millions": 1e6, "USD billions": 1e9})


def to_fraction(series: IndicatorSeries) -> IndicatorSeries:
    """Percent ÷ 100. A series that is a fraction already is refused: scaling happens exactly once."""
    if series.unit != PERCENT:
        raise Invalid(f"{series.name} is in {series.unit}, not in percent.", remedy="Scale a series once, when it is taken in.")
    return _with(series, series.values / 100.0, FRACTION)


def change(series: IndicatorSeries, *, months: int = 12) -> IndicatorSeries:
    """Value less the value ``months`` before, in the unit of the series; known when the later one is."""
    return _with(series, series.values - earlier(series, months), series.unit)


def growth(series: IndicatorSeries, *, months: int = 12, annualised: bool = False) -> IndicatorSeries:
    """Value / value ``months`` before − 1, a fraction; ``annualised``: compounded to a year.

    A level of zero or below has no growth. A rate has a change, not a growth: refused for fractions and percent.
    """
    if series.unit in {FRACTION, PERCENT}:
        raise Invalid(f"{series.name} is a rate and has no growth.", remedy="Take its change.")
    base = earlier(series, months)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where((base > 0) & (series.values > 0), series.values / base, np.nan)
    return _with(series, (ratio ** (12.0 / months) if annualised else ratio) - 1.0, FRACTION)


def smoothed(series: IndicatorSeries, observations: int) -> IndicatorSeries:
    """Mean of each observation and those before it, ``observations`` in all; the first ones fall out."""
    if len(series) < observations:
        return _part(series, slice(0, 0))
    windows = np.lib.stride_tricks.sliding_window_view(series.values, observations)
    part = _part(series, slice(observations - 1, None))
    return _with(part, windows.mean(axis=1), series.unit)


def ratio(numerator: IndicatorSeries, denominator: IndicatorSeries, *, name: str, max_age_days: int | None = None) -> IndicatorSeries:
    """Amount / amount of the denominator in force: a fraction, whatever scales the two amounts have.

    For each observation of the numerator the last of the denominator published by the same release day counts. A denominator that is
    missing, dated more than ``max_age_days`` earlier or not above zero leaves the observation out; no constant ever stands in.
    """
    scale = _scale(numerator) / _scale(denominator)
    joined = _joined(numerator, denominator, max_age_days)
    with np.errstate(invalid="ignore", divide="ignore"):
        values = np.where(joined > 0, numerator.values / joined * scale, np.nan)
    return _finite(IndicatorSeries(name, numerator.dates, values, numerator.released, FRACTION, numerator.frequency))


def difference(left: IndicatorSeries, right: IndicatorSeries, *, name: str, max_age_days: int | None = None) -> IndicatorSeries:
    """Left less the last of ``right`` that was published by the release of each observation of ``left``; both in one unit.

    One that is dated more than ``max_age_days`` before the observation is not carried on to it, which is then left out.
    """
    if left.unit != right.unit:
        raise Invalid(f"{left.name} is in {left.unit}, {right.name} in {right.unit}.", remedy="Bring both to one unit first.")
    values = left.values - _joined(left, right, max_age_days)
    return _finite(IndicatorSeries(name, left.dates, values, left.released, left.unit, left.frequency))


def gap(actual: IndicatorSeries, potential: IndicatorSeries, *, name: str) -> IndicatorSeries:
    """(actual − potential)/potential of the same period, a fraction; periods without both are left out."""
    if actual.unit != potential.unit:
        raise Invalid(
            f"{actual.name} is in {actual.unit}, {potential.name} in {potential.unit}.",
            remedy="Compare real with real, nominal with nominal.",
        )
    days, mine, theirs = np.intersect1d(actual.dates, potential.dates, return_indices=True)
    released = np.maximum(actual.released[mine], potential.released[theirs])
    values = actual.values[mine] / potential.values[theirs] - 1.0
    return _finite(IndicatorSeries(name, days, values, released, FRACTION, actual.frequency))


def _scale(series: IndicatorSeries) -> float:
    if series.unit not in AMOUNTS:
        raise Invalid(f"{series.name} is in {series.unit}, not an amount.", remedy=f"Give amounts in {', '.join(AMOUNTS)}.")
    return AMOUNTS[series.unit]


def _joined(left: IndicatorSeries, right: IndicatorSeries, max_age_days: int | None) -> FloatArray:
    """As-of join by release day, NaN for none. Of ``right`` no later period counts than that of ``left``: both are of one time."""
    if not len(right):
        return np.full(len(left), np.nan)
    latest = np.searchsorted(right.dates, left.dates, side="right") - 1
    if (np.diff(right.released) >= np.timedelta64(0, "D")).all():
        latest = np.minimum(latest, np.searchsorted(right.released, left.released, side="right") - 1)
    else:  # something came out before an earlier period did
        for place in range(len(left)):
            known = np.flatnonzero(right.released[: latest[place] + 1] <= left.released[place])
            latest[place] = known[-1] if known.size else -1
    found = latest >= 0
    if max_age_days is not None:
        found &= left.dates - right.dates[np.maximum(latest, 0)] <= np.timedelta64(max_age_days, "D")
    return np.where(found, right.values[np.maximum(latest, 0)], np.nan)


def _with(series: IndicatorSeries, values: FloatArray, unit: str) -> IndicatorSeries:
    return _finite(IndicatorSeries(series.name, series.dates, values, series.released, unit, series.frequency))


def _part(series: IndicatorSeries, kept: slice) -> IndicatorSeries:
    return IndicatorSeries(series.name, series.dates[kept], series.values[kept], series.released[kept], series.unit, series.frequency)


def _finite(series: IndicatorSeries) -> IndicatorSeries:
    kept = np.isfinite(series.values)
    return IndicatorSeries(series.name, series.dates[kept], series.values[kept], series.released[kept], series.unit, series.frequency)
