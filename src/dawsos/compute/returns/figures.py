"""What every figure shares: the array type, series of observations, and the typed answer "this cannot be computed"."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dawsos.kernel.errors import Invalid

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]
DateArray: TypeAlias = NDArray[np.datetime64]
Dates: TypeAlias = Sequence[date] | DateArray


@dataclass(frozen=True, slots=True)
class NotComputable:
    """Why a figure is null: ``what`` is missing and, where it is a matter of counting, how many are ``needed`` and how many there are."""

    what: str
    needed: int | None = None
    had: int | None = None

    def __str__(self) -> str:
        return self.what if self.needed is None else f"{self.what}: needs {self.needed}, has {self.had}"


def as_dates(dates: Dates) -> DateArray:
    """``dates`` as ``datetime64[D]``, checked to be strictly ascending.

    Raises :class:`Invalid` when they are not: an unordered or doubled day would silently change every window.
    """
    days = np.asarray(dates, dtype="datetime64[D]")
    if days.ndim != 1:
        raise Invalid("Dates must be one flat list.", remedy="Give one date per observation.")
    if np.isnat(days).any() or (np.diff(days) <= np.timedelta64(0, "D")).any():
        raise Invalid("Dates must be strictly ascending.", remedy="Sort the observations and keep one per day.")
    return days


def as_date(day: np.datetime64) -> date:
    """A ``datetime64[D]`` as a calendar date."""
    value: Any = day.astype("datetime64[D]").item()
    if not isinstance(value, date):
        raise Invalid(f"{day} is not a date.", remedy="Give a calendar date.")
    return value


def as_block(values: ArrayLike, name: str) -> FloatArray:
    """``values`` as a float64 array ``[T]`` or ``[portfolios × T]``; infinities are refused, NaN stands for a missing observation."""
    block = as_unread_block(values, name)
    if np.isinf(block).any():
        raise infinite(name)
    return block


def as_unread_block(values: ArrayLike, name: str) -> FloatArray:
    """:func:`as_block` for those who notice an infinity while they read the numbers anyway, and then raise :func:`infinite`."""
    block = np.asarray(values, dtype=np.float64)
    if block.ndim not in (1, 2):
        raise Invalid(f"{name} must be one series or a block portfolios × days, not {block.ndim}-dimensional.", remedy="Reshape it.")
    return block


def infinite(name: str) -> Invalid:
    """What is wrong with a block that holds an infinity."""
    return Invalid(f"{name} holds an infinite number.", remedy="Leave the observation out or correct it.")
