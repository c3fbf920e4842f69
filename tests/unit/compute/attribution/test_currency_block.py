"""Many portfolios at once are attributed as each would be by itself."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.attribution.currency import currency_attribution
from dawsos.compute.attribution.currency_block import attribute_currencies
from dawsos.compute.attribution.daily import Scope, daily_effects
from dawsos.compute.attribution.records import NO_EFFECT
from dawsos.compute.returns.figures import NotComputable
from dawsos.compute.valuation.history import nav_history
from dawsos.compute.valuation.position_panel import position_panel
from dawsos.kernel.errors import Invalid
from tests.unit.compute.attribution.test_currency import CLOSES, RATES, mixed_book, paths
from tests.unit.compute.valuation.books import Book, block, d
from tests.unit.compute.valuation.test_history import CURRENCIES, DAYS, EVENT, booked, prices, rates, worlds


def both(books, days, closes, quoted, base, scope="portfolio", **window):
    """For each portfolio the block's answer, its panel's, and how far they may be apart."""
    segments, closing, panel = block(*books), prices(days, **closes), rates(days, **quoted)
    history = nav_history(segments, closing, panel, base)
    found = attribute_currencies(segments, closing, panel, history, scope=scope, **window)
    for p in range(len(books)):
        positions = position_panel(segments, closing, panel, base, portfolio=p, **window)
        alone = currency_attribution(positions, scope=scope)
        yield found.result(p), alone, 0.0 if isinstance(alone, NotComputable) else apart(positions, scope)


def apart(positions, scope):
    """The block gives a day's fraction of a cent to a currency, the panel to an instrument; what that can be of the capital."""
    capital = daily_effects(positions, Scope(scope)).capital
    return 3e-8 + 0.02 * capital.size * len(positions.instruments) / capital[capital > 0].min()


def assert_same(ours, alone, tolerance):
    if isinstance(alone, NotComputable) or isinstance(ours, NotComputable):
        assert str(ours) == str(alone)
        return
    for field in fields(alone):
        one, other = getattr(ours, field.name), getattr(alone, field.name)
        if field.name == "attribution_by_currency":
            # A currency in which nothing is left is left out, and how a cent is given may leave it so in one answer only.
            for code in one.keys() | other.keys():
                mine, theirs = one.get(code, NO_EFFECT), other.get(code, NO_EFFECT)
                for part in fields(theirs):
                    assert getattr(mine, part.name) == pytest.approx(getattr(theirs, part.name), rel=1e-6, abs=tolerance)
        elif isinstance(other, float):
            assert one == pytest.approx(other, rel=1e-6, abs=tolerance)
        elif field.name != "instruments":
            assert one == other, field.name


def test_a_block_answers_as_each_portfolio_by_itself():
    home = Book("home", currency_of=CURRENCIES)
    home.cash(d(2), "CAD", "1000")
    home.trade(d(3), "RY", "5", "500")
    for scope in ("portfolio", "securities"):
        for pair in both([mixed_book(), home, Book("empty")], DAYS, CLOSES, RATES, "CAD", scope):
            assert_same(*pair)


def test_a_window_and_an_opening_from_nothing():
    for window in ({"start": d(2), "end": d(4)}, {"from_nothing": True}, {"start": d(2), "from_nothing": True}):
        late = Book("late", currency_of=CURRENCIES)
        late.cash(d(3), "USD", "1000")
        late.trade(d(3), "AAPL", "5", "800")
        for pair in both([mixed_book(), late], DAYS, CLOSES, RATES, "CAD", **window):
            assert_same(*pair)
    (result, *_), (first_day, *_) = both([mixed_book(), late], DAYS, CLOSES, RATES, "CAD", from_nothing=True)
    assert (result.n_obs, first_day.n_obs, first_day.start_date) == (4, 3, d(2))


def test_conversions_cost_the_foreign_account_and_pair_in_booking_order():
    book = Book(currency_of=CURRENCIES)
    book.cash(d(1), "CAD", "9000")
    book.cash(d(1), "USD", "3000")
    book.convert(d(2), "CAD", "130", "USD", "100")
    book.convert(d(2), "USD", "100", "EUR", "80")
    book.convert(d(2), "EUR", "20", "CAD", "31")
    book.convert(d(3), "USD", "100", "CAD", "120")
    (pair,) = both([book], DAYS, CLOSES, RATES, "CAD")
    assert_same(*pair)
    assert pair[0].attribution_by_currency["CAD"].fx == 0


def test_the_legs_of_a_conversion_on_two_days_and_flows_in_other_currencies():
    book = Book(currency_of=CURRENCIES)
    book.cash(d(1), "CAD", "9000")
    book.cash(d(2), "CAD", "-130", kind=10, external=False)
    book.cash(d(3), "USD", "100", kind=9, external=False)
    book.in_kind(d(1), "AAPL", "7")
    book.in_kind(d(4), "SAP", "3")
    book.split(d(4), "AAPL", 1, 2)
    book.dividend(d(4), "AAPL", "11")
    day, instrument, kind, amount, _, quantity, external, gain = book.flows[-2]
    book.flows[-2] = (day, instrument, kind, amount, "EUR", quantity, external, gain)
    for pair in both(
        [book], [d(1), d(2), d(3), d(5)], {k: row[:4] for k, row in CLOSES.items()}, {k: r[:4] for k, r in RATES.items()}, "CAD"
    ):
        assert_same(*pair)


def test_a_transfer_in_kind_before_a_split_counts_in_new_shares():
    book = Book(currency_of=CURRENCIES)
    book.cash(d(1), "CAD", "100")
    book.in_kind(d(2), "AAPL", "7")
    book.split(d(3), "AAPL", 1, 2)
    days = [d(1), d(4)]
    for pair in both([book], days, {"AAPL": ["100", "55"]}, {"USDCAD": ["1.2", "1.3"]}, "CAD"):
        assert_same(*pair)
        assert pair[0].local_return == 0


def test_closes_of_any_decimals_and_size_and_more_holdings_than_go_in_one_pass():
    closes = {
        "A": ["100.25", "101", "99.5", "102", "103.75"],
        "B": ["10.1234", "10.2", "10.3333", "10.1", "10.5"],
        "C": ["0.123456", "0.13", "0.125", "0.12", "0.1299"],
        "D": ["1.00000001", "1.1", "1.05", "1.2", "1.00000003"],
        "E": ["123.45678901", "124.5", "120.00000001", "125", "126.5"],
        "F": ["654321098.75", "655000000", "650000000.25", "660000000", "661000000.5"],
    }
    book = Book(currency_of=dict.fromkeys(closes, "USD"))
    for symbol, quantity in zip(closes, ("40", "900", "70000", "8000", "60", "0.00002"), strict=True):
        book.in_kind(d(1), symbol, quantity)
    book.in_kind(d(3), "A", "5")
    ((ours, alone, tolerance),) = both([book], DAYS, closes, RATES, "CAD")
    assert_same(ours, alone, tolerance)
    assert abs(ours.attribution_by_currency["USD"].local) > 0.01


@pytest.mark.parametrize("quoted", [{"USDCAD": [None, None, "1.3", "1.3", "1.3"]}, {"USDCAD": ["1.3", None, "1.3", "1.3", "1.3"]}])
def test_a_missing_rate_is_named(quoted):
    book = Book()
    book.cash(d(1), "CAD", "1000")
    book.convert(d(3), "CAD", "130", "USD", "100")
    ((ours, alone, _),) = both([book], DAYS, {}, quoted, "CAD")
    assert isinstance(ours, NotComputable)
    assert ours == alone


def test_a_total_loss_and_days_without_capital():
    lost, indebted = Book("lost", currency_of=CURRENCIES), Book("indebted", currency_of=CURRENCIES)
    lost.in_kind(d(1), "DEAD", "1")
    indebted.cash(d(1), "CAD", "1000")
    indebted.trade(d(1), "RY", "30", "3000")
    indebted.cash(d(3), "CAD", "-2000")
    indebted.cash(d(4), "CAD", "5000")
    for pair in both([lost, indebted], DAYS, {**CLOSES, "DEAD": ["1", "2", "1", "2", "0"]}, RATES, "CAD"):
        assert_same(*pair)


def test_values_below_a_cent_are_neither_capital_nor_a_loss_of_all():
    mote, cents = Book("mote", currency_of=CURRENCIES), Book("cents", currency_of=CURRENCIES)
    mote.in_kind(d(1), "RY", "0.00000001")
    cents.cash(d(2), "CAD", "0.01")
    cents.in_kind(d(2), "SAP", "0.01")
    closes = {
        "RY": ["0.00000001", "0.00000002", "0.00000001", "0.00000001", "0.00000001"],
        "SAP": ["2.5", "0.00000001", "2.5", "2", "0.01"],
    }
    quoted = {"USDCAD": ["0.01"] * 5, "EURCAD": ["0.01", "0.7", "61.3", "61.3", "0.01"]}
    for pair in both([mote, cents], DAYS, closes, quoted, "CAD"):
        assert_same(*pair)


def test_a_day_that_loses_every_cent_is_a_loss_of_all_however_its_parts_are_added():
    lost = Book("lost", currency_of=CURRENCIES)
    lost.in_kind(d(1), "RY", "0.00000001")
    lost.in_kind(d(1), "SAP", "3434")
    closes = {"RY": ["0.00000001"] * 5, "SAP": ["0.00000001", "0.00000001", "2.375", "0.00000001", "0.00000001"]}
    quoted = {"USDCAD": ["0.01"] * 5, "EURCAD": ["0.01", "0.01", "0.01630528", "0.01", "0.01"]}
    ((ours, alone, _),) = both([lost], DAYS, closes, quoted, "CAD")
    assert str(ours) == str(alone) == "A day on which everything was lost cannot be linked with others"


def test_a_currency_whose_holdings_and_debts_cancel_is_left_out_of_both():
    owing = Book("owing", currency_of=CURRENCIES)
    owing.cash(d(1), "CAD", "100000")
    owing.trade(d(1), "AAPL", "10", "1000")
    ((ours, alone, tolerance),) = both([owing], DAYS, {**CLOSES, "AAPL": ["100"] * 5}, {**RATES, "USDCAD": ["1.25"] * 5}, "CAD")
    assert list(ours.attribution_by_currency) == list(alone.attribution_by_currency) == ["CAD"]
    assert_same(ours, alone, tolerance)


def test_too_few_days_are_said_with_counts():
    segments = block(mixed_book())
    history = nav_history(segments, prices(DAYS, **CLOSES), rates(DAYS, **RATES), "CAD")
    found = attribute_currencies(segments, prices(DAYS, **CLOSES), rates(DAYS, **RATES), history)
    assert found.result(0, minimum_observations=9) == NotComputable("Currency attribution needs days with capital at work", 9, 4)
    alone = attribute_currencies(segments, prices(DAYS, **CLOSES), rates(DAYS, **RATES), history, start=d(5))
    assert alone.result(0) == NotComputable("Attribution needs two valuations", 2, 1)
    nothing = attribute_currencies(segments, prices(DAYS, **CLOSES), rates(DAYS, **RATES), history, start=d(6), from_nothing=True)
    assert nothing.result(0) == NotComputable("Attribution needs two valuations", 2, 0)


def test_the_history_must_be_of_the_same_portfolios_and_dates():
    segments, closing, panel = block(mixed_book()), prices(DAYS, **CLOSES), rates(DAYS, **RATES)
    other = nav_history(block(Book("other")), closing, panel, "CAD")
    with pytest.raises(Invalid, match="other portfolios or dates"):
        attribute_currencies(segments, closing, panel, other)


def test_a_portfolios_figures_do_not_depend_on_its_neighbours():
    closing, panel = prices(DAYS, **CLOSES), rates(DAYS, **RATES)

    def effects(*books):
        segments = block(*books)
        return attribute_currencies(segments, closing, panel, nav_history(segments, closing, panel, "CAD")).outcome.effects

    neighbour = mixed_book()
    neighbour.name = "neighbour"
    neighbour.cash(d(3), "CAD", "777")
    assert np.array_equal(effects(mixed_book())[0], effects(neighbour, mixed_book(), neighbour)[1])


@settings(max_examples=25, deadline=None)
@given(paths(), st.sampled_from(["portfolio", "securities"]), st.booleans())
def test_a_block_equals_the_panels_on_all_paths(world, scope, from_nothing):
    book, days, closes, quoted = world
    for pair in both([book], days, closes, quoted, "CAD", scope, from_nothing=from_nothing):
        assert_same(*pair)


@settings(max_examples=25, deadline=None)
@given(st.lists(EVENT, max_size=10), st.lists(EVENT, max_size=4), worlds(), st.sampled_from(["CAD", "USD"]))
def test_a_block_and_the_panels_lack_the_same(events, others, world, base):
    days, closes, quoted = world
    for ours, alone, _ in both([booked("one", events), booked("two", others)], days, closes, quoted, base):
        assert type(ours) is type(alone)
        if isinstance(alone, NotComputable):
            assert str(ours) == str(alone)
        else:
            assert (ours.n_obs, ours.start_date, ours.end_date, ours.breaks) == (
                alone.n_obs,
                alone.start_date,
                alone.end_date,
                alone.breaks,
            )
