"""A policy carried out: from history and limits to target weights, with everything that gave way said."""

from dataclasses import dataclass, replace

import numpy as np

from dawsos.compute.optimizer.covariance import ledoit_wolf
from dawsos.compute.optimizer.hierarchical import hierarchical_risk_parity
from dawsos.compute.optimizer.limits import Limits, one_way_turnover
from dawsos.compute.optimizer.policy import Policy
from dawsos.compute.optimizer.purposes import (
    MaximumSharpe,
    MeanVariance,
    MinimumShortfall,
    MinimumVariance,
    NearestTo,
    Purpose,
)
from dawsos.compute.optimizer.relaxing import Outcome, Relaxed, optimise_or_relax
from dawsos.compute.optimizer.risk_budgeting import risk_budget_weights
from dawsos.compute.optimizer.risk_model import RiskModel
from dawsos.compute.optimizer.solving import Verdict
from dawsos.compute.returns.figures import FloatArray, NotComputable

#: Volatility given to every asset when there is too little history to estimate any.
ASSUMED_VOLATILITY = 0.20


@dataclass(frozen=True, slots=True)
class Proposal:
    """Target ``weights`` (NaN unless ``verdict`` is ``solved``) with expected figures per year before and after, None where unknown.

    ``intensity`` is the shrinkage used; ``warnings`` say what had to be assumed, ``relaxed`` which limits gave way.
    """

    verdict: Verdict
    weights: FloatArray
    relaxed: tuple[Relaxed, ...]
    turnover: float
    expected_return: float | None
    expected_volatility: float | None
    expected_tracking_error: float | None
    intensity: float | None
    observations: int
    warnings: tuple[str, ...]
    reason: str


def propose(policy: Policy, limits: Limits, returns: FloatArray, *, expected: FloatArray | None = None) -> Proposal:
    """Weights by ``policy.method`` under ``limits``, from daily ``returns [T × n]``.

    Covariance by Ledoit–Wolf over the last ``policy.lookback_days`` rows with every return. ``expected`` are expected returns per year;
    unless given they are those the current weights imply (reverse optimisation, μ = γ·Σ·w + riskless rate): a mean over a year of days
    says next to nothing of the next, and an owner's weights are a view. ``risk_parity`` and ``hierarchical`` find their model weights
    among the assets whose upper bound is above 0 and hold them under the limits with least tracking error against them;
    ``track_benchmark`` does so with the benchmark.

    Fewer than 60 complete rows: no covariance is estimated. Every asset is taken to be alike and independent, so that equal weights are
    the model, whatever the method; tracking error and volatility are not limited, expected figures are None, and a warning says so.
    """
    size = limits.upper.size
    recent = returns[-policy.lookback_days :]
    shrunk = ledoit_wolf(recent)
    if isinstance(shrunk, NotComputable):
        model = RiskModel(np.zeros((size, 0)), np.full(size, ASSUMED_VOLATILITY**2))
        plain = replace(limits, tracking_error=None, volatility=None)
        outcome = optimise_or_relax(NearestTo(target=_equal(plain)), plain, model)
        warning = f"too little history ({shrunk}): equal risk is assumed; tracking error and volatility are not limited"
        return _proposal(outcome, limits, None, None, None, shrunk.had or 0, (warning,))
    views = _implied(limits, shrunk.model, policy) if expected is None else expected
    purpose = _purpose(policy, limits, shrunk.model, recent)
    outcome = optimise_or_relax(purpose, limits, shrunk.model, views)
    return _proposal(outcome, limits, shrunk.model, views, shrunk.intensity, shrunk.observations, ())


def _implied(limits: Limits, model: RiskModel, policy: Policy) -> FloatArray:
    held = limits.current if limits.current is not None and limits.current.sum() > 0.0 else _equal(limits)
    return np.asarray(policy.risk_aversion * model.times(held) + policy.risk_free)


def _equal(limits: Limits) -> FloatArray:
    open_to_buy = limits.upper > 0.0
    return np.where(open_to_buy, limits.budget / max(int(open_to_buy.sum()), 1), 0.0)


def _purpose(policy: Policy, limits: Limits, model: RiskModel, recent: FloatArray) -> Purpose:
    if policy.method == "mean_variance":
        return MeanVariance(risk_aversion=policy.risk_aversion)
    if policy.method == "max_sharpe":
        return MaximumSharpe(risk_free=policy.risk_free)
    if policy.method == "cvar":
        return MinimumShortfall(scenarios=recent[~np.isnan(recent).any(axis=1)])
    if policy.method in {"risk_parity", "hierarchical"}:
        return NearestTo(target=_model_weights(policy, limits, model))
    if policy.method == "track_benchmark" and limits.benchmark is not None:
        return NearestTo(target=limits.benchmark)
    return MinimumVariance()


def _model_weights(policy: Policy, limits: Limits, model: RiskModel) -> FloatArray:
    chosen = np.flatnonzero(limits.upper > 0.0)
    weights = np.zeros(model.size)
    if chosen.size:
        part = RiskModel(model.loadings[chosen], model.specific[chosen])
        found = risk_budget_weights(part) if policy.method == "risk_parity" else hierarchical_risk_parity(part.covariance())
        weights[chosen] = limits.budget * found
    return weights


def _proposal(
    outcome: Outcome,
    limits: Limits,
    model: RiskModel | None,
    expected: FloatArray | None,
    intensity: float | None,
    observations: int,
    warnings: tuple[str, ...],
) -> Proposal:
    weights = outcome.solution.weights
    is_solved = outcome.solution.verdict == "solved"
    active = weights - limits.benchmark if is_solved and limits.benchmark is not None else None
    return Proposal(
        verdict=outcome.solution.verdict,
        weights=weights,
        relaxed=outcome.relaxed,
        turnover=one_way_turnover(limits.current, weights) if is_solved and limits.current is not None else 0.0,
        expected_return=float(expected @ weights) if is_solved and expected is not None else None,
        expected_volatility=model.volatility(weights) if is_solved and model is not None else None,
        expected_tracking_error=model.volatility(active) if model is not None and active is not None else None,
        intensity=intensity,
        observations=observations,
        warnings=warnings,
        reason=outcome.reason,
    )
