"""The nightly chain in its fixed order: any step can be killed and run again, for any date."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Final
from uuid import UUID

from dawsos.kernel.dates import days_from, is_weekday
from dawsos.kernel.errors import Conflict, Invalid
from dawsos.kernel.identity import SYSTEM
from dawsos.kernel.ledger import EMPTY_LEDGER_HASH
from dawsos.services.context import LedgerPin, Pins
from dawsos.services.holdings import PackMarket
from dawsos.services.nightly.figures import refresh_block
from dawsos.services.nightly.market import NightMarket, load_market
from dawsos.services.nightly.night import BLOCKING, STEPS, Night, Progress, Skipped, quiet
from dawsos.services.nightly.prewarming import NightTools, Prewarms
from dawsos.services.packs.building import PackBuilder
from dawsos.services.packs.checking import check_prices
from dawsos.services.packs.verification import PackContents, read_pack, unknown_pack, verify_pack
from dawsos.services.reconciliation.independent import Beancount
from dawsos.services.reconciliation.ledgers import Reconciliation, reconcile_block
from dawsos.store import ledger as ledger_store
from dawsos.store import packs as packs_store
from dawsos.store import runs as store
from dawsos.store.changes import sum_up_changes
from dawsos.store.packs import PackRecord
from dawsos.store.runs import RunRecord
from dawsos.store.transaction import DatabaseTransaction

BlockWork = Callable[[DatabaseTransaction, Sequence[Pins]], Awaitable[list[str]]]
_SOME: Final = 10


@dataclass(frozen=True, slots=True)
class NightRules:
    """How a night is worked through."""

    portfolios_at_once: int = 250
    #: Beancount looks at each portfolio only when there are no more than these: half a second apiece is long for thousands.
    independent_up_to: int = 25


@dataclass(frozen=True, slots=True)
class NightReport:
    """What a chain did. ``outcome`` is fresh, closed (no market was open) or failed; ``steps`` say how each went."""

    policy: str
    date: date
    outcome: str
    pack_id: str | None
    steps: tuple[RunRecord, ...] = ()

    @property
    def problem(self) -> str | None:
        """Why it failed, if it did."""
        return next((f"{step.job}: {step.error}" for step in self.steps if step.status == "failed"), None)


class Nightly:
    """Runs the chain for one policy and date, or for many."""

    def __init__(
        self, tools: NightTools, packs: PackBuilder, *, prewarms: Prewarms, beancount: Beancount | None, rules: NightRules | None = None
    ) -> None:
        self._tools = tools
        self._packs = packs
        self._prewarms = prewarms
        self._beancount = beancount
        self._rules = rules or NightRules()

    async def run(self, policy: str, day: date, *, restate_because: str | None = None, progress: Progress = quiet) -> NightReport:
        """The whole chain for ``day``: built, checked, reconciled, worked through, released.

        It may be run for any date and again at any time: what is there is left alone, what is missing is made. A night that was killed
        goes on where it was. Two at once do the work once, one waiting for the other block by block.
        """
        night = Night(self._tools, policy, day, progress)
        built = await night.step("build_pack", partial(self._build, night, restate_because))
        if built == "succeeded":
            return await self._rest(night)
        return NightReport(policy, day, "closed" if built == "skipped" else "failed", None, await night.runs())

    async def run_range(
        self, policy: str, first: date, last: date, *, restate_because: str | None = None, progress: Progress = quiet
    ) -> AsyncIterator[NightReport]:
        """The chain for every weekday from ``first`` to ``last``, in order."""
        if last < first:
            raise Invalid(f"The range from {first} to {last} is empty.", remedy="Give the earlier date first.")
        for day in filter(is_weekday, days_from(first, last)):
            yield await self.run(policy, day, restate_because=restate_because, progress=progress)

    async def again(self, message: Mapping[str, str]) -> None:
        """What a dead letter of the chain asks for; Conflict when the night fails again."""
        report = await self.run(message["policy"], date.fromisoformat(message["day"]))
        if report.outcome == "failed":
            raise Conflict(
                f"The night of {report.date} under {report.policy} failed: {report.problem}", remedy="Settle it, then run 'dawsos nightly'."
            )

    async def policies(self) -> list[str]:
        """The policies some portfolio in use is valued by."""
        async with self._tools.database.transaction(SYSTEM, read_only=True) as tx:
            known = [one.policy for one in await packs_store.list_policies(tx)]
            return [policy for policy in known if await store.count_portfolios(tx, policy)]

    async def make_ready(self, pack_id: str, *, releases_earlier: bool = False, progress: Progress = quiet) -> NightReport:
        """Every step but the first, for a pack that was built already.

        With ``releases_earlier`` the packs before it that are still warming are released with it: they were filled in together, and the
        daily values computed under the last one go back through all of them.
        """
        async with self._tools.database.transaction(SYSTEM, read_only=True) as tx:
            pack = await packs_store.find_pack(tx, pack_id)
        if pack is None:
            raise unknown_pack(pack_id)
        if pack.status != "COMPLETE":
            raise Conflict(
                f"Pack {pack.id} is {pack.status}: {pack.error_message or 'it is being built'}.",
                remedy="Build it first, with 'dawsos nightly --date'.",
                code="pricing_pack_error",
            )
        return await self._rest(Night(self._tools, pack.policy, pack.date, progress, pack), releases_earlier=releases_earlier)

    async def _rest(self, night: Night, *, releases_earlier: bool = False) -> NightReport:
        work: dict[str, Callable[[], Awaitable[None]]] = {
            "check_prices": partial(self._check_prices, night),
            "reconcile_ledger": partial(self._reconcile, night),
            "compute_daily_metrics": partial(self._daily_metrics, night),
            "mark_pack_fresh": partial(self._mark_fresh, night, releases_earlier=releases_earlier),
        }
        outcome = "fresh"
        for job in STEPS[1:]:
            status = await night.step(job, work.get(job) or partial(self._prewarm, night, job))
            if status == "failed" and job in BLOCKING:
                outcome = "failed"
                break
        return NightReport(night.policy, night.day, outcome, night.ready_pack.id, await night.runs())

    async def _build(self, night: Night, restate_because: str | None) -> None:
        outcome = (await self._packs.build(night.policy, night.day, night.day, restate_because=restate_because))[0]
        if outcome.outcome == "closed":
            raise Skipped(outcome.reason or "no market was open")
        if outcome.outcome == "failed" or outcome.pack_id is None:
            raise Conflict(f"The pack of {night.day} could not be built: {outcome.reason}.", code="pricing_pack_error")
        async with self._tools.database.transaction(SYSTEM) as tx:
            verdict = await verify_pack(tx, outcome.pack_id)
            if not verdict.is_intact:
                reason = "its contents are not what it was sealed with"
                await packs_store.withhold_pack(tx, outcome.pack_id, reason, self._tools.clock.now())
            night.pack = await packs_store.find_pack(tx, outcome.pack_id)
        if not verdict.is_intact:
            raise Conflict(f"Pack {outcome.pack_id} is damaged: {reason}.", remedy="Restore it from a backup.", code="pricing_pack_error")

    async def _check_prices(self, night: Night) -> None:
        pack = night.ready_pack
        async with self._tools.database.transaction(SYSTEM) as tx:
            doubts = await check_prices(tx, pack.policy, pack.date, self._tools.clock.now())
            if doubts:
                listed = "; ".join(f"{one.symbol}: {one.finding}" for one in doubts[:_SOME])
                reason = f"{len(doubts)} prices are doubtful: {listed}"
                await packs_store.withhold_pack(tx, pack.id, reason, self._tools.clock.now())
        if doubts:
            raise Conflict(
                f"Pack {pack.id} is not served: {reason}.",
                remedy="Decide each with 'dawsos prices accept' or 'dawsos prices quarantine', then run the night again.",
                code="price_doubtful",
            )

    async def _reconcile(self, night: Night) -> None:
        pack = night.ready_pack
        async with self._tools.database.transaction(SYSTEM, read_only=True) as tx:
            contents = await read_pack(tx, pack.id)
            total = await store.count_portfolios(tx, pack.policy)
        market = PackMarket.of(contents)
        beancount = self._beancount if total <= self._rules.independent_up_to else None
        failed: list[Reconciliation] = []
        worst = Decimal(0)

        async def compare(tx: DatabaseTransaction, block: Sequence[Pins]) -> list[str]:
            nonlocal worst
            found = await reconcile_block(tx, market, block, beancount=beancount, moment=self._tools.clock.now())
            failed.extend(one for one in found if not one.passed)
            worst = max([worst, *(one.error_bps for one in found if one.error_bps is not None)])
            return [_said(one) for one in found if not one.passed]

        await self._in_blocks(night, "reconcile_ledger", compare)
        await self._note_reconciliation(contents, failed, worst)

    async def _note_reconciliation(self, contents: PackContents, failed: Sequence[Reconciliation], worst: Decimal) -> None:
        pack, moment = contents.pack, self._tools.clock.now()
        reason = f"{len(failed)} ledgers disagree with the database"
        async with self._tools.database.transaction(SYSTEM) as tx:
            await packs_store.note_reconciliation(tx, pack.id, passed=not failed, error_bps=worst, moment=moment)
            if failed:
                await packs_store.withhold_pack(tx, pack.id, reason, moment)
        self._tools.meters.reconciliation_error.labels(pack.policy).set(float(worst))
        if failed:
            raise Conflict(
                f"Under {pack.id} {reason}.",
                remedy="See 'dawsos reconcile --portfolio NAME' for what differs and why.",
                code="reconciliation_failed",
            )

    async def _daily_metrics(self, night: Night) -> None:
        market: NightMarket | None = None

        async def load(tx: DatabaseTransaction) -> NightMarket | None:
            nonlocal market
            market = market or await load_market(tx, night.policy, night.ready_pack)
            return market

        async def refresh(tx: DatabaseTransaction, block: Sequence[Pins]) -> list[str]:
            return await refresh_block(tx, load, block, self._tools.clock.now())

        await self._in_blocks(night, "compute_daily_metrics", refresh)

    async def _prewarm(self, night: Night, job: str) -> None:
        registered = self._prewarms.get(job, ())
        if not registered:
            raise Skipped("nothing is registered for this step")

        async def warm(_: DatabaseTransaction, block: Sequence[Pins]) -> list[str]:
            return [warning for prewarm in registered for warning in await prewarm(self._tools, block)]

        await self._in_blocks(night, job, warm)

    async def _mark_fresh(self, night: Night, *, releases_earlier: bool) -> None:
        pack, moment = night.ready_pack, self._tools.clock.now()
        async with self._tools.database.transaction(SYSTEM) as tx:
            earlier = await packs_store.warming_packs(tx, pack.policy, pack.date) if releases_earlier else []
            await packs_store.release_packs(tx, [one for one in earlier if one != pack.id], prewarm_done=False, moment=moment)
            await packs_store.release_packs(tx, [pack.id], prewarm_done=True, moment=moment)
        async with self._tools.database.transaction(SYSTEM) as tx:
            await sum_up_changes(tx)

    async def _in_blocks(self, night: Night, job: str, work: BlockWork) -> None:
        """Work through the portfolios of the policy, a block in a transaction, so that what is done stays done."""
        done, after = 0, None
        async with self._tools.database.transaction(SYSTEM, read_only=True) as tx:
            total = await store.count_portfolios(tx, night.policy)
        while True:
            async with self._tools.database.transaction(SYSTEM) as tx:
                await store.lock_step(tx, night.policy, job)
                block = await pinned_block(tx, night.ready_pack, after=after, limit=self._rules.portfolios_at_once)
                if not block:
                    return
                night.warnings += await work(tx, block)
                done, after = done + len(block), block[-1].portfolio.id
                await night.note_progress(tx, job, done, total)


async def pinned_block(tx: DatabaseTransaction, pack: PackRecord, *, after: UUID | None, limit: int) -> list[Pins]:
    """The next portfolios of the pack's policy, each pinned to the pack and to its ledger as it stands."""
    portfolios = await store.block_of_portfolios(tx, pack.policy, after=after, limit=limit)
    heads = await ledger_store.ledger_heads(tx, [one.id for one in portfolios])
    pins = []
    for one in portfolios:
        head = heads.get(one.id)
        ledger = LedgerPin(head.sequence, head.ledger_commit_hash or EMPTY_LEDGER_HASH) if head else LedgerPin(0, EMPTY_LEDGER_HASH)
        pins.append(Pins(one, pack, ledger))
    return pins


def _said(one: Reconciliation) -> str:
    first = one.discrepancies[0]
    return f"{one.pins.portfolio.id}: {len(one.discrepancies)} differences, the first {first.kind} {first.subject}: {first.probable_cause}"
