"""A whole book of portfolios at once shows what each portfolio shows by itself."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.valuation.batch import LotColumns, PackColumns, PositionBlock, value_lots_batch
from dawsos.compute.valuation.panels import MISSING
from dawsos.compute.valuation.positions import value_positions
from dawsos.compute.valuation.rates import RateTable
from dawsos.kernel.errors import Invalid
from tests.unit.compute.valuation.holdings import AS_OF, Facts, lot, quote, security

CURRENCIES = ("CAD", "USD", "EUR")
SYMBOLS = ("RY", "AAPL", "SAP")


def columns(lots, cash, bases):
    """``lots`` as (portfolio, security, units), ``cash`` as (portfolio, currency, amount)."""
    return LotColumns(
        portfolio=np.array([p for p, _, _ in lots], dtype=np.int32),
        security=np.array([s for _, s, _ in lots], dtype=np.int32),
        qty_open=np.array([int(Decimal(q) * 10**8) for *_, q in lots], dtype=np.int64),
        cash_portfolio=np.array([p for p, _, _ in cash], dtype=np.int32),
        cash_currency=np.array([c for _, c, _ in cash], dtype=np.int32),
        cash_amount=np.array([int(Decimal(a) * 100) for *_, a in cash], dtype=np.int64),
        base=np.array(bases, dtype=np.int32),
    )


def pack(closes, **quoted):
    steps = np.array([MISSING if close is None else int(Decimal(close) * 10**8) for close in closes], dtype=np.int64)
    table = RateTable({(pair[:3], pair[3:]): Decimal(rate) for pair, rate in quoted.items()})
    return PackColumns.of(steps, np.arange(3, dtype=np.int32), CURRENCIES, table)


def test_lots_of_one_security_are_rounded_together_and_results_keep_the_order_of_portfolios():
    block = PositionBlock.of(columns([(1, 0, "0.5"), (0, 1, "1"), (1, 0, "0.5"), (0, 0, "2")], [(2, 1, "3")], [1, 0, 0]))
    values = value_lots_batch(block, pack(["0.01", "10", "1"], USDCAD="1.25"))
    assert values.securities_value.tolist() == [1002, 1, 0]  # USD 10 and CAD 0.02, that is USD 0.016; 2 × CAD 0.005 is one cent
    assert values.cash.tolist() == [0, 0, 375]
    assert values.nav.tolist() == [1002, 1, 375]
    assert values.unpriced.tolist() == [0, 0, 0]


def test_what_lacks_a_price_or_a_rate_counts_for_nothing_and_is_counted():
    block = PositionBlock.of(columns([(0, 0, "1"), (0, 1, "1"), (1, 2, "1")], [(0, 2, "5"), (1, 0, "5")], [0, 0]))
    values = value_lots_batch(block, pack(["7", None, "9"], USDCAD="1.25"))
    assert values.nav.tolist() == [700, 500]
    assert values.unpriced.tolist() == [2, 1]


def test_a_rate_that_is_no_eight_decimal_number_is_decided_by_decimals():
    block = PositionBlock.of(columns([(0, 2, "0.05")], [(0, 2, "0.05")], [0]))
    values = value_lots_batch(block, pack(["1", "1", "1"], CADEUR="3.333333333333333"))
    assert (values.securities_value.tolist(), values.cash.tolist()) == ([2], [2])


def test_sums_beyond_what_floats_add_exactly_are_exact_too():
    block = PositionBlock.of(columns([(0, n, "900000000.01") for n in range(1101)], [], [0]))
    closes = PackColumns.of(np.full(1101, 10070000000), np.zeros(1101, dtype=np.int32), CURRENCIES, RateTable({}))
    assert value_lots_batch(block, closes).securities_value.tolist() == [1101 * 9063000000101]  # an odd number above 2⁵³


def test_an_empty_book_is_worth_nothing():
    assert value_lots_batch(PositionBlock.of(columns([], [], [0, 1])), pack(["1", "1", "1"], USDCAD="1.25")).nav.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("lots", "cash", "message"),
    [
        ([(2, 0, "1")], [], "outside 0 … 1"),
        ([], [(-1, 0, "1")], "outside 0 … 1"),
        ([(0, -1, "1")], [], "negative"),
        ([], [(0, -1, "1")], "negative"),
    ],
)
def test_numbers_out_of_range_are_refused(lots, cash, message):
    with pytest.raises(Invalid, match=message):
        PositionBlock.of(columns(lots, cash, [0, 0]))


COARSE = st.integers(1, 4000).map(lambda n: Decimal(n) / 16)
FINE = st.decimals(min_value="0.00000001", max_value="100000", places=8)
NUMBER = st.one_of(COARSE, FINE)
LOT = st.tuples(st.integers(0, 3), st.integers(0, 2), NUMBER)
ACCOUNT = st.tuples(st.integers(0, 3), st.integers(0, 2), st.decimals(min_value="-9999", max_value="9999", places=2))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(LOT, max_size=20),
    st.lists(ACCOUNT, max_size=8),
    st.lists(st.integers(0, 2), min_size=4, max_size=4),
    st.tuples(NUMBER, NUMBER, NUMBER),
    st.sampled_from([("USDCAD", "USDEUR"), ("CADUSD", "EURUSD")]),
    st.tuples(COARSE, st.decimals(min_value="0.01", max_value="99", places=8)),
)
def test_each_portfolio_equals_its_valued_positions(lots, accounts, bases, closes, pairs, quoted):
    prices = pack(closes, **dict(zip(pairs, quoted, strict=True)))
    values = value_lots_batch(PositionBlock.of(columns(lots, accounts, bases)), prices)
    for p, base in enumerate(bases):
        cash = {}
        for owner, currency, amount in accounts:
            if owner == p:
                cash[CURRENCIES[currency]] = cash.get(CURRENCIES[currency], 0) + amount
        valued = value_positions(
            [lot(SYMBOLS[s], units, "1", currency=CURRENCIES[s]) for owner, s, units in lots if owner == p],
            cash,
            as_of=AS_OF,
            prices={security(symbol): quote(close) for symbol, close in zip(SYMBOLS, closes, strict=True)},
            rates=prices.table,
            base_currency=CURRENCIES[base],
            securities={security(symbol): Facts(symbol, currency) for symbol, currency in zip(SYMBOLS, CURRENCIES, strict=True)},
        )
        assert (values.securities_value[p], values.cash[p]) == (valued.securities_value * 100, valued.cash * 100)
