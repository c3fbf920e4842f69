"""Explains results in words."""

from typing import Annotated, Any, Literal

from pydantic import Field

from dawsos.agents.claude.shapes import Text, about, composed
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.services.context import RequestContext

EXAMPLE = {"topic": "How did the portfolio do?", "data": {"performance": {"twr": 0.0712, "volatility": 0.148, "max_drawdown": -0.231}}}


class ExplainRequest(Contract):
    """What is to be explained, and the results it is about: any of DawsOS's, one or several by name."""

    topic: Annotated[str, Field(max_length=2000)]
    data: Any
    audience: Literal["layperson", "professional"] = "layperson"


class Explanation(Text):
    """The explanation: ``text`` as a whole, ``reasoning`` its sentences."""

    text: str
    reasoning: tuple[str, ...]


@capability(name="claude.explain", rights=("portfolio_read",), ttl=3600, timeout=28.0, cost="medium", example=EXAMPLE)
async def claude_explain(context: RequestContext, request: ExplainRequest) -> Explanation:
    """What results mean, in plain words. Every number in the text is one of theirs; provenance says whether a model or a rule wrote it."""
    return await explained(context, request)


async def explained(context: RequestContext, request: ExplainRequest) -> Explanation:
    """The explanation, by whichever name it was asked for."""
    text = await composed(context, f"Explain to a {request.audience} what these results mean.", request.data, request.topic)
    return Explanation(text=text.text, reasoning=(*text.points, *text.risks), **about(text, request.data))
