"""Why values are null, and nulls nobody explains."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from dawsos.registry import Contract, Fraction, Number, unexplained_nulls
from dawsos.registry.explanations import reason_for


class Row(Contract):
    weight: Annotated[float | None, Fraction]
    note: str | None = None
    reason: str | None = None


class Result(Contract):
    twr: Annotated[float | None, Fraction] = None
    rows: tuple[Row, ...] = ()
    by_currency: dict[str, Row] = Field(default_factory=dict)
    reasons: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True)
class Record:
    beta: Annotated[float | None, Number]


def test_the_nearest_reason_counts():
    row = Row(weight=None, reason="unpriced")
    result = Result(rows=(row,), reasons={"rows.weight": "nothing is priced", "rows": "no rows"})
    assert reason_for((result, row), ("rows", "weight")) == "unpriced"
    silent = Row(weight=None, reason="")
    assert reason_for((result, silent), ("rows", "weight")) == "nothing is priced"
    assert reason_for((result, silent), ("rows", "note")) == "no rows"
    assert reason_for((result,), ("twr",)) is None


def test_every_number_that_is_null_without_a_reason_is_named_once():
    row = Row(weight=None)
    assert unexplained_nulls(Result(rows=(row, row), by_currency={"USD": row})) == ["twr", "rows.*.weight", "by_currency.*.weight"]
    assert unexplained_nulls([Record(beta=None), Record(beta=1.0)]) == ["*.beta"]


def test_explained_nulls_and_words_are_left_alone():
    result = Result(rows=(Row(weight=None, reason="unpriced"), Row(weight=0.5)), reasons={"twr": "too few days"})
    assert unexplained_nulls(result) == []
