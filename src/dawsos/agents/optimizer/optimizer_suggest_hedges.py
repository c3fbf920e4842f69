"""What would soften the blow of a scenario."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from dawsos.agents.optimizer.hedge_contracts import (
    CauseOfLoss,
    HedgeSuggestion,
    Moved,
    RejectedHedge,
    as_suggestion,
    scenario_from,
)
from dawsos.compute.optimizer.hedge_book import ideas_for
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Money
from dawsos.services.context import RequestContext
from dawsos.services.risk.hedges import hedge_tools, suggestions


class LosingScenario(Contract):
    """The part of a scenario's result hedges are made from."""

    scenario_id: str
    scenario_name: str
    currency: str
    shocks: tuple[Moved, ...]
    total_delta_pl: Annotated[Decimal, Money("currency")]
    factor_contributions: tuple[CauseOfLoss, ...]


class HedgesRequest(Contract):
    """Which portfolio, against which scenario's result; ``may_short`` says whether selling short is allowed."""

    portfolio_id: UUID
    scenario_result: LosingScenario
    may_short: bool = True


class Hedges(Contract):
    """Hedges that gain when the scenario comes, each by itself; ``rejected`` are ideas that would not, with the reason."""

    scenario_id: str
    currency: str
    loss: Annotated[Decimal, Money("currency")]
    suggestions: tuple[HedgeSuggestion, ...]
    rejected: tuple[RejectedHedge, ...]
    reasons: dict[str, str]


@capability(
    name="optimizer.suggest_hedges",
    rights=("portfolio_read", "scenario_analysis"),
    ttl=0,
    repeatable=True,
    cost="medium",
    example={
        "portfolio_id": "01900000-0000-7000-8000-000000000001",
        "scenario_result": {
            "scenario_id": "equity_selloff",
            "scenario_name": "Equity sell-off",
            "currency": "CAD",
            "shocks": [{"moved": "equity", "size": -0.2}, {"moved": "usd", "size": 0.03}],
            "total_delta_pl": "-130641.24",
            "factor_contributions": [{"name": "equity", "delta_value": "-130641.24"}],
        },
    },
)
async def optimizer_suggest_hedges(context: RequestContext, request: HedgesRequest) -> Hedges:
    """Instruments sized against the loss of a scenario, with what they cost and how much of the loss they cover."""
    pins = context.pinned(request.portfolio_id)
    given = request.scenario_result
    base = pins.portfolio.base_currency
    scenario = scenario_from(given.scenario_id, {one.moved: one.size for one in given.shocks})
    loss = min(given.total_delta_pl, Decimal(0))
    tools = await hedge_tools(context, pins)
    context.provenance.note(source="ledger", asof=pins.pack.date)
    ideas = ideas_for(given.scenario_id, {one.name: float(one.delta_value) for one in given.factor_contributions})
    found = suggestions(tools, ideas, scenario, float(loss), base_currency=base, may_short=request.may_short) if loss else ()
    growth = scenario.currency_move("USD") / scenario.currency_move(base)
    shown = [as_suggestion(one, growth) for one in found]
    kept = tuple(one for one in shown if isinstance(one, HedgeSuggestion))
    why = "the scenario brings no loss to hedge" if not loss else "nothing that is thought of against it gains in this scenario"
    return Hedges(
        scenario_id=given.scenario_id,
        currency=base,
        loss=loss,
        suggestions=kept,
        rejected=tuple(one for one in shown if isinstance(one, RejectedHedge)),
        reasons={} if kept else {"suggestions": why},
    )
