"""Rows of other programs' files as lines of DawsOS's own CSV: checked by the same rules, problems told at their place in the file."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from dawsos.services.imports.drafts import RowProblem, TransactionDraft
from dawsos.services.imports.transaction_csv import COLUMNS, read_transactions


@dataclass(frozen=True, slots=True)
class ForeignRow:
    """What a row at ``line`` of the file says, in the columns of the transaction CSV."""

    line: int
    columns: Mapping[str, str]


_HEADER_LINES: Final = 1


def checked_rows(rows: Iterable[ForeignRow | RowProblem], latest: date) -> Iterator[TransactionDraft | RowProblem]:
    """Every row as a checked draft or the problems with it, in order; problems of the source pass through."""
    found = list(rows)
    problems = [one for one in found if isinstance(one, RowProblem)]
    lines = [one for one in found if isinstance(one, ForeignRow)]
    yield from problems
    if not lines:
        return
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, tuple(COLUMNS), restval="", lineterminator="\n")
    writer.writeheader()
    for row in lines:
        writer.writerow({name: _one_line(value) for name, value in row.columns.items()})
    for outcome in read_transactions([out.getvalue().encode()], latest=latest):
        place = outcome.line - 1 - _HEADER_LINES
        yield replace(outcome, line=lines[place].line if 0 <= place < len(lines) else outcome.line)


def _one_line(text: str) -> str:
    return " ".join(text.split())
