"""The few values that machine code leaves to decimals."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

import numpy as np

from dawsos.compute.ledger.segments import Int64
from dawsos.kernel.money import EXACT, multiply, round_money

#: Room for undecided values; a block that needs more is valued again with more room.
_ROOM: Final = 1024


def with_room(write: Callable[[Int64, bool], int]) -> list[tuple[int, int, int]]:
    """Let ``write(table, is_anew)`` fill a table of undecided values, again with more room if it needs it: (row, column, quantity)."""
    room, is_anew = _ROOM, False
    while True:
        undecided = np.empty((room, 3), dtype=np.int64)
        count = write(undecided, is_anew)
        if count <= room:
            return [(row, column, quantity) for row, column, quantity in undecided[:count].tolist()]
        room, is_anew = count, True


def exact_cents(quantity: int, price: int | None, rate: Decimal) -> int:
    """round(quantity × price × rate) in cents, from steps of 1e-8; cash (``price`` None) is in cents already."""
    amount = _scaled(quantity, -2) if price is None else multiply(_scaled(quantity, -8), _scaled(price, -8))
    return int(round_money(multiply(amount, rate)).scaleb(2, context=EXACT))


def _scaled(whole: int, places: int) -> Decimal:
    return Decimal(whole).scaleb(places, context=EXACT)
