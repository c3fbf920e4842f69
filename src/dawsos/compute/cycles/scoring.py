"""From standardised indicators to the phase of a cycle."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from dawsos.compute.cycles.weights import CYCLES, MANUAL_RANGES, CyclePhase
from dawsos.compute.regimes.detection import softmax
from dawsos.compute.returns.figures import NotComputable
from dawsos.kernel.errors import Invalid

#: At least this share of a phase's weights must rest on known indicators, or the phase cannot be told.
_COVERAGE: Final = 0.5
_TEMPERATURE: Final = 0.5
_DRIVERS: Final = 5


@dataclass(frozen=True, slots=True)
class CycleDriver:
    """An indicator's part in the phase: its standardised value, and weight × value / Σ|weights|."""

    indicator: str
    value: float
    contribution: float


@dataclass(frozen=True, slots=True)
class CycleState:
    """The most probable phase of a cycle; ``score`` is Σ w·z/Σ|w| of it, ``coverage`` the share of its weights that is known.

    ``undecided`` names phases that could not be judged because too little of what they rest on is known; ``next_phase`` is the one that
    follows in the order of the cycle.
    """

    cycle: str
    phase: CyclePhase
    score: float
    confidence: float
    probabilities: Mapping[str, float]
    scores: Mapping[str, float]
    drivers: tuple[CycleDriver, ...]
    coverage: float
    undecided: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def next_phase(self) -> CyclePhase:
        phases = CYCLES[self.cycle]
        return phases[self.phase.number % len(phases)]


def cycle_state(cycle: str, values: Mapping[str, float]) -> CycleState | NotComputable:
    """Judge a cycle of :data:`~dawsos.compute.cycles.weights.CYCLES` by standardised ``values`` (z-scores, or :func:`scaled_level`).

    score = Σ w·z / Σ|w| over the known indicators of each phase; probabilities are a softmax (temperature 0.5) over the phases that can be
    judged: those with at least half of their weights known. Not computable when fewer than two phases can.
    """
    if cycle not in CYCLES:
        raise Invalid(f"There is no cycle '{cycle}' with weights.", remedy=f"Use one of {', '.join(CYCLES)}.")
    scores, undecided = {}, []
    for phase in CYCLES[cycle]:
        known = sum(abs(weight) for name, weight in phase.weights.items() if name in values)
        if known < _COVERAGE * _weight(phase):
            undecided.append(phase.code)
        else:
            scores[phase.code] = sum(weight * values[name] for name, weight in phase.weights.items() if name in values) / known
    wanted = sorted({name for phase in CYCLES[cycle] for name in phase.weights})
    missing = tuple(name for name in wanted if name not in values)
    if len(scores) < 2:
        return NotComputable(f"phases of {cycle} that can be judged ({', '.join(missing)} missing)", 2, len(scores))
    probabilities = softmax(scores, _TEMPERATURE)
    best = next(phase for phase in CYCLES[cycle] if phase.code == max(probabilities, key=lambda code: probabilities[code]))
    known = sum(abs(weight) for name, weight in best.weights.items() if name in values)
    drivers = [CycleDriver(name, values[name], weight * values[name] / known) for name, weight in best.weights.items() if name in values]
    return CycleState(
        cycle,
        best,
        scores[best.code],
        probabilities[best.code],
        MappingProxyType(probabilities),
        MappingProxyType(scores),
        tuple(sorted(drivers, key=lambda driver: (-abs(driver.contribution), driver.indicator))[:_DRIVERS]),
        known / _weight(best),
        tuple(undecided),
        missing,
    )


def _weight(phase: CyclePhase) -> float:
    return sum(abs(weight) for weight in phase.weights.values())


def scaled_level(name: str, value: float) -> float:
    """A level without a history as standard deviations: 0 in the middle of its range, ±2 at the ends.

    Raises :class:`Invalid` for an indicator without a range, and for a value outside it.
    """
    if name not in MANUAL_RANGES:
        raise Invalid(f"{name} has no range.", remedy=f"Use one of {', '.join(MANUAL_RANGES)}.")
    low, high = MANUAL_RANGES[name]
    if not low <= value <= high:
        raise Invalid(f"{name} is {value}, outside {low} to {high}.", remedy="Give a fraction.")
    return 4.0 * (value - (low + high) / 2.0) / (high - low)
