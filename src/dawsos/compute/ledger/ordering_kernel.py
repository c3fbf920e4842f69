"""Replay order of rows that arrive in any order: counted into their books, then sorted within each."""

from typing import Any, Final, TypeAlias

import numpy as np

from dawsos.compute.compiling import njit_for_kernels, njit_for_python

Array: TypeAlias = Any
Whole: TypeAlias = Any

_SHORT: Final = 48


@njit_for_python(cache=True, error_model="numpy")
def is_in_order(book: Array, day: Array, sequence: Array) -> bool:
    """Whether rows already stand by (book, day, sequence)."""
    for at in range(1, len(book)):
        if book[at] != book[at - 1]:
            if book[at] < book[at - 1]:
                return False
        elif day[at] < day[at - 1] or (day[at] == day[at - 1] and sequence[at] < sequence[at - 1]):
            return False
    return True


@njit_for_python(cache=True, error_model="numpy")
def replay_order(book: Array, day: Array, sequence: Array, books: Whole) -> Array:
    """Row numbers in the order (book, day, sequence)."""
    ends = np.zeros(books + 1, dtype=np.int64)
    for each in book:
        ends[each + 1] += 1
    for index in range(books):
        ends[index + 1] += ends[index]
    order = np.empty(len(book), dtype=np.int32)
    days = np.empty(len(book), dtype=np.int32)
    numbers = np.empty(len(book), dtype=np.int64)
    next_free = ends[:-1].copy()
    for row in range(len(book)):
        at = next_free[book[row]]
        next_free[book[row]] = at + 1
        order[at] = row
        days[at] = day[row]
        numbers[at] = sequence[row]
    for index in range(books):
        _sort_book(order, days, numbers, ends[index], ends[index + 1])
    return order


@njit_for_kernels(cache=True, error_model="numpy")
def _sort_book(order: Array, days: Array, numbers: Array, start: Whole, end: Whole) -> None:
    if end - start > _SHORT:
        _sort_long_book(order, days, numbers, start, end)
        return
    for at in range(start + 1, end):
        row, day, number = order[at], days[at], numbers[at]
        back = at
        while back > start and (days[back - 1] > day or (days[back - 1] == day and numbers[back - 1] > number)):
            order[back], days[back], numbers[back] = order[back - 1], days[back - 1], numbers[back - 1]
            back -= 1
        order[back], days[back], numbers[back] = row, day, number


@njit_for_kernels(cache=True, error_model="numpy")
def _sort_long_book(order: Array, days: Array, numbers: Array, start: Whole, end: Whole) -> None:
    for at in range(start + 1, end):
        if days[at] < days[at - 1] or (days[at] == days[at - 1] and numbers[at] < numbers[at - 1]):
            by_number = np.argsort(numbers[start:end], kind="mergesort")
            by_day = np.argsort(days[start:end][by_number], kind="mergesort")
            order[start:end] = order[start:end][by_number][by_day]
            return
