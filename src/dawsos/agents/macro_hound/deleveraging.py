"""What the three ways out of too much debt have in common: the contract, and how one is run."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from dawsos.agents.macro_hound.scenario_contracts import Contribution, PositionDelta, Shock, as_result
from dawsos.compute.scenarios.library import scenario
from dawsos.registry.contract import Contract
from dawsos.registry.units import Fraction, Money
from dawsos.services.context import RequestContext
from dawsos.services.risk.scenarios import scenario_outcome


class DeleveragingRequest(Contract):
    """Which portfolio; ``pack_id`` must be the pack the request is pinned to."""

    portfolio_id: UUID
    pack_id: str | None = None


class DeleveragingResult(Contract):
    """What a deleveraging does to a portfolio; the impacts are the parts of ``total_delta_pl`` that real rates, credit and currencies make.

    ``fx_impact`` holds the exposure of businesses to the dollar as well as translation into base currency. ``portfolio_value`` is after.
    """

    scenario_id: str
    scenario_name: str
    description: str
    currency: str
    pre_nav: Annotated[Decimal, Money("currency")]
    portfolio_value: Annotated[Decimal, Money("currency")]
    return_delta: Annotated[float | None, Fraction]
    total_delta_pl: Annotated[Decimal, Money("currency")]
    real_rates_impact: Annotated[Decimal, Money("currency")]
    credit_spread_impact: Annotated[Decimal, Money("currency")]
    fx_impact: Annotated[Decimal, Money("currency")]
    shocks: tuple[Shock, ...]
    winners: tuple[PositionDelta, ...]
    losers: tuple[PositionDelta, ...]
    factor_breakdown: tuple[Contribution, ...]
    ineffective: dict[str, str]
    reasons: dict[str, str]


async def deleverage(context: RequestContext, request: DeleveragingRequest, scenario_id: str) -> DeleveragingResult:
    """Run a scenario of the deleveraging family."""
    pins = context.pinned(request.portfolio_id, request.pack_id)
    chosen = scenario(scenario_id)
    found = (await scenario_outcome(context, pins, chosen, is_preset=True)).value
    context.provenance.note(source="ledger", asof=pins.pack.date)
    result = as_result(chosen, found)
    parts = found.factor_contributions
    return DeleveragingResult(
        scenario_id=result.scenario_id,
        scenario_name=result.scenario_name,
        description=result.description,
        currency=result.currency,
        pre_nav=result.pre_nav,
        portfolio_value=result.post_nav,
        return_delta=result.return_delta,
        total_delta_pl=result.total_delta_pl,
        real_rates_impact=parts.get("real_rates", Decimal(0)),
        credit_spread_impact=parts.get("credit", Decimal(0)),
        fx_impact=sum((parts.get(name, Decimal(0)) for name in ("usd", "currency", "interaction")), Decimal(0)),
        shocks=result.shocks,
        winners=result.winners,
        losers=result.losers,
        factor_breakdown=result.factor_contributions,
        ineffective=result.ineffective,
        reasons={name: reason for name, reason in result.reasons.items() if name == "return_delta"},
    )
