"""What the phases of the debt cycles do to a portfolio's risk."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.returns.figures import FloatArray
from dawsos.kernel.errors import Invalid

#: How much risk each phase of the five adds or takes; recovery is the early expansion after a contraction.
AMPLIFICATION: Final[Mapping[str, float]] = MappingProxyType({
    "EARLY_EXPANSION": 0.8, "MID_EXPANSION": 1.0, "LATE_EXPANSION": 1.2, "EARLY_CONTRACTION": 1.5, "DEEP_CONTRACTION": 2.0, "RECOVERY": 0.9,
})  # fmt: skip
#: Each phase of a debt cycle as one of these.
AMPLIFIED_AS: Final[Mapping[str, str]] = MappingProxyType({
    "EARLY_RECOVERY": "RECOVERY", "MID_EXPANSION": "MID_EXPANSION", "LATE_EXPANSION": "LATE_EXPANSION",
    "EARLY_RECESSION": "EARLY_CONTRACTION", "DEEP_RECESSION": "DEEP_CONTRACTION",
    "EXPANSION": "MID_EXPANSION", "BUBBLE": "LATE_EXPANSION", "TOP": "LATE_EXPANSION", "DEBT_CRISIS": "EARLY_CONTRACTION",
    "DEPRESSION": "DEEP_CONTRACTION", "DELEVERAGING": "EARLY_CONTRACTION", "REFLATION": "RECOVERY",
})  # fmt: skip
RiskLevel = Literal["Low", "Medium", "High"]


def risk_level(overall: float) -> RiskLevel:
    """The amplification in a word: above 1.5 High, above 1.2 Medium."""
    return "High" if overall > 1.5 else "Medium" if overall > 1.2 else "Low"


@dataclass(frozen=True, slots=True, eq=False)
class CycleRisk:
    """Amplification by each cycle and overall, the risk level, and |β|·σ(phase) of each factor (``matrix[K × phases]``).

    ``amplified`` is |β|·σ of each factor times the overall amplification, per period; ``most_vulnerable`` the factor where it is greatest,
    None when no factor is exposed.
    """

    stdc_amplification: float
    ltdc_amplification: float
    overall: float
    level: RiskLevel
    matrix: FloatArray
    amplified: FloatArray
    most_vulnerable: str | None


def overlay(
    stdc_phase: str,
    ltdc_phase: str,
    factors: tuple[str, ...],
    betas: ArrayLike,
    phase_covariances: Mapping[str, ArrayLike],
    pooled_covariance: ArrayLike,
) -> CycleRisk:
    """Lay the phases of the short- and long-term debt cycles over a portfolio's ``betas`` ``[K]``.

    overall = mean of the two amplifications; above 1.5 High, above 1.2 Medium. ``matrix`` holds β × volatility of the factor in each phase
    of ``phase_covariances`` over its pooled volatility (a factor without one: NaN).
    """
    for phase in (stdc_phase, ltdc_phase):
        if phase not in AMPLIFIED_AS:
            raise Invalid(f"'{phase}' is no phase of a debt cycle.", remedy=f"Use one of {', '.join(AMPLIFIED_AS)}.")
    short, long = (AMPLIFICATION[AMPLIFIED_AS[phase]] for phase in (stdc_phase, ltdc_phase))
    overall = (short + long) / 2.0
    loadings = np.abs(np.asarray(betas, dtype=np.float64))
    usual = np.sqrt(np.diag(np.asarray(pooled_covariance, dtype=np.float64)))
    spreads = np.column_stack([np.sqrt(np.diag(np.asarray(table, dtype=np.float64))) for table in phase_covariances.values()])
    relative = np.divide(spreads, usual[:, None], out=np.full(spreads.shape, np.nan), where=usual[:, None] > 0)
    amplified = loadings * usual * overall
    most = factors[int(np.argmax(amplified))] if (amplified > 0).any() else None
    return CycleRisk(short, long, overall, risk_level(overall), loadings[:, None] * relative, amplified, most)
