"""The state of the economy that scenarios are adjusted by."""

from typing import Annotated

from dawsos.compute.returns.figures import NotComputable
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count
from dawsos.services.risk.economy import Economy


class MacroContext(Contract):
    """The phase of the business cycle, of the long-term debt cycle and of the empire, and the civil stage; null with a reason."""

    phase: str | None
    ltdc_phase: str | None
    empire_phase: str | None
    civil_stage: Annotated[int | None, Count]
    reasons: dict[str, str]


def context_of(economy: Economy) -> MacroContext:
    """What was judged, and why the rest was not."""
    known = economy.regime if not isinstance(economy.regime, NotComputable) else None
    found = {
        "phase": None if known is None else known.phase.phase,
        "ltdc_phase": economy.ltdc_phase,
        "empire_phase": economy.empire_phase,
        "civil_stage": economy.civil_stage,
    }
    why = {
        "phase": str(economy.regime) if known is None else "",
        "ltdc_phase": economy.reasons.get("LTDC", ""),
        "empire_phase": economy.reasons.get("EMPIRE", ""),
        "civil_stage": economy.reasons.get("CIVIL", ""),
    }
    return MacroContext(**found, reasons={name: why[name] for name, value in found.items() if value is None})
