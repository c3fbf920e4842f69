"""Historical stresses: moves of an index over a window or a day, moves of exchange rates."""

import csv
import gzip
import importlib.util
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from dawsos.compute.scenarios.historical import currency_gain, historical_move
from tools.oracles.cases import NoData, NoFunction, Question


def answer(question: Question) -> Mapping[str, Any]:
    """A window of an index, closes of single days, or quotes of a currency pair."""
    inputs = question.inputs
    if "from" in inputs and "to" in inputs:
        return _window(question)
    if "closes" in inputs:
        return _days({date.fromisoformat(day): float(close) for day, close in inputs["closes"].items()}, question)
    pairs = {key: value for key, value in inputs.items() if re.fullmatch(r"[A-Z]{6}", key) and isinstance(value, Mapping)}
    if pairs:
        return _currencies(pairs, question)
    raise NoFunction(f"no stress among {sorted(inputs)}")


def _window(question: Question) -> Mapping[str, Any]:
    levels = _index_levels(question)
    start, end = (date.fromisoformat(question.inputs[key]) for key in ("from", "to"))
    move = historical_move(levels, start, end)
    figures = {"start": move.start, "end": move.end, "price_return_pct": move.return_fraction * 100.0, "is_window_low": move.is_window_low}
    lacking = question.asked.keys() - figures.keys()
    if lacking:
        raise NoFunction(f"no {', '.join(sorted(lacking))} of a window")
    return figures


def _index_levels(question: Question) -> dict[date, float]:
    """Closes of the S&P 500: in the case, beside the folder of cases, or as a package ships them."""
    if "levels" in question.inputs:
        return {date.fromisoformat(day): float(level) for day, level in question.inputs["levels"].items()}
    for path, name in _files(question.folder):
        if path.is_file():
            with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
                rows = [row for row in csv.DictReader(lines) if row.get(name)]
            day = next(key for key in rows[0] if key.lower() == "date")
            return {date.fromisoformat(row[day][:10]): float(row[name]) for row in rows}
    raise NoData("no data: closes of the S&P 500 lie neither beside the cases nor in an installed package")


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    yield folder.parent / "data" / "prices_us_adjusted.csv.gz", "SPX"
    spec = importlib.util.find_spec("skfolio")
    if spec is not None and spec.submodule_search_locations:
        yield Path(spec.submodule_search_locations[0]) / "datasets" / "data" / "sp500_index.csv.gz", "SP500"


def _days(closes: Mapping[date, float], question: Question) -> Mapping[str, Any]:
    days = sorted(closes)
    found = {}
    for key in question.asked:
        named = re.fullmatch(r"(\d{4}-\d{2}-\d{2})_pct", key)
        if named is None:
            raise NoFunction(f"cannot tell what '{key}' asks")
        day = date.fromisoformat(named.group(1))
        found[key] = historical_move(closes, days[days.index(day) - 1], day).return_fraction * 100.0
    return found


def _currencies(pairs: Mapping[str, Mapping[str, float]], question: Question) -> Mapping[str, Any]:
    """Gains of the quoted currency against the first of the pair, between the first and the last day given."""
    found = {}
    for key in question.asked:
        named = re.match(r"([a-z]{3})_(?:gain|loss)_vs_([a-z]{3})_pct", key)
        pair = f"{named.group(2)}{named.group(1)}".upper() if named else ""
        if pair not in pairs:
            raise NoFunction(f"cannot tell what '{key}' asks")
        quotes = [pairs[pair][day] for day in sorted(pairs[pair])]
        found[key] = currency_gain(quotes[0], quotes[-1]) * 100.0
    return found
