"""Exact lot matching for many books at once; equal, to the unit, to replaying each of them."""

from typing import Final

import numpy as np

from dawsos.compute.ledger.arrays import BookArrays, Matched, MatchedInSum, Room, Side
from dawsos.compute.ledger.conventions import GainSplit
from dawsos.kernel.errors import Invalid
from dawsos.kernel.ledger import LotMethod

_NUMBERS: Final = {LotMethod.FIFO: 0, LotMethod.LIFO: 1, LotMethod.HIFO: 2, LotMethod.AVERAGE: 3}


def match_lots(books: BookArrays, *, method: LotMethod, gain_split: GainSplit = GainSplit.ENTRY_RATE, room: Room | None = None) -> Matched:
    """Open and close lots for every book of ``books``, by the rules of :func:`dawsos.compute.ledger.replay.replay`.

    Whole-number arithmetic throughout; every relieved cost is ``cost × quantity / qty_open`` rounded once, half to even, from a product
    of 128 bits. Rows are replayed by (book, day, sequence); they are sorted first unless they stand so or ``books.is_grouped`` says it.
    FIFO, LIFO and AVERAGE cost one step per row and part, HIFO a heap's. A book that cannot have happened as booked is returned in
    ``refused`` and does not disturb the others.

    Whoever matches batch after batch gives them one ``room``; the result is then good until the next.

    SPECIFIC names lots by transaction and is :func:`replay`'s alone; asking for it raises :class:`Invalid`. The first call in a fresh
    installation compiles for some seconds and keeps the result on disk; :func:`warm_up` does it at a time of your choosing.
    """
    number = _number(method)
    # The compiler takes a second to import, and most processes never match a batch.
    from dawsos.compute.ledger.matching import parts_of  # noqa: PLC0415

    return parts_of(books, number, room or Room(), at_exit_rate=gain_split is GainSplit.COST_AT_EXIT_RATE)


def match_sales(
    books: BookArrays, *, method: LotMethod, gain_split: GainSplit = GainSplit.ENTRY_RATE, room: Room | None = None
) -> MatchedInSum:
    """As :func:`match_lots`, without saying which lots each row closed: one line, the sum, per CLOSE or CARRY_OUT row.

    Less than half the memory, for where open lots and realised results are all that is wanted.
    """
    number = _number(method)
    from dawsos.compute.ledger.matching import sums_of  # noqa: PLC0415 - as above

    return sums_of(books, number, room or Room(), at_exit_rate=gain_split is GainSplit.COST_AT_EXIT_RATE)


def _number(method: LotMethod) -> int:
    if method not in _NUMBERS:
        raise Invalid("Lots named one by one cannot be matched in a batch.", remedy="Use replay for portfolios whose method is SPECIFIC.")
    return _NUMBERS[method]


def warm_up(*methods: LotMethod) -> None:
    """Compile the loops for ``methods`` (FIFO if none), or load what was compiled before, so that the next batch runs at full speed."""
    one, zero = np.ones(1, dtype=np.int64), np.zeros(1, dtype=np.int32)
    side = np.full(1, Side.OPEN, dtype=np.int8)
    for rate in (None, one):
        for split_from in (None, one):
            rows = BookArrays(book=zero, day=zero, sequence=one, side=side, quantity=one, amount=one, rate=rate, split_from=split_from)
            for method in methods or (LotMethod.FIFO,):
                match_lots(rows, method=method)
