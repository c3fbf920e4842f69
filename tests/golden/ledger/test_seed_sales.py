"""The sales of the demonstration portfolio, recomputed independently: realised result by every method, in the sale's currency."""

from decimal import Decimal as D

import pytest

from tests.unit.compute.ledger.making import Ledger

LEDGERS = {
    "BAM": ([("2024-02-05", 500, 42, 10), ("2024-05-20", 300, 45, 10)], ("2024-09-15", 200, 52, 10)),
    "BRK.B": ([("2023-12-01", 100, 330, 10), ("2024-03-15", 50, 345, 10)], ("2024-10-01", 20, 365, 10)),
    "NKE": ([("2024-03-01", 200, 95, 10)], ("2024-07-15", 100, 82, 10)),
    "PYPL": ([("2024-01-25", 300, 55, 10), ("2024-05-10", 200, 58, 10)], ("2024-08-20", 100, 65, 10)),
}
REALIZED = [
    ("BAM", "FIFO", "1986.00"),
    ("BAM", "LIFO", "1383.33"),
    ("BAM", "HIFO", "1383.33"),
    ("BAM", "AVERAGE", "1760.00"),
    ("BRK.B", "FIFO", "688.00"),
    ("BRK.B", "LIFO", "386.00"),
    ("BRK.B", "HIFO", "386.00"),
    ("BRK.B", "AVERAGE", "587.33"),
    ("NKE", "FIFO", "-1315.00"),
    ("NKE", "LIFO", "-1315.00"),
    ("NKE", "HIFO", "-1315.00"),
    ("NKE", "AVERAGE", "-1315.00"),
    ("PYPL", "FIFO", "986.67"),
    ("PYPL", "LIFO", "685.00"),
    ("PYPL", "HIFO", "685.00"),
    ("PYPL", "AVERAGE", "866.00"),
]
FIFO_COST_LEFT = [("BAM", "12606.00"), ("BRK.B", "26408.00"), ("NKE", "9505.00"), ("PYPL", "11006.67")]


def seed(symbol: str) -> Ledger:
    ledger = Ledger()
    buys, sale = LEDGERS[symbol]
    for buy in buys:
        ledger.buy(buy[0], symbol, *buy[1:], currency="USD", rate="1.36")
    ledger.sell(sale[0], symbol, *sale[1:], currency="USD", rate="1.36")
    return ledger


@pytest.mark.parametrize(("symbol", "method", "expected"), REALIZED)
def test_the_realised_result_of_the_sale(symbol, method, expected):
    (sale,) = seed(symbol).replay(method).realized
    assert sale.realized_pl_local == D(expected)


@pytest.mark.parametrize(("symbol", "expected"), FIFO_COST_LEFT)
def test_a_partly_sold_lot_keeps_its_proportion_of_the_cost_with_the_fee(symbol, expected):
    assert seed(symbol).replay("FIFO").lots[0].cost_basis == D(expected)


def test_apple_sold_at_another_rate_gains_2190_canadian_dollars():
    ledger = Ledger()
    ledger.buy("2024-01-10", "AAPL", 100, 150, currency="USD", rate="1.34")
    ledger.sell("2024-06-10", "AAPL", 50, 180, currency="USD", rate="1.36")
    (sale,) = ledger.replay().realized
    assert (sale.realized_pl, sale.realized_pl_price, sale.realized_pl_fx) == (D("2190.00"), D("2010.00"), D("180.00"))


@pytest.mark.parametrize(("rate", "expected"), [("1.36", "32.64"), ("1.3675", "32.82")])
def test_r11_a_dividend_is_worth_what_its_currency_was_worth_on_the_day_it_was_paid(rate, expected):
    ledger = Ledger()
    ledger.buy("2024-01-10", "ADR", 100, 10, currency="USD", rate="1.3")
    ledger.book("DIVIDEND", "2024-05-16", "24.00", symbol="ADR", currency="USD", rate=rate)
    assert ledger.replay().income[0].net_base == D(expected)


def test_a_two_for_one_split_of_100_shares_for_15000():
    ledger = Ledger()
    ledger.buy("2024-01-10", "XYZ", 100, 150)
    ledger.book("SPLIT", "2024-02-10", symbol="XYZ", split_from=1, split_to=2)
    (position,) = ledger.replay().positions()
    assert (position.quantity, position.cost_basis) == (D(200), D(15000))
