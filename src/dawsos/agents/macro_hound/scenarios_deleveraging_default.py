"""What a deleveraging by default would do to a portfolio."""

from dawsos.agents.macro_hound.deleveraging import DeleveragingRequest, DeleveragingResult, deleverage
from dawsos.registry.capability import capability
from dawsos.services.context import RequestContext


@capability(
    name="scenarios.deleveraging_default",
    rights=("portfolio_read", "scenario_analysis"),
    ttl=0,
    repeatable=True,
    timeout=20.0,
    cost="medium",
    example={"portfolio_id": "01900000-0000-7000-8000-000000000001"},
)
async def scenarios_deleveraging_default(context: RequestContext, request: DeleveragingRequest) -> DeleveragingResult:
    """Debt is written off: credit breaks, assets are sold, cash is short."""
    return await deleverage(context, request, "default_deleveraging")
