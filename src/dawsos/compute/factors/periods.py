"""Daily levels in the periods factors are observed in."""

from datetime import date
from typing import Final

import numpy as np

from dawsos.compute.factors.definitions import Levels
from dawsos.compute.macro.series import as_day
from dawsos.compute.returns.figures import DateArray, FloatArray

#: Days with a value that a month needs to have an average.
LEAST_DAYS: Final = 15


def averages_by_month(levels: Levels, asof: date | np.datetime64) -> Levels:
    """The plain mean of the days of every month that is over on ``asof`` and has at least 15 of them, under the first day of the month."""
    months, values = monthly_averages(levels.dates, levels.values[None, :], asof)
    kept = ~np.isnan(values[0])
    return Levels(months[kept].astype("datetime64[D]"), values[0][kept])


def monthly_averages(days: DateArray, values: FloatArray, asof: date | np.datetime64) -> tuple[DateArray, FloatArray]:
    """Months ``[M]`` and means ``[N × M]`` of ``values`` ``[N × D]``; NaN where a month has fewer than 15 values.

    Only months that are over on ``asof``: the last day of the month is ``asof`` or earlier.
    """
    of_day = days.astype("datetime64[M]")
    over = (of_day + 1).astype("datetime64[D]") - np.timedelta64(1, "D") <= as_day(asof)
    months, place = np.unique(of_day[over], return_inverse=True)
    given = values[:, over]
    known = ~np.isnan(given)
    counts, sums = np.zeros((values.shape[0], months.size)), np.zeros((values.shape[0], months.size))
    for row in range(values.shape[0]):
        counts[row] = np.bincount(place, weights=known[row], minlength=months.size)
        sums[row] = np.bincount(place, weights=np.where(known[row], given[row], 0.0), minlength=months.size)
    return months, np.where(counts >= LEAST_DAYS, sums / np.maximum(counts, 1.0), np.nan)


def changes_between(periods: DateArray, days: DateArray, values: FloatArray, asof: date | np.datetime64, *, is_monthly: bool) -> FloatArray:
    """Relative changes ``[N × T]`` of ``values`` ``[N × D]`` between consecutive ``periods`` ``[T + 1]``; NaN where a level is missing.

    The level of a day is its own, that of a month (``periods`` hold first days) its average.
    """
    if is_monthly:
        months, levels = monthly_averages(days, values, asof)
        wanted, present = periods.astype("datetime64[M]"), months
    else:
        levels, wanted, present = values, periods, days
    place = np.searchsorted(present, wanted)
    hit = place < present.size
    hit[hit] = present[place[hit]] == wanted[hit]
    taken = np.full((values.shape[0], periods.size), np.nan)
    taken[:, hit] = levels[:, place[hit]]
    with np.errstate(invalid="ignore", divide="ignore"):
        moved = taken[:, 1:] / taken[:, :-1] - 1.0
    return np.asarray(np.where(np.isfinite(moved), moved, np.nan))
