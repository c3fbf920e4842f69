"""Every method on the same small histories: relieved cost, realised gain and the lots that are left, worked out by hand."""

from decimal import Decimal as D

import pytest

from tests.unit.compute.ledger.making import Ledger, chosen


def three_lots() -> Ledger:
    """10 at 10.00, 20 at 12.00, 10 at 11.00, each with a fee of 1."""
    ledger = Ledger()
    ledger.buy("2024-01-01", "X", 10, 10, 1)
    ledger.buy("2024-01-02", "X", 20, 12, 1)
    ledger.buy("2024-01-03", "X", 10, 11, 1)
    return ledger


def partial(ledger: Ledger) -> None:
    """15 of 40 for 20.00 each, fee 3."""
    ledger.sell("2024-02-01", "X", 15, 20, 3, lot_selection=(chosen(ledger.rows[2], 10), chosen(ledger.rows[0], 5)))


def complete(ledger: Ledger) -> None:
    """All 40 for 20.00 each, fee 3."""
    lots = zip(ledger.rows, (10, 20, 10), strict=False)
    ledger.sell("2024-02-01", "X", 40, 20, 3, lot_selection=tuple(chosen(row, quantity) for row, quantity in lots))


def same_day(ledger: Ledger) -> None:
    """5 more at 30.00 without a fee and 15 sold on one day."""
    row = ledger.buy("2024-02-01", "X", 5, 30)
    ledger.sell("2024-02-01", "X", 15, 20, 3, lot_selection=(chosen(row, 5), chosen(ledger.rows[0], 10)))


def split(ledger: Ledger) -> None:
    """2-for-1, then 30 of 80 sold for 10.00 each."""
    ledger.book("SPLIT", "2024-01-15", symbol="X", split_from=1, split_to=2)
    ledger.sell("2024-02-01", "X", 30, 10, 3, lot_selection=(chosen(ledger.rows[2], 20), chosen(ledger.rows[0], 10)))


def reversal(ledger: Ledger) -> None:
    """A sale that was reversed, then the partial sale."""
    ledger.reverse(ledger.sell("2024-01-20", "X", 40, 5))
    partial(ledger)


PARTIAL = {
    # lots cost 101, 241, 111; proceeds 300 − 3
    "FIFO": ("161.25", ["0", "180.75", "111.00"]),  # 101 + 241 × 5/20
    "LIFO": ("171.25", ["101.00", "180.75", "0"]),  # 111 + 241 × 5/20
    "HIFO": ("180.75", ["101.00", "60.25", "111.00"]),  # 241 × 15/20
    "AVERAGE": ("169.88", ["0", "169.87", "113.25"]),  # 453 × 15/40 = 169.875
    "SPECIFIC": ("161.50", ["50.50", "241.00", "0"]),  # 111 + 101 × 5/10
}
SAME_DAY = {
    # a fourth lot of 150; 45 units, pool 603
    "FIFO": ("161.25", ["0", "180.75", "111.00", "150.00"]),
    "LIFO": ("261.00", ["101.00", "241.00", "0", "0"]),  # 150 + 111
    "HIFO": ("270.50", ["101.00", "120.50", "111.00", "0"]),  # 150 + 241 × 10/20
    "AVERAGE": ("201.00", ["0", "201.00", "134.00", "67.00"]),
    "SPECIFIC": ("251.00", ["0", "241.00", "111.00", "0"]),
}


@pytest.mark.parametrize(("method", "expected"), PARTIAL.items())
@pytest.mark.parametrize("history", [partial, reversal, split])
def test_a_partial_sale(history, method, expected):
    ledger = three_lots()
    history(ledger)
    state = ledger.replay(method)
    (sale,) = state.realized
    assert (sale.proceeds, sale.cost, sale.realized_pl) == (D(297), D(expected[0]), D(297) - D(expected[0]))
    assert [lot.cost_basis for lot in state.lots] == [D(cost) for cost in expected[1]]


@pytest.mark.parametrize("method", list(PARTIAL))
def test_a_complete_sale(method):
    ledger = three_lots()
    complete(ledger)
    state = ledger.replay(method)
    assert (state.realized[0].cost, state.realized[0].realized_pl) == (D(453), D(344))
    assert [(lot.qty_open, lot.cost_basis, lot.cost_basis_base) for lot in state.lots] == [(D(0), D(0), D(0))] * 3


@pytest.mark.parametrize(("method", "expected"), SAME_DAY.items())
def test_a_purchase_and_a_sale_on_one_day(method, expected):
    ledger = three_lots()
    same_day(ledger)
    state = ledger.replay(method)
    assert state.realized[0].cost == D(expected[0])
    assert [lot.cost_basis for lot in state.lots] == [D(cost) for cost in expected[1]]


@pytest.mark.parametrize(
    ("method", "cost"), [("FIFO", "160.00"), ("LIFO", "170.00"), ("HIFO", "180.00"), ("AVERAGE", "168.75"), ("SPECIFIC", "160.00")]
)
def test_a_partial_sale_with_fees_kept_apart(method, cost):
    ledger = three_lots()
    partial(ledger)
    state = ledger.replay(method, fees_in_cost=False)
    assert (state.realized[0].proceeds, state.realized[0].cost) == (D(300), D(cost))
    assert sum(each.fee for each in state.income) == D(6)
