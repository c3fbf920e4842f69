"""Reads a CSV of securities (format: docs/reference/security-csv.md)."""

import csv
import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from dawsos.kernel.errors import Invalid
from dawsos.services.imports.drafts import RowProblem
from dawsos.services.imports.fields import FieldError, currency_code, plain_text
from dawsos.services.imports.transaction_csv import decoded_lines

COLUMNS: Final = ("symbol", "name", "security_type", "currency", "sector", "industry", "exchange")
REQUIRED: Final = ("symbol", "currency")


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityDraft:
    """A checked line; what the file leaves empty is None."""

    line: int
    symbol: str
    currency: str
    name: str | None = None
    security_type: str | None = None
    sector: str | None = None
    industry: str | None = None
    exchange: str | None = None


def _words(longest: int) -> Callable[[str], str]:
    return lambda text: plain_text(text, longest=longest)


_READERS: Final[dict[str, Callable[[str], str]]] = {
    "symbol": _words(32),
    "name": _words(255),
    "security_type": _words(50),
    "currency": currency_code,
    "sector": _words(100),
    "industry": _words(100),
    "exchange": _words(50),
}


def read_securities(chunks: Iterable[bytes]) -> Iterator[SecurityDraft | RowProblem]:
    """Every line of the file, as a draft or as its problems. Raises :class:`Invalid` when the file as a whole cannot be read."""
    rows = csv.reader(decoded_lines(chunks), strict=True)
    lines: dict[str, int] = {}
    try:
        names = _header(next(rows, None))
        for row in rows:
            if row:
                yield from _read_row(names, row, rows.line_num, lines)
    except csv.Error as error:
        raise Invalid(f"Line {rows.line_num} cannot be read as CSV: {error}.", remedy="Check the quotes.", code="broken_csv") from error


def _header(row: list[str] | None) -> list[str]:
    names = [name.strip() for name in row or ()]
    problems = [f"column '{name}' is missing" for name in REQUIRED if name not in names]
    problems += [f"column '{name}' stands there more than once" for name in dict.fromkeys(names) if names.count(name) > 1]
    for name in names:
        if name not in COLUMNS:
            near = difflib.get_close_matches(name.lower(), COLUMNS, n=1)
            problems.append(f"column '{name[:40]}' is unknown" + (f" (did you mean '{near[0]}'?)" if near else ""))
    if problems:
        raise Invalid(
            f"The header of the file is wrong: {'; '.join(problems)}.",
            remedy=f"The first line names the columns: {', '.join(COLUMNS)}; only {', '.join(REQUIRED)} must be there.",
            code="wrong_header",
            details={"problems": problems},
        )
    return names


def _read_row(names: list[str], row: list[str], line: int, lines: dict[str, int]) -> Iterator[SecurityDraft | RowProblem]:
    if len(row) != len(names):
        yield RowProblem(line, "(line)", f"has {len(row)} fields where the header has {len(names)}")
        return
    values: dict[str, str] = {}
    problems: list[RowProblem] = []
    for name, text in zip(names, row, strict=True):
        if stripped := text.strip():
            try:
                values[name] = _READERS[name](stripped)
            except FieldError as error:
                problems.append(RowProblem(line, name, str(error)))
        elif name in REQUIRED:
            problems.append(RowProblem(line, name, "is empty"))
    symbol = values.get("symbol")
    if symbol in lines:
        problems.append(RowProblem(line, "symbol", f"'{symbol}' stands on line {lines[symbol]} already"))
    if problems:
        yield from problems
        return
    lines[values["symbol"]] = line
    yield SecurityDraft(line=line, **values)
