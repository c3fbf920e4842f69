"""How well a company is protected from competition."""

from typing import Literal

from dawsos.agents.ratings.shapes import RatingRequest, SecurityRating, rating_of
from dawsos.registry.capability import capability
from dawsos.services.context import RequestContext
from dawsos.services.ratings import rated_security, rating_by


class MoatRating(SecurityRating):
    """The rating, with the kind of moat the figures point to and what speaks for each."""

    primary_moat_type: Literal["brand", "network", "cost", "switching", "none"]
    brand_evidence: tuple[str, ...]
    network_evidence: tuple[str, ...]
    cost_evidence: tuple[str, ...]
    switching_evidence: tuple[str, ...]


@capability(
    name="ratings.moat_strength",
    rights=("fundamentals_read",),
    ttl=3600,
    repeatable=True,
    example={"security_id": "01900000-0000-7000-8000-000000000001"},
)
async def ratings_moat_strength(context: RequestContext, request: RatingRequest) -> MoatRating:
    """Return on equity, gross margin, intangibles and switching costs, judged by the stored rubric, and what kind of moat they point to."""
    rated = await rated_security(context, request.security_id)
    plain = rating_of(rated, rating_by(rated, "MOAT"))
    return MoatRating(
        **{name: getattr(plain, name) for name in SecurityRating.model_fields},
        primary_moat_type=rated.evidence.primary_moat_type,
        brand_evidence=rated.evidence.brand,
        network_evidence=rated.evidence.network,
        cost_evidence=rated.evidence.cost,
        switching_evidence=rated.evidence.switching,
    )
