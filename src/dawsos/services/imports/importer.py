"""Imports a file of transactions into a portfolio: everything in it, or nothing and the reasons."""

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from dawsos.compute.ledger.records import LedgerState
from dawsos.kernel.canonical import plain_decimal
from dawsos.kernel.clock import today
from dawsos.kernel.errors import Invalid
from dawsos.kernel.identity import Actor
from dawsos.services.audit import record
from dawsos.services.collector import collector_paused
from dawsos.services.identifiers import Identifiers
from dawsos.services.imports.broker_csv import BrokerMapping
from dawsos.services.imports.drafts import RowProblem, TransactionDraft
from dawsos.services.imports.formats import read_file
from dawsos.services.imports.mappings import own_mappings
from dawsos.services.ledger.booking import Booking, OpenLedger, book, open_ledger, replay_of
from dawsos.services.ledger.bulk_state import BulkState
from dawsos.store import ledger as ledger_store
from dawsos.store.database import Database
from dawsos.store.ledger import ImportBatchRecord
from dawsos.store.transaction import DatabaseTransaction

#: A report names at most this many problems; a file with more needs another look, not a longer list.
MOST_PROBLEMS: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did, or why it did nothing. ``problem_count`` counts all problems, ``problems`` names the first ones."""

    file_name: str
    portfolio_id: UUID
    portfolio_name: str
    dry_run: bool
    rows: int
    booked: int
    duplicates: int
    problem_count: int
    problems: tuple[RowProblem, ...]
    ledger_commit_hash_before: str
    ledger_commit_hash: str
    warnings: tuple[str, ...]
    positions: tuple[tuple[str, str], ...]

    @property
    def is_accepted(self) -> bool:
        return self.problem_count == 0


@dataclass(frozen=True, slots=True)
class _File:
    """A file as read: its name and format, the hash of its bytes, its checked lines and what was wrong with the others."""

    name: str
    source: str
    hash: str
    drafts: Sequence[TransactionDraft]
    problems: Sequence[RowProblem]

    @property
    def rows(self) -> int:
        return len(self.drafts) + len({problem.line for problem in self.problems})


class _Refused(Exception):
    """Rolls the transaction back when booking finds a line wrong."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__("the import was refused")
        self.report = report


async def import_transactions(
    database: Database,
    actor: Actor,
    portfolio_id: UUID,
    chunks: Iterable[bytes],
    *,
    file_name: str,
    identifiers: Identifiers,
    dry_run: bool = False,
    restate_because: str | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> ImportReport:
    """Read ``chunks``, in any format of :mod:`dawsos.services.imports.formats`, and book every line in one database transaction.

    A broker's CSV is read by the actor's own mapping where one has all its columns in the header. Lines inside a settled period need
    ``restate_because``.

    Lines booked before (same reference, same facts) are counted as duplicates and skipped, so an import can be repeated; a file whose very
    bytes were imported before is not even read again. When any line has a problem nothing is booked and the report says what is wrong
    with each. ``progress`` is told the bytes read. Raises :class:`Invalid` when the file as a whole cannot be read.
    """
    content, digest = _taken(chunks, progress)
    async with database.transaction(actor) as tx:
        batch = await ledger_store.find_import_batch(tx, portfolio_id, digest)
        if batch is not None:
            return await _repeated(tx, portfolio_id, batch, file_name, dry_run=dry_run)
        own = await own_mappings(tx, actor)
    # Reading is pure computation and may take seconds; other requests are answered meanwhile.
    file = await asyncio.to_thread(_read, content, file_name, digest, identifiers, own)
    try:
        async with database.transaction(actor) as tx:
            return await _book_file(tx, actor, portfolio_id, file, identifiers, dry_run=dry_run, restate_because=restate_because)
    except _Refused as refused:
        return refused.report


def _taken(chunks: Iterable[bytes], progress: Callable[[int], None]) -> tuple[list[bytes], str]:
    """The whole file, and the hash of its bytes."""
    digest = hashlib.sha256()
    content = []
    for chunk in chunks:
        digest.update(chunk)
        content.append(chunk)
        progress(len(chunk))
    return content, digest.hexdigest()


def _read(content: list[bytes], name: str, digest: str, identifiers: Identifiers, own: tuple[BrokerMapping, ...]) -> _File:
    drafts: list[TransactionDraft] = []
    problems: list[RowProblem] = []
    with collector_paused():
        reading = read_file(content, latest=today(identifiers.clock), own=own)
        for line in reading.lines:
            if isinstance(line, RowProblem):
                problems.append(line)
            else:
                drafts.append(line)
    if not drafts and not problems:
        raise Invalid(f"'{name}' has a header but no transactions.", remedy="Add lines below the header.", code="empty_file")
    return _File(name, reading.source, digest, drafts, problems)


async def _repeated(
    tx: DatabaseTransaction, portfolio_id: UUID, batch: ImportBatchRecord, file_name: str, *, dry_run: bool
) -> ImportReport:
    """The report on a file that was imported as it is: every line of it is booked, and what is booked never changes."""
    ledger = await open_ledger(tx, portfolio_id)
    state = replay_of(ledger.portfolio, ledger.transactions)
    return ImportReport(
        file_name=file_name,
        portfolio_id=portfolio_id,
        portfolio_name=ledger.portfolio.name,
        dry_run=dry_run,
        rows=batch.rows_total,
        booked=0,
        duplicates=batch.rows_total,
        problem_count=0,
        problems=(),
        ledger_commit_hash_before=ledger.end.commit_hash,
        ledger_commit_hash=ledger.end.commit_hash,
        warnings=_undone(batch.rows_booked - len(await ledger_store.batch_entries(tx, portfolio_id, batch.id))) + _warnings(state),
        positions=_positions(state),
    )


async def _book_file(
    tx: DatabaseTransaction,
    actor: Actor,
    portfolio_id: UUID,
    file: _File,
    identifiers: Identifiers,
    *,
    dry_run: bool,
    restate_because: str | None,
) -> ImportReport:
    ledger = await open_ledger(tx, portfolio_id)
    moment = identifiers.clock.now()
    is_kept = not (dry_run or file.problems)
    batch_id = identifiers.new() if is_kept else None
    if batch_id is not None:
        await _begin_batch(tx, batch_id, ledger, file, actor, identifiers)
    booking = await book(
        tx,
        ledger,
        file.drafts,
        source=file.source,
        new_id=identifiers.new,
        moment=moment,
        batch_id=batch_id,
        dry_run=not is_kept,
        restate_because=restate_because,
    )
    report = _report(booking, ledger, file, dry_run=dry_run)
    if is_kept and not report.booked:
        raise _Refused(report)  # nothing new, or something wrong: leave no trace
    if is_kept:
        changes = {"file": file.name, "booked": report.booked, "ledger_commit_hash": report.ledger_commit_hash}
        await record(tx, actor, "import", "portfolio", entity_id=portfolio_id, changes=changes, moment=moment)
    return report


async def _begin_batch(
    tx: DatabaseTransaction, batch_id: UUID, ledger: OpenLedger, file: _File, actor: Actor, identifiers: Identifiers
) -> None:
    duplicates = sum(draft.external_ref in ledger.end.by_reference for draft in file.drafts)
    await ledger_store.add_import_batch(
        tx,
        batch_id,
        portfolio_id=ledger.portfolio.id,
        file_name=file.name,
        file_hash=file.hash,
        file_format=file.source,
        rows_booked=len(file.drafts) - duplicates,
        rows_duplicate=duplicates,
        moment=identifiers.clock.now(),
        created_by=actor.user_id,
    )


def _report(booking: Booking, ledger: OpenLedger, file: _File, *, dry_run: bool) -> ImportReport:
    problems = sorted([*file.problems, *booking.problems], key=lambda problem: problem.line)
    state = booking.state
    reversed_ids = {entry.parent_transaction_id for entry in ledger.transactions if entry.is_reversal}
    undone = sum(ledger.end.by_reference[draft.external_ref].id in reversed_ids for draft in booking.duplicates)
    return ImportReport(
        file_name=file.name,
        portfolio_id=booking.portfolio.id,
        portfolio_name=booking.portfolio.name,
        dry_run=dry_run,
        rows=file.rows,
        booked=0 if problems else len(booking.booked),
        duplicates=len(booking.duplicates),
        problem_count=len(problems),
        problems=tuple(problems[:MOST_PROBLEMS]),
        ledger_commit_hash_before=booking.hash_before,
        ledger_commit_hash=booking.hash_before if problems else booking.hash_after,
        warnings=_undone(undone) + (_warnings(state) if state else ()),
        positions=_positions(state) if state else (),
    )


def _undone(count: int) -> tuple[str, ...]:
    """What to say of lines that were booked once and taken back: a reference names one entry for ever."""
    if not count:
        return ()
    return (f"{count:,} of these lines were booked and reversed before; they are not booked again, because their references are taken.",)


def _warnings(state: LedgerState | BulkState) -> tuple[str, ...]:
    return tuple(note.message for note in state.warnings)


def _positions(state: LedgerState | BulkState) -> tuple[tuple[str, str], ...]:
    return tuple((one.symbol or "", plain_decimal(one.quantity)) for one in state.positions())
