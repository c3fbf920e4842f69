"""Earnings dates of what a portfolio holds: none, until a source of them is connected."""

from datetime import date
from typing import Annotated
from uuid import UUID

from dawsos.agents.data_harvester.corporate_actions.corporate_actions_upcoming import NO_EARNINGS
from dawsos.agents.data_harvester.corporate_actions.shapes import EXAMPLE, AheadRequest
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count
from dawsos.services.context import RequestContext


class Release(Contract):
    """The day a company tells its earnings."""

    security_id: UUID
    symbol: str
    release_date: date


class Earnings(Contract):
    """Releases by date. ``data_available`` is false as long as no source of them is connected, which ``message`` says."""

    releases: tuple[Release, ...]
    count: Annotated[int | None, Count]
    data_available: bool
    message: str
    reasons: dict[str, str]


@capability(name="corporate_actions.earnings", rights=("portfolio_read",), ttl=3600, repeatable=True, example=EXAMPLE)
async def corporate_actions_earnings(context: RequestContext, request: AheadRequest) -> Earnings:
    """No earnings date is known to any source that is connected, and none is made up: the list is empty and says why."""
    pins = context.pinned(request.portfolio_id)
    context.provenance.note(asof=pins.pack.date, origin="computed", warning=f"Earnings dates: {NO_EARNINGS}.")
    message = f"{NO_EARNINGS[0].upper()}{NO_EARNINGS[1:]}; those that are do not tell them."
    return Earnings(releases=(), count=None, data_available=False, message=message, reasons={"count": NO_EARNINGS})
