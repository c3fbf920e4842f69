"""The shapes tax capabilities share: which year by which rules, terms and their sums, other ledgers looked at."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from dawsos.compute.tax.realised import TermTotal
from dawsos.kernel.ledger import LotMethod
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Money
from dawsos.services.context import RequestContext
from dawsos.services.taxes import OtherLedger, Realised, realised_in_year, rules_named

TaxSystem = Literal["US", "CA"]


class TaxYearRequest(Contract):
    """Which portfolio, which calendar year (that of the pack's date unless given), by which rules.

    ``lot_selection_method`` replays the ledger by another method than the portfolio's own, to compare.
    """

    portfolio_id: UUID
    tax_year: Annotated[int | None, Count, Field(ge=1990, le=2100)] = None
    lot_selection_method: LotMethod | None = None
    tax_system: TaxSystem = "US"


class LookedAt(Contract):
    """Another portfolio of the owner, whose purchases count as replacements, and the state of its ledger."""

    portfolio_id: UUID
    name: str
    ledger_commit_hash: str


class Term(Contract):
    """Sums over the lots closed of one term: gains − losses + disallowed = net."""

    count: Annotated[int, Count]
    proceeds: Annotated[Decimal, Money("currency")]
    cost: Annotated[Decimal, Money("currency")]
    gains: Annotated[Decimal, Money("currency")]
    losses: Annotated[Decimal, Money("currency")]
    disallowed: Annotated[Decimal, Money("currency")]
    net: Annotated[Decimal, Money("currency")]


def term_of(total: TermTotal) -> Term:
    """The sums of one term as they travel."""
    return Term(**{name: getattr(total, name) for name in Term.model_fields})


def looked_at(others: tuple[OtherLedger, ...]) -> tuple[LookedAt, ...]:
    """The other ledgers as they travel."""
    return tuple(LookedAt(portfolio_id=each.portfolio_id, name=each.name, ledger_commit_hash=each.ledger_commit_hash) for each in others)


async def realised_of(context: RequestContext, request: TaxYearRequest) -> tuple[int, str, Realised]:
    """The year asked for, the currency, and what was realised in it."""
    pins = context.pinned(request.portfolio_id)
    year = request.tax_year or pins.pack.date.year
    found = await realised_in_year(context, year, rules=rules_named(request.tax_system), method=request.lot_selection_method)
    return year, pins.portfolio.base_currency, found
