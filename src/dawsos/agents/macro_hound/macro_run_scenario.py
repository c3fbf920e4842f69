"""What a scenario would do to a portfolio."""

from typing import Annotated
from uuid import UUID

from dawsos.agents.macro_hound.scenario_contracts import CUSTOM, AnyScenarioId, ScenarioResult, as_result
from dawsos.compute.scenarios.custom import custom_scenario
from dawsos.compute.scenarios.library import scenario
from dawsos.compute.scenarios.records import Scenario
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import BasisPoints, Number
from dawsos.services.context import RequestContext
from dawsos.services.risk.scenarios import scenario_outcome


class CustomShocks(Contract):
    """Shocks of one's own, in basis points or percent as their names say; they replace the scenario's moves of the same factors."""

    rates_bps: Annotated[float | None, BasisPoints] = None
    cpi_surprise_pct: Annotated[float | None, Number] = None
    credit_bps: Annotated[float | None, BasisPoints] = None
    usd_vs_cad_pct: Annotated[float | None, Number] = None
    equity_pct: Annotated[float | None, Number] = None
    commodity_pct: Annotated[float | None, Number] = None
    volatility_pct: Annotated[float | None, Number] = None


class ScenarioRequest(Contract):
    """Which portfolio, which scenario of the library, and what is to differ from it."""

    portfolio_id: UUID
    pack_id: str | None = None
    scenario_id: AnyScenarioId = "late_cycle_rates_up"
    custom_shocks: CustomShocks | None = None


@capability(
    name="macro.run_scenario",
    rights=("portfolio_read", "scenario_analysis"),
    ttl=0,
    repeatable=True,
    timeout=20.0,
    cost="medium",
    example={"portfolio_id": "01900000-0000-7000-8000-000000000001", "scenario_id": "equity_selloff"},
)
async def macro_run_scenario(context: RequestContext, request: ScenarioRequest) -> ScenarioResult:
    """What a scenario would do to every position and in all, by cause; an unknown scenario is an error that names those there are."""
    pins = context.pinned(request.portfolio_id, request.pack_id)
    shocks = {} if request.custom_shocks is None else {name: size for name, size in request.custom_shocks if size is not None}
    chosen = _chosen(request.scenario_id, shocks)
    found = await scenario_outcome(context, pins, chosen, is_preset=not shocks)
    context.provenance.note(source="ledger", asof=pins.pack.date)
    for symbol, reason in found.value.ineffective.items():
        if symbol not in {one.symbol for one in found.value.positions}:
            context.provenance.note(warning=f"{symbol} is left out: {reason}.")
    return as_result(chosen, found.value)


def _chosen(scenario_id: str, shocks: dict[str, float]) -> Scenario:
    if scenario_id == CUSTOM:
        return custom_scenario(shocks)
    return custom_scenario(shocks, base=scenario(scenario_id)) if shocks else scenario(scenario_id)
