"""Attribution against a benchmark: effects of one period, linked over several, geometric, and by levels."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from dawsos.compute.attribution.brinson import BrinsonEffects, brinson, notional_funds
from dawsos.compute.attribution.contribution import contributions
from dawsos.compute.attribution.duration import duration_attribution
from dawsos.compute.attribution.geometric import geometric, geometric_levels, geometric_over_time
from dawsos.compute.attribution.linking import LinkingMethod, link_effects
from dawsos.compute.returns import link
from tools.oracles.cases import NoFunction, Question

_SIDES = ("wp", "wb", "rp", "rb")


def plain(key: str) -> str:
    """``Forward Premium`` and ``forward_premium`` are one name."""
    return re.sub(r"[\s\-]+", "_", key.strip().lower())


def among(question: Question, found: Mapping[str, Any]) -> dict[str, Any]:
    """The figures asked for, by name; by segment where a mapping is asked, as a total where a number is."""
    names = {key: plain(key) if plain(key) in found else plain(key).removesuffix("_return") for key in question.asked}
    lacking = [key for key, name in names.items() if name not in found]
    if lacking:
        raise NoFunction(f"no function for '{lacking[0]}'")
    return {key: _as_asked(asked, found[names[key]]) for key, asked in question.asked.items()}


def _as_asked(asked: Any, found: Any) -> Any:
    if isinstance(asked, Mapping) and set(asked) == {"Total"} and not isinstance(found, Mapping):
        return {"Total": found}
    if isinstance(asked, Mapping) or not isinstance(found, Mapping):
        return found
    return found["Total"] if "Total" in found else list(found.values())


def by_segment(names: Sequence[str], effects: Any) -> dict[str, float]:
    """Effects under the names of their segments, and their sum."""
    values = np.asarray(effects, dtype=float)
    return dict(zip(names, values.tolist(), strict=True)) | {"Total": float(values.sum())}


def names_of(inputs: Mapping[str, Any], count: int) -> list[str]:
    """The segments' names, or their numbers."""
    return list(inputs.get("segments") or inputs.get("leaves") or map(str, range(count)))


def sides(inputs: Mapping[str, Any]) -> tuple[np.ndarray, ...]:
    """Weights and returns of portfolio and benchmark, under any spelling of their names."""
    lower = {key.lower(): value for key, value in inputs.items()}
    if not all(side in lower for side in _SIDES):
        raise NoFunction(f"no function for inputs {sorted(inputs)}")
    return tuple(np.array(lower[side], dtype=float) for side in _SIDES)


def fold(question: Question) -> str:
    """Where the interaction goes, as the case says; a case that asks for two effects only folds it into selection."""
    words = f"{question.inputs.get('method', '')} {question.words}".replace("_", " ").replace(".", " ").lower()
    if re.search(r"bottom.?up|into allocation|in allocation", words):
        return "in_allocation"
    if re.search(r"top.?down|into selection|in selection", words):
        return "in_selection"
    asked = {plain(key) for key in question.asked}
    return "separate" if any("interaction" in key for key in asked) or not any("selection" in key for key in asked) else "in_selection"


def model(question: Question) -> str:
    """Brinson–Fachler unless the case says otherwise."""
    words = f"{question.inputs.get('model', '')} {question.words}"
    return "brinson_hood_beebower" if re.search(r"\bbhb\b|hood|beebower", words.lower()) else "brinson_fachler"


def _one_period(question: Question) -> dict[str, Any]:
    columns = sides(question.inputs)
    names = names_of(question.inputs, columns[0].size)
    own, neutral, earned, offered = columns
    portfolio, benchmark = float(own @ earned), float(neutral @ offered)
    totals = {"portfolio": portfolio, "benchmark": benchmark, "excess": portfolio - benchmark, "arithmetic_excess": portfolio - benchmark}
    totals["geometric_excess"] = geometric(*columns).excess
    if "geometric" in question.words:
        found = geometric(*columns)
        effects = {"allocation": by_segment(names, found.allocation), "selection": by_segment(names, found.selection)}
        return totals | effects | {"excess": found.excess, "geometric_excess": found.excess}
    return totals | _three(brinson(*columns, model=model(question), interaction=fold(question)), names)


def _three(effects: BrinsonEffects, names: Sequence[str]) -> dict[str, Any]:
    parts = {"allocation": effects.allocation, "selection": effects.selection, "interaction": effects.interaction}
    total = effects.allocation + effects.selection + effects.interaction
    return {name: by_segment(names, part) for name, part in parts.items()} | {"total": by_segment(names, total)}


def linking(question: Question) -> LinkingMethod | None:
    """The method the inputs or the words name."""
    words = f"{question.inputs.get('linking', '')} {question.words}".lower()
    for method in LinkingMethod:
        if method.value in words:
            return method
    return LinkingMethod.CARINO if "cariño" in words else None


def _periods(question: Question) -> dict[str, Any]:
    columns = sides(question.inputs)
    own, neutral, earned, offered = columns
    names = names_of(question.inputs, own.shape[1])
    returns, benchmark = (own * earned).sum(axis=1), (neutral * offered).sum(axis=1)
    portfolio, whole = (float(np.asarray(link(series))) for series in (returns, benchmark))
    found: dict[str, Any] = {
        "portfolio": portfolio, "benchmark": whole, "excess": portfolio - whole, "arithmetic_excess": portfolio - whole,
        "geometric_excess": (1 + portfolio) / (1 + whole) - 1, "portfolio_by_period": returns.tolist(),
        "benchmark_by_period": benchmark.tolist(),
    }  # fmt: skip
    method = linking(question)
    if "geometric" in question.words:
        return found | _geometric_periods(columns)
    if re.search(r"davies|laker|notional", question.words):
        funds = notional_funds(*columns)
        return found | {"allocation": funds.allocation, "selection": funds.selection, "interaction": funds.interaction}
    effects = brinson(*columns, model=model(question), interaction=fold(question))
    parts = {"allocation": effects.allocation, "selection": effects.selection, "interaction": effects.interaction}
    for name, part in parts.items():
        found |= _over_time(name, part, names, returns, benchmark, method)
    return found | _contributed(own, earned, names, method)


def _over_time(
    name: str, part: np.ndarray, names: Sequence[str], returns: np.ndarray, benchmark: np.ndarray, method: LinkingMethod | None
) -> dict[str, Any]:
    """One effect: as it is in each period, and as linked."""
    found: dict[str, Any] = {
        f"period_{name}": [by_segment(names, row) for row in part],
        f"{name}_by_period": [by_segment(names, row) for row in part],
        f"period_{name}_totals": part.sum(axis=1).tolist(),
    }
    linked = link_effects(part.T, returns, benchmark, method=method or LinkingMethod.CARINO)
    totals = by_segment(names, linked.total)
    return found | {
        f"linked_{name}": totals,
        name: totals,
        f"adjusted_period_{name}_totals": linked.by_period.sum(axis=0).tolist(),
        f"{name}_total": totals["Total"],
    }


def _geometric_periods(columns: tuple[np.ndarray, ...]) -> dict[str, Any]:
    effects = geometric_over_time(*columns)
    by_period = {"allocation": effects.allocation, "selection": effects.selection}
    found: dict[str, Any] = {f"period_{name}": part.tolist() for name, part in by_period.items()}
    found |= {f"period_{name}_totals": part.sum(axis=1).tolist() for name, part in by_period.items()}
    totals = {"allocation": effects.total_allocation, "selection": effects.total_selection}
    for name, total in totals.items():
        found |= {name: total, f"{name}_total": total, f"linked_{name}": total}
    return found | {"excess": effects.excess}


def _contributed(own: np.ndarray, earned: np.ndarray, names: Sequence[str], method: LinkingMethod | None) -> dict[str, Any]:
    found = contributions(own, earned, method=method or LinkingMethod.CARINO)
    return {"contribution": by_segment(names, found.total), "average_weight": by_segment(names, found.average_weight)}


def _repeated(question: Question) -> dict[str, Any]:
    """The same period several times over: the share of each effect, which every method must give alike."""
    count = int(question.inputs["repeat"])
    own, neutral, earned, offered = sides(question.inputs["period"])
    effects = brinson(own, neutral, earned, offered, model=model(question), interaction=fold(question))
    returns, benchmark = np.full(count, own @ earned), np.full(count, neutral @ offered)
    portfolio, whole = (float(np.asarray(link(series))) for series in (returns, benchmark))
    named = linking(question)
    found: dict[str, Any] = {f"portfolio_{count}": portfolio, f"benchmark_{count}": whole, "excess": portfolio - whole}
    for name, part in (("allocation", effects.allocation), ("selection", effects.selection), ("interaction", effects.interaction)):
        totals = [
            float(link_effects(np.full(count, part.sum()), returns, benchmark, method=method).total)
            for method in ([named] if named else LinkingMethod)
        ]
        # One number for all methods: the one furthest from the first, so that a single method that differs is seen.
        apart = max(totals, key=lambda total, first=totals[0]: abs(total - first))
        found |= {name: apart, f"linked_{name}": apart, f"{name}_fraction": apart / (portfolio - whole)}
    return found


def _levels(question: Question) -> dict[str, Any]:
    """A hierarchy: effects of every level's groups, selection of the leaves."""
    columns = sides(question.inputs)
    anchored = "anchored" in question.words and "unanchored" not in question.words
    effects = geometric_levels(question.inputs["levels"], *columns, anchored=anchored)
    names = names_of(question.inputs, columns[0].size)
    found: dict[str, Any] = {f"level{depth}": level.groups for depth, level in enumerate(effects.levels, 1)}
    found |= {f"level{depth}_total": level.total for depth, level in enumerate(effects.levels, 1)}
    return found | {
        "level_totals": [level.total for level in effects.levels],
        "selection": by_segment(names, effects.selection),
        "selection_total": effects.selection_total,
        "geometric_excess": effects.excess,
        "excess": effects.excess,
    }


def _durations(question: Question) -> dict[str, Any]:
    columns = sides(question.inputs)
    years, years_b, riskless = (question.inputs[name] for name in ("dp", "db", "rf"))
    effects = duration_attribution(*columns, portfolio_durations=years, benchmark_durations=years_b, risk_free=riskless)
    names = names_of(question.inputs, columns[0].size)
    return {
        "duration": effects.duration,
        "allocation": by_segment(names, effects.allocation),
        "selection": by_segment(names, effects.selection),
        "carry": by_segment(names, effects.carry),
        "excess": effects.excess,
    }


def _kind(inputs: Mapping[str, Any]) -> Callable[[Question], dict[str, Any]]:
    if "repeat" in inputs:
        return _repeated
    if "levels" in inputs:
        return _levels
    if {"dp", "db", "rf"} <= inputs.keys():
        return _durations
    return _periods if sides(inputs)[0].ndim == 2 else _one_period


def answer(question: Question) -> Mapping[str, Any]:
    """By the inputs given: one period or several, a hierarchy, or durations."""
    return among(question, _kind(question.inputs)(question))
