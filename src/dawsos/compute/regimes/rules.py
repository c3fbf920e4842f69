"""What each phase of the business cycle looks like, in standard deviations of each indicator from its own history."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from types import MappingProxyType
from typing import Final

#: Part of every regime's method version: change it with any number below.
VERSION: Final = "regimes/2"
PHASES: Final = ("EARLY_EXPANSION", "MID_EXPANSION", "LATE_EXPANSION", "EARLY_CONTRACTION", "DEEP_CONTRACTION")
#: How each phase, and each quadrant of growth and inflation, reads.
STATE_LABELS: Final[Mapping[str, str]] = MappingProxyType({
    "EARLY_EXPANSION": "Early expansion", "MID_EXPANSION": "Mid expansion", "LATE_EXPANSION": "Late expansion",
    "EARLY_CONTRACTION": "Early contraction", "DEEP_CONTRACTION": "Deep contraction",
    "GOLDILOCKS": "Goldilocks", "REFLATION": "Reflation", "STAGFLATION": "Stagflation", "DEFLATION": "Deflation",
})  # fmt: skip
CONTRACTIONS: Final = frozenset({"EARLY_CONTRACTION", "DEEP_CONTRACTION"})


@dataclass(frozen=True, slots=True)
class Criterion:
    """An indicator's z-score lies between ``low`` and ``high`` in the phase; ``weight`` says how much that counts."""

    indicator: str
    low: float
    high: float
    weight: float

    def match(self, zscore: float) -> float:
        """1 inside the range, half as much for each standard deviation outside."""
        return float(2.0 ** -max(0.0, self.low - zscore, zscore - self.high))

    @property
    def ideal(self) -> float:
        """The z-score in the middle of the range, a whole deviation inside an open one."""
        if self.low == -inf:
            return self.high - 1.0
        return self.low + 1.0 if self.high == inf else (self.low + self.high) / 2.0


#: The published table, with three measures of activity over three months added because levels alone cannot tell a contraction from the
#: year after it: the change of unemployment, the growth of production and of payrolls. In an early expansion unemployment is high and no
#: longer rises (the published table has it low). The added weights were chosen on the recessions from 1970 to 2020.
RULES: Final[Mapping[str, tuple[Criterion, ...]]] = MappingProxyType({
    "EARLY_EXPANSION": (
        Criterion("T10Y2Y", 0.5, inf, 2.0), Criterion("UNRATE", 0.0, inf, 1.5), Criterion("CPI", -inf, 0.0, 1.0),
        Criterion("BAA10Y", -inf, 0.0, 1.0), Criterion("UNRATE_CHANGE", -inf, 0.5, 2.5), Criterion("INDPRO_GROWTH", 0.0, inf, 3.0),
        Criterion("PAYROLL_GROWTH", -1.0, inf, 1.0),
    ),
    "MID_EXPANSION": (
        Criterion("T10Y2Y", 0.0, 1.5, 1.5), Criterion("UNRATE", -1.5, 0.0, 1.5), Criterion("CPI", -0.5, 0.5, 1.0),
        Criterion("BAA10Y", -0.5, 0.5, 1.0), Criterion("UNRATE_CHANGE", -inf, 0.5, 2.5), Criterion("INDPRO_GROWTH", -0.5, 1.0, 3.0),
        Criterion("PAYROLL_GROWTH", -0.5, 1.0, 3.0),
    ),
    "LATE_EXPANSION": (
        Criterion("T10Y2Y", -1.0, 0.5, 2.0), Criterion("UNRATE", -2.0, -0.5, 1.5), Criterion("CPI", 0.5, inf, 2.0),
        Criterion("BAA10Y", 0.0, 1.0, 1.0), Criterion("UNRATE_CHANGE", -inf, 0.5, 2.5), Criterion("INDPRO_GROWTH", -0.5, 1.0, 3.0),
        Criterion("PAYROLL_GROWTH", -0.5, 1.0, 3.0),
    ),
    "EARLY_CONTRACTION": (
        Criterion("T10Y2Y", -inf, -0.5, 2.5), Criterion("UNRATE", 0.0, 1.0, 1.5), Criterion("CPI", -inf, 1.0, 0.5),
        Criterion("BAA10Y", 0.5, inf, 2.0), Criterion("UNRATE_CHANGE", 0.5, 2.0, 2.5), Criterion("INDPRO_GROWTH", -2.0, -0.5, 3.0),
        Criterion("PAYROLL_GROWTH", -2.0, -0.5, 3.0),
    ),
    "DEEP_CONTRACTION": (
        Criterion("T10Y2Y", 0.5, inf, 1.0), Criterion("UNRATE", 1.0, inf, 2.5), Criterion("CPI", -inf, 0.0, 1.0),
        Criterion("BAA10Y", 1.5, inf, 2.5), Criterion("UNRATE_CHANGE", 1.0, inf, 2.5), Criterion("INDPRO_GROWTH", -inf, -1.0, 3.0),
        Criterion("PAYROLL_GROWTH", -inf, -1.5, 3.0),
    ),
})  # fmt: skip
#: Every indicator a rule speaks of, in the order they are shown.
REGIME_INDICATORS: Final = ("T10Y2Y", "UNRATE", "CPI", "BAA10Y", "UNRATE_CHANGE", "INDPRO_GROWTH", "PAYROLL_GROWTH")
#: How each indicator reads.
LABELS: Final[Mapping[str, str]] = MappingProxyType({
    "T10Y2Y": "the yield curve", "UNRATE": "unemployment", "CPI": "inflation", "BAA10Y": "the credit spread",
    "UNRATE_CHANGE": "the change of unemployment", "INDPRO_GROWTH": "growth of production", "PAYROLL_GROWTH": "growth of payrolls",
})  # fmt: skip
