"""What would help a portfolio through a deleveraging, whichever way it goes."""

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from dawsos.agents.optimizer.hedge_contracts import HedgeSuggestion, RejectedHedge, as_suggestion
from dawsos.compute.optimizer.hedge_book import DELEVERAGING_IDEAS, STANCES
from dawsos.compute.scenarios.library import scenario
from dawsos.compute.scenarios.records import Scenario, frozen
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Fraction, Money
from dawsos.services.context import RequestContext
from dawsos.services.risk.hedges import Suggestion, hedge_tools, pl_of, suggestions

_SEVERITIES: Final = (0.25, 0.5, 0.75, 1.0, 1.25)


class Deleveraging(Contract):
    """What one way out of debt does to the portfolio."""

    scenario_id: str
    scenario_name: str
    total_delta_pl: Annotated[Decimal, Money("currency")]
    currency: str


class DeleveragingScenarios(Contract):
    """All three ways."""

    money_printing: Deleveraging
    austerity: Deleveraging
    default: Deleveraging


class DeleveragingHedgesRequest(Contract):
    """Which portfolio, where the long-term debt cycle stands (null where unknown), and what the three ways out would do."""

    portfolio_id: UUID
    ltdc_phase: str | None = None
    scenarios: DeleveragingScenarios
    may_short: bool = True


class PayoffPoint(Contract):
    """What the hedge earns when the scenario comes to a part of its severity (1: as it stands in the library)."""

    severity: Annotated[float, Fraction]
    scenario_pl: Annotated[Decimal, Money("currency")]


class DeleveragingHedge(Contract):
    """A hedge against one of the ways, and what it would earn or cost in each of them."""

    scenario_type: str
    scenario_name: str
    strategy_name: str
    description: str
    hedge: HedgeSuggestion
    money_printing_pl: Annotated[Decimal, Money("currency")]
    austerity_pl: Annotated[Decimal, Money("currency")]
    default_pl: Annotated[Decimal, Money("currency")]
    payoff_profile: tuple[PayoffPoint, ...]


class RejectedIdea(Contract):
    """An idea that does not help in one of the ways, and why."""

    scenario_type: str
    strategy_name: str
    reason: str


class DeleveragingHedges(Contract):
    """``stance`` is what the phase of the long-term debt cycle calls for: deleveraging, late_expansion or reflation."""

    stance: str
    currency: str
    suggestions: tuple[DeleveragingHedge, ...]
    rejected: tuple[RejectedIdea, ...]
    reasons: dict[str, str]


@capability(
    name="optimizer.suggest_deleveraging_hedges",
    rights=("portfolio_read", "scenario_analysis"),
    ttl=0,
    repeatable=True,
    cost="medium",
    example={
        "portfolio_id": "01900000-0000-7000-8000-000000000001",
        "ltdc_phase": "DELEVERAGING",
        "scenarios": {
            "money_printing": {
                "scenario_id": "money_printing_deleveraging", "scenario_name": "Printing money", "total_delta_pl": "-76129.35",
                "currency": "CAD",
            },
            "austerity": {
                "scenario_id": "austerity_deleveraging", "scenario_name": "Austerity", "total_delta_pl": "-92404.39", "currency": "CAD",
            },
            "default": {
                "scenario_id": "default_deleveraging", "scenario_name": "Default", "total_delta_pl": "-201466.45", "currency": "CAD",
            },
        },
    },
)  # fmt: skip
async def optimizer_suggest_deleveraging_hedges(context: RequestContext, request: DeleveragingHedgesRequest) -> DeleveragingHedges:
    """Hedges against each way out of debt that loses, sized by where the long-term debt cycle stands, and their payoff."""
    pins = context.pinned(request.portfolio_id)
    base = pins.portfolio.base_currency
    stance = STANCES.get(request.ltdc_phase or "", "deleveraging")
    tools = await hedge_tools(context, pins)
    context.provenance.note(source="ledger", asof=pins.pack.date)
    if request.ltdc_phase is None:
        context.provenance.note(warning="The phase of the long-term debt cycle is not known: hedges are those of a deleveraging.")
    ways = {name: getattr(request.scenarios, name) for name in DeleveragingScenarios.model_fields}
    library = {name: scenario(way.scenario_id) for name, way in ways.items()}
    kept, rejected = [], []
    for name, way in ways.items():
        if way.total_delta_pl >= 0:
            rejected.append(RejectedIdea(scenario_type=name, strategy_name="", reason="it brings no loss to hedge"))
            continue
        found = suggestions(
            tools, DELEVERAGING_IDEAS[stance], library[name], float(way.total_delta_pl), base_currency=base, may_short=request.may_short
        )
        for one in found:
            shown = as_suggestion(one, library[name].currency_move("USD") / library[name].currency_move(base))
            if isinstance(shown, RejectedHedge):
                rejected.append(RejectedIdea(scenario_type=name, strategy_name=shown.strategy, reason=shown.reason))
            else:
                kept.append(_as_contract(name, way, one, shown, library, base))
    return DeleveragingHedges(
        stance=stance,
        currency=base,
        suggestions=tuple(kept),
        rejected=tuple(rejected),
        reasons={} if kept else {"suggestions": "none of the three ways brings a loss that can be hedged"},
    )


def _as_contract(
    name: str, way: Deleveraging, found: Suggestion, shown: HedgeSuggestion, library: dict[str, Scenario], base: str
) -> DeleveragingHedge:
    pls = {each: _money(pl_of(found, one, base)) for each, one in library.items()}
    return DeleveragingHedge(
        scenario_type=name,
        scenario_name=way.scenario_name,
        strategy_name=shown.strategy,
        description=shown.rationale,
        hedge=shown,
        money_printing_pl=pls["money_printing"],
        austerity_pl=pls["austerity"],
        default_pl=pls["default"],
        payoff_profile=tuple(
            PayoffPoint(severity=severity, scenario_pl=_money(pl_of(found, _scaled(library[name], severity), base)))
            for severity in _SEVERITIES
        ),
    )


def _scaled(one: Scenario, severity: float) -> Scenario:
    return replace(one, factors=frozen({name: size * severity for name, size in one.factors.items()}))


def _money(amount: float) -> Decimal:
    return Decimal(repr(round(amount, 2))).quantize(Decimal("0.01"))
