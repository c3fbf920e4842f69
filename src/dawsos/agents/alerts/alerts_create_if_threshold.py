"""Keeps an alert when the news is serious enough."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Number
from dawsos.services.alerts.keeping import NewAlert, create_alert
from dawsos.services.audit import Origin
from dawsos.services.context import RequestContext


class SeenImpact(Contract):
    """The impact of news as ``news.compute_portfolio_impact`` gives it: ``largest_impact`` is that of the strongest article, 0 to 1."""

    largest_impact: Annotated[float | None, Number]
    reasons: dict[str, str]


class CreateIfThresholdRequest(Contract):
    """The portfolio, what the news means to it, and the impact from which on an alert is kept."""

    portfolio_id: UUID
    news_impact: SeenImpact
    threshold: Annotated[float, Number, Field(ge=0, le=1)] = 0.7


class AlertOutcome(Contract):
    """Whether an alert was made, which one watches it, and why; ``alert_id`` is null when nothing is watched."""

    alert_created: bool
    alert_id: UUID | None
    reason: str


@capability(
    name="alerts.create_if_threshold",
    rights=("portfolio_read", "alerts_manage"),
    ttl=0,
    example={
        "portfolio_id": "01900000-0000-7000-8000-000000000001",
        "news_impact": {"largest_impact": 0.2, "reasons": {}},
        "threshold": 0.7,
    },
)
async def alerts_create_if_threshold(context: RequestContext, request: CreateIfThresholdRequest) -> AlertOutcome:
    """Keep an alert of the actor's own on news of this impact, if an article reached it; asked again, it is there already."""
    pins = context.pinned(request.portfolio_id)
    largest, threshold = request.news_impact.largest_impact, request.threshold
    context.provenance.note(method_version="alerts/1", origin="computed")
    if largest is None:
        why = request.news_impact.reasons.get("largest_impact", "no article matters to a holding")
        return AlertOutcome(alert_created=False, alert_id=None, reason=why)
    if largest < threshold:
        return AlertOutcome(alert_created=False, alert_id=None, reason=f"The largest impact is {largest:.2f}, below {threshold:.2f}.")
    wanted = NewAlert(alert_type="news_impact", condition={"value": threshold}, portfolio_id=pins.portfolio.id)
    kept = await create_alert(context.database, context.actor, wanted, moment=context.clock.now(), origin=Origin(trace_id=context.trace_id))
    said = "An alert was created" if kept.created else "There is an alert already"
    return AlertOutcome(
        alert_created=kept.created,
        alert_id=kept.alert.id,
        reason=f"{said}: an article has an impact of {largest:.2f}, {threshold:.2f} or more.",
    )
