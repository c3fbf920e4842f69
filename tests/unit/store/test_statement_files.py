"""Statement files: what a header means, and what is refused before anything runs."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pytest

from dawsos.kernel.errors import Internal
from dawsos.store.statements import Many, Subject, Text, parse, row_maker

FILE = """-- name: find_lot -> LotRecord optional
-- The lot with this id.
select id, kind
from lots
where id = %(id)s;

-- name: count_lots -> int value
-- How many there are.
select count(*) from lots;

-- name: forget_lot -> none
-- Remove it.
-- Comments inside a statement stay with it.
delete from lots where id = %(id)s;

-- name: add_lots -> bulk
-- Add lots.
-- staged: id uuid, kind text
insert into lots select id, kind from staged;
"""


class Kind(StrEnum):
    OPEN = "OPEN"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class LotRecord:
    id: int
    kind: Kind | None


@dataclass(frozen=True, slots=True)
class DayRecord:
    day: date
    place: str


def statement(returns: type) -> Many:
    return Many(Text("test", "list", "List.", returns.__name__, "many", "select 1"), returns)


def test_a_file_is_read_into_its_statements():
    find, count, forget, add = parse("lots", FILE)
    assert (find.label, find.returns, find.cardinality, find.intent) == ("lots.find_lot", "LotRecord", "optional", "The lot with this id.")
    assert find.sql == "select id, kind\nfrom lots\nwhere id = %(id)s"
    assert (count.returns, count.cardinality) == ("int", "value")
    assert (forget.returns, forget.cardinality) == (None, "none")
    assert forget.sql.startswith("-- Comments inside a statement stay with it.\ndelete")
    assert (add.cardinality, add.staged) == ("bulk", "id uuid, kind text")


@pytest.mark.parametrize(
    "source",
    [
        "select 1;",
        "-- name: find -> int many\nselect 1;",
        "-- name: find -> int several\n-- Find.\nselect 1;",
        "-- name: Find -> int many\n-- Find.\nselect 1;",
        "-- name: find -> many\n-- Find.\nselect 1;",
        "-- name: good -> int many\n-- Good.\nselect 1;\n-- name: bad\n-- Bad.\nselect 2;",
        "-- name: find -> int many\n-- Find.\nselect 1;\n-- name: find -> int many\n-- Find.\nselect 1;",
        "-- name: add -> bulk\n-- Add, but what?\ninsert into lots select 1;",
        "-- name: find -> int many\n-- Find.\n-- staged: id uuid\nselect 1;",
    ],
)
def test_a_file_that_is_not_of_the_form_is_refused(source: str):
    with pytest.raises(Internal):
        parse("lots", source)


def test_a_statement_is_bound_as_it_is_declared_or_not_at_all():
    subject = Subject("lots", parse("lots", FILE))
    assert subject.optional("find_lot", LotRecord).returns is LotRecord
    assert subject.value("count_lots", int).returns is int
    with pytest.raises(Internal, match="declared 'LotRecord optional' and bound as 'LotRecord many'"):
        subject.many("find_lot", LotRecord)
    with pytest.raises(Internal, match="declared 'LotRecord optional' and bound as 'DayRecord optional'"):
        subject.optional("find_lot", DayRecord)
    with pytest.raises(Internal, match="no statement 'lose_lot'"):
        subject.none("lose_lot")


def test_a_row_becomes_its_record_by_column_name():
    make = row_maker(statement(DayRecord), ("place", "day"))
    assert make(("Toronto", date(2026, 1, 2))) == DayRecord(day=date(2026, 1, 2), place="Toronto")


def test_words_of_a_fixed_vocabulary_come_back_as_such():
    make = row_maker(statement(LotRecord), ("id", "kind"))
    assert make((1, "OPEN")).kind is Kind.OPEN
    assert make((1, None)) == LotRecord(1, None)
    with pytest.raises(ValueError, match="MELTED"):
        make((1, "MELTED"))


@pytest.mark.parametrize("columns", [("day",), ("day", "place", "hour"), ("day", "city"), ("day", "day")])
def test_missing_and_surplus_columns_are_an_error(columns: tuple[str, ...]):
    with pytest.raises(Internal, match="other columns than DayRecord"):
        row_maker(statement(DayRecord), columns)


def test_a_scalar_is_the_one_column():
    assert row_maker(statement(int), ("count",))((7,)) == 7
    with pytest.raises(Internal, match="2 columns where one int"):
        row_maker(statement(int), ("one", "two"))
