"""A series as it was known: observations, their periods, and the days they were published."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import numpy as np

from dawsos.compute.returns.figures import DateArray, Dates, FloatArray, NotComputable, as_date, as_dates
from dawsos.kernel.errors import Invalid

Frequency = Literal["daily", "weekly", "monthly", "quarterly", "annual"]
#: Months a period of each frequency lasts.
MONTHS: Final = {"monthly": 1, "quarterly": 3, "annual": 12}
_NEAR: Final = 7


def as_day(asof: date | np.datetime64) -> np.datetime64:
    """A day as NumPy counts it."""
    day: Any = np.array(asof, dtype="datetime64[D]").item()
    return np.datetime64(day)


@dataclass(frozen=True, slots=True, eq=False)
class IndicatorSeries:
    """Values by the first day of the period observed, with the day each was published; ``unit`` says what they count.

    ``fraction`` is 0.01 for one percent, ``percent`` is 1 for it; amounts are ``USD millions`` or ``USD billions``. All values are of one
    vintage: ``released`` keeps the future out, not later revisions of the past.
    """

    name: str
    dates: DateArray
    values: FloatArray
    released: DateArray
    unit: str
    frequency: Frequency

    def __len__(self) -> int:
        return self.dates.size

    def known(self, asof: date | np.datetime64) -> "IndicatorSeries":
        """The part that had been published by ``asof``: the only part a judgement of that day may use."""
        kept = self.released <= as_day(asof)
        return IndicatorSeries(self.name, self.dates[kept], self.values[kept], self.released[kept], self.unit, self.frequency)

    def latest(self, asof: date | np.datetime64, *, max_age_days: int | None = None) -> tuple[date, float] | NotComputable:
        """Date and value of the last observation known by ``asof``; not computable when there is none, or its period is too old."""
        part = self.known(asof)
        if not len(part):
            return NotComputable(f"published values of {self.name} by {as_day(asof)}", 1, 0)
        age = int((as_day(asof) - part.dates[-1]).astype(int))
        if max_age_days is not None and age > max_age_days:
            return NotComputable(f"{self.name} is {age} days old, more than {max_age_days}")
        return as_date(part.dates[-1]), float(part.values[-1])


def indicator_series(
    name: str, dates: Dates, values: Iterable[float], *, unit: str, frequency: Frequency, released: Dates | None = None
) -> IndicatorSeries:
    """A checked series; without ``released`` the days follow from :func:`release_days`.

    Raises :class:`Invalid` for days that do not ascend, missing or infinite values, and values published before their period began.
    """
    days, numbers = as_dates(dates), np.asarray(list(values), dtype=np.float64)
    published = release_days(name, days, frequency) if released is None else np.asarray(released, dtype="datetime64[D]")
    if not days.shape == numbers.shape == published.shape or not np.isfinite(numbers).all():
        raise Invalid(f"{name} needs one finite value and one release day for each period.", remedy="Leave out missing observations.")
    if (published < days).any():
        raise Invalid(f"{name} has a value published before its period.", remedy="Correct the release days.")
    return IndicatorSeries(name, days, numbers, published, unit, frequency)


#: Days after the end of the period at which a series usually comes out, where it differs from its frequency's usual lag: market rates
#: are known at once, the labour report comes on the first Friday, prices and production in the middle of the month, GDP a month later.
RELEASE_LAGS: Final = {
    "UNRATE": 7, "PAYEMS": 7, "UNEMPLOY": 7, "CIVPART": 7, "MANEMP": 7, "AWHMAN": 7, "CPIAUCSL": 14, "CPILFESL": 14, "INDPRO": 17,
    "CAPUTL": 17, "HOUST": 19, "GDP": 30, "GDPC1": 30, "CP": 60, "M2SL": 28, "BUSLOANS": 14, "UMCSENT": 0, "MICH": 0,
    "FEDFUNDS": 1, "DFF": 1, "TB3MS": 1, "AAA": 1, "BAA": 1, "GS1": 1, "GS2": 1, "GS10": 1, "FII10": 1, "T10Y2Y": 1, "BAA10Y": 1,
    "DGS10": 1, "DGS2": 1, "DFII10": 1, "T10YIE": 1, "BAMLC0A0CM": 1, "VIXCLS": 1, "SP500": 1, "GDPPOT": 0, "NROU": 0, "NROUST": 0,
}  # fmt: skip
_USUAL_LAG: Final = {"daily": 1, "weekly": 5, "monthly": 30, "quarterly": 60, "annual": 90}


def release_days(name: str, dates: DateArray, frequency: Frequency) -> DateArray:
    """When a series without recorded release days was published: the day after its period, and the series' usual lag.

    Projections (GDPPOT, NROU, NROUST) are published years ahead and count from the first day of their period.
    """
    lag = np.timedelta64(RELEASE_LAGS.get(name, _USUAL_LAG[frequency]), "D")
    if name in {"GDPPOT", "NROU", "NROUST"}:
        return np.asarray(dates + lag, dtype="datetime64[D]")
    return np.asarray(period_end(dates, frequency) + lag, dtype="datetime64[D]")


def period_end(dates: DateArray, frequency: Frequency) -> DateArray:
    """The last day of the period that begins on each date."""
    if frequency in MONTHS:
        after = (dates.astype("datetime64[M]") + MONTHS[frequency]).astype("datetime64[D]")
        return np.asarray(after - np.timedelta64(1, "D"), dtype="datetime64[D]")
    return np.asarray(dates + np.timedelta64(6 if frequency == "weekly" else 0, "D"), dtype="datetime64[D]")


def earlier(series: IndicatorSeries, months: int) -> FloatArray:
    """For each observation the value ``months`` before: of the same day of month, for daily and weekly series of the nearest day within a
    week (365.25/12 days a month); NaN where there is none.
    """  # noqa: D205 - one thought
    found = np.full(len(series), np.nan)
    if series.frequency in MONTHS:
        wanted = series.dates.astype("datetime64[M]") - months
        present = series.dates.astype("datetime64[M]")
        place = np.searchsorted(present, wanted)
        hit = (place < present.size) & (present[np.minimum(place, present.size - 1)] == wanted)
        found[hit] = series.values[place[hit]]
        return found
    if not len(series):
        return found
    wanted = series.dates - np.timedelta64(round(months * 365.25 / 12), "D")
    after = np.clip(np.searchsorted(series.dates, wanted), 0, len(series) - 1)
    before = np.maximum(after - 1, 0)
    nearer = np.where(np.abs(series.dates[before] - wanted) < np.abs(series.dates[after] - wanted), before, after)
    hit = np.abs(series.dates[nearer] - wanted) <= np.timedelta64(_NEAR, "D")
    found[hit] = series.values[nearer[hit]]
    return found
