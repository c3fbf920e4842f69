"""Considerations about a portfolio, as far as its results carry them."""

from typing import Annotated, Any, Literal

from pydantic import Field

from dawsos.agents.claude.claude_explain import EXAMPLE
from dawsos.agents.claude.shapes import Text, about, composed
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.services.context import RequestContext

DISCLAIMERS = (
    "This is information drawn from the results shown, not advice by a licensed adviser.",
    "It does not know the reader's circumstances, and nothing in it says what markets will do.",
)


class AdviceRequest(Contract):
    """Results about the portfolio, what the reader wants to know, and how much risk is bearable."""

    portfolio: Any
    question: Annotated[str, Field(max_length=2000)] = ""
    risk_profile: Literal["cautious", "balanced", "bold"] = "balanced"


class Advice(Text):
    """What to look at, why, and what this is not."""

    advice: tuple[str, ...]
    rationale: str
    disclaimers: tuple[str, ...]


@capability(
    name="claude.portfolio_advice",
    rights=("portfolio_read",),
    ttl=1800,
    timeout=28.0,
    cost="medium",
    example={"portfolio": EXAMPLE["data"]},
)
async def claude_portfolio_advice(context: RequestContext, request: AdviceRequest) -> Advice:
    """What deserves attention in a portfolio: what speaks against it first, then what is not known. Nothing is traded."""
    manner = f"Say what deserves the attention of an investor who is {request.risk_profile}; put considerations into 'risks'."
    text = await composed(context, manner, request.portfolio, request.question, seconds=1800)
    return Advice(advice=text.risks or text.points, rationale=text.text, disclaimers=DISCLAIMERS, **about(text, request.portfolio))
