"""The factors portfolios are measured against, and how each is made of an observed series."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from dawsos.compute.returns.figures import DateArray, Dates, FloatArray, as_dates
from dawsos.kernel.errors import Invalid


class Change(StrEnum):
    """What a factor's observation is: the change of a rate or spread (a fraction: 1 % = 0.01), or the relative change of a level."""

    DIFFERENCE = "difference"
    RELATIVE = "relative"


@dataclass(frozen=True, slots=True)
class FactorDefinition:
    """A factor: the series it comes from, first choice first, its change, and whether the risk-free return is taken off."""

    name: str
    series: tuple[str, ...]
    change: Change
    is_excess: bool = False


#: The five core factors, in the order every vector of betas, every shock and every covariance has.
CORE_FACTORS: Final = (
    FactorDefinition("real_rates", ("DFII10", "FII10"), Change.DIFFERENCE),
    FactorDefinition("inflation", ("T10YIE",), Change.DIFFERENCE),
    FactorDefinition("credit", ("BAMLC0A0CM", "BAA10Y"), Change.DIFFERENCE),
    FactorDefinition("usd", ("DTWEXBGS", "TWEXBMTH"), Change.RELATIVE),
    FactorDefinition("equity", ("SP500", "SPX"), Change.RELATIVE, is_excess=True),
)
FACTOR_NAMES: Final = tuple(factor.name for factor in CORE_FACTORS)


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """A series as observed: days and values; rates and spreads as fractions, never in percent."""

    dates: DateArray
    values: FloatArray


def levels(dates: Dates, values: FloatArray) -> Levels:
    """Checked: ascending days, one finite value each."""
    days, numbers = as_dates(dates), np.asarray(values, dtype=np.float64)
    if days.shape != numbers.shape or not np.isfinite(numbers).all():
        raise Invalid("A series needs one finite value for each day.", remedy="Leave out the days without a value.")
    return Levels(days, numbers)


@dataclass(frozen=True, slots=True, eq=False)
class FactorPanel:
    """Changes ``[T × K]`` between consecutive days on which every series was observed; ``dates`` are the later day of each pair."""

    names: tuple[str, ...]
    dates: DateArray
    changes: FloatArray
    sources: tuple[str, ...]


def factor_panel(
    observed: Mapping[str, Levels], *, risk_free: Levels | None = None, definitions: tuple[FactorDefinition, ...] = CORE_FACTORS
) -> FactorPanel:
    """The factors of ``definitions`` on their common days.

    Rates and spreads change by their difference, indices relatively; a factor with ``is_excess`` loses ``risk_free`` (per year, a
    fraction, the last value known) × days/365. Raises :class:`Invalid` when no series of a factor was observed, or no two days are common.
    """
    chosen = []
    for factor in definitions:
        source = next((name for name in factor.series if name in observed), None)
        if source is None:
            raise Invalid(f"Factor {factor.name} has no series.", remedy=f"Load one of {', '.join(factor.series)}.")
        chosen.append((factor, source, observed[source]))
    days = chosen[0][2].dates
    for _, _, series in chosen[1:]:
        days = np.intersect1d(days, series.dates)
    if days.size < 2:
        raise Invalid("The factors have no two days in common.", remedy="Load series over the same span.")
    columns = [_changes(factor, series.values[np.searchsorted(series.dates, days)], days, risk_free) for factor, _, series in chosen]
    return FactorPanel(
        tuple(factor.name for factor, _, _ in chosen), days[1:], np.column_stack(columns), tuple(source for _, source, _ in chosen)
    )


def _changes(factor: FactorDefinition, values: FloatArray, days: DateArray, risk_free: Levels | None) -> FloatArray:
    if factor.change is Change.DIFFERENCE:
        return np.diff(values)
    moved = values[1:] / values[:-1] - 1.0
    if not factor.is_excess:
        return np.asarray(moved)
    if risk_free is None:
        raise Invalid(f"Factor {factor.name} is an excess return and there is no risk-free rate.", remedy="Give the rate with its days.")
    known = np.searchsorted(risk_free.dates, days[:-1], side="right") - 1
    if known[0] < 0:
        raise Invalid(f"The risk-free rate is not known on {days[0]}.", remedy="Give a rate from an earlier day on.")
    spans = np.diff(days).astype("timedelta64[D]").astype(np.float64) / 365.0
    return np.asarray(moved - risk_free.values[known] * spans)
