"""Writes what derives from a ledger: lots, disposals, daily flows, the snapshot of its state and the postings of new entries."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from dawsos.compute.ledger.postings import postings
from dawsos.compute.ledger.records import LedgerState
from dawsos.services.ledger.resolution import HashedTransaction
from dawsos.services.ledger.rows import Row, cash_flow_rows, disposal_rows, lot_rows
from dawsos.store import ledger as ledger_store
from dawsos.store.portfolios import PortfolioRecord
from dawsos.store.transaction import DatabaseTransaction


async def write_derived(
    tx: DatabaseTransaction,
    portfolio: PortfolioRecord,
    entries: Sequence[HashedTransaction],
    state: LedgerState,
    *,
    snapshot_id: UUID,
    moment: datetime,
) -> None:
    """Bring lots, disposals and cash flows in line with ``state``; add a snapshot of it with the postings of ``entries``."""
    await ledger_store.replace_lots(tx, portfolio.id, lot_rows(state.lots))
    await ledger_store.replace_disposals(tx, portfolio.id, disposal_rows(portfolio.id, state.disposals))
    await ledger_store.replace_cash_flows(tx, portfolio.id, cash_flow_rows(portfolio.id, state))
    rows = list(_posting_rows(snapshot_id, entries, state))
    days = [transaction.transaction_date for transaction in state.transactions]
    await ledger_store.add_snapshot(
        tx,
        snapshot_id,
        portfolio_id=portfolio.id,
        commit_hash=entries[-1].commit_hash,
        transaction_count=len(state.transactions),
        account_count=len({row[6] for row in rows}),
        earliest_date=min(days),
        latest_date=max(days),
        moment=moment,
    )
    await ledger_store.add_postings(tx, rows)


def _posting_rows(snapshot_id: UUID, entries: Sequence[HashedTransaction], state: LedgerState) -> Iterator[Row]:
    for entry in entries:
        transaction = entry.transaction
        for index, posting in enumerate(postings(transaction, state)):
            yield (
                snapshot_id, transaction.portfolio_id, transaction.transaction_date, transaction.sequence, index, transaction.narration,
                posting.account, posting.commodity, posting.quantity, posting.price, posting.price_commodity, posting.cost,
                posting.cost_commodity, transaction.transaction_type.value,
            )  # fmt: skip
