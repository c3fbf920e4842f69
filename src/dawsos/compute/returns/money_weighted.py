"""Money-weighted return over a stretch of a portfolio's history."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.compounding import DAYS_PER_YEAR
from dawsos.compute.returns.figures import Dates, NotComputable, as_block, as_date, as_dates
from dawsos.compute.returns.windows import MonthEnd, Span, Window, locate
from dawsos.compute.returns.xirr import xirr
from dawsos.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class MoneyWeighted:
    """``rate`` is per year when the stretch spans 365 days or more (``is_annual``), else for the stretch as it is; null with ``missing``.

    ``roots`` are all yearly rates that solve the equation; several of them make ``rate`` null, because none is the answer.
    """

    rate: float | None
    is_annual: bool
    days: int
    roots: tuple[float, ...] = ()
    missing: NotComputable | None = None


def money_weighted(dates: Dates, nav: ArrayLike, flows: ArrayLike, span: Span) -> MoneyWeighted:
    """The rate at which the opening value, the flows and the closing value of ``span`` balance.

    Investor's signs: −V_base on the base date, −F_t on each day after it (contributions are negative, withdrawals positive), +V_end on the
    last day; Act/365. ``flows[t]`` is the net external flow between valuation t − 1 and t and is dated on t.
    """
    days, values, moved = as_dates(dates), as_block(nav, "Values"), as_block(flows, "Flows")
    if values.shape != days.shape or moved.shape != days.shape:
        raise Invalid("Dates, values and flows differ in number.", remedy="Give one value and one flow per date.")
    inside = slice(span.base + 1, span.end + 1)
    amounts = np.concatenate([[-values[span.base]], -moved[inside], [values[span.end]]])
    when = np.concatenate([days[span.base : span.base + 1], days[inside], days[span.end : span.end + 1]])
    is_annual = span.days >= DAYS_PER_YEAR
    if np.isnan(amounts).any():
        return MoneyWeighted(None, is_annual, span.days, missing=NotComputable("known values and flows"))
    solution = xirr(when, amounts)
    if solution.rate is None:
        return MoneyWeighted(None, is_annual, span.days, missing=solution.missing)
    if solution.is_ambiguous:
        listed = ", ".join(f"{root:.6g}" for root in solution.roots)
        return MoneyWeighted(None, is_annual, span.days, solution.roots, NotComputable(f"a single rate; these all solve it: {listed}"))
    rate = solution.rate if is_annual else float(np.expm1(np.log1p(solution.rate) * span.days / DAYS_PER_YEAR))
    return MoneyWeighted(rate, is_annual, span.days, solution.roots)


def money_weighted_window(
    dates: Dates, nav: ArrayLike, flows: ArrayLike, window: Window | str, asof: date, *, month_end: MonthEnd | str = MonthEnd.STICKY
) -> MoneyWeighted:
    """:func:`money_weighted` over a named window ending at ``asof``; not computable where :func:`locate` finds no such window."""
    days = as_dates(dates)
    span = locate(days, window, asof, month_end=month_end)
    if isinstance(span, NotComputable):
        return MoneyWeighted(None, is_annual=False, days=0, missing=span)
    return money_weighted(days, nav, flows, span)


def stretch(dates: Dates, base: int, end: int) -> Span:
    """The span between two valuation indices."""
    days = as_dates(dates)
    return Span(base, end, (as_date(days[end]) - as_date(days[base])).days)
