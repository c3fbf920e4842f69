"""What scenarios would do to the present holdings: positions revalued by their betas and currencies, and kept."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Final

from dawsos.compute.drawdown.forecast import daily_covariances
from dawsos.compute.factors.definitions import FACTOR_NAMES
from dawsos.compute.factors.history import DAYS_PER_YEAR, FactorHistory
from dawsos.compute.returns.figures import NotComputable
from dawsos.compute.scenarios.plausibility import plausibility
from dawsos.compute.scenarios.records import PositionImpact, Scenario, ScenarioImpact, ScenarioPosition
from dawsos.compute.scenarios.revaluation import revalue
from dawsos.kernel.canonical import canonical_bytes
from dawsos.kernel.money import ZERO
from dawsos.services.context import Pins, RequestContext
from dawsos.services.derivations import Derivation, DerivationKey, Derived, get_or_compute, of_present_state
from dawsos.services.risk.exposures import PLACES, column_value
from dawsos.services.risk.factor_series import factors_known, fingerprint_of, note_factors
from dawsos.services.risk.position_betas import BetaTable, betas_of_positions
from dawsos.services.risk.present import Present, present_holdings
from dawsos.store import scenarios as store
from dawsos.store.scenarios import NewScenarioResult
from dawsos.store.transaction import DatabaseTransaction

#: The horizon scenarios are thought to come true over, when it is asked how usual their moves are.
HORIZON_DAYS: Final = DAYS_PER_YEAR
_SHOWN: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionOutcome:
    """What a scenario does to one position, in base currency; ``contributions`` sum to ``delta_value`` to the cent."""

    key: str
    symbol: str
    base_value: Decimal
    shocked_value: Decimal
    delta_value: Decimal
    delta_pct: float | None
    primary_driver: str | None
    factor_contributions: dict[str, Decimal]
    methodology: str
    is_floored: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioOutcome:
    """What a scenario does to a portfolio: ``total_delta_pl`` is the sum over positions and over contributions, to the cent.

    ``moves`` are the shocks as fractions by what they move. ``likelihood`` is the chance of factor moves as far in a year, if they were
    Gaussian with the covariance of their history; None where that is not known. ``ineffective`` names positions nothing happens to.
    """

    asof_date: date
    currency: str
    moves: dict[str, float]
    pre_nav: Decimal
    post_nav: Decimal
    total_delta_pl: Decimal
    return_delta: float | None
    positions: tuple[PositionOutcome, ...]
    factor_contributions: dict[str, Decimal]
    ineffective: dict[str, str]
    distance: float | None = None
    likelihood: float | None = None
    implausible: str | None = None
    reasons: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ScenarioInputs:
    """The holdings with their betas, the scenario, and the history of the factors."""

    present: Present
    betas: BetaTable
    scenario: Scenario
    history: FactorHistory | NotComputable


class ScenarioOutcomes(Derivation[ScenarioInputs, ScenarioOutcome]):
    """Parameters: the ``scenario`` with all its moves, and the hash of the ``factors`` the betas come from."""

    name: ClassVar[str] = "scenario"
    version: ClassVar[int] = 1
    result_type: ClassVar[Any] = ScenarioOutcome
    built_on: ClassVar[tuple[str, ...]] = ("position_factor_betas/1",)
    tables: ClassVar[tuple[str, ...]] = ("app.derived_results", "scenario_results")

    async def load(self, context: RequestContext, parameters: Mapping[str, Any]) -> ScenarioInputs:
        """The holdings and their betas."""
        pins = context.pinned()
        betas = (await betas_of_positions(context, pins)).value
        return ScenarioInputs(
            await present_holdings(context, pins), betas, scenario_of(parameters["scenario"]), await factors_known(context, pins)
        )

    def compute(self, inputs: ScenarioInputs) -> ScenarioOutcome:
        """The revaluation, to the cent."""
        impact = revalue(scenario_positions(inputs.present, inputs.betas), inputs.scenario, base_currency=inputs.present.base_currency)
        return outcome_of(impact, inputs)

    async def write(self, tx: DatabaseTransaction, key: DerivationKey, result: ScenarioOutcome, moment: datetime) -> None:
        """Keep the result; that of a scenario of the library on the present state goes into the table of results as well."""
        await super().write(tx, key, result, moment)
        given = key.parameters["scenario"]
        if given["is_preset"] and key in await of_present_state(tx, [key]):
            await store.put_scenario_result(tx, _row(key, result, given), moment)


OUTCOMES: Final = ScenarioOutcomes()


async def scenario_outcome(context: RequestContext, pins: Pins, scenario: Scenario, *, is_preset: bool = False) -> Derived[ScenarioOutcome]:
    """What ``scenario`` does to the pinned holdings, stored or computed."""
    history = await factors_known(context, pins)
    note_factors(context, history)
    parameters = {"scenario": _described(scenario, is_preset=is_preset), "factors": fingerprint_of(history)}
    return await get_or_compute(OUTCOMES, context, parameters)


async def scenario_impacts(context: RequestContext, pins: Pins, scenarios: Iterable[Scenario]) -> tuple[ScenarioImpact, ...]:
    """What many scenarios do to the pinned holdings; not kept, the betas behind them are."""
    betas, present = (await betas_of_positions(context, pins)).value, await present_holdings(context, pins)
    positions = scenario_positions(present, betas)

    def run() -> tuple[ScenarioImpact, ...]:
        return tuple(revalue(positions, one, base_currency=present.base_currency) for one in scenarios)

    return await asyncio.to_thread(run)


def scenario_positions(present: Present, betas: BetaTable) -> tuple[ScenarioPosition, ...]:
    """The holdings as scenarios see them: value in base currency, own currency, asset class and betas in it."""
    known = {one.security_id: one.betas for one in betas.securities}
    return tuple(
        ScenarioPosition(
            key=str(one.security_id) if one.security_id is not None else f"cash {one.currency}",
            symbol=one.symbol,
            value=one.market_value or ZERO,
            currency=one.currency,
            asset_class=(one.security_type or "equity").lower() if one.security_id is not None else "cash",
            betas={} if one.security_id is None else known.get(one.security_id, {}),
        )
        for one in present.positions
    )


def outcome_of(impact: ScenarioImpact, inputs: ScenarioInputs) -> ScenarioOutcome:
    """The impact as it is kept and shown, positions from the greatest loss to the greatest gain."""
    methods = {str(one.security_id): one.methodology for one in inputs.betas.securities}
    symbols = {position.key: position.symbol for position in impact.positions}
    distance, likelihood, warning, why = _usual(inputs)
    reasons = {} if why is None else {"distance": why, "likelihood": why}
    if impact.return_fraction is None:
        reasons["return_delta"] = "the portfolio has no value"
    return ScenarioOutcome(
        asof_date=inputs.betas.asof_date,
        currency=impact.base_currency,
        moves=moves_of(impact.scenario),
        pre_nav=impact.value_before,
        post_nav=impact.value_after,
        total_delta_pl=impact.delta,
        return_delta=_fraction(impact.return_fraction),
        positions=tuple(_position(one, methods) for one in sorted(impact.positions, key=lambda one: (one.delta, one.symbol))),
        factor_contributions=dict(sorted(impact.contributions.items())),
        ineffective={symbols[key]: reason for key, reason in impact.ineffective.items()} | dict(inputs.present.unpriced),
        distance=distance,
        likelihood=likelihood,
        implausible=warning,
        reasons=reasons,
    )


def moves_of(scenario: Scenario) -> dict[str, float]:
    """Everything a scenario moves, as fractions: factors, asset classes, securities, currencies."""
    return {**scenario.factors, **scenario.asset_classes, **scenario.symbols, **scenario.currencies}


def scenario_of(described: Mapping[str, Any]) -> Scenario:
    """The scenario a key describes; its words are of no matter to the result."""
    names = ("factors", "asset_classes", "symbols", "currencies")
    moves: dict[str, Any] = {name: dict(described[name]) for name in names}
    return Scenario(id=described["id"], name=described["id"], family="described", **moves)


def _described(scenario: Scenario, *, is_preset: bool) -> dict[str, Any]:
    names = ("factors", "asset_classes", "symbols", "currencies")
    return {"id": scenario.id, "is_preset": is_preset, **{name: dict(getattr(scenario, name)) for name in names}}


def _usual(inputs: ScenarioInputs) -> tuple[float | None, float | None, str | None, str | None]:
    """How far the factor moves lie from nothing, how likely moves as far are in a year, a warning, and why that is not known."""
    moved = {name: size for name, size in inputs.scenario.factors.items() if name in FACTOR_NAMES and size}
    if isinstance(inputs.history, NotComputable):
        return None, None, None, f"the history of the factors is not known: {inputs.history}"
    if not moved:
        return None, None, None, "the scenario moves none of the factors whose history is known"
    covariance = daily_covariances(inputs.history, ("",) * inputs.history.observations).pooled
    found = plausibility(moved, FACTOR_NAMES, covariance, periods=float(HORIZON_DAYS))
    return round(found.distance, PLACES), round(found.probability, PLACES), found.warning, None


def _position(one: PositionImpact, methods: Mapping[str, str]) -> PositionOutcome:
    return PositionOutcome(
        key=one.key,
        symbol=one.symbol,
        base_value=one.value_before,
        shocked_value=one.value_after,
        delta_value=one.delta,
        delta_pct=_fraction(one.return_fraction),
        primary_driver=one.primary_driver,
        factor_contributions=dict(sorted(one.contributions.items())),
        methodology=methods.get(one.key, "cash"),
        is_floored=one.is_floored,
    )


def _fraction(value: float | None) -> float | None:
    return None if value is None else round(value, PLACES) + 0.0


def _row(key: DerivationKey, result: ScenarioOutcome, given: Mapping[str, Any]) -> NewScenarioResult:
    positions = [asdict(one) for one in result.positions]
    gained = [one for one in reversed(positions) if one["delta_value"] > 0][:_SHOWN]
    lost = [one for one in positions if one["delta_value"] < 0][:_SHOWN]
    is_absolute = {name in {"real_rates", "inflation", "credit"} for name in result.moves}
    kind = "ABSOLUTE" if is_absolute == {True} else "RELATIVE" if is_absolute == {False} else None
    if key.portfolio_id is None or key.pricing_pack_id is None or key.ledger_commit_hash is None:
        raise ValueError("A scenario's result needs a portfolio, a pack and a ledger state in its key.")
    return NewScenarioResult(
        portfolio_id=key.portfolio_id,
        scenario_id=given["id"],
        shock_type=kind,
        asof_date=result.asof_date,
        pricing_pack_id=key.pricing_pack_id,
        total_delta_pl=result.total_delta_pl,
        total_delta_pct=column_value(result.return_delta),
        portfolio_value_before=result.pre_nav,
        portfolio_value_after=result.post_nav,
        position_impacts=canonical_bytes(positions).decode(),
        winners_json=canonical_bytes(gained).decode(),
        losers_json=canonical_bytes(lost).decode(),
        shock_definition_json=canonical_bytes(result.moves).decode(),
        factor_contributions=canonical_bytes(result.factor_contributions).decode(),
        ledger_commit_hash=key.ledger_commit_hash,
        method_version=f"{OUTCOMES.name}/{key.version}",
    )
