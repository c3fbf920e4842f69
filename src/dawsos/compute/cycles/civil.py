"""Stages of civil order, by inequality, trust in institutions and polarisation."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from dawsos.compute.regimes.detection import softmax
from dawsos.compute.returns.figures import NotComputable

#: What a stage is told by, all three together.
INDICATORS: Final = ("gini", "institutional_trust", "polarization")
_STEEPNESS: Final = 5.0
_TEMPERATURE: Final = 0.15


@dataclass(frozen=True, slots=True)
class CivilStage:
    """A stage, its number and the range of each indicator, in the order of :data:`INDICATORS`."""

    code: str
    label: str
    number: int
    ranges: tuple[tuple[float, float], tuple[float, float], tuple[float, float]]


STAGES: Final = (
    CivilStage("HARMONY", "Harmony", 1, ((0.0, 0.30), (0.7, 1.0), (0.0, 0.30))),
    CivilStage("RISING_TENSIONS", "Rising tensions", 2, ((0.30, 0.38), (0.5, 0.7), (0.30, 0.45))),
    CivilStage("POLARIZATION", "Polarization", 3, ((0.38, 0.42), (0.35, 0.5), (0.45, 0.65))),
    CivilStage("CRISIS", "Crisis", 4, ((0.42, 0.48), (0.2, 0.35), (0.65, 0.80))),
    CivilStage("CONFLICT", "Conflict or revolution", 5, ((0.48, 1.0), (0.0, 0.2), (0.80, 1.0))),
)
#: Told by changes over a year, not by levels: inequality falls, trust grows, polarisation falls.
RECONSTRUCTION: Final = CivilStage("RECONSTRUCTION", "Reconstruction", 6, ((-0.05, 0.0), (0.05, 0.20), (-0.10, 0.0)))


@dataclass(frozen=True, slots=True)
class CivilState:
    """The stage that fits best, how well (0 to 1), its probability, the fit of every stage, and how each indicator fits it."""

    stage: CivilStage
    score: float
    confidence: float
    scores: Mapping[str, float]
    fits: Mapping[str, float]


def civil_state(levels: Mapping[str, float], changes: Mapping[str, float] | None = None) -> CivilState | NotComputable:
    """Judge by fractions ``gini``, ``institutional_trust`` and ``polarization``; with ``changes`` over a year reconstruction is judged too.

    Fit of an indicator = max(0, 1 − 5 × distance to the stage's range); a stage's score is their mean; probabilities are a softmax with
    temperature 0.15. All three are needed: a stage is what they are together.
    """
    missing = [name for name in INDICATORS if name not in levels]
    if missing:
        return NotComputable(f"indicators of civil order ({', '.join(missing)} missing)", len(INDICATORS), len(INDICATORS) - len(missing))
    fits = {stage.code: _fits(stage, levels) for stage in STAGES}
    stages = {stage.code: stage for stage in STAGES}
    if changes is not None and all(name in changes for name in INDICATORS):
        fits[RECONSTRUCTION.code], stages[RECONSTRUCTION.code] = _fits(RECONSTRUCTION, changes), RECONSTRUCTION
    scores = {code: sum(fit.values()) / len(fit) for code, fit in fits.items()}
    probabilities = softmax(scores, _TEMPERATURE)
    best = max(scores, key=lambda code: scores[code])
    return CivilState(stages[best], scores[best], probabilities[best], MappingProxyType(scores), MappingProxyType(fits[best]))


def _fits(stage: CivilStage, values: Mapping[str, float]) -> dict[str, float]:
    return {
        name: max(0.0, 1.0 - _STEEPNESS * max(0.0, low - values[name], values[name] - high))
        for name, (low, high) in zip(INDICATORS, stage.ranges, strict=True)
    }
