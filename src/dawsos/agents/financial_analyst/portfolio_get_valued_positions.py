"""What a portfolio holds, valued with the pinned pack, in one call."""

from uuid import UUID

from dawsos.agents.financial_analyst.ledger_positions import PositionsRequest, ledger_positions
from dawsos.agents.financial_analyst.positions import ValuedPositions
from dawsos.agents.financial_analyst.pricing_apply_pack import ApplyPackRequest, pricing_apply_pack
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.services.context import RequestContext


class ValuedPositionsRequest(Contract):
    """Which portfolio; ``pack_id`` must be the pack the request is pinned to."""

    portfolio_id: UUID
    pack_id: str | None = None


@capability(
    name="portfolio.get_valued_positions",
    rights=("portfolio_read",),
    ttl=60,
    repeatable=True,
    example={"portfolio_id": "01900000-0000-7000-8000-000000000001"},
)
async def portfolio_get_valued_positions(context: RequestContext, request: ValuedPositionsRequest) -> ValuedPositions:
    """Every position and lot of the portfolio at the pack's prices and rates; what has none says why."""
    held = await ledger_positions(context, PositionsRequest(portfolio_id=request.portfolio_id))
    return await pricing_apply_pack(context, ApplyPackRequest(positions=held.positions, pack_id=request.pack_id))
