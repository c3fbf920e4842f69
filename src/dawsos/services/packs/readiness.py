"""How ready the newest pricing pack is, in one word and the facts behind it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from dawsos.kernel.clock import Clock, today
from dawsos.kernel.dates import is_weekday
from dawsos.store.health import ChainPace, PackState

ReadinessWord = Literal["warming", "fresh", "stale", "error"]
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Whether answers can be given, and on how old prices. ``estimated_ready`` is known only to a build that is under way."""

    status: ReadinessWord
    pack_id: str | None
    asof_date: date | None
    is_fresh: bool
    prewarm_done: bool | None
    reconciliation_passed: bool | None
    updated_at: datetime | None
    error_message: str | None
    estimated_ready: datetime | None


def readiness(pack: PackState | None, clock: Clock, policy: str, pace: ChainPace | None = None) -> Readiness:
    """The readiness of the newest pack.

    ``error`` when it failed or there is none, ``warming`` while it is made ready, ``stale`` when it is dated before the weekday before the
    last one that is over (a pack is built the night after its day, and one may be missed), else ``fresh``. While it is warming, ``pace``
    says when it should be ready; not known before the first chain has ended.
    """
    if pack is None:
        return _without_pack(policy)
    return Readiness(
        status=_word(pack, today(clock)),
        pack_id=pack.id,
        asof_date=pack.date,
        is_fresh=pack.is_fresh,
        prewarm_done=pack.prewarm_done,
        reconciliation_passed=pack.reconciliation_passed,
        updated_at=pack.updated_at,
        error_message=pack.error_message,
        estimated_ready=_estimate(pace, clock) if _word(pack, today(clock)) == "warming" else None,
    )


def _estimate(pace: ChainPace | None, clock: Clock) -> datetime | None:
    """When a chain that takes as long as usual ends; one that takes longer is expected any moment."""
    if pace is None or pace.started_at is None or pace.usual_seconds is None:
        return None
    return max(clock.now(), pace.started_at + timedelta(seconds=pace.usual_seconds))


def _without_pack(policy: str) -> Readiness:
    return Readiness(
        status="error",
        pack_id=None,
        asof_date=None,
        is_fresh=False,
        prewarm_done=None,
        reconciliation_passed=None,
        updated_at=None,
        error_message=f"There is no pricing pack of {policy} yet.",
        estimated_ready=None,
    )


def _word(pack: PackState, day: date) -> ReadinessWord:
    if pack.status == "FAILED" or pack.freshness == "error":
        return "error"
    if pack.status == "PENDING" or pack.freshness == "warming":
        return "warming"
    return "stale" if pack.freshness == "stale" or pack.date < oldest_fresh(day) else "fresh"


def oldest_fresh(day: date) -> date:
    """The date of the oldest pack that still counts as fresh on ``day``: two weekdays before it."""
    return _weekday_before(_weekday_before(day))


def _weekday_before(day: date) -> date:
    before = day - _DAY
    while not is_weekday(before):
        before -= _DAY
    return before
