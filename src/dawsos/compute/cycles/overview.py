"""What the debt cycles do to risk together."""

from dataclasses import dataclass

from dawsos.compute.cycles.overlay import AMPLIFICATION, AMPLIFIED_AS, RiskLevel, risk_level
from dawsos.compute.returns.figures import NotComputable
from dawsos.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class CombinedRisk:
    """The mean of the amplifications of both debt cycles, and its level."""

    overall: float
    level: RiskLevel


def phase_amplification(phase: str) -> float:
    """How many times the usual risk a phase of a debt cycle brings; :class:`Invalid` for a phase there is not."""
    if phase not in AMPLIFIED_AS:
        raise Invalid(f"'{phase}' is no phase of a debt cycle.", remedy=f"Use one of {', '.join(AMPLIFIED_AS)}.")
    return AMPLIFICATION[AMPLIFIED_AS[phase]]


def combined_risk(stdc_phase: str | None, ltdc_phase: str | None) -> CombinedRisk | NotComputable:
    """(amplification by the short-term cycle + amplification by the long-term cycle) / 2; both phases must be known."""
    phases = [phase for phase in (stdc_phase, ltdc_phase) if phase is not None]
    if len(phases) < 2:
        return NotComputable("phases of the debt cycles", 2, len(phases))
    overall = sum(phase_amplification(phase) for phase in phases) / 2.0
    return CombinedRisk(overall, risk_level(overall))
