"""Which value may be shown how."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal
from uuid import UUID

import pytest

from dawsos.patterns.formats import FORMATS, format_problem
from dawsos.registry import BasisPoints, Contract, Count, Fraction, Money, Number, Price


class Grade(StrEnum):
    A = "A"


class Row(Contract):
    symbol: str


def test_the_formats_are_those_of_the_specification():
    assert sorted(FORMATS) == [
        "auto", "bps", "currency", "date", "decimal_2", "number", "percentage", "rating", "rating_badge", "risk_badge",
        "sentiment_badge", "text", "trend_arrow",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "kind", "unit"),
    [
        ("percentage", float, Fraction), ("percentage", float | None, None), ("currency", Decimal, Money("currency")),
        ("currency", Decimal, Price("currency")), ("bps", float, BasisPoints), ("bps", float, Fraction), ("number", int, Count),
        ("decimal_2", float, Number), ("text", str, None), ("text", UUID, None), ("text", Grade, None), ("text", bool, None),
        ("text", Literal["a"], None), ("date", date, None), ("date", datetime | None, None), ("rating", float, None),
        ("rating_badge", str, None), ("sentiment_badge", float, None), ("risk_badge", Literal["high"], None), ("trend_arrow", float, None),
        ("auto", int, None), ("auto", date, None), ("auto", bool, None), ("auto", str, None), ("auto", int | str, None),
    ],
)  # fmt: skip
def test_a_value_is_shown_in_a_format_meant_for_it(form, kind, unit):
    assert format_problem(form, kind, unit) is None


@pytest.mark.parametrize(
    ("form", "kind", "unit", "problem"),
    [
        ("percentage", str, None, "a value of this type cannot be shown as percentage"),
        ("percentage", bool, None, "a value of this type cannot be shown as percentage"),
        ("percentage", float, Number, "a number cannot be shown as percentage, which is for fraction"),
        ("percentage", float, BasisPoints, "a basis_points cannot be shown as percentage, which is for fraction"),
        ("currency", float, Fraction, "a fraction cannot be shown as currency, which is for money or price"),
        ("bps", Decimal, Money("currency"), "a money cannot be shown as bps, which is for basis_points or fraction"),
        ("date", str, None, "a value of this type cannot be shown as date"),
        ("text", float, None, "a value of this type cannot be shown as text"),
        ("risk_badge", float, None, "a value of this type cannot be shown as risk_badge"),
        ("rating", date, None, "a value of this type cannot be shown as rating"),
        ("auto", Row, None, "a value of this type cannot be shown as auto"),
        ("auto", None, None, "a value of this type cannot be shown as auto"),
    ],
)
def test_any_other_is_refused(form, kind, unit, problem):
    assert format_problem(form, kind, unit) == problem
