"""One night: what is being worked on, and how its steps are noted while they run."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from time import perf_counter
from typing import Final

from dawsos.kernel.errors import DawsosError, Internal
from dawsos.kernel.identity import SYSTEM
from dawsos.services.nightly.prewarming import NightTools
from dawsos.store import runs as store
from dawsos.store.packs import PackRecord
from dawsos.store.runs import RunRecord, StepKey
from dawsos.store.transaction import DatabaseTransaction

#: The order of the steps. After a failure of one of ``BLOCKING`` the rest is not run.
STEPS: Final = (
    "build_pack",
    "check_prices",
    "reconcile_ledger",
    "compute_daily_metrics",
    "prewarm_factors",
    "prewarm_ratings",
    "mark_pack_fresh",
    "evaluate_alerts",
)
BLOCKING: Final = frozenset({"build_pack", "check_prices", "reconcile_ledger", "mark_pack_fresh"})
#: More warnings than these about single portfolios are counted and not listed.
_MOST_WARNINGS: Final = 200

Progress = Callable[[str], None]


def quiet(_: str) -> None:
    """Say nothing."""


class Skipped(Exception):
    """There is nothing to do for this step, and why."""


@dataclass(slots=True)
class Night:
    """The chain of one policy and date. ``pack`` is there once it is built."""

    tools: NightTools
    policy: str
    day: date
    say: Progress = quiet
    pack: PackRecord | None = None
    warnings: list[str] = field(default_factory=list)

    @property
    def ready_pack(self) -> PackRecord:
        """The pack; a step that needs one runs only after the one that builds it."""
        if self.pack is None:
            raise Internal("A step of the chain ran before there was a pack.")
        return self.pack

    def key(self, job: str) -> StepKey:
        """Which row of the run table a step is."""
        return StepKey(self.policy, self.day, job)

    async def step(self, job: str, work: Callable[[], Awaitable[None]]) -> str:
        """Run ``work`` as the step ``job``; succeeded, skipped or failed, as noted in the run table.

        An error DawsOS can name is noted and ends the step, any other is noted and raised: it is a fault of the program.
        """
        self.say(f"{self.day}: {job.replace('_', ' ')}")
        self.warnings, begun = [], perf_counter()
        pack_id = self.pack.id if self.pack else None
        async with self.tools.database.transaction(SYSTEM) as tx:
            await store.start_run(tx, self.key(job), place=STEPS.index(job) + 1, pricing_pack_id=pack_id, moment=self.tools.clock.now())
        status, error = "succeeded", None
        try:
            await work()
        except Skipped as skipped:
            status, error = "skipped", str(skipped)
        except DawsosError as failure:
            status, error = "failed", str(failure)
        except Exception as fault:
            await self._finish(job, "failed", f"{type(fault).__name__}: {fault}", begun)
            raise
        await self._finish(job, status, error, begun)
        return status

    async def _finish(self, job: str, status: str, error: str | None, begun: float) -> None:
        self.tools.meters.nightly_duration.labels(job, status).observe(perf_counter() - begun)
        rest = len(self.warnings) - _MOST_WARNINGS
        listed = self.warnings[:_MOST_WARNINGS] + ([f"and {rest} more"] if rest > 0 else [])
        async with self.tools.database.transaction(SYSTEM) as tx:
            await store.finish_run(
                tx,
                self.key(job),
                status=status,
                moment=self.tools.clock.now(),
                pricing_pack_id=self.pack.id if self.pack else None,
                error=error,
                warnings=listed,
            )

    async def note_progress(self, tx: DatabaseTransaction, job: str, done: int, total: int) -> None:
        """Note how many portfolios are done, in the transaction that did them."""
        await store.note_progress(tx, self.key(job), done=done, total=total)
        self.say(f"{self.day}: {job.replace('_', ' ')}, {done} of {total}")

    async def runs(self) -> tuple[RunRecord, ...]:
        """The steps as they are noted."""
        async with self.tools.database.transaction(SYSTEM, read_only=True) as tx:
            return tuple(await store.runs_of(tx, self.policy, self.day))
