"""One figure for the quality of a company, or of everything a portfolio holds."""

from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from dawsos.compute.ratings.aggregate import portfolio_rating
from dawsos.compute.ratings.scoring import Rating
from dawsos.kernel.errors import Invalid
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Fraction, Money, Score
from dawsos.services.context import RequestContext
from dawsos.services.ratings import RatedSecurity, rated_securities

#: The type of rating behind each figure.
_KINDS: Final = {"moat_strength": "MOAT", "dividend_safety": "DIVIDEND_SAFETY", "resilience": "RESILIENCE"}


class RatedPosition(Contract):
    """A holding: cash has no security and is not rated; without a value it weighs nothing."""

    security_id: UUID | None
    market_value: Annotated[Decimal | None, Money("base_currency")]
    base_currency: str


class AggregateRequest(Contract):
    """One security, or positions as ``pricing.apply_pack`` gives them."""

    security_id: UUID | None = None
    positions: tuple[RatedPosition, ...] | None = None


class CompanyRating(Contract):
    """One company: each rating 0–10, and all of them 0–100 with a grade."""

    security_id: UUID
    symbol: str
    overall: Annotated[float | None, Score]
    grade: str | None
    moat_strength: Annotated[float | None, Score]
    dividend_safety: Annotated[float | None, Score]
    resilience: Annotated[float | None, Score]
    missing: tuple[str, ...]
    reasons: dict[str, str]


class Aggregate(Contract):
    """The companies, and their average by market value. ``covered`` is the share of the value of all securities that is rated."""

    overall: Annotated[float | None, Score]
    grade: str | None
    moat_strength: Annotated[float | None, Score]
    dividend_safety: Annotated[float | None, Score]
    resilience: Annotated[float | None, Score]
    covered: Annotated[float, Fraction]
    companies: tuple[CompanyRating, ...]
    reasons: dict[str, str]


@capability(
    name="ratings.aggregate",
    rights=("fundamentals_read",),
    ttl=3600,
    repeatable=True,
    example={"security_id": "01900000-0000-7000-8000-000000000001"},
)
async def ratings_aggregate(context: RequestContext, request: AggregateRequest) -> Aggregate:
    """Moat, dividend safety and resilience as one figure from 0 to 100: of one company, or by value over a portfolio's."""
    if (request.security_id is None) == (request.positions is None):
        raise Invalid("Name either a security or positions.", remedy="Give 'security_id' or 'positions'.")
    held: dict[UUID, float] = {}
    if request.security_id is not None:
        held[request.security_id] = 1.0
    for position in request.positions or ():
        if position.security_id is not None and position.market_value is not None and position.market_value > 0:
            held[position.security_id] = held.get(position.security_id, 0.0) + float(position.market_value)
    rated = await rated_securities(context, held.keys())
    whole = portfolio_rating([(held[key], each.overall, list(each.ratings.values())) for key, each in rated.items()])
    found = {name: whole.by_type.get(kind) for name, kind in _KINDS.items()}
    nothing = "nothing held is rated" if request.positions is not None else "the company is not rated"
    if rated and not any(each.ratings for each in rated.values()):
        nothing = f"{nothing}: there is no rubric in use"
    facts: dict[str, object] = {"overall": whole.score, "grade": whole.grade, **found}
    return Aggregate(
        overall=whole.score,
        grade=whole.grade,
        **found,
        covered=whole.covered,
        companies=tuple(sorted((_company(each) for each in rated.values()), key=lambda each: each.symbol)),
        reasons={name: nothing for name, value in facts.items() if value is None},
    )


def _company(rated: RatedSecurity) -> CompanyRating:
    ratings = {name: rated.ratings.get(kind) for name, kind in _KINDS.items()}
    reasons = {name: _why_not(rating) for name, rating in ratings.items() if rating is None or rating.score is None}
    if rated.overall.score is None:
        reasons |= dict.fromkeys(("overall", "grade"), "no rating of the company could be made")
    return CompanyRating(
        security_id=rated.security.id,
        symbol=rated.security.symbol,
        overall=rated.overall.score,
        grade=rated.overall.grade,
        **{name: None if rating is None else rating.score for name, rating in ratings.items()},
        missing=tuple(dict.fromkeys(name for rating in ratings.values() if rating is not None for name in rating.missing)),
        reasons=reasons,
    )


def _why_not(rating: Rating | None) -> str:
    return "there is no rubric in use" if rating is None else rating.reason
