"""What a scenario would do to a portfolio in the present state of the economy."""

from typing import Annotated
from uuid import UUID

from dawsos.agents.macro_hound.macro_state import MacroContext, context_of
from dawsos.agents.macro_hound.scenario_contracts import ScenarioId, ScenarioResult, Shock, as_result, shocks_of
from dawsos.compute.scenarios.library import scenario
from dawsos.compute.scenarios.macro_aware import adjust
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Number
from dawsos.services.context import RequestContext
from dawsos.services.risk.economy import economy_on, note_economy
from dawsos.services.risk.scenarios import moves_of, scenario_outcome


class MacroAwareRequest(Contract):
    """Which portfolio and which scenario of the library."""

    portfolio_id: UUID
    pack_id: str | None = None
    scenario_id: ScenarioId = "equity_selloff"


class MacroAwareResult(Contract):
    """The result of the adjusted scenario, its moves before the adjustment, and each step of it in words."""

    result: ScenarioResult
    original_shocks: tuple[Shock, ...]
    probability_multiplier: Annotated[float, Number]
    severity_multiplier: Annotated[float, Number]
    steps: tuple[str, ...]
    macro_context: MacroContext


@capability(
    name="scenarios.macro_aware_apply",
    rights=("portfolio_read", "scenario_analysis"),
    ttl=0,
    repeatable=True,
    timeout=20.0,
    cost="medium",
    example={"portfolio_id": "01900000-0000-7000-8000-000000000001", "scenario_id": "equity_selloff"},
)
async def scenarios_macro_aware_apply(context: RequestContext, request: MacroAwareRequest) -> MacroAwareResult:
    """A scenario made more or less severe and likely by the phases of the economy; the library's own is not touched."""
    pins = context.pinned(request.portfolio_id, request.pack_id)
    economy = await economy_on(context, pins)
    note_economy(context, economy)
    adjusted = adjust(scenario(request.scenario_id), economy.state)
    found = (await scenario_outcome(context, pins, adjusted.scenario)).value
    context.provenance.note(source="ledger", asof=pins.pack.date)
    return MacroAwareResult(
        result=as_result(adjusted.scenario, found),
        original_shocks=shocks_of(moves_of(adjusted.original)),
        probability_multiplier=adjusted.probability_multiplier,
        severity_multiplier=adjusted.severity_multiplier,
        steps=adjusted.steps,
        macro_context=context_of(economy),
    )
