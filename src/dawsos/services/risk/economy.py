"""What risk figures need to know of the economy: the phase it is in, the phases of the past, and its long cycles."""

import asyncio
from dataclasses import dataclass
from datetime import date

import numpy as np

from dawsos.compute.cycles.civil import INDICATORS as CIVIL
from dawsos.compute.cycles.civil import civil_state
from dawsos.compute.cycles.evidence import cycle_at, cycle_evidence
from dawsos.compute.cycles.weights import CYCLES
from dawsos.compute.cycles.weights import VERSION as CYCLES_VERSION
from dawsos.compute.factors.history import FactorHistory
from dawsos.compute.regimes.evidence import Regime, evidence, regime_at, regime_history
from dawsos.compute.regimes.rules import VERSION as REGIMES_VERSION
from dawsos.compute.returns.figures import NotComputable, as_date
from dawsos.compute.scenarios.macro_aware import DEBT_PHASES, MacroState
from dawsos.services.context import Pins, RequestContext
from dawsos.services.macro.observed import observed_series, stated_levels
from dawsos.services.risk.factor_series import fingerprint_of_series


@dataclass(frozen=True, slots=True)
class Economy:
    """The regime, the phase of the long-term debt cycle, empire and civil order as judged on a day; None with a reason where unknown.

    ``fingerprint`` is a hash of every number the judgements rest on.
    """

    regime: Regime | NotComputable
    ltdc_phase: str | None
    empire_phase: str | None
    civil_stage: int | None
    reasons: dict[str, str]
    fingerprint: str

    @property
    def state(self) -> MacroState:
        """In the words scenarios are adjusted by."""
        return MacroState(
            phase=None if isinstance(self.regime, NotComputable) else self.regime.phase.phase,
            ltdc_phase=None if self.ltdc_phase is None else DEBT_PHASES.get(self.ltdc_phase),
            empire_phase=self.empire_phase,
            civil_stage=self.civil_stage,
        )


async def economy_on(context: RequestContext, pins: Pins) -> Economy:
    """The economy as it was known on the day of the pinned pack."""

    async def load() -> Economy:
        day = pins.pack.date
        observed = await observed_series(context, day)
        stated = {name: row.value for name, row in (await stated_levels(context, day)).items()}

        def judge() -> Economy:
            reasons, phases, known = {}, {}, cycle_evidence(observed)
            for cycle in ("LTDC", "EMPIRE"):
                wanted = {name for phase in CYCLES[cycle] for name in phase.weights}
                state, _ = cycle_at(cycle, known, day, {name: level for name, level in stated.items() if name in wanted})
                phases[cycle] = None if isinstance(state, NotComputable) else state.phase.code
                if isinstance(state, NotComputable):
                    reasons[cycle] = str(state)
            civil = civil_state({name: level for name, level in stated.items() if name in CIVIL})
            if isinstance(civil, NotComputable):
                reasons["CIVIL"] = str(civil)
            return Economy(
                regime=regime_at(evidence(observed), day),
                ltdc_phase=phases["LTDC"],
                empire_phase=phases["EMPIRE"],
                civil_stage=None if isinstance(civil, NotComputable) else civil.stage.number,
                reasons=reasons,
                fingerprint=fingerprint_of_series(observed.values()),
            )

        return await asyncio.to_thread(judge)

    return await context.memory.once(("economy", pins.pack.id), load)


def note_economy(context: RequestContext, economy: Economy) -> None:
    """Say what the judgements rest on."""
    context.provenance.note(method_version=REGIMES_VERSION)
    context.provenance.note(method_version=CYCLES_VERSION)
    if isinstance(economy.regime, NotComputable):
        context.provenance.note(warning=f"The regime is not known: {economy.regime}.")
    else:
        context.provenance.note(source="FRED", asof=min(standing.date for standing in economy.regime.standings.values()))


async def phases_over(context: RequestContext, pins: Pins, history: FactorHistory) -> tuple[str, ...]:
    """The phase each change of ``history`` lies in, as it would have been judged on the last day of its month; empty where unknown.

    Months that end after the pinned day are judged on that day.
    """
    observed = await observed_series(context, pins.pack.date)
    months = history.panel.dates.astype("datetime64[M]")
    distinct = np.unique(months)
    days = [min(_last_day(month), pins.pack.date) for month in distinct]
    judged = await asyncio.to_thread(lambda: regime_history(evidence(observed), days))
    of_month = {month: "" if isinstance(found, NotComputable) else found.phase.phase for month, found in zip(distinct, judged, strict=True)}
    return tuple(of_month[month] for month in months)


def _last_day(month: np.datetime64) -> date:
    return as_date((month + 1).astype("datetime64[D]") - np.timedelta64(1, "D"))
