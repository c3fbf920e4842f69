"""What happened to the value of a portfolio between the first and the last day of a series."""

import math
from dataclasses import dataclass, field, replace
from decimal import Decimal

from dawsos.compute.returns.compounding import link
from dawsos.compute.returns.daily import daily_returns
from dawsos.compute.risk.drawdown import drawdown_series
from dawsos.compute.valuation.nav_records import money
from dawsos.compute.valuation.nav_series import NavSeries

_PLACES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class NavChange:
    """``nav_change = net_flows + gain`` to the cent. Null with a reason when there is nothing to compare.

    ``total_return`` is ``exact_return`` rounded to the eight places that are kept.
    """

    start_value: Decimal | None = None
    end_value: Decimal | None = None
    nav_change: Decimal | None = None
    net_flows: Decimal | None = None
    gain: Decimal | None = None
    total_return: float | None = None
    exact_return: float | None = None
    reasons: dict[str, str] = field(default_factory=dict)


def nav_change(series: NavSeries) -> NavChange:
    """Change of value, flows after the first day, gain, and the time-weighted return (flows at the start of the day) in between."""
    if not len(series):
        why = "the portfolio has no valued day up to this date"
        return NavChange(reasons=dict.fromkeys(("start_value", "end_value", "nav_change", "net_flows", "gain", "total_return"), why))
    start, end = int(series.nav[0]), int(series.nav[-1])
    flows = int(series.net_external_flow[1:].sum())
    change = NavChange(
        start_value=money(start),
        end_value=money(end),
        nav_change=money(end - start),
        net_flows=money(flows),
        gain=money(end - start - flows),
    )
    if len(series) < 2:
        return replace(change, reasons={"total_return": "a return needs two valued days; there is one"})
    returns = daily_returns(series.units("nav"), series.units("net_external_flow"))
    linked = float(link(returns.returns))
    if math.isnan(linked):
        return replace(change, reasons={"total_return": "there was no capital at work on any day in between"})
    return replace(change, total_return=round(linked, _PLACES), exact_return=linked)


def drawdown_path(series: NavSeries) -> list[float | None]:
    """For each day the loss of the time-weighted index from its highest level since the first, ≤ 0, rounded to eight places.

    The first day is 0, days without capital at work (no return) carry the last loss on; None before the first day with any.
    The lowest of them is the maximum drawdown of the returns between these days.
    """
    if not len(series):
        return []
    invested = series.units("nav") > 0
    if len(series) < 2:
        return [0.0 if invested[0] else None]
    returns = daily_returns(series.units("nav"), series.units("net_external_flow")).returns
    depths = [0.0, *drawdown_series(returns).tolist()]
    first = int(invested.argmax()) if invested.any() else len(series)
    return [None if day < first else round(min(depth, 0.0), _PLACES) + 0.0 for day, depth in enumerate(depths)]
