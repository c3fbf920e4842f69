"""Returns: time-weighted, money-weighted, linked, by window and by calendar period."""

from dawsos.compute.returns.batch import Rates, xirr_batch
from dawsos.compute.returns.benchmark import blended_returns, hedged_returns, returns_of_levels
from dawsos.compute.returns.compounding import (
    Frequency,
    annualise,
    annualised_return,
    link,
    link_per_year,
    returns_by_period,
    wealth_index,
)
from dawsos.compute.returns.daily import Break, DailyReturns, FlowTiming, daily_returns
from dawsos.compute.returns.day_counts import DayCount, year_fraction
from dawsos.compute.returns.dietz import DietzReturn, flow_weights, linked_dietz, modified_dietz
from dawsos.compute.returns.figures import NotComputable
from dawsos.compute.returns.money_weighted import MoneyWeighted, money_weighted, money_weighted_window, stretch
from dawsos.compute.returns.periodic import irr, mirr, nfv, npv
from dawsos.compute.returns.roots import InternalRate
from dawsos.compute.returns.timing_bridge import TimingBridge, TimingStep, timing_bridge
from dawsos.compute.returns.windows import (
    MonthEnd,
    Span,
    Window,
    WindowReturn,
    boundary,
    locate,
    months_before,
    window_return,
    window_returns,
)
from dawsos.compute.returns.xirr import xfv, xirr, xnfv, xnpv

__all__ = [
    "Break",
    "DailyReturns",
    "DayCount",
    "DietzReturn",
    "FlowTiming",
    "Frequency",
    "InternalRate",
    "MoneyWeighted",
    "MonthEnd",
    "NotComputable",
    "Rates",
    "Span",
    "TimingBridge",
    "TimingStep",
    "Window",
    "WindowReturn",
    "annualise",
    "annualised_return",
    "blended_returns",
    "boundary",
    "daily_returns",
    "flow_weights",
    "hedged_returns",
    "irr",
    "link",
    "link_per_year",
    "linked_dietz",
    "locate",
    "mirr",
    "modified_dietz",
    "money_weighted",
    "money_weighted_window",
    "months_before",
    "nfv",
    "npv",
    "returns_by_period",
    "returns_of_levels",
    "stretch",
    "timing_bridge",
    "wealth_index",
    "window_return",
    "window_returns",
    "xfv",
    "xirr",
    "xirr_batch",
    "xnfv",
    "xnpv",
    "year_fraction",
]
