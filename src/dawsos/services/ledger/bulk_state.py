"""The state of a large ledger as columns: what a replay yields, without a record for every lot and disposal."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dawsos.compute.ledger.arrays import Matched
from dawsos.compute.ledger.batch import match_lots
from dawsos.compute.ledger.columns import LedgerColumns, ledger_columns, lot_books
from dawsos.compute.ledger.records import LedgerState, LedgerWarning, Lot, Position
from dawsos.compute.ledger.replay import replay
from dawsos.compute.ledger.segments import FlowKind, calendar_day
from dawsos.kernel.errors import Invalid
from dawsos.kernel.ledger import LotMethod, Transaction, TransactionType
from dawsos.kernel.money import EXACT
from dawsos.store.portfolios import PortfolioRecord

Int64 = npt.NDArray[np.int64]

#: With fewer entries than this, records are as fast and columns need the compiler.
LEAST: Final = 10_000
_TRADES: Final = frozenset({TransactionType.BUY, TransactionType.SELL})
_PLAIN: Final = _TRADES | {
    TransactionType.DIVIDEND,
    TransactionType.INTEREST,
    TransactionType.FEE,
    TransactionType.TAX,
    TransactionType.DEPOSIT,
    TransactionType.WITHDRAWAL,
}
_RATE_OF_ONE: Final = 10**8
#: Sums of money are also written in steps of 1e-8, which must fit 63 bits.
_MOST_CENTS: Final = 2**62 / 10**6


@dataclass(frozen=True, slots=True, eq=False)
class BulkState:
    """A replayed ledger: ``rows`` in replay order and the same as ``columns``; ``matched`` lots and disposals count rows of ``books``.

    ``place[i]`` is the row of ``columns`` that row i of the books is. ``others`` is the state that the rows which are no trades, the
    open lots and the balances of cash make: all that is not read from columns.
    """

    rows: tuple[Transaction, ...]
    columns: LedgerColumns
    matched: Matched
    place: Int64
    others: LedgerState

    @property
    def warnings(self) -> tuple[LedgerWarning, ...]:
        """As :attr:`LedgerState.warnings`."""
        return self.others.warnings

    def positions(self) -> tuple[Position, ...]:
        """As :meth:`LedgerState.positions`."""
        return self.others.positions()


def bulk_state(portfolio: PortfolioRecord, transactions: Sequence[Transaction]) -> BulkState | None:
    """The state of a ledger of trades, income, charges, deposits and withdrawals, equal to its replay to the cent.

    None where records must be replayed one by one: lots named one by one, transfers, splits, reversals, a dividend on what was not held
    before, and anything that is refused, whose reason the replay gives.
    """
    if portfolio.cost_basis_method is LotMethod.SPECIFIC or not all(map(_is_plain, transactions)):
        return None
    try:
        columns = ledger_columns([transactions], base_currencies={portfolio.id: portfolio.base_currency})
        books, place = lot_books(columns)
        if bool((columns.rate == _RATE_OF_ONE).all()):
            books = replace(books, rate=None)
        matched = match_lots(books, method=portfolio.cost_basis_method)
    except Invalid:
        return None
    if len(matched.refused.row) or _pays_on_nothing(columns) or np.abs(columns.amount.astype(np.float64)).sum() > _MOST_CENTS:
        return None
    by_sequence = {row.sequence: row for row in transactions}
    rows = tuple(by_sequence[number] for number in columns.sequence.tolist())
    return BulkState(rows, columns, matched, place, _others(portfolio, rows, columns, matched, place))


def _is_plain(row: Transaction) -> bool:
    return row.transaction_type in _PLAIN and not row.is_reversal and row.parent_transaction_id is None


def _pays_on_nothing(columns: LedgerColumns) -> bool:
    """Whether a dividend stands before the first purchase of its security."""
    first = np.full(len(columns.securities) + 1, len(columns.day))
    bought = np.flatnonzero(columns.kind == FlowKind.BUY)
    np.minimum.at(first, columns.security[bought], bought)
    paid = np.flatnonzero(columns.kind == FlowKind.DIVIDEND)
    return bool((first[columns.security[paid]] > paid).any())


def _others(portfolio: PortfolioRecord, rows: Sequence[Transaction], columns: LedgerColumns, matched: Matched, place: Int64) -> LedgerState:
    state = replay(
        [row for row in rows if row.transaction_type not in _TRADES],
        method=portfolio.cost_basis_method,
        base_currency=portfolio.base_currency,
    )
    history = {code: _balances(columns, number) for number, code in enumerate(columns.currencies)}
    cash = {code: days[-1][1] for code, days in history.items() if days}
    lots = tuple(_open_lots(rows, matched, place))
    # Whether a dividend was paid on something held was looked at with the trades at hand.
    return replace(state, lots=lots, cash=cash, cash_history=history, notes=())


def _balances(columns: LedgerColumns, currency: int) -> tuple[tuple[date, Decimal], ...]:
    """The balance of cash at the end of every day on which something was paid."""
    paid = np.flatnonzero((columns.currency == currency) & (columns.cash_effect != 0))
    day, balance = columns.day[paid], np.cumsum(columns.cash_effect[paid])
    last = np.flatnonzero(np.diff(day, append=np.iinfo(np.int32).max))
    return tuple((calendar_day(d), _units(b, 2)) for d, b in zip(day[last].tolist(), balance[last].tolist(), strict=True))


def _units(steps: Any, places: int) -> Decimal:
    return EXACT.scaleb(Decimal(int(steps)), -places)


def _open_lots(rows: Sequence[Transaction], matched: Matched, place: Int64) -> list[Lot]:
    lots, found = matched.lots, []
    base = lots.cost if lots.cost_base is None else lots.cost_base
    for number in np.flatnonzero(lots.qty_open).tolist():
        row = rows[place[lots.row[number]]]
        assert row.security_id is not None  # noqa: S101 - a lot is of a security
        found.append(
            Lot(
                id=row.id,
                portfolio_id=row.portfolio_id,
                security_id=row.security_id,
                symbol=row.symbol,
                qty_open=_units(lots.qty_open[number], 8),
                qty_original=row.quantity or _units(0, 8),
                cost_basis=_units(lots.cost[number], 2),
                cost_basis_base=_units(base[number], 2),
                acquisition_date=row.transaction_date,
                currency=row.currency,
                trade_fx_rate=row.fx_rate,
                open_transaction_id=row.id,
                open_sequence=row.sequence,
            )
        )
    return found


def identities(rows: Sequence[Transaction]) -> npt.NDArray[np.uint8]:
    """The ids of ``rows`` as (rows × 16) bytes."""
    return np.frombuffer(b"".join([row.id.bytes for row in rows]), dtype=np.uint8).reshape(-1, 16)
