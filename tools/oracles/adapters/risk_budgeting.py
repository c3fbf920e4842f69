"""Risk budgets, equal risk contributions, and what the risk of given weights consists of."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from dawsos.compute.optimizer.risk_budgeting import risk_budget_weights, risk_contributions
from dawsos.compute.optimizer.risk_model import of_covariance
from dawsos.compute.returns import NotComputable
from dawsos.compute.risk.decomposition import (
    RiskDecomposition,
    historical_decomposition,
    modified_decomposition,
    parametric_decomposition,
)
from tools.oracles.adapters.moments import Array, read_moments
from tools.oracles.adapters.series import read_table
from tools.oracles.cases import NoFunction, Question


def _series(question: Question, names: list[str] | None) -> Array:
    table = read_table(question)
    chosen = names or list(table.columns)
    block = np.array([table.columns[name] for name in chosen])
    found = re.search(r"from (\d{4}-\d{2}-\d{2})", str(question.inputs.get("data", "")))
    if found:
        block = block[:, [day >= date.fromisoformat(found.group(1)) for day in table.dates]]
    return block


def _given_series(question: Question) -> Array | None:
    data = str(question.inputs.get("data", ""))
    if "load_sp500_dataset" in data:
        return _series(question, question.inputs.get("tickers"))
    if "columns" in question.inputs and "data" in question.inputs:
        return _series(question, question.inputs["columns"])
    return None


def _of_weights(question: Question, block: Array) -> dict[str, Any]:
    """Gaussian value at risk as a positive loss, and its parts wᵢ·∂VaR/∂wᵢ."""
    weights = np.array(question.inputs["weights"], dtype=float)
    share = float(question.inputs.get("p", 0.95))
    tail = 1.0 - share if share > 0.5 else share
    ddof = 0 if "ddof=0" in question.words.split(";")[-1] and "ddof=1" not in question.words else 1
    found = _decomposed(question, weights, block.T, tail, ddof)
    if isinstance(found, NotComputable):
        raise NoFunction(str(found))
    total = float(found.risk)
    parts = {"component": found.component, "contribution": found.component, "marginal": found.marginal, "incremental": found.incremental}
    shares = {"pct_contribution": found.share, "share": found.share, "standalone": found.standalone, "beta": found.beta}
    return {
        **dict.fromkeys(("portfolio_var", "portfolio_es", "portfolio_cvar", "var", "es", "cvar", "total"), total),
        **{name: part.tolist() for name, part in (parts | shares).items()},
        "volatility": float(found.volatility),
        "diversification": float(found.diversification),
    }


def _decomposed(question: Question, weights: Array, returns: Array, tail: float, ddof: int) -> RiskDecomposition | NotComputable:
    """By the model the case names; Gaussian otherwise, with the sample mean unless it is said to be zero."""
    words = f"{question.words} {question.inputs.get('method', '')}".lower()
    measure: Any = "cvar" if re.search(r"\b(cvar|es|etl)\b|shortfall", words) else "var"
    if "historical" in words:
        return historical_decomposition(weights, returns, tail=tail, measure=measure)
    if re.search(r"modified|cornish", words) and measure == "var":
        return modified_decomposition(weights, returns, tail=tail)
    mean: Any = "zero" if re.search(r"zero mean|mean (of )?(zero|0)", words) else "sample"
    return parametric_decomposition(weights, returns, tail=tail, measure=measure, mean=mean, ddof=ddof)


def answer(question: Question) -> Mapping[str, Any]:
    """Weights with given risk shares, or the shares of given weights."""
    block = _given_series(question)
    if block is not None and "weights" in question.inputs:
        return _of_weights(question, block)
    model = of_covariance(np.cov(block)) if block is not None else of_covariance(read_moments(question).covariance)
    budgets = next((question.inputs[name] for name in ("budgets", "budget", "b", "risk_budget") if name in question.inputs), None)
    if "weights" in question.inputs:
        weights = np.array(question.inputs["weights"], dtype=float)
    elif "inverse volatility" in question.words:
        raise NoFunction("weights by inverse volatility are no risk budget")
    else:
        weights = risk_budget_weights(model, budgets)
    found = risk_contributions(weights, model)
    return {
        "weights": weights.tolist(),
        "weights_pct": (100.0 * weights).tolist(),
        "w": weights.tolist(),
        "volatility": found.volatility,
        "volatility_pct": 100.0 * found.volatility,
        "contributions": found.contributions.tolist(),
        "risk_contributions": found.contributions.tolist(),
        "shares": found.shares.tolist(),
        "shares_pct": (100.0 * found.shares).tolist(),
        "risk_contributions_pct": (100.0 * found.shares).tolist(),
        "marginal": (found.contributions / weights).tolist(),
    }
