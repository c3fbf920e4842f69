"""What the sales of a year realised, lot by lot."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from dawsos.agents.financial_analyst.taxes import LookedAt, TaxYearRequest, looked_at, realised_of
from dawsos.compute.tax.realised import TaxedLot
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Days, Money, Quantity
from dawsos.services.context import RequestContext


class ClosedLot(Contract):
    """A lot closed by a sale. ``taxable_gain`` = ``gain`` + ``disallowed``; money is in base currency at the rates of the trades."""

    closing_id: UUID
    lot_id: UUID
    security_id: UUID
    symbol: str
    acquisition_date: date
    disposal_date: date
    holding_days: Annotated[int, Days]
    term: Literal["short", "long"]
    quantity: Annotated[Decimal, Quantity]
    proceeds: Annotated[Decimal, Money("currency")]
    cost: Annotated[Decimal, Money("currency")]
    gain: Annotated[Decimal, Money("currency")]
    disallowed: Annotated[Decimal, Money("currency")]
    taxable_gain: Annotated[Decimal, Money("currency")]


class RealizedGains(Contract):
    """Every lot closed in the year, by date."""

    tax_year: Annotated[int, Count]
    currency: str
    lots: tuple[ClosedLot, ...]
    num_lots: Annotated[int, Count]
    total_gain: Annotated[Decimal, Money("currency")]
    total_taxable_gain: Annotated[Decimal, Money("currency")]
    other_ledgers: tuple[LookedAt, ...]
    warnings: tuple[str, ...]


@capability(
    name="tax.realized_gains",
    rights=("portfolio_read",),
    ttl=300,
    repeatable=True,
    example={"portfolio_id": "01900000-0000-7000-8000-000000000001", "tax_year": 2021},
)
async def tax_realized_gains(context: RequestContext, request: TaxYearRequest) -> RealizedGains:
    """Gains and losses of the lots sold in a calendar year, by term, after wash sales over all portfolios of the owner."""
    year, currency, found = await realised_of(context, request)
    lots = tuple(_lot(each, found.symbols[each.lot.security_id]) for each in found.gains.lots)
    return RealizedGains(
        tax_year=year,
        currency=currency,
        lots=lots,
        num_lots=len(lots),
        total_gain=sum((each.gain for each in lots), Decimal(0)),
        total_taxable_gain=found.gains.net,
        other_ledgers=looked_at(found.others),
        warnings=found.warnings,
    )


def _lot(taxed: TaxedLot, symbol: str) -> ClosedLot:
    return ClosedLot(
        closing_id=taxed.lot.id,
        lot_id=taxed.lot.lot_id,
        security_id=taxed.lot.security_id,
        symbol=symbol,
        acquisition_date=taxed.lot.acquired,
        disposal_date=taxed.lot.sold,
        holding_days=taxed.holding_days,
        term=taxed.term,
        quantity=taxed.lot.quantity,
        proceeds=taxed.lot.proceeds,
        cost=taxed.lot.cost,
        gain=taxed.gain,
        disallowed=taxed.disallowed,
        taxable_gain=taxed.taxable_gain,
    )
