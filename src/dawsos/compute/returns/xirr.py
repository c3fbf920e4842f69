"""Internal rates of dated flows, and their present and future values."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from dawsos.compute.returns.day_counts import DayCount, year_fraction
from dawsos.compute.returns.figures import Dates, FloatArray, as_block, as_date
from dawsos.compute.returns.roots import InternalRate, internal_rate, present_value
from dawsos.kernel.errors import Invalid


def _years(dates: Dates, day_count: DayCount | str) -> FloatArray:
    days = np.asarray(dates, dtype="datetime64[D]")
    if days.ndim != 1 or days.size == 0 or np.isnat(days).any():
        raise Invalid("Flows need dates.", remedy="Give one calendar date per flow.")
    if DayCount(day_count) is DayCount.ACT_365F:
        return np.asarray((days - days.min()).astype(np.float64) / 365.0)
    first = as_date(days.min())
    return np.array([year_fraction(first, as_date(day), day_count) for day in days])


def _dated(dates: Dates, amounts: Sequence[float] | FloatArray, day_count: DayCount | str) -> tuple[FloatArray, FloatArray]:
    flows = as_block(amounts, "Amounts")
    years = _years(dates, day_count)
    if flows.shape != years.shape or np.isnan(flows).any():
        raise Invalid(f"There are {years.size} dates and {flows.size} amounts.", remedy="Give one known amount per date.")
    return years, flows


def xirr(dates: Dates, amounts: Sequence[float] | FloatArray, *, day_count: DayCount | str = DayCount.ACT_365F) -> InternalRate:
    """The yearly rate r with Σ amount·(1 + r)^(−years) = 0, years counted from the earliest date by ``day_count``.

    Flows may come in any order; contributions are negative and withdrawals positive (the rate is the same with all signs turned).
    See :class:`~dawsos.compute.returns.roots.InternalRate` for several roots and none.
    """
    return internal_rate(*_dated(dates, amounts, day_count))


def xnpv(rate: float, dates: Dates, amounts: Sequence[float] | FloatArray, *, day_count: DayCount | str = DayCount.ACT_365F) -> float:
    """Σ amount·(1 + rate)^(−years), discounted to the earliest date. Raises :class:`Invalid` for a rate of −100 % or less."""
    years, flows = _dated(dates, amounts, day_count)
    return present_value(years, flows, _growth(rate))


def xnfv(rate: float, dates: Dates, amounts: Sequence[float] | FloatArray, *, day_count: DayCount | str = DayCount.ACT_365F) -> float:
    """Σ amount·(1 + rate)^(years to the latest date)."""
    years, flows = _dated(dates, amounts, day_count)
    return present_value(years - years.max(), flows, _growth(rate))


def xfv(start: date, cash_flow: date, end: date, rate_to_cash_flow: float, rate_to_end: float, amount: float) -> float:
    """The value at ``end`` of an ``amount`` paid at ``cash_flow``: discounted to ``start`` at one rate, carried to ``end`` at another.

    amount · (1 + rate_to_end)^((end − start)/365) / (1 + rate_to_cash_flow)^((cash_flow − start)/365).
    """
    paid, whole = year_fraction(start, cash_flow), year_fraction(start, end)
    return float(amount * np.exp(_growth(rate_to_end) * whole - _growth(rate_to_cash_flow) * paid))


def _growth(rate: float) -> float:
    if not rate > -1.0:
        raise Invalid(f"A rate of {rate:.0%} leaves nothing to discount.", remedy="Give a rate above −100 %.")
    return float(np.log1p(rate))
