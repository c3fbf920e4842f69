"""The open lots of one book in compiled code: a list by age, or a heap with the dearest lot on top."""

from typing import Any, TypeAlias

from dawsos.compute.compiling import njit_for_kernels
from dawsos.compute.ledger.integers import ratio_order

Array: TypeAlias = Any
Whole: TypeAlias = Any

_DOUBT: float = 1e-12


@njit_for_kernels(cache=True, error_model="numpy")
def _is_older(one: Whole, other: Whole, acquired: Array, sequence: Array) -> bool:
    if acquired[one] != acquired[other]:
        return bool(acquired[one] < acquired[other])
    return bool(sequence[one] < sequence[other])


@njit_for_kernels(cache=True, error_model="numpy")
def _is_dearer(one: Whole, other: Whole, key: Array, cost: Array, qty_open: Array, acquired: Array, sequence: Array) -> bool:
    difference = key[one] - key[other]
    if abs(difference) > _DOUBT * key[one]:
        return bool(difference > 0)
    order = ratio_order(cost[one], qty_open[one], cost[other], qty_open[other])
    return bool(order > 0 or (order == 0 and _is_older(one, other, acquired, sequence)))


@njit_for_kernels(cache=True, error_model="numpy")
def sift_down(heap: Array, at: Whole, size: Whole, key: Array, cost: Array, qty_open: Array, acquired: Array, sequence: Array) -> None:
    """Restore ``heap[:size]``, dearest lot first, when the lot at ``at`` may have become cheaper than those below it.

    ``key`` is nearly the cost per unit; it decides all comparisons but those of almost equal lots.
    """
    item = heap[at]
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and _is_dearer(heap[child + 1], heap[child], key, cost, qty_open, acquired, sequence):
            child += 1
        if not _is_dearer(heap[child], item, key, cost, qty_open, acquired, sequence):
            break
        heap[at] = heap[child]
        at = child
    heap[at] = item


@njit_for_kernels(cache=True, error_model="numpy")
def sift_up(heap: Array, at: Whole, key: Array, cost: Array, qty_open: Array, acquired: Array, sequence: Array) -> None:
    """Restore the heap after a lot was put at its end, ``at``."""
    item = heap[at]
    while at > 0:
        parent = (at - 1) // 2
        if not _is_dearer(item, heap[parent], key, cost, qty_open, acquired, sequence):
            break
        heap[at] = heap[parent]
        at = parent
    heap[at] = item


@njit_for_kernels(cache=True, error_model="numpy")
def insert_by_age(queue: Array, head: Whole, tail: Whole, lot: Whole, acquired: Array, sequence: Array) -> None:
    """Put ``lot`` where its age belongs in ``queue[head:tail]``, which becomes one longer; nearly always at the end."""
    at = tail
    while at > head and _is_older(lot, queue[at - 1], acquired, sequence):
        queue[at] = queue[at - 1]
        at -= 1
    queue[at] = lot


@njit_for_kernels(cache=True, error_model="numpy")
def by_age(heap: Array, acquired: Array, sequence: Array) -> Array:
    """The lots of a heap, oldest first."""
    ordered = heap.copy()
    for index in range(1, len(ordered)):
        insert_by_age(ordered, 0, index, ordered[index], acquired, sequence)
    return ordered
