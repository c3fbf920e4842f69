"""Valued positions: to the cent, down to the lot, and honest about what is missing."""

from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawsos.compute.ledger.conventions import GainSplit
from dawsos.compute.valuation.inputs import stale_days
from dawsos.compute.valuation.positions import value_positions
from dawsos.compute.valuation.rates import RateTable
from dawsos.compute.valuation.records import PriceStatus
from dawsos.kernel.errors import InsufficientData, Invalid
from tests.unit.compute.valuation.holdings import AS_OF, Facts, lot, quote, security

RATES = RateTable({("USD", "CAD"): Decimal("1.37"), ("EUR", "USD"): Decimal("1.1")}, pack_date=AS_OF)
SECURITIES = {
    security("AAPL"): Facts("AAPL", "USD"),
    security("RY"): Facts("RY", sector="Financials"),
    security("SAP"): Facts("SAP", "EUR"),
    security("SWATCH"): Facts("SWATCH", "CHF"),
}
value = partial(value_positions, as_of=AS_OF, rates=RATES, base_currency="CAD", securities=SECURITIES)


def test_nav_is_cash_plus_securities_and_weights_are_of_nav():
    valued = value(
        [lot("RY", "10", "1000"), lot("AAPL", "4", "400", currency="USD", rate="1.35")],
        {"CAD": Decimal("500"), "USD": Decimal("-100"), "EUR": Decimal(0)},
        prices={security("RY"): quote("150"), security("AAPL"): quote("125.5")},
    )
    assert [(one.symbol, str(one.market_value)) for one in valued.positions] == [
        ("RY", "1500.00"),
        ("AAPL", "687.74"),
        ("CAD", "500.00"),
        ("USD", "-137.00"),
    ]
    assert (valued.securities_value, valued.cash, valued.nav) == (Decimal("2187.74"), Decimal("363.00"), Decimal("2550.74"))
    assert valued.positions[0].weight == pytest.approx(1500 / 2550.74, abs=1e-15)
    assert sum(one.weight for one in valued.positions) == pytest.approx(1, abs=1e-15)
    assert (valued.total_cost, valued.unrealized_pl, valued.coverage) == (Decimal("1540.00"), Decimal("647.74"), 1.0)
    assert valued.unrealized_pl_pct == pytest.approx(647.74 / 1540, abs=1e-15)
    assert valued.warnings == ()


def test_cash_is_a_position_of_its_currency_without_a_cost():
    (account,) = value([], {"USD": Decimal("10.01")}, prices={}).positions
    assert (account.security_id, account.is_cash, account.security_type, account.name) == (None, True, "CASH", "Cash USD")
    assert (account.quantity, account.price, account.value_local, account.market_value) == (
        Decimal("10.01"),
        1,
        Decimal("10.01"),
        Decimal("13.71"),
    )
    assert account.unrealized_pl is None
    assert account.reasons["unrealized_pl"] == "Cash has no cost."


def test_the_lots_of_a_security_are_one_position_and_add_up_to_it():
    lots = [
        lot("AAPL", "0.33333333", "50", currency="USD", rate="1.30", acquired=date(2025, 3, 4)),
        lot("AAPL", "0.33333333", "40", currency="USD", rate="1.20", acquired=date(2023, 3, 4)),
        lot("AAPL", "0.33333334", "0", currency="USD", rate="1.25", acquired=date(2024, 3, 4)),
    ]
    (position,) = value(lots, {}, prices={security("AAPL"): quote("100")}).positions
    assert (position.quantity, position.cost_basis, position.cost_basis_base) == (1, 90, Decimal("113.00"))
    assert position.acquisition_date == date(2023, 3, 4)
    assert (position.value_local, position.market_value, position.unrealized_pl) == (100, 137, 24)
    assert [str(one.market_value) for one in position.lots] == ["45.67", "45.67", "45.66"]
    assert [str(one.value_local) for one in position.lots] == ["33.33", "33.34", "33.33"]
    assert sum(one.unrealized_pl for one in position.lots) == position.unrealized_pl
    assert sum(one.unrealized_pl_fx for one in position.lots) == position.unrealized_pl_fx
    assert position.unrealized_pl_price + position.unrealized_pl_fx == position.unrealized_pl


def test_each_lot_has_its_own_entry_rate_and_a_free_lot_the_rate_of_its_trade():
    lots = [
        lot("AAPL", "10", "1000", currency="USD", rate="1.35"),
        lot("AAPL", "5", "0", currency="USD", rate="1.25", acquired=date(2025, 1, 2)),
    ]
    (position,) = value(lots, {}, prices={security("AAPL"): quote("200")}).positions
    assert [str(one.unrealized_pl_fx) for one in position.lots] == ["40.00", "120.00"]
    assert [one.unrealized_pl_pct for one in position.lots] == [pytest.approx(1390 / 1350), None]


def test_the_other_convention_counts_currency_on_what_was_put_in():
    lots = [lot("AAPL", "100", "15000", currency="USD", rate="1.35")]
    (position,) = value(lots, {}, prices={security("AAPL"): quote("175")}, split=GainSplit.COST_AT_EXIT_RATE).positions
    assert (position.unrealized_pl, position.unrealized_pl_price, position.unrealized_pl_fx) == (3725, 3425, 300)


def test_a_position_in_base_currency_has_no_currency_part():
    (position,) = value([lot("RY", "3", "90.01")], {}, prices={security("RY"): quote("33.335")}).positions
    assert (position.unrealized_pl_fx, position.unrealized_pl_price, position.market_value) == (0, Decimal("9.99"), 100)


def test_half_a_cent_goes_to_the_even_cent():
    (position,) = value([lot("RY", "1", "1")], {}, prices={security("RY"): quote("2.345")}).positions
    assert position.market_value == Decimal("2.34")
    (position,) = value([lot("RY", "1", "1")], {}, prices={security("RY"): quote("2.355")}).positions
    assert position.market_value == Decimal("2.36")


def test_a_security_without_a_price_has_no_value_and_is_left_out_of_weights():
    valued = value(
        [lot("RY", "10", "1000"), lot("AAPL", "4", "400", currency="USD", rate="1.35")],
        {},
        prices={security("RY"): quote("150")},
    )
    ry, aapl = valued.positions
    assert (aapl.status, aapl.market_value, aapl.weight, aapl.unrealized_pl) == (PriceStatus.UNPRICED, None, None, None)
    assert aapl.reason == aapl.reasons["market_value"] == aapl.reasons["price"] == "AAPL has no price in the pack of 2025-11-03."
    assert aapl.lots[0].market_value is None
    assert (ry.weight, valued.nav, valued.coverage, valued.warnings) == (1.0, 1500, 0.5, (aapl.reason,))
    assert (valued.total_cost, valued.unrealized_pl, valued.unrealized_pl_pct) == (Decimal(1540), 500, 0.5)


def test_a_security_without_a_rate_shows_its_price_but_no_value():
    valued = value([lot("SWATCH", "4", "400", currency="CHF", rate="1.6")], {"CHF": Decimal(5)}, prices={security("SWATCH"): quote("200")})
    swatch, account = valued.positions
    why = "There is no exchange rate from CHF to CAD in the pack of 2025-11-03."
    assert (swatch.price, swatch.fx_rate, swatch.market_value, swatch.reasons["fx_rate"]) == (200, None, None, why)
    assert (account.market_value, account.reasons["market_value"], account.status) == (None, why, PriceStatus.UNPRICED)
    assert valued.warnings == (why, why)


def test_when_nothing_can_be_valued_there_is_no_nav_rather_than_zero():
    valued = value([lot("RY", "1", "1")], {}, prices={})
    assert (valued.nav, valued.securities_value, valued.unrealized_pl, valued.unrealized_pl_fx) == (None, None, None, None)
    assert valued.cash == 0
    assert set(valued.reasons) == {
        "nav",
        "securities_value",
        "unrealized_pl",
        "unrealized_pl_pct",
        "unrealized_pl_price",
        "unrealized_pl_fx",
    }


def test_an_empty_portfolio_is_worth_nothing_and_lacks_nothing():
    valued = value([], {}, prices={})
    assert (valued.nav, valued.cash, valued.securities_value, valued.coverage) == (0, 0, 0, 1.0)
    assert valued.reasons == {"unrealized_pl_pct": "The valued positions cost nothing."}


def test_debt_beyond_the_assets_leaves_weights_undefined():
    valued = value([lot("RY", "1", "1")], {"CAD": Decimal(-200)}, prices={security("RY"): quote("150")})
    assert valued.nav == -50
    assert [one.weight for one in valued.positions] == [None, None]
    assert valued.positions[0].reasons["weight"] == "A weight needs a positive net asset value."


def test_an_older_close_is_used_and_marked():
    (position,) = value([lot("RY", "1", "1")], {}, prices={security("RY"): quote("150", date(2025, 10, 29))}).positions
    assert (position.status, position.stale_days, position.market_value) == (PriceStatus.STALE, 3, 150)
    assert position.reason == "The latest close of RY is of 2025-10-29, 3 weekdays ago."


@pytest.mark.parametrize(
    ("price_date", "as_of", "days"),
    [
        (date(2025, 10, 31), date(2025, 11, 2), 0),  # Friday's close on a Sunday
        (date(2025, 10, 31), date(2025, 11, 3), 1),
        (date(2025, 11, 3), date(2025, 11, 3), 0),
        (date(2025, 11, 4), date(2025, 11, 3), 0),
        (date(2025, 10, 27), date(2025, 11, 3), 5),
    ],
)
def test_staleness_counts_weekdays(price_date, as_of, days):
    assert stale_days(price_date, as_of) == days


def test_a_price_in_a_foreign_currency_is_not_taken_for_the_securitys_own():
    (position,) = value([lot("RY", "1", "1")], {}, prices={security("RY"): quote("150", currency="USD")}).positions
    assert (position.market_value, position.reason) == (None, "RY is a CAD security, but its price is in USD.")
    (position,) = value([lot("RY", "1", "1")], {}, prices={security("RY"): quote("150", currency="CAD")}).positions
    assert position.market_value == 150


def test_lots_paid_in_another_currency_have_a_result_but_no_split():
    (position,) = value([lot("RY", "1", "80", currency="USD", rate="1.25")], {}, prices={security("RY"): quote("150")}).positions
    assert (position.cost_basis, position.cost_basis_base, position.unrealized_pl) == (None, 100, 50)
    assert (position.unrealized_pl_price, position.unrealized_pl_fx) == (None, None)
    assert set(position.reasons) == {"cost_basis", "unrealized_pl_price", "unrealized_pl_fx"}
    valued = value([lot("RY", "1", "80", currency="USD", rate="1.25")], {}, prices={security("RY"): quote("150")})
    assert (valued.unrealized_pl, valued.unrealized_pl_fx, "unrealized_pl_fx" in valued.reasons) == (50, None, True)


def test_a_closed_lot_is_left_out_and_a_negative_one_is_refused():
    assert value([lot("RY", "0", "0")], {}, prices={}).positions == ()
    with pytest.raises(Invalid, match="open quantity -1"):
        value([lot("RY", "-1", "0")], {}, prices={})


def test_a_lot_of_an_unknown_security_is_an_error():
    with pytest.raises(InsufficientData, match="lot of XYZ"):
        value([lot("XYZ", "1", "1")], {}, prices={})


AMOUNT = st.decimals(min_value="0", max_value="1e7", places=2)
QUANTITY = st.decimals(min_value="0.00000001", max_value="1e6", places=8)
PRICE = st.decimals(min_value="0.00000001", max_value="1e5", places=8)
RATE = st.decimals(min_value="0.001", max_value="200", places=8)


@given(
    st.lists(st.tuples(st.sampled_from(["AAPL", "RY", "SAP"]), QUANTITY, AMOUNT, RATE), max_size=6),
    st.fixed_dictionaries({"CAD": AMOUNT, "USD": AMOUNT, "EUR": AMOUNT}),
    st.tuples(PRICE, PRICE, PRICE),
    st.tuples(RATE, RATE),
    st.sampled_from(list(GainSplit)),
)
def test_parts_always_sum_to_their_wholes(lots, cash, closes, quoted, split):
    rates = RateTable({("CAD", "USD"): quoted[0], ("EUR", "USD"): quoted[1]})
    prices = {security(symbol): quote(close) for symbol, close in zip(("AAPL", "RY", "SAP"), closes, strict=True)}
    held = [lot(symbol, q, cost, currency=SECURITIES[security(symbol)].currency, rate=rate) for symbol, q, cost, rate in lots]
    valued = value(held, cash, prices=prices, rates=rates, split=split)
    assert valued.nav == valued.cash + valued.securities_value == sum(one.market_value for one in valued.positions)
    assert valued.unrealized_pl == valued.securities_value - valued.total_cost
    for one in valued.positions:
        if not one.is_cash:
            assert sum(part.market_value for part in one.lots) == one.market_value
            assert sum(part.value_local for part in one.lots) == one.value_local
            assert one.unrealized_pl == one.unrealized_pl_price + one.unrealized_pl_fx == one.market_value - one.cost_basis_base
            for part in one.lots:
                assert part.unrealized_pl == part.unrealized_pl_price + part.unrealized_pl_fx == part.market_value - part.cost_basis_base
