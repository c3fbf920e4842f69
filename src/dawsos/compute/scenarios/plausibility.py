"""Whether moves go together as they have in history, and the worst moves that do."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.factors.risk import checked_covariance
from dawsos.compute.returns.figures import FloatArray
from dawsos.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class Plausibility:
    """How far a set of moves lies from nothing, √(s'Σ⁻¹s), and the chance of a move at least as far if moves were Gaussian.

    ``contradictions`` are pairs that move against a strong correlation, with that correlation; ``warning`` is a sentence when the moves are
    implausible, else None.
    """

    distance: float
    probability: float
    contradictions: tuple[tuple[str, str, float], ...]
    warning: str | None


def plausibility(
    shocks: Mapping[str, float],
    factors: tuple[str, ...],
    covariance: ArrayLike,
    *,
    periods: float = 1.0,
    least: float = 0.001,
    strong: float = 0.3,
) -> Plausibility:
    """Mahalanobis distance of ``shocks`` under ``covariance`` per period of ``factors``, over a horizon of ``periods``.

    Only the factors that the scenario moves count: the others may do what they like. Implausible below probability ``least``, or when
    a pair moves against a correlation of at least ``strong``. Raises :class:`Invalid` when the scenario moves none of ``factors``.
    Source: Mahalanobis 1936; Kritzman and Li, Skulls, Financial Turbulence, and Risk Management, 2010.
    """
    matrix = checked_covariance(covariance) * periods
    names = [name for name in factors if shocks.get(name)]
    if not names:
        raise Invalid("The scenario moves none of the factors whose history is known.", remedy=f"Shock one of {', '.join(factors)}.")
    places = [factors.index(name) for name in names]
    part, moves = matrix[np.ix_(places, places)], np.array([shocks[name] for name in names])
    distance = float(np.sqrt(moves @ np.linalg.pinv(part, hermitian=True) @ moves))
    from scipy.special import chdtrc  # noqa: PLC0415 - slow to import

    chance = float(chdtrc(len(names), distance**2))
    spread = np.sqrt(np.diag(part))
    correlations = part / np.outer(spread, spread)
    contradictions = tuple(
        (names[i], names[j], float(correlations[i, j]))
        for i in range(len(names))
        for j in range(i)
        if abs(correlations[i, j]) >= strong and moves[i] * moves[j] * correlations[i, j] < 0
    )
    return Plausibility(distance, chance, contradictions, _warning(distance, chance, contradictions, least))


def _warning(distance: float, chance: float, contradictions: tuple[tuple[str, str, float], ...], least: float) -> str | None:
    if chance < least:
        return f"Moves {distance:.1f} standard deviations from the usual: more extreme than {least:.1%} of history suggests."
    if contradictions:
        first, second, correlation = contradictions[0]
        return f"{second} and {first} move against their correlation of {correlation:+.2f}."
    return None


@dataclass(frozen=True, slots=True, eq=False)
class WorstCase:
    """The moves at a given distance that cost most, and their return."""

    shocks: FloatArray
    loss: float


def worst_case(betas: ArrayLike, covariance: ArrayLike, *, distance: float = 3.0) -> WorstCase:
    """Of all moves with √(s'Σ⁻¹s) ≤ ``distance``, those with the least β's: s = −distance·Σβ/√(β'Σβ), loss = distance·√(β'Σβ).

    ``betas`` ``[K]`` of the portfolio. A portfolio without exposure loses nothing. Source: Studer, Maximum Loss for Measurement of Market
    Risk, 1997.
    """
    loadings, matrix = np.asarray(betas, dtype=np.float64), checked_covariance(covariance)
    risk = float(np.sqrt(max(0.0, float(loadings @ matrix @ loadings))))
    shocks = -distance * (matrix @ loadings) / risk if risk > 0 else np.zeros(loadings.size)
    return WorstCase(np.asarray(shocks), distance * risk)
