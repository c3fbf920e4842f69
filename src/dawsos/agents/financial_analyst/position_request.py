"""What every question about one position takes, and finding the position in what was computed."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from dawsos.compute.ledger.segments import Instrument
from dawsos.kernel.errors import NotFound
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count
from dawsos.services.metrics import STANDARD_LOOKBACK

EXAMPLE = {
    "portfolio_id": "01900000-0000-7000-8000-000000000001",
    "security_id": "01900000-0000-7000-8000-000000000002",
}
NEVER_HELD = "the security was not held in this window"


class PositionRequest(Contract):
    """Which position, and how many daily returns to look back on."""

    portfolio_id: UUID
    security_id: UUID
    pack_id: str | None = None
    lookback_days: Annotated[int, Count, Field(ge=1, le=10_000)] = STANDARD_LOOKBACK


def place_of(security_id: UUID, instruments: tuple[Instrument, ...]) -> int | None:
    """Where the security stands among ``instruments``; None when it is not there."""
    return next((place for place, one in enumerate(instruments) if one.security_id == security_id), None)


def not_held(security_id: UUID) -> NotFound:
    """The portfolio holds nothing of the security."""
    return NotFound(
        f"The portfolio holds no security {security_id} on this date.",
        remedy="ledger.positions lists what it holds.",
        code="position_not_found",
        details={"security_id": str(security_id)},
    )
