"""What has shifted between two looks at regimes and factor exposures."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from dawsos.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class Shift:
    """A change worth a look: what, from where to where, and how many times the threshold."""

    kind: Literal["regime", "factor"]
    name: str
    before: float
    after: float
    change: float
    significance: float
    date: date


@dataclass(frozen=True, slots=True)
class BetaAt:
    """A beta on a day with its standard error; None when it is not known."""

    date: date
    beta: float
    standard_error: float | None


def regime_shifts(days: Sequence[date], probabilities: Mapping[str, Sequence[float]], *, threshold: float = 0.10) -> tuple[Shift, ...]:
    """Phases whose probability moved by ``threshold`` or more between consecutive days, in order of time, the largest first."""
    if any(len(series) != len(days) for series in probabilities.values()):
        raise Invalid("Probabilities and days do not match.", remedy="Give one probability of each phase for each day.")
    found = [
        Shift("regime", name, series[i - 1], series[i], series[i] - series[i - 1], abs(series[i] - series[i - 1]) / threshold, days[i])
        for name, series in probabilities.items()
        for i in range(1, len(days))
        if abs(series[i] - series[i - 1]) >= threshold
    ]
    return tuple(sorted(found, key=lambda shift: (shift.date, -shift.significance, shift.name)))


def factor_shifts(history: Mapping[str, Sequence[BetaAt]], *, threshold: float = 0.10, errors: float = 2.0) -> tuple[Shift, ...]:
    """Betas that moved between consecutive looks by ``errors`` standard errors of the earlier one, or by ``threshold`` without an error.

    ``significance`` is the move in multiples of what was needed.
    """
    found = []
    for name, looks in history.items():
        for earlier, later in itertools.pairwise(looks):
            needed = errors * earlier.standard_error if earlier.standard_error else threshold
            moved = later.beta - earlier.beta
            if abs(moved) >= needed:
                found.append(Shift("factor", name, earlier.beta, later.beta, moved, abs(moved) / needed, later.date))
    return tuple(sorted(found, key=lambda shift: (shift.date, -shift.significance, shift.name)))


def phase_drift(probabilities: Sequence[Sequence[float]]) -> float | None:
    """By how many phases the expected place in the cycle moved from the first to the last look; None with fewer than two.

    ``probabilities[k]`` is the series of the k-th phase; the expected place of a look is Σ k·p_k. Positive: towards contraction.
    """
    if not probabilities or len(probabilities[0]) < 2:
        return None
    first, last = (sum(place * series[look] for place, series in enumerate(probabilities)) for look in (0, -1))
    return last - first


def transitions(days: Sequence[date], phases: Sequence[str]) -> tuple[tuple[date, str, str], ...]:
    """Each day on which the phase is another than the day before: day, from, to."""
    return tuple((days[i], phases[i - 1], phases[i]) for i in range(1, len(days)) if phases[i] != phases[i - 1])
