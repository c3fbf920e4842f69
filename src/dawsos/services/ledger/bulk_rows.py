"""A large ledger's tables as binary COPY buffers, encoded from columns."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import numpy as np
import numpy.typing as npt

from dawsos.compute.ledger.columns import LedgerColumns
from dawsos.compute.ledger.postings import (
    CASH,
    DEPOSITS,
    DIVIDENDS,
    FEES,
    INTEREST,
    REALIZED,
    SECURITIES,
    TAXES,
    WITHHOLDING,
)
from dawsos.compute.ledger.segments import FlowKind, day_number
from dawsos.kernel.ledger import Transaction, TransactionType
from dawsos.kernel.money import EXACT, ZERO, multiply, round_money
from dawsos.services.ledger.bulk_state import BulkState, identities
from dawsos.services.ledger.resolution import HashedTransaction
from dawsos.services.ledger.rows import Row
from dawsos.store.binary_copy import (
    Column,
    big_integers,
    booleans,
    constant,
    dates,
    encode,
    integers,
    numerics,
    texts,
    uuids,
)

Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

_TYPES: Final = tuple(TransactionType)
_CENT: Final = 10**6  # eight-place steps in a cent
_ACCOUNTS: Final = (CASH, FEES, WITHHOLDING, SECURITIES, REALIZED, DIVIDENDS, INTEREST, TAXES, DEPOSITS)
_COUNTER: Final = {
    FlowKind.DIVIDEND: DIVIDENDS,
    FlowKind.INTEREST: INTEREST,
    FlowKind.FEE: FEES,
    FlowKind.TAX: TAXES,
    FlowKind.DEPOSIT: DEPOSITS,
    FlowKind.WITHDRAWAL: DEPOSITS,
}


@dataclass(frozen=True, slots=True, eq=False)
class BulkRows:
    """Everything that is written of one :class:`BulkState`, ready for COPY. ``accounts`` counts those the new postings touch."""

    transactions: bytes
    realized: tuple[Row, ...]
    lots: bytes
    disposals: bytes
    postings: bytes
    accounts: int


def bulk_rows(
    state: BulkState, entries: Sequence[HashedTransaction], *, batch_id: UUID | None, moment: datetime, snapshot_id: UUID
) -> BulkRows:
    """The rows of ``entries``, which are new, and of all lots and disposals; equal to what the records' own rows hold."""
    sales = _Sales.of(state)
    postings, accounts = _postings(state, entries, sales, snapshot_id)
    return BulkRows(
        transactions=_transactions(state, entries, sales, batch_id, moment),
        realized=tuple(_realized_before(state, entries, sales)),
        lots=_lots(state),
        disposals=_disposals(state),
        postings=postings,
        accounts=accounts,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Sales:
    """Per row of the ledger's columns what it realised, in cents; nothing for a row that is no sale."""

    is_sale: Bool
    cost: Int64
    gain: Int64
    gain_fx: Int64

    @classmethod
    def of(cls, state: BulkState) -> "_Sales":
        parts, size = state.matched.disposals, len(state.rows)
        at = state.place[parts.row]
        cost_base = parts.cost if parts.cost_base is None else parts.cost_base
        proceeds_base = parts.proceeds if parts.proceeds_base is None else parts.proceeds_base
        fx = np.zeros(len(at), dtype=np.int64) if parts.gain_fx_base is None else parts.gain_fx_base
        return cls(
            is_sale=state.columns.kind == FlowKind.SELL,
            cost=_summed(at, parts.cost, size),
            gain=_summed(at, proceeds_base - cost_base, size),
            gain_fx=_summed(at, fx, size),
        )


def _summed(at: Int64, values: Int64, size: int) -> Int64:
    total = np.zeros(size, dtype=np.int64)
    np.add.at(total, at, values)
    return total


def _chosen(words: Sequence[str | None], codes: npt.NDArray[Any]) -> Column:
    """Text from a short list, by number."""
    column = texts(words)
    return Column(column.data[codes], None if column.lengths is None else column.lengths[codes])


def _named(values: Sequence[str | None]) -> Column:
    """Text that repeats itself, each spelling encoded once."""
    return _chosen(*_coded(values))


def _coded(values: Sequence[str | None]) -> tuple[tuple[str | None, ...], Int64]:
    """The different ones among ``values``, and which of them each is."""
    known: dict[str | None, int] = {}
    codes = np.fromiter((known.setdefault(value, len(known)) for value in values), dtype=np.int64, count=len(values))
    return tuple(known), codes


def _nothing(rows: int) -> Column:
    return Column(np.zeros((rows, 1), dtype=np.uint8), np.full(rows, -1, dtype=np.int32))


def _days(values: Sequence[date | None]) -> Column:
    if not any(values):
        return _nothing(len(values))
    numbers = np.fromiter((0 if value is None else day_number(value) for value in values), dtype=np.int64, count=len(values))
    return dates(numbers, np.fromiter((value is None for value in values), dtype=np.bool_, count=len(values)))


def _decimals(values: Sequence[Decimal | None], places: int) -> Column:
    if all(value is None for value in values):
        return _nothing(len(values))
    steps = (0 if value is None else int(EXACT.scaleb(value, places)) for value in values)
    whole = np.fromiter(steps, dtype=np.int64, count=len(values))
    return numerics(whole, places, np.fromiter((value is None for value in values), dtype=np.bool_, count=len(values)))


def _moments(moment: datetime, rows: int) -> Column:
    """``timestamptz``: microseconds since 2000-01-01."""
    since = (moment - datetime(2000, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    return constant(Column(np.array([since], dtype=">i8").view(np.uint8).reshape(1, 8)), rows)


def _places(state: BulkState, entries: Sequence[HashedTransaction]) -> Int64:
    """Which rows of the state the entries are."""
    order = np.argsort(state.columns.sequence)
    numbers = np.fromiter((entry.transaction.sequence for entry in entries), dtype=np.int64, count=len(entries))
    return order[np.searchsorted(state.columns.sequence, numbers, sorter=order)]


def _transactions(state: BulkState, entries: Sequence[HashedTransaction], sales: _Sales, batch_id: UUID | None, moment: datetime) -> bytes:
    rows = [entry.transaction for entry in entries]
    count, at, columns = len(rows), _places(state, entries), state.columns

    def of(field: Callable[[Transaction], Any]) -> list[Any]:
        return [field(row) for row in rows]

    is_rest = ~sales.is_sale[at]
    return encode(
        [
            uuids(identities(rows)),
            constant(uuids([rows[0].portfolio_id]), count),
            big_integers(columns.sequence[at]),
            _chosen(_TYPES, np.array([_TYPES.index(row.transaction_type) for row in rows])),
            dates(columns.day[at]),
            _days(of(lambda row: row.settlement_date)),
            _optional_ids(of(lambda row: row.security_id)),
            _named(of(lambda row: row.symbol)),
            _decimals(of(lambda row: row.quantity), 8),
            _decimals(of(lambda row: row.price), 8),
            numerics(columns.amount[at], 2),
            _chosen(columns.currencies, columns.currency[at]),
            numerics(columns.fee[at], 2),
            numerics(columns.withholding_tax[at], 2),
            numerics(columns.rate[at], 8),
            numerics(_in_base(columns, rows, at), 2),
            _days(of(lambda row: row.ex_date)),
            _days(of(lambda row: row.pay_date)),
            _decimals(of(lambda row: row.cost_basis), 2),
            _days(of(lambda row: row.acquisition_date)),
            _decimals(of(lambda row: row.split_from), 8),
            _decimals(of(lambda row: row.split_to), 8),
            _nothing(count),
            _nothing(count),
            booleans(np.zeros(count, dtype=np.bool_)),
            texts(of(lambda row: row.external_ref)),
            _named(of(lambda row: row.narration)),
            _named(of(lambda row: row.source)),
            texts([entry.commit_hash for entry in entries]),
            _nothing(count) if batch_id is None else constant(uuids([batch_id]), count),
            numerics(sales.gain[at], 2, is_rest),
            numerics((sales.gain - sales.gain_fx)[at], 2, is_rest),
            numerics(sales.gain_fx[at], 2, is_rest),
            _moments(moment, count),
        ]
    )


def _optional_ids(values: Sequence[UUID | None]) -> Column:
    blank = bytes(16)
    data = np.frombuffer(b"".join([blank if value is None else value.bytes for value in values]), dtype=np.uint8).reshape(-1, 16)
    return Column(data, np.array([-1 if value is None else 16 for value in values], dtype=np.int32))


def _in_base(columns: LedgerColumns, rows: Sequence[Transaction], at: Int64) -> Int64:
    """Amounts in base currency: the amount itself at a rate of one."""
    cents = columns.amount[at].copy()
    for place in np.flatnonzero(columns.rate[at] != 10**8).tolist():
        cents[place] = int(EXACT.scaleb(round_money(multiply(rows[place].amount, rows[place].fx_rate)), 2))
    return cents


def _realized_before(state: BulkState, entries: Sequence[HashedTransaction], sales: _Sales) -> Iterator[Row]:
    """Results of sales that were booked before."""
    new = {entry.transaction.sequence for entry in entries}
    for place in np.flatnonzero(sales.is_sale).tolist():
        row = state.rows[place]
        if row.sequence not in new:
            gain, fx = int(sales.gain[place]), int(sales.gain_fx[place])
            yield (row.id, *(EXACT.scaleb(Decimal(cents), -2) for cents in (gain, gain - fx, fx)))


def _lots(state: BulkState) -> bytes:
    lots, columns = state.matched.lots, state.columns
    at = state.place[lots.row]
    ids, count = identities(state.rows)[at], len(at)
    return encode(
        [
            uuids(ids),
            constant(uuids([state.rows[0].portfolio_id]), count),
            uuids(_security_ids(columns)[columns.security[at]]),
            _named([state.rows[place].symbol for place in at.tolist()]),
            numerics(lots.qty_open, 8),
            numerics(columns.quantity[at], 8),
            numerics(lots.cost, 2),
            numerics(lots.cost if lots.cost_base is None else lots.cost_base, 2),
            dates(columns.day[at]),
            _chosen(columns.currencies, columns.currency[at]),
            numerics(columns.rate[at], 8),
            uuids(ids),
            dates(lots.closed_day, lots.closed_day < 0),
        ]
    )


def _security_ids(columns: LedgerColumns) -> npt.NDArray[np.uint8]:
    return np.frombuffer(b"".join([one.security_id.bytes for one in columns.securities if one.security_id]), dtype=np.uint8).reshape(-1, 16)


def _disposals(state: BulkState) -> bytes:
    parts, columns, ids = state.matched.disposals, state.columns, identities(state.rows)
    sold = state.place[parts.row]
    bought = state.place[state.matched.lots.row[parts.lot]]
    cost_base = parts.cost if parts.cost_base is None else parts.cost_base
    proceeds_base = parts.proceeds if parts.proceeds_base is None else parts.proceeds_base
    fx = np.zeros(len(sold), dtype=np.int64) if parts.gain_fx_base is None else parts.gain_fx_base
    return encode(
        [
            uuids(ids[sold]),
            uuids(ids[bought]),
            constant(uuids([state.rows[0].portfolio_id]), len(sold)),
            numerics(parts.quantity, 8),
            numerics(parts.proceeds, 2),
            numerics(parts.cost, 2),
            numerics(proceeds_base, 2),
            numerics(cost_base, 2),
            numerics(proceeds_base - cost_base - fx, 2),
            numerics(fx, 2),
            dates(columns.day[bought]),
            dates(columns.day[sold]),
            integers(columns.day[sold] - columns.day[bought]),
        ]
    )


@dataclass(slots=True, eq=False)
class _Legs:
    """Legs of postings as columns: money counts the row's currency, a lot its security; ``quantity`` is in 1e-8, ``cost`` in cents."""

    row: Int64
    order: Int64
    account: Int64
    quantity: Int64
    cost: Int64
    is_lot: Bool


def _money(row: Int64, order: int, account: int | Int64, cents: Int64) -> _Legs:
    return _Legs(
        row=row,
        order=np.full(len(row), order),
        account=np.broadcast_to(account, len(row)).astype(np.int64),
        quantity=cents * _CENT,
        cost=np.zeros(len(row), dtype=np.int64),
        is_lot=np.zeros(len(row), dtype=np.bool_),
    )


def _lot_legs(row: Int64, order: Int64, quantity: Int64, cost: Int64) -> _Legs:
    return _Legs(
        row=row,
        order=order,
        account=np.full(len(row), _ACCOUNTS.index(SECURITIES)),
        quantity=quantity,
        cost=cost,
        is_lot=np.ones(len(row), dtype=np.bool_),
    )


def _legs(state: BulkState, sales: _Sales) -> _Legs:
    """All legs of all rows, those of one row in the order :func:`dawsos.compute.ledger.postings.postings` gives them."""
    columns, every = state.columns, np.arange(len(state.rows))
    parts = state.matched.disposals
    is_buy, is_rest = columns.kind == FlowKind.BUY, ~np.isin(columns.kind, [FlowKind.BUY, FlowKind.SELL])
    rest, bought, sold = every[is_rest], every[is_buy], every[sales.is_sale]
    relieved = state.place[parts.row]
    counter = np.zeros(max(FlowKind) + 1, dtype=np.int64)
    for kind, account in _COUNTER.items():
        counter[kind] = _ACCOUNTS.index(account)
    effect, last = columns.cash_effect, len(parts.row) + 10
    groups = (
        _money(every, 0, _ACCOUNTS.index(CASH), effect),
        _money(rest, 1, _ACCOUNTS.index(FEES), columns.fee[rest]),
        _money(rest, 2, _ACCOUNTS.index(WITHHOLDING), columns.withholding_tax[rest]),
        _money(rest, 3, counter[columns.kind[rest]], -columns.amount[rest]),
        _lot_legs(bought, np.full(len(bought), 3), columns.quantity[bought], -effect[bought]),
        _lot_legs(relieved, np.arange(3, 3 + len(relieved)), -parts.quantity, -parts.cost),
        _money(sold, last, _ACCOUNTS.index(REALIZED), sales.cost[sold] - effect[sold]),
    )
    joined: Mapping[str, Any] = {name: np.concatenate([getattr(group, name) for group in groups]) for name in _Legs.__slots__}
    return _Legs(**joined)


def _postings(state: BulkState, entries: Sequence[HashedTransaction], sales: _Sales, snapshot_id: UUID) -> tuple[bytes, int]:
    columns, legs = state.columns, _legs(state, sales)
    is_new = np.zeros(len(state.rows), dtype=np.bool_)
    is_new[_places(state, entries)] = True
    kept = np.flatnonzero(is_new[legs.row] & (legs.quantity != 0))
    kept = kept[np.lexsort((legs.order[kept], columns.sequence[legs.row[kept]]))]
    row, count = legs.row[kept], len(kept)
    starts = np.flatnonzero(np.diff(row, prepend=-1) != 0)
    index = np.arange(count) - np.repeat(starts, np.diff(starts, append=count))
    is_lot = legs.is_lot[kept]
    prices = [ZERO if one.price is None else one.price for one in state.rows]
    price = np.fromiter((int(EXACT.scaleb(one, 8)) for one in prices), dtype=np.int64, count=len(prices))
    has_price = is_lot & np.fromiter((one.price is not None for one in state.rows), dtype=np.bool_, count=len(prices))[row]
    securities, security = _coded([one.symbol or str(one.security_id) for one in state.rows])
    words = (*columns.currencies, *securities, None)
    currency, nowhere = columns.currency[row], len(words) - 1
    block = encode(
        [
            constant(uuids([snapshot_id]), count),
            constant(uuids([state.rows[0].portfolio_id]), count),
            dates(columns.day[row]),
            integers(columns.sequence[row]),
            integers(index),
            _named([state.rows[place].narration for place in row.tolist()]),
            _chosen(_ACCOUNTS, legs.account[kept]),
            _chosen(words, np.where(is_lot, len(columns.currencies) + security[row], currency)),
            numerics(legs.quantity[kept], 8),
            numerics(price[row], 8, ~has_price),
            _chosen(words, np.where(has_price, currency, nowhere)),
            numerics(legs.cost[kept], 2, ~is_lot),
            _chosen(words, np.where(is_lot, currency, nowhere)),
            _chosen(_TYPES, np.array([_TYPES.index(one.transaction_type) for one in state.rows])[row]),
        ]
    )
    return block, len(np.unique(legs.account[kept]))
