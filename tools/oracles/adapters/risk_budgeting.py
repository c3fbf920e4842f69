"""Risk budgets, equal risk contributions, and what the risk of given weights consists of."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from dawsos.compute.optimizer.risk_budgeting import risk_budget_weights, risk_contributions
from dawsos.compute.optimizer.risk_model import of_covariance
from dawsos.compute.risk.tail import gaussian_var, normal_quantile
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
    total = -float(gaussian_var(weights @ block, tail=tail, ddof=ddof))
    risk = risk_contributions(weights, of_covariance(np.cov(block, ddof=ddof)))
    parts = -normal_quantile(tail) * risk.contributions - weights * block.mean(axis=1)
    return {"portfolio_var": total, "var": total, "contribution": parts.tolist(), "pct_contribution": (parts / total).tolist()}


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
