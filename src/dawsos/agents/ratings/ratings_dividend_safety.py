"""How safe the dividend of a company is."""

from dawsos.agents.ratings.shapes import RatingRequest, SecurityRating, rating_of
from dawsos.registry.capability import capability
from dawsos.services.context import RequestContext
from dawsos.services.ratings import rated_security, rating_by


@capability(
    name="ratings.dividend_safety",
    rights=("fundamentals_read",),
    ttl=3600,
    repeatable=True,
    example={"security_id": "01900000-0000-7000-8000-000000000001"},
)
async def ratings_dividend_safety(context: RequestContext, request: RatingRequest) -> SecurityRating:
    """Payout, coverage by free cash flow, record of increases and net cash, judged by the stored rubric."""
    rated = await rated_security(context, request.security_id)
    return rating_of(rated, rating_by(rated, "DIVIDEND_SAFETY"))
