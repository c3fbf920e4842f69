"""What a source of prices or of exchange rates is, and the records it hands out."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PriceObservation:
    """One security on one trading day, as its source gave it.

    Prices are per share in ``currency``, positive, in steps of 1e-8. ``open``, ``high``, ``low`` and ``volume`` are None when the
    source does not know them.
    """

    symbol: str
    date: date
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    close: Decimal
    volume: int | None
    currency: str
    source: str


@dataclass(frozen=True, slots=True)
class RateObservation:
    """``rate`` units of ``quote_ccy`` per 1 unit of ``base_ccy``, exactly as published; ``date`` is the day it was published for."""

    base_ccy: str
    quote_ccy: str
    date: date
    rate: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that could not be read: 1-based physical ``line``, the ``field`` at fault (empty for the whole row) and why."""

    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        place = f"Line {self.line}, {self.field}" if self.field else f"Line {self.line}"
        return f"{place}: {self.reason}."


class PriceSource(Protocol):
    """Where closing prices come from."""

    @property
    def name(self) -> str:
        """The name its observations carry as ``source``, and the rights registry knows it by."""
        ...

    def observations(self) -> Iterator[PriceObservation | RowProblem]:
        """Every price the source has, and in place of each one that cannot be read the problem with it. One pass, constant memory.

        Raises ``Invalid`` when the source as a whole cannot be read.
        """
        ...


class RateSource(Protocol):
    """Where exchange rates come from."""

    @property
    def name(self) -> str:
        """The name its observations carry as ``source``."""
        ...

    @property
    def base_ccy(self) -> str:
        """The one currency all its rates are quoted against."""
        ...

    @property
    def currencies(self) -> frozenset[str]:
        """The quote currencies it has at least one rate for."""
        ...

    def rate(self, quote_ccy: str, on: date) -> RateObservation:
        """The last rate published on or before ``on``; its ``date`` says when. Raises rather than invent one."""
        ...

    def published(self, first: date, last: date, currencies: Collection[str] | None = None) -> Iterator[RateObservation]:
        """Every rate published from ``first`` to ``last`` inclusive, by date and then currency; all currencies when None."""
        ...
