"""Books drafts: resolved, replayed with everything before them, and written with all that derives from them, or not at all."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from dawsos.compute.ledger.records import LedgerState
from dawsos.compute.ledger.replay import replay
from dawsos.kernel.errors import Internal, Invalid, NotFound
from dawsos.kernel.ledger import EMPTY_LEDGER_HASH, Transaction
from dawsos.services.collector import collector_paused
from dawsos.services.imports.drafts import RowProblem, TransactionDraft
from dawsos.services.ledger.bulk_state import LEAST, BulkState, bulk_state
from dawsos.services.ledger.derived_rows import write_bulk, write_derived
from dawsos.services.ledger.periods import late_entries, note_late_entries
from dawsos.services.ledger.resolution import HashedTransaction, LedgerEnd, Resolver, says_the_same
from dawsos.services.ledger.rows import realized_rows, transaction_rows
from dawsos.services.rates import load_rates
from dawsos.store import ledger as ledger_store
from dawsos.store import packs as packs_store
from dawsos.store import securities as securities_store
from dawsos.store.portfolios import PortfolioRecord, find_portfolio
from dawsos.store.transaction import DatabaseTransaction

DEFAULT_RATE_SOURCES: Final = ["ECB"]


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
    """A portfolio's ledger, held for writing: nobody else books into it until the transaction ends."""

    portfolio: PortfolioRecord
    transactions: tuple[Transaction, ...]
    end: LedgerEnd


async def open_ledger(tx: DatabaseTransaction, portfolio_id: UUID) -> OpenLedger:
    """Lock the portfolio's ledger and read it; NotFound when the actor cannot see the portfolio."""
    if not await ledger_store.lock_portfolio(tx, portfolio_id) or (portfolio := await find_portfolio(tx, portfolio_id)) is None:
        raise NotFound(
            f"There is no portfolio {portfolio_id}.", remedy="List yours with 'dawsos portfolio list'.", code="portfolio_not_found"
        )
    transactions = tuple(await ledger_store.booked_transactions(tx, portfolio_id))
    head = await ledger_store.ledger_head(tx, portfolio_id)
    end = LedgerEnd(
        sequence=head.sequence if head else 0,
        commit_hash=(head.ledger_commit_hash if head else None) or EMPTY_LEDGER_HASH,
        by_reference={entry.external_ref: entry for entry in transactions if entry.external_ref},
        by_id={entry.id: entry for entry in transactions},
    )
    return OpenLedger(portfolio, transactions, end)


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
    resolved, state = await asyncio.to_thread(_resolved, ledger, resolver, fresh, problems)
    if state is not None and resolved and not dry_run:
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
) -> tuple[list[HashedTransaction], LedgerState | BulkState | None]:
    """The entries the drafts become and the state with them, None with any problem; pure computation, run beside the event loop."""
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
    return resolved, None if problems else _replayed(ledger, resolved, lines, problems)


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
    policy = await packs_store.find_policy(tx, ledger.portfolio.pricing_policy)
    sources = policy.rate_sources if policy else DEFAULT_RATE_SOURCES
    return Resolver(
        ledger.portfolio,
        await securities_store.find_securities_by_symbol(tx, symbols),
        await load_rates(tx, sources, currencies if len(currencies) > 1 else (), min(days), max(days)),
        ledger.end,
        source=source,
        new_id=new_id,
    )


def _replayed(
    ledger: OpenLedger, resolved: Sequence[HashedTransaction], lines: dict[int, int], problems: list[RowProblem]
) -> LedgerState | BulkState | None:
    """The state with the new entries; an entry that cannot have happened becomes a problem of its line."""
    transactions = [*ledger.transactions, *(entry.transaction for entry in resolved)]
    if len(resolved) >= LEAST and (state := bulk_state(ledger.portfolio, transactions)) is not None:
        return state
    try:
        return replay_of(ledger.portfolio, transactions)
    except Invalid as error:
        sequence = error.details.get("sequence")
        line = lines.get(sequence) if isinstance(sequence, int) else None
        if line is None:  # a new entry breaks one that was booked before
            line = min(lines.values(), default=0)
        problems.append(RowProblem(line, "(line)", str(error)))
        return None


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
    late = await late_entries(tx, ledger.portfolio.id, (entry.transaction for entry in entries), reason=restate_because)
    if isinstance(state, BulkState):
        await write_bulk(tx, ledger.portfolio, entries, state, snapshot_id=new_id(), moment=moment, batch_id=batch_id)
        if late is not None:
            await note_late_entries(tx, late, moment)
        return
    realized = {result.transaction_id: result for result in state.realized}
    await ledger_store.add_transactions(tx, transaction_rows(entries, realized, batch_id, moment))
    if late is not None:
        await note_late_entries(tx, late, moment)
    booked = {entry.id for entry in ledger.transactions}
    await ledger_store.rewrite_realized(tx, realized_rows(state.realized, booked))
    await write_derived(tx, ledger.portfolio, entries, state, before=before, snapshot_id=new_id(), moment=moment)
