"""A period's change of value, accounted for."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from dawsos.compute.ledger.conventions import GainSplit
from dawsos.compute.valuation.period_result import Quotes, period_result
from dawsos.kernel.errors import Invalid
from dawsos.kernel.ledger import LotMethod
from tests.unit.compute.ledger.making import Ledger, security
from tests.unit.compute.ledger.random_ledgers import CURRENCIES, LEDGERS, SECURITIES

START, END = date(2020, 12, 31), date(2021, 12, 31)


def result_of(ledger: Ledger, opening, closing, **conventions):
    sides = [Quotes(prices={security(s): D(str(p)) for s, p in prices.items()}, rates=rates) for prices, rates in (opening, closing)]
    settings_ = {"start": START, "end": END, "method": LotMethod.FIFO, "base_currency": "CAD"} | conventions
    return period_result(ledger.rows, opening=sides[0], closing=sides[1], **settings_)


def test_everything_that_can_move_a_value_has_its_own_line():
    ledger = Ledger()
    ledger.book("DEPOSIT", "2020-06-01", 10000, currency="USD", rate="1.2")
    ledger.book("BUY", "2020-06-02", -6000, symbol="AAA", quantity=100, currency="USD", rate="1.25")
    ledger.book("INTEREST", "2020-12-31", 100, currency="USD", rate="1.3")  # of the opening day: part of the opening value
    ledger.book("DIVIDEND", "2021-03-01", 50, symbol="AAA", withholding_tax="7.5", currency="USD", rate="1.35")
    ledger.book("SELL", "2021-04-01", 2800, symbol="AAA", quantity=40, fee=5, currency="USD", rate="1.4")
    ledger.book("FEE", "2021-05-01", -20, currency="USD", rate="1.4")
    ledger.book("TAX", "2021-05-02", -30, currency="USD", rate="1.4")
    ledger.book("WITHDRAWAL", "2021-06-01", -1000, currency="USD", rate="1.4")
    opening, closing = ({"AAA": 65}, {"USD": D("1.3")}), ({"AAA": 80}, {"USD": D("1.5")})
    result = result_of(ledger, opening, closing)
    assert result.initial == D("13780.00")  # (4,100 cash + 6,500) × 1.3
    assert (result.realized_pl, result.realized_pl_fx) == (D("540.00"), D("260.00"))  # 2,800 × 1.4 − 2,600 × 1.3; 2,600 × 0.1
    assert (result.unrealized_pl, result.unrealized_pl_fx) == (D("2130.00"), D("780.00"))  # 4,800 × 1.5 − 3,900 × 1.3; 3,900 × 0.2
    assert (result.earnings, result.fees, result.taxes) == (D("67.50"), D("35.00"), D("52.12"))
    assert result.transfers == D("-1400.00")
    # 4,100 held throughout × 0.2; 50 − 7.5 from 1.35; 2,795 − 20 − 30 − 1,000 from 1.4, to 1.5
    assert result.currency_gain == D("1000.87")
    assert result.final == D("16031.25")  # (4,100 + 42.5 + 1,745) × 1.5 + 7,200
    assert result.rounding == 0


def test_the_parts_of_the_rate_follow_the_convention():
    ledger = Ledger()
    ledger.book("BUY", "2020-06-02", -6000, symbol="AAA", quantity=100, currency="USD", rate="1.25")
    opening, closing = ({"AAA": 65}, {"USD": D("1.3")}), ({"AAA": 80}, {"USD": D("1.5")})
    result = result_of(ledger, opening, closing, gain_split=GainSplit.ENTRY_RATE)
    assert (result.unrealized_pl, result.unrealized_pl_fx) == (D("3550.00"), D("1600.00"))


def test_an_opening_position_counts_against_its_opening_value():
    ledger = Ledger()
    ledger.buy("2010-01-01", "AAA", 10, 20)
    ledger.sell("2021-01-15", "AAA", 1, 99)
    result = result_of(ledger, ({"AAA": 100}, {}), ({"AAA": 110}, {}))
    assert (result.realized_pl, result.unrealized_pl) == (D(-1), D(90))


def test_what_is_missing_is_named():
    ledger = Ledger()
    ledger.book("BUY", "2020-06-02", -6000, symbol="AAA", quantity=100, currency="USD", rate="1.25")
    with pytest.raises(Invalid, match="no exchange rate from USD to CAD on 2020-12-31"):
        result_of(ledger, ({"AAA": 65}, {}), ({"AAA": 65}, {}))
    with pytest.raises(Invalid, match="AAA has no price on 2021-12-31"):
        result_of(ledger, ({"AAA": 65}, {"USD": D(1)}), ({}, {"USD": D(1)}))
    with pytest.raises(Invalid, match="A period from 2021-12-31 to 2020-12-31"):
        result_of(ledger, ({}, {}), ({}, {}), start=END, end=START)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(
    ledger=LEDGERS,
    method=st.sampled_from([LotMethod.FIFO, LotMethod.HIFO, LotMethod.AVERAGE]),
    cents=st.tuples(st.integers(1, 10**5), st.integers(1, 10**5)),
    rates=st.tuples(st.integers(50, 200), st.integers(50, 200)),
    after=st.integers(0, 60),
)
def test_the_lines_add_up_to_the_change_of_value(ledger, method, cents, rates, after):
    quotes = [
        Quotes(
            prices={security(symbol): D(price).scaleb(-2) for symbol, _ in SECURITIES},
            rates={code: D(rate).scaleb(-2) for code in CURRENCIES if code != "CAD"},
        )
        for price, rate in zip(cents, rates, strict=True)
    ]
    start = date(2020, 1, 1) + timedelta(days=after)
    try:
        result = period_result(
            ledger.rows, start=start, end=date(2021, 1, 1), opening=quotes[0], closing=quotes[1], method=method, base_currency="CAD"
        )
    except Invalid:
        reject()
    explained = result.realized_pl + result.unrealized_pl + result.earnings - result.fees - result.taxes
    assert result.initial + explained + result.currency_gain + result.transfers + result.rounding == result.final
    lots = len(ledger.replay(method.value, through=start).open_lots())
    assert abs(result.rounding) <= D("0.01") * (lots + 3)
