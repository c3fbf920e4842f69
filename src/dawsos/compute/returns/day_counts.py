"""Year fractions between two dates under the named day-count conventions."""

from calendar import isleap
from datetime import date, timedelta
from enum import StrEnum


class DayCount(StrEnum):
    """How the time between two dates is counted in years."""

    ACT_365F = "Act/365F"
    ACT_365_25 = "Act/365.25"
    ACT_364 = "Act/364"
    ACT_360 = "Act/360"
    ACT_ACT_ISDA = "Act/Act ISDA"
    ACT_ACT_AVERAGE = "Act/Act average"
    NL_365 = "NL/365"
    NL_360 = "NL/360"
    THIRTY_360 = "30/360"
    THIRTY_360_ISDA = "30/360 ISDA"
    THIRTY_E_360 = "30E/360"
    THIRTY_E_PLUS_360 = "30E+/360"
    THIRTY_E_360_ISDA = "30E/360 ISDA"

    @classmethod
    def _missing_(cls, value: object) -> "DayCount | None":
        """Other names of the same conventions, and any spelling of case and of "Actual"."""
        if not isinstance(value, str):
            return None
        name = value.strip().upper().replace("ACTUAL", "ACT").replace("ACT/365 FIXED", "ACT/365F")
        known = {member.value.upper(): member for member in cls}
        return known.get(name) or known.get(_OTHER_NAMES.get(name, ""))

    @property
    def is_actual_actual(self) -> bool:
        return self in {DayCount.ACT_ACT_ISDA, DayCount.ACT_ACT_AVERAGE}

    @property
    def has_months_of_thirty(self) -> bool:
        return self.value.startswith("30")

    @property
    def days_per_year(self) -> float:
        """The divisor; 365 stands for conventions whose years differ in length."""
        return _ACTUAL.get(self) or _WITHOUT_LEAP_DAYS.get(self) or (360.0 if self.has_months_of_thirty else 365.0)


_OTHER_NAMES = {
    "ACT/365": "ACT/365F", "A/365": "ACT/365F", "A/365F": "ACT/365F", "ACT/ACT": "ACT/ACT ISDA", "A/A": "ACT/ACT ISDA", "A/360": "ACT/360",
    "30U/360": "30/360", "30/360 US": "30/360", "US 30/360": "30/360", "30/360 NASD": "30/360", "BOND BASIS": "30/360 ISDA",
    "EUROPEAN 30/360": "30E/360", "30/360 EUROPEAN": "30E/360", "EUROBOND BASIS": "30E/360", "30/360 ICMA": "30E/360",
    "30/360 GERMAN": "30E/360 ISDA", "GERMAN": "30E/360 ISDA", "ACT/ACT EXCEL": "ACT/ACT AVERAGE", "ACT/ACT YEARFRAC": "ACT/ACT AVERAGE",
}  # fmt: skip

_ACTUAL = {DayCount.ACT_365F: 365.0, DayCount.ACT_365_25: 365.25, DayCount.ACT_364: 364.0, DayCount.ACT_360: 360.0}
_WITHOUT_LEAP_DAYS = {DayCount.NL_365: 365.0, DayCount.NL_360: 360.0}


def year_fraction(start: date, end: date, day_count: DayCount | str = DayCount.ACT_365F) -> float:
    """Years from ``start`` to ``end`` (negative when ``end`` is earlier).

    ``Act/…``: calendar days over the divisor; ``Act/Act ISDA``: days in leap years over 366 plus days in other years over 365;
    ``Act/Act average``: days over the average length of the calendar years touched, and within one year 366 if a 29 February lies in it,
    as spreadsheets' YEARFRAC counts;
    ``NL/…``: calendar days without 29 February; ``30/360``: months of 30 days with the US rule for the end of February (ISDA 2006 4.16(f)
    and the SIA rule); ``30/360 ISDA``: without the February rule; ``30E/360``: the 31st counts as the 30th; ``30E+/360``: a final 31st
    counts as the 1st of the next month; ``30E/360 ISDA``: the last day of any month counts as the 30th.
    """
    if end < start:
        return -year_fraction(end, start, day_count)
    convention = DayCount(day_count)
    if convention in _ACTUAL:
        return (end - start).days / _ACTUAL[convention]
    if convention in _WITHOUT_LEAP_DAYS:
        return ((end - start).days - _leap_days(start, end)) / _WITHOUT_LEAP_DAYS[convention]
    if convention is DayCount.ACT_ACT_ISDA:
        return _actual_actual(start, end)
    if convention is DayCount.ACT_ACT_AVERAGE:
        return (end - start).days / _average_year(start, end)
    return _thirty_days(start, end, convention) / 360.0


def _leap_days(start: date, end: date) -> int:
    """29 Februaries in (start, end]."""
    return sum(isleap(year) and start < date(year, 2, 29) <= end for year in range(start.year, end.year + 1))


def _actual_actual(start: date, end: date) -> float:
    years = range(start.year, end.year + 1)
    edges = [(max(start, date(year, 1, 1)), min(end, date(year + 1, 1, 1)), year) for year in years]
    return sum((last - first).days / (366 if isleap(year) else 365) for first, last, year in edges)


def _average_year(start: date, end: date) -> float:
    within_a_year = start.year == end.year or (start.year + 1 == end.year and (start.month, start.day) >= (end.month, end.day))
    if not within_a_year:
        lengths = [366 if isleap(year) else 365 for year in range(start.year, end.year + 1)]
        return sum(lengths) / len(lengths)
    if start.year == end.year:
        return 366.0 if isleap(start.year) else 365.0
    has_leap_day = any(isleap(year) and start <= date(year, 2, 29) <= end for year in (start.year, end.year))
    return 366.0 if has_leap_day else 365.0


def _ends_february(day: date) -> bool:
    return day.month == 2 and (day + timedelta(days=1)).month == 3


def _ends_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def _thirty_days(start: date, end: date, convention: DayCount) -> int:
    first, last, carried = start.day, end.day, 0
    match convention:
        case DayCount.THIRTY_360:
            if _ends_february(start):
                last = 30 if _ends_february(end) else last
                first = 30
            last = 30 if last == 31 and first >= 30 else last
            first = min(first, 30)
        case DayCount.THIRTY_360_ISDA:
            first = min(first, 30)
            last = 30 if last == 31 and first == 30 else last
        case DayCount.THIRTY_E_360:
            first, last = min(first, 30), min(last, 30)
        case DayCount.THIRTY_E_PLUS_360:
            first = min(first, 30)
            last, carried = (1, 1) if last == 31 else (last, 0)
        case _:
            first = 30 if _ends_month(start) else first
            last = 30 if _ends_month(end) else last
    months = (end.year - start.year) * 12 + end.month - start.month + carried
    return 30 * months + last - first
