"""The efficient frontier: least risk for every return that can be had."""

from dataclasses import dataclass, replace

import numpy as np

from dawsos.compute.optimizer.limits import Limits
from dawsos.compute.optimizer.purposes import MaximumReturn, MinimumVariance
from dawsos.compute.optimizer.risk_model import RiskModel
from dawsos.compute.optimizer.solving import Verdict, optimise
from dawsos.compute.returns.figures import FloatArray


@dataclass(frozen=True, slots=True)
class Frontier:
    """Points from the least risk to the highest return: ``returns [m]``, ``volatilities [m]``, ``weights [m × n]``; empty unless solved."""

    verdict: Verdict
    returns: FloatArray
    volatilities: FloatArray
    weights: FloatArray


def efficient_frontier(limits: Limits, model: RiskModel, expected: FloatArray, *, points: int = 20) -> Frontier:
    """``points`` portfolios of least variance at returns evenly spaced from that of least variance to the highest, under all ``limits``.

    With two assets or more both returns and volatilities rise from point to point. Where least variance already has the highest
    return, there is that one point. Source: Markowitz (1952).
    """
    lowest, highest = optimise(MinimumVariance(), limits, model, expected), optimise(MaximumReturn(), limits, model, expected)
    for solution in (lowest, highest):
        if solution.verdict != "solved":
            nothing = np.zeros(0)
            return Frontier(solution.verdict, nothing, nothing, np.zeros((0, model.size)))
    start, end = float(expected @ lowest.weights), float(expected @ highest.weights)
    targets = np.linspace(start, end, points)[1:-1] if end - start > 1e-9 else np.zeros(0)
    inner = [optimise(MinimumVariance(), replace(limits, target_return=float(target)), model, expected) for target in targets]
    ends = [highest] if end - start > 1e-9 else []
    if ends:  # of all portfolios with the highest return, the one of least variance
        best = optimise(MinimumVariance(), replace(limits, target_return=end - 1e-9), model, expected)
        ends = [best if best.verdict == "solved" else highest]
    weights = np.array([solution.weights for solution in (lowest, *inner, *ends) if solution.verdict == "solved"])
    return Frontier("solved", weights @ expected, np.array([model.volatility(row) for row in weights]), weights)
