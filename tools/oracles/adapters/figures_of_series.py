"""From a case about return series to the single figures it asks for: whose series, which conventions."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from dawsos.compute.risk.rolling import rolling
from tools.oracles.adapters.figures import Ask, figure, over
from tools.oracles.adapters.series import Series, Table, read_table
from tools.oracles.cases import NoFunction, Question


def answer_figures(question: Question) -> dict[str, Any]:
    """Every leaf of the question answered by the book of figures."""
    table = read_table(question)
    answers: dict[str, Any] = {}
    for path in _leaves(question.asked):
        place = answers
        for key in path[:-1]:
            place = place.setdefault(key, {})
        place[path[-1]] = _answer(question, table, path)
    return answers


def _leaves(asked: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, below in asked.items():
        if isinstance(below, Mapping):
            yield from _leaves(below, (*path, key))
        else:
            yield (*path, key)


def _answer(question: Question, table: Table, path: tuple[str, ...]) -> Any:
    ask = _ask(question, table, path)
    window = re.search(r"rolling (\d+)", question.words)
    if window is None:
        return figure(ask)
    return rolling(lambda block: figure_of_block(ask, block), ask.series, int(window.group(1))).tolist()


def figure_of_block(ask: Ask, block: Series) -> Any:
    """A figure over a block of windows; a magnitude is taken with its own sign."""
    found = figure(over(ask, block))
    return getattr(found, "size", found) if hasattr(found, "size") and not isinstance(found, np.ndarray) else found


def _ask(question: Question, table: Table, path: tuple[str, ...]) -> Ask:
    names = [key for key in path if key in table.columns]
    words = " ".join(key.replace("_", " ").lower() for key in path if key not in table.columns)
    subject = names[-1] if names else _subject(question, table, words)
    everything = f"{words} {question.words}".strip()
    periods = _periods(table, " ".join(path).replace("_", " ").lower(), question.words)
    return Ask(
        key=_without_names(words, table),
        title=question.title.lower(),
        words=everything,
        series=table.columns[subject],
        benchmark=_benchmark(question, table, names, subject),
        threshold=_threshold(question, words, periods),
        risk_free=_risk_free(question, table, words, periods),
        periods=periods,
        is_yearly=_is_yearly(table, words, question.words),
        tail=_tail(question),
        order=float(question.inputs.get("order", 2)),
    )


def _without_names(words: str, table: Table) -> str:
    """The key's words that name a figure, not one of the series."""
    return " ".join(word for word in words.split() if word not in {name.lower() for name in table.columns})


def _subject(question: Question, table: Table, words: str) -> str:
    """The series a figure is asked of: named in the key, in ``column`` or in the title, else the portfolio, else the first."""
    if "column" in question.inputs:
        return str(question.inputs["column"])
    mentioned = [name for name in table.columns if re.search(rf"(^|\W){re.escape(name.lower())}(\W|$)", words)]
    titled = [name for name in table.columns if re.search(rf"\bof {re.escape(name.lower())}\b", question.title.lower())]
    if mentioned or titled:
        return (mentioned or titled)[0]
    if words == "monthly" or words.startswith("monthly "):
        # A monthly figure of values that are only given as a weekly list: the same values, another number of periods.
        return "weekly" if "weekly" in table.columns else next(iter(table.columns))
    if words.startswith("daily") and "mixed" in table.columns:
        return "mixed"
    if words.startswith("monthly") and "weekly" in table.columns:
        return "weekly"
    return "portfolio" if "portfolio" in table.columns else next(iter(table.columns))


def _benchmark(question: Question, table: Table, names: list[str], subject: str) -> Series | None:
    """The other column of the key's path, else the one the title measures against, else the benchmark, the S&P 500, the second series."""
    if len(names) > 1:
        return table.columns[names[0]]
    against = re.search(r"\b(?:vs\.?|against|on|versus) ([\w& ]+)", question.title)
    for name in table.columns:
        if against and name != subject and name.lower().startswith(against.group(1).strip().lower()):
            return table.columns[name]
    others = [name for name in ("benchmark", "SP500 TR") if name in table.columns and name != subject]
    others += [name for name in table.columns if name != subject]
    return table.columns[others[0]] if others else None


def _percent(text: str, pattern: str) -> float | None:
    """``3.5%/12`` or ``3.5%`` after ``pattern``, per period as printed."""
    found = re.search(pattern + r"\s*(?:of\s*)?([\d.]+)\s*%(\s*/\s*(\d+))?", text)
    if found is None:
        return None
    return float(found.group(1)) / 100.0 / (float(found.group(3)) if found.group(3) else 1.0)


def _threshold(question: Question, words: str, periods: float) -> float:
    """The target per period: in the key (``MAR4`` is 4 % a year, ``target_1pct`` is per period), in ``MAR``, or in the title."""
    yearly = re.search(r"\bmar ?([\d.]+)", words)
    if yearly:
        return float(yearly.group(1)) / 100.0 / periods
    target = re.search(r"target ([\d.]+)pct", words)
    if target:
        return float(target.group(1)) / 100.0
    given = next((question.inputs[name] for name in ("MAR", "mar", "threshold", "required_return", "L") if name in question.inputs), None)
    if given is not None:
        return float(given)
    return _percent(question.title.lower(), r"\bmar") or 0.0


def _risk_free(question: Question, table: Table, words: str, periods: float) -> float | Series:
    """The riskless return per period: a series, ``rf_3.5pct`` a year in the key, ``rf_monthly``, or ``Rf 3.5%/12`` in the title."""
    title = question.title.lower()
    if re.fullmatch(r"bull|bear|timing", words) and "US 3m TR" in table.columns:
        return table.columns["US 3m TR"]  # timing is measured on returns over the riskless one that lies beside them
    if re.search(r"rf series|vs benchmark rf|benchmark rf", words) or "rf series" in title:
        name = next((name for name in ("US 3m TR", "benchmark") if name in table.columns), None)
        if name is None:
            raise NoFunction("the case names no riskless series")
        return table.columns[name]
    yearly = re.search(r"\brf ([\d.]+)pct", words)
    if yearly:
        return float(yearly.group(1)) / 100.0 / periods
    if "rf_monthly" in question.inputs:
        return float(question.inputs["rf_monthly"])
    if "rf" in question.inputs:
        return float(question.inputs["rf"])
    return _percent(title, r"\brf") or 0.0


_PERIODS = {"daily": 252.0, "weekly": 52.0, "monthly": 12.0, "quarterly": 4.0, "yearly": 1.0}


def _periods(table: Table, words: str, title: str) -> float:
    if not table.dates:
        for name, count in _PERIODS.items():
            if re.search(rf"\b{name}\b", words):
                return count
        stated = re.search(r"sqrt\(?(\d+)", title)
        return float(stated.group(1)) if stated else table.periods_per_year
    return table.periods_per_year


def _is_yearly(table: Table, words: str, title: str) -> bool:
    """Undated lists are stated per year throughout; dated tables per period unless the key or title says otherwise."""
    if not table.dates:
        return table.periods_per_year > 1.0
    if re.search(r"\bmonthly\b|\bperiod\b", words):
        return False
    return bool(re.search(r"\bannual", words) or re.search(r"\bannualised\b|\bannualized\b", title.partition("(")[0]))


def _tail(question: Question) -> float:
    level = question.inputs.get("p", question.inputs.get("confidence"))
    if level is None:
        stated = re.search(r"\b(\d\d(?:\.\d+)?)\s*%", question.title)
        level = float(stated.group(1)) / 100.0 if stated else 0.95
    return 1.0 - level if level > 0.5 else float(level)
