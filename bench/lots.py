"""Exact FIFO lot matching of many books at once, against a Python loop over whole numbers and Beancount's booking (P6)."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bench.harness import Row, UnequalResults, arguments, compare, generator, measure, table, version_of
from dawsos.compute.ledger.arrays import BookArrays, Matched, MatchedInSum, Room, Side
from dawsos.compute.ledger.batch import match_lots, match_sales
from dawsos.kernel.ledger import LotMethod

UNIT = 10**8
SALES = 0.45

BOOKING = """
import json, sys, time
from collections import defaultdict
from beancount.core.data import Transaction
from beancount.parser import booking, parser
entries, errors, options = parser.parse_file(sys.argv[1])
assert not errors, errors[:3]
start = time.process_time()
booked, errors = booking.book(entries, options)
seconds = time.process_time() - start
assert not errors, errors[:3]
held = defaultdict(lambda: [0, 0])
for entry in booked:
    for posting in entry.postings if isinstance(entry, Transaction) else ():
        if posting.cost is not None:
            held[posting.account][0] += posting.units.number
            held[posting.account][1] += posting.units.number * posting.cost.number
print(json.dumps({"seconds": seconds, "held": {account: [str(q), str(c)] for account, (q, c) in held.items()}}))
"""


@dataclass
class Trades:
    """Rows of many books, grouped; whole numbers: days, 1e-8 steps, cents."""

    book: np.ndarray
    day: np.ndarray
    sequence: np.ndarray
    side: np.ndarray
    quantity: np.ndarray
    amount: np.ndarray

    def arrays(self, order: np.ndarray | None = None) -> BookArrays:
        columns = (self.book, self.day, self.sequence, self.side, self.quantity, self.amount)
        book, day, sequence, side, quantity, amount = columns if order is None else (np.ascontiguousarray(each[order]) for each in columns)
        return BookArrays(book=book, day=day, sequence=sequence, side=side, quantity=quantity, amount=amount, is_grouped=order is None)


def trades(rows: int, books: int) -> Trades:
    """Nearly half the rows sell a random part, up to 500 units, of what their book holds; the others buy 1 to 500 units."""
    random = generator()
    book = np.sort(random.integers(0, books, rows)).astype(np.int32)
    day = random.integers(0, 4, rows).cumsum().astype(np.int32)
    wants_to_sell, part = random.random(rows) < SALES, random.random(rows)
    quantity, side = random.integers(1, 501, rows) * UNIT, np.full(rows, Side.OPEN, dtype=np.int8)
    held, current = 0, -1
    for row in range(rows):
        if book[row] != current:
            current, held = book[row], 0
        if wants_to_sell[row] and held:
            quantity[row] = max(1, int(part[row] * min(held // UNIT, 500))) * UNIT
            side[row] = Side.CLOSE
            held -= int(quantity[row])
        else:
            held += int(quantity[row])
    amount = quantity // UNIT * random.integers(500, 50_000, rows)
    return Trades(book, day, np.arange(rows, dtype=np.int64), side, quantity, amount)


def sums_in_python(book: list, day: list, side: list, quantity: list, amount: list) -> tuple[list, ...]:
    """Every lot (row, units and cost left, day it closed) and the cost of every sale (row, cost)."""
    lot_row, open_units, open_cost, closed = [], [], [], []
    sale_row, sale_cost = [], []
    head, current, row = 0, -1, -1
    for this, today, kind, units, cents in zip(book, day, side, quantity, amount, strict=True):
        row += 1
        if this != current:
            current, head = this, len(open_units)
        if kind == 1:
            lot_row.append(row)
            open_units.append(units)
            open_cost.append(cents)
            closed.append(-1)
            continue
        cost = 0
        while units:
            held = open_units[head]
            if held <= units:
                cost += open_cost[head]
                open_units[head] = open_cost[head] = 0
                closed[head] = today
                head += 1
                units -= held  # noqa: PLW2901 - a tight loop
            else:
                part, rest = divmod(open_cost[head] * units, held)
                if 2 * rest > held or (2 * rest == held and part & 1):
                    part += 1
                open_units[head] = held - units
                open_cost[head] -= part
                cost += part
                break
        sale_row.append(row)
        sale_cost.append(cost)
    return lot_row, open_units, open_cost, closed, sale_row, sale_cost


def parts_in_python(book: list, day: list, side: list, quantity: list, amount: list) -> tuple[list, ...]:
    """Every lot (row, units and cost left, day it closed) and every part a sale closes (row, lot, units, cost, proceeds)."""
    lot_row, open_units, open_cost, closed = [], [], [], []
    rows, lots, taken_units, costs, proceeds = [], [], [], [], []
    head, current, row = 0, -1, -1
    for this, today, kind, units, cents in zip(book, day, side, quantity, amount, strict=True):
        row += 1
        if this != current:
            current, head = this, len(open_units)
        if kind == 1:
            lot_row.append(row)
            open_units.append(units)
            open_cost.append(cents)
            closed.append(-1)
            continue
        left, received = units, cents
        while left:
            held = open_units[head]
            if held <= left:
                taken, cost = held, open_cost[head]
            else:
                taken = left
                cost, rest = divmod(open_cost[head] * taken, held)
                if 2 * rest > held or (2 * rest == held and cost & 1):
                    cost += 1
            if taken == left:
                part = received
            else:
                part, rest = divmod(received * taken, left)
                if 2 * rest > left or (2 * rest == left and part & 1):
                    part += 1
            received -= part
            left -= taken
            open_units[head] = held - taken
            open_cost[head] -= cost
            rows.append(row)
            lots.append(head)
            taken_units.append(taken)
            costs.append(cost)
            proceeds.append(part)
            if taken == held:
                closed[head] = today
                head += 1
    return lot_row, open_units, open_cost, closed, rows, lots, taken_units, costs, proceeds


def columns_of(ours: Matched | MatchedInSum) -> tuple[np.ndarray, ...]:
    """Everything we computed, in the order of the loops in Python."""
    lots = (ours.lots.row, ours.lots.qty_open, ours.lots.cost, ours.lots.closed_day)
    if isinstance(ours, MatchedInSum):
        return *lots, ours.sales.row, ours.sales.cost
    parts = ours.disposals
    return *lots, parts.row, parts.lot, parts.quantity, parts.cost, parts.proceeds


def same(ours: Matched | MatchedInSum, theirs: tuple[list, ...]) -> bool:
    return all(np.array_equal(one, other) for one, other in zip(columns_of(ours), theirs, strict=True))


def grouped(rows: int, books: int, *, small: bool, rounds: int, goal: float | None) -> list[Row]:
    made = trades(rows, books)
    arrays, size, room = made.arrays(), f"{rows:,} rows, {books:,} books", Room()
    lists = [each.tolist() for each in (made.book, made.day, made.side, made.quantity, made.amount)]
    common = {"small": small, "rounds": rounds, "peer_name": "Python loop over ints", "clock": time.process_time}
    return [
        compare(
            "lots",
            f"{size}, cost per sale",
            lambda: match_sales(arrays, method=LotMethod.FIFO, room=room),
            lambda: sums_in_python(*lists),
            equal=same,
            note="grouped",
            **common,
        ),
        compare(
            "lots",
            f"{size}, every part",
            lambda: match_lots(arrays, method=LotMethod.FIFO, room=room),
            lambda: parts_in_python(*lists),
            goal=goal,
            equal=same,
            note="grouped",
            **common,
        ),
    ]


def shuffled(rows: int, books: int, *, small: bool, rounds: int) -> Row:
    made = trades(rows, books)
    order = generator(7).permutation(rows)
    arrays, room = made.arrays(order), Room()
    keys = list(zip(*(each[order].tolist() for each in (made.book, made.day, made.sequence)), strict=True))
    lists = [each[order].tolist() for each in (made.book, made.day, made.side, made.quantity, made.amount)]

    def in_python() -> tuple[list, ...]:
        replay_order = sorted(range(len(keys)), key=keys.__getitem__)
        found = parts_in_python(*([column[row] for row in replay_order] for column in lists))
        return [replay_order[row] for row in found[0]], *found[1:4], [replay_order[row] for row in found[4]], *found[5:]

    return compare(
        "lots",
        f"{rows:,} rows, {books:,} books, every part",
        lambda: match_lots(arrays, method=LotMethod.FIFO, room=room),
        in_python,
        peer_name="Python loop over ints",
        goal=4,
        equal=same,
        small=small,
        rounds=rounds,
        note="with the sort",
        clock=time.process_time,
    )


def beancount_text(made: Trades) -> str:
    lines = [f'2000-01-01 open Assets:B{book} "FIFO"' for book in range(int(made.book.max()) + 1)]
    lines += ["2000-01-01 open Assets:Cash", "2000-01-01 open Income:Gains"]
    days = np.datetime64("2000-01-02") + made.day.astype("timedelta64[D]")
    for book, day, side, quantity, amount in zip(made.book, days, made.side, made.quantity // UNIT, made.amount, strict=True):
        cash = f"{amount / 100:.2f} USD"
        if side == Side.OPEN:
            lines += [f'{day} * "buy"', f"  Assets:B{book} {quantity} X {{{{{cash}}}}}", f"  Assets:Cash -{cash}"]
        else:
            lines += [f'{day} * "sell"', f"  Assets:B{book} -{quantity} X {{}}", f"  Assets:Cash {cash}", "  Income:Gains"]
    return "\n".join(lines) + "\n"


def beancount_booking(made: Trades) -> tuple[float, dict[str, list[str]]]:
    """Seconds Beancount's booking takes, without its parsing, and what it then holds per book."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "trades.beancount"
        path.write_text(beancount_text(made), encoding="ascii")
        done = subprocess.run([sys.executable, "-c", BOOKING, str(path)], capture_output=True, text=True, check=True)
    result = json.loads(done.stdout)
    return result["seconds"], result["held"]


def against_beancount(rows: int, books: int, sample: tuple[int, int], *, small: bool, rounds: int) -> Row:
    made, few = trades(rows, books), trades(*sample)
    arrays, room = made.arrays(), Room()
    runs = [beancount_booking(few) for _ in range(1 if small else 3)]
    held, ours = runs[0][1], match_lots(few.arrays(), method=LotMethod.FIFO)
    for book in range(sample[1]):
        mine = np.flatnonzero(few.book[ours.lots.row] == book)
        quantity, cost = (float(each) for each in held[f"Assets:B{book}"])
        # Beancount does not round the cost it relieves: each part of a lot may leave half a cent.
        parts = np.isin(ours.disposals.lot, mine).sum()
        if quantity * UNIT != ours.lots.qty_open[mine].sum() or abs(cost * 100 - ours.lots.cost[mine].sum()) > 0.5 * parts + 0.01:
            raise UnequalResults(f"lots: book {book} differs from Beancount's.")
    our_seconds = measure(
        lambda: match_lots(arrays, method=LotMethod.FIFO, room=room), rounds=1 if small else rounds, clock=time.process_time
    )
    peer_seconds = sorted(seconds for seconds, _ in runs)[len(runs) // 2] * rows / sample[0]
    ratio = peer_seconds / our_seconds
    return {
        "benchmark": "lots",
        "size": f"{rows:,} rows, {books:,} books",
        "ours_seconds": our_seconds,
        "peer": "Beancount booking",
        "peer_version": version_of("beancount"),
        "peer_seconds": peer_seconds,
        "ratio": ratio,
        "goal": 5000,
        "goal_is": "at least",
        "met": None if small else ratio >= 5000,
        "equal": True,
        "note": f"every part; peer booked {sample[0]:,} rows in {sample[1]:,} books and is scaled; its parsing is not counted",
    }


def main(argv: Sequence[str]) -> list[Row]:
    options = arguments(argv, __doc__ or "")
    common = {"small": options.small, "rounds": options.rounds}
    if options.small:
        rows = [*grouped(5_000, 100, goal=40, **common), shuffled(5_000, 100, **common)]
        return [*rows, against_beancount(5_000, 100, (500, 10), **common)]
    return [
        *grouped(200_000, 4_000, goal=None, **common),
        *grouped(1_000_000, 20_000, goal=40, **common),
        shuffled(1_000_000, 20_000, **common),
        against_beancount(1_000_000, 20_000, (10_000, 200), **common),
    ]


if __name__ == "__main__":
    print(table(main(sys.argv[1:])))
