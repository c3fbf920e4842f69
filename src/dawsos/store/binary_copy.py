"""Arrays as PostgreSQL's binary COPY format and back: millions of rows without a Python object for each.

A buffer made by :func:`encode` goes to ``copy_into``; what ``copy_out`` returns goes to :func:`decode`. The format is in PostgreSQL's
manual under COPY, binary format; a numeric on the wire is ``ndigits, weight, sign, dscale`` and digits of base 10 000, 16 bits each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from dawsos.kernel.errors import Internal

Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]

_HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER: Final = b"\xff\xff"
#: Days from 1970-01-01, where NumPy counts from, to 2000-01-01, where PostgreSQL does.
_EPOCH: Final = 10957
_NEGATIVE: Final = 0x4000
#: Rows laid out at a time: small enough to stay in the processor's cache.
_BLOCK: Final = 4096


@dataclass(frozen=True, slots=True)
class Column:
    """A column as bytes on the wire: a (rows × width) table, of which row i counts up to ``lengths[i]`` (None: whole; −1: it is null)."""

    data: Bytes
    lengths: NDArray[np.int32] | None = None


def uuids(values: Sequence[UUID] | Bytes) -> Column:
    """``uuid``, from UUIDs or from (rows × 16) bytes."""
    if isinstance(values, np.ndarray):
        return Column(np.ascontiguousarray(values, dtype=np.uint8).reshape(-1, 16))
    return Column(np.frombuffer(b"".join([value.bytes for value in values]), dtype=np.uint8).reshape(-1, 16))


def dates(days: NDArray[Any], null: Mask | None = None) -> Column:
    """``date``, from ``datetime64[D]`` or whole days since 1970-01-01."""
    return _fixed((days.astype(np.int64) - _EPOCH).astype(">i4"), null)


def integers(values: NDArray[Any], null: Mask | None = None) -> Column:
    """``integer``."""
    return _fixed(values.astype(">i4"), null)


def big_integers(values: NDArray[Any], null: Mask | None = None) -> Column:
    """``bigint``."""
    return _fixed(values.astype(">i8"), null)


def booleans(values: Mask, null: Mask | None = None) -> Column:
    """``boolean``."""
    return _fixed(values.astype(np.uint8), null)


def floats(values: NDArray[np.float64]) -> Column:
    """``double precision``; NaN is null."""
    return _fixed(values.astype(">f8"), np.isnan(values))


def numerics(values: NDArray[np.int64], scale: int, null: Mask | None = None) -> Column:
    """``numeric`` of ``scale`` decimal places, exactly, from whole numbers of its smallest step: cents for scale 2.

    The magnitude may be anything an int64 holds, its least value excepted.
    """
    if not 0 <= scale <= 12:
        raise Internal(f"numeric with {scale} decimal places is not provided for.")
    rest = np.abs(values).astype(np.uint64)
    groups: list[NDArray[np.uint64]] = []
    if scale:
        places = 10 ** ((scale - 1) % 4 + 1)
        rest, group = _divided(rest, places)
        groups = [group * np.uint64(10_000 // places)]
    largest = int(rest.max(initial=0))
    while largest or not groups:
        rest, group = _divided(rest, 10_000)
        groups.append(group)
        largest //= 10_000
    digits = len(groups)
    wire = np.empty((len(values), 4 + digits), dtype=">i2")
    wire[:, 0] = digits
    wire[:, 1] = digits - 1 - -(-scale // 4)
    wire[:, 2] = np.where(values < 0, _NEGATIVE, 0)
    wire[:, 3] = scale
    for place, group in enumerate(reversed(groups), start=4):
        wire[:, place] = group
    return _fixed(wire, null)


def texts(values: Sequence[str | None]) -> Column:
    """``text``; None is null."""
    encoded = [b"" if value is None else value.encode() for value in values]
    lengths = np.array([-1 if value is None else len(run) for value, run in zip(values, encoded, strict=True)], dtype=np.int32)
    table = np.array(encoded, dtype=f"S{max(1, int(lengths.max(initial=0)))}")
    return Column(table.view(np.uint8).reshape(len(values), table.itemsize), lengths)


def constant(column: Column, rows: int) -> Column:
    """The one value of a one-row ``column``, repeated."""
    lengths = None if column.lengths is None else np.repeat(column.lengths, rows)
    return Column(np.repeat(column.data, rows, axis=0), lengths)


def encode(columns: Sequence[Column]) -> bytes:
    """The rows of ``columns``, which must be of one length, as a complete binary COPY stream."""
    counts = {len(column.data) for column in columns}
    if len(counts) != 1:
        raise Internal(f"Columns of {sorted(counts)} rows make no table.")
    rows = counts.pop()
    blocks = [_encode_block(columns, slice(first, min(first + _BLOCK, rows))) for first in range(0, rows, _BLOCK)]
    return b"".join([_HEADER, *blocks, _TRAILER])


def decode(block: bytes, types: Sequence[str]) -> list[NDArray[Any]]:
    """The columns of a binary COPY stream without nulls, each as an array in native byte order.

    ``types`` are ``uuid`` (rows × 16 bytes), ``date`` (``datetime64[D]``), ``integer``, ``bigint``, ``boolean`` and ``double precision``.
    Raises Internal when the stream has other columns than that, or a null.
    """
    formats = {"uuid": "V16", "date": ">i4", "integer": ">i4", "bigint": ">i8", "boolean": "u1", "double precision": ">f8"}
    parts: list[tuple[str, str]] = [("count", ">i2")]
    for place, name in enumerate(types):
        parts += [(f"length{place}", ">i4"), (f"value{place}", formats[name])]
    row = np.dtype(parts)
    body = len(block) - len(_HEADER) - len(_TRAILER)
    if body % row.itemsize or not block.startswith(_HEADER[:11]):
        raise Internal("The binary rows are not of the declared types, or there is a null among them.")
    table = np.frombuffer(block, dtype=row, count=body // row.itemsize, offset=len(_HEADER))
    widths = {f"length{place}": np.dtype(formats[name]).itemsize for place, name in enumerate(types)} | {"count": len(types)}
    if any((table[name] != width).any() for name, width in widths.items()):
        raise Internal("The binary rows are not of the declared types, or there is a null among them.")
    return [_native(table[f"value{place}"], name) for place, name in enumerate(types)]


def _native(values: NDArray[Any], name: str) -> NDArray[Any]:
    if name == "uuid":
        return np.frombuffer(values.tobytes(), dtype=np.uint8).reshape(-1, 16)
    if name == "date":
        return (values.astype(np.int64) + _EPOCH).astype("datetime64[D]")
    return values.astype(bool) if name == "boolean" else values.astype(values.dtype.newbyteorder("="))


def _divided(values: NDArray[np.uint64], by: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    quotient = values // np.uint64(by)
    return quotient, values - quotient * np.uint64(by)


def _fixed(values: NDArray[Any], null: Mask | None) -> Column:
    rows = len(values)
    width = values.itemsize * (values.shape[1] if values.ndim == 2 else 1)
    data = np.ascontiguousarray(values).view(np.uint8).reshape(rows, width)
    if null is None or not null.any():
        return Column(data)
    return Column(data, np.where(null, -1, width).astype(np.int32))


def _encode_block(columns: Sequence[Column], rows: slice) -> bytes:
    """Lay the rows out in a table wide enough for the widest, then drop the bytes that are none."""
    layout: list[tuple[str, str]] = [("count", ">i2")]
    for place, column in enumerate(columns):
        layout += [(f"length{place}", ">i4"), (f"value{place}", f"V{column.data.shape[1]}")]
    row = np.dtype(layout)
    table = np.empty(rows.stop - rows.start, dtype=row)
    table["count"] = len(columns)
    for place, column in enumerate(columns):
        data = column.data[rows]
        table[f"length{place}"] = data.shape[1] if column.lengths is None else column.lengths[rows]
        table[f"value{place}"] = data.view(f"V{data.shape[1]}")[:, 0]
    if all(column.lengths is None for column in columns):
        return table.tobytes()
    counts = np.ones((len(table), row.itemsize), dtype=np.bool_)
    for place, column in enumerate(columns):
        if column.lengths is not None:
            offset, width = row.fields[f"value{place}"][1], column.data.shape[1]  # type: ignore[index]
            counts[:, offset : offset + width] = np.arange(width) < column.lengths[rows, None]
    return table.view(np.uint8).reshape(len(table), row.itemsize)[counts].tobytes()
