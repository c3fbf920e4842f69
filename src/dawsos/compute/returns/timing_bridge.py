"""From the time-weighted to the money-weighted return, cash flow by cash flow: what the timing of each was worth."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.compounding import DAYS_PER_YEAR
from dawsos.compute.returns.daily import daily_returns
from dawsos.compute.returns.figures import Dates, FloatArray, NotComputable, as_block, as_date, as_dates
from dawsos.compute.returns.money_weighted import money_weighted
from dawsos.compute.returns.windows import Span, Window, locate

#: Rates closer than this are one; the bridge between them is taken at its limit.
_ALIKE: Final = 1e-9
#: Decimal places of shown rates.
PLACES: Final = 8


@dataclass(frozen=True, slots=True)
class TimingStep:
    """One cash flow. ``gain`` is what it earned beyond the average return until the end, in money; ``effect`` its part of the difference
    between the two returns.
    """  # noqa: D205 - one thought

    date: date
    flow: float
    gain: float
    effect: float


@dataclass(frozen=True, slots=True)
class TimingBridge:
    """``time_weighted`` + Σ effects = ``money_weighted``; ``timing`` is that sum. Per year if ``is_annual``, else for the stretch."""

    time_weighted: float
    money_weighted: float
    timing: float
    is_annual: bool
    days: int
    steps: tuple[TimingStep, ...]


def timing_bridge(dates: Dates, nav: ArrayLike, flows: ArrayLike, span: Span) -> TimingBridge | NotComputable:
    """Divide the difference of :func:`~dawsos.compute.returns.money_weighted` and the linked daily returns of ``span`` by cash flow.

    With flows at the start of their day the closing value is V₀·g₀ + Σ F_k·g_k, g_k the linked growth from flow k to the end; at the
    money-weighted rate r it is V₀·(1 + r)^T + Σ F_k·(1 + r)^(T − t_k). So with R the rate of the time-weighted return, (1 + R)^T = g₀,
    the gains F_k·(g_k − (1 + R)^(T − t_k)) add up to the money that lies between r and R, and each takes its share of r − R. A flow gains
    when it came before returns above the average, or left before returns below it.

    Returns are per year when the span has 365 days or more, else for the stretch. Not computable where either return is not, or where a
    day without capital breaks the chain.
    """
    days, values, moved = as_dates(dates), as_block(nav, "Values"), as_block(flows, "Flows")
    weighted = money_weighted(days, values, moved, span)
    if weighted.rate is None:
        return weighted.missing or NotComputable("a money-weighted return")
    inside = slice(span.base, span.end + 1)
    returns = daily_returns(values[inside], moved[inside]).returns
    if np.isnan(returns).any():
        return NotComputable("daily returns without a break")
    growth = np.concatenate([np.cumprod((1.0 + returns)[::-1])[::-1], [1.0]])
    if not growth[0] > 0.0:
        return NotComputable("a time-weighted return above −100 %")
    unit = float(DAYS_PER_YEAR) if weighted.is_annual else float(span.days)
    left = (days[span.end] - days[span.base + 1 : span.end + 1]).astype(np.float64) / unit
    average, amounts = float(growth[0] ** (unit / span.days) - 1.0), moved[span.base + 1 : span.end + 1]
    gains = amounts * (growth[:-1] - (1.0 + average) ** left)
    slope = _slope(float(values[span.base]), span.days / unit, amounts, left, average, weighted.rate)
    if slope == 0.0:
        return NotComputable("money at work, on average")
    steps = tuple(
        TimingStep(as_date(days[span.base + 1 + place]), float(amounts[place]), float(gains[place]), float(gains[place] / slope))
        for place in np.flatnonzero(amounts)
    )
    return TimingBridge(average, weighted.rate, weighted.rate - average, weighted.is_annual, span.days, steps)


def timing_bridge_window(dates: Dates, nav: ArrayLike, flows: ArrayLike, window: Window | str, asof: date) -> TimingBridge | NotComputable:
    """:func:`timing_bridge` over a named window ending at ``asof``, rates and effects rounded to eight places, gains to the cent."""
    span = locate(dates, window, asof)
    if isinstance(span, NotComputable):
        return span
    found = timing_bridge(dates, nav, flows, span)
    if isinstance(found, NotComputable):
        return found
    steps = tuple(replace(step, gain=round(step.gain, 2) + 0.0, effect=round(step.effect, PLACES) + 0.0) for step in found.steps)
    rates = {name: round(getattr(found, name), PLACES) + 0.0 for name in ("time_weighted", "money_weighted", "timing")}
    return replace(found, steps=steps, **rates)


def _slope(opening: float, years: float, amounts: FloatArray, left: FloatArray, average: float, rate: float) -> float:
    """Money at the end per unit of rate between the two rates: a difference quotient, or the derivative where they meet."""
    money, time = np.concatenate([[opening], amounts]), np.concatenate([[years], left])
    if abs(rate - average) < _ALIKE:
        return float(money @ (time * (1.0 + average) ** (time - 1.0)))
    return float(money @ ((1.0 + rate) ** time - (1.0 + average) ** time)) / (rate - average)
