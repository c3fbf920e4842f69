"""The indicators regimes are judged by, made of observed series, and the judgement of any day from what was known then."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

import numpy as np

from dawsos.compute.macro.derived import derive
from dawsos.compute.macro.series import IndicatorSeries, as_day
from dawsos.compute.macro.standing import Standing, standing
from dawsos.compute.macro.transforms import PERCENT, change, growth, to_fraction
from dawsos.compute.regimes.detection import Phase, QuadrantCall, detect_phase, detect_quadrant
from dawsos.compute.returns.figures import NotComputable, as_date

#: Years of history an indicator is compared with: about a business cycle, whether it is observed daily or monthly.
_YEARS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """The indicators of the rules, and those of the quadrants, as far as their series were observed."""

    phase: Mapping[str, IndicatorSeries]
    growth: Mapping[str, IndicatorSeries]
    inflation: Mapping[str, IndicatorSeries]


@dataclass(frozen=True, slots=True)
class Regime:
    """The judgement of one day; ``quadrant`` is None with its reason in ``reasons`` when growth or inflation was not known."""

    date: date
    phase: Phase
    quadrant: QuadrantCall | None
    standings: Mapping[str, Standing]
    reasons: Mapping[str, str]


def evidence(observed: Mapping[str, IndicatorSeries]) -> Evidence:
    """What can be made of ``observed`` (series under their FRED ids, in the source's units).

    Phase: term spread, unemployment and its change over three months, inflation over a year, Baa spread, growth of production and of
    payrolls over three months. Growth: real GDP and production over a year. Inflation: the change of the year's inflation, and of core
    inflation, over three months.
    """
    phase: dict[str, IndicatorSeries] = {}
    for name, source in (("T10Y2Y", "TERM_SPREAD"), ("BAA10Y", "CREDIT_SPREAD")):
        made = derive(source, observed)
        if made is not None:
            phase[name] = made
    if "UNRATE" in observed:
        rate = to_fraction(observed["UNRATE"]) if observed["UNRATE"].unit == PERCENT else observed["UNRATE"]
        phase |= {"UNRATE": rate, "UNRATE_CHANGE": change(rate, months=3)}
    if "CPIAUCSL" in observed:
        phase["CPI"] = growth(observed["CPIAUCSL"])
    for name, source in (("INDPRO_GROWTH", "INDPRO"), ("PAYROLL_GROWTH", "PAYEMS")):
        if source in observed:
            phase[name] = growth(observed[source], months=3)
    yearly = {name: growth(observed[name]) for name in ("GDPC1", "INDPRO") if name in observed}
    prices = {name: change(growth(observed[name]), months=3) for name in ("CPIAUCSL", "CPILFESL") if name in observed}
    return Evidence(MappingProxyType(phase), MappingProxyType(yearly), MappingProxyType(prices))


def regime_at(known: Evidence, asof: date | np.datetime64) -> Regime | NotComputable:
    """Phase and quadrant on ``asof``, from values published by then only."""
    standings, reasons = _standings(known.phase, asof)
    phase = detect_phase({name: found.zscore for name, found in standings.items()})
    if isinstance(phase, NotComputable):
        return phase
    momenta = []
    for what, group in (("growth", known.growth), ("inflation", known.inflation)):
        found, lacking = _standings(group, asof)
        if found:
            momenta.append(sum(entry.zscore for entry in found.values()) / len(found))
        else:
            reasons[f"quadrant_{what}"] = "; ".join(lacking.values()) or f"no series of {what}"
    quadrant = detect_quadrant(*momenta) if len(momenta) == 2 else None
    return Regime(as_date(as_day(asof)), phase, quadrant, MappingProxyType(standings), MappingProxyType(reasons))


def _standings(group: Mapping[str, IndicatorSeries], asof: date | np.datetime64) -> tuple[dict[str, Standing], dict[str, str]]:
    standings, reasons = {}, {}
    for name, series in group.items():
        found = standing(series, asof, years=_YEARS)
        if isinstance(found, NotComputable):
            reasons[name] = str(found)
        else:
            standings[name] = found
    return standings, reasons


def regime_history(known: Evidence, days: Iterable[date]) -> tuple[Regime | NotComputable, ...]:
    """The judgement of each day as it would have been made then."""
    return tuple(regime_at(known, day) for day in days)
