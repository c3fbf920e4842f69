"""Contracts: closed, frozen, one spelling for each number, a unit beside each."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

import pytest
from pydantic import Field, ValidationError

from dawsos.kernel.canonical import canonical_bytes
from dawsos.registry import BasisPoints, Contract, Count, Fraction, Money, Price, UnitOf


@dataclass(frozen=True)
class Lot:
    qty_open: Decimal
    opened: date


class Row(Contract):
    nav: Annotated[Decimal | None, Money("currency")]
    weight: Annotated[float, Fraction] = 0.0


class Result(Contract):
    rows: tuple[Row, ...] = ()
    lots: list[Lot] = Field(default_factory=list)
    by_currency: dict[str, Annotated[Decimal, Money("currency")]] = Field(default_factory=dict)
    count: Annotated[int, Count] = 0
    currency: str = "CAD"


class Tree(Contract):
    size: Annotated[Decimal, UnitOf("unit")]
    unit: str
    branches: tuple["Tree", ...] = ()


def test_an_unknown_field_is_refused():
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Row(nav=Decimal(1), wheight=0.5)


def test_a_value_never_changes():
    row = Row(nav=Decimal(1))
    with pytest.raises(ValidationError, match="frozen"):
        row.nav = Decimal(2)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_float_that_is_not_finite_is_refused(number):
    with pytest.raises(ValidationError, match="finite"):
        Row(nav=None, weight=number)


@pytest.mark.parametrize(
    ("number", "spelling"), [("1E+2", "100"), ("0E-8", "0"), ("1.50", "1.5"), ("-0.00", "0"), ("1E-8", "0.00000001"), ("12.30", "12.3")]
)
def test_a_decimal_travels_as_a_plain_string_wherever_it_lies(number, spelling):
    value = Decimal(number)
    result = Result(rows=(Row(nav=value),), lots=[Lot(value, date(2025, 11, 3))], by_currency={"USD": value})
    assert result.plain() == {
        "rows": [{"nav": spelling, "weight": 0.0}],
        "lots": [{"qty_open": spelling, "opened": "2025-11-03"}],
        "by_currency": {"USD": spelling},
        "count": 0,
        "currency": "CAD",
    }
    assert Result.model_validate_json(result.model_dump_json()).plain() == result.plain()


def test_a_decimal_stays_a_decimal_for_python():
    assert Row(nav=Decimal("1E+2")).model_dump() == {"nav": Decimal(100), "weight": 0.0}


def test_equal_contents_have_equal_bytes():
    one = Result(rows=(Row(nav=Decimal("1.50")),))
    other = Result(rows=(Row(nav=Decimal("1.5")),))
    assert canonical_bytes(one.plain()) == canonical_bytes(other.plain())


def test_a_contract_may_hold_itself():
    tree = Tree(size=Decimal("1E+1"), unit="m", branches=(Tree(size=Decimal("2.0"), unit="m"),))
    assert tree.plain()["branches"][0]["size"] == "2"


def test_the_unit_stands_in_the_schema():
    schema = Result.model_json_schema(mode="serialization")
    row = schema["$defs"]["Row"]["properties"]
    assert (row["nav"]["x-unit"], row["nav"]["x-unit-field"]) == ("money", "currency")
    assert row["nav"]["anyOf"] == [{"type": "string"}, {"type": "null"}]
    assert (row["weight"]["x-unit"], row["weight"]["type"]) == ("fraction", "number")
    assert "x-unit-field" not in row["weight"]
    assert schema["properties"]["count"]["x-unit"] == "count"


def test_units_are_values():
    assert Money("currency") == Money("currency")
    assert Money("currency") != Price("currency")
    assert BasisPoints.field is None
