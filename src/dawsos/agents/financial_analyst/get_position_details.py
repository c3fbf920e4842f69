"""One holding: what it is, what it is worth, and its lots."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from dawsos.agents.financial_analyst.portfolio_get_valued_positions import ValuedPositionsRequest, portfolio_get_valued_positions
from dawsos.agents.financial_analyst.position_request import EXAMPLE, not_held
from dawsos.agents.financial_analyst.positions import PricedLot, PricedPosition
from dawsos.compute.valuation.holding import average_cost, holding_days
from dawsos.compute.valuation.records import PriceStatus
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Days, ExchangeRate, Fraction, Money, Price, Quantity
from dawsos.services.context import RequestContext


class PositionDetailsRequest(Contract):
    """Which position; ``pack_id`` must be the pack the request is pinned to."""

    portfolio_id: UUID
    security_id: UUID
    pack_id: str | None = None


class PositionDetails(Contract):
    """The position as a pack values it; ``avg_cost`` is the remaining cost per unit, in its own currency.

    ``holding_days`` counts from the oldest open lot to the pack's date. ``is_equity`` says whether company figures apply to it.
    """

    security_id: UUID
    symbol: str
    name: str | None
    asset_class: str | None
    is_equity: bool
    sector: str | None
    currency: str
    base_currency: str
    quantity: Annotated[Decimal, Quantity]
    avg_cost: Annotated[Decimal | None, Price("currency")]
    cost_basis: Annotated[Decimal | None, Money("currency")]
    cost_basis_base: Annotated[Decimal | None, Money("base_currency")]
    current_price: Annotated[Decimal | None, Price("currency")]
    price_date: date | None
    stale_days: Annotated[int | None, Days]
    fx_rate: Annotated[Decimal | None, ExchangeRate]
    value_local: Annotated[Decimal | None, Money("currency")]
    market_value: Annotated[Decimal | None, Money("base_currency")]
    weight: Annotated[float | None, Fraction]
    unrealized_pl: Annotated[Decimal | None, Money("base_currency")]
    unrealized_pl_pct: Annotated[float | None, Fraction]
    unrealized_pl_price: Annotated[Decimal | None, Money("base_currency")]
    unrealized_pl_fx: Annotated[Decimal | None, Money("base_currency")]
    acquisition_date: date | None
    holding_days: Annotated[int | None, Days]
    status: PriceStatus
    lots: tuple[PricedLot, ...]
    pricing_pack_id: str
    ledger_commit_hash: str
    asof_date: date
    reasons: dict[str, str]


@capability(name="get_position_details", rights=("portfolio_read", "position_read"), ttl=60, repeatable=True, example=EXAMPLE)
async def get_position_details(context: RequestContext, request: PositionDetailsRequest) -> PositionDetails:
    """The holding of one security: quantity, cost, price, rate, value, weight, unrealised result and lots."""
    pins = context.pinned(request.portfolio_id, request.pack_id)
    valued = await portfolio_get_valued_positions(context, ValuedPositionsRequest(portfolio_id=request.portfolio_id))
    found = next((position for position in valued.positions if position.security_id == request.security_id), None)
    if found is None:
        raise not_held(request.security_id)
    same = {
        name: getattr(found, name) for name in PositionDetails.model_fields if name in PricedPosition.model_fields and name != "reasons"
    }
    reasons = dict(found.reasons)
    if found.price is None and found.reason:
        reasons.setdefault("current_price", found.reason)
    if found.cost_basis is None:
        reasons.setdefault("avg_cost", reasons.get("cost_basis", "the lots are in several currencies"))
    return PositionDetails(
        **same,
        asset_class=found.security_type,
        is_equity=found.security_type == "EQUITY",
        avg_cost=average_cost(found.cost_basis, found.quantity),
        current_price=found.price,
        holding_days=holding_days(found.acquisition_date, pins.pack.date),
        pricing_pack_id=pins.pack.id,
        ledger_commit_hash=pins.ledger.commit_hash,
        asof_date=pins.pack.date,
        reasons=reasons,
    )
