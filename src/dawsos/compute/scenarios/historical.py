"""Moves of prices and rates as they happened: what a historical stress was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dawsos.kernel.errors import InsufficientData, Invalid


@dataclass(frozen=True, slots=True)
class HistoricalMove:
    """A level at the start and at the end of a window, the return between, and whether the end is the lowest level of the window."""

    start: float
    end: float
    return_fraction: float
    is_window_low: bool


def historical_move(levels: Mapping[date, float], start: date, end: date) -> HistoricalMove:
    """The move of a price level between two days on which it was quoted, both included.

    Raises :class:`InsufficientData` when either day has no level: the nearest day would be another move.
    """
    for day in (start, end):
        if day not in levels:
            raise InsufficientData(f"There is no level of {day}.", remedy="Choose days on which it was quoted.")
    if end < start:
        raise Invalid(f"{end} lies before {start}.", remedy="Give the earlier day first.")
    lowest = min(value for day, value in levels.items() if start <= day <= end)
    return HistoricalMove(levels[start], levels[end], levels[end] / levels[start] - 1.0, levels[end] == lowest)


def currency_gain(before: float, after: float) -> float:
    """What a currency gained against another, from quotes in units of it per one of the other: before/after − 1.

    1.201 francs for a euro becoming 1.028 is a gain of the franc of 16.8 %, though the quote fell by 14.4 %.
    """
    if before <= 0 or after <= 0:
        raise Invalid("An exchange rate is above zero.", remedy="Correct the quote.")
    return before / after - 1.0
