"""Several cost-basis books over one ledger: what was booked is the same, which lots a sale closes is not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dawsos.compute.ledger.builder import Builder
from dawsos.compute.ledger.conventions import GainSplit
from dawsos.compute.ledger.records import LedgerState
from dawsos.compute.ledger.replay import empty_state
from dawsos.compute.ledger.standing import standing
from dawsos.kernel.ledger import LotMethod, Transaction
from dawsos.kernel.money import ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class BookConventions:
    """By which a cost-basis book is kept, as in :func:`dawsos.compute.ledger.replay.replay`."""

    method: LotMethod
    gain_split: GainSplit = GainSplit.ENTRY_RATE
    fees_in_cost: bool = True


def keep_books(
    transactions: Sequence[Transaction], books: Mapping[str, BookConventions], *, base_currency: str, through: date | None = None
) -> dict[str, LedgerState]:
    """The ledger under every one of ``books``, by name; each equals a replay by its conventions alone.

    Order, reversed pairs and the halves of transfers are found once. Cash, flows and quantities held are the same in all books; cost,
    realised results and the lots behind them differ. Raises :class:`Invalid` as :func:`~dawsos.compute.ledger.replay.replay` does.
    """
    order = standing(transactions, through=through)
    kept = {}
    for name, by in books.items():
        start = empty_state(
            method=by.method, base_currency=base_currency, gain_split=by.gain_split, fees_in_cost=by.fees_in_cost, through=through
        )
        builder = Builder(start)
        for row in order.rows:
            builder.book(row, is_internal=row.id in order.internal)
        kept[name] = builder.state(order.booked, through)
    return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class BookTotals:
    """One book in base currency. ``realized_pl − cost_basis_base`` is the same for all methods unless lots were carried out."""

    realized_pl: Decimal
    realized_pl_price: Decimal
    realized_pl_fx: Decimal
    cost_basis_base: Decimal


def totals(state: LedgerState) -> BookTotals:
    """What a book has realised, and what the open lots cost."""
    return BookTotals(
        realized_pl=sum((sale.realized_pl for sale in state.realized), ZERO),
        realized_pl_price=sum((sale.realized_pl_price for sale in state.realized), ZERO),
        realized_pl_fx=sum((sale.realized_pl_fx for sale in state.realized), ZERO),
        cost_basis_base=sum((lot.cost_basis_base for lot in state.lots), ZERO),
    )
