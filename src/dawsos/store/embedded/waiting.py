"""Waiting for something to become so, with a limit and with word of it to whoever is watching."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

START_TIMEOUT: Final = 300.0


def _silent(_seconds: float, _reason: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait (seconds), how often to look, and whom to tell: ``progress(seconds_waited, reason)`` about once a second.

    ``grace`` is what the children of a server that was killed get to notice it before they are told to go; after ``departure``
    whoever still holds the data is taken for a server that cannot be seen from here.
    """

    limit: float = START_TIMEOUT
    grace: float = 2.0
    departure: float = 30.0
    interval: float = 0.02
    progress: Callable[[float, str], None] = _silent
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic

    def begin(self) -> "Wait":
        """Start the clock."""
        return Wait(self, self.monotonic())


class Wait:
    """One wait under way."""

    def __init__(self, patience: Patience, started: float) -> None:
        self._patience = patience
        self._started = started
        self._told = 0.0

    @property
    def seconds(self) -> float:
        """Seconds since the wait began."""
        return self._patience.monotonic() - self._started

    def again(self, reason: str) -> bool:
        """Sleep one interval and return True; return False once the limit is reached. ``reason`` says what is still missing."""
        waited = self.seconds
        if waited >= self._patience.limit:
            return False
        if waited - self._told >= 1.0:
            self._told = waited
            self._patience.progress(waited, reason)
        self._patience.sleep(self._patience.interval)
        return True
