"""Portfolios that are best for a stated purpose under stated limits."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from dawsos.compute.optimizer.hierarchical import hierarchical_risk_parity
from dawsos.compute.optimizer.limits import Limits
from dawsos.compute.optimizer.purposes import (
    MaximumReturn,
    MaximumSharpe,
    MeanVariance,
    MinimumSemivariance,
    MinimumShortfall,
    MinimumVariance,
    Purpose,
)
from dawsos.compute.optimizer.risk_model import of_covariance
from dawsos.compute.optimizer.solving import optimise
from tools.oracles.adapters.moments import Array, Moments, read_moments
from tools.oracles.cases import NoFunction, Question

_LINKAGES = ("complete", "average", "ward", "single")


#: What a Sharpe ratio is taken over where a case does not say: the usual default of optimisers, and of the product's policies.
_USUAL_RISK_FREE = 0.02


def _risk_free(question: Question) -> float:
    if "rf" in question.inputs:
        return float(question.inputs["rf"])
    found = re.search(r"rf (\d+(?:\.\d+)?)\s*%", question.words)
    return float(found.group(1)) / 100.0 if found else _USUAL_RISK_FREE


def _limits(question: Question, size: int) -> Limits:
    inputs, words = question.inputs, question.words
    bounds = inputs.get("bounds", [0.0, 1.0] if "long only" in words else None)
    low, high = (-np.inf, np.inf) if bounds is None else (float(bounds[0]), float(bounds[1]))
    target = inputs.get("target_return")
    return Limits(
        lower=np.full(size, low),
        upper=np.full(size, high),
        budget=float(inputs.get("sum_weights", 0.0 if "market neutral" in words else 1.0)),
        volatility=inputs.get("target_volatility"),
        target_return=None if target is None else float(target),
    )


def _purpose(question: Question, moments: Moments) -> Purpose:
    words, inputs = question.words, question.inputs
    scenarios = (moments.content or {}).get("returns", inputs.get("returns"))
    if "semivariance" in words or "semideviation" in words:
        return MinimumSemivariance(scenarios=np.array(scenarios, dtype=float), threshold=float(inputs.get("threshold", 0.0)))
    if re.search(r"\bcvar\b|expected shortfall", words):
        return MinimumShortfall(scenarios=np.array(scenarios, dtype=float), tail=1.0 - float(inputs.get("beta", 0.95)))
    if "sharpe" in question.title.lower() or "tangency" in words:
        return MaximumSharpe(risk_free=_risk_free(question))
    if "risk_aversion" in inputs or "utility" in words:
        return MeanVariance(risk_aversion=float(inputs.get("risk_aversion", 1.0)))
    if re.search(r"maxim\w+ return", words):
        return MaximumReturn()
    if re.search(r"minimum (variance|volatility)|min\w* vol", words) or "target_return" in inputs:
        return MinimumVariance()
    raise NoFunction(f"no such purpose: {question.title}")


def _weights(question: Question, moments: Moments) -> Array:
    if "hierarchical risk parity" in question.words or "hrp" in question.words:
        linkage = next((name for name in _LINKAGES if f"{name} linkage" in question.words), "single")
        pairwise = moments.correlation if "pairwise" in question.words else None
        return hierarchical_risk_parity(moments.covariance, correlation=pairwise, linkage=linkage)  # type: ignore[arg-type]
    purpose, limits = _purpose(question, moments), _limits(question, len(moments.names))
    solution = optimise(purpose, limits, of_covariance(moments.covariance), moments.expected)
    if solution.verdict != "solved":
        raise NoFunction(f"not solved: {solution.verdict}")
    return solution.weights


def _expected(question: Question, moments: Moments) -> Array | None:
    if "arithmetic mean" in question.words and moments.mean_daily is not None:
        return moments.mean_daily * 252.0
    return moments.expected


def answer(question: Question) -> Mapping[str, Any]:
    """Weights, and the performance of the portfolio they make."""
    moments = read_moments(question)
    weights = _weights(question, moments)
    expected, risk_free = _expected(question, moments), _risk_free(question)
    volatility = float(np.sqrt(weights @ moments.covariance @ weights))
    found: dict[str, Any] = {"volatility": volatility}
    asked = question.asked.get("weights")
    found["weights"] = dict(zip(moments.names, weights.tolist(), strict=True)) if isinstance(asked, Mapping) else weights.tolist()
    found["weights_pct"] = (100.0 * weights).tolist()
    if expected is not None:
        found["return"] = float(expected @ weights)
        found["sharpe"] = (found["return"] - risk_free) / volatility
    if "semideviation_annual" in question.asked:
        daily = np.array((moments.content or {})["returns"], dtype=float) @ weights
        found["semideviation_annual"] = float(np.sqrt(np.mean(np.minimum(daily, 0.0) ** 2) * 252.0))
        found["sortino_rf2"] = (found["return"] - risk_free) / found["semideviation_annual"]
    return found
