"""Says what is good and what is bad about results."""

from typing import Annotated, Any, Literal

from pydantic import Field

from dawsos.agents.claude.claude_explain import EXAMPLE
from dawsos.agents.claude.shapes import Text, about, composed
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.services.context import RequestContext


class AnalyzeRequest(Contract):
    """Results, what kind of analysis is wanted, and what to look at above all."""

    data: Any
    analysis_type: Literal["general", "performance", "risk", "allocation", "quality", "macro"] = "general"
    focus: Annotated[str, Field(max_length=500)] = ""


class Analysis(Text):
    """The analysis as a whole, what it found, and what speaks against it."""

    analysis: str
    findings: tuple[str, ...]
    risks: tuple[str, ...]


@capability(name="claude.analyze", rights=("portfolio_read",), ttl=3600, timeout=28.0, cost="medium", example={"data": EXAMPLE["data"]})
async def claude_analyze(context: RequestContext, request: AnalyzeRequest) -> Analysis:
    """Findings and risks in results, each a sentence."""
    text = await composed(context, f"Make a {request.analysis_type} analysis: findings, and risks.", request.data, request.focus)
    return Analysis(analysis=text.text, findings=text.points, risks=text.risks, **about(text, request.data))
