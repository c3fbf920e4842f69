"""The compiled walk through ledgers that finds stretches of days with one quantity."""

from typing import Any, Final, TypeAlias

import numpy as np

from dawsos.compute.compiling import njit_for_kernels, njit_for_python
from dawsos.compute.ledger.integers import OVERFLOW, rounded_product

Array: TypeAlias = Any
Whole: TypeAlias = Any

_LIMIT: Final = 2**62
_OPEN_END: Final = 2**31 - 1
_UNSEEN: Final = -(2**31)
_SPLIT: Final = 11

#: Results of :func:`walk` other than a number of segments.
MORE_THAN_HELD: Final = -1
TOO_LARGE: Final = -2


@njit_for_kernels(cache=True, error_model="numpy")
def _turn(
    each: Whole, day: Whole, quantity: Array, last: Array, held: Array, since: Array, out: tuple[Array, Array, Array, Array], n: Whole
) -> Whole:
    """The first event of ``day`` for an instrument: what it came to the day before starts or continues a segment."""
    instrument, start_day, end_day, amount = out
    if quantity[each] != held[each]:
        if held[each] != 0:
            instrument[n], start_day[n], end_day[n], amount[n] = each, since[each], last[each], held[each]
            n += 1
        held[each], since[each] = quantity[each], last[each]
    last[each] = day
    return n


@njit_for_python(cache=True, error_model="numpy")
def walk(
    offsets: Array,
    day: Array,
    kind: Array,
    security: Array,
    change: Array,
    split_from: Array,
    split_to: Array,
    cash: Array,
    cash_effect: Array,
    instruments: Whole,
    segment_offsets: Array,
    out: tuple[Array, Array, Array, Array],
    trouble: Array,
) -> Whole:
    """Write the segments of all portfolios to ``out`` = (instrument, start_day, end_day, quantity), sorted; returns their number.

    ``change`` is the signed quantity of a row that moves securities, ``cash`` the instrument of its currency. ``trouble[0]`` names the row
    at which a position went below zero or beyond 2**62.
    """
    instrument, start_day, end_day, amount = out
    quantity = np.zeros(instruments, dtype=np.int64)
    held = np.zeros(instruments, dtype=np.int64)
    since = np.zeros(instruments, dtype=np.int64)
    last = np.full(instruments, _UNSEEN, dtype=np.int64)
    seen = np.empty(instruments, dtype=np.int64)
    place = np.zeros(instruments, dtype=np.int64)
    unsorted = np.empty((2 * _most_rows(offsets), 4), dtype=np.int64)  # a row changes up to two quantities
    n = 0
    for portfolio in range(len(offsets) - 1):
        n_seen, first = 0, n
        for row in range(offsets[portfolio], offsets[portfolio + 1]):
            for turn in range(2):
                each = np.int64(security[row]) if turn == 0 else np.int64(cash[row])
                delta = change[row] if turn == 0 else cash_effect[row]
                is_split = turn == 0 and kind[row] == _SPLIT
                if each < 0 or (delta == 0 and not is_split):
                    continue
                if last[each] == _UNSEEN:
                    seen[n_seen] = each
                    n_seen += 1
                    last[each] = day[row]
                if day[row] != last[each]:
                    n = _turn(each, day[row], quantity, last, held, since, out, n)
                if is_split:
                    quantity[each] = rounded_product(quantity[each], split_to[row], split_from[row])
                else:
                    quantity[each] += delta
                if quantity[each] == OVERFLOW and is_split:
                    trouble[0] = row
                    return TOO_LARGE
                if turn == 0 and quantity[each] < 0:
                    trouble[0] = row
                    return MORE_THAN_HELD
                if abs(quantity[each]) >= _LIMIT:
                    trouble[0] = row
                    return TOO_LARGE
        ordered = np.sort(seen[:n_seen])
        for each in ordered:
            n = _turn(each, last[each], quantity, last, held, since, out, n)
            if held[each] != 0:
                instrument[n], start_day[n], end_day[n], amount[n] = each, since[each], _OPEN_END, held[each]
                n += 1
            quantity[each], held[each], last[each] = 0, 0, _UNSEEN
        _group(first, n, ordered, place, unsorted, out)
        segment_offsets[portfolio + 1] = n
    return n


@njit_for_kernels(cache=True, error_model="numpy")
def _most_rows(offsets: Array) -> Whole:
    """The number of rows of the longest ledger."""
    most = 0
    for portfolio in range(len(offsets) - 1):
        most = max(most, offsets[portfolio + 1] - offsets[portfolio])
    return most


@njit_for_kernels(cache=True, error_model="numpy")
def _group(first: Whole, n: Whole, ordered: Array, place: Array, unsorted: Array, out: tuple[Array, Array, Array, Array]) -> None:
    """Sort one portfolio's segments by instrument; within an instrument they stand in order of time already.

    ``ordered`` are its instruments, ascending; ``place`` is zero for every instrument and left so; ``unsorted`` has room for the segments.
    """
    instrument, start_day, end_day, amount = out
    for at in range(first, n):
        place[instrument[at]] += 1
        unsorted[at - first, 0], unsorted[at - first, 1] = instrument[at], start_day[at]
        unsorted[at - first, 2], unsorted[at - first, 3] = end_day[at], amount[at]
    following = first
    for each in ordered:
        count = place[each]
        place[each] = following
        following += count
    for row in range(n - first):
        each = unsorted[row, 0]
        at = place[each]
        place[each] = at + 1
        instrument[at], start_day[at], end_day[at], amount[at] = each, unsorted[row, 1], unsorted[row, 2], unsorted[row, 3]
    for each in ordered:
        place[each] = 0
