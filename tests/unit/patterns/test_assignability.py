"""What may stand where."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest

from dawsos.patterns.assignability import mismatch, takes_null, unit_mismatch
from dawsos.registry import Contract, Count, Fraction, Money, Price, UnitOf


class Method(StrEnum):
    FIFO = "FIFO"
    LIFO = "LIFO"


class Position(Contract):
    symbol: str
    quantity: Annotated[Decimal, Count]


class ValuedPosition(Contract):
    symbol: str
    quantity: Annotated[Decimal, Count]
    weight: float


class Wanted(Contract):
    symbol: str
    note: str | None = None


class Unlike(Contract):
    symbol: int


class Tree(Contract):
    branches: tuple["Tree", ...]


class OtherTree(Contract):
    branches: tuple["OtherTree", ...]


@dataclass(frozen=True)
class Record:
    symbol: str
    opened: date


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (int, int), (int, float), (int, Decimal), (str, str), (str, str | None), (str | None, str | None), (type(None), int | None),
        (date, date | str), (list[int], tuple[int, ...]), (tuple[int, ...], list[float]), (dict[str, int], dict[str, float]),
        (Position, Position), (ValuedPosition, Wanted), (Record, Wanted), (list[ValuedPosition], tuple[Position, ...]),
        (Literal["a"], str), (Literal["a", "b"], Literal["a", "b", "c"]), (Literal["FIFO"], Method), (Method, str), (bool, bool),
        (Any, int), (int, Any), (int, object), (OtherTree, Tree), (Annotated[int, Count], int),
    ],
)  # fmt: skip
def test_what_fits(source, target):
    assert mismatch(source, target) is None


@pytest.mark.parametrize(
    ("source", "target", "why"),
    [
        (str, int, "it is str, and int is expected"),
        (float, Decimal, "it is float, and Decimal is expected"),
        (Decimal, float, "it is Decimal, and float is expected"),
        (bool, int, "it is bool, and int is expected"),
        (datetime, date, "it is datetime, and date is expected"),
        (str, UUID, "it is str, and UUID is expected"),
        (int | None, int, "it may be null, and int is expected"),
        (int | str, int, "it is int or str, and int is expected"),
        (str, Literal["a"], "it is str, and Literal['a'] is expected"),
        (Literal["a", "z"], Literal["a"], "it is Literal['a', 'z'], and Literal['a'] is expected"),
        (Literal["AVERAGE"], Method, "it is Literal['AVERAGE'], and Method is expected"),
        (Literal["a"], int, "it is Literal['a'], and int is expected"),
        (Literal["a"], list[str], "it is Literal['a'], and list[str] is expected"),
        (str, list[str], "it is str, and list[str] is expected"),
        (list[str], str, "it is list[str], and str is expected"),
        (list[int | None], list[int], "it is list[int or null], and list[int] is expected"),
        (dict[str, str], dict[str, int], "it is dict[str, str], and dict[str, int] is expected"),
        (list[int], dict[str, int], "it is list[int], and dict[str, int] is expected"),
        (Position, ValuedPosition, "it is Position, and ValuedPosition is expected"),
        (Unlike, Wanted, "it is Unlike, and Wanted is expected"),
        (int, Wanted, "it is int, and Wanted is expected"),
        (Position, Record, "it is Position, and Record is expected"),
    ],
)
def test_what_does_not_fit(source, target, why):
    assert mismatch(source, target) == why


def test_a_contract_is_made_from_another_that_has_its_fields():
    position = ValuedPosition(symbol="RY", quantity=Decimal(1), weight=0.5)
    assert Wanted.model_validate(position) == Wanted(symbol="RY")


def test_units_must_agree_where_both_are_known():
    assert unit_mismatch(Money("currency"), Money("base_currency")) is None
    assert unit_mismatch(None, Fraction) is None
    assert unit_mismatch(Fraction, None) is None
    assert unit_mismatch(UnitOf("unit"), Fraction) is None
    assert unit_mismatch(Money("currency"), Price("currency")) == "it is a money, and a price is expected"


def test_null_is_taken_where_it_is_said():
    assert takes_null(int | None)
    assert takes_null(Any)
    assert takes_null(object)
    assert not takes_null(int)
