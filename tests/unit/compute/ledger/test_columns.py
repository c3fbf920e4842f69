"""Ledgers as columns of whole numbers, and the books in them."""

from datetime import date

import numpy as np
import pytest

from dawsos.compute.ledger.arrays import BookArrays, Refusal, Room, Side
from dawsos.compute.ledger.batch import match_lots, match_sales, warm_up
from dawsos.compute.ledger.columns import ledger_columns, lot_books
from dawsos.kernel.errors import Invalid
from dawsos.kernel.identifiers import named
from dawsos.kernel.ledger import LotMethod
from tests.unit.compute.ledger.making import PORTFOLIO, Ledger


def books(rows, **optional) -> BookArrays:
    """rows of (book, side, quantity, amount)"""
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    n = len(table)
    return BookArrays(
        book=table[:, 0].astype(np.int32),
        day=np.arange(n, dtype=np.int32),
        sequence=np.arange(n, dtype=np.int64),
        side=table[:, 1].astype(np.int8),
        quantity=table[:, 2].copy(),
        amount=table[:, 3].copy(),
        **optional,
    )


def whole(*values):
    return np.array(values, dtype=np.int64)


def test_columns_hold_whole_steps():
    ledger = Ledger()
    ledger.buy("1970-01-03", "XYZ", "1.5", "10.01", "0.25", currency="USD", rate="1.35471234")
    columns = ledger_columns([ledger.rows])
    assert (columns.portfolio_ids, columns.currencies, columns.securities[0].symbol) == ((PORTFOLIO,), ("USD",), "XYZ")
    assert (columns.day.tolist(), columns.sequence.tolist()) == ([2], [1])
    assert (columns.quantity.tolist(), columns.amount.tolist(), columns.fee.tolist()) == ([150_000_000], [-1502], [25])
    assert (columns.rate.tolist(), columns.cash_effect.tolist(), columns.acquisition_day.tolist()) == ([135_471_234], [-1527], [2])


def test_rows_are_checked_when_base_currencies_are_given():
    ledger = Ledger()
    ledger.book("DEPOSIT", "2024-01-01", 100, rate="1.1")
    assert len(ledger_columns([ledger.rows]).day) == 1
    with pytest.raises(Invalid, match="CAD is the base currency"):
        ledger_columns([ledger.rows], base_currencies={PORTFOLIO: "CAD"})


@pytest.mark.parametrize("facts", [{"quantity": "50000000000"}, {"quantity": "0.000000001"}])
def test_what_does_not_fit_whole_numbers_is_refused(facts):
    ledger = Ledger()
    ledger.book("BUY", "2024-01-01", -1, symbol="XYZ", **facts)
    with pytest.raises(Invalid, match="is no whole number of 1/100000000 below"):
        ledger_columns([ledger.rows])


def test_a_book_is_one_security_in_one_portfolio():
    one, other = Ledger(), Ledger(portfolio_id=named("portfolio", "other"))
    one.buy("2024-01-02", "BBB", 1, 10)
    one.buy("2024-01-01", "AAA", 1, 10)
    one.book("DIVIDEND", "2024-01-05", 1, symbol="AAA")
    one.sell("2024-01-03", "AAA", 1, 12)
    other.buy("2024-01-01", "AAA", 1, 10)
    columns = ledger_columns([one.rows, other.rows])
    grouped, rows = lot_books(columns)
    assert columns.sequence[rows].tolist() == [2, 4, 1, 1]
    assert grouped.book.tolist() == [0, 0, 1, 2]
    assert grouped.side.tolist() == [Side.OPEN, Side.CLOSE, Side.OPEN, Side.OPEN]
    assert grouped.amount.tolist() == [1000, 1200, 1000, 1000]
    assert grouped.acquisition_day is None
    assert grouped.is_grouped


def test_optional_columns_come_along_where_a_book_needs_them():
    ledger = Ledger()
    ledger.book("TRANSFER_IN", "2024-01-01", symbol="AAA", quantity=1, cost_basis=5, acquisition_date=date(1970, 1, 2))
    grouped, _ = lot_books(ledger_columns([ledger.rows]))
    assert grouped.acquisition_day.tolist() == [1]
    assert grouped.amount.tolist() == [500]


def test_fees_can_be_kept_out_of_the_amounts():
    ledger = Ledger()
    ledger.buy("2024-01-01", "AAA", 2, 10, 3)
    ledger.sell("2024-01-02", "AAA", 1, 10, 3)
    columns = ledger_columns([ledger.rows])
    assert lot_books(columns)[0].amount.tolist() == [2300, 700]
    assert lot_books(columns, fees_in_cost=False)[0].amount.tolist() == [2000, 1000]


def test_no_ledgers_have_no_books():
    grouped, rows = lot_books(ledger_columns([]))
    assert (len(rows), len(match_lots(grouped, method=LotMethod.FIFO).lots.row)) == (0, 0)


@pytest.mark.parametrize(
    ("rows", "optional", "reason", "asked", "held"),
    [
        ([(0, 1, 5, 10), (0, 2, 6, 10)], {}, Refusal.MORE_THAN_HELD, 6, 5),
        ([(0, 2, 6, 10)], {}, Refusal.MORE_THAN_HELD, 6, 0),
        ([(0, 1, 0, 10)], {}, Refusal.NOT_POSITIVE, 0, 0),
        ([(0, 1, 5, 10), (0, 2, -1, 10)], {}, Refusal.NOT_POSITIVE, -1, 5),
        ([(0, 1, 2**62, 10)], {}, Refusal.TOO_LARGE, 2**62, 0),
        ([(0, 1, 2**61, 10), (0, 1, 2**61, 10)], {}, Refusal.TOO_LARGE, 2**61, 2**61),
        ([(0, 1, 5, -10)], {}, Refusal.TOO_LARGE, 5, 0),
        ([(0, 1, 5, 2**61), (0, 1, 5, 2**61)], {}, Refusal.TOO_LARGE, 5, 5),
        ([(0, 1, 5, 2**60)], {"rate": whole(10**10)}, Refusal.TOO_LARGE, 5, 0),
        ([(0, 1, 5, 10), (0, 2, 5, 2**62)], {}, Refusal.TOO_LARGE, 5, 5),
        ([(0, 1, 5, 10), (0, 2, 5, 2**60)], {"rate": whole(10**8, 10**10)}, Refusal.TOO_LARGE, 5, 5),
        ([(0, 1, 5, 10), (0, 3, 5, 2**62)], {}, Refusal.TOO_LARGE, 5, 5),
        ([(0, 1, 5, 10), (0, 2, 5, -(2**63))], {}, Refusal.TOO_LARGE, 5, 5),
        ([(0, 1, 5, 10)], {"rate": whole(0)}, Refusal.NO_RATE, 5, 0),
        ([(0, 1, 5, 0)], {"rate": whole(2**63 - 1)}, Refusal.TOO_LARGE, 5, 0),
        ([(0, 1, -(2**63), 10)], {}, Refusal.NOT_POSITIVE, -(2**63), 0),
        ([(0, 1, 5, 10), (0, 4, 2, 0)], {"split_from": whole(0, 0)}, Refusal.NOT_POSITIVE, 2, 5),
        ([(0, 1, 5, 10), (0, 4, 1, 0)], {"split_from": whole(0, 100)}, Refusal.SPLIT_TO_NOTHING, 1, 5),
        ([(0, 1, 2**60, 10), (0, 4, 8, 0)], {"split_from": whole(0, 1)}, Refusal.TOO_LARGE, 8, 2**60),
        ([(0, 1, 5, 10), (0, 2, 5, 9)], {"currency": np.array([0, 1], dtype=np.int32)}, Refusal.OTHER_CURRENCY, 5, 5),
    ],
)
@pytest.mark.parametrize("method", [LotMethod.FIFO, LotMethod.LIFO, LotMethod.AVERAGE])
def test_an_impossible_book_is_returned_with_its_first_wrong_row(rows, optional, reason, asked, held, method):
    matched = match_lots(books(rows, **optional), method=method)
    assert matched.refused.book.tolist() == [0]
    assert matched.refused.row.tolist() == [len(rows) - 1]
    assert Refusal(matched.refused.reason[0]) is reason
    assert (matched.refused.asked.tolist(), matched.refused.held.tolist()) == ([asked], [held])
    assert len(matched.lots.row) == len(matched.disposals.row) == 0


def test_a_refused_book_of_rows_out_of_order_names_its_row_of_the_input():
    rows = [(0, 1, 5, 10), (1, 1, 5, 10), (1, 2, 6, 10)]
    ordered = books(rows)
    shuffle = np.array([2, 0, 1])
    names = ("book", "day", "sequence", "side", "quantity", "amount")
    matched = match_lots(BookArrays(**{name: getattr(ordered, name)[shuffle] for name in names}), method=LotMethod.FIFO)
    assert (matched.refused.book.tolist(), matched.refused.row.tolist(), matched.lots.row.tolist()) == ([1], [0], [1])


def test_a_refused_book_does_not_disturb_the_others():
    rows = [(0, 1, 5, 10), (0, 2, 5, 12), (1, 1, 5, 10), (1, 2, 9, 10), (1, 1, 5, 10), (2, 1, 4, 20), (2, 2, 2, 15)]
    matched = match_lots(books(rows), method=LotMethod.FIFO)
    assert matched.refused.row.tolist() == [3]
    assert matched.lots.row.tolist() == [0, 5]
    assert matched.lots.cost.tolist() == [0, 10]
    assert matched.disposals.row.tolist() == [1, 6]
    assert matched.disposals.lot.tolist() == [0, 1]


def test_a_long_book_out_of_order_is_sorted_too():
    n = 200
    rows = [(0, 1, 1, price) for price in range(n)] + [(0, 2, n // 2, 0)]
    ordered = books(rows)
    shuffle = np.random.default_rng(1).permutation(n + 1)
    names = ("book", "day", "sequence", "side", "quantity", "amount")
    matched = match_lots(BookArrays(**{name: getattr(ordered, name)[shuffle] for name in names}), method=LotMethod.FIFO)
    assert matched.disposals.cost.tolist() == list(range(n // 2))


def test_batches_that_make_no_sense_are_refused():
    good = books([(0, 1, 1, 1)])
    with pytest.raises(Invalid, match="differ in length"):
        books([(0, 1, 1, 1)], rate=whole(1, 2))
    with pytest.raises(Invalid, match="negative or far apart"):
        books([(-1, 1, 1, 1)])
    for side in (0, 5):
        with pytest.raises(Invalid, match="A side is none of"):
            books([(0, side, 1, 1)])
    with pytest.raises(Invalid, match="lacks split_from"):
        books([(0, 4, 1, 1)])
    for matching in (match_lots, match_sales):
        with pytest.raises(Invalid, match="cannot be matched in a batch"):
            matching(good, method=LotMethod.SPECIFIC)


def test_a_room_is_used_again_for_the_next_batch():
    room = Room()
    one = match_lots(books([(0, 1, 3, 10), (0, 2, 1, 5), (1, 2, 1, 5)]), method=LotMethod.FIFO, room=room)
    assert (one.disposals.cost.tolist(), one.refused.book.tolist()) == ([3], [1])
    other = match_lots(books([(0, 1, 4, 40), (0, 2, 1, 5)]), method=LotMethod.FIFO, room=room)
    assert (other.disposals.cost.tolist(), other.lots.cost.tolist(), len(other.refused.book)) == ([10], [30], 0)
    assert one.disposals.cost.tolist() == [10]
    larger = match_sales(books([(0, 1, 4, 40)] * 9 + [(0, 2, 30, 5)]), method=LotMethod.HIFO, room=room)
    assert (larger.sales.cost.tolist(), int(larger.lots.cost.sum())) == ([300], 60)


def test_warming_up_makes_no_difference_to_results():
    warm_up(LotMethod.FIFO)
    assert match_lots(books([(0, 1, 3, 10), (0, 2, 1, 5)]), method=LotMethod.FIFO).disposals.cost.tolist() == [3]
