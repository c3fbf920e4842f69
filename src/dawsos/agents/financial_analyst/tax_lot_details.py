"""Open lots as a tax return sees them."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from dawsos.agents.financial_analyst.taxes import TaxSystem
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Days, Money, Quantity
from dawsos.services.context import RequestContext
from dawsos.services.taxes import open_tax_lots, rules_named


class LotDetailsRequest(Contract):
    """Which portfolio, by which rules."""

    portfolio_id: UUID
    tax_system: TaxSystem = "US"


class TaxLot(Contract):
    """An open lot with its term today and the days until it is long-term; money in base currency."""

    lot_id: UUID
    security_id: UUID
    symbol: str
    acquisition_date: date
    holding_days: Annotated[int, Days]
    term: Literal["short", "long"]
    days_to_long_term: Annotated[int, Days]
    qty_open: Annotated[Decimal, Quantity]
    cost_basis_base: Annotated[Decimal, Money("currency")]
    market_value: Annotated[Decimal | None, Money("currency")]
    unrealized_pl: Annotated[Decimal | None, Money("currency")]
    reasons: dict[str, str]


class TaxLots(Contract):
    """Open lots by symbol and date."""

    currency: str
    lots: tuple[TaxLot, ...]
    num_lots: Annotated[int, Count]


@capability(
    name="tax.lot_details",
    rights=("portfolio_read",),
    ttl=300,
    repeatable=True,
    example={"portfolio_id": "01900000-0000-7000-8000-000000000001"},
)
async def tax_lot_details(context: RequestContext, request: LotDetailsRequest) -> TaxLots:
    """Every open lot with its holding period, cost and unrealised gain at the pinned prices."""
    pins = context.pinned(request.portfolio_id)
    lots = tuple(
        TaxLot(
            lot_id=each.lot_id,
            security_id=each.security_id,
            symbol=each.symbol,
            acquisition_date=each.acquired,
            holding_days=each.holding_days,
            term="long" if each.is_long_term else "short",
            days_to_long_term=each.days_to_long_term,
            qty_open=each.quantity,
            cost_basis_base=each.cost,
            market_value=each.market_value,
            unrealized_pl=each.unrealized_pl,
            reasons={}
            if each.market_value is not None
            else dict.fromkeys(("market_value", "unrealized_pl"), "no price or rate in the pack"),
        )
        for each in await open_tax_lots(context, rules=rules_named(request.tax_system))
    )
    return TaxLots(currency=pins.portfolio.base_currency, lots=lots, num_lots=len(lots))
