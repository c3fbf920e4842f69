"""The shapes scenarios and what they do have on every surface."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Final

from dawsos.compute.factors.labels import label_of
from dawsos.compute.scenarios.library import SCENARIOS
from dawsos.compute.scenarios.records import Scenario
from dawsos.registry.choices import Choices
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Fraction, Money, Number
from dawsos.services.risk.scenarios import PositionOutcome, ScenarioOutcome

_SHOWN: Final = 5
CUSTOM: Final = "custom"
#: The id of a scenario of the library.
ScenarioId = Annotated[str, Choices.of({one.id: one.name for one in SCENARIOS.values()})]
#: The same, or the word for shocks of one's own alone.
AnyScenarioId = Annotated[str, Choices.of({CUSTOM: "Custom shocks alone", **{one.id: one.name for one in SCENARIOS.values()}})]


class Shock(Contract):
    """What a scenario moves, and how far: rates, inflation and spreads by a difference (0.01 is 100 basis points), the rest relatively."""

    moved: str
    label: str
    size: Annotated[float, Fraction]


class PositionDelta(Contract):
    """What a scenario does to one position, in base currency; ``factor_contributions`` sum to ``delta_value`` to the cent.

    ``methodology`` says whether its betas were estimated (``regression``) or assumed (``prior``), ``primary_driver`` what moved it most.
    """

    key: str
    symbol: str
    base_value: Annotated[Decimal, Money("currency")]
    shocked_value: Annotated[Decimal, Money("currency")]
    delta_value: Annotated[Decimal, Money("currency")]
    delta_pct: Annotated[float | None, Fraction]
    primary_driver: str
    factor_contributions: Annotated[dict[str, Decimal], Money("currency")]
    methodology: str
    is_floored: bool


class Contribution(Contract):
    """The part of the profit or loss that one factor makes, or currencies, or both together (``interaction``)."""

    name: str
    label: str
    delta_value: Annotated[Decimal, Money("currency")]


class ScenarioResult(Contract):
    """What a scenario does to a portfolio: ``total_delta_pl`` is the sum over positions, and over contributions, to the cent.

    ``likelihood`` is the chance, per year, of factor moves that lie as far from nothing, if moves were Gaussian with the covariance of
    their history. ``ineffective`` names holdings nothing happens to, with the reason.
    """

    scenario_id: str
    scenario_name: str
    family: str
    description: str
    currency: str
    shocks: tuple[Shock, ...]
    pre_nav: Annotated[Decimal, Money("currency")]
    post_nav: Annotated[Decimal, Money("currency")]
    total_delta_pl: Annotated[Decimal, Money("currency")]
    return_delta: Annotated[float | None, Fraction]
    max_position_loss: Annotated[Decimal, Money("currency")]
    positions_impacted: Annotated[int, Count]
    position_deltas: tuple[PositionDelta, ...]
    winners: tuple[PositionDelta, ...]
    losers: tuple[PositionDelta, ...]
    factor_contributions: tuple[Contribution, ...]
    probability: Annotated[float | None, Fraction]
    severity: str | None
    distance: Annotated[float | None, Number]
    likelihood: Annotated[float | None, Fraction]
    warning: str | None
    ineffective: dict[str, str]
    reasons: dict[str, str]


def as_result(scenario: Scenario, found: ScenarioOutcome) -> ScenarioResult:
    """The outcome of ``scenario`` in words and in the order it is read in."""
    deltas = tuple(_delta(one) for one in found.positions)
    reasons = dict(found.reasons)
    if scenario.probability is None:
        reasons["probability"] = "nobody has said how probable it is"
    if scenario.severity is None:
        reasons["severity"] = "nobody has said how bad it is"
    if found.implausible is None:
        reasons["warning"] = "there is nothing to warn of"
    if not found.pre_nav:
        reasons["position_deltas"] = "a position is worth nothing"
    return ScenarioResult(
        scenario_id=scenario.id,
        scenario_name=scenario.name,
        family=scenario.family,
        description=described(scenario),
        currency=found.currency,
        shocks=shocks_of(found.moves),
        pre_nav=found.pre_nav,
        post_nav=found.post_nav,
        total_delta_pl=found.total_delta_pl,
        return_delta=found.return_delta,
        max_position_loss=min((one.delta_value for one in deltas), default=Decimal(0)).min(Decimal(0)),
        positions_impacted=sum(one.delta_value != 0 for one in deltas),
        position_deltas=deltas,
        winners=tuple(one for one in reversed(deltas) if one.delta_value > 0)[:_SHOWN],
        losers=tuple(one for one in deltas if one.delta_value < 0)[:_SHOWN],
        factor_contributions=tuple(
            Contribution(name=name, label=label_of(name), delta_value=amount)
            for name, amount in sorted(found.factor_contributions.items(), key=lambda part: (part[1], part[0]))
        ),
        probability=scenario.probability,
        severity=None if scenario.severity is None else scenario.severity.value,
        distance=found.distance,
        likelihood=found.likelihood,
        warning=found.implausible,
        ineffective=found.ineffective,
        reasons=reasons,
    )


def shocks_of(moves: Mapping[str, float]) -> tuple[Shock, ...]:
    """In the order of the scenario."""
    return tuple(Shock(moved=name, label=label_of(name), size=size) for name, size in sorted(moves.items(), key=_order))


def described(scenario: Scenario) -> str:
    """What the scenario is, in a sentence: its own words, else its moves."""
    if scenario.description:
        return scenario.description
    absolute = {"real_rates", "inflation", "credit"}
    parts = [
        f"{label_of(name)} {size * 1e4:+.0f} bp" if name in absolute and name in scenario.factors else f"{label_of(name)} {size:+.0%}"
        for name, size in (
            *scenario.factors.items(),
            *scenario.asset_classes.items(),
            *scenario.symbols.items(),
            *scenario.currencies.items(),
        )
    ]
    return f"{scenario.name}: {', '.join(parts)}."


def _order(part: tuple[str, float]) -> tuple[bool, str]:
    return part[0].isupper(), part[0]


def _delta(one: PositionOutcome) -> PositionDelta:
    facts = {name: getattr(one, name) for name in PositionDelta.model_fields if name != "primary_driver"}
    return PositionDelta(primary_driver="nothing" if one.primary_driver is None else label_of(one.primary_driver), **facts)
