"""The daily net asset value: exact, gaps with reasons, and the same after a back-dated change."""

from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.valuation.history import nav_history, nav_history_suffix
from dawsos.compute.valuation.inputs import PriceQuote
from dawsos.compute.valuation.nav_records import NO_VALUE
from dawsos.compute.valuation.panels import PricePanel, RatePanel
from dawsos.compute.valuation.positions import value_positions
from dawsos.compute.valuation.rates import RateTable
from dawsos.kernel.errors import Invalid
from dawsos.kernel.identifiers import named
from tests.support.many import many
from tests.unit.compute.valuation.books import Book, block, d
from tests.unit.compute.valuation.holdings import Facts, lot

CURRENCIES = {"RY": "CAD", "AAPL": "USD", "SAP": "EUR"}


def prices(days, **closes):
    """Closes per symbol, one per day; None where there is none."""
    return PricePanel.from_quotes(
        days,
        [
            {named("security", s): PriceQuote(Decimal(row[t]), day) for s, row in closes.items() if row[t] is not None}
            for t, day in enumerate(days)
        ],
    )


def rates(days, **quoted):
    tables = [
        RateTable({(pair[:3], pair[3:]): Decimal(row[t]) for pair, row in quoted.items() if row[t] is not None}, pack_date=day)
        for t, day in enumerate(days)
    ]
    return RatePanel.from_tables(days, tables, currencies=["CAD", "USD", "EUR"], base_currencies=["CAD", "USD"])


def amounts(row):
    return [None if cents == NO_VALUE else cents / 100 for cents in row]


DAYS = [d(1), d(2), d(3), d(4), d(5)]
FLAT = {"USDCAD": ["1.25"] * 5, "EURCAD": ["1.5"] * 5}


def test_a_deposit_a_purchase_and_a_dividend_are_one_history():
    book = Book(currency_of=CURRENCIES)
    book.cash(d(1), "CAD", "1000")
    book.trade(d(2), "RY", "5", "500")
    book.dividend(d(4), "RY", "10")
    book.cash(d(5), "CAD", "-200")
    history = nav_history(block(book), prices(DAYS, RY=["99", "101", "102", "98", "99"]), rates(DAYS, **FLAT), "CAD")
    assert amounts(history.nav[0]) == [1000, 1005, 1010, 1000, 805]
    assert amounts(history.cash[0]) == [1000, 500, 500, 510, 310]
    assert amounts(history.securities_value[0]) == [0, 505, 510, 490, 495]
    assert amounts(history.external_flow[0]) == [1000, 0, 0, 0, -200]
    assert amounts(history.daily_pl[0]) == [0, 5, 5, -10, 5]
    assert amounts(history.total_pl[0]) == [0, 5, 10, 0, 5]
    last = history.daily_values()[-1]
    assert (last.date, last.nav, last.cash, last.external_flow, last.daily_pl) == (d(5), 805, 310, -200, 5)
    assert history.gaps() == ()


def test_foreign_cash_and_securities_are_valued_at_the_rate_of_the_day():
    book = Book(currency_of=CURRENCIES)
    book.cash(d(1), "USD", "1000")
    book.trade(d(1), "AAPL", "4", "600")
    panel = rates(DAYS, USDCAD=["1.25", "1.26", "1.27", "1.28", "1.30"])
    history = nav_history(block(book), prices(DAYS, AAPL=["150"] * 5), panel, "CAD")
    assert amounts(history.nav[0]) == [1250, 1260, 1270, 1280, 1300]
    assert amounts(history.external_flow[0]) == [1250, 0, 0, 0, 0]
    assert amounts(nav_history(block(book), prices(DAYS, AAPL=["150"] * 5), panel, "USD").nav[0]) == [1000] * 5


def test_flows_between_two_valuations_belong_to_the_later_one_at_its_rate():
    book = Book()
    book.cash(d(1), "USD", "100")
    book.cash(d(2), "USD", "100")
    book.cash(d(3), "USD", "-50")
    days = [d(1), d(4)]
    history = nav_history(block(book), prices(days), rates(days, USDCAD=["1.25", "1.30"]), "CAD")
    assert amounts(history.external_flow[0]) == [125, 65]
    assert amounts(history.nav[0]) == [125, 195]
    assert amounts(history.daily_pl[0]) == [0, 5]


def test_flows_after_the_last_valuation_are_not_yet_counted():
    book = Book()
    book.cash(d(1), "CAD", "100")
    book.cash(d(9), "CAD", "100")
    assert amounts(nav_history(block(book), prices(DAYS), rates(DAYS), "CAD").external_flow[0]) == [100, 0, 0, 0, 0]


def test_a_history_begins_with_its_first_booking():
    book, empty = Book(), Book("empty")
    book.cash(d(3), "CAD", "100")
    history = nav_history(block(book, empty), prices(DAYS), rates(DAYS), ["CAD", "CAD"])
    assert amounts(history.nav[0]) == [None, None, 100, 100, 100]
    assert list(history.first) == [2, 5]
    assert [one.date for one in history.daily_values()] == DAYS[2:]
    assert history.daily_values(1) == ()


def test_a_security_without_a_price_leaves_a_gap_and_never_a_zero():
    book = Book(currency_of=CURRENCIES)
    book.cash(d(1), "CAD", "1000")
    book.trade(d(1), "RY", "5", "500")
    book.cash(d(3), "CAD", "50")
    history = nav_history(block(book), prices(DAYS, RY=["100", "101", None, "102", None]), rates(DAYS), "CAD")
    assert amounts(history.nav[0]) == [1000, 1005, None, 1060, None]
    assert amounts(history.external_flow[0]) == [1000, 0, 0, 50, 0]
    assert amounts(history.daily_pl[0]) == [0, 5, None, 5, None]
    assert amounts(history.total_pl[0]) == [0, 5, None, 10, None]
    assert [(gap.date, gap.reason) for gap in history.gaps()] == [
        (d(3), "RY has no price on 2024-01-03."),
        (d(5), "RY has no price on 2024-01-05."),
    ]


def test_a_security_that_no_pack_knows_and_a_rate_that_is_missing_are_gaps_too():
    book = Book(currency_of=CURRENCIES)
    book.cash(d(1), "USD", "1000")
    book.cash(d(1), "CAD", "1000")
    book.trade(d(4), "RY", "5", "500")
    history = nav_history(block(book), prices(DAYS), rates(DAYS, USDCAD=["1.25", None, "1.25", "1.25", "1.25"]), "CAD")
    assert amounts(history.nav[0]) == [2250, None, 2250, None, None]
    assert [gap.reason for gap in history.gaps()] == [
        "There is no exchange rate from USD to CAD on 2024-01-02.",
        "RY has no price on 2024-01-04.",
        "RY has no price on 2024-01-05.",
    ]


def test_a_transfer_in_kind_is_worth_that_days_price():
    book = Book(currency_of=CURRENCIES)
    book.in_kind(d(2), "AAPL", "10")
    book.in_kind(d(4), "AAPL", "-4")
    history = nav_history(
        block(book), prices(DAYS, AAPL=["90", "100", "101", "102", "103"]), rates(DAYS, USDCAD=["1", "1.2", "1.3", "1.4", "1.5"]), "CAD"
    )
    assert amounts(history.external_flow[0]) == [0, 1200, 0, -571.2, 0]
    assert amounts(history.nav[0]) == [None, 1200, 1313, 856.8, 927]
    assert amounts(history.daily_pl[0]) == [None, 0, 113, 115, 70.2]


def test_a_transfer_in_kind_before_a_split_counts_in_new_shares_at_the_later_price():
    book = Book(currency_of=CURRENCIES)
    book.in_kind(d(2), "RY", "10")
    book.split(d(3), "RY", 1, 2)
    days = [d(1), d(4)]
    history = nav_history(block(book), prices(days, RY=["100", "55"]), rates(days), "CAD")
    assert (amounts(history.nav[0]), amounts(history.external_flow[0])) == ([None, 1100], [0, 1100])


def test_a_flow_that_cannot_be_valued_makes_its_day_a_gap_and_moves_all_flows_of_the_day():
    book = Book(currency_of=CURRENCIES)
    book.cash(d(1), "CAD", "100")
    book.cash(d(3), "CAD", "7")
    book.in_kind(d(3), "SAP", "1")
    book.in_kind(d(3), "SAP", "-1")
    history = nav_history(block(book), prices(DAYS, SAP=["1", "1", None, "2", "2"]), rates(DAYS, EURCAD=["1.5"] * 5), "CAD")
    assert amounts(history.nav[0]) == [100, 100, None, 107, 107]
    assert amounts(history.external_flow[0]) == [100, 0, 0, 7, 0]
    book = Book()
    book.cash(d(1), "CAD", "100")
    book.cash(d(3), "USD", "7")
    book.cash(d(3), "USD", "-7")
    history = nav_history(block(book), prices(DAYS), rates(DAYS, USDCAD=["1", "1", None, "2", "2"]), "CAD")
    assert [gap.reason for gap in history.gaps()] == ["There is no exchange rate from USD to CAD on 2024-01-03."]


def test_a_rate_that_is_no_eight_decimal_number_is_decided_by_decimals():
    book = Book()
    book.cash(d(1), "USD", "0.03")
    book.cash(d(1), "EUR", "0.05")
    panel = rates(DAYS, CADUSD=["2"] * 5, CADEUR=["3.333333333333333"] * 5)
    history = nav_history(block(book), prices(DAYS), panel, "CAD")
    assert amounts(history.cash[0]) == [0.04] * 5  # 1.5 cents to the even 2, and 1.50000000000000015 cents up to 2
    assert amounts(history.external_flow[0]) == [0.04, 0, 0, 0, 0]


def test_half_cents_of_whole_rates_go_to_the_even_cent():
    book = Book(currency_of=CURRENCIES)
    book.in_kind(d(1), "RY", "1")
    book.in_kind(d(1), "AAPL", "1")
    closes = prices(DAYS, RY=["2.345", "2.355", "2.345", "2.34500001", "2.34499999"], AAPL=["0.01"] * 5)
    panel = rates(DAYS, USDCAD=["0.5", "1.5", "2.5", "0.50000001", "0.49999999"])
    history = nav_history(block(book), closes, panel, "CAD")
    assert [int(cents) for cents in history.securities_value[0]] == [234 + 0, 236 + 2, 234 + 2, 235 + 1, 234 + 0]


def test_more_undecided_values_than_there_is_room_for_are_decided_all_the_same():
    days = [d(1 + t) for t in range(1100)]
    book = Book()
    book.cash(d(1), "EUR", "0.05")
    panel = RatePanel.from_tables(
        days, [RateTable({("CAD", "EUR"): Decimal("3.333333333333333")})] * 1100, currencies=["EUR"], base_currencies=["CAD"]
    )
    assert set(nav_history(block(book), prices(days), panel, "CAD").cash[0]) == {2}


def test_values_in_the_billions_are_exact_too():
    book = Book(currency_of=CURRENCIES)
    book.in_kind(d(1), "AAPL", "1000000000.00000001")
    book.cash(d(1), "USD", "9999999999999.99")
    panel = rates(DAYS, USDCAD=["1.36986301"] * 5)
    history = nav_history(block(book), prices(DAYS, AAPL=["12345.67890123"] * 5), panel, "CAD")
    assert history.securities_value[0, 0] == 1691188886013242  # 16 911 888 860 132.42067…
    assert history.cash[0, 0] == 1369863009999999  # 13 698 630 099 999.9863…


def test_sums_beyond_what_floats_add_exactly_are_exact_too():
    symbols = [f"S{n}" for n in range(1101)]
    book = Book(currency_of=dict.fromkeys(symbols, "CAD"))
    for symbol in symbols:
        book.in_kind(d(1), symbol, "900000000.01")
    history = nav_history(block(book), prices(DAYS, **dict.fromkeys(symbols, ["100.7"] * 5)), rates(DAYS), "CAD")
    assert history.securities_value[0].tolist() == [1101 * 9063000000101] * 5  # each is 90 630 000 001.007; the sum is odd and above 2⁵³


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s, p, r: nav_history(s, p, r, ["CAD", "CAD"]), "2 base currencies for 1 portfolios"),
        (lambda s, p, r: nav_history(s, p, r, "CHF"), "lack the currencies CHF"),
        (lambda s, p, r: nav_history(s, prices(DAYS[:3]), r, "CAD"), "different dates"),
        (
            lambda s, p, r: nav_history_suffix(nav_history(s, p, r, "CAD"), block(Book("other")), p, r, changed_from=d(2)),
            "other portfolios",
        ),
        (
            lambda s, p, r: nav_history_suffix(nav_history(s, p, r, "CAD"), s, prices([d(2), d(3)]), r, changed_from=d(4)),
            "other portfolios or dates",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused(change, message):
    book = Book()
    book.cash(d(1), "CAD", "1")
    with pytest.raises(Invalid, match=message):
        change(
            block(book),
            prices(DAYS),
            rates(DAYS),
        )


def test_no_dates_make_an_empty_history():
    book = Book()
    book.cash(d(1), "CAD", "1")
    history = nav_history(block(book), prices([]), rates([]), "CAD")
    assert history.nav.shape == (1, 0)
    assert history.daily_values() == ()


SYMBOLS = ["RY", "AAPL", "SAP"]
QUANTITY = st.decimals(min_value="0.00000001", max_value="100000", places=8)
COARSE = st.integers(1, 400).map(lambda n: Decimal(n) / 8)
AMOUNT = st.decimals(min_value="-10000", max_value="10000", places=2).filter(bool)
CLOSE = st.one_of(st.decimals(min_value="0.00000001", max_value="9999", places=8), COARSE)
RATE = st.one_of(st.decimals(min_value="0.01", max_value="150", places=8), COARSE)
EVENT = st.one_of(
    st.tuples(st.just("cash"), st.integers(1, 9), st.sampled_from(["CAD", "USD", "EUR"]), AMOUNT),
    st.tuples(st.just("in_kind"), st.integers(1, 9), st.sampled_from(SYMBOLS), st.one_of(QUANTITY, COARSE)),
    st.tuples(st.just("interest"), st.integers(1, 9), st.sampled_from(["CAD", "USD", "EUR"]), AMOUNT),
    st.tuples(st.just("trade"), st.integers(1, 9), st.sampled_from(SYMBOLS), st.one_of(QUANTITY, COARSE), AMOUNT.map(abs)),
)


def booked(name, events):
    book = Book(name, currency_of=CURRENCIES)
    for kind, day, *facts in events:
        getattr(book, kind)(d(day), *facts)
    return book


@st.composite
def worlds(draw):
    days = [d(n) for n in sorted(draw(st.sets(st.integers(1, 9), min_size=1)))]
    holes = draw(st.booleans())
    close = st.one_of(st.none(), CLOSE) if holes else CLOSE
    closes = {symbol: draw(st.lists(close, min_size=len(days), max_size=len(days))) for symbol in SYMBOLS}
    pairs = draw(st.sampled_from([("USDCAD", "EURCAD"), ("CADUSD", "EURUSD"), ("CADUSD", "CADEUR")]))
    quoted = {pair: draw(st.lists(RATE, min_size=len(days), max_size=len(days))) for pair in pairs}
    return days, closes, quoted


@many(150)
@given(st.lists(EVENT, max_size=12), st.lists(EVENT, max_size=4), worlds(), st.sampled_from(["CAD", "USD"]))
def test_every_price_path_gives_the_positions_valued_each_day_to_the_cent(events, others, world, base):
    days, closes, quoted = world
    books = [booked("one", events), booked("two", others)]
    panel = rates(days, **quoted)
    history = nav_history(block(*books), prices(days, **closes), panel, base)
    for p, book in enumerate(books):
        events_until = book.event_days()
        for t, day in enumerate(days):
            if not events_until or day < events_until[0]:
                assert not history.valued[p, t]
                continue
            valued = _valued_by_positions(book, day, t, closes, panel.tables[t], base)
            if history.valued[p, t]:
                assert (history.nav[p, t], history.cash[p, t]) == (valued.nav * 100, valued.cash * 100)
            else:
                assert history.gap[p, t] >= 0
            if valued.coverage < 1:
                assert not history.valued[p, t]
        _assert_results_add_up(history, p)


def _valued_by_positions(book, day, t, closes, table, base):
    held = book.held(day)
    return value_positions(
        [lot(one.symbol, quantity, "1", currency=one.currency) for one, quantity in held.items() if not one.is_cash],
        {one.currency: quantity for one, quantity in held.items() if one.is_cash},
        as_of=day,
        prices={named("security", s): PriceQuote(Decimal(row[t]), day) for s, row in closes.items() if row[t] is not None},
        rates=table,
        base_currency=base,
        securities={named("security", symbol): Facts(symbol, currency) for symbol, currency in CURRENCIES.items()},
    )


def _assert_results_add_up(history, p):
    at = np.flatnonzero(history.valued[p])
    if len(at):
        assert history.daily_pl[p, at].sum() == history.total_pl[p, at[-1]] == history.nav[p, at[-1]] - history.external_flow[p].sum()


@settings(max_examples=30, deadline=None)
@given(st.lists(EVENT, max_size=10), st.lists(EVENT, min_size=1, max_size=3), worlds())
def test_a_back_dated_change_recomputes_only_the_suffix_and_gives_the_same(events, additions, world):
    days, closes, quoted = world
    changed_from = d(min(event[1] for event in additions))
    panel, closing = rates(days, **quoted), prices(days, **closes)
    before = nav_history(block(booked("one", events)), closing, panel, "CAD")
    after = block(booked("one", [*events, *additions]))
    whole = nav_history(after, closing, panel, "CAD")
    suffix = nav_history_suffix(before, after, closing, panel, changed_from=changed_from)
    for column in ("nav", "cash", "securities_value", "external_flow", "daily_pl", "total_pl", "valued", "first"):
        assert np.array_equal(getattr(suffix, column), getattr(whole, column)), column


def test_new_dates_extend_a_history():
    book = Book(currency_of=CURRENCIES)
    book.cash(d(1), "CAD", "1000")
    book.trade(d(2), "RY", "5", "500")
    closes = ["99", "101", "102", "98", "99"]
    before = nav_history(block(book), prices(DAYS[:3], RY=closes[:3]), rates(DAYS[:3]), "CAD")
    after = nav_history_suffix(before, block(book), prices(DAYS, RY=closes), rates(DAYS), changed_from=DAYS[2] + timedelta(days=1))
    assert amounts(after.nav[0]) == [1000, 1005, 1010, 990, 995]
