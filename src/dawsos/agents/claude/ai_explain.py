"""``claude.explain`` under the name patterns know it by."""

from dawsos.agents.claude.claude_explain import EXAMPLE, ExplainRequest, Explanation, explained
from dawsos.registry.capability import capability
from dawsos.services.context import RequestContext


@capability(name="ai.explain", rights=("fundamentals_read",), ttl=3600, timeout=28.0, cost="medium", example=EXAMPLE)
async def ai_explain(context: RequestContext, request: ExplainRequest) -> Explanation:
    """What results mean, in plain words: the same as ``claude.explain``, for those who may see companies but no portfolio."""
    return await explained(context, request)
