"""A user's own alerts: list them, create one, pause it, delete it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from dawsos.kernel.canonical import canonical_bytes
from dawsos.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from dawsos.kernel.identifiers import named
from dawsos.kernel.identity import Actor
from dawsos.services.alerts.conditions import KINDS, Condition, checked_condition, sentence_of
from dawsos.services.audit import NOWHERE, Origin, record
from dawsos.services.opening import unknown_portfolio
from dawsos.store import alerts as store
from dawsos.store import portfolios as portfolios_store
from dawsos.store import securities as securities_store
from dawsos.store.alerts import AlertRecord
from dawsos.store.database import Database
from dawsos.store.transaction import DatabaseTransaction

#: What somebody needs to change alerts, on every surface.
RIGHT: Final = "alerts_manage"
#: A user can keep this many.
MOST_ALERTS: Final = 500

Severity = Literal["info", "warning", "critical"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAlert:
    """An alert to be. ``portfolio_id`` is the portfolio it watches, for kinds of condition that watch one; ``name`` its user's own."""

    alert_type: str
    condition: Mapping[str, Any] = field(default_factory=dict)
    portfolio_id: UUID | None = None
    name: str | None = None
    severity: Severity = "warning"
    notify_inapp: bool = True
    notify_email: bool = False
    cooldown_hours: int = 24


@dataclass(frozen=True, slots=True)
class KeptAlert:
    """An alert as it is kept, what it watches in words, and whether this call made it."""

    alert: AlertRecord
    watches: str
    created: bool = False


async def list_alerts(database: Database, actor: Actor) -> list[KeptAlert]:
    """The actor's own alerts, the newest first."""
    user_id = _user(actor)
    async with database.transaction(actor, read_only=True) as tx:
        return [_kept(one) for one in await store.list_alerts(tx, user_id)]


async def create_alert(database: Database, actor: Actor, wanted: NewAlert, *, moment: datetime, origin: Origin = NOWHERE) -> KeptAlert:
    """Keep an alert of the actor's own. One that watches the same of the same portfolio is there already and is given back as it is.

    Raises :class:`Forbidden` for an actor without the right to, :class:`Invalid` for a condition that says nothing that could be watched,
    and :class:`NotFound` for a portfolio or security the actor has not.
    """
    user_id = _user(actor)
    condition = checked_condition(wanted.alert_type, wanted.condition)
    portfolio_id = _portfolio(wanted)
    alert_id = alert_identifier(user_id, portfolio_id, wanted.alert_type, condition)
    watches = sentence_of(wanted.alert_type, condition)
    async with database.transaction(actor) as tx:
        await _check_subject(tx, portfolio_id, condition)
        existing = await store.find_alert(tx, alert_id, user_id)
        if existing is not None:
            return _kept(existing)
        if await store.count_alerts(tx, user_id) >= MOST_ALERTS:
            raise Conflict(f"You have {MOST_ALERTS} alerts already.", remedy="Delete some you no longer need.", code="too_many_alerts")
        added = await store.add_alert(
            tx,
            alert_id=alert_id,
            user_id=user_id,
            portfolio_id=portfolio_id,
            name=wanted.name or watches,
            alert_type=wanted.alert_type,
            condition=canonical_bytes(dict(condition)).decode(),
            severity=wanted.severity,
            channels=_channels(wanted),
            notify_email=wanted.notify_email,
            notify_inapp=wanted.notify_inapp,
            cooldown_hours=wanted.cooldown_hours,
            moment=moment,
        )
        if added:
            changes = {"alert_type": wanted.alert_type, "condition": dict(condition), "portfolio_id": portfolio_id}
            await record(tx, actor, "create", "alert", entity_id=alert_id, changes=changes, moment=moment, origin=origin)
        kept = await store.find_alert(tx, alert_id, user_id)
    if kept is None:
        raise _unknown(alert_id)
    return _kept(kept, created=added)


async def set_active(
    database: Database, actor: Actor, alert_id: UUID, *, is_active: bool, moment: datetime, origin: Origin = NOWHERE
) -> KeptAlert:
    """Pause an alert or let it watch again; :class:`NotFound` when the actor has no such alert."""
    user_id = _user(actor)
    async with database.transaction(actor) as tx:
        if not await store.set_active(tx, alert_id, user_id, is_active=is_active, moment=moment):
            raise _unknown(alert_id)
        action = "resume" if is_active else "pause"
        await record(tx, actor, action, "alert", entity_id=alert_id, moment=moment, origin=origin)
        kept = await store.find_alert(tx, alert_id, user_id)
    if kept is None:
        raise _unknown(alert_id)
    return _kept(kept)


async def delete_alert(database: Database, actor: Actor, alert_id: UUID, *, moment: datetime, origin: Origin = NOWHERE) -> None:
    """Delete an alert; :class:`NotFound` when the actor has no such alert."""
    user_id = _user(actor)
    async with database.transaction(actor) as tx:
        if not await store.delete_alert(tx, alert_id, user_id):
            raise _unknown(alert_id)
        await record(tx, actor, "delete", "alert", entity_id=alert_id, moment=moment, origin=origin)


def alert_identifier(user_id: UUID, portfolio_id: UUID | None, alert_type: str, condition: Condition) -> UUID:
    """The same for the same user watching the same: an alert is kept once however often it is created."""
    return named("alert", user_id, portfolio_id or "", alert_type, canonical_bytes(dict(condition)).decode())


def _user(actor: Actor) -> UUID:
    if RIGHT not in actor.rights:
        raise Forbidden("You may not manage alerts.", remedy=f"Ask an administrator for a role with the right '{RIGHT}'.")
    if actor.user_id is None:
        raise Invalid("An alert belongs to a user.", remedy="Log in as the one who is to be told.")
    return actor.user_id


def _portfolio(wanted: NewAlert) -> UUID | None:
    """The portfolio the alert watches: none for kinds that watch the economy or a security."""
    if not KINDS[wanted.alert_type].about_portfolio:
        return None
    if wanted.portfolio_id is None:
        raise Invalid(
            f"An alert of the kind {wanted.alert_type} watches a portfolio, and none is named.", remedy="Name it with portfolio_id."
        )
    return wanted.portfolio_id


async def _check_subject(tx: DatabaseTransaction, portfolio_id: UUID | None, condition: Condition) -> None:
    if portfolio_id is not None and await portfolios_store.find_portfolio(tx, portfolio_id) is None:
        raise unknown_portfolio(portfolio_id)
    symbol = condition.get("symbol")
    if symbol is not None and not await securities_store.find_securities_by_symbol(tx, [str(symbol)]):
        raise NotFound(f"There is no security '{symbol}'.", remedy="List them with 'dawsos securities list'.", code="security_not_found")


def _channels(wanted: NewAlert) -> list[str]:
    return [name for name, used in (("inapp", wanted.notify_inapp), ("email", wanted.notify_email)) if used]


def _kept(alert: AlertRecord, *, created: bool = False) -> KeptAlert:
    kind = KINDS.get(alert.alert_type)
    return KeptAlert(alert, alert.name if kind is None else kind.sentence(alert.condition_json), created)


def _unknown(alert_id: UUID) -> NotFound:
    return NotFound(f"You have no alert {alert_id}.", remedy="GET /v1/alerts lists yours.", code="alert_not_found")
