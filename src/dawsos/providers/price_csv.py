"""Closing prices from a CSV file, plain or gzip: docs/reference/price-csv.md is the format."""

import csv
import gzip
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from importlib.resources.abc import Traversable
from typing import IO, Final, cast

from dawsos.kernel.errors import Invalid
from dawsos.kernel.money import CURRENCIES, ZERO, round_quantity
from dawsos.providers.protocol import PriceObservation, RowProblem

REQUIRED: Final = ("date", "symbol", "close", "currency")
OPTIONAL: Final = ("open", "high", "low", "volume")
#: The longest line that is looked at; a price row is a few dozen bytes.
MAX_LINE_BYTES: Final = 65_536
MAX_INTEGER_DIGITS: Final = 12
MAX_DECIMAL_PLACES: Final = 8
MAX_SYMBOL_CHARACTERS: Final = 32

_GZIP: Final = b"\x1f\x8b"
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DECIMAL: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)
_WHOLE: Final = re.compile(r"(\d{1,18})(\.0*)?", re.ASCII)


class PriceCsv:
    """A price CSV as a ``PriceSource``. Every observation carries ``name`` as its ``source``."""

    def __init__(self, file: Traversable, name: str) -> None:
        self._file = file
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    def observations(self) -> Iterator[PriceObservation | RowProblem]:
        """Each row as a price, or as the reason why it is none, in the order of the file.

        Memory grows only by the months there are prices for. Raises ``Invalid`` when the file cannot be opened, is empty, is not text, has
        a wrong header, or is a damaged or truncated gzip file; the last may come after rows have been handed out, and then none of them
        should be kept.
        """
        try:
            stream = self._file.open("rb")
        except OSError as error:
            raise self._refuse(f"cannot be opened: {error.strerror or error}", "Check the path and its permissions.") from error
        with stream:
            yield from read_price_csv(stream, self._file.name, self._name)

    def _refuse(self, why: str, remedy: str) -> Invalid:
        return _refuse(self._file.name, why, remedy)


def read_price_csv(stream: IO[bytes], file_name: str, source: str) -> Iterator[PriceObservation | RowProblem]:
    """The same for a seekable stream that is already open, and stays open; ``file_name`` is what messages call it."""
    lines = _decoded(_lines(stream, file_name))
    columns = _columns(next(lines, None), file_name)
    table = _Table(columns, source)
    for number, text in lines:
        if isinstance(text, RowProblem):
            yield text
        elif text.strip():
            yield table.read(number, text)


# --- bytes to lines ----------------------------------------------------------------------------------------------------------------


def _refuse(file_name: str, why: str, remedy: str) -> Invalid:
    return Invalid(f"The price file {file_name} {why}.", remedy=remedy, code="price_file_invalid")


def _lines(stream: IO[bytes], file_name: str) -> Iterator[tuple[int, bytes | None]]:
    """Numbered lines; None for one that is too long, the rest of which is skipped without being kept."""
    number = 0
    try:
        unpacked = _unpacked(stream)
        while line := unpacked.readline(MAX_LINE_BYTES + 1):
            number += 1
            too_long = len(line) > MAX_LINE_BYTES
            rest = line
            while too_long and rest and not rest.endswith(b"\n"):
                rest = unpacked.readline(MAX_LINE_BYTES)
            yield number, None if too_long else line
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _refuse(
            file_name,
            f"is damaged or incomplete after line {number}: {error}".rstrip("."),
            "Get the file again; keep nothing of this copy.",
        ) from error


def _unpacked(stream: IO[bytes]) -> IO[bytes]:
    start = stream.tell()
    is_gzip = stream.read(2) == _GZIP
    stream.seek(start)
    return cast("IO[bytes]", gzip.GzipFile(fileobj=stream)) if is_gzip else stream


def _decoded(lines: Iterator[tuple[int, bytes | None]]) -> Iterator[tuple[int, str | RowProblem]]:
    for number, line in lines:
        if line is None:
            yield number, RowProblem(number, "", f"is longer than {MAX_LINE_BYTES} bytes")
            continue
        try:
            yield number, line.removeprefix(_BYTE_ORDER_MARK if number == 1 else b"").decode().rstrip("\r\n")
        except UnicodeDecodeError:
            yield number, RowProblem(number, "", "is not UTF-8 text")


def _columns(first: tuple[int, str | RowProblem] | None, file_name: str) -> tuple[str, ...]:
    remedy = f"The first line names the columns: {', '.join(REQUIRED)}, and if you have them {', '.join(OPTIONAL)}."
    if first is None:
        raise _refuse(file_name, "is empty", remedy)
    text = first[1]
    if isinstance(text, RowProblem):
        raise _refuse(file_name, f"has a first line that {text.reason}", "Save it as CSV in UTF-8. " + remedy)
    names = _fields(text)
    if names is None:
        raise _refuse(file_name, "has a header with a quote that is not closed", remedy)
    for wrong, what in (
        ([name for name in REQUIRED if name not in names], "lacks the column"),
        (sorted({name for name in names if names.count(name) > 1}), "has more than one column"),
        ([name for name in names if name not in {*REQUIRED, *OPTIONAL}], "has an unknown column"),
    ):
        if wrong:
            raise _refuse(file_name, f"{what} {', '.join(repr(name[:40]) for name in wrong[:5])}", remedy)
    return tuple(names)


def _fields(text: str) -> list[str] | None:
    """The fields of one line, or None when its quotes do not match up."""
    if '"' not in text:
        return [part.strip() for part in text.split(",")]
    try:
        return [part.strip() for part in next(csv.reader([text], strict=True))]
    except csv.Error:
        return None


# --- lines to prices ---------------------------------------------------------------------------------------------------------------


class _Refused(Exception):
    """Carries a row's problem to where it becomes a value; never leaves this module."""

    def __init__(self, field_name: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field_name
        self.reason = reason


@dataclass(slots=True)
class _Table:
    """Turns lines into prices and remembers which (symbol, date) there has been."""

    columns: tuple[str, ...]
    source: str
    #: By symbol, year and month, one bit for each day.
    seen: dict[tuple[str, int, int], int] = field(default_factory=dict)

    def read(self, number: int, text: str) -> PriceObservation | RowProblem:
        values = _fields(text)
        if values is None:
            return RowProblem(number, "", "has a quote that is not closed, or text after one")
        if len(values) != len(self.columns):
            return RowProblem(number, "", f"has {len(values)} fields, the header has {len(self.columns)}")
        try:
            price = _observation(dict(zip(self.columns, values, strict=True)), self.source)
            self._note(price)
        except _Refused as problem:
            return RowProblem(number, problem.field, problem.reason)
        return price

    def _note(self, price: PriceObservation) -> None:
        key, bit = (price.symbol, price.date.year, price.date.month), 1 << price.date.day
        days = self.seen.get(key, 0)
        if days & bit:
            raise _Refused("date", "is given a second time for this symbol")
        self.seen[key] = days | bit


def _observation(row: Mapping[str, str], source: str) -> PriceObservation:
    for name in REQUIRED:
        if not row[name]:
            raise _Refused(name, "is empty")
    day = _date(row["date"])
    close = _price(row, "close")
    opened, high, low = (_price(row, name) if row.get(name) else None for name in ("open", "high", "low"))
    _check_range(opened, high, low, close)
    return PriceObservation(
        _symbol(row["symbol"]),
        day,
        opened,
        high,
        low,
        close,
        _volume(row.get("volume", "")),
        _currency(row["currency"]),
        source,
    )


def _date(text: str) -> date:
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise _Refused("date", "is not a date written YYYY-MM-DD")


def _symbol(text: str) -> str:
    if len(text) > MAX_SYMBOL_CHARACTERS or not text.isprintable() or " " in text:
        raise _Refused("symbol", f"is not a symbol of at most {MAX_SYMBOL_CHARACTERS} printable characters without spaces")
    return text


def _currency(text: str) -> str:
    if text not in CURRENCIES:
        raise _Refused("currency", "is not an ISO 4217 currency code")
    return text


def _price(row: Mapping[str, str], name: str) -> Decimal:
    text = row[name]
    if not _DECIMAL.fullmatch(text):
        raise _Refused(name, "is not a plain decimal number")
    if len(text.lstrip("+-0").partition(".")[0]) > MAX_INTEGER_DIGITS:
        raise _Refused(name, f"has more than {MAX_INTEGER_DIGITS} digits before the point")
    exact = Decimal(text)
    if exact <= ZERO:
        raise _Refused(name, "must be greater than zero")
    price = round_quantity(exact) if len(text.partition(".")[2]) > MAX_DECIMAL_PLACES else exact
    if price == ZERO:
        raise _Refused(name, "is zero when rounded to 8 decimal places")
    return price


def _check_range(opened: Decimal | None, high: Decimal | None, low: Decimal | None, close: Decimal) -> None:
    for name, price in (("high", high), ("open", opened), ("close", close)):
        if price is not None and low is not None and price < low:
            raise _Refused(name, "is below the low")
        if price is not None and high is not None and price > high:
            raise _Refused(name, "is above the high")


def _volume(text: str) -> int | None:
    if not text:
        return None
    whole = _WHOLE.fullmatch(text)
    if whole is None:
        raise _Refused("volume", "is not a whole number of shares")
    return int(whole[1])
