"""Slows down whoever tries many passwords from one address; the lock of an account slows down whoever tries many on one account."""

import ipaddress
from collections import deque
from datetime import datetime, timedelta
from typing import Final

from dawsos.kernel.clock import Clock
from dawsos.kernel.errors import RateLimited

FAILURES: Final = 20
WINDOW: Final = timedelta(minutes=5)
#: Addresses remembered at most; beyond that those whose window is over are forgotten, then the first that came.
MOST_ADDRESSES: Final = 10_000
_HOUSEHOLD_PREFIX: Final = 64


class LoginLimit:
    """A sliding window over failed logins per address, in the memory of this process."""

    def __init__(self, clock: Clock, *, failures: int = FAILURES, window: timedelta = WINDOW) -> None:
        self._clock = clock
        self._failures = failures
        self._window = window
        self._attempts: dict[str, deque[datetime]] = {}

    @property
    def remembered(self) -> int:
        """How many addresses are counted."""
        return len(self._attempts)

    def begin(self, address: str | None) -> None:
        """Count an attempt from ``address``; RateLimited when there were too many. Counted at once, so that a burst is one, too."""
        now = self._clock.now()
        self._forget_old(now)
        attempts = self._attempts.setdefault(_household(address), deque())
        while attempts and attempts[0] <= now - self._window:
            attempts.popleft()
        if len(attempts) >= self._failures:
            seconds = int((attempts[0] + self._window - now).total_seconds()) + 1
            raise RateLimited(
                "There were too many failed logins from this address.", remedy=f"Try again in {seconds} seconds.", retry_after=seconds
            )
        attempts.append(now)

    def succeed(self, address: str | None) -> None:
        """The last attempt from ``address`` was a login, which does not count."""
        attempts = self._attempts.get(_household(address))
        if attempts:
            attempts.pop()

    def _forget_old(self, now: datetime) -> None:
        if len(self._attempts) < MOST_ADDRESSES:
            return
        over = now - self._window
        self._attempts = {key: attempts for key, attempts in self._attempts.items() if attempts and attempts[-1] > over}
        while len(self._attempts) >= MOST_ADDRESSES:
            del self._attempts[next(iter(self._attempts))]


def _household(address: str | None) -> str:
    """Who shares an address: an IPv6 subscriber has a whole /64."""
    if address is None:
        return "local"
    parsed = ipaddress.ip_address(address)
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((address, _HOUSEHOLD_PREFIX), strict=False).network_address)
