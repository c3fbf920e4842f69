"""E-mail addresses without an account: wrong passwords lock them as they lock accounts, so that a lock tells nothing of who has one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

#: Addresses remembered at most; the one tried longest ago is forgotten first.
MOST_ADDRESSES: Final = 10_000


@dataclass(slots=True)
class _Attempts:
    failed: int = 0
    locked_until: datetime | None = None


class Strangers:
    """Counts the failed logins of addresses nobody has, in the memory of this process; the counts of accounts are kept in the database."""

    def __init__(self, *, attempts: int, duration: timedelta, most_addresses: int = MOST_ADDRESSES) -> None:
        self._allowed = attempts
        self._duration = duration
        self._most_addresses = most_addresses
        self._attempts: dict[str, _Attempts] = {}

    def locked_until(self, email: str, now: datetime) -> datetime | None:
        """When the lock of ``email`` ends; None when it is not locked at ``now``."""
        found = self._attempts.get(_spelt(email))
        return found.locked_until if found and found.locked_until and found.locked_until > now else None

    def count_failure(self, email: str, now: datetime) -> None:
        """Count a failed login; lock the address once the allowed attempts are used up. A lock that has ended starts the count anew."""
        found = self._attempts.pop(_spelt(email), _Attempts())
        if found.locked_until is not None and found.locked_until <= now:
            found = _Attempts()
        found.failed += 1
        if found.failed >= self._allowed:
            found.locked_until = now + self._duration
        while len(self._attempts) >= self._most_addresses:
            del self._attempts[next(iter(self._attempts))]
        self._attempts[_spelt(email)] = found


def _spelt(email: str) -> str:
    """Accounts are found whatever the case of their address."""
    return email.strip().lower()
