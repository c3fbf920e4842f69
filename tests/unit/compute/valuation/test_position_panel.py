"""One portfolio by day and instrument."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.valuation.history import nav_history
from dawsos.compute.valuation.position_panel import position_panel
from tests.unit.compute.valuation.books import Book, block, d
from tests.unit.compute.valuation.test_history import CURRENCIES, DAYS, EVENT, booked, prices, rates, worlds


def rows(panel, column):
    names = [one.symbol or one.currency for one in panel.instruments]
    return dict(zip(names, np.round(getattr(panel, column), 10).tolist(), strict=True))


RATES = {"USDCAD": ["1.25", "1.26", "1.30", "1.28", "1.27"], "EURCAD": ["1.5"] * 5}


def test_a_purchase_counts_from_the_start_of_its_day_and_a_sale_from_the_end():
    book = Book(currency_of=CURRENCIES)
    book.cash(d(1), "USD", "1000")
    book.trade(d(2), "AAPL", "4", "400")
    book.dividend(d(3), "AAPL", "8")
    book.trade(d(4), "AAPL", "-1", "-120")
    panel = position_panel(block(book), prices(DAYS, AAPL=["99", "101", "102", "110", "111"]), rates(DAYS, **RATES), "CAD")
    assert rows(panel, "quantity") == {"USD": [100000, 60000, 60800, 72800, 72800], "AAPL": [0, 4e8, 4e8, 3e8, 3e8]}
    assert rows(panel, "value_local") == {"USD": [1000, 600, 608, 728, 728], "AAPL": [0, 404, 408, 330, 333]}
    assert rows(panel, "flow_start") == {"USD": [0, -400, 0, 0, 0], "AAPL": [0, 400, 0, 0, 0]}
    assert rows(panel, "flow_end") == {"USD": [0, 0, 8, 120, 0], "AAPL": [0, 0, -8, -120, 0]}
    assert rows(panel, "gain") == {"USD": [0, 0, 0, 0, 0], "AAPL": [0, 4, 12, 42, 3]}
    assert rows(panel, "market_value") == {"USD": [125000, 75600, 79040, 93184, 92456], "AAPL": [0, 50904, 53040, 42240, 42291]}
    assert rows(panel, "rate")["USD"] == [1.25, 1.26, 1.30, 1.28, 1.27]


def test_interest_and_charges_on_cash_are_its_gain_and_no_flow():
    book = Book()
    book.cash(d(1), "CAD", "1000")
    book.interest(d(2), "CAD", "3")
    book.cash(d(3), "CAD", "500")
    panel = position_panel(block(book), prices(DAYS), rates(DAYS), "CAD")
    assert rows(panel, "gain") == {"CAD": [0, 3, 0, 0, 0]}
    assert rows(panel, "external_flow") == {"CAD": [0, 0, 50000, 0, 0]}


def test_a_conversion_shows_what_it_lost_against_the_rate_of_the_day_on_the_incoming_account():
    book = Book()
    book.cash(d(1), "CAD", "2000")
    book.convert(d(3), "CAD", "1310", "USD", "1000")
    book.convert(d(3), "CAD", "150", "EUR", "101")
    panel = position_panel(block(book), prices(DAYS), rates(DAYS, **RATES), "CAD")
    assert rows(panel, "conversion") == {"CAD": [0] * 5, "USD": [0, 0, -10, 0, 0], "EUR": [0, 0, 1.5, 0, 0]}
    assert rows(panel, "flow_start")["USD"] == [0, 0, 1000, 0, 0]
    assert panel.nav.tolist() == [200000, 200000, 199150, 197150, 196150]


def test_the_legs_of_a_conversion_on_two_days_keep_their_own_values():
    book = Book()
    book.cash(d(1), "CAD", "2000")
    book.convert(d(2), "CAD", "1310", "USD", "1000")
    out, into = book.moves[1:], book.flows[1:]
    book.moves[2], book.flows[2] = (d(3), *out[1][1:]), (d(3), *into[1][1:])
    panel = position_panel(block(book), prices(DAYS), rates(DAYS, **RATES), "CAD")
    assert rows(panel, "conversion") == {"CAD": [0, -1310, 0, 0, 0], "USD": [0, 0, 1300, 0, 0]}


def test_a_transfer_in_kind_is_a_flow_at_the_close_in_new_shares():
    book = Book(currency_of=CURRENCIES)
    book.cash(d(1), "CAD", "1")
    book.in_kind(d(2), "AAPL", "10")
    book.split(d(3), "AAPL", 1, 2)
    days = [d(1), d(4)]
    panel = position_panel(block(book), prices(days, AAPL=["100", "55"]), rates(days, USDCAD=["1.2", "1.3"]), "CAD")
    assert rows(panel, "flow_start")["AAPL"] == [0, 1100]
    assert rows(panel, "external_flow")["AAPL"] == [0, 143000]
    assert rows(panel, "gain")["AAPL"] == [0, 0]


def test_a_flow_in_another_currency_than_the_instruments_is_converted_at_the_rates_of_the_day():
    book = Book(currency_of=CURRENCIES)
    book.cash(d(1), "CAD", "1000")
    book.in_kind(d(1), "AAPL", "4")
    segments = block(book)
    book.dividend(d(3), "AAPL", "0")
    day, instrument, kind, _, _, quantity, external, gain = book.flows.pop(-2)
    book.flows[-1:] = [(day, instrument, kind, Decimal("-13"), "CAD", quantity, external, gain)]
    segments = block(book)
    panel = position_panel(segments, prices(DAYS, AAPL=["100"] * 5), rates(DAYS, **RATES), "CAD")
    assert rows(panel, "flow_end")["AAPL"] == [0, 0, -10, 0, 0]


def test_a_window_leaves_out_what_is_older_and_days_without_a_value():
    book = Book(currency_of=CURRENCIES)
    book.cash(d(1), "CAD", "1000")
    book.trade(d(2), "RY", "5", "500")
    book.cash(d(3), "CAD", "20")
    book.cash(d(4), "CAD", "7")
    segments, closes = block(Book("other"), book), prices(DAYS, RY=["99", "101", "102", None, "99"], SAP=["1"] * 5)
    panel = position_panel(segments, closes, rates(DAYS), "CAD", portfolio=1, start=d(2), end=d(5))
    assert panel.portfolio_id == book.portfolio_id
    assert [gap.reason for gap in panel.gaps] == ["RY has no price on 2024-01-04."]
    assert panel.nav.tolist() == [100500, 103000, 102200]
    assert rows(panel, "external_flow")["CAD"] == [0, 2000, 700]
    assert rows(panel, "flow_start") == {"CAD": [0, 20, 7], "RY": [0, 0, 0]}
    assert position_panel(segments, closes, rates(DAYS), "CAD", portfolio=1, start=d(5), end=d(2)).nav.tolist() == []


def test_a_currency_without_a_rate_is_shown_as_such():
    book = Book()
    book.cash(d(1), "CAD", "10")
    book.cash(d(3), "USD", "10")
    panel = position_panel(block(book), prices(DAYS), rates(DAYS, USDCAD=[None, None, "2", "2", "2"]), "CAD")
    assert np.isnan(rows(panel, "rate")["USD"]).tolist() == [True, True, False, False, False]
    assert panel.nav.tolist() == [1000, 1000, 3000, 3000, 3000]


@settings(max_examples=30, deadline=None)
@given(st.lists(EVENT, max_size=12), worlds(), st.sampled_from(["CAD", "USD"]))
def test_instruments_sum_to_the_history_of_the_portfolio(events, world, base):
    days, closes, quoted = world
    segments, panel = block(booked("one", events)), rates(days, **quoted)
    history = nav_history(segments, prices(days, **closes), panel, base)
    apart = position_panel(segments, prices(days, **closes), panel, base)
    at = np.flatnonzero(history.valued[0])
    assert apart.days.tolist() == history.days[at].tolist()
    assert apart.nav.tolist() == history.nav[0, at].tolist()
    assert apart.external_flow.sum(axis=0)[1:].tolist() == history.external_flow[0, at][1:].tolist()
    gained = np.where(np.isnan(apart.rate), 0, apart.rate) * apart.gain
    before = np.zeros_like(apart.value_local)
    before[:, 1:] = apart.value_local[:, :-1] * (apart.rate[:, 1:] - apart.rate[:, :-1])
    total = (gained + np.nan_to_num(before) + apart.conversion).sum(axis=0)[1:]
    scale = max(1.0, float(np.abs(np.nan_to_num(apart.value_local * apart.rate)).sum()))
    if not np.isnan(apart.rate).any():
        assert total == pytest.approx(
            history.daily_pl[0, at][1:] / 100, abs=0.01 * len(segments.flow_day) + 0.02 * len(apart.instruments) + 1e-11 * scale
        )
