"""Currency attribution: parts that add up, nothing from currencies that stood still, and honest refusals."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dawsos.compute.attribution.currency import CurrencyAttribution, currency_attribution
from dawsos.compute.attribution.daily import Scope, daily_effects
from dawsos.compute.attribution.linking import LinkingMethod
from dawsos.compute.returns.compounding import link
from dawsos.compute.returns.daily import daily_returns
from dawsos.compute.returns.figures import NotComputable
from dawsos.compute.valuation.history import nav_history
from dawsos.compute.valuation.position_panel import position_panel
from tests.unit.compute.valuation.books import Book, block, d
from tests.unit.compute.valuation.test_history import CURRENCIES, DAYS, prices, rates

RATES = {"USDCAD": ["1.25", "1.26", "1.30", "1.28", "1.27"], "EURCAD": ["1.5", "1.51", "1.49", "1.5", "1.52"]}
CLOSES = {"RY": ["100", "101", "103", "99", "104"], "AAPL": ["150", "151", "155", "148", "149"], "SAP": ["90", "95", "92", "91", "97"]}


def panel_of(book, days=DAYS, closes=CLOSES, quoted=RATES, base="CAD"):
    return position_panel(block(book), prices(days, **closes), rates(days, **quoted), base)


def twr(book, days=DAYS, closes=CLOSES, quoted=RATES, base="CAD"):
    """The compounded return from daily values alone."""
    history = nav_history(block(book), prices(days, **closes), rates(days, **quoted), base)
    at = history.valued[0]
    return float(link(daily_returns(history.nav[0, at] / 100, history.external_flow[0, at] / 100).returns))


def mixed_book():
    book = Book(currency_of=CURRENCIES)
    book.cash(d(1), "CAD", "20000")
    book.trade(d(1), "RY", "50", "5000")
    book.convert(d(2), "CAD", "6400", "USD", "5000")
    book.trade(d(2), "AAPL", "20", "3030")
    book.cash(d(3), "EUR", "1000")
    book.trade(d(3), "SAP", "5", "461.15")
    book.dividend(d(4), "AAPL", "15.50")
    book.trade(d(4), "RY", "-10", "-992.10")
    book.cash(d(5), "CAD", "-1500")
    book.interest(d(5), "USD", "1.11")
    return book


def test_a_foreign_position_held_throughout_is_local_return_currency_and_their_product():
    book = Book(currency_of=CURRENCIES)
    book.in_kind(d(1), "AAPL", "10")
    days, closes, quoted = [d(1), d(2)], {"AAPL": ["100", "105"]}, {"USDCAD": ["1.25", "1.225"]}
    result = currency_attribution(panel_of(book, days, closes, quoted), base_return_actual=twr(book, days, closes, quoted))
    assert (result.local_return, result.fx_return, result.interaction_return, result.total_return) == (0.05, -0.02, -0.001, 0.029)
    assert (result.base_return_actual, result.error_bps, result.n_obs) == (0.029, 0.0, 1)
    assert (result.start_date, result.end_date, result.base_currency) == (d(1), d(2), "CAD")
    assert list(result.attribution_by_currency) == ["USD"]
    assert result.attribution_by_currency["USD"].weight == 1.0


def test_every_currency_and_instrument_is_listed_and_they_add_up():
    book = mixed_book()
    result = currency_attribution(panel_of(book), base_return_actual=twr(book))
    assert result.error_bps < 1e-6
    assert result.total_return == pytest.approx(twr(book), abs=1e-8)
    assert set(result.attribution_by_currency) == {"CAD", "EUR", "USD"}
    assert {(one.symbol, one.currency) for one in result.instruments} == {
        ("CAD", "CAD"), ("USD", "USD"), ("EUR", "EUR"), ("RY", "CAD"), ("AAPL", "USD"), ("SAP", "EUR"),
    }  # fmt: skip
    for part in ("local", "fx", "interaction", "total"):
        whole = getattr(result, f"{part}_return")
        assert sum(getattr(one, part) for one in result.attribution_by_currency.values()) == pytest.approx(whole, abs=3e-8)
        assert sum(getattr(one.effect, part) for one in result.instruments) == pytest.approx(whole, abs=6e-8)
    assert sum(one.weight for one in result.attribution_by_currency.values()) == pytest.approx(1, abs=0.01)
    assert (result.attribution_by_currency["CAD"].fx, result.attribution_by_currency["CAD"].interaction) == (0, 0)


def test_foreign_cash_has_no_local_return():
    book = Book()
    book.cash(d(1), "USD", "1234.57")
    result = currency_attribution(panel_of(book), base_return_actual=twr(book))
    assert (result.local_return, result.interaction_return, result.error_bps) == (0, 0, 0)
    assert result.fx_return == result.total_return == pytest.approx(1567.90 / 1543.21 - 1, abs=1e-8)


def test_interest_on_foreign_cash_is_its_local_return():
    book = Book()
    book.cash(d(1), "USD", "1000")
    book.interest(d(2), "USD", "10")
    effect = currency_attribution(panel_of(book, [d(1), d(2)])).attribution_by_currency["USD"]
    assert (effect.local, effect.fx, effect.interaction) == (0.01, 0.008, 0.00008)


def test_what_a_conversion_lost_is_the_currencys_on_the_incoming_account():
    book = Book()
    book.cash(d(1), "CAD", "2000")
    book.convert(d(2), "CAD", "1310", "USD", "1000")
    result = currency_attribution(panel_of(book, [d(1), d(2)]), base_return_actual=twr(book, [d(1), d(2)]))
    effects = result.attribution_by_currency
    assert (effects["CAD"].total, effects["USD"].local, effects["USD"].fx) == (0, 0, -0.025)
    assert result.error_bps == 0


def test_securities_alone_leave_cash_out_and_count_purchases_from_the_morning():
    book = Book(currency_of=CURRENCIES)
    book.cash(d(1), "CAD", "9000")
    book.in_kind(d(1), "RY", "10")
    book.trade(d(2), "RY", "10", "1005")
    book.trade(d(3), "RY", "-20", "-2060")
    book.dividend(d(3), "RY", "20.15")
    result = currency_attribution(panel_of(book), scope="securities")
    assert result.total_return == pytest.approx((1 + 15 / 2005) * (1 + 60.15 / 2020) - 1, abs=1e-8)
    assert ([one.symbol for one in result.instruments], result.n_obs, result.breaks) == (["RY"], 2, ())
    assert list(result.attribution_by_currency) == ["CAD"]


def test_a_day_without_capital_is_left_out_and_named():
    book = Book(currency_of=CURRENCIES)
    book.cash(d(1), "CAD", "1000")
    book.trade(d(1), "RY", "30", "3000")
    book.cash(d(3), "CAD", "-2000")
    book.cash(d(4), "CAD", "5000")
    result = currency_attribution(panel_of(book), base_return_actual=twr(book))
    assert (result.breaks, result.n_obs) == ((d(3),), 3)
    assert result.error_bps < 1e-6


@pytest.mark.parametrize(
    ("days", "book_it", "what"),
    [
        ([d(1)], lambda book: book.cash(d(1), "CAD", "1"), "two valuations: needs 2, has 1"),
        (DAYS[:3], lambda book: book.cash(d(1), "CAD", "1"), "capital at work: needs 3, has 2"),
        (DAYS, lambda book: book.cash(d(1), "CAD", "-1"), "capital at work: needs 3, has 0"),
        (DAYS, lambda book: book.in_kind(d(1), "DEAD", "1"), "everything was lost"),
    ],
)
def test_too_little_to_link_is_said_with_counts(days, book_it, what):
    book = Book(currency_of=CURRENCIES)
    book_it(book)
    result = currency_attribution(panel_of(book, days, {"DEAD": ["1", "2", "1", "2", "0"]}), minimum_observations=3)
    assert isinstance(result, NotComputable)
    assert what in str(result)


@pytest.mark.parametrize(("missing", "when"), [(0, "2024-01-02"), (1, "2024-01-02")])
def test_a_missing_rate_is_named_with_its_day(missing, when):
    book = Book()
    book.cash(d(1), "CAD", "1000")
    book.convert(d(3), "CAD", "130", "USD", "100")
    quoted = {"USDCAD": [None, None, "1.3", "1.3", "1.3"]} if missing else {"USDCAD": ["1.3", None, "1.3", "1.3", "1.3"]}
    result = currency_attribution(panel_of(book, quoted=quoted))
    assert result == NotComputable(f"There is no exchange rate from USD to CAD on {when}")


def test_a_missing_rate_at_the_end_of_a_day_is_named_too():
    book = Book()
    book.cash(d(1), "CAD", "1000")
    panel = panel_of(book)
    panel = replace(panel, rate=np.where(np.arange(5) == 4, np.nan, panel.rate))
    assert str(currency_attribution(panel)) == "There is no exchange rate from CAD to CAD on 2024-01-05"


def test_every_way_of_linking_gives_the_same_total():
    totals = {currency_attribution(panel_of(mixed_book()), linking=method).total_return for method in LinkingMethod}
    assert max(totals) - min(totals) <= 1e-8


def test_the_order_of_instruments_does_not_matter():
    book = mixed_book()
    turned = Book(currency_of=CURRENCIES, moves=book.moves[::-1], flows=book.flows[::-1])
    one, other = currency_attribution(panel_of(book)), currency_attribution(panel_of(turned))
    assert [entry.symbol for entry in one.instruments] != [entry.symbol for entry in other.instruments]
    assert one.attribution_by_currency == other.attribution_by_currency
    assert {entry.symbol: entry.effect for entry in one.instruments} == {entry.symbol: entry.effect for entry in other.instruments}


SIZE = st.integers(3, 12)
STEP = st.floats(-0.2, 0.2)


@st.composite
def paths(draw):
    """Prices, rates and bookings of a book in three currencies that always keeps some capital."""
    size = draw(SIZE)
    days = [d(1 + t) for t in range(size)]

    def path(start, places):
        steps = draw(st.lists(STEP, min_size=size - 1, max_size=size - 1))
        return [str(round(Decimal(x), places)) for x in start * np.cumprod([1.0, *(1 + np.array(steps))])]

    closes = {symbol: path(100.0, 4) for symbol in CURRENCIES}
    quoted = {"USDCAD": path(1.3, 8), "CADEUR": path(0.7, 8)}
    book = Book(currency_of=CURRENCIES)
    book.cash(d(1), "CAD", "100000")
    on = st.integers(2, size).map(d)
    for day, currency, amount in draw(st.lists(st.tuples(on, st.sampled_from(["CAD", "USD", "EUR"]), st.integers(-900, 900)), max_size=3)):
        book.cash(day, currency, str(amount or 1))
    for day, symbol, quantity in draw(st.lists(st.tuples(on, st.sampled_from(list(CURRENCIES)), st.integers(1, 50)), max_size=4)):
        book.trade(day, symbol, str(quantity), str(100 * quantity))
    for day, amount in draw(st.lists(st.tuples(on, st.integers(1, 500)), max_size=2)):
        book.convert(day, "CAD", str(amount), draw(st.sampled_from(["USD", "EUR"])), str(amount / 2))
    for day, symbol in draw(st.lists(st.tuples(on, st.sampled_from(list(CURRENCIES))), max_size=2)):
        book.in_kind(day, symbol, "3.5")
        book.dividend(day, symbol, "1.07")
    return book, days, closes, quoted


@settings(max_examples=30, deadline=None)
@given(paths(), st.sampled_from(list(LinkingMethod)))
def test_r4_the_parts_sum_to_the_return_compounded_from_daily_values(world, linking):
    panel, actual = panel_of(*world), twr(*world)
    assume(np.isfinite(actual))
    result = currency_attribution(panel, base_return_actual=actual, linking=linking)
    assert isinstance(result, CurrencyAttribution)
    assert result.error_bps <= 1e-6  # that is 1e-10 as a fraction
    effects = daily_effects(panel)
    shown = (np.diff(panel.nav) - panel.external_flow.sum(axis=0)[1:]) / 100
    assert effects.total.sum(axis=0) == pytest.approx(shown, abs=1e-7)
    assert effects.invested.sum(axis=0) == pytest.approx(effects.capital + panel.conversion[:, 1:].sum(axis=0), abs=0.2)


@settings(max_examples=25, deadline=None)
@given(paths())
def test_currencies_that_stand_still_contribute_nothing(world):
    book, days, closes, quoted = world
    still = {pair: [row[0]] * len(days) for pair, row in quoted.items()}
    panel = panel_of(book, days, closes, still)
    effects = daily_effects(panel)
    assert np.array_equal(effects.fx, panel.conversion[:, 1:])  # but for what conversions gained or lost against the rate
    assert not effects.interaction.any()


@settings(max_examples=25, deadline=None)
@given(paths())
def test_in_a_single_currency_everything_is_local(world):
    _, days, closes, quoted = world
    home = Book(currency_of=dict.fromkeys(CURRENCIES, "CAD"))
    home.cash(d(1), "CAD", "100000")
    home.trade(d(2), "AAPL", "100", "10000")
    home.trade(d(3), "SAP", "70.12345678", "7000")
    result = currency_attribution(panel_of(home, days, closes, quoted), base_return_actual=twr(home, days, closes, quoted))
    assert (result.fx_return, result.interaction_return) == (0, 0)
    assert result.local_return == result.total_return
    assert result.error_bps <= 1e-6


@settings(max_examples=25, deadline=None)
@given(paths())
def test_the_securities_sleeve_compounds_its_own_gains(world):
    panel = panel_of(*world)
    result = currency_attribution(panel, scope=Scope.SECURITIES)
    held = ~panel.is_cash
    value, rate = panel.value_local[held] * panel.rate[held], panel.rate[held]
    capital = value[:, :-1].sum(axis=0) + (panel.flow_start[held] * rate)[:, 1:].sum(axis=0)
    gain = value[:, 1:].sum(axis=0) - value[:, :-1].sum(axis=0) - (panel.flow[held] * rate)[:, 1:].sum(axis=0)
    assume((capital > 0).any())
    expected = np.prod(1 + gain[capital > 0] / capital[capital > 0]) - 1
    cents = 0.01 * capital.size * len(panel.instruments)
    assert result.total_return == pytest.approx(expected, abs=1e-8 + 10 * cents / capital[capital > 0].min())


def test_dates_are_calendar_dates():
    result = currency_attribution(panel_of(mixed_book()))
    assert (result.start_date, result.end_date) == (date(2024, 1, 1), date(2024, 1, 5))
