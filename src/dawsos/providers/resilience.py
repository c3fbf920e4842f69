"""Manners towards a source: how often it is asked, when it is asked again, and when it is left alone. Clocks and chance are arguments."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

#: Seconds since some fixed moment; never the time of day, which can jump.
Monotonic = Callable[[], float]

RETRY_WAITS: Final = (1.0, 2.0, 4.0)
JITTER: Final = 0.2
LONGEST_WAIT: Final = 60.0
FAILURES_TO_OPEN: Final = 3
OPEN_SECONDS: Final = 60.0


class TokenBucket:
    """At most ``per_minute`` requests a minute, the first ``per_minute / 10`` of them (at least one) at once."""

    def __init__(self, per_minute: int, now: Monotonic) -> None:
        self._per_second = per_minute / 60
        self._capacity = max(per_minute / 10, 1.0)
        self._now = now
        self._tokens, self._at = self._capacity, now()

    def take(self) -> float:
        """Take a token that may lie in the future; how many seconds to wait until it is there."""
        moment = max(self._now(), self._at)  # a clock that jumps back gives nothing away
        self._tokens = min(self._capacity, self._tokens + (moment - self._at) * self._per_second) - 1
        self._at = moment
        return max(0.0, -self._tokens / self._per_second)


def retry_wait(attempt: int, chance: float, retry_after: float | None = None) -> float:
    """Seconds before attempt number ``attempt`` + 1 (1 is the first retry): 1, 2, 4 with ±20 % by ``chance`` in [0, 1); at most 60.

    What the source asked for (Retry-After) counts instead, when it is longer.
    """
    usual = RETRY_WAITS[attempt - 1] * (1 + JITTER * (2 * chance - 1))
    return min(max(usual, retry_after or 0.0), LONGEST_WAIT)


class BreakerState(StrEnum):
    """CLOSED: asked freely. OPEN: left alone. HALF_OPEN: one request tries whether it is back."""

    CLOSED = "CLOSED"
    OPEN = "OPEN"
    HALF_OPEN = "HALF_OPEN"


@dataclass(slots=True)
class CircuitBreaker:
    """Leaves a source alone for a minute after three failures in a row; then one request decides."""

    now: Monotonic
    _failures: int = 0
    _opened_at: float | None = None
    _is_probing: bool = False

    @property
    def state(self) -> BreakerState:
        if self._opened_at is None:
            return BreakerState.CLOSED
        waited = self.now() - self._opened_at
        return BreakerState.HALF_OPEN if waited >= OPEN_SECONDS else BreakerState.OPEN

    def admits(self) -> bool:
        """Whether a request may be made now; in HALF_OPEN only to the first who asks."""
        state = self.state
        if state is BreakerState.HALF_OPEN and not self._is_probing:
            self._is_probing = True
            return True
        return state is BreakerState.CLOSED

    def succeeded(self) -> None:
        """The source answered."""
        self._failures, self._opened_at, self._is_probing = 0, None, False

    def failed(self) -> None:
        """The source did not answer, or not sensibly."""
        self._failures += 1
        if self._failures >= FAILURES_TO_OPEN or self._is_probing:
            self._opened_at = self.now()
        self._is_probing = False
