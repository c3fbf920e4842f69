"""What a reference gives, from types alone."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import pytest

from dawsos.patterns.references import parse
from dawsos.patterns.scope import Scope, Unresolved
from dawsos.registry import Contract, Count, Fraction, Money


class Row(Contract):
    symbol: str
    market_value: Annotated[Decimal | None, Money("currency")]
    tags: list[str]


class Result(Contract):
    rows: tuple[Row, ...]
    maybe_rows: list[Row] | None
    by_currency: dict[str, Row]
    shares: dict[str, Annotated[float, Fraction]]
    maybe_by_currency: dict[str, Row | None]
    maybe_items: list[Row | None]
    total: Annotated[int, Count]
    maybe: Row | None
    either: Row | str
    anything: Any
    currency: str


SCOPE = Scope(
    inputs={"portfolio_id": UUID, "days": int | None},
    steps={"result": Result, "late": Result, "broken": Any},
    uncertain=frozenset({"late"}),
)


def shape(text):
    return SCOPE.resolve(parse(f"{{{{ {text} }}}}"))


@pytest.mark.parametrize(
    ("reference", "annotation"),
    [
        ("inputs.portfolio_id", UUID),
        ("inputs.days", int | None),
        ("ctx.asof_date", date),
        ("ctx.portfolio_id", UUID),
        ("ctx.pricing_pack_id", str),
        ("result", Result),
        ("result.total", int),
        ("result.rows", tuple[Row, ...]),
        ("result.rows.*", list[Row]),
        ("result.rows.*.symbol", list[str]),
        ("result.rows.*.market_value", list[Decimal | None]),
        ("result.rows.*.tags", list[list[str]]),
        ("result.maybe_rows.*.symbol", list[str] | None),
        ("result.maybe.symbol", str | None),
        ("result.by_currency", dict[str, Row]),
        ("result.by_currency.*.key", list[str]),
        ("result.by_currency.*.symbol", list[str]),
        ("result.maybe_by_currency.*.symbol", list[str | None]),
        ("result.shares.*.value", list[float]),
        ("result.maybe_items.*.symbol", list[str | None]),
        ("late.total", int | None),
        ("late", Result | None),
        ("broken.whatever.*.deep", Any),
        ("result.anything.below", Any),
    ],
)
def test_a_reference_has_a_type(reference, annotation):
    assert shape(reference).annotation == annotation


def test_a_reference_has_the_unit_of_its_field():
    assert shape("result.rows.*.market_value").unit == Money("currency")
    assert shape("result.shares.*.value").unit == Fraction
    assert shape("result.total").unit == Count
    assert shape("result.currency").unit is None
    assert shape("result.shares").unit == Fraction


def test_an_item_of_a_list_has_a_shape_and_anything_else_has_none():
    assert shape("result.rows.*.market_value").item.annotation == Decimal | None
    assert shape("result.maybe_rows").item.annotation is Row
    assert shape("result.total").item is None
    assert shape("result.either").item is None


@pytest.mark.parametrize(
    ("reference", "message", "suggestion"),
    [
        ("reslt.total", "There is no step 'reslt'.", "Did you mean 'result'?"),
        ("input.days", "There is no step 'input'.", "Did you mean 'inputs'?"),
        ("result.totl", "'result' has no field 'totl'.", "Did you mean 'total'?"),
        ("result.rows.*.simbol", "'result.rows.*' has no field 'simbol'.", "Did you mean 'symbol'?"),
        ("result.rows.symbol", "'result.rows' is a list; its items have no name.", "'result.rows.*.symbol' gives the field of every item."),
        (
            "result.by_currency.USD",
            "'result.by_currency' is a mapping whose keys are data.",
            "Refer to the whole of it, or to 'result.by_currency.*.USD'.",
        ),
        ("result.total.more", "'result.total' is int and has no field 'more'.", ""),
        ("result.total.*", "'result.total' is int and has no items for '*'.", ""),
        ("result.either.symbol", "'result.either' is Row or str, which has no fields of its own.", ""),
        ("result.rows.*.tags.*", "'result.rows.*.tags.*' goes through a list inside a list; one '*' is enough for a reference.", ""),
        ("result.by_currency.*", "An entry of a mapping has a key and fields; name one of them after '*'.", ""),
        ("result.shares.*.symbol", "'result.shares.*' has no field 'symbol'.", ""),
        ("inputs.dayz", "There is no input 'dayz'.", "Did you mean 'days'?"),
        ("inputs", "'inputs' alone names no input.", "There are portfolio_id, days."),
        ("ctx", "'ctx' alone names no fact of the context.", None),
        ("ctx.pack_id", "There is no fact of the context 'pack_id'.", "Did you mean 'pricing_pack_id'?"),
    ],
)
def test_a_reference_that_leads_nowhere_is_named_with_a_suggestion(reference, message, suggestion):
    with pytest.raises(Unresolved) as caught:
        shape(reference)
    assert caught.value.message == message
    if suggestion is not None:
        assert caught.value.suggestion == suggestion
