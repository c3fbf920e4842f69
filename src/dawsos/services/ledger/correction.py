"""Corrects the ledger: a reversal of the wrong entry and, if there is one, the right entry, in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from dawsos.kernel.errors import Conflict, Invalid, NotFound
from dawsos.kernel.ledger import Transaction
from dawsos.services.ledger.booking import DEFAULT_RATE_SOURCES, OpenLedger, replay_of, write
from dawsos.services.ledger.resolution import Resolver
from dawsos.services.rates import HistoricalRates
from dawsos.store.transaction import DatabaseTransaction


@dataclass(frozen=True, slots=True)
class Reversal:
    """The entry that was reversed, the entry that reverses it, and the hash of the ledger after it."""

    reversed: Transaction
    reversal: Transaction
    ledger_commit_hash: str


async def reverse(
    tx: DatabaseTransaction, ledger: OpenLedger, transaction_id: UUID, *, reason: str, new_id: Callable[[], UUID], moment: datetime
) -> Reversal:
    """Book the reversal of an entry: the same facts with the signs negated, on the same date.

    Raises :class:`NotFound` for an unknown entry, :class:`Conflict` for one that is a reversal or reversed already, and :class:`Invalid`
    when a later entry depends on it (a sale of the lot it opened).
    """
    wrong = ledger.end.by_id.get(transaction_id)
    if wrong is None:
        raise NotFound(f"There is no transaction {transaction_id} in this portfolio.", code="transaction_not_found")
    _refuse_twice(ledger, wrong)
    resolver = Resolver(ledger.portfolio, [], HistoricalRates([], DEFAULT_RATE_SOURCES), ledger.end, source="reversal", new_id=new_id)
    entry = resolver.chain(_mirrored(wrong, new_id(), resolver.next_sequence, reason))
    try:
        state = replay_of(ledger.portfolio, [*ledger.transactions, entry.transaction])
    except Invalid as error:
        raise Conflict(
            f"{wrong.transaction_type} of {wrong.transaction_date} cannot be reversed: {error.message}",
            remedy="Reverse the later entry that depends on it first.",
            code="entry_in_use",
            details=error.details,
        ) from error
    before = ledger.state or replay_of(ledger.portfolio, ledger.transactions)
    await write(tx, ledger, [entry], state, new_id=new_id, moment=moment, before=before, restate_because=reason)
    return Reversal(wrong, entry.transaction, entry.commit_hash)


async def reverse_together(
    tx: DatabaseTransaction,
    ledger: OpenLedger,
    transaction_ids: Sequence[UUID],
    *,
    reason: str,
    new_id: Callable[[], UUID],
    moment: datetime,
) -> tuple[Transaction, ...]:
    """Book the reversals of entries that belong together, the last one first: all of them, or none.

    Raises as :func:`reverse` does; only the state after all of them has to be possible.
    """
    wrong = [ledger.end.by_id[one] for one in reversed(transaction_ids)]
    for entry in wrong:
        _refuse_twice(ledger, entry)
    resolver = Resolver(ledger.portfolio, [], HistoricalRates([], DEFAULT_RATE_SOURCES), ledger.end, source="reversal", new_id=new_id)
    booked = [resolver.chain(_mirrored(entry, new_id(), resolver.next_sequence, reason)) for entry in wrong]
    try:
        state = replay_of(ledger.portfolio, [*ledger.transactions, *(entry.transaction for entry in booked)])
    except Invalid as error:
        raise Conflict(
            f"These {len(wrong)} entries cannot be reversed: {error.message}",
            remedy="Reverse the later entry that depends on them first.",
            code="entry_in_use",
            details=error.details,
        ) from error
    before = ledger.state or replay_of(ledger.portfolio, ledger.transactions)
    await write(tx, ledger, booked, state, new_id=new_id, moment=moment, before=before)
    return tuple(entry.transaction for entry in booked)


def _refuse_twice(ledger: OpenLedger, wrong: Transaction) -> None:
    if wrong.is_reversal:
        raise Conflict("A reversal cannot be reversed.", remedy="Book the entry again instead.", code="already_reversed")
    if any(entry.is_reversal and entry.parent_transaction_id == wrong.id for entry in ledger.transactions):
        raise Conflict(f"Entry {wrong.sequence} is reversed already.", remedy="Nothing needs to be done.", code="already_reversed")


def _mirrored(wrong: Transaction, new_id: UUID, sequence: int, reason: str) -> Transaction:
    return replace(
        wrong,
        id=new_id,
        sequence=sequence,
        amount=-wrong.amount,
        fee=-wrong.fee,
        withholding_tax=-wrong.withholding_tax,
        quantity=None if wrong.quantity is None else -wrong.quantity,
        cost_basis=None if wrong.cost_basis is None else -wrong.cost_basis,
        is_reversal=True,
        parent_transaction_id=wrong.id,
        external_ref=f"reversal:{wrong.external_ref or wrong.sequence}",
        narration=reason,
        source="reversal",
    )
