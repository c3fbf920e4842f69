"""Covariances of the core factors by phase of the business cycle: estimated from history, shrunk where it is short, assumed where there is
none.
"""  # noqa: D205 - one thought

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.factors.risk import checked_covariance, nearest_covariance
from dawsos.compute.regimes.rules import PHASES
from dawsos.compute.returns.figures import FloatArray, NotComputable
from dawsos.kernel.errors import Invalid

#: Observations of a phase from which its own covariance counts, and of all phases below which nothing can be estimated.
SUFFICIENT: Final = {"daily": 250, "monthly": 60}
LEAST_POOLED: Final = 30

# Variances of real rates, inflation, credit, dollar, equity, then the covariances below the diagonal, row by row; 1e-4 per month. In both
# contractions the published table has equities rise as spreads widen; here they fall.
_ASSUMED: Final = {
    "EARLY_EXPANSION": ((4, 2, 3, 15, 25), (-1, -2, 0, 1, 0, -1, -3, 1, -4, 2)),
    "MID_EXPANSION": ((3, 1, 2, 10, 16), (-1, -1, 0, 0, 0, 0, -2, 0, -2, 1)),
    "LATE_EXPANSION": ((6, 4, 8, 20, 30), (2, 3, 1, -1, -1, -2, -1, 0, -6, 3)),
    "EARLY_CONTRACTION": ((8, 3, 20, 25, 40), (1, 6, 1, 2, 0, 3, 2, 1, -10, -5)),
    "DEEP_CONTRACTION": ((10, 2, 50, 35, 80), (-2, 8, -1, 5, 1, 8, 8, 0, -25, -10)),
}


def _assumed(variances: tuple[int, ...], below: tuple[int, ...]) -> FloatArray:
    table = np.diag(np.array(variances, dtype=np.float64))
    table[np.tril_indices(5, -1)] = below
    table = (table + np.tril(table, -1).T) * 1e-4
    table.flags.writeable = False
    return table


#: Covariances per month, in the order of :data:`dawsos.compute.factors.definitions.FACTOR_NAMES`, to fall back on when there is no history.
#: Their rates move far more than rates do (2 % a month); results that rest on them say so.
ASSUMED_COVARIANCES: Final[Mapping[str, FloatArray]] = MappingProxyType({phase: _assumed(*numbers) for phase, numbers in _ASSUMED.items()})


class Source(StrEnum):
    """What a phase's covariance rests on."""

    ESTIMATED = "estimated"
    SHRUNK = "shrunk"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True, eq=False)
class PhaseCovariances:
    """Covariance per period of each phase and of all together, what each rests on, and how many observations it has."""

    by_phase: Mapping[str, FloatArray]
    pooled: FloatArray
    sources: Mapping[str, Source]
    observations: Mapping[str, int]

    def mixture(self, probabilities: Mapping[str, float]) -> FloatArray:
        """Σ probability × covariance: that of a draw whose phase is drawn first (means are zero)."""
        weights = checked_probabilities(probabilities)
        return np.asarray(sum(weight * self.by_phase[phase] for phase, weight in weights.items()))


def checked_probabilities(probabilities: Mapping[str, float]) -> dict[str, float]:
    """Probabilities of phases that are positive, scaled to sum to one; :class:`Invalid` for unknown phases and negative numbers."""
    unknown = sorted(set(probabilities) - set(PHASES))
    total = sum(probabilities.values())
    if unknown or total <= 0 or min(probabilities.values()) < 0:
        raise Invalid(f"These are no probabilities of phases: {dict(probabilities)}.", remedy=f"Give one for each of {', '.join(PHASES)}.")
    return {phase: probability / total for phase, probability in probabilities.items() if probability > 0}


def phase_covariances(
    changes: ArrayLike, phases: Sequence[str], *, sufficient: int = SUFFICIENT["daily"]
) -> PhaseCovariances | NotComputable:
    """Covariance of factor ``changes`` ``[T × K]`` within each phase, ``phases`` naming the phase of each observation.

    A phase with n ≥ ``sufficient`` observations has its own sample covariance (ddof 1); one with fewer is shrunk to the pooled one,
    n/sufficient of its own and the rest pooled. Not computable with fewer than 30 observations in all; then there are
    :data:`ASSUMED_COVARIANCES`. Rows with a missing factor are left out.
    """
    given = np.asarray(changes, dtype=np.float64)
    if given.ndim != 2 or given.shape[0] != len(phases):
        raise Invalid(f"{given.shape} changes and {len(phases)} phases.", remedy="Name the phase of each observation.")
    known = ~np.isnan(given).any(axis=1)
    rows, named = given[known], np.array(phases)[known]
    if rows.shape[0] < LEAST_POOLED:
        return NotComputable("observations of all factors", LEAST_POOLED, int(rows.shape[0]))
    pooled = np.cov(rows, rowvar=False)
    tables, sources, counts = {}, {}, {}
    for phase in PHASES:
        own = rows[named == phase]
        share = min(1.0, own.shape[0] / sufficient) if own.shape[0] > 1 else 0.0
        table = share * np.cov(own, rowvar=False) + (1.0 - share) * pooled if share else pooled
        tables[phase], counts[phase] = checked_covariance(nearest_covariance(table)), int(own.shape[0])
        sources[phase] = Source.ESTIMATED if share == 1.0 else Source.SHRUNK
    return PhaseCovariances(MappingProxyType(tables), pooled, MappingProxyType(sources), MappingProxyType(counts))


def assumed_covariances(*, periods_per_month: float = 21.0) -> PhaseCovariances:
    """The assumed covariances per period (a trading day unless told otherwise); pooled is their plain mean."""
    tables = {phase: nearest_covariance(table / periods_per_month) for phase, table in ASSUMED_COVARIANCES.items()}
    pooled = np.mean(list(tables.values()), axis=0)
    return PhaseCovariances(
        MappingProxyType(tables),
        pooled,
        MappingProxyType(dict.fromkeys(PHASES, Source.ASSUMED)),
        MappingProxyType(dict.fromkeys(PHASES, 0)),
    )


def stressed(covariance: ArrayLike, *, risk: float = 1.0, correlation: float = 0.0) -> FloatArray:
    """Standard deviations × ``risk``, correlations moved ``correlation`` further from zero (a negative number: towards it), at most ±1.

    What that leaves is repaired to the nearest covariance. This is how the long-term debt cycle adjusts drawdown at risk.
    """
    table = checked_covariance(covariance)
    spread = np.sqrt(np.diag(table))
    scale = np.where(spread > 0, spread, 1.0)
    correlations = table / np.outer(scale, scale)
    moved = np.sign(correlations) * np.clip(np.abs(correlations) + correlation, 0.0, 1.0)
    np.fill_diagonal(moved, np.where(spread > 0, 1.0, 0.0))
    return nearest_covariance(moved * np.outer(spread, spread) * risk**2)
