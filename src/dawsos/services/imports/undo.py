"""Takes an import back as a whole: every entry it booked is reversed, or none."""

from collections.abc import Sequence
from uuid import UUID

from dawsos.kernel.errors import Conflict, NotFound
from dawsos.kernel.identity import Actor
from dawsos.kernel.ledger import Transaction
from dawsos.services.audit import NOWHERE, Origin, record
from dawsos.services.identifiers import Identifiers
from dawsos.services.ledger.booking import open_ledger
from dawsos.services.ledger.correction import reverse_together
from dawsos.store import ledger as ledger_store
from dawsos.store.database import Database
from dawsos.store.ledger import ListedBatch


async def list_imports(database: Database, actor: Actor, portfolio_id: UUID) -> list[ListedBatch]:
    """What was imported into a portfolio, the newest first, and how many of its entries still stand."""
    async with database.transaction(actor, read_only=True) as tx:
        return await ledger_store.list_import_batches(tx, portfolio_id)


async def undo_import(
    database: Database, actor: Actor, portfolio_id: UUID, batch_id: UUID, *, reason: str, identifiers: Identifiers, origin: Origin = NOWHERE
) -> Sequence[Transaction]:
    """Reverse every entry of an import that still stands; the reversals.

    Raises :class:`NotFound` for an unknown import, and :class:`Conflict` when nothing of it stands or a later entry depends on it. The
    references of its entries stay taken: importing the same file again books nothing and says so.
    """
    async with database.transaction(actor) as tx:
        ledger = await open_ledger(tx, portfolio_id)
        if not any(batch.id == batch_id for batch in await ledger_store.list_import_batches(tx, portfolio_id)):
            raise NotFound(f"There is no import {batch_id} in this portfolio.", remedy="List them with 'dawsos imports list'.")
        standing = await ledger_store.batch_entries(tx, portfolio_id, batch_id)
        if not standing:
            raise Conflict("Nothing of this import stands any more.", remedy="Nothing needs to be done.", code="already_reversed")
        moment = identifiers.clock.now()
        done = await reverse_together(tx, ledger, standing, reason=reason, new_id=identifiers.new, moment=moment)
        changes = {"import_batch_id": batch_id, "reversed": len(done), "reason": reason}
        await record(tx, actor, "undo_import", "portfolio", entity_id=portfolio_id, changes=changes, moment=moment, origin=origin)
        return done
