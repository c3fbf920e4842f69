"""Unrealised losses worth realising."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from dawsos.agents.financial_analyst.taxes import LookedAt, TaxSystem, looked_at
from dawsos.compute.tax.harvesting import Opportunity
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Fraction, Money, Quantity
from dawsos.services.context import RequestContext
from dawsos.services.taxes import harvesting, rules_named


class OpportunitiesRequest(Contract):
    """Which portfolio; the least loss worth a trade, in base currency, and what a unit of loss saves (the rules' rate unless given)."""

    portfolio_id: UUID
    min_loss_threshold: Annotated[Decimal, Money("base_currency"), Field(ge=0)] = Decimal(1000)
    tax_rate: Annotated[Decimal | None, Fraction, Field(ge=0, le=1)] = None
    avoid_wash_sales: bool = True
    tax_system: TaxSystem = "US"
    base_currency: str | None = None


class TaxLossOpportunity(Contract):
    """The losing lots of one security. A sale before ``blocked_until`` would be a wash sale; it may be bought again from the last date."""

    security_id: UUID
    symbol: str
    quantity: Annotated[Decimal, Quantity]
    lots: Annotated[int, Count]
    cost: Annotated[Decimal, Money("currency")]
    market_value: Annotated[Decimal, Money("currency")]
    loss: Annotated[Decimal, Money("currency")]
    short_term_loss: Annotated[Decimal, Money("currency")]
    long_term_loss: Annotated[Decimal, Money("currency")]
    benefit: Annotated[Decimal, Money("currency")]
    blocked_until: date | None
    buy_back_from: date
    reasons: dict[str, str]


class Opportunities(Contract):
    """Ranked by benefit. Blocked ones are listed apart; with ``avoid_wash_sales`` false they are ranked with the rest."""

    currency: str
    opportunities: tuple[TaxLossOpportunity, ...]
    blocked: tuple[TaxLossOpportunity, ...]
    num_opportunities: Annotated[int, Count]
    num_blocked: Annotated[int, Count]
    num_too_small: Annotated[int, Count]
    total_loss: Annotated[Decimal, Money("currency")]
    total_benefit: Annotated[Decimal, Money("currency")]
    other_ledgers: tuple[LookedAt, ...]
    unpriced: tuple[str, ...]


@capability(
    name="tax.rank_opportunities",
    rights=("portfolio_read",),
    ttl=300,
    repeatable=True,
    example={"portfolio_id": "01900000-0000-7000-8000-000000000001"},
)
async def tax_rank_opportunities(context: RequestContext, request: OpportunitiesRequest) -> Opportunities:
    """Securities whose losing lots are worth selling for tax, ranked by what that saves; wash sales are looked for in all portfolios."""
    pins = context.pinned(request.portfolio_id)
    rules = rules_named(request.tax_system)
    found = await harvesting(context, rules=rules, smallest_loss=request.min_loss_threshold, tax_rate=request.tax_rate)
    free, blocked = found.found.opportunities, found.found.blocked
    if not request.avoid_wash_sales:
        free, blocked = tuple(sorted((*free, *blocked), key=lambda each: (-each.benefit, each.symbol))), ()
    return Opportunities(
        currency=pins.portfolio.base_currency,
        opportunities=tuple(map(_opportunity, free)),
        blocked=tuple(map(_opportunity, blocked)),
        num_opportunities=len(free),
        num_blocked=len(blocked),
        num_too_small=found.found.too_small,
        total_loss=sum((each.loss for each in free), Decimal(0)),
        total_benefit=sum((each.benefit for each in free), Decimal(0)),
        other_ledgers=looked_at(found.others),
        unpriced=found.unpriced,
    )


def _opportunity(found: Opportunity) -> TaxLossOpportunity:
    facts = {name: getattr(found, name) for name in TaxLossOpportunity.model_fields if name not in {"lots", "reasons"}}
    reasons = {} if found.blocked_until else {"blocked_until": "no recent purchase stands in the way"}
    return TaxLossOpportunity(lots=len(found.lot_ids), reasons=reasons, **facts)
