"""From booked transactions to the state of a ledger, all at once or one more at a time."""

from collections.abc import Sequence
from datetime import date

from dawsos.compute.ledger.builder import Builder
from dawsos.compute.ledger.conventions import GainSplit
from dawsos.compute.ledger.extension import can_extend, extended
from dawsos.compute.ledger.records import LedgerState
from dawsos.compute.ledger.standing import standing
from dawsos.kernel.ledger import LotMethod, Transaction


def empty_state(
    *,
    method: LotMethod,
    base_currency: str,
    gain_split: GainSplit = GainSplit.ENTRY_RATE,
    fees_in_cost: bool = True,
    through: date | None = None,
) -> LedgerState:
    """A ledger before its first transaction, with the conventions it will be kept by."""
    return LedgerState(
        base_currency=base_currency,
        method=method,
        gain_split=gain_split,
        fees_in_cost=fees_in_cost,
        through=through,
        transactions=(),
        lots=(),
        disposals=(),
        carried_out=(),
        realized=(),
        cash={},
        cash_history={},
        external_flows=(),
        income=(),
        notes=(),
    )


def replay(
    transactions: Sequence[Transaction],
    *,
    method: LotMethod,
    base_currency: str,
    through: date | None = None,
    gain_split: GainSplit = GainSplit.ENTRY_RATE,
    fees_in_cost: bool = True,
) -> LedgerState:
    """The state of one portfolio's ledger after ``transactions``, in any order, up to and including the day ``through``.

    Rows are replayed by (``transaction_date``, ``sequence``) without reversed pairs. All arithmetic is exact; amounts are rounded to the
    cent, half to even, exactly where docs/architecture.md section 4 says so:

    - BUY opens a lot of cost −cash effect; TRANSFER_IN in kind one of its ``cost_basis`` and ``acquisition_date``; base cost =
      round(cost × fx_rate), frozen.
    - SELL and TRANSFER_OUT in kind relieve lots by ``method``: round(cost × quantity / qty_open) of each, everything when it closes.
      AVERAGE relieves round(pool cost × quantity / pool quantity), in both currencies, and shares what is left over the open lots by
      quantity (largest remainder), so that lots always add up to the pool; a closed position leaves nothing behind.
    - Proceeds (cash effect) go to the parts of a sale in proportion to quantity; each part's gain is split by ``gain_split``.
    - SPLIT multiplies quantities by to/from, the position rounded to eight places, cost unchanged; of nothing held it is only noted.
    - DEPOSIT, WITHDRAWAL and transfers without a counterpart in the ledger are external flows, gross of fees; the fees are charges.

    ``fees_in_cost=False`` keeps fees of trades out of cost and proceeds and shows them as charges in ``income`` instead.
    ``lot_selection`` counts only with SPECIFIC, so any method can be tried on any ledger. The lots of one security depend on its own rows
    alone: after a back-dated entry, replaying those rows is enough to know them again.

    Raises :class:`Invalid`, naming the transaction, the quantities and the remedy, when a row cannot have happened as booked.
    """
    start = empty_state(method=method, base_currency=base_currency, gain_split=gain_split, fees_in_cost=fees_in_cost, through=through)
    order = standing(transactions, through=through)
    builder = Builder(start)
    for row in order.rows:
        builder.book(row, is_internal=row.id in order.internal)
    return builder.state(order.booked, through)


def apply(state: LedgerState, transaction: Transaction) -> LedgerState:
    """The state after one more transaction, equal to replaying everything with it.

    A row newer than all others is booked on top of ``state``; any other as :func:`apply_all` does. ``state`` itself is not changed.
    """
    if not _is_plainly_newest(state, transaction):
        return apply_all(state, (transaction,))
    builder = Builder(state)
    builder.book(transaction, is_internal=False)
    return builder.state((*state.transactions, transaction), state.through)


def apply_all(state: LedgerState, transactions: Sequence[Transaction]) -> LedgerState:
    """The state after more ``transactions`` of any dates, equal to replaying everything with them, and raising as that does.

    Of rows that reverse nothing and complete no pair only the securities they touch are replayed; a reversal and the second half of a
    pair change what earlier rows mean, so they replay the ledger. ``state`` itself is not changed.
    """
    if can_extend(state, transactions):
        start = empty_state(
            method=state.method, base_currency=state.base_currency, gain_split=state.gain_split, fees_in_cost=state.fees_in_cost
        )
        return extended(state, transactions, start)
    return replay(
        (*state.transactions, *transactions),
        method=state.method,
        base_currency=state.base_currency,
        through=state.through,
        gain_split=state.gain_split,
        fees_in_cost=state.fees_in_cost,
    )


def _is_plainly_newest(state: LedgerState, transaction: Transaction) -> bool:
    if transaction.is_reversal or transaction.parent_transaction_id is not None:
        return False
    if state.through is not None and transaction.transaction_date > state.through:
        return False
    if not state.transactions:
        return True
    last = state.transactions[-1]
    return (
        transaction.portfolio_id == last.portfolio_id
        and transaction.transaction_date >= last.transaction_date
        and all(row.sequence < transaction.sequence and row.id != transaction.id for row in state.transactions)
    )
