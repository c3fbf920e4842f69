"""Returns: time-weighted, money-weighted, linked, by window and by calendar period."""

from dawsos.compute.returns.batch import Rates, xirr_batch
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
    "Window",
    "WindowReturn",
    "annualise",
    "annualised_return",
    "boundary",
    "daily_returns",
    "flow_weights",
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
    "stretch",
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
