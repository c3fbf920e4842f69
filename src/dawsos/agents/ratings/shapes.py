"""The shapes ratings have on every surface."""

from typing import Annotated, Literal
from uuid import UUID

from dawsos.compute.ratings.inputs import INPUT_UNITS, MONEY_IN, InputUnit
from dawsos.compute.ratings.scoring import Rating
from dawsos.registry.contract import Contract
from dawsos.registry.units import Fraction, Score, UnitOf
from dawsos.services.ratings import RatedSecurity


class RatingRequest(Contract):
    """Which security; it is judged by what was public on the date of the pricing pack."""

    security_id: UUID


class RatingComponent(Contract):
    """One criterion of the rubric: what was judged, its score 0–10, its weight, and a remark; nulls are explained in ``reason``.

    ``currency`` is that of a value that is an amount, null of others.
    """

    name: str
    source: str
    value: Annotated[float | None, UnitOf("unit")]
    unit: InputUnit
    currency: str | None
    score: Annotated[float | None, Score]
    weight: Annotated[float, Fraction]
    reason: str | None


class SecurityRating(Contract):
    """A rating from 0 to 10; null unless ``status`` is ``rated``. ``missing`` names the inputs that are not known."""

    security_id: UUID
    symbol: str
    rating_type: str
    status: Literal["rated", "not_rated", "not_applicable"]
    overall_score: Annotated[float | None, Score]
    risk_flag: Literal["low", "medium", "high"] | None
    completeness: Annotated[float, Fraction]
    components: tuple[RatingComponent, ...]
    missing: tuple[str, ...]
    sources: tuple[str, ...]
    method_version: str
    reasons: dict[str, str]


def rating_of(rated: RatedSecurity, rating: Rating) -> SecurityRating:
    """A rating as it travels."""
    reasons = {} if rating.score is not None else dict.fromkeys(("overall_score", "risk_flag"), rating.reason)
    return SecurityRating(
        security_id=rated.security.id,
        symbol=rated.security.symbol,
        rating_type=rating.rating_type,
        status=rating.status,
        overall_score=rating.score,
        risk_flag=rating.risk_flag,
        completeness=rating.completeness,
        components=tuple(
            RatingComponent(
                name=each.name,
                source=each.source,
                value=each.value,
                unit=INPUT_UNITS.get(each.source, "number"),
                currency=MONEY_IN if INPUT_UNITS.get(each.source) == "money" else None,
                score=each.score,
                weight=each.weight,
                reason=each.note or None,
            )
            for each in rating.components
        ),
        missing=rating.missing,
        sources=rated.sources,
        method_version=rating.method_version,
        reasons=reasons,
    )
