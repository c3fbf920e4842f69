"""Arrays into PostgreSQL and back in binary, to the last digit."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import numpy as np
import pytest

from dawsos.kernel.errors import Internal
from dawsos.kernel.identity import SYSTEM
from dawsos.store import binary_copy as wire
from dawsos.store.database import Database
from dawsos.store.statements import Binary, Bulk, Many, Text

COLUMNS = "id uuid, day date, money numeric, quantity numeric, rate numeric, whole numeric, number integer, big bigint, flag boolean, share float8, word text"


async def stored(database: Database, columns: list[wire.Column], declared: str) -> list[str]:
    """The rows as PostgreSQL writes them down after reading the buffer."""
    keep = Bulk(
        Text("test", "keep", "Keep.", None, "bulk", "create temporary table kept on commit drop as select * from staged", declared),
        type(None),
    )
    read = Many(Text("test", "read", "Read.", "str", "many", "select kept::text from kept"), str)
    async with database.transaction(SYSTEM) as tx:
        await tx.copy_into(keep, wire.encode(columns))
        return await tx.fetch_all(read)


async def test_every_type_arrives_as_it_was_meant(database: Database):
    first, second = uuid4(), uuid4()
    rows = await stored(
        database,
        [
            wire.uuids([first, second]),
            wire.dates(np.array(["1999-12-31", "2026-11-20"], dtype="datetime64[D]")),
            wire.numerics(np.array([-12345678901, 5]), 2),
            wire.numerics(np.array([1, -100_000_001]), 8),
            wire.numerics(np.array([15, -7]), 1),
            wire.numerics(np.array([20_000, 0]), 0),
            wire.integers(np.array([-1, 2])),
            wire.big_integers(np.array([2**62, -1])),
            wire.booleans(np.array([True, False])),
            wire.floats(np.array([0.1, np.nan])),
            wire.texts(["café", ""]),
        ],
        COLUMNS,
    )
    assert rows == [
        f"({first},1999-12-31,-123456789.01,0.00000001,1.5,20000,-1,{2**62},t,0.1,café)",
        f'({second},2026-11-20,0.05,-1.00000001,-0.7,0,2,-1,f,,"")',
    ]


async def test_nulls_stay_where_they_are(database: Database):
    null = np.array([True, False, True])
    rows = await stored(
        database,
        [wire.texts(["a", None, "ccc"]), wire.numerics(np.array([1, 250, 3]), 2, null), wire.dates(np.array([0, 1, 2]), ~null)],
        "word text, money numeric, day date",
    )
    assert rows == ["(a,,1970-01-01)", "(,2.50,)", "(ccc,,1970-01-03)"]


@pytest.mark.parametrize("scale", range(13))
async def test_numerics_are_exact_at_every_scale_and_magnitude(database: Database, scale: int):
    rng = np.random.default_rng(20261120 + scale)
    edges = [0, 1, -1, 9_999, 10_000, 10**scale, -(10**scale), 2**63 - 1, -(2**63 - 1)]
    values = np.array([*edges, *(rng.integers(1, 10, 200) * 10 ** rng.integers(0, 18, 200)), *rng.integers(-(2**63) + 1, 2**63 - 1, 200)])
    rows = await stored(database, [wire.numerics(values, scale)], "n numeric")
    assert [Decimal(row.strip("()")) for row in rows] == [Decimal(int(value)).scaleb(-scale) for value in values]
    assert {-Decimal(row.strip("()")).as_tuple().exponent for row in rows} == {scale}


async def test_what_comes_back_in_binary_is_what_went_in(database: Database):
    ids = [uuid4() for _ in range(3)]
    read = Binary(
        Text(
            "test",
            "read",
            "Read.",
            None,
            "binary",
            "select id, day, number, big, flag, share from (values"
            " (%(a)s::uuid, '1999-12-31'::date, 1, 2::bigint, true, 0.1::float8), (%(b)s, '2026-11-20', -1, -2, false, -0.5),"
            " (%(c)s, '1970-01-01', 0, 0, false, 'infinity')) v (id, day, number, big, flag, share)",
        ),
        type(None),
    )
    async with database.transaction(SYSTEM, read_only=True) as tx:
        block = await tx.copy_out(read, a=ids[0], b=ids[1], c=ids[2])
    identifiers, days, numbers, big, flags, shares = wire.decode(
        block, ["uuid", "date", "integer", "bigint", "boolean", "double precision"]
    )
    assert [bytes(row) for row in identifiers] == [key.bytes for key in ids]
    assert days.tolist() == [date(1999, 12, 31), date(2026, 11, 20), date(1970, 1, 1)]
    assert numbers.tolist() == [1, -1, 0]
    assert big.tolist() == [2, -2, 0]
    assert flags.tolist() == [True, False, False]
    assert shares.tolist() == [0.1, -0.5, float("inf")]
    assert all(column.dtype.isnative for column in (numbers, big, shares))


def test_identifiers_that_end_in_zeros_keep_them():
    rows = wire.uuids(np.zeros((2, 16), dtype=np.uint8))
    (back,) = wire.decode(wire.encode([rows]), ["uuid"])
    assert back.tolist() == [[0] * 16, [0] * 16]


def test_no_rows_make_an_empty_stream():
    empty = np.array([], dtype=np.int64)
    assert wire.encode([wire.dates(empty), wire.big_integers(empty)]) == b"PGCOPY\n\xff\r\n\0" + bytes(8) + b"\xff\xff"
    assert wire.encode([wire.dates(empty), wire.texts([])]) == b"PGCOPY\n\xff\r\n\0" + bytes(8) + b"\xff\xff"
    assert [len(column) for column in wire.decode(wire.encode([wire.dates(empty)]), ["date"])] == [0]


def test_a_constant_is_the_same_in_every_row():
    repeated = wire.constant(wire.texts(["CAD"]), 2)
    assert wire.encode([repeated]) == wire.encode([wire.texts(["CAD", "CAD"])])
    assert wire.encode([wire.constant(wire.integers(np.array([7])), 3)]) == wire.encode([wire.integers(np.array([7, 7, 7]))])


def test_columns_of_different_length_are_refused():
    with pytest.raises(Internal, match=r"\[1, 2\] rows"):
        wire.encode([wire.texts(["a"]), wire.integers(np.array([1, 2]))])


def test_a_stream_of_other_types_or_with_nulls_is_refused():
    numbers = wire.encode([wire.integers(np.array([1, 2]))])
    with pytest.raises(Internal, match="not of the declared types"):
        wire.decode(numbers, ["bigint"])
    with pytest.raises(Internal, match="not of the declared types"):
        wire.decode(wire.encode([wire.integers(np.array([1, 2]), np.array([False, True]))]), ["integer"])
    with pytest.raises(Internal, match="decimal places"):
        wire.numerics(np.array([1]), 13)
