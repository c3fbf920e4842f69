"""What a document holds, whatever file it becomes: sections of figures, tables, charts and words, each with the sources behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Raw = Decimal | float | int | str | bool | date | None


@dataclass(frozen=True, slots=True)
class Value:
    """One value with what it takes to write it: ``unit`` is a unit's name, ``form`` a panel's format; a null has a ``reason``."""

    raw: Raw
    unit: str | None = None
    currency: str | None = None
    form: str = "auto"
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A value and what it is called."""

    label: str
    value: Value


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures side by side."""

    figures: tuple[Figure, ...]
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. ``unit`` and ``currency`` are given where all its values share them; ``is_numeric`` puts it to the right."""

    label: str
    is_numeric: bool = False
    unit: str | None = None
    currency: str | None = None


def numbers(label: str, unit: str | None = None, currency: str | None = None) -> Column:
    """A column of numbers."""
    return Column(label, is_numeric=True, unit=unit, currency=currency)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of values, one per column; ``total`` is a last row that says what the rows add up to, as whoever computed it said."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: tuple[Value, ...] | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Values along an axis, all of one unit; None where there is none."""

    label: str
    values: tuple[float | None, ...]
    unit: str | None = None
    currency: str | None = None
    form: str = "auto"


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines over dates or other names in order. ``fills`` shades the area between a single line and zero."""

    axis: tuple[Raw, ...]
    series: tuple[Series, ...]
    title: str | None = None
    fills: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """Parts of a whole or effects side by side: a bar, a value and a name each; signs are kept."""

    figures: tuple[Figure, ...]
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Prose:
    """Paragraphs."""

    paragraphs: tuple[str, ...]


Block = Figures | Table | Lines | Bars | Prose


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document that is exported or left out as a whole. ``sources`` are those of everything in it, derived values included.

    ``notice`` says why its blocks are not there; ``remarks`` are what the reader must know about the figures.
    """

    id: str
    title: str
    sources: tuple[str, ...]
    blocks: tuple[Block, ...]
    remarks: tuple[str, ...] = ()
    notice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document about one portfolio, or about none, under one pack and ledger state.

    ``facts`` stand on the first page; ``style`` is ``report`` for one with a cover page of its own, ``plain`` for one without.
    """

    title: str
    subject: str | None
    asof_date: date | None
    base_currency: str | None
    pricing_pack_id: str | None
    ledger_commit_hash: str | None
    sections: tuple[Section, ...]
    facts: tuple[Figure, ...] = ()
    style: Literal["report", "plain"] = "plain"

    @property
    def sources(self) -> tuple[str, ...]:
        """Every source of what is shown, in order of name."""
        return tuple(sorted({source for section in self.sections if section.notice is None for source in section.sources}))

    @property
    def footer(self) -> str:
        """The line under every page: it names the state everything was computed from."""
        day = self.asof_date.isoformat() if self.asof_date else "no date"
        return f"Pack:{self.pricing_pack_id or 'none'} • Ledger:{self.ledger_commit_hash or 'none'} • {day}"


def nulls(values: Sequence[Value]) -> list[str]:
    """The reasons of the nulls among ``values``, each once, in their order."""
    return list(dict.fromkeys(one.reason for one in values if one.raw is None and one.reason))
