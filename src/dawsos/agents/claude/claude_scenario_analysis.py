"""Tells a scenario's result in words."""

from typing import Any

from dawsos.agents.claude.shapes import Text, about, composed
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.services.context import RequestContext


class ScenarioTextRequest(Contract):
    """A scenario's result, and the hedges suggested for it, where there are any."""

    scenario_result: Any
    hedges: Any = None


class ScenarioText(Text):
    """What happens, what drives it, and what the hedges would do."""

    narrative: str
    drivers: tuple[str, ...]
    hedges_text: str | None


@capability(
    name="claude.scenario_analysis",
    rights=("scenario_analysis",),
    ttl=1800,
    timeout=28.0,
    cost="medium",
    example={"scenario_result": {"scenario_id": "rates_up", "total_delta_pl": "-1250.50", "currency": "CAD"}},
)
async def claude_scenario_analysis(context: RequestContext, request: ScenarioTextRequest) -> ScenarioText:
    """What a scenario does to a portfolio and through which holdings, in words."""
    text = await composed(
        context, "Tell what the scenario does to the portfolio, and what drives it.", request.scenario_result, seconds=1800
    )
    hedges = None
    if request.hedges:
        hedges = await composed(context, "Say what these hedges would do.", request.hedges, seconds=1800)
    facts = about(text, request.scenario_result)
    if hedges is None:
        facts["reasons"] = facts["reasons"] | {"hedges_text": "no hedges were given"}
    return ScenarioText(narrative=text.text, drivers=(*text.points, *text.risks), hedges_text=hedges.text if hedges else None, **facts)
