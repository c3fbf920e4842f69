"""The caller's own alerts: what there is, a new one, pausing and deleting."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends
from pydantic import Field, JsonValue
from starlette.responses import Response

from dawsos.api.call import Call, Needs
from dawsos.api.envelope import answer_of
from dawsos.api.routing import subject_router
from dawsos.api.texts import Name, Word
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count
from dawsos.services.alerts import keeping as service
from dawsos.services.alerts.keeping import KeptAlert, NewAlert

router = subject_router("alerts")

Keeper = Annotated[Call, Depends(Needs((service.RIGHT,)))]
Severity = Literal["info", "warning", "critical"]


class AlertWanted(Contract):
    """An alert to be. ``condition`` has the parts of its kind; others have their usual value. The name is the condition's unless given."""

    alert_type: Word
    condition: dict[str, JsonValue] = Field(default_factory=dict)
    portfolio_id: UUID | None = None
    name: Name | None = None
    severity: Severity = "warning"
    notify_inapp: bool = True
    notify_email: bool = False
    cooldown_hours: Annotated[int, Field(ge=0, le=8760), Count] = 24


class AlertChange(Contract):
    """False pauses the alert, true lets it watch again."""

    is_active: bool


class Alert(Contract):
    """An alert: ``watches`` is its condition in words. It is silent for ``cooldown_hours`` after it has fired."""

    id: UUID
    name: str
    watches: str
    alert_type: str
    condition: dict[str, JsonValue]
    portfolio_id: UUID | None
    portfolio_name: str | None
    severity: Severity
    notify_inapp: bool
    notify_email: bool
    cooldown_hours: Annotated[int, Count]
    is_active: bool
    last_fired_at: datetime | None
    created_at: datetime
    updated_at: datetime


class AlertDeleted(Contract):
    """The alert that is no more."""

    id: UUID


@router.get("/v1/alerts", response_model=answer_of(list[Alert]))
async def list_alerts(call: Keeper) -> Response:
    """The caller's alerts, the newest first."""
    found = await service.list_alerts(call.application.database, call.actor)
    return call.success([_alert(one) for one in found])


@router.post("/v1/alerts", response_model=answer_of(Alert), status_code=201)
async def create_alert(call: Keeper, wanted: AlertWanted) -> Response:
    """A new alert of the caller's own; 200 with the one there is when it watches the same already."""
    parts = call.application
    new = NewAlert(**dict(wanted))
    kept = await service.create_alert(parts.database, call.actor, new, moment=parts.clock.now(), origin=call.frame.origin)
    return call.success(_alert(kept), status_code=201 if kept.created else 200)


@router.patch("/v1/alerts/{alert_id}", response_model=answer_of(Alert))
async def change_alert(call: Keeper, alert_id: UUID, change: AlertChange) -> Response:
    """Pause one of the caller's alerts, or let it watch again."""
    parts = call.application
    kept = await service.set_active(
        parts.database, call.actor, alert_id, is_active=change.is_active, moment=parts.clock.now(), origin=call.frame.origin
    )
    return call.success(_alert(kept))


@router.delete("/v1/alerts/{alert_id}", response_model=answer_of(AlertDeleted))
async def delete_alert(call: Keeper, alert_id: UUID) -> Response:
    """Delete one of the caller's alerts."""
    parts = call.application
    await service.delete_alert(parts.database, call.actor, alert_id, moment=parts.clock.now(), origin=call.frame.origin)
    return call.success(AlertDeleted(id=alert_id))


def _alert(kept: KeptAlert) -> Alert:
    own = {"watches", "condition"}
    facts = {name: getattr(kept.alert, name) for name in Alert.model_fields if name not in own}
    return Alert(**facts, watches=kept.watches, condition=kept.alert.condition_json)
