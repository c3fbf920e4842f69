"""The compiled loop for the plainest and commonest books: FIFO, one currency a book, no splits, no earlier acquisition dates.

Each book is walked twice: first its rows are sorted into lots and sales without a branch, which is what costs most when nobody can
predict whether the next row buys or sells; then the sales take the lots. A book with anything wrong in it is left to
:mod:`matching_kernel`, which says what. As there, clear ``__pycache__`` after changing ``integers.py``.
"""

from collections.abc import Callable
from functools import cache
from typing import Final

import numpy as np

from dawsos.compute.compiling import njit_for_python
from dawsos.compute.ledger.integers import RATE_STEPS, rounded_product, signed_product
from dawsos.compute.ledger.kernel_columns import BROKEN, CLOSE, LIMIT, OPEN, Array, Lots, Parts, Rows, Whole
from dawsos.compute.ledger.kernel_gains import currency_gain

_ONE: Final = np.uint64(1)


@cache
def fifo_matcher(has_base: bool, is_detailed: bool) -> Callable[..., tuple[int, int, int]]:
    """The loop compiled with or without base currency, for every part of a lot or only for every row that closes some.

    The loop takes ``at_exit_rate``, the replay ``order`` of the rows (empty when they already stand in it), the rows and the room for its
    results, which needs one place more than there are lots, and one more than there are closing rows in ``sales``. It returns how many
    lots and parts it wrote and how many books it left out; ``left_out[k]`` is where the k-th of them starts and ends in the order.
    """

    @njit_for_python(cache=True, error_model="numpy")
    def match(
        at_exit_rate: Whole, order: Array, rows: Rows, lots: Lots, parts: Parts, sales: Array, left_out: Array
    ) -> tuple[Whole, Whole, Whole]:
        books, day, _, side, quantity, amount, rate, _, _, _ = rows
        lot_row, qty_open, _, lot_cost, lot_cost_base, closed_day, _, _, _, _ = lots
        p_row, p_lot, p_quantity, p_cost, p_proceeds, p_cost_base, p_proceeds_base, p_gain_fx_base = parts
        is_direct = len(order) == 0
        n, at, n_left_out = len(books), 0, 0
        n_lots, n_parts = np.uint64(0), np.uint64(0)
        while at < n:
            book = books[np.uint64(at) if is_direct else np.uint64(order[at])]
            start, first_lot, first_part, n_sales = at, n_lots, n_parts, np.uint64(0)
            position, bought, bought_base = np.int64(0), np.int64(0), np.int64(0)
            # Numbers that must lie in [0, 2**62) are or-ed together: a bit above that shows that one of them does not.
            bits = np.int64(0)
            while at < n:
                row = np.uint64(at) if is_direct else np.uint64(order[at])
                if books[row] != book:
                    break
                at += 1
                units, cents, is_open = quantity[row], amount[row], side[row] == OPEN
                position += units if is_open else -units
                bought += cents if is_open else 0
                bits |= (units - 1) | position | bought | (cents ^ (cents >> 63)) | (cents if is_open else 0)
                lot_row[n_lots], qty_open[n_lots], lot_cost[n_lots], closed_day[n_lots] = row, units, cents, -1
                if has_base:
                    cost_base = rounded_product(cents if is_open else np.int64(0), rate[row], RATE_STEPS)
                    lot_cost_base[n_lots] = cost_base
                    bought_base += cost_base
                    bits |= (rate[row] - 1) | cost_base | bought_base
                sales[n_sales] = row
                n_lots += np.uint64(is_open)
                n_sales += np.uint64(not is_open)
            is_wrong = (bits >> 62) != 0
            head = first_lot
            for sale in range(0 if is_wrong else np.int64(n_sales)):
                row = np.uint64(sales[np.uint64(sale)])
                left, today = quantity[row], day[row]
                proceeds, proceeds_base, exit_rate = np.int64(0), np.int64(0), np.int64(0)
                is_sale = side[row] == CLOSE
                if (is_detailed or has_base) and is_sale:
                    proceeds = amount[row]
                if has_base:
                    exit_rate = rate[row]
                    proceeds_base = signed_product(proceeds, exit_rate, RATE_STEPS)
                    is_wrong |= (proceeds_base == BROKEN) | (abs(proceeds_base) >= LIMIT)
                all_cost, all_base, all_proceeds_base, all_fx = np.int64(0), np.int64(0), proceeds_base, np.int64(0)
                is_last = False
                while not is_last:
                    open_units, open_cost = qty_open[head], lot_cost[head]
                    is_last = open_units >= left
                    taken = left if is_last else open_units
                    cost = rounded_product(open_cost, left, open_units) if is_last else open_cost
                    is_closed = taken == open_units
                    qty_open[head] = open_units - taken
                    lot_cost[head] = open_cost - cost
                    closed_day[head] = today if is_closed else -1
                    all_cost += cost
                    if is_detailed or has_base:
                        part = proceeds if is_last else signed_product(proceeds, taken, left)
                        proceeds -= part
                    if has_base:
                        whole = lot_cost_base[head]
                        cost_base = rounded_product(whole, taken, open_units) if is_last else whole
                        lot_cost_base[head] = whole - cost_base
                        part_base = proceeds_base if is_last else signed_product(proceeds_base, taken, left)
                        proceeds_base -= part_base
                        fx = np.int64(0)
                        if is_sale:
                            fx = currency_gain(at_exit_rate, part, exit_rate, cost, cost_base, rate[lot_row[head]])
                            is_wrong |= fx == BROKEN
                        all_base += cost_base
                        all_fx += fx
                    if is_detailed:
                        p_row[n_parts], p_lot[n_parts], p_quantity[n_parts] = row, head, taken
                        p_cost[n_parts], p_proceeds[n_parts] = cost, part
                        if has_base:
                            p_cost_base[n_parts], p_proceeds_base[n_parts], p_gain_fx_base[n_parts] = cost_base, part_base, fx
                        n_parts += _ONE
                    left -= taken
                    head += np.uint64(is_closed)
                if not is_detailed:
                    p_row[n_parts], p_cost[n_parts] = row, all_cost
                    if has_base:
                        p_cost_base[n_parts], p_proceeds_base[n_parts], p_gain_fx_base[n_parts] = all_base, all_proceeds_base, all_fx
                    n_parts += _ONE
            if is_wrong:
                n_lots, n_parts = first_lot, first_part
                left_out[n_left_out, 0], left_out[n_left_out, 1] = start, at
                n_left_out += 1
        return np.int64(n_lots), np.int64(n_parts), n_left_out

    compiled: Callable[..., tuple[int, int, int]] = match
    return compiled
