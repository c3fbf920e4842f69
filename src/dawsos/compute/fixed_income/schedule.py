"""When a bond pays: coupon dates counted back from maturity, business-day rules, and the days of the running period."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from dawsos.compute.returns.day_counts import DayCount, year_fraction
from dawsos.compute.returns.windows import months_before
from dawsos.kernel.errors import Invalid

FREQUENCIES: Final = (1, 2, 3, 4, 6, 12)
#: The longest run of closed days a date is moved over before the calendar itself is doubted.
_LONGEST_CLOSURE: Final = 31


class BusinessDays(StrEnum):
    """What becomes of a date that is no business day.

    ``following``: the next one; ``modified_following``: the next one, unless it lies in another month, then the one before;
    ``preceding`` and ``modified_preceding`` alike backwards; ``unadjusted``: it stays.
    """

    UNADJUSTED = "unadjusted"
    FOLLOWING = "following"
    MODIFIED_FOLLOWING = "modified_following"
    PRECEDING = "preceding"
    MODIFIED_PRECEDING = "modified_preceding"


def is_weekday(day: date) -> bool:
    """Monday to Friday: the calendar without holidays."""
    return day.isoweekday() <= 5


def adjusted(day: date, rule: BusinessDays | str, is_open: Callable[[date], bool] = is_weekday) -> date:
    """``day`` as the ``rule`` moves it; ``is_open`` tells business days. Raises :class:`Invalid` for a calendar closed over a month."""
    chosen = BusinessDays(rule)
    if chosen is BusinessDays.UNADJUSTED or is_open(day):
        return day
    forwards = chosen in {BusinessDays.FOLLOWING, BusinessDays.MODIFIED_FOLLOWING}
    moved = _nearest_open(day, 1 if forwards else -1, is_open)
    modified = chosen in {BusinessDays.MODIFIED_FOLLOWING, BusinessDays.MODIFIED_PRECEDING}
    return _nearest_open(day, -1 if forwards else 1, is_open) if modified and moved.month != day.month else moved


def _nearest_open(day: date, step: int, is_open: Callable[[date], bool]) -> date:
    for count in range(1, _LONGEST_CLOSURE + 1):
        moved = day + timedelta(days=step * count)
        if is_open(moved):
            return moved
    raise Invalid(f"No business day within {_LONGEST_CLOSURE} days of {day}.", remedy="Give a calendar that covers these dates.")


@dataclass(frozen=True, slots=True)
class CouponPeriod:
    """The coupon period a settlement falls into, counted as the day-count convention counts.

    ``start`` ≤ settlement < ``end``. ``accrued`` days have passed of ``length``, ``left`` remain; under Act/360 and Act/365 passed and
    remaining days are actual while the length is 360/f or 365/f, so they need not add up. ``coupons`` are still to be paid.
    """

    start: date
    end: date
    accrued: float
    left: float
    length: float
    coupons: int


def coupon_dates(settlement: date, maturity: date, frequency: int) -> tuple[date, ...]:
    """The coupon dates after ``settlement``, the last of them ``maturity``; unadjusted, on month ends if maturity is one.

    Raises :class:`Invalid` for a settlement on or after maturity or a frequency that does not divide a year into whole months.
    """
    return tuple(reversed(list(_backwards(settlement, maturity, frequency))[:-1]))


def _backwards(settlement: date, maturity: date, frequency: int) -> list[date]:
    """Maturity and every coupon date before it, down to the last on or before settlement."""
    if frequency not in FREQUENCIES:
        raise Invalid(f"{frequency} coupons a year.", remedy=f"Give one of {', '.join(map(str, FREQUENCIES))}.")
    if settlement >= maturity:
        raise Invalid(f"Settlement on {settlement} is not before maturity on {maturity}.", remedy="Give a bond that has not matured.")
    found = [maturity]
    while found[-1] > settlement:
        found.append(months_before(maturity, len(found) * 12 // frequency))
    return found


def coupon_period(settlement: date, maturity: date, frequency: int, day_count: DayCount | str) -> CouponPeriod:
    """The running coupon period under ``day_count``.

    ``Act/Act …`` counts actual days of the actual period (ICMA Rule 251); ``30/360 …`` and ``30E/360 …`` take 360/f and what is not accrued
    as left; ``Act/360``, ``Act/365F`` and the like count actual days over a period of 360/f or 365/f.
    """
    dates = _backwards(settlement, maturity, frequency)
    start, end, coupons = dates[-1], dates[-2], len(dates) - 1
    convention = DayCount(day_count)
    if convention.is_actual_actual:
        accrued, length = float((settlement - start).days), float((end - start).days)
        return CouponPeriod(start, end, accrued, length - accrued, length, coupons)
    year = convention.days_per_year
    length = year / frequency
    accrued = year_fraction(start, settlement, convention) * year
    left = length - accrued if convention.has_months_of_thirty else year_fraction(settlement, end, convention) * year
    return CouponPeriod(start, end, accrued, left, length, coupons)
