"""The debt cycles on any day, from observed series as they were known then."""

from collections.abc import Mapping
from datetime import date

import numpy as np

from dawsos.compute.cycles.scoring import CycleState, cycle_state, scaled_level
from dawsos.compute.cycles.weights import CYCLES
from dawsos.compute.macro.derived import CREDIT, derive
from dawsos.compute.macro.series import IndicatorSeries
from dawsos.compute.macro.standing import Standing, standing
from dawsos.compute.macro.transforms import PERCENT, change, growth, ratio, to_fraction
from dawsos.compute.returns.figures import NotComputable

#: Years a debt cycle's indicators are compared with: the long-term cycle takes decades.
_YEARS = {"STDC": 10.0, "LTDC": 40.0}


def cycle_evidence(observed: Mapping[str, IndicatorSeries]) -> dict[str, IndicatorSeries]:
    """The indicators of the debt cycles that can be made of ``observed`` (series under their FRED ids, in the source's units).

    Debt is federal debt to GDP where it is observed, else bank credit to GDP.
    """
    found: dict[str, IndicatorSeries] = {}
    for name, source in (("yield_curve", "TERM_SPREAD"), ("credit_spread", "CREDIT_SPREAD"), ("real_rates", "REAL_INTEREST_RATE")):
        made = derive(source, observed)
        if made is not None:
            found[name] = made
    if "UNRATE" in observed:
        found["unemployment"] = to_fraction(observed["UNRATE"]) if observed["UNRATE"].unit == PERCENT else observed["UNRATE"]
        found["unemployment_change"] = change(found["unemployment"], months=6)
    yearly = (
        ("gdp_growth", "GDPC1"), ("inflation", "CPIAUCSL"), ("production_growth", "INDPRO"), ("payroll_growth", "PAYEMS"),
        ("money_supply", "M2SL"), ("productivity_growth", "OPHNFB"), ("asset_prices", "SP500"),
    )  # fmt: skip
    found |= {name: growth(observed[source]) for name, source in yearly if source in observed}
    credit = next((observed[name] for name in CREDIT if name in observed), None)
    if credit is not None:
        found["credit_growth"] = growth(credit)
    if "GFDEGDQ188S" in observed:
        found["debt_to_gdp"] = to_fraction(observed["GFDEGDQ188S"])
    elif credit is not None and "GDP" in observed:
        found["debt_to_gdp"] = ratio(credit, observed["GDP"], name="debt_to_gdp")
    if "TDSP" in observed:
        found["debt_service"] = to_fraction(observed["TDSP"])
    return found


def cycle_at(
    cycle: str, evidence: Mapping[str, IndicatorSeries], asof: date | np.datetime64, manual: Mapping[str, float] | None = None
) -> tuple[CycleState | NotComputable, dict[str, Standing]]:
    """The state of a cycle on ``asof`` from what was published by then, and the standing of each indicator that went in.

    Observed indicators enter as z-scores over 10 years (long-term debt: 40), cut at ±4 so that one cannot outvote all others; ``manual``
    levels stand in for indicators without a series, scaled by their range.
    """
    wanted = {name for phase in CYCLES[cycle] for name in phase.weights}
    standings: dict[str, Standing] = {}
    for name in sorted(wanted & evidence.keys()):
        found = standing(evidence[name], asof, years=_YEARS.get(cycle))
        if not isinstance(found, NotComputable):
            standings[name] = found
    values = {name: max(-4.0, min(4.0, found.zscore)) for name, found in standings.items()}
    stated = {name: scaled_level(name, level) for name, level in (manual or {}).items() if name in wanted and name not in values}
    return cycle_state(cycle, values | stated), standings
