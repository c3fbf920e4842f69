"""Many lot books as columns of whole numbers: the input and output of exact batch matching."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from dawsos.kernel.errors import Invalid

Int64 = npt.NDArray[np.int64]
Int32 = npt.NDArray[np.int32]
Int8 = npt.NDArray[np.int8]


class Side(IntEnum):
    """What a row does to its book."""

    OPEN = 1
    CLOSE = 2
    CARRY_OUT = 3
    SPLIT = 4


class Refusal(IntEnum):
    """Why a book was refused."""

    MORE_THAN_HELD = 1
    NOT_POSITIVE = 2
    TOO_LARGE = 3
    SPLIT_TO_NOTHING = 4
    OTHER_CURRENCY = 5
    NO_RATE = 6


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class BookArrays:
    """N rows of many books; a book is one security in one portfolio, numbered from 0.

    Quantities are in 1e-8 steps, money in cents, rates in 1e-8, days in day numbers; all whole numbers below 2**62.

    - OPEN: ``quantity`` > 0 at total cost ``amount`` ≥ 0. CLOSE: ``quantity`` > 0 for net proceeds ``amount``, of either sign.
      CARRY_OUT: ``quantity`` > 0 leaves with its cost, nothing realised. SPLIT: ``quantity`` is split_to and ``split_from`` the rest of
      the ratio, both > 0.
    - ``rate`` converts to the base currency of the row's portfolio; None when everything is in base currency: base columns are then
      left out of the result, because they would repeat the others.
    - ``acquisition_day`` of an OPEN row, where it is not ``day``; None when it never is.
    - ``currency`` of the rows of a book; None when each book has only one.
    - ``is_grouped`` says that rows already stand by (book, day, sequence); otherwise they are sorted.
    """

    book: Int32
    day: Int32
    sequence: Int64
    side: Int8
    quantity: Int64
    amount: Int64
    rate: Int64 | None = None
    acquisition_day: Int32 | None = None
    split_from: Int64 | None = None
    currency: Int32 | None = None
    is_grouped: bool = False

    def __post_init__(self) -> None:
        optional = (self.rate, self.acquisition_day, self.split_from, self.currency)
        columns = (self.book, self.day, self.sequence, self.side, self.quantity, self.amount, *optional)
        if len({len(column) for column in columns if column is not None}) != 1:
            raise Invalid("The columns of a batch of books differ in length.", remedy="Give one value per row in every column.")
        if len(self.book) and (self.book.min() < 0 or self.book.max() >= max(2 * len(self.book), 1 << 16)):
            raise Invalid("Book numbers are negative or far apart.", remedy="Number books 0, 1, 2, … without large gaps.")
        if len(self.side) and (self.side.min() < Side.OPEN or self.side.max() > Side.SPLIT):
            raise Invalid("A side is none of OPEN, CLOSE, CARRY_OUT and SPLIT.", remedy="Give a number of Side in every row.")
        if self.split_from is None and bool((self.side == Side.SPLIT).any()):
            raise Invalid("A batch with splits lacks split_from.", remedy="Give split_from; quantity holds split_to.")


@dataclass(slots=True, eq=False)
class Room:
    """Memory for results, used again from one batch to the next: asking the system for it takes a third of the time of matching.

    Results made in a room are views of it; the next batch matched there overwrites them.
    """

    _columns: dict[str, npt.NDArray[Any]] = field(default_factory=dict)

    def column(self, name: str, size: int, of: type[np.signedinteger[Any]] | type[np.floating[Any]]) -> npt.NDArray[Any]:
        """Place for ``size`` numbers of type ``of``, with whatever stood there before."""
        column = self._columns.get(name)
        if column is None or len(column) < size or column.dtype != of:
            column = self._columns[name] = np.empty(size, dtype=of)
        return column[:size]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MatchedLots:
    """L lots, in the order (book, replay order of the opening row).

    ``qty_original`` is None when the batch has no splits: it then is the ``quantity`` of the opening ``row``. ``cost_base`` is None
    without rates.
    """

    row: Int32  # the input row that opened the lot
    qty_open: Int64
    qty_original: Int64 | None
    cost: Int64
    closed_day: Int32  # −1 while open
    cost_base: Int64 | None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MatchedDisposals:
    """D parts of lots that CLOSE and CARRY_OUT rows took, in replay order within each book.

    Proceeds, and gains from them, are 0 for CARRY_OUT. The price part of a gain is
    ``proceeds_base − cost_base − gain_fx_base``.
    """

    row: Int32  # the input row that closed it
    lot: Int32  # index into the lots
    quantity: Int64
    cost: Int64
    proceeds: Int64
    cost_base: Int64 | None
    proceeds_base: Int64 | None
    gain_fx_base: Int64 | None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MatchedSales:
    """One line per CLOSE and CARRY_OUT row: the sum over the lots it closed. Base columns are None without rates."""

    row: Int32
    cost: Int64
    cost_base: Int64 | None
    proceeds_base: Int64 | None
    gain_fx_base: Int64 | None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class RefusedBooks:
    """Books that cannot have happened as booked, each with its first wrong row. They have no lots and no disposals in the result."""

    book: Int32
    row: Int32
    reason: Int8  # a Refusal
    asked: Int64
    held: Int64


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Matched:
    """The result of matching a batch of books."""

    lots: MatchedLots
    disposals: MatchedDisposals
    refused: RefusedBooks


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MatchedInSum:
    """The result of matching a batch of books without the detail of which lots each row closed."""

    lots: MatchedLots
    sales: MatchedSales
    refused: RefusedBooks
