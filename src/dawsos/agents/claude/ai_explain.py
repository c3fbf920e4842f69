"""``claude.explain`` under the name patterns know it by."""

from collections.abc import Mapping
from typing import Any

from dawsos.agents.claude.claude_explain import EXAMPLE, ExplainRequest, Explanation, explained
from dawsos.registry.capability import capability
from dawsos.services.context import RequestContext


def _asks_no_model(context: RequestContext, arguments: Mapping[str, Any]) -> bool:  # noqa: ARG001 - whatever is to be explained
    return context.assistant.writes_by_rule


@capability(
    name="ai.explain",
    rights=("fundamentals_read",),
    ttl=3600,
    timeout=28.0,
    cost="medium",
    repeatable=_asks_no_model,
    example=EXAMPLE,
)
async def ai_explain(context: RequestContext, request: ExplainRequest) -> Explanation:
    """What results mean, in plain words: the same as ``claude.explain``, for those who may see companies but no portfolio."""
    return await explained(context, request)
