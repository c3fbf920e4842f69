"""The nightly chain's records: which step ran when and how far, and the portfolios it works through block by block."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from dawsos.store.portfolios import PortfolioRecord
from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_statements: Final = load("runs")
_LOCK_SPACE: Final = 0x6E69_6768


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A step of a chain: running, succeeded, failed or skipped; a killed one still says running."""

    policy: str
    asof_date: date
    job: str
    place: int
    pricing_pack_id: str | None
    status: str
    attempts: int
    units_done: int
    units_total: int
    started_at: datetime
    finished_at: datetime | None
    error: str | None
    warnings: Any


@dataclass(frozen=True, slots=True)
class StepKey:
    """Which step of which chain."""

    policy: str
    asof_date: date
    job: str


START_RUN = _statements.none("start_run")
NOTE_PROGRESS = _statements.none("note_progress")
FINISH_RUN = _statements.none("finish_run")
RUNS_OF = _statements.many("runs_of", RunRecord)
RECENT_RUNS = _statements.many("recent_runs", RunRecord)
LOCK_STEP = _statements.none("lock_step")
BLOCK_OF_PORTFOLIOS = _statements.many("block_of_portfolios", PortfolioRecord)
BASE_CURRENCIES = _statements.many("base_currencies", str)
BENCHMARK_SYMBOLS = _statements.many("benchmark_symbols", str)
COUNT_PORTFOLIOS = _statements.value("count_portfolios", int)


async def start_run(tx: DatabaseTransaction, key: StepKey, *, place: int, pricing_pack_id: str | None, moment: datetime) -> None:
    """Note that a step begins."""
    await tx.execute(
        START_RUN,
        policy=key.policy,
        asof_date=key.asof_date,
        job=key.job,
        place=place,
        pricing_pack_id=pricing_pack_id,
        moment=moment,
    )


async def note_progress(tx: DatabaseTransaction, key: StepKey, *, done: int, total: int) -> None:
    """Note how far a step has come."""
    await tx.execute(NOTE_PROGRESS, policy=key.policy, asof_date=key.asof_date, job=key.job, done=done, total=total)


async def finish_run(
    tx: DatabaseTransaction,
    key: StepKey,
    *,
    status: str,
    moment: datetime,
    pricing_pack_id: str | None = None,
    error: str | None = None,
    warnings: Sequence[str] = (),
) -> None:
    """Note how a step ended."""
    await tx.execute(
        FINISH_RUN,
        policy=key.policy,
        asof_date=key.asof_date,
        job=key.job,
        status=status,
        pricing_pack_id=pricing_pack_id,
        moment=moment,
        error=error,
        warnings=json.dumps(list(warnings)),
    )


async def runs_of(tx: DatabaseTransaction, policy: str, day: date) -> list[RunRecord]:
    """The steps of the chain of ``day``, in order."""
    return await tx.fetch_all(RUNS_OF, policy=policy, asof_date=day)


async def recent_runs(tx: DatabaseTransaction, limit: int) -> list[RunRecord]:
    """The steps of the newest chains."""
    return await tx.fetch_all(RECENT_RUNS, limit=limit)


async def lock_step(tx: DatabaseTransaction, policy: str, job: str) -> None:
    """Wait until no other transaction works on this step of the policy, and hold it until the end of this one."""
    await tx.execute(LOCK_STEP, space=_LOCK_SPACE, step=f"{policy} {job}")


async def block_of_portfolios(tx: DatabaseTransaction, policy: str, *, after: UUID | None, limit: int) -> list[PortfolioRecord]:
    """The next ``limit`` portfolios of ``policy`` after the one with key ``after``."""
    return await tx.fetch_all(BLOCK_OF_PORTFOLIOS, policy=policy, after=after, limit=limit)


async def count_portfolios(tx: DatabaseTransaction, policy: str) -> int:
    """How many portfolios in use are valued by ``policy``."""
    return await tx.fetch_value(COUNT_PORTFOLIOS, policy=policy)


async def base_currencies(tx: DatabaseTransaction, policy: str) -> list[str]:
    """The base currencies of the policy's portfolios."""
    return await tx.fetch_all(BASE_CURRENCIES, policy=policy)


async def benchmark_symbols(tx: DatabaseTransaction, policy: str) -> list[str]:
    """The benchmarks of the policy's portfolios that are known securities."""
    return await tx.fetch_all(BENCHMARK_SYMBOLS, policy=policy)
