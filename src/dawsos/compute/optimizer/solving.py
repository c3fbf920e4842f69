"""The optimal weights for one purpose under all limits at once."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from dawsos.compute.optimizer.conic import Answer, Block, Program
from dawsos.compute.optimizer.limits import TOLERANCE, Limits, checked, violations
from dawsos.compute.optimizer.purposes import (
    MaximumReturn,
    MaximumSharpe,
    MeanVariance,
    MinimumSectorExcess,
    MinimumSemivariance,
    MinimumShortfall,
    MinimumTurnover,
    MinimumVariance,
    NearestTo,
    Purpose,
)
from dawsos.compute.optimizer.risk_model import RiskModel
from dawsos.compute.returns.figures import FloatArray
from dawsos.kernel.errors import Invalid

#: ``infeasible``: no weights keep all limits; ``unbounded``: nothing holds the objective back; ``failed``: the solvers found no answer
#: that keeps the limits to 1e-7.
Verdict = Literal["solved", "infeasible", "unbounded", "failed"]


@dataclass(frozen=True, slots=True)
class Solution:
    """``weights [n]`` when ``verdict`` is ``solved``, else NaN; ``worst_violation`` is the largest excess over any limit."""

    verdict: Verdict
    weights: FloatArray
    worst_violation: float


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the variables of a program start."""

    program: Program
    weights: int
    exposures: int
    bought: int | None


def optimise(purpose: Purpose, limits: Limits, model: RiskModel, expected: FloatArray | None = None) -> Solution:
    """Weights ``[n]`` that are best for ``purpose`` among those that keep every one of ``limits``.

    ``model`` is Σ, ``expected`` is μ ``[n]`` in the same units per year, needed by purposes and limits that speak of return. The program
    is convex and solved to 1e-10 in the form of factors: variables w and y = Bᵀw, so that the quadratic part is a diagonal and the cost
    grows with n·k rather than n². ``minimum_position`` is not convex: small positions are raised to it or closed, the larger half
    raised, and the rest solved again until every weight is 0 or at least that; the result keeps all limits, and is optimal for the set
    of positions so chosen.

    Raises :class:`Invalid` for inputs that do not fit together. Source: Markowitz (1952); Boyd and Vandenberghe, Convex Optimization,
    4.4; Perold (1984) for the form of factors.
    """
    limits = checked(limits, model.size)
    if expected is not None and (np.shape(expected) != (model.size,) or not np.isfinite(expected).all()):
        raise Invalid("Expected returns do not fit the assets.", remedy="Give one finite number per asset.")
    if expected is None and (limits.target_return is not None or isinstance(purpose, MeanVariance | MaximumReturn | MaximumSharpe)):
        raise Invalid("This purpose or limit needs expected returns.", remedy="Give 'expected'.")
    if (
        np.any(limits.lower > limits.upper)
        or limits.lower.sum() > limits.budget + TOLERANCE
        or limits.upper.sum() < limits.budget - TOLERANCE
    ):
        return _none("infeasible", model.size)
    solution = _convex(purpose, limits, model, expected)
    if limits.minimum_position > 0.0 and solution.verdict == "solved":
        return _without_crumbs(purpose, limits, model, expected, solution)
    return solution


def _none(verdict: Verdict, size: int) -> Solution:
    return Solution(verdict, np.full(size, np.nan), float("nan"))


def _convex(purpose: Purpose, limits: Limits, model: RiskModel, expected: FloatArray | None) -> Solution:
    limits = replace(limits, minimum_position=0.0)
    if isinstance(purpose, MaximumReturn | MinimumTurnover | MinimumSectorExcess) and not _has_variance_limit(limits):
        model = RiskModel(np.zeros((model.size, 0)), np.zeros(model.size))  # nothing speaks of risk: a linear program
    layout = _laid_out(purpose, limits, model, expected)
    found = _none("failed", model.size)
    for carefully in (False, True):
        answer = layout.program.solve(scaled=isinstance(purpose, MaximumSharpe), carefully=carefully)
        found = _read(answer, purpose, limits, model, expected, layout)
        if found.verdict != "failed":
            return found
    return found


def _has_variance_limit(limits: Limits) -> bool:
    return limits.volatility is not None or limits.tracking_error is not None


def _read(answer: Answer, purpose: Purpose, limits: Limits, model: RiskModel, expected: FloatArray | None, layout: _Layout) -> Solution:
    if answer.verdict != "solved":
        return _none(answer.verdict, model.size)
    scale = answer.x[-1] if isinstance(purpose, MaximumSharpe) else 1.0
    if scale <= 1e-12:
        return _none("unbounded", model.size)
    weights = np.clip(answer.x[layout.weights : layout.weights + model.size] / scale, limits.lower, limits.upper)
    kept = limits.without("sector") if isinstance(purpose, MinimumSectorExcess) else limits
    worst = max(violations(weights, kept, model, expected).values(), default=0.0)
    return Solution("solved", weights, worst) if worst <= TOLERANCE else _none("failed", model.size)


def _laid_out(purpose: Purpose, limits: Limits, model: RiskModel, expected: FloatArray | None) -> _Layout:
    size, factors = model.loadings.shape
    program = Program()
    gamma = _risk_weight(purpose)
    linear = _linear_part(purpose, model, expected)
    weights = program.variables(size, quadratic=gamma * model.specific, linear=linear, lower=limits.lower, upper=limits.upper)
    centre = model.loadings.T @ purpose.target if isinstance(purpose, NearestTo) else np.zeros(factors)
    exposures = program.variables(factors, quadratic=gamma, linear=-gamma * centre)
    if factors:
        program.equal([Block(weights, np.ascontiguousarray(model.loadings.T)), Block(exposures, -np.ones(factors))], np.zeros(factors))
    program.equal([Block(weights, np.ones((1, size)))], np.array([limits.budget]))
    bought = _turnover(program, weights, purpose, limits)
    _groups(program, weights, purpose, limits)
    _risk_limits(program, weights, exposures, limits, model)
    if limits.target_return is not None and expected is not None:
        program.at_most([Block(weights, -expected[None, :])], np.array([-limits.target_return]))
    _scenarios(program, weights, purpose)
    if isinstance(purpose, MaximumSharpe) and expected is not None:
        excess = expected - purpose.risk_free / limits.budget if limits.budget else expected
        scale = float(np.abs(excess).max(initial=0.0)) or 1.0
        row = np.concatenate([expected, np.zeros(program.width - size), [-purpose.risk_free]])[None, :]
        program.fixed([Block(weights, row)], np.array([scale]))
    return _Layout(program, weights, exposures, bought)


def _risk_weight(purpose: Purpose) -> float:
    if isinstance(purpose, MeanVariance):
        if not purpose.risk_aversion > 0.0:
            raise Invalid(f"A risk aversion of {purpose.risk_aversion:g} seeks no balance.", remedy="Give a number above 0.")
        return purpose.risk_aversion
    return 2.0 if isinstance(purpose, MinimumVariance | MaximumSharpe | NearestTo) else 0.0


def _linear_part(purpose: Purpose, model: RiskModel, expected: FloatArray | None) -> FloatArray:
    if isinstance(purpose, MeanVariance | MaximumReturn) and expected is not None:
        return -expected
    if isinstance(purpose, NearestTo):
        if np.shape(purpose.target) != (model.size,):
            raise Invalid("The target's weights do not fit the assets.", remedy="Give one weight per asset.")
        return np.asarray(-2.0 * model.specific * purpose.target)
    return np.zeros(model.size)


def _turnover(program: Program, weights: int, purpose: Purpose, limits: Limits) -> int | None:
    """Purchases u ≥ w − current, u ≥ 0. With both budgets fixed Σ|Δ| = 2·Σu − ΣΔ, so sales need no variables of their own."""
    cost = purpose.cost if isinstance(purpose, MeanVariance) else None
    if limits.turnover is None and cost is None and not isinstance(purpose, MinimumTurnover):
        return None
    if limits.current is None:
        raise Invalid("Costs of trading need the current weights.", remedy="Give 'current'.")
    size = limits.current.size
    price = cost if cost is not None else np.full(size, 1.0 if isinstance(purpose, MinimumTurnover) else 0.0)
    bought = program.variables(size, linear=2.0 * price, lower=0.0)
    program.add_linear(weights, -price)
    program.at_most([Block(weights, np.ones(size)), Block(bought, -np.ones(size))], limits.current)
    if limits.turnover is not None:
        drift = 0.5 * (limits.budget - float(limits.current.sum()))
        program.at_most([Block(bought, np.ones((1, size)))], np.array([limits.turnover + drift]))
    return bought


def _groups(program: Program, weights: int, purpose: Purpose, limits: Limits) -> None:
    excess = program.variables(1, linear=1.0, lower=0.0) if isinstance(purpose, MinimumSectorExcess) else None
    for group in limits.groups:
        row = group.members.astype(np.float64)[None, :]
        spare: list[Block] = [Block(excess, np.array([[-1.0]]))] if excess is not None and group.is_sector else []
        if np.isfinite(group.upper):
            program.at_most([Block(weights, row), *spare], np.array([group.upper]))
        if np.isfinite(group.lower):
            program.at_most([Block(weights, -row), *spare], np.array([-group.lower]))


def _risk_limits(program: Program, weights: int, exposures: int, limits: Limits, model: RiskModel) -> None:
    roots, factors = np.sqrt(model.specific), model.loadings.shape[1]
    limit: tuple[tuple[float | None, FloatArray | None], ...] = (
        (limits.volatility, np.zeros(model.size)),
        (limits.tracking_error, limits.benchmark),
    )
    for radius, centre in limit:
        if radius is None or centre is None:
            continue
        blocks, middle = [Block(exposures, np.ones(factors))], model.loadings.T @ centre
        if roots.any():
            blocks.append(Block(weights, roots, factors))
            middle = np.concatenate([middle, roots * centre])
        program.within(blocks, middle, radius)


def _scenarios(program: Program, weights: int, purpose: Purpose) -> None:
    if isinstance(purpose, MinimumShortfall):
        count = _scenario_count(purpose.scenarios)
        if not 0.0 < purpose.tail <= 1.0:
            raise Invalid(f"A tail of {purpose.tail:g} is no share of the scenarios.", remedy="Give a fraction such as 0.05.")
        edge = program.variables(1, linear=1.0)
        beyond = program.variables(count, linear=1.0 / (purpose.tail * count), lower=0.0)
        blocks = [Block(weights, -purpose.scenarios), Block(edge, -np.ones((count, 1))), Block(beyond, -np.ones(count))]
        program.at_most(blocks, np.zeros(count))
    if isinstance(purpose, MinimumSemivariance):
        count = _scenario_count(purpose.scenarios)
        below = program.variables(count, quadratic=2.0 / count, lower=0.0)
        program.at_most([Block(weights, -purpose.scenarios), Block(below, -np.ones(count))], np.full(count, -purpose.threshold))


def _scenario_count(scenarios: FloatArray) -> int:
    if scenarios.ndim != 2 or not scenarios.shape[0] or not np.isfinite(scenarios).all():
        raise Invalid("Scenarios must be a table of finite returns, one row each.", remedy="Leave out days that lack a return.")
    return int(scenarios.shape[0])


def _without_crumbs(purpose: Purpose, limits: Limits, model: RiskModel, expected: FloatArray | None, solution: Solution) -> Solution:
    smallest, bounds = limits.minimum_position, limits
    for _ in range(model.size):
        small = (np.abs(solution.weights) > TOLERANCE) & (solution.weights < smallest - TOLERANCE)
        if not small.any():
            return solution
        kept = small & (solution.weights >= smallest / 2.0) & (limits.upper >= smallest)
        lower, upper = bounds.lower.copy(), bounds.upper.copy()
        lower[kept] = smallest
        upper[small & ~kept] = 0.0
        bounds = replace(bounds, lower=lower, upper=upper)
        solution = optimise(purpose, replace(bounds, minimum_position=0.0), model, expected)
        if solution.verdict != "solved":
            return solution
    return solution
