"""Money: the steps it is kept in and the one place that rounds."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawsos.kernel.errors import Invalid
from dawsos.kernel.money import currency, multiply, round_money, round_quantity, round_rate, share

CENTS = st.integers(0, 10**14).map(lambda cents: D(cents) / 100)


@pytest.mark.parametrize(
    ("value", "rounded"), [("0.005", "0.00"), ("0.015", "0.02"), ("-0.025", "-0.02"), ("2.675", "2.68"), ("7", "7.00")]
)
def test_money_is_rounded_half_to_even(value: str, rounded: str) -> None:
    assert round_money(D(value)) == D(rounded)
    assert str(round_money(D(value))) == rounded


def test_quantities_and_rates_keep_eight_places() -> None:
    assert round_quantity(D(100) / 3) == D("33.33333333")
    assert round_rate(D(1) / D("0.73")) == D("1.36986301")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_not_finite_is_never_rounded_to_something(value: str) -> None:
    with pytest.raises(Invalid, match="not a finite number"):
        round_money(D(value))


def test_products_are_exact_beyond_the_default_precision() -> None:
    assert multiply(D("12345678901234.12345678"), D("98765432.12345678")) == D("1219326311537831300410.5129370565279684")
    assert multiply(D("1.1"), D("1.1"), D("1.1")) == D("1.331")


@given(CENTS, st.lists(st.integers(1, 10**10), min_size=1, max_size=12))
def test_shares_taken_one_after_another_use_up_the_total_exactly(total: D, parts: list[int]) -> None:
    left, open_quantity, taken = total, D(sum(parts)), []
    for part in map(D, parts):
        piece = share(left, part, open_quantity)
        taken.append(piece)
        left, open_quantity = left - piece, open_quantity - part
    assert left == 0
    assert sum(taken) == total
    assert all(piece >= 0 for piece in taken)


def test_a_currency_is_three_known_letters() -> None:
    assert currency("CAD") == "CAD"
    for code in ("cad", "XXX", "", "US"):
        with pytest.raises(Invalid, match="ISO 4217"):
            currency(code)
