"""Answers a question about results."""

from typing import Annotated, Any

from pydantic import Field

from dawsos.agents.claude.claude_explain import EXAMPLE
from dawsos.agents.claude.shapes import Text, about, composed
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.services.context import RequestContext

BY_RULE = "Questions are answered by a model, and none is configured; this is what the results say."


class QuestionRequest(Contract):
    """The question, and the results it is about."""

    question: Annotated[str, Field(min_length=1, max_length=2000)]
    context: Any = None


class FinancialAnswer(Text):
    """The answer; by rule it is what the results say, whatever was asked."""

    answer: str


@capability(
    name="claude.financial_qa",
    rights=("portfolio_read",),
    ttl=1800,
    timeout=28.0,
    cost="medium",
    example={"question": "How volatile was it?", "context": EXAMPLE["data"]},
)
async def claude_financial_qa(context: RequestContext, request: QuestionRequest) -> FinancialAnswer:
    """An answer from the results given, and, by a model, from what it looks up in the portfolio. It reads only."""
    text = await composed(
        context, "Answer the question from the data and from what the tools give.", request.context, request.question, seconds=1800
    )
    if text.author == "rules":
        context.provenance.note(warning=BY_RULE)
    return FinancialAnswer(answer=text.text, **about(text, request.context))
