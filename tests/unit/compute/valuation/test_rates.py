"""Exchange rates: direct, inverse, cross, or a named error."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawsos.compute.valuation.rates import RateSource, RateTable
from dawsos.kernel.errors import InsufficientData, Invalid

QUOTED = st.decimals(min_value="0.0001", max_value="20000", places=8)


def table(**rates):
    return RateTable({(pair[:3], pair[3:]): Decimal(rate) for pair, rate in rates.items()}, pack_date=date(2025, 11, 3))


def test_a_quoted_rate_is_used_as_it_is_quoted():
    path = table(USDCAD="1.3650").explain("USD", "CAD")
    assert (path.rate, path.source, path.via) == (Decimal("1.3650"), RateSource.DIRECT, None)


def test_a_missing_rate_is_the_inverse_of_the_opposite_one():
    path = table(CADUSD="0.8").explain("USD", "CAD")
    assert (path.rate, path.source) == (Decimal("1.25"), RateSource.INVERSE)


def test_the_direct_rate_wins_over_the_inverse_and_the_inverse_over_a_cross():
    rates = table(USDCAD="1.37", CADUSD="0.73", EURCAD="1.5", EURUSD="1.08")
    assert rates.rate("USD", "CAD") == Decimal("1.37")
    assert rates.rate("CAD", "USD") == Decimal("0.73")
    assert rates.explain("CAD", "EUR").source is RateSource.INVERSE


def test_a_cross_goes_via_dollars_before_it_goes_via_euros():
    rates = table(CADUSD="0.75", JPYUSD="0.005", EURCAD="1.5", EURJPY="200")
    path = rates.explain("CAD", "JPY")
    assert (path.rate, path.source, path.via) == (Decimal(150), RateSource.CROSS, "USD")
    assert [(leg.base_ccy, leg.quote_ccy, leg.inverted) for leg in path.legs] == [("CAD", "USD", False), ("JPY", "USD", True)]


def test_without_dollars_a_cross_goes_via_euros():
    path = table(EURSEK="11", EURNOK="11.55").explain("SEK", "NOK")
    assert (path.rate, path.via) == (Decimal("1.05"), "EUR")
    assert str(path) == "SEK/NOK 1.05 (cross via EUR)"


def test_a_cross_is_rounded_once_not_once_per_leg():
    rates = table(USDCHF="3", USDSEK="1")
    assert rates.rate("CHF", "SEK") == Decimal("0." + "3" * 28)
    assert table(USDCHF="3", USDSEK="3").rate("CHF", "SEK") == 1


def test_one_currency_against_itself_is_one_even_in_an_empty_table():
    path = RateTable({}).explain("CAD", "CAD")
    assert (path.rate, path.source, path.legs) == (1, RateSource.SAME, ())


def test_no_path_is_an_error_that_names_both_currencies_and_the_pack_date_and_never_one():
    with pytest.raises(InsufficientData) as error:
        table(CADUSD="0.73").rate("CHF", "CAD")
    assert "from CHF to CAD in the pricing pack of 2025-11-03" in error.value.message
    assert error.value.details == {"base_ccy": "CHF", "quote_ccy": "CAD", "pack_date": date(2025, 11, 3)}
    assert table(CADUSD="0.73").find("CHF", "CAD") is None
    with pytest.raises(InsufficientData, match="from CHF to CAD in the pricing pack:"):
        RateTable({}).rate("CHF", "CAD")


@pytest.mark.parametrize("rate", ["0", "-1.2", "NaN", "Infinity"])
def test_a_rate_that_is_not_a_positive_number_is_refused(rate):
    with pytest.raises(Invalid, match="USD/CAD"):
        table(USDCAD=rate)


@given(QUOTED)
def test_a_rate_and_its_inverse_multiply_to_one(rate):
    rates = table(USDCAD=rate)
    assert abs(rates.rate("USD", "CAD") * rates.rate("CAD", "USD") - 1) < Decimal("1e-27")


@given(QUOTED, QUOTED, st.booleans(), st.booleans(), st.sampled_from(["USD", "EUR"]))
def test_rates_triangulate_through_the_pivot(first, second, first_opposite, second_opposite, pivot):
    pairs = [(pivot, "AUD") if first_opposite else ("AUD", pivot), (pivot, "NZD") if second_opposite else ("NZD", pivot)]
    rates = RateTable(dict(zip(pairs, (first, second), strict=True)))
    around = rates.rate("AUD", "NZD") * rates.rate("NZD", pivot) * rates.rate(pivot, "AUD")
    assert abs(around - 1) < Decimal("1e-26")
    assert abs(rates.rate("AUD", "NZD") * rates.rate("NZD", "AUD") - 1) < Decimal("1e-27")
