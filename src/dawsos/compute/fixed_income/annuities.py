"""Level payments over time: present and future value, payment, number of periods, and the division into interest and principal.

One equation holds for all, with rate r per period, n periods, and payments at the end (``when`` "end", w = 0) or start (w = 1) of each:
present·(1 + r)ⁿ + payment·(1 + r·w)·((1 + r)ⁿ − 1)/r + future = 0. Money paid out is negative. Source: Excel FV, PV, PMT, NPER, RATE.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from dawsos.compute.returns.figures import NotComputable
from dawsos.compute.returns.periodic import irr
from dawsos.kernel.errors import Invalid

When = Literal["end", "start"]


def _growth(rate: float, periods: float) -> float:
    if not rate > -1.0:
        raise Invalid(f"A rate of {rate:.0%} per period.", remedy="Give a rate above −100 %.")
    return float(np.exp(np.log1p(rate) * periods))


def _annuity(rate: float, periods: float, when: When) -> float:
    """(1 + r·w)·((1 + r)ⁿ − 1)/r, and n at a rate of zero."""
    if rate == 0.0:
        return float(periods)
    _growth(rate, 0.0)
    return float(np.expm1(np.log1p(rate) * periods)) / rate * (1.0 + rate * (when == "start"))


def future_value(rate: float, periods: float, payment: float, present: float = 0.0, *, when: When = "end") -> float:
    """What is there after the last period."""
    return -(present * _growth(rate, periods) + payment * _annuity(rate, periods, when))


def present_value(rate: float, periods: float, payment: float, future: float = 0.0, *, when: When = "end") -> float:
    """What it is worth before the first period."""
    return -(future + payment * _annuity(rate, periods, when)) / _growth(rate, periods)


def payment(rate: float, periods: float, present: float, future: float = 0.0, *, when: When = "end") -> float:
    """The level payment that turns ``present`` into ``future``. Raises :class:`Invalid` without a period."""
    if not periods > 0:
        raise Invalid(f"{periods} payments.", remedy="Give at least one period.")
    return -(future + present * _growth(rate, periods)) / _annuity(rate, periods, when)


def number_of_periods(
    rate: float, payment_: float, present: float = 0.0, future: float = 0.0, *, when: When = "end"
) -> float | NotComputable:
    """How many periods it takes; not computable when the payments never get there."""
    if rate == 0.0:
        return -(present + future) / payment_ if payment_ else NotComputable("a payment or a rate other than zero")
    _growth(rate, 0.0)
    level = payment_ * (1.0 + rate * (when == "start")) / rate
    quotient = (level - future) / (level + present) if level + present else np.nan
    return float(np.log(quotient) / np.log1p(rate)) if quotient > 0 else NotComputable("payments that reach the future value")


def rate_per_period(periods: int, payment_: float, present: float, future: float = 0.0, *, when: When = "end") -> float | NotComputable:
    """The rate at which the equation holds; of several the one nearest to zero growth, see :func:`~dawsos.compute.returns.irr`."""
    if periods < 1:
        raise Invalid(f"{periods} payments.", remedy="Give at least one period.")
    amounts = np.zeros(periods + 1)
    amounts[0], amounts[-1] = present, future
    amounts[slice(None, -1) if when == "start" else slice(1, None)] += payment_
    found = irr(amounts)
    return found.missing or NotComputable("a rate") if found.rate is None else found.rate


def interest_part(rate: float, period: int, periods: int, present: float, future: float = 0.0, *, when: When = "end") -> float:
    """The interest in the payment of ``period`` (1 is the first): on what is outstanding before it (Excel IPMT)."""
    if not 1 <= period <= periods:
        raise Invalid(f"Period {period} of {periods}.", remedy="Periods count from 1.")
    level = payment(rate, periods, present, future, when=when)
    outstanding = future_value(rate, period - 1, level, present, when=when)
    if when == "end":
        return outstanding * rate
    return 0.0 if period == 1 else outstanding * rate / (1.0 + rate)


def principal_part(rate: float, period: int, periods: int, present: float, future: float = 0.0, *, when: When = "end") -> float:
    """The rest of the payment (Excel PPMT)."""
    return payment(rate, periods, present, future, when=when) - interest_part(rate, period, periods, present, future, when=when)


def cumulative_interest(rate: float, periods: int, present: float, first: int, last: int, *, when: When = "end") -> float:
    """Interest paid from period ``first`` to ``last`` inclusive (Excel CUMIPMT)."""
    return sum(interest_part(rate, period, periods, present, when=when) for period in range(first, last + 1))


def cumulative_principal(rate: float, periods: int, present: float, first: int, last: int, *, when: When = "end") -> float:
    """Principal paid from period ``first`` to ``last`` inclusive (Excel CUMPRINC)."""
    return sum(principal_part(rate, period, periods, present, when=when) for period in range(first, last + 1))


def periods_to_grow(rate: float, present: float, future: float) -> float:
    """ln(future/present)/ln(1 + rate) (Excel PDURATION); all three must be positive."""
    if not (rate > 0 and present > 0 and future > 0):
        raise Invalid("Growth at a rate needs a positive rate and values.", remedy="Give positive numbers.")
    return float(np.log(future / present) / np.log1p(rate))


def growth_rate(periods: float, present: float, future: float) -> float:
    """(future/present)^(1/periods) − 1 (Excel RRI)."""
    if not (periods > 0 and present > 0 and future >= 0):
        raise Invalid("A growth rate needs positive values and periods.", remedy="Give positive numbers.")
    return float((future / present) ** (1.0 / periods) - 1.0)


def grown(principal: float, rates: Sequence[float]) -> float:
    """Principal·Π(1 + rate) (Excel FVSCHEDULE)."""
    return float(principal * np.prod(1.0 + np.asarray(rates, dtype=np.float64)))


def effective_rate(nominal: float, periods_per_year: int) -> float:
    """(1 + nominal/m)^m − 1: the yearly rate of a nominal one compounded m times (Excel EFFECT)."""
    return float(np.expm1(periods_per_year * np.log1p(nominal / _compoundings(periods_per_year))))


def nominal_rate(effective: float, periods_per_year: int) -> float:
    """m·((1 + effective)^(1/m) − 1) (Excel NOMINAL)."""
    return float(periods_per_year * np.expm1(np.log1p(effective) / _compoundings(periods_per_year)))


def _compoundings(periods_per_year: int) -> int:
    if periods_per_year < 1:
        raise Invalid(f"{periods_per_year} compounding periods a year.", remedy="Give 1 or more.")
    return periods_per_year
