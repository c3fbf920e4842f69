"""Which scenarios matter most to a portfolio now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.figures import NotComputable
from dawsos.compute.scenarios.records import Scenario, ScenarioImpact, Severity
from dawsos.kernel.errors import Invalid


class Priority(StrEnum):
    """How urgent, by relevance."""

    CRITICAL = "CRITICAL"
    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"


@dataclass(frozen=True, slots=True)
class RankedScenario:
    """A scenario with its impact; ``expected_loss`` is probability × loss (0 for a gain), None without a probability."""

    scenario: Scenario
    delta: Decimal
    return_fraction: float | None
    probability: float | None
    expected_loss: float | None
    relevance: float | None
    priority: Priority | None


def relevance(scenario: Scenario) -> float | None:
    """Probability × 2 for a severe, × 3 for an extreme scenario; None when nobody has said how probable it is."""
    if scenario.probability is None:
        return None
    return scenario.probability * {Severity.HIGH: 2.0, Severity.EXTREME: 3.0}.get(scenario.severity or Severity.LOW, 1.0)


def priority(value: float) -> Priority:
    """CRITICAL above 0.3, HIGH above 0.15, MEDIUM above 0.05."""
    return Priority.CRITICAL if value > 0.3 else Priority.HIGH if value > 0.15 else Priority.MEDIUM if value > 0.05 else Priority.LOW


def rank(impacts: Iterable[ScenarioImpact], *, top: int | None = None) -> tuple[RankedScenario, ...]:
    """By relevance, most first; of equal ones the greater expected loss; scenarios without a probability last, by their loss."""
    ranked = sorted((_ranked(impact) for impact in impacts), key=_order)
    return tuple(ranked[:top])


def _ranked(impact: ScenarioImpact) -> RankedScenario:
    scenario = impact.scenario
    matters = relevance(scenario)
    loss = max(0.0, -float(impact.delta))
    expected = None if scenario.probability is None else scenario.probability * loss
    level = None if matters is None else priority(matters)
    return RankedScenario(scenario, impact.delta, impact.return_fraction, scenario.probability, expected, matters, level)


def _order(entry: RankedScenario) -> tuple[bool, float, float, Decimal, str]:
    return entry.relevance is None, -(entry.relevance or 0.0), -(entry.expected_loss or 0.0), entry.delta, entry.scenario.id


def worst(impacts: Sequence[ScenarioImpact]) -> ScenarioImpact:
    """The scenario that costs most, of equal ones the first."""
    if not impacts:
        raise Invalid("There is no scenario to choose the worst of.", remedy="Run at least one.")
    return min(impacts, key=lambda impact: impact.delta)


def loss_quantile(losses: ArrayLike, probabilities: ArrayLike, *, confidence: float = 0.95) -> float | NotComputable:
    """The loss that is not exceeded with ``confidence``, outcomes weighted with their probabilities (scaled to sum to one).

    The least loss L for which the probability of a loss of at most L reaches ``confidence``: the tail of losses, not of gains.
    """
    sizes, weights = np.asarray(losses, dtype=np.float64), np.asarray(probabilities, dtype=np.float64)
    if sizes.shape != weights.shape or (weights < 0).any() or not 0 < confidence < 1:
        raise Invalid("Losses and probabilities do not match.", remedy="Give one probability, not negative, for each loss.")
    total = float(weights.sum())
    if total <= 0:
        return NotComputable("scenarios with a probability", 1, 0)
    order = np.argsort(sizes, kind="stable")
    reached = np.cumsum(weights[order]) / total
    return float(sizes[order][min(int(np.searchsorted(reached, confidence - 1e-12)), sizes.size - 1)])
