"""The economic indicators of a day, each with where it stands in its history."""

from datetime import date
from typing import Annotated, Literal

from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Days, Fraction, Number, UnitOf
from dawsos.services.context import RequestContext
from dawsos.services.macro.labels import indicator_label
from dawsos.services.macro.observed import judgement_day
from dawsos.services.macro.readings import indicator_standings, possible_indicators

_NULLS = ("zscore", "percentile", "trend")


class IndicatorsRequest(Contract):
    """The day whose knowledge is asked for; without one that of the pricing pack."""

    asof_date: date | None = None


class Indicator(Contract):
    """The newest value published by the day: ``date`` is what it dates, ``known_from`` when it came out; a fraction is 0.01 for 1 %.

    ``zscore`` and ``percentile`` are within its own history (daily 3 years, monthly and quarterly 10, annual 30); ``trend`` compares the
    last quarter of a year with the year before it. ``staleness_days`` counts from ``date``.
    """

    label: str
    value: Annotated[float, UnitOf("unit")]
    unit: str
    known_from: date
    date: date
    zscore: Annotated[float | None, Number]
    percentile: Annotated[float | None, Fraction]
    trend: Literal["rising", "falling", "flat"] | None
    source: str
    frequency: str | None
    staleness_days: Annotated[int, Days]
    reasons: dict[str, str]


class Indicators(Contract):
    """Indicators by name; ``missing`` are those of the catalogue of which nothing was known."""

    date: date
    indicators: dict[str, Indicator]
    missing: tuple[str, ...]
    reasons: dict[str, str]


@capability(
    name="macro.get_indicators", rights=("macro_data_read",), ttl=3600, repeatable=True, cost="medium", example={"asof_date": "2022-10-31"}
)
async def macro_get_indicators(context: RequestContext, request: IndicatorsRequest) -> Indicators:
    """Every economic indicator as it was known on a day, with its unit, z-score, percentile, trend, source and age."""
    day = judgement_day(context, request.asof_date)
    found = await indicator_standings(context, day)
    context.provenance.note(method_version="indicators/1", origin="computed")
    for one in found.values():
        context.provenance.note(source=one.source, asof=day)
        if one.source == "manual":
            context.provenance.note(warning=f"{one.label} was entered, not observed.")
    missing = tuple(dict.fromkeys(indicator_label(name) for name in possible_indicators() if name not in found))
    return Indicators(
        date=day,
        indicators={
            name: Indicator(
                **{field: getattr(one, field) for field in Indicator.model_fields if field != "reasons"},
                reasons={field: one.reason for field in _NULLS if one.reason is not None}
                | ({"frequency": "it was entered by hand"} if one.frequency is None else {}),
            )
            for name, one in found.items()
        },
        missing=missing,
        reasons={"indicators": f"nothing was known by {day}"} if not found else {},
    )
