"""How the regime of the economy went over the weeks before a day."""

from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from dawsos.compute.regimes.evidence import Regime
from dawsos.compute.regimes.rules import PHASES, VERSION
from dawsos.compute.regimes.trends import transitions
from dawsos.compute.returns.figures import NotComputable
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Fraction
from dawsos.services.context import RequestContext
from dawsos.services.macro.labels import in_words
from dawsos.services.macro.observed import judgement_day
from dawsos.services.macro.regimes import regimes_on

_CHANCES = tuple(f"{phase.lower()}_probs" for phase in PHASES)


class RegimeHistoryRequest(Contract):
    """How many weeks to look back from ``asof_date``, or from the pricing pack's day."""

    lookback_weeks: Annotated[int, Count, Field(ge=1, le=520)] = 4
    asof_date: date | None = None


class Transition(Contract):
    """The day on which the phase was another than a week before."""

    date: date
    from_phase: str
    to_phase: str


class RegimeHistory(Contract):
    """One entry a week, each judged from what had been published by that day; a week that cannot be judged is left out and named.

    The probabilities of one day sum to one.
    """

    dates: tuple[date, ...]
    regimes: tuple[str, ...]
    early_expansion_probs: Annotated[tuple[float, ...], Fraction]
    mid_expansion_probs: Annotated[tuple[float, ...], Fraction]
    late_expansion_probs: Annotated[tuple[float, ...], Fraction]
    early_contraction_probs: Annotated[tuple[float, ...], Fraction]
    deep_contraction_probs: Annotated[tuple[float, ...], Fraction]
    transitions: tuple[Transition, ...]
    method_version: str
    reasons: dict[str, str]


@capability(
    name="macro.get_regime_history",
    rights=("macro_data_read",),
    ttl=3600,
    repeatable=True,
    cost="medium",
    example={"lookback_weeks": 4, "asof_date": "2022-10-31"},
)
async def macro_get_regime_history(context: RequestContext, request: RegimeHistoryRequest) -> RegimeHistory:
    """The probabilities of the phases week by week, each as it would have been judged then."""
    last = judgement_day(context, request.asof_date)
    days = [last - timedelta(weeks=week) for week in range(request.lookback_weeks, -1, -1)]
    judged = await regimes_on(context, days)
    known = [found for found in judged if isinstance(found, Regime)]
    if known:
        context.provenance.note(source="FRED", asof=min(standing.date for standing in known[-1].standings.values()))
    dates, regimes = tuple(found.date for found in known), tuple(found.phase.phase for found in known)
    reasons = {f"dates.{day}": in_words(str(found)) for day, found in zip(days, judged, strict=True) if isinstance(found, NotComputable)}
    if not known:
        reasons |= dict.fromkeys(("dates", *_CHANCES), f"no day could be judged: {reasons[f'dates.{last}']}")
    return RegimeHistory(
        dates=dates,
        regimes=regimes,
        early_expansion_probs=_chances(known, "EARLY_EXPANSION"),
        mid_expansion_probs=_chances(known, "MID_EXPANSION"),
        late_expansion_probs=_chances(known, "LATE_EXPANSION"),
        early_contraction_probs=_chances(known, "EARLY_CONTRACTION"),
        deep_contraction_probs=_chances(known, "DEEP_CONTRACTION"),
        transitions=tuple(Transition(date=day, from_phase=before, to_phase=after) for day, before, after in transitions(dates, regimes)),
        method_version=VERSION,
        reasons=reasons,
    )


def _chances(known: list[Regime], phase: str) -> tuple[float, ...]:
    return tuple(found.phase.probabilities[phase] for found in known)
