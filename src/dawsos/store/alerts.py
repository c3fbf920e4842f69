"""Alerts: what users want to be told of. Every statement names the user, so that even background work sees only that user's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_statements: Final = load("alerts")


@dataclass(frozen=True, slots=True)
class AlertRecord:
    """An alert. Meanings: the comments of ``alerts``."""

    id: UUID
    portfolio_id: UUID | None
    portfolio_name: str | None
    name: str
    alert_type: str
    condition_json: Any
    severity: str
    notify_email: bool
    notify_inapp: bool
    cooldown_hours: int
    last_fired_at: datetime | None
    is_active: bool
    created_at: datetime
    updated_at: datetime


LIST_ALERTS = _statements.many("list_alerts", AlertRecord)
FIND_ALERT = _statements.optional("find_alert", AlertRecord)
COUNT_ALERTS = _statements.one("count_alerts", int)
ADD_ALERT = _statements.none("add_alert")
SET_ALERT_ACTIVE = _statements.none("set_alert_active")
DELETE_ALERT = _statements.none("delete_alert")


async def list_alerts(tx: DatabaseTransaction, user_id: UUID) -> list[AlertRecord]:
    """A user's alerts, the newest first."""
    return await tx.fetch_all(LIST_ALERTS, user_id=user_id)


async def find_alert(tx: DatabaseTransaction, alert_id: UUID, user_id: UUID) -> AlertRecord | None:
    """The user's alert with this id."""
    return await tx.fetch_one(FIND_ALERT, alert_id=alert_id, user_id=user_id)


async def count_alerts(tx: DatabaseTransaction, user_id: UUID) -> int:
    """How many alerts a user has."""
    return await tx.fetch_one(COUNT_ALERTS, user_id=user_id)


async def add_alert(
    tx: DatabaseTransaction,
    *,
    alert_id: UUID,
    user_id: UUID,
    portfolio_id: UUID | None,
    name: str,
    alert_type: str,
    condition: str,
    severity: str,
    channels: Sequence[str],
    notify_email: bool,
    notify_inapp: bool,
    cooldown_hours: int,
    moment: datetime,
) -> bool:
    """Keep an alert; False when one with this id is there already."""
    added = await tx.execute(
        ADD_ALERT,
        alert_id=alert_id,
        user_id=user_id,
        portfolio_id=portfolio_id,
        name=name,
        alert_type=alert_type,
        condition=condition,
        severity=severity,
        channels=list(channels),
        notify_email=notify_email,
        notify_inapp=notify_inapp,
        cooldown_hours=cooldown_hours,
        moment=moment,
    )
    return bool(added)


async def set_active(tx: DatabaseTransaction, alert_id: UUID, user_id: UUID, *, is_active: bool, moment: datetime) -> bool:
    """Switch an alert on or off; False when the user has none with this id."""
    return bool(await tx.execute(SET_ALERT_ACTIVE, alert_id=alert_id, user_id=user_id, is_active=is_active, moment=moment))


async def delete_alert(tx: DatabaseTransaction, alert_id: UUID, user_id: UUID) -> bool:
    """Delete an alert with everything that was still to be told of it; False when the user has none with this id."""
    return bool(await tx.execute(DELETE_ALERT, alert_id=alert_id, user_id=user_id))
