"""Which scenarios matter most to a portfolio in the present state of the economy."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from dawsos.agents.macro_hound.macro_state import MacroContext, context_of
from dawsos.compute.scenarios.library import SCENARIOS
from dawsos.compute.scenarios.macro_aware import adjust
from dawsos.compute.scenarios.ranking import RankedScenario, rank
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Fraction, Money, Number
from dawsos.services.context import RequestContext
from dawsos.services.risk.economy import economy_on, note_economy
from dawsos.services.risk.scenarios import scenario_impacts


class RankRequest(Contract):
    """Which portfolio, and how many scenarios."""

    portfolio_id: UUID
    pack_id: str | None = None
    top_n: Annotated[int, Count, Field(ge=1, le=len(SCENARIOS))] = 10


class RankedRow(Contract):
    """A scenario after adjustment. ``expected_loss`` is probability × loss, ``relevance`` probability × 2 for severe, × 3 for extreme ones.

    Null where nobody has said how probable the scenario is.
    """

    scenario_id: str
    scenario_name: str
    probability: Annotated[float | None, Fraction]
    severity: str | None
    total_delta_pl: Annotated[Decimal, Money("currency")]
    return_delta: Annotated[float | None, Fraction]
    expected_loss: Annotated[Decimal | None, Money("currency")]
    relevance: Annotated[float | None, Number]
    priority: str | None
    reasons: dict[str, str]


class RankedScenarios(Contract):
    """Most relevant first, of equally relevant ones the costliest."""

    ranked: tuple[RankedRow, ...]
    currency: str
    macro_context: MacroContext


@capability(
    name="scenarios.macro_aware_rank",
    rights=("portfolio_read", "scenario_analysis"),
    ttl=3600,
    repeatable=True,
    timeout=20.0,
    cost="medium",
    example={"portfolio_id": "01900000-0000-7000-8000-000000000001", "top_n": 10},
)
async def scenarios_macro_aware_rank(context: RequestContext, request: RankRequest) -> RankedScenarios:
    """Every scenario adjusted to the phases of the economy and run on the portfolio, by relevance."""
    pins = context.pinned(request.portfolio_id, request.pack_id)
    economy = await economy_on(context, pins)
    note_economy(context, economy)
    adjusted = [adjust(one, economy.state).scenario for one in SCENARIOS.values()]
    impacts = await scenario_impacts(context, pins, adjusted)
    context.provenance.note(source="ledger", asof=pins.pack.date, method_version="scenario/1", origin="computed")
    return RankedScenarios(
        ranked=tuple(_row(one) for one in rank(impacts, top=request.top_n)),
        currency=pins.portfolio.base_currency,
        macro_context=context_of(economy),
    )


def _row(found: RankedScenario) -> RankedRow:
    unsaid = "nobody has said how probable it is"
    reasons = dict.fromkeys(("probability", "expected_loss", "relevance", "priority"), unsaid) if found.probability is None else {}
    if found.scenario.severity is None:
        reasons["severity"] = "nobody has said how bad it is"
    if found.return_fraction is None:
        reasons["return_delta"] = "the portfolio has no value"
    return RankedRow(
        scenario_id=found.scenario.id,
        scenario_name=found.scenario.name,
        probability=found.probability,
        severity=None if found.scenario.severity is None else found.scenario.severity.value,
        total_delta_pl=found.delta,
        return_delta=found.return_fraction,
        expected_loss=None if found.expected_loss is None else Decimal(repr(round(found.expected_loss, 2))),
        relevance=found.relevance,
        priority=None if found.priority is None else found.priority.value,
        reasons=reasons,
    )
