"""Losses of a year that a repurchase disallows."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from dawsos.agents.financial_analyst.taxes import LookedAt, TaxYearRequest, looked_at, realised_of
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Money, Quantity
from dawsos.services.context import RequestContext


class WashSale(Contract):
    """``disallowed`` of the loss of a sale is added to the cost of the ``replacement_lot_id`` bought instead."""

    closing_id: UUID
    symbol: str
    disposal_date: date
    replacement_lot_id: UUID
    quantity: Annotated[Decimal, Quantity]
    disallowed: Annotated[Decimal, Money("currency")]


class WashSales(Contract):
    """All of the year, by date of sale."""

    tax_year: Annotated[int, Count]
    currency: str
    wash_sales: tuple[WashSale, ...]
    num_wash_sales: Annotated[int, Count]
    total_disallowed: Annotated[Decimal, Money("currency")]
    other_ledgers: tuple[LookedAt, ...]
    warnings: tuple[str, ...]


@capability(
    name="tax.wash_sales",
    rights=("portfolio_read",),
    ttl=300,
    repeatable=True,
    example={"portfolio_id": "01900000-0000-7000-8000-000000000001", "tax_year": 2021},
)
async def tax_wash_sales(context: RequestContext, request: TaxYearRequest) -> WashSales:
    """Losses disallowed because the same security was bought within 30 days before or after, in any portfolio of the owner."""
    year, currency, found = await realised_of(context, request)
    closed = {each.lot.id: each.lot for each in found.gains.lots}
    rows = tuple(
        WashSale(
            closing_id=each.closing_id,
            symbol=found.symbols[closed[each.closing_id].security_id],
            disposal_date=closed[each.closing_id].sold,
            replacement_lot_id=each.replacement_lot_id,
            quantity=each.quantity,
            disallowed=each.amount,
        )
        for each in found.gains.additions
    )
    rows = tuple(sorted(rows, key=lambda each: (each.disposal_date, each.symbol, str(each.closing_id), str(each.replacement_lot_id))))
    return WashSales(
        tax_year=year,
        currency=currency,
        wash_sales=rows,
        num_wash_sales=len(rows),
        total_disallowed=sum((each.disallowed for each in rows), Decimal(0)),
        other_ledgers=looked_at(found.others),
        warnings=found.warnings,
    )
