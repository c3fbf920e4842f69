"""The queue of corporate actions: proposed by a source, decided by an operator, and what of it concerns a portfolio."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from dawsos.kernel.errors import Conflict, NotFound
from dawsos.kernel.identity import Actor
from dawsos.services.audit import NOWHERE, Origin, record
from dawsos.services.identifiers import Identifiers
from dawsos.services.opening import unknown_portfolio
from dawsos.store import corporate_actions as store
from dawsos.store import ledger as ledger_store
from dawsos.store.corporate_actions import ActionStatus, ActionType, ApplicationRecord, CorporateActionRecord
from dawsos.store.database import Database
from dawsos.store.portfolios import find_portfolio
from dawsos.store.transaction import DatabaseTransaction

URGENT_DAYS = 7
NO_SOURCE = (
    "No source has reported corporate actions of the securities held: propose them with 'dawsos corporate-actions propose', "
    "or configure a provider (see 'dawsos doctor')."
)


@dataclass(frozen=True, slots=True)
class QueuedAction:
    """A corporate action and where it stands in a portfolio: proposed, approved, applied or reversed."""

    action: CorporateActionRecord
    standing: str
    application: ApplicationRecord | None


@dataclass(frozen=True, slots=True)
class UpcomingActions:
    """What is to come for a portfolio; ``reason`` says why there is nothing to tell when ``data_available`` is False."""

    portfolio_id: UUID
    first: date
    last: date
    actions: tuple[QueuedAction, ...]
    data_available: bool
    reason: str | None
    sources: tuple[str, ...]

    @property
    def urgent(self) -> tuple[QueuedAction, ...]:
        """Those that take effect within a week."""
        return tuple(one for one in self.actions if one.action.ex_date <= self.first + timedelta(days=URGENT_DAYS))

    def count(self, *types: ActionType) -> int:
        """How many are of these types."""
        return sum(one.action.action_type in types for one in self.actions)


async def propose(
    tx: DatabaseTransaction, actor: Actor, actions: Iterable[CorporateActionRecord], *, identifiers: Identifiers
) -> tuple[CorporateActionRecord, ...]:
    """Put actions in the queue; those that were not there yet. The same one from a second source is not proposed twice."""
    moment = identifiers.clock.now()
    added = []
    for action in actions:
        if await store.propose(tx, action, moment=moment, user_id=actor.user_id):
            added.append(replace(action, status=ActionStatus.PROPOSED))
            changes = {"security": action.symbol, "type": action.action_type, "ex_date": action.ex_date, "source": action.source}
            await record(tx, actor, "propose", "corporate_action", entity_id=action.id, changes=changes, moment=moment)
    return tuple(added)


async def decide(
    database: Database, actor: Actor, action_id: UUID, status: ActionStatus, *, moment: datetime, origin: Origin = NOWHERE
) -> CorporateActionRecord:
    """Approve or reject a proposed action. Conflict when it was decided before, Forbidden unless ``actor`` is an operator."""
    async with database.transaction(actor) as tx:
        found = await existing(tx, action_id)
        if not await store.decide(tx, action_id, status, moment=moment, user_id=actor.user_id):
            raise Conflict(f"{name_of(found)} is {found.status} already.", remedy="Only a proposed one is decided.", code="action_decided")
        await record(tx, actor, status, "corporate_action", entity_id=action_id, moment=moment, origin=origin)
        return replace(found, status=status)


async def existing(tx: DatabaseTransaction, action_id: UUID) -> CorporateActionRecord:
    """The corporate action with this id, else :class:`NotFound`."""
    found = await store.find(tx, action_id)
    if found is None:
        raise NotFound(
            f"There is no corporate action {action_id}.",
            remedy="List them with 'dawsos corporate-actions list'.",
            code="corporate_action_not_found",
        )
    return found


async def upcoming(database: Database, actor: Actor, portfolio_id: UUID, *, first: date, days_ahead: int) -> UpcomingActions:
    """What takes effect from ``first`` on, within ``days_ahead`` days, of the securities the portfolio holds now."""
    last = first + timedelta(days=days_ahead)
    async with database.transaction(actor, read_only=True) as tx:
        if await find_portfolio(tx, portfolio_id) is None:
            raise unknown_portfolio(portfolio_id)
        held = sorted({lot.security_id for lot in await ledger_store.list_lots(tx, portfolio_id, open_only=True)})
        found = await store.between(tx, first, last, held)
        sources = await store.sources(tx, held)
        listed = queued(found, await store.list_applications(tx, portfolio_id))
    reason = None if sources else (NO_SOURCE if held else "The portfolio holds no securities.")
    return UpcomingActions(portfolio_id, first, last, listed, bool(sources), reason, tuple(sources))


async def queue(tx: DatabaseTransaction, portfolio_id: UUID, first: date, last: date) -> tuple[QueuedAction, ...]:
    """Every action between two dates of the securities a portfolio ever held, by date."""
    ever = sorted({lot.security_id for lot in await ledger_store.list_lots(tx, portfolio_id, open_only=False)})
    return queued(await store.between(tx, first, last, ever), await store.list_applications(tx, portfolio_id))


def name_of(action: CorporateActionRecord) -> str:
    """What an action is called in messages."""
    return f"The {action.action_type.value.replace('_', ' ').lower()} of {action.symbol} of {action.ex_date}"


def queued(found: Iterable[CorporateActionRecord], applications: Iterable[ApplicationRecord]) -> tuple[QueuedAction, ...]:
    """Each action with where it stands in the portfolio the applications are of."""
    newest: dict[UUID, ApplicationRecord] = {}
    for one in applications:
        newest.setdefault(one.corporate_action_id, one)
    return tuple(
        QueuedAction(action, applied.status if (applied := newest.get(action.id)) else action.status.value, applied) for action in found
    )


async def portfolio_queue(database: Database, actor: Actor, portfolio_id: UUID, first: date, last: date) -> tuple[QueuedAction, ...]:
    """:func:`queue` for somebody; NotFound when the actor has no such portfolio."""
    async with database.transaction(actor, read_only=True) as tx:
        if await find_portfolio(tx, portfolio_id) is None:
            raise unknown_portfolio(portfolio_id)
        return await queue(tx, portfolio_id, first, last)
