"""A document as CSV (RFC 4180, UTF-8): one file, every line under its section, numbers for machines, nothing a spreadsheet would run.

The first field of each line is its section and the second says what the line is: ``header`` names the columns of the lines below it,
``data`` is one of them, ``total`` what they add up to. The first section, ``About``, holds what everything was computed from, the
attributions and what was left out. Numbers are plain (``-1234.5``; ratios are fractions), dates ISO; lines are filled up to equal length.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from dawsos.kernel.canonical import plain_decimal
from dawsos.services.reports.about import about
from dawsos.services.reports.clearing import Cleared
from dawsos.services.reports.document import Value
from dawsos.services.reports.tabular import grids, heading
from dawsos.services.reports.writing import number_of, written

#: What makes a spreadsheet evaluate a cell; a quote before it makes it text, and a quote before a quote keeps reading it back exact.
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "'")


def without_formula(text: str) -> str:
    """Text no spreadsheet evaluates. Dropping one leading quote gives the text back."""
    return f"'{text}" if text.startswith(_RISKY) else text


def separated(cleared: Cleared) -> bytes:
    """The document as CSV."""
    lines = list(_lines(cleared))
    width = max(len(line) for line in lines)
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\r\n").writerows([*line, *[""] * (width - len(line))] for line in lines)
    return file.getvalue().encode()


def _lines(cleared: Cleared) -> Iterator[list[str]]:
    yield ["Section", "Line"]
    for label, text in about(cleared):
        yield ["About", "data", *_texts((label, text))]
    for section in cleared.document.sections:
        title = without_formula(section.title)
        for grid in grids(section):
            name = f"{title}: {grid.title}" if grid.title and grid.title != section.title else title
            yield [name, "header", *_texts(heading(column) for column in grid.columns)]
            for index, row in enumerate(grid.rows):
                is_total = grid.has_total and index == len(grid.rows) - 1
                yield [name, "total" if is_total else "data", *(field(value) for value in row)]


def _texts(texts: Iterable[str]) -> list[str]:
    return [without_formula(text) for text in texts]


def field(value: Value) -> str:
    """One value as a field: numbers plain, nothing for a null, everything else as text no spreadsheet evaluates."""
    number = number_of(value)
    if number is not None:
        return plain_decimal(number)
    return "" if value.raw is None else without_formula(written(value))
