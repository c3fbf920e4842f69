"""How often what everybody's results rest on has changed: part of the keys of shared results."""

from typing import Final

from dawsos.services.context import RequestContext
from dawsos.store import judgements as store

INDICATORS: Final = "macro_indicators"
RUBRICS: Final = "rating_rubrics"
STATEMENTS: Final = "fundamentals_snapshots"


async def reference_revision(context: RequestContext, subject: str) -> int:
    """The revision of one of the tables above as it stands at the beginning of the request."""

    async def load() -> dict[str, int]:
        async with context.database.transaction(context.actor, read_only=True) as tx:
            return await store.revisions(tx)

    return (await context.memory.once("reference revisions", load))[subject]
