"""Facts of one holding that follow from its lots."""

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

_STEP: Final = Decimal("1e-8")


def average_cost(cost_basis: Decimal | None, quantity: Decimal) -> Decimal | None:
    """Remaining cost per unit, to eight places; None without a cost in one currency or without quantity."""
    if cost_basis is None or not quantity:
        return None
    return (cost_basis / quantity).quantize(_STEP, ROUND_HALF_EVEN)


def holding_days(acquired: date | None, asof: date) -> int | None:
    """Calendar days from the oldest open lot to ``asof``; None when nothing is known of it."""
    return None if acquired is None else (asof - acquired).days
