"""How the securities of a portfolio divide up by sector."""

from decimal import Decimal
from typing import Annotated

from dawsos.agents.financial_analyst.positions import ValuedPositions
from dawsos.compute.valuation.allocation import sector_allocation
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Fraction, Money
from dawsos.services.context import RequestContext


class SectorAllocationRequest(Contract):
    """Positions as ``pricing.apply_pack`` gives them."""

    valued_positions: ValuedPositions


class Sector(Contract):
    """One sector; ``weight`` is of all priced securities."""

    sector: str
    market_value: Annotated[Decimal, Money("currency")]
    weight: Annotated[float | None, Fraction]
    count: Annotated[int, Count]


class SectorAllocation(Contract):
    """Sectors, the largest first; their values sum to ``total_value``. Securities without a sector are ``Unclassified``."""

    sectors: tuple[Sector, ...]
    num_sectors: Annotated[int, Count]
    total_value: Annotated[Decimal, Money("currency")]
    unpriced: Annotated[int, Count]
    currency: str
    reasons: dict[str, str]


@capability(
    name="portfolio.sector_allocation",
    rights=("portfolio_read",),
    ttl=300,
    repeatable=True,
    example={
        "valued_positions": {
            "positions": [],
            "nav": "0",
            "cash": "0",
            "securities_value": "0",
            "total_cost_base": "0",
            "unrealized_pl": "0",
            "unrealized_pl_pct": None,
            "unrealized_pl_price": "0",
            "unrealized_pl_fx": "0",
            "currency": "CAD",
            "asof_date": "2022-12-28",
            "pricing_pack_id": "PP_2022-12-28",
            "coverage": 1.0,
            "warnings": [],
            "reasons": {"unrealized_pl_pct": "nothing is held"},
        }
    },
)
async def portfolio_sector_allocation(context: RequestContext, request: SectorAllocationRequest) -> SectorAllocation:
    """Securities by sector of the master data; cash is left out."""
    valued = request.valued_positions
    allocation = sector_allocation(valued)
    context.provenance.note(source="securities", asof=valued.asof_date, method_version="allocation/1", origin="computed")
    reasons = {}
    if not allocation.total_value:
        reasons["sectors.weight"] = "no security is priced, so there is nothing to weigh by"
    if not allocation.groups:
        reasons["sectors"] = "none of the securities held has a value in the pricing pack" if allocation.unpriced else "no security is held"
    return SectorAllocation(
        sectors=tuple(
            Sector(sector=group.name, market_value=group.value, weight=group.weight, count=group.count) for group in allocation.groups
        ),
        num_sectors=len(allocation.groups),
        total_value=allocation.total_value,
        unpriced=allocation.unpriced,
        currency=valued.currency,
        reasons=reasons,
    )
