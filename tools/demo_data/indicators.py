"""The economic series of the demo, as published and compactly: one line a series, its values in the order of their periods."""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Final

from tools.demo_data.files import Row
from tools.demo_data.market import rows

COLUMNS: Final = ("series_id", "first", "months", "values")
#: How the source of the figures writes that a period has no value.
MISSING: Final = "."
_MONTHS: Final = {"M": 1, "Q": 3, "A": 12}


def economic_series(source: Path) -> list[Row]:
    """Every series: its first period (the first day of it), the months from one period to the next, and the values, separated by blanks."""
    frequencies = {row["series_id"]: row["frequency"] for row in _series(source)}
    found: dict[str, dict[date, str]] = defaultdict(dict)
    for row in rows(source / "macro_fred.csv.gz"):
        found[row["series_id"]][date.fromisoformat(row["date"])] = row["value"]
    return [_line(series_id, _MONTHS[frequencies[series_id]], values) for series_id, values in sorted(found.items())]


def _series(source: Path) -> list[dict[str, str]]:
    with (source / "macro_fred_series.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _line(series_id: str, months: int, values: dict[date, str]) -> Row:
    first, last = min(values), max(values)
    count = ((last.year - first.year) * 12 + last.month - first.month) // months + 1
    texts = [values.get(_later(first, months * place), MISSING) for place in range(count)]
    if len([text for text in texts if text != MISSING]) != len(values):
        raise ValueError(f"{series_id} has a value between its periods.")
    return {"series_id": series_id, "first": first.isoformat(), "months": str(months), "values": " ".join(texts)}


def _later(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)
