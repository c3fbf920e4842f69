"""The compiled loop over the rows of many lot books. Import it only where it runs: it brings the compiler with it.

Each method is compiled by itself, for plain books and for all others, at its first use, and kept on disk; so the loop carries few
decisions that are the same for every row. Numba looks only at this file to tell whether what it kept is current: clear
``__pycache__`` after changing ``integers.py`` or ``heap_kernel.py``.
"""

from collections.abc import Callable
from functools import cache
from typing import Final

import numpy as np

from dawsos.compute.compiling import njit_for_kernels, njit_for_python
from dawsos.compute.ledger.heap_kernel import by_age, insert_by_age, sift_down, sift_up
from dawsos.compute.ledger.integers import OVERFLOW, RATE_STEPS, divided_product, rounded_product, signed_product
from dawsos.compute.ledger.kernel_columns import BROKEN, CARRY_OUT, CLOSE, LIMIT, OPEN, Array, Lots, Parts, Refusals, Rows, Whole
from dawsos.compute.ledger.kernel_gains import currency_gain

FIFO: Final = 0
LIFO: Final = 1
HIFO: Final = 2
AVERAGE: Final = 3


_MORE_THAN_HELD: Final = 1
_NOT_POSITIVE: Final = 2
_TOO_LARGE: Final = 3
_SPLIT_TO_NOTHING: Final = 4
_OTHER_CURRENCY: Final = 5
_NO_RATE: Final = 6


@njit_for_kernels(cache=True, error_model="numpy")
def _apportion(total: Whole, weights: Array) -> Array:
    """``total`` over ``weights`` by largest remainder, earlier weights first among equals."""
    whole = np.int64(0)
    for weight in weights:
        whole += weight
    parts = np.empty(len(weights), dtype=np.int64)
    lacking = np.empty(len(weights), dtype=np.int64)
    spare = total
    for index in range(len(weights)):
        quotient, rest = divided_product(total, weights[index], whole)
        parts[index], lacking[index] = quotient, -rest
        spare -= quotient
    if spare > 0:
        for index in np.argsort(lacking, kind="mergesort")[:spare]:
            parts[index] += 1
    return parts


@njit_for_kernels(cache=True, error_model="numpy")
def _split(open_lots: Array, position: Whole, split_from: Whole, split_to: Whole, qty_open: Array, qty_original: Array) -> Whole:
    """Scale the quantities of ``open_lots``, oldest first; the new position, OVERFLOW, or 0 when a lot would round to nothing."""
    after = rounded_product(position, split_to, split_from)
    if after == OVERFLOW or after >= LIMIT:
        return np.int64(OVERFLOW)
    parts = _apportion(after, qty_open[open_lots])
    for part in parts:
        if part == 0:
            return np.int64(0)
    for index in range(len(open_lots)):
        lot = open_lots[index]
        sold = rounded_product(qty_original[lot] - qty_open[lot], split_to, split_from)
        if sold == OVERFLOW or sold >= LIMIT:
            return np.int64(OVERFLOW)
        qty_original[lot] = parts[index] + sold
        qty_open[lot] = parts[index]
    return after


@njit_for_kernels(cache=True, error_model="numpy")
def _settle(open_lots: Array, pool: Whole, qty_open: Array, cost: Array) -> None:
    """Share the pool over the lots that are left."""
    parts = _apportion(pool, qty_open[open_lots])
    for index in range(len(open_lots)):
        cost[open_lots[index]] = parts[index]


@cache
def matcher(method: int, is_plain: bool) -> Callable[..., tuple[int, int, int]]:
    """The loop compiled for ``method``. ``is_plain``: no splits, no other acquisition dates or currencies.

    The loop takes ``at_exit_rate``, ``has_base`` (whether there are rates to a base currency), ``is_detailed`` (a result for every part of
    a lot, not just one for every row that closes some), the replay ``order`` of the rows (empty when they already stand in it), the rows,
    and the room for its results; it returns how many lots, parts and refusals it wrote.
    """
    has_queue = method in {LIFO, HIFO} or not is_plain
    is_average, is_lifo, is_hifo = method == AVERAGE, method == LIFO, method == HIFO

    @njit_for_python(cache=True, error_model="numpy")
    def match(
        at_exit_rate: Whole, has_base: bool, is_detailed: bool, order: Array, rows: Rows, lots: Lots, parts: Parts, refusals: Refusals
    ) -> tuple[Whole, Whole, Whole]:
        # Fields are taken out once: reaching into the tuples inside the loop would count references there.
        books, day, sequence, side, quantity, amount, rate, acquisition_day, split_from, currency = rows
        lot_row, qty_open, qty_original, lot_cost, lot_cost_base, closed_day, acquired, lot_sequence, key, queue = lots
        p_row, p_lot, p_quantity, p_cost, p_proceeds, p_cost_base, p_proceeds_base, p_gain_fx_base = parts
        # Indices are unsigned, which spares the compiled code a test for negative ones at every access.
        is_direct = len(order) == 0
        has_currency, has_acquired = len(currency) > 0, len(acquisition_day) > 0
        n, at = len(books), 0
        n_lots, n_parts, n_refused = np.int64(0), np.int64(0), np.int64(0)
        while at < n:
            wrong = np.uint64(at) if is_direct else np.uint64(order[at])
            book = books[wrong]
            first_lot, first_part = n_lots, n_parts
            head, tail = first_lot, first_lot  # the open lots are queue[head:tail], or head … tail − 1 themselves without a queue
            position, pool, pool_base = np.int64(0), np.int64(0), np.int64(0)
            bought, bought_base = np.int64(0), np.int64(0)
            held_currency = np.int32(-1)
            reason, asked, held = 0, np.int64(0), np.int64(0)
            while at < n:
                row = np.uint64(at) if is_direct else np.uint64(order[at])
                if books[row] != book:
                    break
                at += 1
                if reason != 0:
                    continue
                wrong = row
                kind, units = side[row], quantity[row]
                asked, held = units, position
                if units <= 0 or units >= LIMIT:
                    reason = _NOT_POSITIVE if units <= 0 else _TOO_LARGE
                    continue
                if has_base and kind <= CARRY_OUT and (rate[row] <= 0 or rate[row] > LIMIT):
                    reason = _NO_RATE if rate[row] <= 0 else _TOO_LARGE
                    continue
                if not is_plain and has_currency and kind <= CARRY_OUT and position > 0 and currency[row] != held_currency:
                    reason = _OTHER_CURRENCY
                    continue
                if kind == OPEN:
                    cost = amount[row]
                    cost_base = rounded_product(cost, rate[row], RATE_STEPS) if has_base and cost >= 0 else np.int64(0)
                    position += units
                    bought += cost
                    bought_base += cost_base
                    if cost < 0 or cost_base < 0 or max(cost, position, bought, bought_base) >= LIMIT:
                        reason = _TOO_LARGE
                        continue
                    pool += cost
                    pool_base += cost_base
                    lot = np.uint64(n_lots)
                    n_lots += 1
                    lot_row[lot] = row
                    qty_open[lot] = units
                    lot_cost[lot] = cost
                    closed_day[lot] = -1
                    if has_base:
                        lot_cost_base[lot] = cost_base
                    if not is_plain:
                        qty_original[lot] = units
                        if has_currency:
                            held_currency = currency[row]
                    if has_queue:
                        queue[tail] = lot
                        acquired[lot] = acquisition_day[row] if not is_plain and has_acquired else day[row]
                        lot_sequence[lot] = sequence[row]
                    if is_hifo:
                        key[lot] = np.float64(lot_cost[lot]) / np.float64(qty_open[lot])
                        sift_up(queue[head:], tail - head, key, lot_cost, qty_open, acquired, lot_sequence)
                    elif has_queue and not is_plain:
                        insert_by_age(queue, head, tail, lot, acquired, lot_sequence)
                    tail += 1
                elif kind > CARRY_OUT:
                    if is_plain or split_from[row] <= 0:
                        reason = _NOT_POSITIVE
                        continue
                    if position == 0:
                        continue
                    open_lots = by_age(queue[head:tail], acquired, lot_sequence) if is_hifo else queue[head:tail].copy()
                    after = _split(open_lots, position, split_from[row], units, qty_open, qty_original)
                    if after <= 0:
                        reason = _TOO_LARGE if after < 0 else _SPLIT_TO_NOTHING
                        continue
                    position = after
                    if is_hifo:
                        for lot in open_lots:
                            key[lot] = np.float64(lot_cost[lot]) / np.float64(qty_open[lot])
                        for index in range((tail - head) // 2 - 1, -1, -1):
                            sift_down(queue[head:], index, tail - head, key, lot_cost, qty_open, acquired, lot_sequence)
                else:
                    is_sale = kind == CLOSE
                    proceeds = amount[row] if is_sale else np.int64(0)
                    proceeds_base = signed_product(proceeds, rate[row], RATE_STEPS) if has_base else np.int64(0)
                    if units > position:
                        reason = _MORE_THAN_HELD
                        continue
                    if max(amount[row], proceeds_base) >= LIMIT or amount[row] < -LIMIT or proceeds_base <= -LIMIT:
                        reason = _TOO_LARGE
                        continue
                    cost_left, base_left = np.int64(0), np.int64(0)
                    if is_average:
                        cost_left = pool if units == position else rounded_product(pool, units, position)
                        if has_base:
                            base_left = pool_base if units == position else rounded_product(pool_base, units, position)
                    position -= units
                    left = units
                    all_cost, all_base, all_proceeds_base, all_fx = np.int64(0), np.int64(0), proceeds_base, np.int64(0)
                    slot = np.uint64(n_parts)
                    while left > 0:
                        lot = np.uint64(queue[tail - 1 if is_lifo else head]) if has_queue else np.uint64(head)
                        open_units = qty_open[lot]
                        is_closed, is_last = open_units <= left, open_units >= left
                        taken = min(open_units, left)
                        if is_average:
                            cost = cost_left if is_last else rounded_product(cost_left, taken, left)
                            cost_left -= cost
                            lot_cost[lot] = 0
                        else:
                            cost = lot_cost[lot] if is_closed else rounded_product(lot_cost[lot], taken, open_units)
                            lot_cost[lot] -= cost
                        pool -= cost
                        if is_detailed or has_base:
                            part = proceeds if is_last else signed_product(proceeds, taken, left)
                            proceeds -= part
                        if has_base:
                            if is_average:
                                cost_base = base_left if is_last else rounded_product(base_left, taken, left)
                                base_left -= cost_base
                                lot_cost_base[lot] = 0
                            else:
                                whole = lot_cost_base[lot]
                                cost_base = whole if is_closed else rounded_product(whole, taken, open_units)
                                lot_cost_base[lot] = whole - cost_base
                            pool_base -= cost_base
                            part_base = proceeds_base if is_last else signed_product(proceeds_base, taken, left)
                            proceeds_base -= part_base
                            fx = np.int64(0)
                            if is_sale:
                                fx = currency_gain(at_exit_rate, part, rate[row], cost, cost_base, rate[lot_row[lot]])
                                if fx == BROKEN:
                                    reason = _TOO_LARGE
                        if is_detailed:
                            slot = np.uint64(n_parts)
                            n_parts += 1
                            p_row[slot] = row
                            p_lot[slot] = lot
                            p_quantity[slot] = taken
                            p_cost[slot] = cost
                            p_proceeds[slot] = part
                            if has_base:
                                p_cost_base[slot] = cost_base
                                p_proceeds_base[slot] = part_base
                                p_gain_fx_base[slot] = fx
                        else:
                            all_cost += cost
                            if has_base:
                                all_base += cost_base
                                all_fx += fx
                        left -= taken
                        qty_open[lot] = open_units - taken
                        if is_closed:
                            closed_day[lot] = day[row]
                            if is_lifo:
                                tail -= 1
                            elif is_hifo:
                                tail -= 1
                                queue[head] = queue[tail]
                                sift_down(queue[head:], 0, tail - head, key, lot_cost, qty_open, acquired, lot_sequence)
                            else:
                                head += 1
                        elif is_hifo:
                            key[lot] = np.float64(lot_cost[lot]) / np.float64(qty_open[lot])
                            sift_down(queue[head:], 0, tail - head, key, lot_cost, qty_open, acquired, lot_sequence)
                    if not is_detailed:
                        n_parts += 1
                        p_row[slot] = row
                        p_cost[slot] = all_cost
                        if has_base:
                            p_cost_base[slot] = all_base
                            p_proceeds_base[slot] = all_proceeds_base
                            p_gain_fx_base[slot] = all_fx
            if reason != 0:
                n_lots, n_parts = first_lot, first_part
                refusals.book[n_refused] = book
                refusals.row[n_refused] = wrong
                refusals.reason[n_refused] = reason
                refusals.asked[n_refused] = asked
                refusals.held[n_refused] = held
                n_refused += 1
            elif is_average and tail > head:
                open_lots = queue[head:tail].astype(np.int64) if has_queue else np.arange(head, tail)
                _settle(open_lots, pool, qty_open, lot_cost)
                if has_base:
                    _settle(open_lots, pool_base, qty_open, lot_cost_base)
        return n_lots, n_parts, n_refused

    compiled: Callable[..., tuple[int, int, int]] = match
    return compiled
