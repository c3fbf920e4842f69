"""Running the compiled matching loops: room for their results, and the results cut to size."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dawsos.compute.ledger.arrays import (
    BookArrays,
    Matched,
    MatchedDisposals,
    MatchedInSum,
    MatchedLots,
    MatchedSales,
    RefusedBooks,
    Room,
    Side,
)
from dawsos.compute.ledger.fifo_kernel import fifo_matcher
from dawsos.compute.ledger.kernel_columns import Lots, Parts, Refusals, Rows
from dawsos.compute.ledger.matching_kernel import FIFO, HIFO, LIFO, matcher
from dawsos.compute.ledger.ordering_kernel import is_in_order, replay_order
from dawsos.kernel.errors import Internal

_ABSENT64 = np.empty(0, dtype=np.int64)
_ABSENT32 = np.empty(0, dtype=np.int32)


def parts_of(books: BookArrays, method: int, room: Room, *, at_exit_rate: bool) -> Matched:
    """Match ``books`` by the method of that number in :mod:`matching_kernel`, with every part of every lot."""
    done = _run(books, method, room, at_exit_rate=at_exit_rate, is_detailed=True)
    has_base = books.rate is not None
    parts = Parts(*(column[: done.n_parts] for column in done.parts))
    return Matched(
        lots=done.matched_lots(),
        disposals=MatchedDisposals(
            row=parts.row,
            lot=parts.lot,
            quantity=parts.quantity,
            cost=parts.cost,
            proceeds=parts.proceeds,
            cost_base=parts.cost_base if has_base else None,
            proceeds_base=parts.proceeds_base if has_base else None,
            gain_fx_base=parts.gain_fx_base if has_base else None,
        ),
        refused=done.refused,
    )


def sums_of(books: BookArrays, method: int, room: Room, *, at_exit_rate: bool) -> MatchedInSum:
    """As :func:`parts_of`, but one line per row that closes lots."""
    done = _run(books, method, room, at_exit_rate=at_exit_rate, is_detailed=False)
    has_base = books.rate is not None
    parts = Parts(*(column[: done.n_parts] for column in done.parts))
    return MatchedInSum(
        lots=done.matched_lots(),
        sales=MatchedSales(
            row=parts.row,
            cost=parts.cost,
            cost_base=parts.cost_base if has_base else None,
            proceeds_base=parts.proceeds_base if has_base else None,
            gain_fx_base=parts.gain_fx_base if has_base else None,
        ),
        refused=done.refused,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Done:
    """What a loop wrote, and how much of it."""

    lots: Lots
    n_lots: int
    parts: Parts
    n_parts: int
    refused: RefusedBooks

    def matched_lots(self) -> MatchedLots:
        lots = Lots(*(column[: self.n_lots] for column in self.lots))
        return MatchedLots(
            row=lots.row,
            qty_open=lots.qty_open,
            qty_original=lots.qty_original if len(self.lots.qty_original) else None,
            cost=lots.cost,
            closed_day=lots.closed_day,
            cost_base=lots.cost_base if len(self.lots.cost_base) else None,
        )


def _run(books: BookArrays, method: int, room: Room, *, at_exit_rate: bool, is_detailed: bool) -> _Done:
    n, has_base = len(books.book), books.rate is not None
    is_plain = books.acquisition_day is None and books.split_from is None and books.currency is None
    opening = int(np.count_nonzero(books.side == Side.OPEN))
    # One place more than there can be lots and closing rows, because the plain loop writes before it knows where a row belongs.
    lots = _room_for_lots(room, opening + 1, has_base, is_plain, method)
    # Each part either closes a lot or finishes a row, so there are never more parts than rows.
    parts = _room_for_parts(room, n if is_detailed else n - opening, has_base, is_detailed)
    order, rows = _order(books), _rows(books)
    if method == FIFO and is_plain:
        return _run_plain(books, room, order, rows, lots, parts, at_exit_rate=at_exit_rate, is_detailed=is_detailed)
    refusals = _room_for_refusals(room, _number_of(books))
    written = matcher(method, is_plain)(at_exit_rate, has_base, is_detailed, order, rows, lots, parts, refusals)
    return _Done(lots, written[0], parts, written[1], _refused(refusals, written[2]))


def _run_plain(
    books: BookArrays,
    room: Room,
    order: npt.NDArray[np.int32],
    rows: Rows,
    lots: Lots,
    parts: Parts,
    *,
    at_exit_rate: bool,
    is_detailed: bool,
) -> _Done:
    has_base = books.rate is not None
    sales = room.column("sales", len(books.book) - len(lots.row) + 2, np.int32)
    left_out = room.column("left_out", 2 * _number_of(books), np.int64).reshape(-1, 2)
    n_lots, n_parts, n_left_out = fifo_matcher(has_base, is_detailed)(at_exit_rate, order, rows, lots, parts, sales, left_out)
    return _Done(lots, n_lots, parts, n_parts, _diagnosed(books, order, left_out[:n_left_out], at_exit_rate=at_exit_rate))


def _diagnosed(books: BookArrays, order: npt.NDArray[np.int32], left_out: npt.NDArray[np.int64], *, at_exit_rate: bool) -> RefusedBooks:
    """What is wrong with the books the plain loop left out, as the thorough loop sees it."""
    places: Sequence[npt.NDArray[np.int64]] = [np.arange(start, end) for start, end in left_out]
    place = np.concatenate(places) if places else np.empty(0, dtype=np.int64)
    chosen = order[place] if len(order) else place
    few = BookArrays(
        book=books.book[chosen],
        day=books.day[chosen],
        sequence=books.sequence[chosen],
        side=books.side[chosen],
        quantity=books.quantity[chosen],
        amount=books.amount[chosen],
        rate=None if books.rate is None else books.rate[chosen],
        is_grouped=True,
    )
    room = Room()
    refusals = _room_for_refusals(room, len(left_out))
    lots = _room_for_lots(room, len(chosen) + 1, few.rate is not None, is_plain=False, method=FIFO)
    parts = _room_for_parts(room, len(chosen), few.rate is not None, is_detailed=True)
    if len(chosen):
        loop, has_base, is_detailed = matcher(FIFO, is_plain=False), few.rate is not None, True
        refused = loop(at_exit_rate, has_base, is_detailed, _ABSENT32, _rows(few), lots, parts, refusals)[2]
        if refused != len(left_out):
            raise Internal(f"{len(left_out)} books were left out of matching and {refused} of them refused.")
        refusals.row[:] = chosen[refusals.row]
    return _refused(refusals, len(left_out))


def _refused(refusals: Refusals, size: int) -> RefusedBooks:
    return RefusedBooks(**{name: column[:size] for name, column in refusals._asdict().items()})


def _number_of(books: BookArrays) -> int:
    return int(books.book.max()) + 1 if len(books.book) else 0


def _order(books: BookArrays) -> npt.NDArray[np.int32]:
    if books.is_grouped or is_in_order(books.book, books.day, books.sequence):
        return _ABSENT32
    order: npt.NDArray[np.int32] = replay_order(books.book, books.day, books.sequence, _number_of(books))
    return order


def _rows(books: BookArrays) -> Rows:
    return Rows(
        book=books.book,
        day=books.day,
        sequence=books.sequence,
        side=books.side,
        quantity=books.quantity,
        amount=books.amount,
        rate=_ABSENT64 if books.rate is None else books.rate,
        acquisition_day=_ABSENT32 if books.acquisition_day is None else books.acquisition_day,
        split_from=_ABSENT64 if books.split_from is None else books.split_from,
        currency=_ABSENT32 if books.currency is None else books.currency,
    )


def _room_for_lots(room: Room, size: int, has_base: bool, is_plain: bool, method: int) -> Lots:
    has_queue = method in {LIFO, HIFO} or not is_plain
    queued = size if has_queue else 0
    return Lots(
        row=room.column("lots.row", size, np.int32),
        qty_open=room.column("lots.qty_open", size, np.int64),
        qty_original=room.column("lots.qty_original", 0 if is_plain else size, np.int64),
        cost=room.column("lots.cost", size, np.int64),
        cost_base=room.column("lots.cost_base", size if has_base else 0, np.int64),
        closed_day=room.column("lots.closed_day", size, np.int32),
        acquired=room.column("lots.acquired", queued, np.int32),
        sequence=room.column("lots.sequence", queued, np.int64),
        key=room.column("lots.key", size if method == HIFO else 0, np.float64),
        queue=room.column("lots.queue", queued, np.int32),
    )


def _room_for_parts(room: Room, size: int, has_base: bool, is_detailed: bool) -> Parts:
    detailed, based = size if is_detailed else 0, size if has_base else 0
    return Parts(
        row=room.column("parts.row", size, np.int32),
        lot=room.column("parts.lot", detailed, np.int32),
        quantity=room.column("parts.quantity", detailed, np.int64),
        cost=room.column("parts.cost", size, np.int64),
        proceeds=room.column("parts.proceeds", detailed, np.int64),
        cost_base=room.column("parts.cost_base", based, np.int64),
        proceeds_base=room.column("parts.proceeds_base", based, np.int64),
        gain_fx_base=room.column("parts.gain_fx_base", based, np.int64),
    )


def _room_for_refusals(room: Room, books: int) -> Refusals:
    return Refusals(
        book=room.column("refused.book", books, np.int32),
        row=room.column("refused.row", books, np.int32),
        reason=room.column("refused.reason", books, np.int8),
        asked=room.column("refused.asked", books, np.int64),
        held=room.column("refused.held", books, np.int64),
    )
