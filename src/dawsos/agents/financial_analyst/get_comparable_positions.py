"""Other securities of the same sector, and how they did."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from dawsos.agents.financial_analyst.portfolio_get_valued_positions import ValuedPositionsRequest, portfolio_get_valued_positions
from dawsos.agents.financial_analyst.position_request import EXAMPLE
from dawsos.kernel.errors import NotFound
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Fraction
from dawsos.services.comparables import YEAR, price_returns, same_sector
from dawsos.services.context import RequestContext
from dawsos.services.holdings import security_facts
from dawsos.services.market_sources import note_market_sources


class ComparablesRequest(Contract):
    """Compared with which security, and how many at most; without ``sector`` its own."""

    portfolio_id: UUID
    security_id: UUID
    sector: str | None = None
    limit: Annotated[int, Count, Field(ge=1, le=50)] = 5


class Comparable(Contract):
    """A security; ``weight`` is of NAV, ``return_1y`` of its price in its own currency, without dividends."""

    security_id: UUID
    symbol: str
    name: str | None
    security_type: str | None
    currency: str
    weight: Annotated[float | None, Fraction]
    return_1y: Annotated[float | None, Fraction]
    reasons: dict[str, str]


class Comparables(Contract):
    """Securities of the same sector and type, those held first, then by symbol; ``own_return_1y`` is of the security itself."""

    sector: str | None
    own_return_1y: Annotated[float | None, Fraction]
    comparables: tuple[Comparable, ...]
    reasons: dict[str, str]


@capability(name="get_comparable_positions", rights=("portfolio_read", "position_read"), ttl=300, repeatable=True, example=EXAMPLE)
async def get_comparable_positions(context: RequestContext, request: ComparablesRequest) -> Comparables:
    """Securities of the same sector in the master data: held or not, with the price return of the last year."""
    pins = context.pinned(request.portfolio_id)
    valued = await portfolio_get_valued_positions(context, ValuedPositionsRequest(portfolio_id=request.portfolio_id))
    known = await security_facts(context, {request.security_id})
    own = known.get(request.security_id)
    if own is None:
        raise NotFound(
            f"There is no security {request.security_id}.", remedy="ledger.positions lists those held.", code="security_not_found"
        )
    weights = {one.security_id: one.weight for one in valued.positions}
    found = [] if (request.sector or own.sector) is None else await same_sector(context, own, request.sector or own.sector)
    found.sort(key=lambda one: (one.id not in weights, one.symbol))
    found = found[: request.limit]
    returns = await price_returns(context, pins, [own, *found])
    context.provenance.note(source="securities", asof=pins.pack.date, method_version="price_return/1", origin="computed")
    await note_market_sources(context, pins)
    reasons = {"own_return_1y": f"no price of {own.symbol} {YEAR} and today"} if returns[own.id] is None else {}
    if not found:
        reasons["comparables"] = "the security has no sector" if own.sector is None else f"no other {own.sector} security is known"
    return Comparables(
        sector=request.sector or own.sector,
        own_return_1y=returns[own.id],
        comparables=tuple(
            Comparable(
                security_id=one.id,
                symbol=one.symbol,
                name=one.name,
                security_type=one.security_type,
                currency=one.currency,
                weight=weights.get(one.id),
                return_1y=returns[one.id],
                reasons=({} if weights.get(one.id) is not None else {"weight": "it is not held, or has no value"})
                | ({} if returns[one.id] is not None else {"return_1y": f"no price of {one.symbol} {YEAR} and today"}),
            )
            for one in found
        ),
        reasons=reasons,
    )
