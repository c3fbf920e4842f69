"""Time as an argument: nothing below the entrypoints asks the machine what time it is."""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Where the present comes from."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class FixedClock:
    """A clock that stands still until told to move; for tests and for replays."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        return self._moment

    def advance(self, by: timedelta) -> None:
        self._moment += by


def today(clock: Clock) -> date:
    """The clock's calendar day in UTC."""
    return clock.now().date()
