"""Whether every number of a text occurs in the data it is about."""

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from dawsos.compute.prose.numbers import Scale, StatedNumber, stated_numbers

_PLAIN_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_DATE: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
#: A mark of letters and digits, such as an identifier; and a word with the number after it.
_MARKS: Final = r"\S*(?:[^\W\d]\S*\d|\d\S*[^\W\d])\S*"
_MARK: Final = re.compile(_MARKS)
_NAME: Final = re.compile(rf"[^\W\d]\S*[ -]\d+\b(?![.,]\d|\s?%)|{_MARKS}")
#: A number shown with fewer significant digits than this must be meant exactly: "5" is not 4.7.
_ROUNDABLE: Final = 2
#: Names of fields that hold figures in percent rather than fractions.
_IN_PERCENT: Final = frozenset({"percent", "percent of GDP"})


@dataclass(frozen=True, slots=True)
class Supplied:
    """What a text may state: ``numbers``, those that already are in percent, whole ``days``, and every text with a digit in ``words``."""

    numbers: frozenset[Decimal]
    percents: frozenset[Decimal]
    days: frozenset[date]
    words: str


def supplied(*data: Any) -> Supplied:
    """Everything ``data`` states: its numbers, numbers written as text, dates, numbers within texts, and how many items each list has.

    ``data`` is of JSON values, Decimals and dates. In a mapping that says ``unit: percent``, or whose unit begins so, its numbers are
    percents. Fractions may be stated as percent or basis points, dates also by their year alone.
    """
    gathered = _Gathered()
    for one in data:
        gathered.take(one, in_percent=False)
    return Supplied(frozenset(gathered.numbers), frozenset(gathered.percents), frozenset(gathered.days), "\n".join(gathered.words))


def ungrounded(text: str, known: Supplied) -> tuple[str, ...]:
    """The numbers ``text`` states that are not in ``known``, as they are written, each once; none when the text is grounded.

    A number is grounded when a supplied one, as it is, in percent, in basis points, or in thousands, millions, billions or trillions as
    the text says, equals it after rounding to the places shown. An unsigned number may state the size of a negative one; a signed one
    must have its sign. A plain number of one significant digit must be equal. Whole dates must be supplied. A number that is part of a
    supplied name ("S&P 500") is grounded where the text writes it with the word beside it.
    """
    numbers, days, odd = stated_numbers(_without_names(text, known.words))
    missing = [one.text for one in days if one.day not in known.days]
    missing += [one.text for one in numbers if not _is_known(one, known)]
    return tuple(dict.fromkeys([*missing, *odd]))


class _Gathered:
    def __init__(self) -> None:
        self.numbers: set[Decimal] = set()
        self.percents: set[Decimal] = set()
        self.days: set[date] = set()
        self.words: list[str] = []

    def take(self, value: Any, *, in_percent: bool) -> None:
        match value:
            case None | bool():
                return
            case int() | float() | Decimal():
                self._number(Decimal(str(value)), in_percent=in_percent)
            case date():
                self._day(value.date() if isinstance(value, datetime) else value)
            case str():
                self._text(value, in_percent=in_percent)
            case Mapping():
                unit = value.get("unit")
                percent = isinstance(unit, str) and (unit in _IN_PERCENT or unit.startswith("percent"))
                for name, item in value.items():
                    self.take(item, in_percent=percent)
                    self._text(str(name), in_percent=False)
            case AbstractSet() | Sequence():
                self.numbers.add(Decimal(len(value)))
                for item in value:
                    self.take(item, in_percent=in_percent)
            case _:
                self._text(str(value), in_percent=False)

    def _number(self, value: Decimal, *, in_percent: bool) -> None:
        if value.is_finite():
            self.numbers.add(value)
            if in_percent:
                self.percents.add(value)

    def _day(self, day: date) -> None:
        self.days.add(day)
        self.numbers.add(Decimal(day.year))

    def _text(self, text: str, *, in_percent: bool) -> None:
        if _PLAIN_NUMBER.fullmatch(text.strip()):
            self._plain(text.strip(), in_percent=in_percent)
            return
        for match in _DATE.finditer(text):
            try:
                self._day(date(int(match[1]), int(match[2]), int(match[3])))
            except ValueError:
                continue
        numbers, days, _ = stated_numbers(_MARK.sub(" ", text))
        for day in days:
            self._day(day.day)
        for one in numbers:
            value = one.value.scaleb(one.power)
            self.numbers.add(value)
            if one.scale == "percent":
                self.percents.add(value)
            elif one.scale == "basis_points":
                self.numbers.add(value.scaleb(-4))
        if any(char.isdigit() for char in text):
            self.words.append(text)

    def _plain(self, text: str, *, in_percent: bool) -> None:
        try:
            self._number(Decimal(text), in_percent=in_percent)
        except InvalidOperation:
            return


def _is_known(one: StatedNumber, known: Supplied) -> bool:
    if any(_says(one, value.scaleb(_SHIFT[one.scale])) for value in known.numbers):
        return True
    return one.scale == "percent" and any(_says(one, value) for value in known.percents)


_SHIFT: Final[Mapping[Scale, int]] = {"plain": 0, "percent": 2, "basis_points": 4}


def _says(one: StatedNumber, value: Decimal) -> bool:
    shown = one.value
    if not one.is_signed:
        value = abs(value)
    value = value.scaleb(-one.power)
    if value == shown:
        return True
    if one.scale == "plain" and one.power == 0 and len(shown.normalize().as_tuple().digits) < _ROUNDABLE and one.places <= 0:
        return False
    if shown == 0 and one.places <= 0:
        return False
    return abs(value - shown) <= Decimal(5).scaleb(-one.places - 1)


def _without_names(text: str, words: str) -> str:
    """``text`` less what it names exactly as a supplied text does: a word and a number ("S&P 500"), or a mark of letters and digits."""

    def kept(match: re.Match[str]) -> str:
        name = match[0].strip("()[]\"'.,;:")
        return " " if name and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words) else match[0]

    return _NAME.sub(kept, text) if words else text


def figures_known(values: Iterable[Any]) -> tuple[int, int]:
    """How many numbers stand in ``values``, and how many of the places for a single value are null."""
    known = missing = 0
    for value in values:
        if isinstance(value, Mapping):
            more, less = figures_known(value.values())
        elif isinstance(value, Sequence) and not isinstance(value, str):
            more, less = figures_known(value)
        elif value is None:
            more, less = 0, 1
        else:
            more, less = int(_is_number(value)), 0
        known, missing = known + more, missing + less
    return known, missing


def _is_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int | float | Decimal) or (isinstance(value, str) and _PLAIN_NUMBER.fullmatch(value) is not None)
