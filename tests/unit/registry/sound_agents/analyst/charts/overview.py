"""An overview that uses a neighbour's function without declaring it again."""

from dawsos.registry import CallContext, Contract, capability
from tests.unit.registry.sound_agents.analyst.value import value


class OverviewRequest(Contract):
    title: str


class OverviewResult(Contract):
    title: str


NEIGHBOUR = value


@capability(name="charts.overview", rights=("portfolio_read", "position_read"), ttl=300, example={"title": "Overview"})
async def overview(context: CallContext, request: OverviewRequest) -> OverviewResult:
    """The charts of a portfolio."""
    return OverviewResult(title=request.title)
