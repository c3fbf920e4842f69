"""Books drafts: resolved, replayed with everything before them, and written with all that derives from them, or not at all."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from dawsos.compute.ledger.records import LedgerState
from dawsos.compute.ledger.replay import apply_all, replay
from dawsos.kernel.errors import Internal, Invalid, NotFound
from dawsos.kernel.ledger import EMPTY_LEDGER_HASH, Transaction
from dawsos.services.collector import collector_paused
from dawsos.services.imports.drafts import RowProblem, TransactionDraft
from dawsos.services.ledger.bulk_state import LEAST, BulkState, bulk_state
from dawsos.services.ledger.derived_rows import derived_changes, write_bulk
from dawsos.services.ledger.periods import late_entries, noted
from dawsos.services.ledger.remembered import LedgerMemory, RememberedLedger
from dawsos.services.ledger.resolution import HashedTransaction, LedgerEnd, Resolver, says_the_same
from dawsos.services.ledger.rows import realized_rows, transaction_rows
from dawsos.services.rates import load_rates
from dawsos.store import ledger as ledger_store
from dawsos.store import packs as packs_store
from dawsos.store import securities as securities_store
from dawsos.store.periods import LockRecord
from dawsos.store.portfolios import PortfolioRecord
from dawsos.store.transaction import DatabaseTransaction

DEFAULT_RATE_SOURCES: Final = ["ECB"]
#: Entries are few when they are no more than this part of those booked before.
_FEW: Final = 8
#: Entries are immutable, so what this process knows of a ledger stays true; the server says whether it is still the whole of it.
_MEMORY: Final = LedgerMemory(most_entries=20_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """What booking a batch did, or would do."""

    portfolio: PortfolioRecord
    booked: tuple[HashedTransaction, ...]
    duplicates: tuple[TransactionDraft, ...]
    problems: tuple[RowProblem, ...]
    hash_before: str
    hash_after: str
    state: LedgerState | BulkState | None

    @property
    def replayed(self) -> LedgerState | None:
        """The state as records, which it is unless very many entries were booked at once."""
        if isinstance(self.state, BulkState):
            raise Internal("The state after a large import is kept as columns, not as records.")
        return self.state


@dataclass(frozen=True, slots=True)
class OpenLedger:
    """A portfolio's ledger, held for writing: nobody else books into it until the transaction ends.

    ``state`` is what ``transactions`` make, when this process knows it; ``is_stored`` says that it also knows that the lots, disposals
    and flows in the database are those of that state. ``settled`` says up to where it is settled, which cannot change while it is held.
    """

    portfolio: PortfolioRecord
    transactions: tuple[Transaction, ...]
    end: LedgerEnd
    state: LedgerState | None = None
    is_stored: bool = False
    settled: LockRecord | None = None


async def open_ledger(tx: DatabaseTransaction, portfolio_id: UUID) -> OpenLedger:
    """Lock the portfolio's ledger and read it; NotFound when the actor cannot see the portfolio.

    Of a ledger this process has replayed before only the entries booked since are read.
    """
    known = _MEMORY.recall(portfolio_id)
    locked = await ledger_store.lock_ledger(tx, portfolio_id, since=known.last.sequence if known else 0)
    if locked is None:
        raise NotFound(
            f"There is no portfolio {portfolio_id}.", remedy="List yours with 'dawsos portfolio list'.", code="portfolio_not_found"
        )
    transactions = locked.entries
    if known is not None and known.goes_on_with(locked.entries, locked.portfolio):
        known = known.followed_by(locked.entries[1:])
        _MEMORY.keep(portfolio_id, known)
        transactions = known.transactions
    elif known is not None:
        known, transactions = None, tuple(await ledger_store.booked_transactions(tx, portfolio_id))
    head = locked.head
    end = LedgerEnd(
        sequence=head.sequence if head else 0,
        commit_hash=(head.ledger_commit_hash if head else None) or EMPTY_LEDGER_HASH,
        by_reference={entry.external_ref: entry for entry in transactions if entry.external_ref},
        by_id={entry.id: entry for entry in transactions},
    )
    is_stored = known is not None and known.is_stored
    return OpenLedger(locked.portfolio, transactions, end, known.state if known else None, is_stored, locked.settled)


async def book(
    tx: DatabaseTransaction,
    ledger: OpenLedger,
    drafts: Sequence[TransactionDraft],
    *,
    source: str,
    new_id: Callable[[], UUID],
    moment: datetime,
    batch_id: UUID | None = None,
    dry_run: bool = False,
    restate_because: str | None = None,
) -> Booking:
    """Book ``drafts`` in order. With any problem, or as a dry run, nothing is written.

    An entry inside a settled period needs ``restate_because``, see :mod:`dawsos.services.ledger.periods`.

    A draft whose reference is booked already with the same facts is a duplicate and skipped; with other facts it is a problem.
    """
    fresh, duplicates, problems = _sort_out(drafts, ledger)
    resolver = await _resolver(tx, ledger, fresh, source=source, new_id=new_id)
    resolved, ledger, state = await asyncio.to_thread(_resolved, ledger, resolver, fresh, problems)
    is_written = state is not None and bool(resolved) and not dry_run
    if ledger.state is not None:
        writing = resolved[-1].transaction.id if is_written else None
        _MEMORY.keep(ledger.portfolio.id, RememberedLedger(ledger.transactions, ledger.state, ledger.is_stored, writing))
    if state is not None and is_written:
        await write(tx, ledger, resolved, state, new_id=new_id, moment=moment, batch_id=batch_id, restate_because=restate_because)
    return Booking(
        portfolio=ledger.portfolio,
        booked=() if problems else tuple(resolved),
        duplicates=tuple(duplicates),
        problems=tuple(sorted(problems, key=lambda problem: problem.line)),
        hash_before=ledger.end.commit_hash,
        hash_after=resolved[-1].commit_hash if resolved and not problems else ledger.end.commit_hash,
        state=state,
    )


def _resolved(
    ledger: OpenLedger, resolver: Resolver, drafts: Sequence[TransactionDraft], problems: list[RowProblem]
) -> tuple[list[HashedTransaction], OpenLedger, LedgerState | BulkState | None]:
    """The entries the drafts become, the ledger as it was, and the state with them, None with any problem.

    Pure computation, run beside the event loop.
    """
    resolved: list[HashedTransaction] = []
    lines: dict[int, int] = {}
    with collector_paused():
        for draft in drafts:
            outcome = resolver.resolve(draft)
            if isinstance(outcome, list):
                problems.extend(outcome)
            else:
                lines[outcome.transaction.sequence] = draft.line
                resolved.append(outcome)
    if problems:
        return resolved, ledger, None
    return resolved, *_replayed(ledger, resolved, lines, problems)


def _sort_out(
    drafts: Sequence[TransactionDraft], ledger: OpenLedger
) -> tuple[list[TransactionDraft], list[TransactionDraft], list[RowProblem]]:
    fresh: list[TransactionDraft] = []
    duplicates: list[TransactionDraft] = []
    problems: list[RowProblem] = []
    first_line: dict[str, int] = {}
    for draft in drafts:
        booked = ledger.end.by_reference.get(draft.external_ref)
        if draft.external_ref in first_line:
            reason = f"'{draft.external_ref}' stands on line {first_line[draft.external_ref]} already; a reference names one entry"
            problems.append(RowProblem(draft.line, "external_ref", reason))
        elif booked is None:
            fresh.append(draft)
        elif (field := says_the_same(draft, booked)) is None:
            duplicates.append(draft)
        else:
            reason = (
                f"differs from the entry booked as '{draft.external_ref}' ({getattr(booked, field)}); "
                "booked entries never change: reverse that one and book a new one"
            )
            problems.append(RowProblem(draft.line, field, reason))
        first_line.setdefault(draft.external_ref, draft.line)
    return fresh, duplicates, problems


async def _resolver(
    tx: DatabaseTransaction, ledger: OpenLedger, drafts: Sequence[TransactionDraft], *, source: str, new_id: Callable[[], UUID]
) -> Resolver:
    symbols = sorted({draft.symbol for draft in drafts if draft.symbol})
    currencies = {draft.currency for draft in drafts} | {ledger.portfolio.base_currency}
    days = [draft.transaction_date for draft in drafts] or [date.min]
    is_foreign = len(currencies) > 1
    policy = await packs_store.find_policy(tx, ledger.portfolio.pricing_policy) if is_foreign else None
    sources = policy.rate_sources if policy else DEFAULT_RATE_SOURCES
    return Resolver(
        ledger.portfolio,
        await securities_store.find_securities_by_symbol(tx, symbols),
        await load_rates(tx, sources, currencies if is_foreign else (), min(days), max(days)),
        ledger.end,
        source=source,
        new_id=new_id,
    )


def _replayed(
    ledger: OpenLedger, resolved: Sequence[HashedTransaction], lines: dict[int, int], problems: list[RowProblem]
) -> tuple[OpenLedger, LedgerState | BulkState | None]:
    """The ledger and the state with the new entries; an entry that cannot have happened becomes a problem of its line.

    A few new entries are added to the state the ledger was in, which the ledger then holds, for this booking and the next.
    """
    new = [entry.transaction for entry in resolved]
    transactions = [*ledger.transactions, *new]
    if len(resolved) >= LEAST and (state := bulk_state(ledger.portfolio, transactions)) is not None:
        return ledger, state
    try:
        if len(new) * _FEW > len(ledger.transactions):
            return ledger, replay_of(ledger.portfolio, transactions)
        before = ledger.state or replay_of(ledger.portfolio, ledger.transactions)
        with collector_paused():
            return replace(ledger, state=before), apply_all(before, new)
    except Invalid as error:
        sequence = error.details.get("sequence")
        line = lines.get(sequence) if isinstance(sequence, int) else None
        if line is None:  # a new entry breaks one that was booked before
            line = min(lines.values(), default=0)
        problems.append(RowProblem(line, "(line)", str(error)))
        return ledger, None


def replay_of(portfolio: PortfolioRecord, transactions: Iterable[Transaction], through: date | None = None) -> LedgerState:
    """The state of a portfolio's ledger by its own lot method and base currency."""
    with collector_paused():
        return replay(tuple(transactions), method=portfolio.cost_basis_method, base_currency=portfolio.base_currency, through=through)


async def write(
    tx: DatabaseTransaction,
    ledger: OpenLedger,
    entries: Sequence[HashedTransaction],
    state: LedgerState | BulkState,
    *,
    new_id: Callable[[], UUID],
    moment: datetime,
    batch_id: UUID | None = None,
    before: LedgerState | None = None,
    restate_because: str | None = None,
) -> None:
    """Write new entries and bring everything derived from the ledger in line with ``state``."""
    late = late_entries(ledger.settled, (entry.transaction for entry in entries), reason=restate_because)
    if isinstance(state, BulkState):
        await write_bulk(tx, ledger.portfolio, entries, state, snapshot_id=new_id(), moment=moment, batch_id=batch_id)
        if late is not None:
            await tx.change_together([noted(late, moment)])
        return
    realized = {result.transaction_id: result for result in state.realized}
    changes = [ledger_store.added_transactions(transaction_rows(entries, realized, batch_id, moment))]
    if late is not None:
        changes.append(noted(late, moment))
    kept = ledger.state if ledger.is_stored else None
    known = {result.transaction_id: result for result in kept.realized} if kept else {}
    booked = {entry.id for entry in ledger.transactions}
    changed = [result for result in state.realized if known.get(result.transaction_id) != result]
    if rewritten := list(realized_rows(changed, booked)):
        changes.append(ledger_store.rewritten_realized(rewritten))
    changes += derived_changes(ledger.portfolio, entries, state, kept=kept, before=before, snapshot_id=new_id(), moment=moment)
    await tx.change_together(changes)
