"""The gains of a year in a few sums."""

from decimal import Decimal
from typing import Annotated

from dawsos.agents.financial_analyst.taxes import TaxYearRequest, Term, realised_of, term_of
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Money
from dawsos.services.context import RequestContext


class TaxSummary(Contract):
    """Both terms and the net; ``included`` is the part of the net that is taxed (half of it in Canada)."""

    tax_year: Annotated[int, Count]
    currency: str
    short_term: Term
    long_term: Term
    net: Annotated[Decimal, Money("currency")]
    included: Annotated[Decimal, Money("currency")]
    warnings: tuple[str, ...]


@capability(
    name="tax.summary",
    rights=("portfolio_read",),
    ttl=300,
    repeatable=True,
    example={"portfolio_id": "01900000-0000-7000-8000-000000000001", "tax_year": 2021},
)
async def tax_summary(context: RequestContext, request: TaxYearRequest) -> TaxSummary:
    """Gains, losses and disallowed losses of a calendar year by term."""
    year, currency, found = await realised_of(context, request)
    return TaxSummary(
        tax_year=year,
        currency=currency,
        short_term=term_of(found.gains.short),
        long_term=term_of(found.gains.long),
        net=found.gains.net,
        included=found.gains.included,
        warnings=found.warnings,
    )
