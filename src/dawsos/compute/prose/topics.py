"""What a text is written about: results as labelled figures, lists of such, and topics within topics."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Value = Decimal | float | int | bool | str | date | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A value under its field's name. ``unit`` is one of the units of results, None where nothing is known; a null has its ``reason``."""

    name: str
    value: Value
    unit: str | None = None
    currency: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """A result, or a part of one: its figures, its lists of parts, its parts by name, and its lists of names."""

    name: str
    figures: tuple[Figure, ...] = ()
    lists: tuple["Listing", ...] = ()
    parts: tuple["Topic", ...] = ()
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def figure(self, name: str) -> Figure | None:
        """The figure of this name, also when its value is null."""
        return next((one for one in self.figures if one.name == name), None)

    def known(self, name: str) -> Figure | None:
        """The figure of this name when its value is known."""
        found = self.figure(name)
        return found if found is not None and found.value is not None else None

    def rows(self, name: str) -> tuple["Topic", ...]:
        """The items of the list of this name."""
        return next((one.rows for one in self.lists if one.name == name), ())

    def has(self, *names: str) -> bool:
        """Whether there is something, known or not, under each of these names."""
        mine = {one.name for one in self.figures} | {one.name for one in self.lists} | {one.name for one in self.parts} | set(self.names)
        return mine.issuperset(names)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of parts under its field's name."""

    name: str
    rows: tuple[Topic, ...]
