"""The shapes hedges have on every surface, and the part of a scenario's result they are made from."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from dawsos.compute.returns.figures import NotComputable
from dawsos.compute.scenarios.library import SCENARIOS
from dawsos.compute.scenarios.records import SHOCKED_FACTORS, Scenario, frozen
from dawsos.registry.contract import Contract
from dawsos.registry.units import BasisPoints, Fraction, Money
from dawsos.services.risk.hedges import Suggestion, exposures_in_words

Side = Literal["buy", "sell short"]


class Moved(Contract):
    """What a scenario moves, and how far."""

    moved: str
    size: Annotated[float, Fraction]


class CauseOfLoss(Contract):
    """The part of the profit or loss one cause makes."""

    name: str
    delta_value: Annotated[Decimal, Money("currency")]


class HedgeSuggestion(Contract):
    """An instrument against a scenario. ``size`` is what to hold (for options: the value of the underlying), in base currency.

    ``scenario_pl`` is what it earns when the scenario comes, the opposite of the loss; ``effectiveness`` is that over the loss. ``cost`` is
    paid whether or not it comes: the premium of options of two months, or a year of fees. ``sized_with`` are the exposures assumed of it.
    """

    strategy: str
    hedge_type: Literal["linear", "put", "call"]
    instrument: str
    side: Side
    size: Annotated[Decimal, Money("currency")]
    scenario_pl: Annotated[Decimal, Money("currency")]
    effectiveness: Annotated[float, Fraction]
    cost: Annotated[Decimal, Money("currency")]
    cost_bps: Annotated[float, BasisPoints]
    rationale: str
    sized_with: str


class RejectedHedge(Contract):
    """An idea that does not help in this scenario, and why."""

    strategy: str
    instrument: str
    reason: str


def scenario_from(scenario_id: str, moves: Mapping[str, float]) -> Scenario:
    """The scenario a result came from: that of the library when it moves the same, else its moves as they stand there."""
    known = SCENARIOS.get(scenario_id)
    if known is not None and not known.factors:
        return known
    factors = {name: size for name, size in moves.items() if name in SHOCKED_FACTORS}
    return Scenario(id=scenario_id, name=scenario_id, family="given", factors=frozen(factors))


def as_suggestion(found: Suggestion, growth: float) -> HedgeSuggestion | RejectedHedge:
    """The hedge with its amounts in base currency, or why there is none."""
    sized, idea, instrument = found.sized, found.idea, found.instrument
    if isinstance(sized, NotComputable):
        return RejectedHedge(strategy=idea.strategy, instrument=instrument.symbol, reason=str(sized))
    option = "" if idea.kind == "linear" else f"; options are priced at {found.volatility:.0%} volatility"
    return HedgeSuggestion(
        strategy=idea.strategy,
        hedge_type=idea.kind,
        instrument=sized.instrument,
        side="buy" if sized.side == "buy" else "sell short",
        size=_money(sized.notional),
        scenario_pl=_money(sized.scenario_pl * growth),
        effectiveness=sized.effectiveness,
        cost=_money(sized.cost),
        cost_bps=sized.cost_bps,
        rationale=f"{instrument.symbol} is {instrument.what}; it moves {found.own_return:+.1%} in this scenario{option}.",
        sized_with=exposures_in_words(instrument.exposures),
    )


def _money(amount: float) -> Decimal:
    return Decimal(repr(round(amount, 2))).quantize(Decimal("0.01"))
