"""What a portfolio holds, a row a security, as the night left it or as a later entry changed it."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Fraction, Money, Price, Quantity
from dawsos.services.context import RequestContext
from dawsos.services.derivations import get_or_compute
from dawsos.services.holdings_snapshot import HOLDINGS


class HoldingsRequest(Contract):
    """Which portfolio; ``pack_id`` must be the pack the request is pinned to."""

    portfolio_id: UUID
    pack_id: str | None = None


class HeldPosition(Contract):
    """A security: cost and price in its own currency, value and result in the portfolio's; ``weight`` is of NAV, cash included.

    A null price or value has its cause in ``reason``, and so has a price that was carried forward.
    """

    security_id: UUID
    symbol: str
    quantity: Annotated[Decimal, Quantity]
    cost_basis: Annotated[Decimal | None, Money("currency")]
    current_price: Annotated[Decimal | None, Price("currency")]
    market_value: Annotated[Decimal | None, Money("base_currency")]
    unrealized_pl: Annotated[Decimal | None, Money("base_currency")]
    weight: Annotated[float | None, Fraction]
    currency: str
    base_currency: str
    reason: str | None


class PortfolioHoldings(Contract):
    """Every security, the largest first; ``nav = cash + securities_value``."""

    positions: tuple[HeldPosition, ...]
    total_positions: Annotated[int, Count]
    nav: Annotated[Decimal | None, Money("base_currency")]
    cash: Annotated[Decimal | None, Money("base_currency")]
    securities_value: Annotated[Decimal | None, Money("base_currency")]
    unrealized_pl: Annotated[Decimal | None, Money("base_currency")]
    base_currency: str
    asof_date: date
    pricing_pack_id: str
    reasons: dict[str, str]


@capability(
    name="portfolio.holdings",
    rights=("portfolio_read",),
    ttl=300,
    repeatable=True,
    example={"portfolio_id": "01900000-0000-7000-8000-000000000001"},
)
async def portfolio_holdings(context: RequestContext, request: HoldingsRequest) -> PortfolioHoldings:
    """Quantity, cost, price, value and result of every security held, without lots: for lists, where the whole valuation is too much."""
    pins = context.pinned(request.portfolio_id, request.pack_id)
    found = (await get_or_compute(HOLDINGS, context, {})).value
    context.provenance.note(source="ledger", asof=pins.pack.date)
    for one in found.positions:
        if one.market_value is None and one.reason:
            context.provenance.note(warning=one.reason)
    names = [name for name in HeldPosition.model_fields if name != "base_currency"]
    return PortfolioHoldings(
        positions=tuple(
            HeldPosition(base_currency=found.base_currency, **{name: getattr(one, name) for name in names}) for one in found.positions
        ),
        **{name: getattr(found, name) for name in PortfolioHoldings.model_fields if name != "positions"},
    )
