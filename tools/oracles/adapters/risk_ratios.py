"""Spread, shape and reward-to-risk ratios; volatility of a period from prices."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from dawsos.compute.risk.moments import describe, period_volatility
from tools.oracles.adapters.figures_of_series import answer_figures
from tools.oracles.adapters.series import exact_values, prices_by_name
from tools.oracles.cases import NoFunction, Question


def _from_prices(question: Question) -> dict[str, Any]:
    """Weekday closes without the exchange's holidays."""
    by_name = prices_by_name(question)
    closed = {name: {date.fromisoformat(day) for day in days} for name, days in question.inputs.get("excluded_holidays", {}).items()}
    found = {}
    for name, prices in by_name.items():
        kept = [price for day, price in sorted(prices.items()) if day.weekday() < 5 and day not in closed.get(name, set())]
        found[name.lower()] = period_volatility(kept)
    lacking = [key for key in question.asked if key not in found]
    if lacking:
        raise NoFunction(f"no prices named '{lacking[0]}'")
    return found


def _described(question: Question) -> dict[str, Any]:
    found = describe(exact_values(question))
    names = {
        "mean": found.mean,
        "sd": found.standard_deviation,
        "standard_deviation": found.standard_deviation,
        "autocorr1": found.autocorrelation,
    }
    lacking = [key for key in question.asked if key not in names]
    if lacking:
        raise NoFunction(f"no function for '{lacking[0]}'")
    return names


def answer(question: Question) -> Mapping[str, Any]:
    """Figures of return series, or of prices or plain values where the case gives those."""
    if "excluded_holidays" in question.inputs:
        return _from_prices(question)
    if question.inputs.keys() & {"construct", "values"}:
        return _described(question)
    return answer_figures(question)
