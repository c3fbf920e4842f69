"""P14: mean-variance weights with limits on turnover and tracking error, against dense cvxpy with Clarabel and PyPortfolioOpt."""

import importlib.util
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bench.harness import Row, arguments, bound, compare, generator, version_of
from dawsos.compute.optimizer.limits import Limits, violations
from dawsos.compute.optimizer.purposes import MeanVariance
from dawsos.compute.optimizer.risk_model import RiskModel, of_factors
from dawsos.compute.optimizer.solving import optimise

FACTORS = 20
RISK_AVERSION = 4.0
OBJECTIVE_GAP = 1e-6


@dataclass(frozen=True)
class Problem:
    """The same problem in both forms."""

    model: RiskModel
    covariance: np.ndarray
    expected: np.ndarray
    limits: Limits


def problem(size: int, *, with_tracking_error: bool) -> Problem:
    """A factor model of ``size`` assets, turnover of at most 10 %, positions of at most 10 % (or five times an equal share)."""
    random = generator(size)
    exposures = random.normal(0.0, 0.25, (size, FACTORS)) / np.sqrt(FACTORS)
    exposures[:, 0] += 0.18
    model = of_factors(exposures, np.eye(FACTORS), random.uniform(0.01, 0.09, size))
    current = random.dirichlet(np.full(size, 4.0))
    limits = Limits(
        lower=np.zeros(size),
        upper=np.full(size, max(0.1, 5.0 / size)),
        current=current,
        turnover=0.10,
    )
    given = Problem(model, model.covariance(), random.normal(0.07, 0.04, size), limits)
    if not with_tracking_error:
        return given
    benchmark = np.full(size, 1.0 / size)
    free = model.volatility(_ours(given) - benchmark)  # seven tenths of what the weights would have without: the limit binds
    return replace(given, limits=replace(limits, benchmark=benchmark, tracking_error=0.7 * free))


def _objective(given: Problem, weights: np.ndarray) -> float:
    return float(0.5 * RISK_AVERSION * weights @ given.covariance @ weights - given.expected @ weights)


def _ours(given: Problem) -> np.ndarray:
    return optimise(MeanVariance(risk_aversion=RISK_AVERSION), given.limits, given.model, given.expected).weights


def _dense(given: Problem) -> np.ndarray:
    """What one writes by hand: the dense covariance in a quadratic form."""
    import cvxpy as cp  # noqa: PLC0415 - a peer, imported outside of what is timed

    w, limits = cp.Variable(given.expected.size), given.limits
    rules = [w >= limits.lower, w <= limits.upper, cp.sum(w) == 1, cp.norm1(w - limits.current) <= 2 * limits.turnover]
    if limits.tracking_error is not None:
        rules.append(cp.quad_form(w - limits.benchmark, cp.psd_wrap(given.covariance)) <= limits.tracking_error**2)
    goal = 0.5 * RISK_AVERSION * cp.quad_form(w, cp.psd_wrap(given.covariance)) - given.expected @ w
    cp.Problem(cp.Minimize(goal), rules).solve(solver=cp.CLARABEL)
    return np.asarray(w.value)


def _pypfopt(given: Problem) -> np.ndarray:
    import cvxpy as cp  # noqa: PLC0415
    from pypfopt import EfficientFrontier  # noqa: PLC0415 - optional peer

    limits = given.limits
    frontier = EfficientFrontier(given.expected, given.covariance, weight_bounds=(0.0, float(limits.upper[0])), solver="CLARABEL")
    frontier.add_constraint(lambda w: cp.norm1(w - limits.current) <= 2 * limits.turnover)
    if limits.tracking_error is not None:
        inside = limits.tracking_error**2
        frontier.add_constraint(lambda w: cp.quad_form(w - limits.benchmark, cp.psd_wrap(given.covariance)) <= inside)
    weights = frontier.max_quadratic_utility(risk_aversion=RISK_AVERSION)
    return np.array(list(weights.values()))


def _same(given: Problem) -> Callable[[np.ndarray, np.ndarray], bool]:
    """Equal objectives: ours is not worse than the peer's, and not better by more than the peer's own tolerance explains."""
    return lambda ours, peer: abs(_objective(given, ours) - _objective(given, peer)) <= OBJECTIVE_GAP


def _rows(size: int, chosen: Any, *, with_tracking_error: bool) -> list[Row]:
    given = problem(size, with_tracking_error=with_tracking_error)
    what = f"{size} assets, turnover{' and tracking error' if with_tracking_error else ''}"
    worst = max(violations(_ours(given), given.limits, given.model, given.expected).values(), default=0.0)
    goals = {50: 4, 2_000: 100} if not with_tracking_error else {}
    common: dict[str, Any] = {"equal": _same(given), "small": chosen.small, "clock": time.process_time}

    def judged(goal: float | None) -> dict[str, Any]:
        """As many as were asked for where a goal is judged; elsewhere one, because a dense problem of this size takes many seconds."""
        few = goal is None and size >= 500
        return {"goal": goal, **({"rounds": 1, "note": "one round"} if few else {"rounds": chosen.rounds})}

    rows = [
        bound("optimizer", what, worst, at_most=1e-7, what="largest violation of a limit", small=chosen.small),
        compare("optimizer", what, lambda: _ours(given), lambda: _dense(given), peer_name="cvxpy + Clarabel, dense",
                peer_version=f"{version_of('cvxpy')} / {version_of('clarabel')}", **common, **judged(goals.get(size))),
    ]  # fmt: skip
    if importlib.util.find_spec("pypfopt") is not None and size <= 500:
        goal = 20 if size == 500 and not with_tracking_error else None
        rows.append(
            compare("optimizer", what, lambda: _ours(given), lambda: _pypfopt(given), peer_name="PyPortfolioOpt",
                    peer_version=version_of("pyportfolioopt"), **common, **judged(goal))
        )  # fmt: skip
    return rows


def main(argv: Sequence[str]) -> list[Row]:
    """50, 500 and 2 000 assets, with a limit on turnover, and with one on tracking error besides."""
    chosen = arguments(argv, __doc__ or "")
    sizes = (20,) if chosen.small else (50, 500, 2_000)
    return [row for size in sizes for both in (False, True) for row in _rows(size, chosen, with_tracking_error=both)]
