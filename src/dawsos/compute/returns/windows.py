"""The named windows of performance reporting, by the calendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.compounding import annualise, link
from dawsos.compute.returns.figures import Dates, NotComputable, as_block, as_date, as_dates
from dawsos.kernel.errors import Invalid


class Window(StrEnum):
    """A stretch of time ending on the as-of date."""

    ONE_DAY = "1D"
    WEEK_TO_DATE = "WTD"
    MONTH_TO_DATE = "MTD"
    QUARTER_TO_DATE = "QTD"
    YEAR_TO_DATE = "YTD"
    ONE_MONTH = "1M"
    THREE_MONTHS = "3M"
    SIX_MONTHS = "6M"
    ONE_YEAR = "1Y"
    THREE_YEARS = "3Y"
    FIVE_YEARS = "5Y"
    INCEPTION_TO_DATE = "ITD"


class MonthEnd(StrEnum):
    """What lies a number of months before the last day of a month.

    ``sticky``: the last day of the earlier month (30 April − 1 month = 31 March), so month-end reports join without gap or overlap.
    ``clamp``: the same day of the month, or the month's last if it has none such (30 April − 1 month = 30 March).
    """

    STICKY = "sticky"
    CLAMP = "clamp"


MONTHS: Final = {
    Window.ONE_MONTH: 1,
    Window.THREE_MONTHS: 3,
    Window.SIX_MONTHS: 6,
    Window.ONE_YEAR: 12,
    Window.THREE_YEARS: 36,
    Window.FIVE_YEARS: 60,
}


@dataclass(frozen=True, slots=True)
class WindowReturn:
    """The return of one window: from the value on ``base_date`` to the value on ``end_date``, ``days`` calendar days later.

    ``total`` is null with ``missing`` saying why. ``annualised`` is null unless the window spans more than 365 days.
    """

    window: Window
    base_date: date | None
    end_date: date | None
    days: int | None
    observations: int
    total: float | None
    annualised: float | None
    missing: NotComputable | None = None


def _last_day_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def months_before(day: date, months: int, *, month_end: MonthEnd | str = MonthEnd.STICKY) -> date:
    """The calendar anniversary of ``day``, ``months`` earlier; see :class:`MonthEnd` for the ends of months."""
    counted = day.year * 12 + day.month - 1 - months
    first = date(counted // 12, counted % 12 + 1, 1)
    last = _last_day_of_month(first)
    if MonthEnd(month_end) is MonthEnd.STICKY and day == _last_day_of_month(day):
        return last
    return first.replace(day=min(day.day, last.day))


def boundary(window: Window | str, asof: date, *, month_end: MonthEnd | str = MonthEnd.STICKY) -> date | None:
    """The day a window starts from: its base is the last value on or before it. None for inception to date, which has no boundary.

    ``1D``: the day before; ``WTD``: the Sunday before this ISO week; ``MTD``, ``QTD``, ``YTD``: the last day of the month, quarter,
    year before; ``1M`` … ``5Y``: the calendar anniversary.
    """
    chosen = Window(window)
    if chosen in MONTHS:
        return months_before(asof, MONTHS[chosen], month_end=month_end)
    match chosen:
        case Window.ONE_DAY:
            return asof - timedelta(days=1)
        case Window.WEEK_TO_DATE:
            return asof - timedelta(days=asof.isoweekday())
        case Window.MONTH_TO_DATE:
            return asof.replace(day=1) - timedelta(days=1)
        case Window.QUARTER_TO_DATE:
            return date(asof.year, (asof.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1)
        case Window.YEAR_TO_DATE:
            return date(asof.year - 1, 12, 31)
        case _:
            return None


@dataclass(frozen=True, slots=True)
class Span:
    """Where a window lies in a list of valuation dates: ``base`` and ``end`` are indices into it."""

    base: int
    end: int
    days: int


def locate(dates: Dates, window: Window | str, asof: date, *, month_end: MonthEnd | str = MonthEnd.STICKY) -> Span | NotComputable:
    """Find a window among valuation ``dates``: it ends at the last on or before ``asof``, its base is the last on or before the boundary.

    ``1D`` counts from the end found, so it is the last valued day even when ``asof`` is a holiday. Not computable when history starts
    after the boundary (``needed`` and ``had`` count calendar days back from ``asof``) or when nothing was valued after it.
    """
    days = as_dates(dates)
    end = int(np.searchsorted(days, np.datetime64(asof, "D"), side="right")) - 1
    if end < 0:
        return NotComputable(f"a value on or before {asof}", 1, 0)
    chosen = Window(window)
    start = boundary(chosen, as_date(days[end]) if chosen is Window.ONE_DAY else asof, month_end=month_end)
    base = 0 if start is None else int(np.searchsorted(days, np.datetime64(start, "D"), side="right")) - 1
    if start is not None and base < 0:
        return NotComputable(f"days of history for {chosen.value}", (asof - start).days, (asof - as_date(days[0])).days)
    if base == end:
        return NotComputable(f"values after {as_date(days[base])}", 1, 0)
    return Span(base, end, (as_date(days[end]) - as_date(days[base])).days)


def window_return(
    dates: Dates, returns: ArrayLike, window: Window | str, asof: date, *, month_end: MonthEnd | str = MonthEnd.STICKY
) -> WindowReturn:
    """Time-weighted return of one series over one window.

    ``dates`` are the valuation dates, ``returns[i]`` the return from ``dates[i]`` to ``dates[i + 1]`` (as :func:`daily_returns` gives
    them; NaN is left out of the chain). The window is found by :func:`locate`. Raises :class:`Invalid` when the counts do not fit.
    """
    days, series = as_dates(dates), as_block(returns, "Returns")
    if series.shape != (max(days.size - 1, 0),):
        raise Invalid(f"{days.size} valuations have {days.size - 1} returns, not {series.size}.", remedy="Give one return per step.")
    chosen = Window(window)
    span = locate(days, chosen, asof, month_end=month_end)
    if isinstance(span, NotComputable):
        return WindowReturn(chosen, None, None, None, 0, None, None, span)
    inside = series[span.base : span.end]
    total = float(np.asarray(link(inside)))
    base_date, end_date, count = as_date(days[span.base]), as_date(days[span.end]), int(np.sum(~np.isnan(inside)))
    if np.isnan(total):
        missing = NotComputable("returns that can be linked", 1, count if count == 0 else 0)
        return WindowReturn(chosen, base_date, end_date, span.days, count, None, None, missing)
    return WindowReturn(chosen, base_date, end_date, span.days, count, total, annualise(total, span.days))


def window_returns(
    dates: Dates,
    returns: ArrayLike,
    asof: date,
    *,
    windows: Iterable[Window | str] = tuple(Window),
    month_end: MonthEnd | str = MonthEnd.STICKY,
) -> dict[Window, WindowReturn]:
    """:func:`window_return` for each of ``windows``."""
    days = as_dates(dates)
    return {Window(window): window_return(days, returns, window, asof, month_end=month_end) for window in windows}
