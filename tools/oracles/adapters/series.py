"""Return series as cases give them: tables of columns, named lists, price lists, constructions in words."""

import csv
import gzip
import importlib.util
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.oracles.cases import NoData, NoFunction, Question

Series = NDArray[np.float64]


@dataclass(frozen=True)
class Table:
    """Series of equal length by name; ``dates`` where the case has them."""

    columns: Mapping[str, Series]
    dates: list[date]
    periods_per_year: float


def numbers(values: Sequence[float | None]) -> Series:
    """A list with null for missing, as an array with NaN."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def read_table(question: Question) -> Table:
    """The series of a case, from its ``data`` file or its ``returns``."""
    inputs = question.inputs
    if "returns" in inputs:
        given = inputs["returns"]
        columns = given if isinstance(given, Mapping) else {"returns": given}
        return Table({name: numbers(values) for name, values in columns.items()}, [], 252.0)
    if "data" not in inputs:
        raise NoFunction(f"no series among {sorted(inputs)}")
    return _packaged(inputs["data"]) if "load_sp500_dataset" in inputs["data"] else _from_file(question)


def _from_file(question: Question) -> Table:
    content = question.read(question.inputs["data"])
    if "columns" not in content:
        raise NoFunction("the data file has no columns")
    days = [date.fromisoformat(day) for day in content["dates"]]
    kept = _rows(question.inputs.get("rows"), len(days))
    columns = {name: numbers(values)[:kept] for name, values in content["columns"].items()}
    return Table(columns, days[:kept], _periods_per_year(days))


def _rows(words: str | None, count: int) -> int:
    found = re.search(r"first (\d+)", words or "")
    return int(found.group(1)) if found else count


def _periods_per_year(days: Sequence[date]) -> float:
    gap = float(np.median(np.diff(np.array(days, dtype="datetime64[D]")).astype(float)))
    return 12.0 if gap > 20 else 52.0 if gap > 5 else 252.0


def exact_values(question: Question) -> list[Decimal]:
    """``values``, or a ``construct`` in words: "first value A, then N values alternating B and C", or numbers; exactly as printed."""
    if "construct" not in question.inputs:
        return [Decimal(str(value)) for value in question.inputs["values"]]
    words = question.inputs["construct"]
    found = re.search(r"first value ([\d.]+),? then (\d+) values alternating ([\d.]+) and ([\d.]+)", words)
    if found:
        first, count, pair = Decimal(found[1]), int(found[2]), [Decimal(found[3]), Decimal(found[4])]
        return [first, *(pair[place % 2] for place in range(count))]
    if re.fullmatch(r"[\d.,\s-]+", words):
        return [Decimal(value) for value in words.replace(",", " ").split()]
    raise NoFunction(f"cannot construct: {words}")


def _packaged(words: str) -> Table:
    """Daily closes that a package ships; read as a file, so that nothing but the file is needed of the package."""
    spec = importlib.util.find_spec("skfolio")
    if spec is None or not spec.submodule_search_locations:
        raise NoData("no data: the package skfolio, which ships it, is not installed")
    path = Path(spec.submodule_search_locations[0]) / "datasets" / "data" / "sp500_dataset.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    column = re.search(r'\["(\w+)"\]', words)
    names = [column.group(1)] if column else [name for name in rows[0] if name != "Date"]
    prices = {name: np.array([float(row[name]) for row in rows]) for name in names}
    days = [date.fromisoformat(row["Date"][:10]) for row in rows]
    return Table({name: series[1:] / series[:-1] - 1.0 for name, series in prices.items()}, days[1:], 252.0)


def prices_by_name(question: Question) -> dict[str, dict[date, float]]:
    """A data file of ``name → {day: price}``."""
    content: Mapping[str, Any] = question.read(question.inputs["data"])
    return {
        name: {date.fromisoformat(day): float(price) for day, price in prices.items()}
        for name, prices in content.items()
        if isinstance(prices, Mapping)
    }
