"""What the chain computes ahead once for everybody: the state of the economy, and the ratings of the companies that are held."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from dawsos.kernel.errors import DawsosError
from dawsos.kernel.identity import SYSTEM
from dawsos.services.context import Pins
from dawsos.services.macro.cycles import ALL_CYCLES, cycle_on
from dawsos.services.macro.regimes import regime_on
from dawsos.services.nightly.prewarming import NightTools
from dawsos.services.ratings import RATINGS, RatingsInputs, active_rubrics, ratings_parameters
from dawsos.services.reference_data import RUBRICS, STATEMENTS
from dawsos.store import judgements, ledger, ratings, securities


async def economy_ahead(tools: NightTools, block: Sequence[Pins]) -> list[str]:
    """The regime and every cycle on the pack's day: judged with the first block, found by every other."""
    context = replace(tools.context(block[0]), portfolio=None, ledger=None)
    day = block[0].pack.date
    warnings = []
    try:
        await regime_on(context, day)
        for cycle in ALL_CYCLES:
            await cycle_on(context, cycle, day)
    except DawsosError as error:
        warnings.append(f"the economy on {day}: {error.message}")
    return warnings


async def ratings_ahead(tools: NightTools, block: Sequence[Pins]) -> list[str]:
    """The ratings of every company the portfolios hold, each company once."""
    known_by, moment = block[0].pack.date, tools.clock.now()
    async with tools.database.transaction(SYSTEM) as tx:
        held: set[UUID] = {lot.security_id for lot in await ledger.lots_of(tx, [pins.portfolio.id for pins in block]) if lot.qty_open}
        revisions = await judgements.revisions(tx)
        keys = {
            one.id: (RATINGS.shared_key(ratings_parameters(one, known_by, revisions[STATEMENTS], revisions[RUBRICS])), one.sector)
            for one in await securities.find_securities(tx, sorted(held))
        }
        there = await RATINGS.kept(tx, [key for key, _ in keys.values()], moment)
        missing = {security_id: each for security_id, each in keys.items() if each[0] not in there}
        if missing:
            statements = await ratings.statements_known(tx, missing.keys(), known_by)
            rubrics = await active_rubrics(tx)
            results = [
                (key, RATINGS.compute(RatingsInputs(sector, statements[security_id], rubrics)))
                for security_id, (key, sector) in missing.items()
            ]
            await RATINGS.write_many(tx, results, moment)
    return []
