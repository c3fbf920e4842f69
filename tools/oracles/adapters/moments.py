"""Expected returns and covariances as cases give them: matrices, volatilities with correlations, files, scenarios."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.oracles.cases import NoFunction, Question

Array = NDArray[np.float64]
#: What data files elsewhere leave out, with its source; each names the file it completes.
_COMPLETIONS = Path(__file__).parents[1] / "data"


@dataclass(frozen=True)
class Moments:
    """``covariance`` per year, with what else is known beside it."""

    names: list[str]
    covariance: Array
    expected: Array | None = None
    correlation: Array | None = None
    content: dict[str, Any] | None = None
    mean_daily: Array | None = None


def file_of(words: str) -> str:
    """The file named at the beginning of a remark."""
    found = re.match(r"\s*(\S+\.json)", words)
    if not found:
        raise NoFunction(f"no data file named in: {words}")
    return found.group(1)


def read_moments(question: Question) -> Moments:
    """From the inputs themselves, or the data file they name."""
    inputs = question.inputs
    if "data" in inputs:
        return _from_file(question, file_of(inputs["data"]))
    expected = np.array(inputs["mu"], dtype=float) if "mu" in inputs else None
    if "cov" in inputs:
        covariance = np.array(inputs["cov"], dtype=float)
    elif "vol" in inputs:
        volatility = np.array(inputs["vol"], dtype=float)
        covariance = np.outer(volatility, volatility) * _correlation(inputs, volatility.size)
    else:
        raise NoFunction(f"no covariance among {sorted(inputs)}")
    names = inputs.get("assets") or inputs.get("countries") or inputs.get("tickers") or [str(place) for place in range(len(covariance))]
    return Moments(list(names), covariance, expected)


def _correlation(inputs: Any, size: int) -> Array:
    if "corr" in inputs:
        given = np.array(inputs["corr"], dtype=float)
        # Some tables print one triangle only.
        return given if np.allclose(given, given.T) else given + given.T - np.diag(np.diag(given))
    same = float(inputs.get("corr_offdiag", 0.0))
    return np.full((size, size), same) + (1.0 - same) * np.eye(size)


def _from_file(question: Question, name: str) -> Moments:
    content = question.read(name)
    if "cov" in content:
        expected = np.array(content["mu"], dtype=float) if "mu" in content else None
        covariance, more = np.array(content["cov"], dtype=float), _completion(name)
        return Moments(content["tickers"], covariance, expected, more.get("correlation"), content, more.get("mean_daily"))
    if "returns" in content:
        daily = np.array(content["returns"], dtype=float)
        expected = np.array(content["mu"], dtype=float)
        return Moments(content["tickers"], np.cov(daily.T) * 252.0, expected, None, content, daily.mean(axis=0))
    raise NoFunction(f"{name} has neither covariance nor returns")


def _completion(name: str) -> dict[str, Array]:
    for path in sorted(_COMPLETIONS.glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        if content.get("completes") == name:
            return {key: np.array(content[key], dtype=float) for key in ("correlation", "mean_daily")}
    return {}
