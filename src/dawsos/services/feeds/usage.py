"""What sources may be asked for in a month: counted, told at 70, 85 and 95 percent, and from there on answered from what is known."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from dawsos.kernel.clock import Clock, today
from dawsos.kernel.identity import SYSTEM
from dawsos.services.telemetry import Meters
from dawsos.store import sources as store
from dawsos.store.database import Database
from dawsos.store.sources import UsageRecord

#: Shares of the allowance that are told; from the last one on nothing more is asked, so that what is left is for the operator.
ALARMS: Final = (0.70, 0.85, 0.95)
_MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Used:
    """What a source was asked for this month. ``share`` of the allowance and the highest ``alarm`` reached; None without an allowance."""

    provider: str
    requests: int
    bytes: int
    allowed_bytes: int | None

    @property
    def share(self) -> float | None:
        return None if self.allowed_bytes is None else self.bytes / self.allowed_bytes

    @property
    def alarm(self) -> float | None:
        share = self.share
        return None if share is None else max((level for level in ALARMS if share >= level), default=None)


def used_of(provider: str, found: UsageRecord | None, megabytes: int | None) -> Used:
    """What a source was asked for, against what it may be."""
    allowed = None if megabytes is None else megabytes * _MEGABYTE
    return Used(provider, found.requests if found else 0, found.bytes if found else 0, allowed)


class MonthlyAllowance:
    """The allowance of one source; the months are those of UTC. ``megabytes`` is None where there is no limit: then it only counts."""

    def __init__(self, provider: str, megabytes: int | None, database: Database, clock: Clock, meters: Meters) -> None:
        self._provider = provider
        self._megabytes = megabytes
        self._database = database
        self._clock = clock
        self._meters = meters

    async def refusal(self) -> str | None:
        """Why nothing more may be asked this month; None while less than 95 % of the allowance is used."""
        if self._megabytes is None:
            return None
        async with self._database.transaction(SYSTEM, read_only=True) as tx:
            found = (await store.usage_of_month(tx, month_of(today(self._clock)))).get(self._provider)
        used = used_of(self._provider, found, self._megabytes)
        if used.alarm != ALARMS[-1]:
            return None
        return f"{used.share:.0%} of this month's allowance of {self._megabytes:,} MB is used, and the rest is kept back"

    async def used(self, size: int) -> None:
        """Count an answer of ``size`` bytes, and bring the meters in line."""
        async with self._database.transaction(SYSTEM) as tx:
            found = await store.add_usage(tx, self._provider, month_of(today(self._clock)), size)
        self._meters.source_bytes.labels(self._provider).set(found.bytes)
        share = used_of(self._provider, found, self._megabytes).share
        if share is not None:
            self._meters.source_allowance.labels(self._provider).set(share)


def month_of(day: date) -> date:
    """The first day of the month of ``day``."""
    return day.replace(day=1)
