"""An economic series, from its source or as it is stored."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import UnitOf
from dawsos.services.context import RequestContext
from dawsos.services.feeds.series import series_between


class SeriesRequest(Contract):
    """A series of the catalogue by its FRED id, from ``start`` to ``end``; to the pricing pack's date, or today, when not given."""

    series_id: str
    start: date
    end: date | None = None


class SeriesObservation(Contract):
    """A figure of one period and the day the first one for it was published."""

    known_from: date
    date: date
    value: Annotated[Decimal, UnitOf("unit")]


class FetchedSeries(Contract):
    """The observations by period; ``is_stale``: they are stored ones, or the last the source said."""

    series_id: str
    title: str
    unit: str
    frequency: str
    observations: tuple[SeriesObservation, ...]
    source: str
    is_stale: bool


@capability(
    name="provider.fetch_macro",
    rights=("macro_data_read",),
    ttl=86_400,
    timeout=25.0,
    example={"series_id": "UNRATE", "start": "2020-01-01"},
)
async def provider_fetch_macro(context: RequestContext, request: SeriesRequest) -> FetchedSeries:
    """Every figure of a series published by the day asked of: from FRED when a key is set, else as stored."""
    found = await series_between(context, request.series_id, request.start, request.end)
    return FetchedSeries(
        series_id=request.series_id,
        title=found.definition.title,
        unit=found.definition.unit,
        frequency=found.definition.frequency.value,
        observations=tuple(SeriesObservation(date=one.period, value=one.value, known_from=one.release_date) for one in found.figures),
        source=found.source,
        is_stale=found.is_stale,
    )
