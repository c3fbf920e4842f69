"""From z-scores to phase and quadrant, with probabilities, a margin and what spoke for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import exp, log
from types import MappingProxyType
from typing import Final, Literal

from dawsos.compute.regimes.rules import LABELS, PHASES, RULES
from dawsos.compute.returns.figures import NotComputable

Quadrant = Literal["GOLDILOCKS", "REFLATION", "STAGFLATION", "DEFLATION"]
QUADRANTS: Final[tuple[Quadrant, ...]] = ("GOLDILOCKS", "REFLATION", "STAGFLATION", "DEFLATION")
#: A phase whose every criterion is met in the middle of its range has at least this probability.
_CERTAIN: Final = 0.8
#: At least this share of a phase's weights must rest on indicators that are known.
_COVERAGE: Final = 0.5
#: Steepness of the normal distribution function as a logistic.
_LOGISTIC: Final = 1.702


@dataclass(frozen=True, slots=True)
class Driver:
    """An indicator that spoke for the phase: its z-score, its share of the score, and a sentence."""

    indicator: str
    zscore: float
    contribution: float
    reading: str


@dataclass(frozen=True, slots=True)
class Phase:
    """The most probable phase, its probability, its lead over the next, all probabilities and scores, drivers, and what was not known."""

    phase: str
    confidence: float
    margin: float
    probabilities: Mapping[str, float]
    scores: Mapping[str, float]
    drivers: tuple[Driver, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuadrantCall:
    """The quadrant of growth and inflation momentum, with the probabilities of all four."""

    quadrant: Quadrant
    confidence: float
    probabilities: Mapping[str, float]


def phase_scores(zscores: Mapping[str, float]) -> dict[str, float] | NotComputable:
    """Σ weight × match / Σ weight of each phase, over the indicators in ``zscores``; between 0 and 1.

    Not computable when less than half of some phase's weights rests on known indicators.
    """
    scores = {}
    for phase, criteria in RULES.items():
        known = [criterion for criterion in criteria if criterion.indicator in zscores]
        weight = sum(criterion.weight for criterion in known)
        if weight < _COVERAGE * sum(criterion.weight for criterion in criteria):
            lacking = sorted({criterion.indicator for criterion in criteria} - zscores.keys())
            return NotComputable(f"indicators of {phase} ({', '.join(lacking)} missing)", len(criteria), len(known))
        scores[phase] = sum(criterion.weight * criterion.match(zscores[criterion.indicator]) for criterion in known) / weight
    return scores


def softmax(scores: Mapping[str, float], temperature: float) -> dict[str, float]:
    """exp(score/temperature), scaled to sum to one."""
    highest = max(scores.values())
    powers = {name: exp((score - highest) / temperature) for name, score in scores.items()}
    total = sum(powers.values())
    return {name: power / total for name, power in powers.items()}


@cache
def temperature() -> float:
    """The highest temperature at which every phase, met ideally, has probability 0.8 or more."""

    def least(heat: float) -> float:
        found = []
        for phase, criteria in RULES.items():
            ideal = dict.fromkeys(LABELS, 0.0) | {criterion.indicator: criterion.ideal for criterion in criteria}
            scores = phase_scores(ideal)
            found.append(softmax(scores, heat)[phase] if not isinstance(scores, NotComputable) else 0.0)
        return min(found) - _CERTAIN

    # Halved until the ends are neighbours among the numbers there are: exact, and without a second of import.
    low, high = 1e-3, 1.0 / log(2.0)
    while low < (middle := (low + high) / 2.0) < high:
        low, high = (middle, high) if least(middle) >= 0.0 else (low, middle)
    return low


def detect_phase(zscores: Mapping[str, float]) -> Phase | NotComputable:
    """The phase of the business cycle that ``zscores`` (of :data:`~dawsos.compute.regimes.rules.REGIME_INDICATORS`) speak for.

    Probabilities are a softmax of the scores with :func:`temperature`; ``confidence`` is the greatest, ``margin`` its lead over the next.
    """
    scores = phase_scores(zscores)
    if isinstance(scores, NotComputable):
        return scores
    probabilities = softmax(scores, temperature())
    ranked = sorted(PHASES, key=lambda name: -probabilities[name])
    best = ranked[0]
    return Phase(
        best,
        probabilities[best],
        probabilities[best] - probabilities[ranked[1]],
        MappingProxyType(probabilities),
        MappingProxyType(scores),
        _drivers(best, zscores),
        tuple(name for name in LABELS if name not in zscores),
    )


def _drivers(phase: str, zscores: Mapping[str, float]) -> tuple[Driver, ...]:
    known = [criterion for criterion in RULES[phase] if criterion.indicator in zscores]
    total = sum(criterion.weight for criterion in known)
    found = []
    for criterion in known:
        zscore = zscores[criterion.indicator]
        share = criterion.weight * criterion.match(zscore) / total
        side = "fits" if criterion.match(zscore) == 1.0 else "does not fit"
        direction = "above" if zscore >= 0 else "below"
        reading = f"{LABELS[criterion.indicator]} is {abs(zscore):.1f} standard deviations {direction} its mean, which {side}"
        found.append(Driver(criterion.indicator, zscore, share, reading))
    return tuple(sorted(found, key=lambda driver: (-driver.contribution, driver.indicator)))


def detect_quadrant(growth_momentum: float, inflation_momentum: float) -> QuadrantCall:
    """Growth up, inflation down: GOLDILOCKS; both up: REFLATION; growth down, inflation up: STAGFLATION; both down: DEFLATION.

    Both momenta are z-scores; the chance that one is truly up is a logistic of it (close to the normal distribution function), and the
    two are taken as independent.
    """
    up, rising = (1.0 / (1.0 + exp(-_LOGISTIC * max(-50.0, min(50.0, z)))) for z in (growth_momentum, inflation_momentum))
    chances = dict(zip(QUADRANTS, (up * (1 - rising), up * rising, (1 - up) * rising, (1 - up) * (1 - rising)), strict=True))
    best = max(QUADRANTS, key=lambda name: chances[name])
    return QuadrantCall(best, chances[best], MappingProxyType({str(name): chance for name, chance in chances.items()}))


def rule_of_thumb(*, gdp_growth: float, unemployment: float, yield_curve: float, pmi: float) -> tuple[str, float]:
    """A phase and its confidence by five plain rules on levels, all in percent (PMI an index): a second opinion, never the answer.

    Output shrinks: deep contraction above 6 % unemployment, else early. Inverted curve: late expansion. Tight labour (< 4.5 %) and growth
    above 2 %: mid expansion with a PMI above 55, else late. Otherwise early expansion.
    """
    if gdp_growth < 0:
        return ("DEEP_CONTRACTION", 0.95) if unemployment > 6 else ("EARLY_CONTRACTION", 0.80)
    if yield_curve < 0:
        return "LATE_EXPANSION", 0.85
    if unemployment < 4.5 and gdp_growth > 2:
        return ("MID_EXPANSION", 0.90) if pmi > 55 else ("LATE_EXPANSION", 0.75)
    return "EARLY_EXPANSION", 0.70
