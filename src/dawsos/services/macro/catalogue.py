"""Which economic series there are and which indicators are made of them: ``series.csv`` and ``indicators.csv`` beside this file."""

import calendar
import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

from dawsos.kernel.errors import NotFound

_DIRECTORY: Final = files(__name__.rpartition(".")[0])


class Frequency(StrEnum):
    """How often a series is observed."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    ANNUAL = "annual"


class Transform(StrEnum):
    """How an indicator is made of its series; the formulas stand in ``compute.indicators.transforms``."""

    LEVEL = "level"
    FRACTION = "fraction"
    CHANGE_OVER_YEAR = "change_over_year"
    ANNUALISED_CHANGE = "annualised_change"
    FRACTION_DIFFERENCE = "fraction_difference"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class SeriesDefinition:
    """A published series under its FRED id, in the unit it is published in.

    ``dated`` says whether an observation carries the first day of its period (``start``) or the last one (``end``). ``release_lag_days``
    is how long after the end of a period its first figure usually appears, never the shorter of two usual lags: it dates an observation
    whose true day of publication the source does not tell.
    """

    series_id: str
    title: str
    unit: str
    frequency: Frequency
    dated: str
    release_lag_days: int
    attribution: str

    def release_date(self, period: date) -> date:
        """The day the observation of ``period`` is taken to have been published."""
        return self._end(period) + timedelta(days=self.release_lag_days)

    def _end(self, period: date) -> date:
        if self.dated == "end":
            return period
        months = {Frequency.QUARTERLY: 3, Frequency.ANNUAL: 12}.get(self.frequency, 1)
        if self.frequency in {Frequency.DAILY, Frequency.WEEKLY}:
            return period + timedelta(days=0 if self.frequency is Frequency.DAILY else 6)
        last = period.month - 1 + months - 1
        year, month = period.year + last // 12, last % 12 + 1
        return date(year, month, calendar.monthrange(year, month)[1])


@dataclass(frozen=True, slots=True)
class IndicatorDefinition:
    """An indicator and one series it can be made of. Of several lines for one name the first applies whose series are kept."""

    indicator_name: str
    series_id: str
    transform: Transform
    other_series_id: str | None

    @property
    def source_series(self) -> tuple[str, ...]:
        """The series it needs."""
        return (self.series_id,) if self.other_series_id is None else (self.series_id, self.other_series_id)


@cache
def series_catalogue() -> Mapping[str, SeriesDefinition]:
    """Every series that is known, by id."""
    return {
        row["series_id"]: SeriesDefinition(
            series_id=row["series_id"],
            title=row["title"],
            unit=row["unit"],
            frequency=Frequency(row["frequency"]),
            dated=row["dated"],
            release_lag_days=int(row["release_lag_days"]),
            attribution=row["attribution"],
        )
        for row in _rows("series.csv")
    }


@cache
def indicator_catalogue() -> tuple[IndicatorDefinition, ...]:
    """Every way an indicator can be made, the preferred one of each name first."""
    return tuple(
        IndicatorDefinition(row["indicator_name"], row["series_id"], Transform(row["transform"]), row["other_series_id"] or None)
        for row in _rows("indicators.csv")
    )


def series_definition(series_id: str) -> SeriesDefinition:
    """The series of this id, else :class:`NotFound`."""
    found = series_catalogue().get(series_id)
    if found is None:
        raise NotFound(
            f"There is no economic series '{series_id}' in the catalogue.",
            remedy="Ask 'dawsos macro series' for those there are.",
            code="series_not_found",
        )
    return found


def _rows(name: str) -> list[dict[str, str]]:
    with (_DIRECTORY / name).open("r", encoding="utf-8") as file:
        return list(csv.DictReader(file))
