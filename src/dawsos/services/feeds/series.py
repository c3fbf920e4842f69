"""An economic series of the catalogue: from its source when it answers, else as it is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dawsos.kernel.errors import Invalid, Unavailable
from dawsos.providers import fred
from dawsos.providers.catalogue import FRED
from dawsos.providers.fred import SeriesFigure
from dawsos.services.context import RequestContext
from dawsos.services.feeds.sources import DAY_SECONDS, not_configured
from dawsos.services.macro.catalogue import SeriesDefinition, series_definition
from dawsos.store.indicators import indicators_known


@dataclass(frozen=True, slots=True)
class FoundSeries:
    """The figures by period; ``is_stale`` when they are not what the source says now."""

    definition: SeriesDefinition
    figures: Sequence[SeriesFigure]
    source: str
    is_stale: bool


async def series_between(context: RequestContext, series_id: str, first: date, last: date | None) -> FoundSeries:
    """The figures of periods from ``first`` to ``last`` that were published by then; by the pack's date, or today, when not given.

    Raises :class:`NotFound` for a series outside the catalogue, :class:`Invalid` for an empty window, and the source's
    :class:`Unavailable` when nothing of the series is stored either.
    """
    definition = series_definition(series_id)
    until = last or context.asof_date or context.clock.now().date()
    if first > until:
        raise Invalid(f"The window ends on {until}, before it begins on {first}.", remedy="Give a later end.")
    try:
        figures, is_stale = await _told(context, series_id)
    except Unavailable as error:
        figures, is_stale = await _stored(context, series_id, until), True
        if not figures:
            raise
        context.provenance.note(warning=f"These are the stored figures: {error.message}")
    chosen = [one for one in figures if first <= one.period <= until and one.release_date <= until]
    context.provenance.note(source=FRED.name, asof=chosen[-1].period if chosen else None, method_version="series/1", origin="computed")
    return FoundSeries(definition, chosen, FRED.name, is_stale)


async def _told(context: RequestContext, series_id: str) -> tuple[Sequence[SeriesFigure], bool]:
    if not context.sources.is_configured(FRED):
        raise not_configured(FRED)
    gateway = context.sources.gateway(FRED)
    told = await context.sources.once(("series", series_id), DAY_SECONDS, lambda: fred.fetch_series(gateway, series_id))
    return told.figures, told.is_stale


async def _stored(context: RequestContext, series_id: str, known_by: date) -> list[SeriesFigure]:
    async with context.database.transaction(context.actor, read_only=True) as tx:
        rows = await indicators_known(tx, [series_id], known_by)
    return [SeriesFigure(series_id, row.date, row.value, row.known_from) for row in rows]
