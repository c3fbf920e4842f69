"""Reads DawsOS's own CSV of transactions as a stream of checked drafts and problems (format: docs/reference/transaction-csv.md)."""

import csv
import difflib
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

from dawsos.kernel.errors import Invalid
from dawsos.kernel.ledger import TransactionType
from dawsos.services.imports.drafts import RowProblem, TransactionDraft
from dawsos.services.imports.fields import FieldError, chosen_lots, currency_code, day, decimal, plain_text, shown
from dawsos.services.imports.line_checks import COLUMNS, REQUIRED, amount_of, contradictions

__all__ = ["COLUMNS", "LONGEST_LINE", "MOST_REMEMBERED", "decoded_lines", "read_transactions"]

LONGEST_LINE: Final = 65_536
#: Dates, symbols, prices and the like repeat; so many different ones are remembered per column.
MOST_REMEMBERED: Final = 65_536
_ALWAYS_NEW: Final = frozenset({"external_ref", "narration", "lots", "parent_ref"})

_TYPES: Final = {kind.value: kind for kind in TransactionType}


def _kind(text: str) -> TransactionType:
    try:
        return _TYPES[text]
    except KeyError:
        near = difflib.get_close_matches(text.upper(), _TYPES, n=1)
        hint = f"; did you mean {near[0]}?" if near else f"; the types are {', '.join(_TYPES)}"
        raise FieldError(f"'{shown(text)}' is not a transaction type{hint}") from None


def _places(count: int) -> Callable[[str], Decimal]:
    return lambda text: decimal(text, places=count)


def _words(longest: int) -> Callable[[str], str]:
    return lambda text: plain_text(text, longest=longest)


_READERS: Final[dict[str, Callable[[str], Any]]] = {
    "transaction_date": day, "transaction_type": _kind, "symbol": _words(32), "quantity": _places(8), "price": _places(8),
    "amount": _places(2), "currency": currency_code, "fee": _places(2), "withholding_tax": _places(2), "fx_rate": _places(8),
    "settlement_date": day, "ex_date": day, "pay_date": day, "split_from": _places(8), "split_to": _places(8), "cost_basis": _places(2),
    "acquisition_date": day, "lots": chosen_lots, "parent_ref": _words(200), "external_ref": _words(200), "narration": _words(2000),
}  # fmt: skip


def decoded_lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """The text lines of a file read in chunks. Bytes that are not UTF-8, and lines without end, are :class:`Invalid` with their place."""
    rest, number = b"", 0
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            number += 1
            yield _decoded(line, number) + "\n"
        if len(rest) > LONGEST_LINE:
            raise _too_long(number + 1)
    if rest:
        yield _decoded(rest, number + 1)


def _decoded(line: bytes, number: int) -> str:
    if len(line) > LONGEST_LINE:
        raise _too_long(number)
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise Invalid(
            f"Line {number} is not text: byte {error.start + 1} is not UTF-8.",
            remedy="Save the file as CSV in UTF-8; a spreadsheet or a compressed file cannot be read.",
            code="not_text",
        ) from error
    if "\x00" in text:
        raise Invalid(f"Line {number} holds a NUL byte, so this is not a text file.", remedy="Save it as CSV in UTF-8.", code="not_text")
    return text


def _too_long(number: int) -> Invalid:
    return Invalid(
        f"Line {number} is longer than {LONGEST_LINE:,} bytes.",
        remedy="A quote may be missing, or this is not a CSV file of transactions.",
        code="line_too_long",
    )


def _header(row: list[str]) -> list[str]:
    names = [name.strip() for name in row]
    problems = [f"column '{name}' stands there {count} times" for name, count in Counter(names).items() if count > 1]
    for name in dict.fromkeys(names):
        if name not in COLUMNS:
            near = difflib.get_close_matches(name.lower(), COLUMNS, n=1)
            problems.append(f"column '{shown(name)}' is unknown" + (f" (did you mean '{near[0]}'?)" if near else ""))
    problems += [f"column '{name}' is missing" for name in REQUIRED if name not in names]
    if problems:
        raise Invalid(
            f"The header of the file is wrong: {'; '.join(problems)}.",
            remedy=f"The first line names the columns: {', '.join(COLUMNS)}; only {', '.join(REQUIRED)} must be there.",
            code="wrong_header",
            details={"problems": problems},
        )
    return names


def read_transactions(chunks: Iterable[bytes], *, latest: date) -> Iterator[TransactionDraft | RowProblem]:
    """Every line of the file, as a draft or as its problems.

    ``latest`` is the last date a transaction may have. A line without ``external_ref`` gets one from its content and how often that
    content occurred before in the file, so that importing the file again books nothing twice and equal lines stay two.
    Raises :class:`Invalid` for what makes the whole file unreadable: a wrong header, bytes that are not text, broken quoting.
    """
    rows = csv.reader(decoded_lines(chunks), strict=True)
    seen: Counter[bytes] = Counter()
    try:
        first = next(rows, None)
        if first is None:
            raise Invalid("The file is empty.", remedy="The first line names the columns.", code="wrong_header")
        columns = [_Column(name) for name in _header(first)]
        for row in rows:
            if row:
                outcome = _read_row(columns, row, rows.line_num, latest, seen)
                if isinstance(outcome, list):
                    yield from outcome
                else:
                    yield outcome
    except csv.Error as error:
        raise Invalid(f"Line {rows.line_num} cannot be read as CSV: {error}.", remedy="Check the quotes.", code="broken_csv") from error


class _Column:
    """How the fields of one column are read; what is written the same way again is read from memory."""

    __slots__ = ("_known", "_read", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self._read = _READERS[name]
        self._known: dict[str, Any] | None = None if name in _ALWAYS_NEW else {}

    def value(self, text: str) -> Any:
        known = self._known
        if known is None:
            return self._read(text)
        value = known.get(text)
        if value is None:
            value = self._read(text)
            if len(known) < MOST_REMEMBERED:
                known[text] = value
        return value


def _read_row(columns: list[_Column], row: list[str], line: int, latest: date, seen: Counter[bytes]) -> TransactionDraft | list[RowProblem]:
    if len(row) != len(columns):
        return [RowProblem(line, "(line)", f"has {len(row)} fields where the header has {len(columns)}")]
    values: dict[str, Any] = {}
    problems: list[RowProblem] = []
    for column, text in zip(columns, row, strict=True):
        stripped = text.strip()
        if stripped:
            try:
                values[column.name] = column.value(stripped)
            except FieldError as error:
                problems.append(RowProblem(line, column.name, str(error)))
    problems = problems or [RowProblem(line, field, reason) for field, reason in contradictions(values, latest)]
    if problems:
        return problems
    if "external_ref" not in values:
        values["external_ref"] = _content_reference(columns, row, seen)
    if "amount" not in values:
        values["amount"] = amount_of(values)
    return TransactionDraft(line=line, **values)


def _content_reference(columns: list[_Column], row: list[str], seen: Counter[bytes]) -> str:
    content = sorted((column.name, text.strip()) for column, text in zip(columns, row, strict=True) if text.strip())
    digest = hashlib.sha256("\x1f".join(f"{name}={text}" for name, text in content).encode()).digest()
    seen[digest] += 1
    return f"sha256:{digest.hex()[:40]}:{seen[digest]}"
