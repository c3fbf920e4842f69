"""How values are written for people."""

from decimal import Decimal

import pytest

from dawsos.cli.figures import is_numeric, written


@pytest.mark.parametrize(
    ("value", "look", "text"),
    [
        (None, {"unit": "money"}, "–"),
        (True, {}, "yes"),
        ("1234567.5", {"unit": "money", "currency": "CAD"}, "1,234,567.50 CAD"),
        ("-0.5", {"unit": "money", "currency": "CAD"}, "-0.50 CAD"),
        ("233.434", {"unit": "price", "currency": "USD"}, "233.434 USD"),
        ("49.2", {"unit": "price", "currency": "USD"}, "49.20 USD"),
        (0.12345, {"unit": "fraction", "form": "percentage"}, "12.34%"),
        (-0.0214, {"unit": "fraction"}, "-2.14%"),
        (0.0012, {"unit": "fraction", "form": "bps"}, "12.0 bp"),
        (12.5, {"unit": "basis_points", "form": "bps"}, "12.5 bp"),
        (12.5, {"unit": "basis_points"}, "12.5 bp"),
        ("18453.26000000", {"unit": "quantity"}, "18,453.26"),
        ("1.35470000", {"unit": "exchange_rate"}, "1.3547"),
        (252, {"unit": "count"}, "252"),
        (30, {"unit": "days"}, "30 d"),
        (0.8765, {"unit": "number"}, "0.88"),
        ("Household", {}, "Household"),
        ("2022-12-28", {"form": "date"}, "2022-12-28"),
        ("not a number", {"unit": "money"}, "not a number"),
        (Decimal("1E+3"), {"unit": "quantity"}, "1,000"),
    ],
)
def test_a_value_is_written_by_its_unit_and_format(value: object, look: dict[str, str], text: str) -> None:
    assert written(value, **look) == text


def test_numbers_stand_to_the_right_and_words_to_the_left() -> None:
    assert is_numeric("money") and is_numeric(None, "percentage")
    assert not is_numeric(None, "text") and not is_numeric(None)
