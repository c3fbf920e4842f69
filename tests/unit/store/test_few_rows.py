"""Few rows travel in the statement."""

from decimal import Decimal

from dawsos.store.few_rows import FEW, few_or_all, inline_statement

SQL = "insert into lots select id, kind from staged"
STAGED = "id uuid, kind text"


def test_few_rows_become_arrays_of_the_staged_types():
    inline = inline_statement(SQL, STAGED, [("a", "x"), ("b", None)])
    assert inline is not None
    assert inline.sql == f"with staged (id, kind) as (select * from unnest(%(staged_0)s::uuid[], %(staged_1)s::text[]))\n{SQL}"
    assert inline.params == {"staged_0": ["a", "b"], "staged_1": ["x", None]}


def test_no_rows_are_empty_arrays():
    inline = inline_statement(SQL, STAGED, [])
    assert inline is not None
    assert inline.params == {"staged_0": [], "staged_1": []}


def test_what_has_no_array_is_staged():
    assert inline_statement("create table kept as select * from staged", STAGED, []) is None
    assert inline_statement(SQL, "id uuid, kinds text[]", []) is None
    assert inline_statement(SQL, "id uuid, price numeric(20,8)", []) is None
    assert inline_statement(SQL, STAGED, [("a", 1), ("b", Decimal(1))]) is None


def test_rows_are_counted_without_losing_any():
    few, rows = few_or_all(iter([(1,), (2,)]))
    assert (few, list(rows)) == ([(1,), (2,)], [(1,), (2,)])
    few, rows = few_or_all((number,) for number in range(FEW + 1))
    assert few is None
    assert [row[0] for row in rows] == list(range(FEW + 1))
