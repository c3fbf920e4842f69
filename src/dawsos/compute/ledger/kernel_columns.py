"""What the compiled matching loops share: their columns and limits."""

from typing import Any, Final, NamedTuple, TypeAlias

Array: TypeAlias = Any
Whole: TypeAlias = Any

OPEN: Final = 1
CLOSE: Final = 2
CARRY_OUT: Final = 3

#: No quantity and no amount of cents may reach this.
LIMIT: Final = 2**62
#: What :func:`signed_product` and :func:`currency_part` give for a result that does not fit.
BROKEN: Final = -(2**63)


class Rows(NamedTuple):
    """The columns of :class:`BookArrays`; absent ones are empty."""

    book: Array
    day: Array
    sequence: Array
    side: Array
    quantity: Array
    amount: Array
    rate: Array
    acquisition_day: Array
    split_from: Array
    currency: Array


class Lots(NamedTuple):
    """Room for every lot, and the open lots of the book at hand: ``queue``, a list by age or, for HIFO, a heap by ``key``."""

    row: Array
    qty_open: Array
    qty_original: Array
    cost: Array
    cost_base: Array
    closed_day: Array
    acquired: Array
    sequence: Array
    key: Array
    queue: Array


class Parts(NamedTuple):
    """Room for every part of a lot that a row takes."""

    row: Array
    lot: Array
    quantity: Array
    cost: Array
    proceeds: Array
    cost_base: Array
    proceeds_base: Array
    gain_fx_base: Array


class Refusals(NamedTuple):
    """Room for one refusal per book."""

    book: Array
    row: Array
    reason: Array
    asked: Array
    held: Array
