"""Linking returns over time, and stating them per year."""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dawsos.compute.returns.figures import DateArray, Dates, FloatArray, as_block, as_dates
from dawsos.kernel.errors import Invalid

#: A year in the denominator of an annualising exponent, leap or not.
DAYS_PER_YEAR = 365


class Frequency(StrEnum):
    """Calendar periods returns can be gathered into. Weeks are ISO weeks, Monday to Sunday."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


def link(returns: ArrayLike) -> float | FloatArray:
    """Compounded return Π(1 + r) − 1 along the last axis; a float for one series, ``[portfolios]`` for a block.

    NaN observations are left out (their factor is 1); without any observation the answer is NaN. A return below −100 % cannot be linked
    (the capital would be negative) and makes the answer NaN.
    """
    block = as_block(returns, "Returns")
    present = ~np.isnan(block)
    growth = np.prod(np.where(present, 1.0 + block, 1.0), axis=-1)
    possible = present.any(axis=-1) & ~(block < -1.0).any(axis=-1)
    return _plain(np.where(possible, growth - 1.0, np.nan))


def wealth_index(returns: ArrayLike, *, start: float = 1.0) -> FloatArray:
    """The value of ``start`` after each observation, starting value included: ``[…, T + 1]``. NaN observations carry the value forward."""
    block = as_block(returns, "Returns")
    growth = np.where(np.isnan(block), 1.0, 1.0 + block)
    opening = np.full((*block.shape[:-1], 1), start)
    return np.concatenate([opening, start * np.cumprod(growth, axis=-1)], axis=-1)


def annualise(total: float, days: float) -> float | None:
    """(1 + total)^(365/days) − 1, and only if ``days`` > 365: a year or less is never stated per year. ``days`` are calendar days."""
    if days <= DAYS_PER_YEAR or total < -1.0:
        return None
    return float((1.0 + total) ** (DAYS_PER_YEAR / days) - 1.0)


def annualised_return(returns: ArrayLike, periods_per_year: float, *, missing_counts: bool = False) -> float | FloatArray:
    """Geometric mean return per year, (Π(1 + r))^(periods_per_year/n) − 1, along the last axis.

    n is the number of observations present; ``missing_counts=True`` makes it the length of the series, missing ones included. NaN as in
    :func:`link`. Unlike :func:`annualise` this states a short series per year too; it is for comparing series, not for reporting.
    """
    block = as_block(returns, "Returns")
    count = np.full(block.shape[:-1], block.shape[-1]) if missing_counts else np.sum(~np.isnan(block), axis=-1)
    growth = 1.0 + np.asarray(link(block))
    return _plain(growth ** (periods_per_year / np.maximum(count, 1)) - 1.0)


def link_per_year(returns: Sequence[float], years: float) -> float:
    """(Π(1 + r))^(1/years) − 1 for sub-period returns that together span ``years``."""
    if years <= 0:
        raise Invalid(f"{years} years is not a span of time.", remedy="Give the length of the whole period in years.")
    return float((1.0 + float(np.asarray(link(np.asarray(returns, dtype=np.float64))))) ** (1.0 / years) - 1.0)


def period_keys(days: DateArray, frequency: Frequency) -> NDArray[np.int64]:
    """A number for the calendar period each day lies in; it grows by one from period to period."""
    match frequency:
        case Frequency.WEEKLY:
            # Day 0 of the epoch was a Thursday; four days earlier starts a week on Monday.
            return (days.astype(np.int64) + 3) // 7
        case Frequency.MONTHLY:
            return days.astype("datetime64[M]").astype(np.int64)
        case Frequency.QUARTERLY:
            return days.astype("datetime64[M]").astype(np.int64) // 3
        case Frequency.YEARLY:
            return days.astype("datetime64[Y]").astype(np.int64)


def returns_by_period(dates: Dates, returns: ArrayLike, frequency: Frequency | str) -> tuple[DateArray, FloatArray]:
    """Returns of one series compounded within each calendar period: the last date of each period, and its return.

    ``dates[i]`` is the day ``returns[i]`` ends on. Incomplete first and last periods are returned as they are; a period whose
    observations are all missing is NaN.
    """
    days, series = as_dates(dates), as_block(returns, "Returns")
    if series.shape != days.shape:
        raise Invalid(f"There are {days.size} dates for {series.size} returns.", remedy="Give one date per return.")
    if days.size == 0:
        return days, series
    keys = period_keys(days, Frequency(frequency))
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    ends = np.concatenate([starts[1:], [days.size]]) - 1
    linked = [float(np.asarray(link(series[first : last + 1]))) for first, last in zip(starts, ends, strict=True)]
    return days[ends], np.array(linked)


def _plain(values: FloatArray) -> float | FloatArray:
    return float(values) if values.ndim == 0 else values
