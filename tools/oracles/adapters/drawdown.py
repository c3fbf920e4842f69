"""Drawdowns: depth, dates and recovery."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np

from dawsos.compute.returns.figures import as_date
from dawsos.compute.risk.drawdown import DatedDrawdown, dated, deepest, longest_recovery, max_drawdown
from tools.oracles.adapters.figures_of_series import answer_figures
from tools.oracles.adapters.series import Table, read_table
from tools.oracles.cases import NoFunction, Question
from tools.oracles.compare import Magnitude

#: Paths named by their steps go up and down by this much.
STEP = 0.10


def _listed(question: Question, table: Table) -> dict[str, Any]:
    """The deepest falls of each series: depth, first day under water, trough, and the day of recovery."""
    counts = {"five": 5, "three": 3, "ten": 10}
    count = next((number for word, number in counts.items() if word in question.words), 5)
    return {name: _falls(table, name, count) for name in question.asked}


def _falls(table: Table, name: str, count: int) -> dict[str, Any]:
    series = table.columns[name]
    present = ~np.isnan(series)
    days = [day for day, kept in zip(table.dates, present, strict=True) if kept]
    falls = deepest(series[present], count)
    return {
        "depth": [fall.depth for fall in falls],
        "from": [days[fall.onset - 1].isoformat() for fall in falls],
        "trough": [days[fall.trough - 1].isoformat() for fall in falls],
        "to": [None if fall.recovery is None else days[fall.recovery - 1].isoformat() for fall in falls],
        "length": [(len(days) if fall.recovery is None else fall.recovery) - fall.onset + 1 for fall in falls],
    }


def _from_values(question: Question) -> dict[str, Any]:
    """Daily values from a first date."""
    values = np.array(question.inputs["values"], dtype=float)
    first = date.fromisoformat(question.inputs["first_date"])
    days = np.array([first + timedelta(days=step) for step in range(values.size)], dtype="datetime64[D]")
    returns = values[1:] / values[:-1] - 1.0
    worst, slowest = deepest(returns), longest_recovery(returns)
    found: dict[str, Any] = {"max_drawdown": Magnitude(worst[0].depth if worst else 0.0)}
    if worst:
        found |= _days("", dated(worst[0], days))
    if slowest is not None:
        found["recovery_from"] = as_date(days[slowest.trough]).isoformat()
        found["recovery_to"] = as_date(days[slowest.recovery]).isoformat()
    return found


def _days(prefix: str, fall: DatedDrawdown) -> dict[str, Any]:
    return {
        f"{prefix}peak": fall.peak_date.isoformat(),
        f"{prefix}trough": fall.trough_date.isoformat(),
        f"{prefix}recovery": None if fall.recovery_date is None else fall.recovery_date.isoformat(),
    }


def _named_path(name: str) -> Magnitude | None:
    """``up_down_up``: a series told in its own name."""
    steps = name.split("_")
    if not all(re.fullmatch("up|down", step) for step in steps):
        return None
    return Magnitude(max_drawdown([STEP if step == "up" else -STEP for step in steps]))


def answer(question: Question) -> Mapping[str, Any]:
    """Falls listed per series, falls of a list of values, or single figures."""
    if "values" in question.inputs:
        found = _from_values(question)
        lacking = [key for key in question.asked if key not in found]
        if lacking:
            raise NoFunction(f"no function for '{lacking[0]}'")
        return found
    shapes = [shape for shape in question.asked.values() if isinstance(shape, Mapping)]
    if shapes and all("depth" in shape for shape in shapes):
        return _listed(question, read_table(question))
    told = {key: path for key in question.asked if (path := _named_path(key)) is not None}
    rest = Question(
        question.area,
        question.title,
        question.convention,
        question.inputs,
        {k: v for k, v in question.asked.items() if k not in told},
        question.folder,
    )
    return {**told, **answer_figures(rest)}
