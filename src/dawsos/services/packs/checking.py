"""Looks at the prices of a day before they are relied on, and keeps what was decided about the doubtful ones."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

from dawsos.compute.valuation.price_checks import PriceDoubt, SeenPrice, doubts_about
from dawsos.kernel.clock import Clock
from dawsos.kernel.errors import Invalid, NotFound
from dawsos.kernel.identity import Actor
from dawsos.services.audit import record
from dawsos.store import packs as packs_store
from dawsos.store import price_checks as store
from dawsos.store import securities as securities_store
from dawsos.store.database import Database
from dawsos.store.price_checks import ObservationToCheck, PriceCheckRecord
from dawsos.store.transaction import DatabaseTransaction

#: How far back closes are compared; enough for ten trading days.
_LOOKBACK: Final = timedelta(days=21)

Decision = Literal["accepted", "quarantined"]


async def check_prices(tx: DatabaseTransaction, policy: str, day: date, moment: datetime) -> list[PriceCheckRecord]:
    """Apply every rule to the prices of ``day`` from the policy's sources; the doubts that are open now."""
    rules = await packs_store.find_policy(tx, policy)
    if rules is None:
        return []
    seen = await store.observations_to_check(tx, rules.price_sources, day - _LOOKBACK, day)
    await store.keep_checks(tx, policy, day, _rows(seen, policy, set(rules.price_sources), day, moment))
    return await store.list_checks(tx, policy, open_only=True, first=day, last=day)


def _rows(seen: list[ObservationToCheck], policy: str, sources: set[str], day: date, moment: datetime) -> Iterator[tuple[Any, ...]]:
    by_security: defaultdict[Any, defaultdict[str, list[ObservationToCheck]]] = defaultdict(lambda: defaultdict(list))
    for one in seen:
        by_security[one.security_id][one.source].append(one)
    for security_id, by_source in by_security.items():
        for source, own in by_source.items():
            if source not in sources or own[-1].date != day:
                continue
            others = [_price(theirs[-1]) for other, theirs in by_source.items() if other != source and theirs[-1].date == day]
            earlier = [_price(one) for one in own[:-1]]
            for doubt in _firsts(doubts_about(_price(own[-1]), others, earlier, security_type=own[-1].security_type)):
                compared, close = f"{doubt.compared.source} {doubt.compared.date}", doubt.seen.close
                yield (
                    policy, security_id, day, source, doubt.rule.value, close, compared, doubt.compared.close, doubt.finding, moment,
                )  # fmt: skip


def _firsts(doubts: list[PriceDoubt]) -> Iterator[PriceDoubt]:
    """One doubt a rule."""
    yield from {doubt.rule: doubt for doubt in reversed(doubts)}.values()


def _price(one: ObservationToCheck) -> SeenPrice:
    return SeenPrice(one.date, one.source, one.close)


async def list_checks(database: Database, actor: Actor, policy: str, *, open_only: bool = True) -> list[PriceCheckRecord]:
    """The doubts about prices of a policy."""
    async with database.transaction(actor, read_only=True) as tx:
        return await store.list_checks(tx, policy, open_only=open_only)


async def decide(
    database: Database, actor: Actor, policy: str, symbol: str, day: date, source: str, decision: Decision, *, note: str, clock: Clock
) -> None:
    """Accept a doubtful price, or quarantine it: then no pack built from now on uses it.

    Raises :class:`Invalid` without a note and :class:`NotFound` when there is no doubt about such a price.
    """
    if not note.strip():
        raise Invalid("A decision about a price needs a reason.", remedy="Give it with --note.")
    async with database.transaction(actor) as tx:
        found = await securities_store.find_securities_by_symbol(tx, [symbol])
        moment = clock.now()
        touched = 0
        if found:
            touched = await store.decide_check(tx, policy, found[0].id, day, source, status=decision, note=note, moment=moment)
        if not touched:
            raise NotFound(
                f"There is no doubt about a price of '{symbol}' of {day} from {source} under {policy}.",
                remedy="List the open ones with 'dawsos prices doubts'.",
                code="price_check_not_found",
            )
        changes = {"date": day, "source": source, "decision": decision, "note": note}
        await record(tx, actor, decision, "price", entity_ref=symbol, changes=changes, moment=moment)
