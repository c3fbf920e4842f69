"""The numbers a text states: their value, how exactly they are shown, and what stands around them."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

Scale = Literal["plain", "percent", "basis_points"]

_SPACES: Final = "\u00a0\u202f\u2009"
_AFTER: Final = (
    r"%|percent\b|per\ cent\b|percentage\ points?\b|bps?\b|basis\ points?\b|k\b|thousand\b|m\b|mn\b|million\b|bn\b|billion\b|trillion\b"
)
_NUMBER: Final = re.compile(
    rf"""(?<!\d)
    (?P<sign>(?:(?<=[\s("'\[:;=])|(?<![\s\S]))[-−–+]|)        # a sign only where no range can be meant
    (?P<digits>(?:\d{{1,3}}(?:[,'’{_SPACES}]\d{{3}})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)
    (?P<exponent>[eE][+-]?\d+)?
    (?P<after>[\ {_SPACES}]?(?:{_AFTER}))?
    """,
    re.VERBOSE,
)
_SCALES: Final = {"k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "bn": 9, "billion": 9, "trillion": 12}
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_ISO: Final = re.compile(r"(?<![\w-])(\d{4})-(\d{2})-(\d{2})(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?(?![\w-])")
_NAMED_DAY: Final = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month>{'|'.join(_MONTHS)})|(?P<month2>{'|'.join(_MONTHS)})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?),?\s+(?P<year>\d{{4}})\b",
    re.IGNORECASE,
)
_UP_TO_TWENTY: Final = """
    two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty
    """
_WORDS: Final = {word: value for value, word in enumerate(_UP_TO_TWENTY.split(), 2)} | {
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "dozen": 12, "half": 0.5,
}  # fmt: skip
_WORD: Final = re.compile(rf"\b({'|'.join(_WORDS)})\b", re.IGNORECASE)
#: A number at the beginning of a line that only counts the lines.
_MARKER: Final = re.compile(r"^[ \t]*(?:\(?\d{1,2}[.)]|[-*•])[ \t]+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class StatedNumber:
    """A number in a text: ``value`` ± half a unit of its last shown place, times ten to the ``power``.

    ``is_signed``: the sign was written, so it counts. ``places`` may be negative where nothing finer than tens is meant by its suffix.
    """

    text: str
    value: Decimal
    places: int
    power: int
    scale: Scale
    is_signed: bool


@dataclass(frozen=True, slots=True)
class StatedDay:
    """A whole date in a text."""

    text: str
    day: date


def stated_numbers(text: str) -> tuple[list[StatedNumber], list[StatedDay], list[str]]:
    """The numbers, whole dates, and things that mean numbers but cannot be read (½, Ⅳ, 三) in ``text``.

    Dates are taken out first, then markers of lists. Number words from two to ninety count; "one" does not, it is mostly a pronoun.
    """
    days, rest = _days(text)
    rest = _MARKER.sub(" ", rest)
    odd = [char for char in rest if unicodedata.category(char) in {"No", "Nl"} or (char.isdigit() and not char.isascii())]
    numbers = [*_digits(rest), *_words(rest)]
    return numbers, days, odd


def _days(text: str) -> tuple[list[StatedDay], str]:
    found: list[StatedDay] = []

    def take(match: re.Match[str], year: str, month: int, day: str) -> str:
        try:
            found.append(StatedDay(match[0], date(int(year), month, int(day))))
        except ValueError:
            return match[0]
        return " "

    def named(match: re.Match[str]) -> str:
        month = _MONTHS.index((match["month"] or match["month2"]).lower()) + 1
        return take(match, match["year"], month, match["day"] or match["day2"])

    text = _ISO.sub(lambda match: take(match, match[1], int(match[2]), match[3]), text)
    return found, _NAMED_DAY.sub(named, text)


def _digits(text: str) -> Iterator[StatedNumber]:
    for match in _NUMBER.finditer(text):
        digits = re.sub(rf"[,'’{_SPACES}]", "", match["digits"])
        shown = Decimal(digits + (match["exponent"] or ""))
        sign = match["sign"]
        after = " ".join((match["after"] or "").lower().split())
        scale = _scale(after)
        exponent = shown.as_tuple().exponent
        yield StatedNumber(
            text=match[0].strip(),
            value=-shown if sign in {"-", "−", "–"} else shown,
            places=-exponent if isinstance(exponent, int) else 0,
            power=_SCALES.get(after, 0),
            scale=scale,
            is_signed=bool(sign),
        )


def _scale(after: str) -> Scale:
    if after == "%" or after.startswith("per"):
        return "percent"
    return "basis_points" if after.startswith(("bp", "basis")) else "plain"


def _words(text: str) -> Iterator[StatedNumber]:
    for match in _WORD.finditer(text):
        value = Decimal(str(_WORDS[match[1].lower()]))
        yield StatedNumber(match[0], value, places=1 if value < 1 else 0, power=0, scale="plain", is_signed=False)
