"""The tasks of the worker, and when they run by themselves."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job

from dawsos.bootstrap import Application
from dawsos.kernel.dates import is_weekday
from dawsos.kernel.errors import DawsosError
from dawsos.services.dead_letters import ATTEMPTS
from dawsos.store.queue import queue_settings

#: The chain runs shortly after midnight here, for the business day that is over.
HOME: Final = ZoneInfo("America/Toronto")
#: procrastinate counts in UTC: midnight in Toronto is at four or at five.
_MIDNIGHT: Final = "5 4,5 * * *"
_STALLED_AFTER: Final = 60.0
#: Errors that trying again cannot mend.
_LASTING: Final = frozenset({"invalid", "not_found", "conflict", "forbidden", "insufficient_data"})


class Patience(BaseRetryStrategy):
    """Again after 1, 5 and 30 minutes, unless trying again cannot help."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again; None for never."""
        if is_lasting(exception) or job.attempts >= len(ATTEMPTS):
            return None
        return RetryDecision(retry_in={"seconds": int(ATTEMPTS[job.attempts].total_seconds())})


def is_lasting(error: BaseException) -> bool:
    """Whether the same attempt would fail the same way."""
    return isinstance(error, DawsosError) and error.kind in _LASTING


def previous_business_day(moment: datetime) -> date:
    """The weekday that is over at ``moment`` in Toronto."""
    day = moment.astimezone(HOME).date() - timedelta(days=1)
    while not is_weekday(day):
        day -= timedelta(days=1)
    return day


def build_queue(application: Application, dsn: str) -> App:
    """Procrastinate's application: tasks, periodic tasks, and what happens to jobs that fail or stall."""
    queue = App(connector=PsycopgConnector(**queue_settings(dsn)))

    @queue.task(name="nightly", queue="nightly", lock="nightly", retry=Patience(), pass_context=True)
    async def nightly(context: JobContext, policy: str, day: str) -> None:
        message = {"policy": policy, "day": day}
        await _kept_when_lost(application, context, "nightly", message, lambda: application.nightly.again(message))

    # The same lock as the nights': procrastinate works through a lock's jobs in the order they were deferred, so sources are asked first.
    @queue.task(name="fetch_sources", queue="nightly", lock="nightly", retry=Patience(), pass_context=True)
    async def fetch_sources(context: JobContext, day: str) -> None:
        message = {"day": day}
        await _kept_when_lost(application, context, "fetch", message, lambda: application.fetch.run(date.fromisoformat(day)))

    @queue.periodic(cron=_MIDNIGHT)
    @queue.task(name="every_night", queue="nightly", queueing_lock="every_night")
    async def every_night(timestamp: int) -> None:
        moment = datetime.fromtimestamp(timestamp, UTC)
        if moment.astimezone(HOME).hour != 0:
            return
        day = previous_business_day(moment)
        if application.settings.nightly_fetch:
            await fetch_sources.configure(queueing_lock=f"fetch:{day}").defer_async(day=day.isoformat())
        for policy in await application.nightly.policies():
            await nightly.configure(queueing_lock=f"nightly:{policy}:{day}").defer_async(policy=policy, day=day.isoformat())

    @queue.periodic(cron="5 * * * *")
    @queue.task(name="replay_dead_letters", queue="upkeep", queueing_lock="replay_dead_letters")
    async def replay_dead_letters(timestamp: int) -> None:  # noqa: ARG001 - every periodic task is told when it was due
        await application.letters.replay_due()

    @queue.periodic(cron="* * * * *")
    @queue.task(name="sweep_stalled", queue="upkeep", queueing_lock="sweep_stalled", pass_context=True)
    async def sweep_stalled(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - as above
        await requeue_stalled(context.app)

    return queue


async def requeue_stalled(queue: App, *, after: float = _STALLED_AFTER) -> int:
    """Give the jobs of workers that have not been heard of for ``after`` seconds to others; how many there were."""
    count = 0
    for job in await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=after):
        await queue.job_manager.retry_job(job)
        count += 1
    return count


async def _kept_when_lost(
    application: Application, context: JobContext, queue_name: str, message: dict[str, Any], work: Callable[[], Any]
) -> None:
    """Do ``work``; when it fails for the last time, keep what it was about as a dead letter."""
    try:
        await work()
    except Exception as error:
        if Patience().get_retry_decision(exception=error, job=context.job) is None:
            await application.letters.keep(queue_name, message, str(error))
        raise
