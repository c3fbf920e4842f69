"""Scenarios as the state of the economy makes them more or less likely, and better or worse."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from dawsos.compute.scenarios.records import Scenario, Severity, frozen

#: No scenario is more probable than this.
MOST_PROBABLE: Final = 0.95


@dataclass(frozen=True, slots=True)
class MacroState:
    """The phase of the business cycle, of the long-term debt and empire cycles, and the civil stage; None where unknown."""

    phase: str | None = None
    ltdc_phase: str | None = None
    empire_phase: str | None = None
    civil_stage: int | None = None


@dataclass(frozen=True, slots=True)
class DebtAdjustment:
    """What a phase of the long-term debt cycle does: multiplies equity and credit moves, raises correlations, multiplies volatility."""

    risk: float
    correlation: float = 0.0
    volatility: float = 1.0


@dataclass(frozen=True, slots=True)
class AdjustedScenario:
    """The scenario after adjustment, what it was, and each step taken in words."""

    scenario: Scenario
    original: Scenario
    probability_multiplier: float
    severity_multiplier: float
    correlation_change: float
    steps: tuple[str, ...]


#: Phase → scenario → probability ×, severity ×, volatility +. Early contraction lies between late expansion and deep contraction.
PHASE_ADJUSTMENTS: Final[Mapping[str, Mapping[str, tuple[float, float, float]]]] = MappingProxyType({
    "EARLY_EXPANSION": {
        "rates_up": (0.5, 0.8, 0), "rates_down": (0.3, 0.5, 0), "equity_rally": (2.0, 1.2, 0),
        "credit_spread_tightening": (2.5, 1.3, 0),
    },
    "MID_EXPANSION": {"rates_up": (1.2, 1.0, 0), "equity_rally": (1.3, 1.0, 0), "cpi_surprise": (0.8, 0.9, 0)},
    "LATE_EXPANSION": {
        "rates_up": (2.0, 1.3, 0), "cpi_surprise": (2.5, 1.5, 0), "equity_selloff": (3.0, 1.5, 0.5),
        "credit_spread_widening": (2.5, 1.4, 0),
    },
    "EARLY_CONTRACTION": {
        "equity_selloff": (3.5, 1.8, 0), "credit_spread_widening": (3.5, 1.8, 0), "rates_down": (2.0, 1.5, 0),
    },
    "DEEP_CONTRACTION": {
        "rates_down": (3.0, 2.0, 0), "equity_selloff": (4.0, 2.0, 1.0), "credit_spread_widening": (5.0, 2.5, 0), "usd_up": (2.0, 1.5, 0),
    },
})  # fmt: skip
LTDC_ADJUSTMENTS: Final[Mapping[str, DebtAdjustment]] = MappingProxyType({
    "LEVERAGING": DebtAdjustment(0.7, -0.2),
    "BUBBLE": DebtAdjustment(1.5, 0.3, 1.5),
    "TOP": DebtAdjustment(2.0, 0.5, 2.0),
    "DEPRESSION": DebtAdjustment(1.8, 0.7),
    "BEAUTIFUL_DELEVERAGING": DebtAdjustment(0.9, -0.3),
    "NORMALIZATION": DebtAdjustment(0.8, -0.2),
})  # fmt: skip
#: Phases of the long-term debt cycle as it is judged, in the words of the table above: while it expands debt is built up, a debt crisis
#: is how a depression begins, and reflation leads back to normal. A deleveraging may be ugly or beautiful, so nothing is said of it.
DEBT_PHASES: Final[Mapping[str, str]] = MappingProxyType({
    "EXPANSION": "LEVERAGING", "BUBBLE": "BUBBLE", "TOP": "TOP", "DEBT_CRISIS": "DEPRESSION", "DEPRESSION": "DEPRESSION",
    "REFLATION": "NORMALIZATION",
})  # fmt: skip
#: Empire phase → what multiplies: all moves of risky assets (structural risk), the dollar's move.
_EMPIRE: Final[Mapping[str, tuple[float, float]]] = MappingProxyType({"DECLINE": (1.8, 1.5)})
_CIVIL_UNREST: Final = 5
_RISKY: Final = frozenset({"equity", "credit"})


def adjust(scenario: Scenario, state: MacroState) -> AdjustedScenario:
    """A copy of ``scenario`` for the state of the economy; the library's own is never touched.

    By phase: probability and all moves are multiplied, volatility is added. Long-term debt cycle: equity and credit moves × its risk,
    volatility × its multiplier. Empire in decline: equity and credit × 1.8 (structural risk), the dollar × 1.5. Civil stage 5 or 6:
    probability × 1.5. Probability stops at 0.95; severity becomes ``extreme`` above a multiplier of 1.5, ``high`` above 1.2, and is never
    lowered. A relative fall stops at −100 %. What the state says nothing about stays as it is.
    """
    chance, severity, volatility = PHASE_ADJUSTMENTS.get(state.phase or "", {}).get(scenario.id, (1.0, 1.0, 0.0))
    debt = LTDC_ADJUSTMENTS.get(state.ltdc_phase or "", DebtAdjustment(1.0))
    structural, dollar = _EMPIRE.get(state.empire_phase or "", (1.0, 1.0))
    unrest = 1.5 if state.civil_stage is not None and state.civil_stage >= _CIVIL_UNREST else 1.0
    factors = {}
    for name, size in scenario.factors.items():
        scale = severity * (debt.risk * structural if name in _RISKY else 1.0)
        scale *= dollar if name == "usd" else debt.volatility if name == "volatility" else 1.0
        factors[name] = size * scale if name in {"real_rates", "inflation", "credit"} else max(-1.0, size * scale)
    if volatility:
        factors["volatility"] = factors.get("volatility", 0.0) + volatility
    probability = None if scenario.probability is None else min(MOST_PROBABLE, scenario.probability * chance * unrest)
    total = severity * debt.risk * structural
    adjusted = replace(scenario, factors=frozen(factors), probability=probability, severity=_severity(scenario.severity, total))
    steps = _steps(state, (chance, severity, volatility), debt, (structural, dollar), unrest)
    return AdjustedScenario(adjusted, scenario, chance * unrest, total, debt.correlation, steps)


_ORDER: Final = (Severity.LOW, Severity.MODERATE, Severity.HIGH, Severity.EXTREME)


def _severity(own: Severity | None, multiplier: float) -> Severity | None:
    raised = Severity.EXTREME if multiplier > 1.5 else Severity.HIGH if multiplier > 1.2 else None
    if own is None or raised is None:
        return own or raised
    return max(own, raised, key=_ORDER.index)


def _steps(
    state: MacroState, phase: tuple[float, float, float], debt: DebtAdjustment, empire: tuple[float, float], unrest: float
) -> tuple[str, ...]:
    steps = []
    if phase != (1.0, 1.0, 0.0):
        steps.append(f"{state.phase}: probability × {phase[0]:g}, moves × {phase[1]:g}, volatility + {phase[2]:g}")
    if debt != DebtAdjustment(1.0):
        steps.append(f"{state.ltdc_phase}: equity and credit × {debt.risk:g}, volatility × {debt.volatility:g}")
    if empire != (1.0, 1.0):
        steps.append(f"Empire {state.empire_phase}: equity and credit × {empire[0]:g}, dollar × {empire[1]:g}")
    if unrest != 1.0:
        steps.append(f"Civil stage {state.civil_stage}: probability × {unrest:g}")
    return tuple(steps)
