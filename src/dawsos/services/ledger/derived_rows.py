"""Writes what derives from a ledger: lots, disposals, daily flows, the snapshot of its state and the postings of new entries."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from dawsos.compute.ledger.postings import Relieved, postings
from dawsos.compute.ledger.records import LedgerState
from dawsos.compute.ledger.segments import calendar_day
from dawsos.compute.ledger.standing import standing
from dawsos.services.ledger.bulk_rows import bulk_rows
from dawsos.services.ledger.bulk_state import BulkState
from dawsos.services.ledger.resolution import HashedTransaction
from dawsos.services.ledger.rows import Row, cash_flow_rows, disposal_rows, lot_rows
from dawsos.store import ledger as ledger_store
from dawsos.store.portfolios import PortfolioRecord
from dawsos.store.transaction import Change, DatabaseTransaction

#: Where the rows of lots, disposals and cash flows have their keys.
_KEYS: Final = (slice(0, 1), slice(0, 2), slice(1, 3))


def derived_changes(
    portfolio: PortfolioRecord,
    entries: Sequence[HashedTransaction],
    state: LedgerState,
    *,
    kept: LedgerState | None,
    before: LedgerState | None,
    snapshot_id: UUID,
    moment: datetime,
) -> list[Change]:
    """What brings lots, disposals and cash flows in line with ``state``, and adds a snapshot of it with the postings of ``entries``.

    ``kept`` is the state whose lots, disposals and flows are in the database, when that is known: then only what differs from it is
    sent. ``before`` is the state without ``entries``; it is needed when one of them is a reversal, to mirror what the reversed entry did.
    """
    rows = list(_posting_rows(snapshot_id, entries, state, before))
    now, known = _rows_of(portfolio, state), _rows_of(portfolio, kept) if kept else (None, None, None)
    lots, disposals, flows = (_difference(*each) for each in zip(now, known, _KEYS, strict=True))
    return [
        *ledger_store.put_lots(portfolio.id, *lots),
        *ledger_store.put_disposals(portfolio.id, *disposals),
        *ledger_store.put_cash_flows(portfolio.id, *flows),
        *ledger_store.added_snapshot(
            snapshot_id,
            portfolio_id=portfolio.id,
            commit_hash=entries[-1].commit_hash,
            transaction_count=len(state.transactions),
            account_count=len({row[6] for row in rows}),
            earliest_date=state.transactions[0].transaction_date,
            latest_date=state.transactions[-1].transaction_date,
            moment=moment,
        ),
        ledger_store.added_postings(rows),
    ]


def _rows_of(portfolio: PortfolioRecord, state: LedgerState) -> tuple[list[Row], list[Row], list[Row]]:
    """The rows of lots, disposals and cash flows."""
    return list(lot_rows(state.lots)), list(disposal_rows(portfolio.id, state.disposals)), list(cash_flow_rows(portfolio.id, state))


def _difference(rows: list[Row], kept: list[Row] | None, key: slice) -> tuple[list[Row], list[Row] | None]:
    """The rows that are not among ``kept``; and all of them if one of ``kept`` has no successor, so that it has to go."""
    if kept is None:
        return rows, rows
    known = {row[key]: row for row in kept}
    fresh = [row for row in rows if known.pop(row[key], None) != row]
    return fresh, rows if known else None


async def write_bulk(
    tx: DatabaseTransaction,
    portfolio: PortfolioRecord,
    entries: Sequence[HashedTransaction],
    state: BulkState,
    *,
    snapshot_id: UUID,
    moment: datetime,
    batch_id: UUID | None,
) -> None:
    """Write the new entries of a large ledger and everything that derives from it."""
    rows = await asyncio.to_thread(bulk_rows, state, entries, batch_id=batch_id, moment=moment, snapshot_id=snapshot_id)
    await ledger_store.add_transactions(tx, rows.transactions)
    await ledger_store.rewrite_realized(tx, rows.realized)
    await ledger_store.replace_lots(tx, portfolio.id, rows.lots)
    await ledger_store.replace_disposals(tx, portfolio.id, rows.disposals)
    flows = list(cash_flow_rows(portfolio.id, state.others))
    days = state.columns.day
    snapshot = ledger_store.added_snapshot(
        snapshot_id,
        portfolio_id=portfolio.id,
        commit_hash=entries[-1].commit_hash,
        transaction_count=len(state.rows),
        account_count=rows.accounts,
        earliest_date=calendar_day(int(days[0])),
        latest_date=calendar_day(int(days[-1])),
        moment=moment,
    )
    flow_changes = ledger_store.put_cash_flows(portfolio.id, flows, flows)
    await tx.change_together([*flow_changes, *snapshot, ledger_store.added_postings(rows.postings)])


def _posting_rows(snapshot_id: UUID, entries: Sequence[HashedTransaction], state: LedgerState, before: LedgerState | None) -> Iterator[Row]:
    effects = _Effects(state)
    past = _Effects(before) if before else effects
    for entry in entries:
        transaction = entry.transaction
        known, subject = (past, transaction.parent_transaction_id) if transaction.is_reversal else (effects, transaction.id)
        legs = postings(transaction, relieved=known.relieved.get(subject, ()), is_internal=subject in known.internal)
        for index, posting in enumerate(legs):
            yield (
                snapshot_id, transaction.portfolio_id, transaction.transaction_date, transaction.sequence, index, transaction.narration,
                posting.account, posting.commodity, posting.quantity, posting.price, posting.price_commodity, posting.cost,
                posting.cost_commodity, transaction.transaction_type.value,
            )  # fmt: skip


class _Effects:
    """What entries did in a state: the lots each relieved, and which were halves of a conversion."""

    def __init__(self, state: LedgerState) -> None:
        self.relieved: dict[UUID | None, list[Relieved]] = {}
        for disposal in state.disposals:
            self.relieved.setdefault(disposal.sell_transaction_id, []).append(disposal)
        for carried in state.carried_out:
            self.relieved.setdefault(carried.transfer_transaction_id, []).append(carried)
        self.internal: frozenset[UUID | None] = frozenset(standing(state.transactions).internal)
