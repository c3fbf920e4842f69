"""Transactions of many portfolios as columns of whole numbers: what every batch computation on ledgers starts from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

import numpy as np
import numpy.typing as npt

from dawsos.compute.ledger.arrays import BookArrays, Side
from dawsos.compute.ledger.checks import check
from dawsos.compute.ledger.naming import refused
from dawsos.compute.ledger.segments import CENTS, QUANTITY_STEPS, FlowKind, Instrument, day_number
from dawsos.compute.ledger.standing import standing
from dawsos.kernel.ledger import Transaction, TransactionType
from dawsos.kernel.money import EXACT

Int64 = npt.NDArray[np.int64]
Int32 = npt.NDArray[np.int32]
Int8 = npt.NDArray[np.int8]
Bool = npt.NDArray[np.bool_]

#: Number of each transaction type in the column ``kind``.
KINDS: Final = {kind: FlowKind[kind.value] for kind in TransactionType}
#: Whole numbers beyond this do not fit the exact arithmetic of the batch.
LIMIT: Final = 2**62


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LedgerColumns:
    """N standing rows (reversed pairs left out), sorted by (portfolio, day, sequence).

    ``portfolio`` and ``security`` index ``portfolio_ids`` and ``securities``, ``currency`` indexes ``currencies``; ``security`` is −1 for
    cash alone. Money is in cents, quantities, split terms and rates in 1e-8, days in day numbers. ``acquisition_day`` is the day itself
    unless the row says otherwise. ``is_internal`` marks transfers with a counterpart in the same ledger.
    """

    portfolio_ids: tuple[UUID, ...]
    securities: tuple[Instrument, ...]
    currencies: tuple[str, ...]
    portfolio: Int32
    day: Int32
    sequence: Int64
    kind: Int8
    security: Int32
    currency: Int32
    quantity: Int64
    amount: Int64
    fee: Int64
    withholding_tax: Int64
    rate: Int64
    cost_basis: Int64
    acquisition_day: Int32
    split_from: Int64
    split_to: Int64
    is_internal: Bool

    @property
    def cash_effect(self) -> Int64:
        """Gross amount − fee − withholding_tax, per row."""
        return self.amount - self.fee - self.withholding_tax


def ledger_columns(ledgers: Iterable[Sequence[Transaction]], *, base_currencies: Mapping[UUID, str] | None = None) -> LedgerColumns:
    """The columns of several portfolios' ``ledgers``, each checked, ordered and freed of reversed pairs as :func:`replay` would.

    ``base_currencies`` per portfolio lets each row's facts be checked as well; leave it out for rows that were checked when booked.
    Raises :class:`Invalid` for a row that is wrong or too large for whole numbers of 62 bits (46 billion units).
    """
    rows: list[Transaction] = []
    is_internal: list[bool] = []
    portfolio: list[int] = []
    portfolio_ids: list[UUID] = []
    for ledger in ledgers:
        order = standing(ledger)
        if not order.booked:
            continue
        portfolio_id = order.booked[0].portfolio_id
        if base_currencies is not None:
            for row in order.rows:
                check(row, base_currencies[portfolio_id])
        portfolio += [len(portfolio_ids)] * len(order.rows)
        portfolio_ids.append(portfolio_id)
        is_internal += [row.id in order.internal for row in order.rows]
        rows += order.rows
    securities: dict[UUID, int] = {}
    currencies = {code: index for index, code in enumerate(sorted({row.currency for row in rows}))}
    return LedgerColumns(
        portfolio_ids=tuple(portfolio_ids),
        currencies=tuple(currencies),
        portfolio=np.array(portfolio, dtype=np.int32),
        day=_column32(day_number(row.transaction_date) for row in rows),
        sequence=np.array([row.sequence for row in rows], dtype=np.int64),
        kind=np.array([KINDS[row.transaction_type] for row in rows], dtype=np.int8),
        security=_column32(-1 if row.security_id is None else securities.setdefault(row.security_id, len(securities)) for row in rows),
        securities=_instruments(rows, securities),
        currency=_column32(currencies[row.currency] for row in rows),
        quantity=_whole(rows, lambda row: row.quantity, QUANTITY_STEPS),
        amount=_whole(rows, lambda row: row.amount, CENTS),
        fee=_whole(rows, lambda row: row.fee, CENTS),
        withholding_tax=_whole(rows, lambda row: row.withholding_tax, CENTS),
        rate=_whole(rows, lambda row: row.fx_rate, QUANTITY_STEPS),
        cost_basis=_whole(rows, lambda row: row.cost_basis, CENTS),
        acquisition_day=_column32(day_number(row.acquisition_date or row.transaction_date) for row in rows),
        split_from=_whole(rows, lambda row: row.split_from, QUANTITY_STEPS),
        split_to=_whole(rows, lambda row: row.split_to, QUANTITY_STEPS),
        is_internal=np.array(is_internal, dtype=np.bool_),
    )


def _instruments(rows: Sequence[Transaction], securities: Mapping[UUID, int]) -> tuple[Instrument, ...]:
    """Each security with the symbol and currency of its first trade, or else of whatever mentions it first."""
    first: dict[UUID, Transaction] = {}
    for row in rows:
        if row.security_id is None:
            continue
        known = first.setdefault(row.security_id, row)
        if _is_trade(row) and not _is_trade(known):
            first[row.security_id] = row
    return tuple(Instrument(each, first[each].symbol, first[each].currency) for each in securities)


def _is_trade(row: Transaction) -> bool:
    return Side.OPEN <= int(_SIDES[KINDS[row.transaction_type]]) <= Side.CARRY_OUT


def _column32(values: Iterable[int]) -> Int32:
    return np.fromiter(values, dtype=np.int32)


def _whole(rows: Sequence[Transaction], value: Callable[[Transaction], Decimal | None], steps: int) -> Int64:
    return np.fromiter((_steps(row, value(row), steps) for row in rows), dtype=np.int64, count=len(rows))


def _steps(row: Transaction, value: Decimal | None, steps: int) -> int:
    if value is None:
        return 0
    scaled = EXACT.multiply(value, steps)
    whole = int(scaled)
    if whole != scaled or abs(whole) >= LIMIT:
        raise refused(row, f"{value} is no whole number of 1/{steps} below 2**62.", "Round it where it arises; replay has no such limit.")
    return whole


def lot_books(columns: LedgerColumns, *, fees_in_cost: bool = True) -> tuple[BookArrays, Int64]:
    """The rows that open, close, carry out or split lots, grouped into books; and which row of ``columns`` each of them is.

    A book is one security in one portfolio, numbered in the order (portfolio, security).
    """
    side = _SIDES[columns.kind]
    in_kind = columns.security >= 0
    chosen = np.flatnonzero((side > 0) & in_kind)
    key = columns.portfolio[chosen].astype(np.int64) * max(len(columns.securities), 1) + columns.security[chosen]
    order = np.argsort(key, kind="stable")
    chosen, key = chosen[order], key[order]
    side = side[chosen]
    book = np.cumsum(np.diff(key, prepend=key[:1]) != 0).astype(np.int32)
    is_plain = _needs_no_more(columns, chosen, book)
    books = BookArrays(
        book=book,
        day=columns.day[chosen],
        sequence=columns.sequence[chosen],
        side=side,
        quantity=np.where(side == Side.SPLIT, columns.split_to[chosen], columns.quantity[chosen]),
        amount=_amounts(columns, chosen, fees_in_cost=fees_in_cost),
        rate=columns.rate[chosen],
        acquisition_day=None if is_plain else columns.acquisition_day[chosen],
        split_from=None if is_plain else columns.split_from[chosen],
        currency=None if is_plain else columns.currency[chosen],
        is_grouped=True,
    )
    return books, chosen


def _amounts(columns: LedgerColumns, chosen: Int64, *, fees_in_cost: bool) -> Int64:
    kind, cash = columns.kind[chosen], (columns.cash_effect if fees_in_cost else columns.amount)[chosen]
    return np.where(kind == FlowKind.BUY, -cash, np.where(kind == FlowKind.TRANSFER_IN, columns.cost_basis[chosen], cash))


def _needs_no_more(columns: LedgerColumns, chosen: Int64, book: Int32) -> bool:
    """Whether there are no splits, no older acquisition dates and no second currency in a book, so that the leaner loop serves."""
    currency, same_book = columns.currency[chosen], book[1:] == book[:-1]
    return not (
        np.any(columns.kind[chosen] == FlowKind.SPLIT)
        or np.any(columns.acquisition_day[chosen] != columns.day[chosen])
        or np.any((currency[1:] != currency[:-1]) & same_book)
    )


def _side_table() -> Int8:
    table = np.zeros(max(FlowKind) + 1, dtype=np.int8)
    table[[FlowKind.BUY, FlowKind.TRANSFER_IN]] = Side.OPEN
    table[FlowKind.SELL] = Side.CLOSE
    table[FlowKind.TRANSFER_OUT] = Side.CARRY_OUT
    table[FlowKind.SPLIT] = Side.SPLIT
    return table


_SIDES: Final = _side_table()
