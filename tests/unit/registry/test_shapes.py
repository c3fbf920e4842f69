"""Reading types: unions, containers, fields, units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest

from dawsos.registry import Contract, Count, Fraction, Money
from dawsos.registry.shapes import fields_of, find_unit, is_nullable, item_type, leaves, members, name_of, nullable, present, value_type


class Row(Contract):
    nav: Annotated[Decimal, Money("currency")]
    twr: Annotated[float | None, Fraction] = None
    inner: Annotated[float, Fraction] | None = None


@dataclass(frozen=True)
class Record:
    quantity: Annotated[int, Count]
    opened: "date"


def test_a_union_is_flattened_and_annotations_fall_away():
    assert members(Annotated[int | str, Count] | None) == (int, str, type(None))
    assert members(int) == (int,)
    assert present(int | None) == (int,)


def test_nullable_is_added_once():
    assert is_nullable(nullable(int))
    assert nullable(int | None) == (int | None)
    assert not is_nullable(int)


@pytest.mark.parametrize(
    ("annotation", "item"),
    [
        (list[int], int), (tuple[date, ...], date), (Sequence[str], str), (frozenset[str], str), (tuple[int, str], None),
        (tuple[int], None), (int, None), (dict[str, int], None), (list, None),
    ],
)  # fmt: skip
def test_what_a_list_holds(annotation, item):
    assert item_type(annotation) is item


@pytest.mark.parametrize(("annotation", "value"), [(dict[str, int], int), (Mapping[str, date], date), (list[int], None), (dict, None)])
def test_what_a_mapping_holds(annotation, value):
    assert value_type(annotation) is value


def test_fields_of_a_contract_have_types_and_units():
    fields = fields_of(Row)
    assert (fields["nav"].annotation, fields["nav"].unit, fields["nav"].required) == (Decimal, Money("currency"), True)
    assert (fields["twr"].unit, fields["twr"].required) == (Fraction, False)
    assert fields["inner"].unit == Fraction


def test_fields_of_a_record_have_types_and_units():
    fields = fields_of(Record)
    assert fields["quantity"].unit == Count
    assert fields["opened"].annotation is date


@pytest.mark.parametrize("shape", [int, list[int], None, Literal["a"]])
def test_what_is_neither_contract_nor_record_has_no_fields(shape):
    assert fields_of(shape) is None


def test_leaves_lie_at_the_bottom():
    assert leaves(dict[str, list[float] | None]) == (str, float, type(None))
    assert leaves(tuple[Row, ...]) == (Row,)
    assert leaves(Literal["a", "b"]) == (Literal["a", "b"],)
    assert leaves(list) == (list,)


def test_a_unit_is_found_inside():
    assert find_unit(dict[str, Annotated[float, Fraction]]) == Fraction
    assert find_unit(Annotated[int, "no unit"]) is None


@pytest.mark.parametrize(
    ("annotation", "name"),
    [
        (int, "int"), (Decimal | None, "Decimal or null"), (list[date], "list[date]"), (tuple[Row, ...], "tuple[Row]"),
        (dict[str, UUID], "dict[str, UUID]"), (Literal["a", 2], "Literal['a', 2]"), (type(None), "null"), (Any, "Any"),
    ],
)  # fmt: skip
def test_a_type_is_named_as_people_read_it(annotation, name):
    assert name_of(annotation) == name
