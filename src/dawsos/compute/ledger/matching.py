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
    Side,
)
from dawsos.compute.ledger.fifo_kernel import fifo_matcher
from dawsos.compute.ledger.kernel_columns import Lots, Parts, Refusals, Rows
from dawsos.compute.ledger.matching_kernel import FIFO, HIFO, LIFO, matcher
from dawsos.compute.ledger.ordering_kernel import is_in_order, replay_order
from dawsos.kernel.errors import Internal

_ABSENT64 = np.empty(0, dtype=np.int64)
_ABSENT32 = np.empty(0, dtype=np.int32)


def parts_of(books: BookArrays, method: int, *, at_exit_rate: bool) -> Matched:
    """Match ``books`` by the method of that number in :mod:`matching_kernel`, with every part of every lot."""
    done = _run(books, method, at_exit_rate=at_exit_rate, is_detailed=True)
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


def sums_of(books: BookArrays, method: int, *, at_exit_rate: bool) -> MatchedInSum:
    """As :func:`parts_of`, but one line per row that closes lots."""
    done = _run(books, method, at_exit_rate=at_exit_rate, is_detailed=False)
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


def _run(books: BookArrays, method: int, *, at_exit_rate: bool, is_detailed: bool) -> _Done:
    n, has_base = len(books.book), books.rate is not None
    is_plain = books.acquisition_day is None and books.split_from is None and books.currency is None
    opening = int((books.side == Side.OPEN).sum())
    # One place more than there can be lots and closing rows, because the plain loop writes before it knows where a row belongs.
    lots = _room_for_lots(opening + 1, has_base, is_plain, method)
    # Each part either closes a lot or finishes a row, so there are never more parts than rows.
    parts = _room_for_parts(n if is_detailed else n - opening, has_base, is_detailed)
    order, rows = _order(books), _rows(books)
    if method == FIFO and is_plain:
        return _run_plain(books, order, rows, lots, parts, opening, at_exit_rate=at_exit_rate, is_detailed=is_detailed)
    refusals = _room_for_refusals(_number_of(books))
    written = matcher(method, has_base, is_plain, is_detailed)(at_exit_rate, order, rows, lots, parts, refusals)
    return _Done(lots, written[0], parts, written[1], _refused(refusals, written[2]))


def _run_plain(
    books: BookArrays,
    order: npt.NDArray[np.int32],
    rows: Rows,
    lots: Lots,
    parts: Parts,
    opening: int,
    *,
    at_exit_rate: bool,
    is_detailed: bool,
) -> _Done:
    n, has_base = len(books.book), books.rate is not None
    sales = np.empty(n - opening + 1, dtype=np.int32)
    left_out = np.empty((_number_of(books), 2), dtype=np.int64)
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
    refusals = _room_for_refusals(len(left_out))
    lots = _room_for_lots(len(chosen) + 1, few.rate is not None, is_plain=False, method=FIFO)
    parts = _room_for_parts(len(chosen), few.rate is not None, is_detailed=True)
    if len(chosen):
        loop = matcher(FIFO, few.rate is not None, False, True)  # noqa: FBT003 - positions of a compiled loop
        refused = loop(at_exit_rate, _ABSENT32, _rows(few), lots, parts, refusals)[2]
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


def _room(size: int, *, is_used: bool = True, of: type[np.signedinteger] | type[np.floating] = np.int64) -> npt.NDArray[np.number]:
    return np.empty(size if is_used else 0, dtype=of)


def _room_for_lots(size: int, has_base: bool, is_plain: bool, method: int) -> Lots:
    has_queue = method in {LIFO, HIFO} or not is_plain
    return Lots(
        row=_room(size, of=np.int32),
        qty_open=_room(size),
        qty_original=_room(size, is_used=not is_plain),
        cost=_room(size),
        cost_base=_room(size, is_used=has_base),
        closed_day=_room(size, of=np.int32),
        acquired=_room(size, is_used=has_queue, of=np.int32),
        sequence=_room(size, is_used=has_queue),
        key=_room(size, is_used=method == HIFO, of=np.float64),
        queue=_room(size, is_used=has_queue, of=np.int32),
    )


def _room_for_parts(size: int, has_base: bool, is_detailed: bool) -> Parts:
    return Parts(
        row=_room(size, of=np.int32),
        lot=_room(size, is_used=is_detailed, of=np.int32),
        quantity=_room(size, is_used=is_detailed),
        cost=_room(size),
        proceeds=_room(size, is_used=is_detailed),
        cost_base=_room(size, is_used=has_base),
        proceeds_base=_room(size, is_used=has_base),
        gain_fx_base=_room(size, is_used=has_base),
    )


def _room_for_refusals(books: int) -> Refusals:
    return Refusals(
        book=_room(books, of=np.int32),
        row=_room(books, of=np.int32),
        reason=_room(books, of=np.int8),
        asked=_room(books),
        held=_room(books),
    )
