"""The compiled batch and the replay of records agree to the last unit on every ledger."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dawsos.compute.ledger.arrays import BookArrays
from dawsos.compute.ledger.batch import match_lots, match_sales
from dawsos.compute.ledger.columns import LedgerColumns, ledger_columns, lot_books
from dawsos.compute.ledger.conventions import GainSplit
from dawsos.compute.ledger.records import LedgerState
from dawsos.compute.ledger.replay import replay
from dawsos.compute.ledger.segments import calendar_day
from dawsos.kernel.errors import Invalid
from dawsos.kernel.ledger import LotMethod
from tests.unit.compute.ledger.random_ledgers import LEDGERS, LEDGERS_WITHOUT_SPLITS

METHODS = (LotMethod.FIFO, LotMethod.LIFO, LotMethod.HIFO, LotMethod.AVERAGE)
SLOW = settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def units(value) -> Decimal:
    return Decimal(int(value)).scaleb(-8)


def cents(value) -> Decimal:
    return Decimal(int(value)).scaleb(-2)


def batch_lots(columns: LedgerColumns, books: BookArrays, rows, matched):
    lots = matched.lots
    original = books.quantity[lots.row] if lots.qty_original is None else lots.qty_original
    return {
        int(columns.sequence[rows[row]]): (
            units(lots.qty_open[i]),
            units(original[i]),
            cents(lots.cost[i]),
            cents(lots.cost_base[i]),
            None if lots.closed_day[i] < 0 else calendar_day(int(lots.closed_day[i])),
        )
        for i, row in enumerate(lots.row)
    }


def replayed_lots(state: LedgerState):
    return {lot.open_sequence: (lot.qty_open, lot.qty_original, lot.cost_basis, lot.cost_basis_base, lot.closed_date) for lot in state.lots}


def batch_disposals(columns, rows, matched):
    parts = matched.disposals
    return [
        (
            int(columns.sequence[rows[parts.row[i]]]),
            int(columns.sequence[rows[matched.lots.row[parts.lot[i]]]]),
            units(parts.quantity[i]),
            cents(parts.cost[i]),
            cents(parts.cost_base[i]),
            cents(parts.proceeds[i]),
            cents(parts.proceeds_base[i]),
            cents(parts.gain_fx_base[i]),
        )
        for i in range(len(parts.row))
    ]


def replayed_disposals(state: LedgerState):
    number = {row.id: row.sequence for row in state.transactions}
    sold = [
        (
            number[each.sell_transaction_id],
            number[each.lot_id],
            each.quantity,
            each.cost,
            each.cost_base,
            each.proceeds,
            each.proceeds_base,
            each.gain_fx_base,
        )
        for each in state.disposals
    ]
    zero = Decimal(0)
    carried = [
        (number[each.transfer_transaction_id], number[each.lot_id], each.quantity, each.cost, each.cost_base, zero, zero, zero)
        for each in state.carried_out
    ]
    return sorted(sold + carried)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("gain_split", list(GainSplit))
@SLOW
@given(ledger=LEDGERS)
def test_lots_and_disposals_are_equal_to_the_unit(method, gain_split, ledger):
    columns = ledger_columns([ledger.rows])
    books, rows = lot_books(columns)
    try:
        state = replay(ledger.rows, method=method, base_currency="CAD", gain_split=gain_split)
    except Invalid:
        assert len(match_lots(books, method=method, gain_split=gain_split).refused.row) > 0
        return
    matched = match_lots(books, method=method, gain_split=gain_split)
    assert len(matched.refused.row) == 0
    assert batch_lots(columns, books, rows, matched) == replayed_lots(state)
    assert sorted(batch_disposals(columns, rows, matched)) == replayed_disposals(state)


@pytest.mark.parametrize("method", METHODS)
@SLOW
@given(ledger=LEDGERS_WITHOUT_SPLITS, seed=st.integers(0, 2**32 - 1))
def test_the_order_of_the_input_rows_does_not_matter(method, ledger, seed):
    columns = ledger_columns([ledger.rows])
    books, _ = lot_books(columns)
    shuffle = np.random.default_rng(seed).permutation(len(books.book))
    shuffled = BookArrays(
        **{
            name: None if getattr(books, name) is None else getattr(books, name)[shuffle]
            for name in BookArrays.__slots__
            if name != "is_grouped"
        }
    )
    one, other = match_lots(books, method=method), match_lots(shuffled, method=method)
    assert shuffle[other.lots.row].tolist() == one.lots.row.tolist()
    assert shuffle[other.disposals.row].tolist() == one.disposals.row.tolist()
    for name in ("lot", "quantity", "cost", "cost_base", "proceeds_base", "gain_fx_base"):
        assert getattr(other.disposals, name).tolist() == getattr(one.disposals, name).tolist()


@pytest.mark.parametrize("method", METHODS)
@SLOW
@given(ledger=LEDGERS)
def test_without_detail_each_row_has_the_sum_of_its_parts(method, ledger):
    books, _ = lot_books(ledger_columns([ledger.rows]))
    parts, sums = match_lots(books, method=method), match_sales(books, method=method)
    assert sums.lots.cost.tolist() == parts.lots.cost.tolist()
    assert sums.lots.cost_base.tolist() == parts.lots.cost_base.tolist()
    for name in ("cost", "cost_base", "proceeds_base", "gain_fx_base"):
        by_row = np.zeros(len(books.book), dtype=np.int64)
        np.add.at(by_row, parts.disposals.row, getattr(parts.disposals, name))
        assert getattr(sums.sales, name).tolist() == by_row[sums.sales.row].tolist()


@pytest.mark.parametrize("method", METHODS)
@SLOW
@given(ledger=LEDGERS)
def test_in_one_currency_base_columns_are_left_out_and_the_rest_is_the_same(method, ledger):
    rows = [replace(row, fx_rate=Decimal(1)) for row in ledger.rows]
    books, _ = lot_books(ledger_columns([rows]))
    with_rates = match_lots(books, method=method)
    without = match_lots(
        BookArrays(**{name: getattr(books, name) for name in BookArrays.__slots__ if name != "rate"}, rate=None), method=method
    )
    assert without.lots.cost_base is None
    assert without.disposals.gain_fx_base is None
    sums = match_sales(
        BookArrays(**{name: getattr(books, name) for name in BookArrays.__slots__ if name != "rate"}, rate=None), method=method
    )
    assert sums.sales.gain_fx_base is None
    assert int(sums.sales.cost.sum()) == int(without.disposals.cost.sum())
    assert with_rates.disposals.gain_fx_base.tolist() == [0] * len(with_rates.disposals.row)
    assert without.lots.cost.tolist() == with_rates.lots.cost_base.tolist()
    assert without.disposals.proceeds.tolist() == with_rates.disposals.proceeds_base.tolist()
