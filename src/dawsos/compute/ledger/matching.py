"""Running the compiled matching loop: room for its results, and the results cut to size."""

import numpy as np
import numpy.typing as npt

from dawsos.compute.ledger.arrays import BookArrays, Matched, MatchedDisposals, MatchedLots, RefusedBooks, Side
from dawsos.compute.ledger.matching_kernel import HIFO, LIFO, Lots, Parts, Refusals, Rows, matcher
from dawsos.compute.ledger.ordering_kernel import is_in_order, replay_order

_ABSENT64 = np.empty(0, dtype=np.int64)
_ABSENT32 = np.empty(0, dtype=np.int32)


def run(books: BookArrays, method: int, *, at_exit_rate: bool, is_detailed: bool) -> Matched:
    """Match ``books`` by the method of that number in :mod:`matching_kernel`."""
    has_base = books.rate is not None
    is_plain = books.acquisition_day is None and books.split_from is None and books.currency is None
    opening = int((books.side == Side.OPEN).sum())
    lots = _room_for_lots(opening, has_base, is_plain, method)
    # Each part either closes a lot or finishes a row, so there are never more parts than rows.
    parts = _room_for_parts(len(books.book) if is_detailed else len(books.book) - opening, has_base)
    refusals = _room_for_refusals(int(books.book.max()) + 1 if len(books.book) else 0)
    written = matcher(method, has_base, is_plain, is_detailed)(at_exit_rate, _order(books), _rows(books), lots, parts, refusals)
    n_lots, n_parts, n_refused = written
    return Matched(
        lots=MatchedLots(
            row=lots.row[:n_lots],
            qty_open=lots.qty_open[:n_lots],
            qty_original=None if is_plain else lots.qty_original[:n_lots],
            cost=lots.cost[:n_lots],
            closed_day=lots.closed_day[:n_lots],
            cost_base=lots.cost_base[:n_lots] if has_base else None,
        ),
        disposals=_disposals(parts, n_parts, has_base),
        refused=RefusedBooks(**{name: column[:n_refused] for name, column in refusals._asdict().items()}),
    )


def _disposals(parts: Parts, size: int, has_base: bool) -> MatchedDisposals:
    return MatchedDisposals(
        row=parts.row[:size],
        lot=parts.lot[:size],
        quantity=parts.quantity[:size],
        cost=parts.cost[:size],
        proceeds=parts.proceeds[:size],
        cost_base=parts.cost_base[:size] if has_base else None,
        proceeds_base=parts.proceeds_base[:size] if has_base else None,
        gain_fx_base=parts.gain_fx_base[:size] if has_base else None,
    )


def _order(books: BookArrays) -> npt.NDArray[np.int32]:
    if books.is_grouped or is_in_order(books.book, books.day, books.sequence):
        return _ABSENT32
    order: npt.NDArray[np.int32] = replay_order(books.book, books.day, books.sequence, int(books.book.max()) + 1)
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


def _room(size: int, *, is_used: bool, of: type[np.signedinteger] | type[np.floating] = np.int64) -> npt.NDArray[np.number]:
    return np.empty(size if is_used else 0, dtype=of)


def _room_for_lots(size: int, has_base: bool, is_plain: bool, method: int) -> Lots:
    has_queue = method in {LIFO, HIFO} or not is_plain
    return Lots(
        row=_room(size, is_used=True, of=np.int32),
        qty_open=_room(size, is_used=True),
        qty_original=_room(size, is_used=not is_plain),
        cost=_room(size, is_used=True),
        cost_base=_room(size, is_used=has_base),
        closed_day=_room(size, is_used=True, of=np.int32),
        acquired=_room(size, is_used=has_queue, of=np.int32),
        sequence=_room(size, is_used=has_queue),
        key=_room(size, is_used=method == HIFO, of=np.float64),
        queue=_room(size, is_used=has_queue, of=np.int32),
    )


def _room_for_parts(size: int, has_base: bool) -> Parts:
    return Parts(
        row=_room(size, is_used=True, of=np.int32),
        lot=_room(size, is_used=True, of=np.int32),
        quantity=_room(size, is_used=True),
        cost=_room(size, is_used=True),
        proceeds=_room(size, is_used=True),
        cost_base=_room(size, is_used=has_base),
        proceeds_base=_room(size, is_used=has_base),
        gain_fx_base=_room(size, is_used=has_base),
    )


def _room_for_refusals(books: int) -> Refusals:
    return Refusals(
        book=_room(books, is_used=True, of=np.int32),
        row=_room(books, is_used=True, of=np.int32),
        reason=_room(books, is_used=True, of=np.int8),
        asked=_room(books, is_used=True),
        held=_room(books, is_used=True),
    )
