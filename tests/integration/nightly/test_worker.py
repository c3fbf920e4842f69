"""The worker over procrastinate's own schema: enqueued, done, taken over, kept when lost."""

from datetime import UTC, date, datetime

import psycopg
import pytest

from dawsos.jobs.queue import build_queue, previous_business_day, requeue_stalled
from dawsos.kernel.identity import SYSTEM
from dawsos.store import runs
from tests.support.demo import Demo
from tests.support.postgres import DatabaseClone

DAY = date(2022, 12, 28)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2022, 12, 29, 5, 5, tzinfo=UTC), date(2022, 12, 28)),
        (datetime(2022, 12, 29, 4, 5, tzinfo=UTC), date(2022, 12, 27)),  # five past eleven in the evening in Toronto
        (datetime(2022, 12, 26, 5, 5, tzinfo=UTC), date(2022, 12, 23)),
        (datetime(2022, 7, 12, 4, 5, tzinfo=UTC), date(2022, 7, 11)),
    ],
)
def test_the_night_is_about_the_business_day_that_is_over_in_toronto(moment: datetime, day: date) -> None:
    assert previous_business_day(moment) == day


def jobs(clone: DatabaseClone) -> list[tuple[str, str]]:
    with psycopg.connect(clone.admin_dsn) as connection:
        return connection.execute(
            "select task_name, status::text from procrastinate.procrastinate_jobs where task_name = 'nightly' order by id"
        ).fetchall()


async def test_r44_a_second_worker_takes_over_the_night_of_one_that_died(own_demo: Demo, own_demo_clone: DatabaseClone) -> None:
    async with build_queue(own_demo.application, own_demo_clone.app_dsn).open_async() as queue:
        await queue.configure_task("nightly", queue="nightly", lock="nightly").defer_async(policy="ECB_CLOSE", day=DAY.isoformat())
        with psycopg.connect(own_demo_clone.admin_dsn, autocommit=True) as connection:
            connection.execute("set search_path = procrastinate")
            connection.execute(
                "with dead as (insert into procrastinate.procrastinate_workers (last_heartbeat) values (now() - interval '1 hour') returning id)"
                " update procrastinate.procrastinate_jobs set status = 'doing', worker_id = (select id from dead)"
            )
        await queue.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False, queues=["nightly"])
        assert jobs(own_demo_clone) == [("nightly", "doing")]
        assert await requeue_stalled(queue) == 1
        await queue.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False, queues=["nightly"])
    assert jobs(own_demo_clone) == [("nightly", "succeeded")]
    async with own_demo.application.database.transaction(SYSTEM) as tx:
        steps = await runs.runs_of(tx, "ECB_CLOSE", DAY)
    assert steps[-1].job == "evaluate_alerts"
    assert {step.status for step in steps} == {"succeeded", "skipped"}


async def test_r45_a_night_that_cannot_succeed_is_kept_as_a_dead_letter_with_its_reason(
    own_demo: Demo, own_demo_clone: DatabaseClone
) -> None:
    with psycopg.connect(own_demo_clone.admin_dsn, autocommit=True) as connection:
        connection.execute("delete from public.lots where symbol = 'KO'")
    async with build_queue(own_demo.application, own_demo_clone.app_dsn).open_async() as queue:
        await queue.configure_task("nightly", queue="nightly").defer_async(policy="ECB_CLOSE", day=DAY.isoformat())
        await queue.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False, queues=["nightly"])
    assert jobs(own_demo_clone) == [("nightly", "failed")]
    (letter,) = await own_demo.application.letters.waiting(SYSTEM)
    assert (letter.queue_name, letter.message) == ("nightly", {"day": DAY.isoformat(), "policy": "ECB_CLOSE"})
    assert letter.error is not None and "ledgers disagree" in letter.error
