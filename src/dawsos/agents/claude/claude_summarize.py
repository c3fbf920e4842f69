"""Makes something long short."""

from typing import Annotated, Any, Literal

from pydantic import Field

from dawsos.agents.claude.claude_explain import EXAMPLE
from dawsos.agents.claude.shapes import Text, about, composed
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count
from dawsos.services.context import RequestContext

#: No sentence is cut: half a number would be another number.
TOO_LONG = "Not one whole sentence fits into so few characters."


class SummarizeRequest(Contract):
    """Results, and how many characters the summary may have."""

    content: Any
    max_length: Annotated[int, Count, Field(ge=100, le=10_000)] = 800
    format: Literal["prose", "bullets"] = "prose"


class Summary(Text):
    """Whole sentences that fit, the first ones first."""

    summary: str
    key_points: tuple[str, ...]


@capability(
    name="claude.summarize", rights=("portfolio_read",), ttl=1800, timeout=28.0, cost="medium", example={"content": EXAMPLE["data"]}
)
async def claude_summarize(context: RequestContext, request: SummarizeRequest) -> Summary:
    """The main points of results in at most ``max_length`` characters."""
    manner = f"Summarise the data in at most {request.max_length} characters, the most important first."
    text = await composed(context, manner, request.content, seconds=1800)
    points = (*text.points, *text.risks)
    if request.format == "bullets":
        summary = _fitting([f"- {point}" for point in points], "\n", request.max_length)
    elif text.author == "model" and len(text.text) <= request.max_length:
        summary = text.text
    else:
        summary = _fitting(list(points), " ", request.max_length)
    return Summary(summary=summary or TOO_LONG, key_points=points, **about(text, request.content))


def _fitting(parts: list[str], between: str, longest: int) -> str:
    kept = ""
    for part in parts:
        longer = f"{kept}{between}{part}" if kept else part
        if len(longer) > longest:
            break
        kept = longer
    return kept
