"""Full revaluation of positions under a scenario: local return and currency together, divided among what caused it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from dawsos.compute.scenarios.records import PositionImpact, Scenario, ScenarioImpact, ScenarioPosition, primary_driver
from dawsos.kernel.money import ZERO, round_money

#: Contributions beside those of factors.
CURRENCY: Final = "currency"
INTERACTION: Final = "interaction"
_CLASSES: Final = MappingProxyType({"etf": "equity", "fund": "equity", "adr": "equity", "index": "equity", "bond": "government_bond"})


def revalue(positions: Sequence[ScenarioPosition], scenario: Scenario, *, base_currency: str) -> ScenarioImpact:
    """What ``scenario`` does to the positions, each value after = value × (1 + r)·(1 + g), in base currency.

    r is the return in the position's own currency: its symbol's move if the scenario names it, else its asset class's if the scenario moves
    classes, else Σ β_f × shock_f; a long position cannot lose more than all (r ≥ −1, its parts scaled alike). g is what its currency gains
    against the base currency, (1 + move of the currency)/(1 + move of the base) − 1. The move of the dollar acts through ``betas`` on r and
    through translation on g; betas are of local returns, so nothing counts twice. Contributions: value·β_f·shock_f, value·g and value·r·g.

    A position's delta is rounded once, to the cent, and its parts are settled to sum to it; totals are sums of those, so rows and columns
    add up.
    A position worth nothing, or of which the scenario says nothing, has delta 0 and is named in ``ineffective``.
    """
    impacts, ineffective = [], {}
    for position in positions:
        parts, is_floored, reason = _parts(position, scenario, base_currency)
        if reason is not None:
            ineffective[position.key] = reason
        impacts.append(_impact(position, parts, is_floored))
    totals: dict[str, Decimal] = {}
    for impact in impacts:
        for name, amount in impact.contributions.items():
            totals[name] = totals.get(name, ZERO) + amount
    before, delta = sum((p.value for p in positions), ZERO), sum((impact.delta for impact in impacts), ZERO)
    return ScenarioImpact(
        scenario=scenario,
        base_currency=base_currency,
        value_before=before,
        value_after=before + delta,
        delta=delta,
        return_fraction=float(delta / before) if before else None,
        positions=tuple(impacts),
        contributions=MappingProxyType(totals),
        ineffective=MappingProxyType(ineffective),
    )


def _parts(position: ScenarioPosition, scenario: Scenario, base_currency: str) -> tuple[dict[str, float], bool, str | None]:
    """Returns by cause; whether the floor held; why nothing happened."""
    local, reason = local_return_parts(position, scenario)
    total = sum(local.values())
    is_floored = position.value > 0 and total < -1.0
    if is_floored:
        local, total = {name: -part / total for name, part in local.items()}, -1.0
    gain = scenario.currency_move(position.currency) / scenario.currency_move(base_currency) - 1.0
    parts = dict(local)
    if gain:
        parts[CURRENCY] = gain
        if total:
            parts[INTERACTION] = total * gain
    return parts, is_floored, None if any(parts.values()) else reason


def local_return_parts(position: ScenarioPosition, scenario: Scenario) -> tuple[dict[str, float], str | None]:
    """The return in own currency by cause, and why it is nothing if it is."""
    if position.symbol in scenario.symbols:
        return {"symbol": scenario.symbols[position.symbol]}, None
    if position.asset_class == "cash":
        return {}, "cash moves with its currency only"
    if scenario.asset_classes:
        kind = _CLASSES.get(position.asset_class, position.asset_class)
        if kind in scenario.asset_classes:
            return {"asset_class": scenario.asset_classes[kind]}, None
        return {}, f"the scenario does not move {position.asset_class}"
    if scenario.symbols:
        return {}, "the scenario names other securities"
    moved = {name: position.betas[name] * shock for name, shock in scenario.factors.items() if position.betas.get(name)}
    return moved, None if moved else "no beta to a factor the scenario moves"


def _impact(position: ScenarioPosition, parts: Mapping[str, float], is_floored: bool) -> PositionImpact:
    contributions = {name: round_money(position.value * Decimal(repr(part))) for name, part in parts.items()}
    delta = round_money(position.value * sum((Decimal(repr(part)) for part in parts.values()), ZERO)) if parts else ZERO
    delta = -position.value if is_floored and CURRENCY not in parts else delta
    _settle(contributions, delta)
    return PositionImpact(
        key=position.key,
        symbol=position.symbol,
        value_before=position.value,
        value_after=position.value + delta,
        delta=delta,
        return_fraction=float(delta / position.value) if position.value else None,
        contributions=MappingProxyType(contributions),
        primary_driver=primary_driver(contributions),
        is_floored=is_floored,
    )


def _settle(contributions: dict[str, Decimal], delta: Decimal) -> None:
    """The cent or two that rounding each part has left over go to the largest part, where they matter least."""
    if contributions:
        largest = max(contributions, key=lambda name: abs(contributions[name]))
        contributions[largest] += delta - sum(contributions.values(), ZERO)
