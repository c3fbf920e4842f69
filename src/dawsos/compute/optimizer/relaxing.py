"""What gives way when not all limits can be kept: turnover, tracking error, sectors, volatility, each as little as it can."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from dawsos.compute.optimizer.limits import GroupLimit, Limits, one_way_turnover
from dawsos.compute.optimizer.purposes import MinimumSectorExcess, MinimumTurnover, MinimumVariance, NearestTo, Purpose
from dawsos.compute.optimizer.risk_model import RiskModel
from dawsos.compute.optimizer.solving import Solution, optimise
from dawsos.compute.returns.figures import FloatArray

#: Limits give way in this order.
ORDER = ("turnover", "tracking_error", "sector", "volatility")
#: How far beyond its least possible value a relaxed limit is set, so that the problem keeps an inside.
ROOM = 1e-5


@dataclass(frozen=True, slots=True)
class Relaxed:
    """``limit`` was ``stated`` and is ``used`` instead: what the weights found really need. For sectors, the largest excess is added."""

    limit: str
    stated: float
    used: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """The solution, the limits it keeps, what was relaxed and, when there is none, why."""

    solution: Solution
    limits: Limits
    relaxed: tuple[Relaxed, ...] = ()
    reason: str = ""


def optimise_or_relax(purpose: Purpose, limits: Limits, model: RiskModel, expected: FloatArray | None = None) -> Outcome:
    """:func:`optimise`; where no weights keep all limits, the first of :data:`ORDER` that helps gives way.

    For each place in the order, the limits before it are dropped and the least value of the one in question is sought (least turnover,
    least tracking error, least excess over the sectors, least volatility) with the rest kept. The limits dropped before it are then set
    to their least values too, the later first, and the purpose is pursued within. Bounds of positions, groups other than sectors,
    a floor on return and the smallest position never give way; when they alone cannot be kept the verdict is ``infeasible`` and the
    reason says so. A smallest position that makes the problem infeasible is reported as relaxed to 0 before anything else gives way.
    """
    solution = optimise(purpose, limits, model, expected)
    if solution.verdict != "infeasible":
        return Outcome(solution, limits, (), "" if solution.verdict == "solved" else _reason(solution))
    whole = limits
    relaxed: list[Relaxed] = []
    if limits.minimum_position > 0.0:
        relaxed.append(Relaxed("minimum_position", limits.minimum_position, 0.0))
        limits = replace(limits, minimum_position=0.0)
        solution = optimise(purpose, limits, model, expected)
        if solution.verdict == "solved":
            return Outcome(solution, limits, tuple(relaxed))
    for place, name in enumerate(ORDER):
        if not _has(limits, name):
            continue
        dropped = [each for each in ORDER[: place + 1] if _has(limits, each)]
        free = limits.without(*dropped)
        if optimise(_least(name, limits, model), free, model, expected).verdict != "solved":
            continue
        settled = free
        nearest = solution
        for each in reversed(dropped):
            settled, used, nearest = _settled(each, limits, settled, model, expected)
            stated = _stated(each, limits)
            if used > stated + ROOM:
                relaxed.append(Relaxed(each, stated, used))
        solution = optimise(purpose, settled, model, expected)
        # Where the room is too narrow for the purpose to be told apart, the weights that need least are the answer.
        return Outcome(nearest if solution.verdict != "solved" else solution, settled, tuple(relaxed))
    return Outcome(solution, whole, (), _reason(solution))


def _reason(solution: Solution) -> str:
    return {
        "infeasible": "no weights keep the bounds of positions, the groups and the floor on return at once",
        "unbounded": "nothing holds the objective back",
        "failed": "no weights were found that keep the limits to 1e-7",
    }[solution.verdict]


def _has(limits: Limits, name: str) -> bool:
    return any(group.is_sector for group in limits.groups) if name == "sector" else getattr(limits, name) is not None


def _stated(name: str, limits: Limits) -> float:
    return 0.0 if name == "sector" else float(getattr(limits, name))


def _least(name: str, limits: Limits, model: RiskModel) -> Purpose:
    if name == "turnover":
        return MinimumTurnover()
    if name == "sector":
        return MinimumSectorExcess()
    target = limits.benchmark if name == "tracking_error" and limits.benchmark is not None else np.zeros(model.size)
    return NearestTo(target=target) if name == "tracking_error" else MinimumVariance()


def _settled(name: str, stated: Limits, free: Limits, model: RiskModel, expected: FloatArray | None) -> tuple[Limits, float, Solution]:
    """``free`` with the limit ``name`` back in: as stated where that can be kept, else at the least value that can."""
    found = optimise(_least(name, stated, model), _with(name, stated, free) if name == "sector" else free, model, expected)
    measure: dict[str, Callable[[FloatArray], float]] = {
        "turnover": lambda weights: one_way_turnover(stated.current, weights) if stated.current is not None else 0.0,
        "tracking_error": lambda weights: model.volatility(weights - (0.0 if stated.benchmark is None else stated.benchmark)),
        "sector": lambda weights: _excess(stated.groups, weights),
        "volatility": model.volatility,
    }
    least = measure[name](found.weights)
    used = max(_stated(name, stated), least + ROOM * max(1.0, least))
    if least <= _stated(name, stated):
        used = _stated(name, stated) + (ROOM if least > _stated(name, stated) - ROOM else 0.0)
    return _with(name, stated, free, used), used, found


def _with(name: str, stated: Limits, free: Limits, used: float = 0.0) -> Limits:
    if name != "sector":
        return replace(free, **{name: used})  # type: ignore[arg-type]
    wider = tuple(
        replace(group, upper=group.upper + used, lower=group.lower - used) if group.is_sector else group for group in stated.groups
    )
    return replace(free, groups=wider)


def _excess(groups: tuple[GroupLimit, ...], weights: FloatArray) -> float:
    sectors = [(group, float(weights[group.members].sum())) for group in groups if group.is_sector]
    return max((max(held - group.upper, group.lower - held, 0.0) for group, held in sectors), default=0.0)
