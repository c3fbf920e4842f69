"""Reading values at run time, and why they are missing."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import pytest
from pydantic import Field

from dawsos.kernel.errors import Internal
from dawsos.patterns.references import parse
from dawsos.patterns.values import Found, Values, plain, scalar, walk
from dawsos.registry import Contract


class Grade(StrEnum):
    A = "A"


class Row(Contract):
    symbol: str
    price: str | None = None
    reason: str | None = None
    children: tuple["Row", ...] = ()


class Result(Contract):
    rows: tuple[Row, ...] = ()
    by_key: dict[str, Row] = Field(default_factory=dict)
    shares: dict[str, float] = Field(default_factory=dict)
    first: Row | None = None
    total: float | None = None
    currency: str = "CAD"
    reasons: dict[str, str] = Field(default_factory=dict)


RESULT = Result(
    rows=(Row(symbol="RY", price="150"), Row(symbol="OLD", reason="delisted"), Row(symbol="X")),
    by_key={"USD": Row(symbol="u"), "CAD": Row(symbol="c", price="1")},
    shares={"b": 0.4, "a": 0.6},
    first=Row(symbol="RY"),
    reasons={"total": "no data", "rows.price": "no prices at all", "first": "there is none"},
)
VALUES = Values(
    inputs=Row(symbol="in"), context={"asof_date": date(2025, 11, 3)}, results={"a": RESULT}, missing={"gone": "the provider is down"}
)


def ref(text):
    return parse(f"{{{{ {text} }}}}")


@pytest.mark.parametrize(
    ("reference", "value"),
    [
        ("inputs.symbol", "in"),
        ("ctx.asof_date", date(2025, 11, 3)),
        ("a", RESULT),
        ("a.first.symbol", "RY"),
        ("a.first.price", None),
        ("a.rows", RESULT.rows),
        ("a.rows.*.symbol", ["RY", "OLD", "X"]),
        ("a.rows.*", list(RESULT.rows)),
        ("a.by_key.*.key", ["USD", "CAD"]),
        ("a.by_key.*.symbol", ["u", "c"]),
        ("a.shares.*.value", [0.4, 0.6]),
        ("gone", None),
        ("gone.rows.*.symbol", None),
    ],
)
def test_a_value_is_given_exactly_as_it_was_returned(reference, value):
    assert VALUES.value(ref(reference)) == value


def test_a_list_is_read_item_by_item():
    assert [one.value for one in VALUES.several(ref("a.rows"))] == list(RESULT.rows)
    assert [one.value for one in VALUES.several(ref("a.rows.*.price"))] == ["150", None, None]
    assert VALUES.several(ref("gone.rows")) == []


def test_one_value_is_never_a_list():
    with pytest.raises(Internal, match="two lists"):
        VALUES.single(ref("a.rows.*.symbol"))
    with pytest.raises(Internal, match="two lists"):
        walk(Found(RESULT), ["rows", "*", "children", "*"])


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("a.total", "no data"),
        ("a.first.price", "there is none"),
        ("gone.total", "unavailable: the provider is down"),
        ("inputs.price", None),
    ],
)
def test_a_null_is_explained_by_its_step_or_the_nearest_contract(reference, reason):
    found = VALUES.single(ref(reference))
    assert found.value is None
    assert VALUES.why_missing(ref(reference), found) == reason


def test_a_null_in_a_row_is_explained_by_the_row_before_the_result():
    reasons = [one.reason for one in VALUES.several(ref("a.rows.*.price"))]
    assert reasons[1:] == ["delisted", "no prices at all"]


def test_without_a_value_there_is_only_the_step_to_explain():
    assert VALUES.why_missing(ref("a.total")) is None
    assert VALUES.why_missing(ref("gone")) == "unavailable: the provider is down"


def test_a_field_beside_a_value_is_the_nearest_of_that_name():
    assert VALUES.several(ref("a.rows.*.price"))[0].beside("currency") == "CAD"
    assert VALUES.several(ref("a.rows.*.price"))[0].beside("symbol") == "RY"
    assert VALUES.several(ref("a.by_key.*.price"))[1].beside("symbol") == "c"
    assert VALUES.single(ref("a.total")).beside("nothing") is None


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("1E+2"), "100"), (date(2025, 11, 3), "2025-11-03"), (datetime(2025, 11, 3, tzinfo=UTC), "2025-11-03T00:00:00+00:00"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"), (Grade.A, "A"), (True, True), (3, 3), (0.5, 0.5), ("x", "x"), (None, None),
    ],
)  # fmt: skip
def test_a_value_in_a_panel_is_written_as_on_the_wire(value, written):
    assert scalar(value) == written
    assert type(scalar(value)) is type(written)


def test_what_is_not_one_value_cannot_be_shown_as_one():
    with pytest.raises(Internal, match="A Row cannot be shown as one value"):
        scalar(Row(symbol="x"))


def test_any_value_can_be_written_plainly():
    @dataclass(frozen=True)
    class Lot:
        qty_open: Decimal

    value = {"row": Row(symbol="x"), "lots": [Lot(Decimal("1.50"))], "names": frozenset({"b", "a"}), "pair": (1, None)}
    assert plain(value) == {
        "row": {"symbol": "x", "price": None, "reason": None, "children": []},
        "lots": [{"qty_open": "1.5"}],
        "names": ["a", "b"],
        "pair": [1, None],
    }
