"""Observations of an economic series, and how one finds the other it is compared with."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

#: How far from a year ago an observation may lie and still be the one of a year ago.
YEAR_TOLERANCE: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Observation:
    """The ``value`` of the period that ``period`` dates, which nobody could know before ``known_from``."""

    period: date
    known_from: date
    value: Decimal


class Series:
    """Observations in the order of their periods, each period once."""

    def __init__(self, observations: Sequence[Observation]) -> None:
        self.observations = sorted(observations, key=lambda one: one.period)
        self._periods = [one.period for one in self.observations]
        if len(set(self._periods)) != len(self._periods):
            raise ValueError("A series has one observation a period.")

    def as_of(self, day: date, known_on: date, max_age: timedelta) -> Observation | None:
        """The last observation up to ``day``, not older than ``max_age``, that was known on ``known_on``."""
        for place in range(bisect_right(self._periods, day) - 1, -1, -1):
            found = self.observations[place]
            if found.period < day - max_age:
                return None
            if found.known_from <= known_on:
                return found
        return None

    def year_before(self, observation: Observation) -> Observation | None:
        """The observation nearest to a year earlier, within a week of it and known by then; of two equally near the later one."""
        wanted = a_year_earlier(observation.period)
        low = bisect_right(self._periods, wanted - YEAR_TOLERANCE - timedelta(days=1))
        high = bisect_right(self._periods, wanted + YEAR_TOLERANCE)
        near = [one for one in self.observations[low:high] if one.known_from <= observation.known_from]
        return min(near, key=lambda one: (abs(one.period - wanted), wanted - one.period), default=None)

    def at(self, period: date) -> Observation | None:
        """The observation of exactly this period."""
        place = bisect_right(self._periods, period) - 1
        return self.observations[place] if place >= 0 and self._periods[place] == period else None


def a_year_earlier(day: date) -> date:
    """The same day of the year before; 28 February for the 29th."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
