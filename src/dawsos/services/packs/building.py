"""Builds packs for a range of dates: selects, checks coverage, writes and seals them, a batch of days per transaction."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from dawsos.kernel.clock import Clock
from dawsos.kernel.dates import days_from, is_weekday
from dawsos.kernel.errors import Conflict, InsufficientData, Invalid, NotFound
from dawsos.kernel.identity import SYSTEM
from dawsos.services.packs.content import PackContent, pack_id
from dawsos.services.packs.selection import Selector, timelines
from dawsos.services.rates import PIVOT
from dawsos.services.telemetry import Meters
from dawsos.store import observations, price_checks
from dawsos.store import packs as store
from dawsos.store.database import Database
from dawsos.store.packs import HeldSpan, PackRecord, PolicyRecord
from dawsos.store.transaction import DatabaseTransaction

#: Major currencies every pack can convert, whatever the portfolios hold today.
MAJORS: Final = frozenset({"USD", "EUR", "GBP", "JPY", "CHF", "CAD"})
_DAYS_PER_TRANSACTION: Final = 366
_LOOKBACK: Final = timedelta(days=45)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildRules:
    """What a pack must satisfy to be complete."""

    default_policy: str
    max_age_days: int
    coverage: float


@dataclass(frozen=True, slots=True)
class BuildOutcome:
    """What became of one date. ``outcome`` is built, unchanged, restated, closed (no market was open) or failed (with a reason)."""

    date: date
    outcome: str
    pack_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """A pack that is about to be written."""

    id: str
    content: PackContent
    edition: int
    revision: int
    replaces: PackRecord | None


class PackBuilder:
    """Builds the packs of one policy."""

    def __init__(self, database: Database, clock: Clock, meters: Meters, rules: BuildRules) -> None:
        self._database = database
        self._clock = clock
        self._meters = meters
        self._rules = rules

    async def build_day(self, policy: str, day: date, *, restate_because: str | None = None) -> BuildOutcome:
        """Build the pack of one date; a date on which nothing was traded is an error."""
        outcome = (await self.build(policy, day, day, restate_because=restate_because))[0]
        if outcome.outcome == "closed":
            raise InsufficientData(
                f"There are no prices of {day} under policy {policy}: {outcome.reason}.",
                remedy="Import prices with 'dawsos prices import FILE', or choose a trading day.",
                code="no_prices",
                details={"date": day.isoformat(), "policy": policy},
            )
        return outcome

    async def build(
        self,
        policy: str,
        first: date,
        last: date,
        *,
        restate_because: str | None = None,
        progress: Callable[[BuildOutcome], None] = lambda _: None,
    ) -> list[BuildOutcome]:
        """Build the pack of every day from ``first`` to ``last``.

        A complete pack with the same contents is left alone. One with other contents is a :class:`Conflict` unless ``restate_because``
        gives the reason for a restatement, which then supersedes it. Days are written in batches, each in one transaction: killed at any
        moment, a batch is there as a whole or not at all.
        """
        if last < first:
            raise Invalid(f"The range from {first} to {last} is empty.", remedy="Give the earlier date first.")
        outcomes: list[BuildOutcome] = []
        for start, end in _batches(first, last):
            async with self._database.transaction(SYSTEM) as tx:
                batch = await self._build_batch(tx, policy, start, end, restate_because)
            for outcome in batch:
                progress(outcome)
            outcomes += batch
        return outcomes

    async def _build_batch(
        self, tx: DatabaseTransaction, name: str, first: date, last: date, restate_because: str | None
    ) -> list[BuildOutcome]:
        policy = await store.lock_policy(tx, name)
        if policy is None:
            known = ", ".join(each.policy for each in await store.list_policies(tx)) or "none"
            raise NotFound(f"There is no pricing policy {name}.", remedy=f"Known policies: {known}.", code="policy_not_found")
        selector = await self._selector(tx, policy, first, last)
        held = await store.held_symbols(tx, name)
        existing = {pack.date: pack for pack in await store.packs_between(tx, name, first, last) if pack.status == "COMPLETE"}
        revisions = {day: pack.revision for day, pack in existing.items()}
        frontier = await store.pack_frontier(tx, name)
        outcomes: list[BuildOutcome] = []
        plans: list[_Plan] = []
        for day in days_from(first, last):
            content = selector.content(day, held=_held_on(held, day))
            reason = self._shortfall(content, held, day)
            current = existing.get(day)
            if not content.is_traded:
                if is_weekday(day) or first == last:
                    outcomes.append(BuildOutcome(day, "closed", reason="no market of this policy was open"))
            elif reason is not None:
                # A failed attempt leaves a row to look at, unless a complete pack of that day stands there already.
                failed_id = None if current else pack_id(day, name, 0, default_policy=self._rules.default_policy)
                outcomes.append(BuildOutcome(day, "failed", failed_id, reason))
            elif current is not None and current.superseded_by is None and current.hash == content.hash:
                outcomes.append(BuildOutcome(day, "unchanged", current.id))
            elif current is not None and restate_because is None:
                raise _would_change(current, content)
            else:
                revision = revisions[day] + 1 if current else 0
                identifier = pack_id(day, name, revision, default_policy=self._rules.default_policy)
                plans.append(_Plan(id=identifier, content=content, edition=_edition(frontier, day), revision=revision, replaces=current))
                outcomes.append(BuildOutcome(day, "restated" if current else "built", identifier))
        failed = [each for each in outcomes if each.outcome == "failed" and each.pack_id]
        await self._write(tx, policy, plans, failed, restate_because, frontier)
        for outcome in outcomes:
            self._meters.packs_built.labels(outcome.outcome).inc()
        return outcomes

    async def _selector(self, tx: DatabaseTransaction, policy: PolicyRecord, first: date, last: date) -> Selector:
        since = first - _LOOKBACK
        refused = await price_checks.quarantined(tx, policy.policy, since, last)
        observed = await observations.prices_between(tx, policy.price_sources, since, last)
        prices = [price for price in observed if (price.security_id, price.date, price.source) not in refused] if refused else observed
        needed = MAJORS | set(await store.currencies_in_use(tx, policy.policy, policy.price_sources))
        rates = await observations.rates_between(tx, policy.rate_sources, PIVOT, needed - {PIVOT}, since, last)
        return Selector(
            policy=policy.policy,
            listed=await observations.first_observed(tx, policy.price_sources),
            prices=timelines(prices, "symbol", policy.price_sources),
            rates=timelines(rates, "quote_ccy", policy.rate_sources),
            pivot=PIVOT,
            needed=needed,
            max_age=self._rules.max_age_days,
        )

    def _shortfall(self, content: PackContent, held: Sequence[HeldSpan], day: date) -> str | None:
        """Why the contents may not become a complete pack; None when they may."""
        unpriced = set(content.missing_symbols) & set(_held_on(held, day))
        if unpriced:
            return f"securities held have no price at most {self._rules.max_age_days} weekdays old: {', '.join(sorted(unpriced))}"
        if content.price_coverage < self._rules.coverage:
            missing = ", ".join(content.missing_symbols[:10])
            return f"only {content.price_coverage:.0%} of the securities are priced ({self._rules.coverage:.0%} needed); missing: {missing}"
        if content.rate_coverage < self._rules.coverage:
            return f"only {content.rate_coverage:.0%} of the exchange rates are there; missing: {', '.join(content.missing_currencies)}"
        return None

    async def _write(
        self,
        tx: DatabaseTransaction,
        policy: PolicyRecord,
        plans: Sequence[_Plan],
        failed: Sequence[BuildOutcome],
        restate_because: str | None,
        frontier: store.PackFrontier,
    ) -> None:
        moment = self._clock.now()
        days = [plan.content.date for plan in plans] + [each.date for each in failed]
        if days:
            await store.remove_unfinished(tx, policy.policy, days)
        for each in failed:
            await store.add_failed_pack(
                tx,
                each.pack_id or "",
                day=each.date,
                policy=policy.policy,
                edition=frontier.newest_edition,
                revision=0,
                reason=each.reason or "",
                moment=moment,
            )
        if not plans:
            return
        await store.add_packs(tx, _pack_rows(plans, policy, moment))
        await store.add_prices(tx, _price_rows(plans, policy, moment))
        await store.add_rates(tx, _rate_rows(plans))
        for plan in plans:
            if plan.replaces is not None:
                await store.supersede_pack(tx, plan.replaces.id, successor=plan.id, reason=restate_because or "", moment=moment)
        await store.complete_packs(tx, [plan.id for plan in plans], moment)


def _batches(first: date, last: date) -> Iterator[tuple[date, date]]:
    start = first
    while start <= last:
        end = min(last, start + timedelta(days=_DAYS_PER_TRANSACTION - 1))
        yield start, end
        start = end + timedelta(days=1)


def _held_on(held: Sequence[HeldSpan], day: date) -> list[str]:
    return [span.symbol for span in held if span.first_date <= day and (span.last_date is None or day < span.last_date)]


def _edition(frontier: store.PackFrontier, day: date) -> int:
    """A day after all others joins the newest edition; a change of an earlier day begins the next one."""
    if frontier.newest_date is None or day >= frontier.newest_date:
        return frontier.newest_edition
    return frontier.newest_edition + 1


def _would_change(current: PackRecord, content: PackContent) -> Conflict:
    return Conflict(
        f"Pricing pack {current.id} is complete, and today's observations would give it other contents.",
        remedy="Complete packs never change; restate it with --restate REASON.",
        code="pack_would_change",
        details={"pack_id": current.id, "hash": current.hash, "new_hash": content.hash},
    )


def _pack_rows(plans: Sequence[_Plan], policy: PolicyRecord, moment: datetime) -> Iterator[tuple[Any, ...]]:
    sources = json.dumps({"prices": policy.price_sources, "rates": policy.rate_sources})
    for plan in plans:
        content = plan.content
        yield (
            plan.id, content.date, policy.policy, plan.edition, plan.revision, content.hash, len(content.prices), len(content.rates),
            sources, moment,
        )  # fmt: skip


def _price_rows(plans: Sequence[_Plan], policy: PolicyRecord, moment: datetime) -> Iterator[tuple[Any, ...]]:
    for plan in plans:
        for p in plan.content.prices:
            yield (
                plan.id, p.security_id, p.date, p.open, p.high, p.low, p.close, p.volume, p.currency, p.source, p.stale_days,
                policy.dividend_adjusted, moment,
            )  # fmt: skip


def _rate_rows(plans: Sequence[_Plan]) -> Iterator[tuple[Any, ...]]:
    for plan in plans:
        for r in plan.content.rates:
            published = datetime(r.date.year, r.date.month, r.date.day, tzinfo=UTC)
            yield (plan.id, r.base_ccy, r.quote_ccy, r.rate, r.source, published, plan.content.policy)
