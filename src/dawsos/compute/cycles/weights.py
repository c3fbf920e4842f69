"""What each phase of the debt and empire cycles looks like: weights on indicators, negative where a low value speaks for the phase."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

#: Part of every cycle's method version: change it with any number below.
VERSION: Final = "cycles/1"


@dataclass(frozen=True, slots=True)
class CyclePhase:
    """A phase: its code, label, place in the cycle from 1 on, and weights."""

    code: str
    label: str
    number: int
    weights: Mapping[str, float]


def _phases(*rows: tuple[str, str, dict[str, float]]) -> tuple[CyclePhase, ...]:
    return tuple(CyclePhase(code, label, place + 1, MappingProxyType(weights)) for place, (code, label, weights) in enumerate(rows))


#: The published weights. Unemployment's change enters the early recovery with a minus: it falls then, though the source has +1.5.
CYCLES: Final[Mapping[str, tuple[CyclePhase, ...]]] = MappingProxyType({
    "STDC": _phases(
        ("EARLY_RECOVERY", "Early recovery",
         {"yield_curve": 2.5, "unemployment_change": -1.5, "production_growth": 1.0, "credit_growth": 0.5}),
        ("MID_EXPANSION", "Mid expansion", {"gdp_growth": 2.0, "payroll_growth": 1.5, "credit_growth": 1.0, "yield_curve": 1.0}),
        ("LATE_EXPANSION", "Late expansion (boom)", {"inflation": 2.0, "yield_curve": -2.0, "credit_growth": 1.5, "unemployment": -1.0}),
        ("EARLY_RECESSION", "Early recession",
         {"yield_curve": -2.5, "gdp_growth": -1.5, "production_growth": -1.0, "credit_growth": -0.5}),
        ("DEEP_RECESSION", "Deep recession",
         {"unemployment_change": 2.5, "gdp_growth": -2.0, "credit_growth": -2.0, "payroll_growth": -1.5}),
    ),
    "LTDC": _phases(
        ("EXPANSION", "Expansion", {"debt_to_gdp": 1.5, "gdp_growth": 2.0, "productivity_growth": 1.0}),
        ("BUBBLE", "Bubble", {"debt_to_gdp": 2.5, "asset_prices": 2.0, "credit_growth": 2.0}),
        ("TOP", "Top", {"debt_service": 2.5, "real_rates": 2.0, "gdp_growth": -1.0}),
        ("DEBT_CRISIS", "Debt crisis", {"default_rate": 2.5, "credit_spread": 2.0, "asset_prices": -2.0}),
        ("DEPRESSION", "Depression", {"gdp_growth": -2.5, "unemployment": 2.5, "debt_to_gdp": -1.5}),
        ("DELEVERAGING", "Deleveraging", {"debt_to_gdp": -2.5, "real_rates": 2.0, "gdp_growth": -1.0}),
        ("REFLATION", "Reflation", {"money_supply": 2.0, "real_rates": -1.5, "credit_growth": 1.0}),
    ),
    "EMPIRE": _phases(
        ("RISE", "Rise", {"education": 2.0, "innovation": 2.0, "military": 1.5, "reserve_share": 1.0}),
        ("PEAK", "Peak", {"reserve_share": 2.5, "military": 2.0, "gdp_share": 2.0, "innovation": 1.0}),
        ("DECLINE", "Decline", {"debt_to_gdp": 2.0, "reserve_share": -2.0, "education": -1.5, "inequality": 1.5}),
        ("COLLAPSE", "Collapse", {"conflict": 2.5, "reserve_share": -2.5, "military": -2.0, "gdp_share": -2.0}),
    ),
})  # fmt: skip
#: Range each manually stated indicator may have; a level in the middle counts as 0, at an end as ±2 standard deviations.
MANUAL_RANGES: Final[Mapping[str, tuple[float, float]]] = MappingProxyType({
    "education": (0.0, 1.0), "innovation": (0.0, 1.0), "military": (0.0, 1.0), "reserve_share": (0.0, 1.0), "gdp_share": (0.0, 0.5),
    "inequality": (0.2, 0.6), "conflict": (0.0, 1.0), "debt_to_gdp": (0.3, 3.0), "default_rate": (0.0, 0.15),
    "debt_service": (0.08, 0.2),
})  # fmt: skip
