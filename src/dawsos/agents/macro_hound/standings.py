"""What capabilities about the economy share: an indicator and where it stands in its history."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from dawsos.compute.macro.standing import Standing
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Days, Fraction, Number
from dawsos.services.macro.labels import indicator_label
from dawsos.services.macro.observed import StatedIndicator


class IndicatorStanding(Contract):
    """The last value published by the day asked of, as a fraction; ``zscore`` against its own history, ``percentile`` within it."""

    indicator: str
    label: str
    value: Annotated[float, Fraction]
    date: date
    zscore: Annotated[float, Number]
    percentile: Annotated[float, Fraction]
    trend: Literal["rising", "falling", "flat"]
    staleness_days: Annotated[int, Days]
    observations: Annotated[int, Count]


class Driver(Contract):
    """An indicator that counted: its z-score, and how much of the score it made up."""

    indicator: str
    label: str
    zscore: Annotated[float, Number]
    contribution: Annotated[float, Number]
    reading: str


class StatedLevel(Contract):
    """An indicator without a published series: the level that was entered, and where from."""

    indicator: str
    label: str
    value: Annotated[float, Fraction]
    date: date
    source: str


def as_stated(levels: Mapping[str, StatedIndicator]) -> tuple[StatedLevel, ...]:
    """By name of the indicator."""
    return tuple(
        StatedLevel(indicator=name, label=indicator_label(name), value=row.value, date=row.date, source=row.source)
        for name, row in sorted(levels.items())
    )


def as_contracts(standings: Mapping[str, Standing]) -> tuple[IndicatorStanding, ...]:
    """By name of the indicator."""
    return tuple(
        IndicatorStanding(
            indicator=name,
            label=indicator_label(name),
            value=found.value,
            date=found.date,
            zscore=found.zscore,
            percentile=found.percentile,
            trend=found.trend,
            staleness_days=found.staleness_days,
            observations=found.observations,
        )
        for name, found in sorted(standings.items())
    )
