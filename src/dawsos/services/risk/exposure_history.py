"""Factor exposures week by week, each from what was held and known then."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from dawsos.kernel.errors import InsufficientData, Internal
from dawsos.services.context import Pins, RequestContext
from dawsos.services.memory import RequestMemory
from dawsos.services.provenance import Provenance
from dawsos.services.risk.exposures import ExposureFigures, factor_exposures
from dawsos.store import history, packs


@dataclass(frozen=True, slots=True)
class ExposureHistory:
    """One entry a week, oldest first; ``gaps`` says why weeks are missing."""

    entries: tuple[ExposureFigures, ...]
    gaps: dict[date, str]


async def exposures_by_week(context: RequestContext, pins: Pins, weeks: int) -> ExposureHistory:
    """The exposures on the pinned day and on the same day of the ``weeks`` before it, or on the last pack before that.

    Each is computed under the pack of its day, with the entries of the pinned ledger up to it and the factors known by then, and kept like
    any other; the pinned pack decides which edition of an earlier day counts.
    """
    days = [pins.pack.date - timedelta(weeks=week) for week in range(weeks, -1, -1)]
    async with context.database.transaction(context.actor, read_only=True) as tx:
        visible = await history.visible_packs(tx, pins.pack, days[0] - timedelta(days=7))
        chosen = {}
        for day in days:
            earlier = [one for one in visible if one.date <= day and (day - one.date).days < 7]
            if earlier:
                chosen[day] = await packs.find_pack(tx, earlier[-1].id)
    entries, gaps = [], {}
    refused: InsufficientData | None = None
    for day in days:
        pack = chosen.get(day)
        if pack is None:
            gaps[day] = "there is no pricing pack of that week"
            continue
        then = replace(context, pack=pack, memory=RequestMemory(), provenance=Provenance())
        try:
            entries.append((await factor_exposures(then, then.pinned())).value)
        except InsufficientData as error:
            gaps[day], refused = error.message, error
    if not entries and refused is not None:
        raise refused
    if not entries:
        raise Internal("The pinned pack is among those it sees.")
    return ExposureHistory(tuple(entries), gaps)
