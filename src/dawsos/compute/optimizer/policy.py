"""What an owner wants of a portfolio, in words of weights, and the limits that follow from it for given assets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

import numpy as np

from dawsos.compute.optimizer.limits import GroupLimit, Limits
from dawsos.compute.returns.figures import FloatArray
from dawsos.kernel.errors import Invalid

Method = Literal["mean_variance", "min_variance", "max_sharpe", "cvar", "risk_parity", "hierarchical", "track_benchmark"]
_OPERATORS: Final = {
    "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "==": np.equal, "!=": np.not_equal,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRule:
    """Applies to assets whose rating ``metric`` stands in ``comparison`` to ``value``.

    ``cap_weight`` caps each of them, ``min_weight_total`` is a floor under their sum; fractions. Stored as
    ``{name, rule: {type: "rating", metric, op, value}, action: {cap_weight_pct | min_weight_pct_total}}``, where the action's figures are
    per cent, as their names say.
    """

    name: str
    metric: str
    comparison: str
    value: float
    cap_weight: float | None = None
    min_weight_total: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Limits and method of a rebalancing. Weights, turnover, volatility and tracking error are fractions; quality is 0–10."""

    name: str = "default"
    method: Method = "mean_variance"
    min_quality_score: float = 0.0
    max_single_position: float = 0.20
    min_position: float = 0.005
    max_sector: float = 0.30
    max_tracking_error: float | None = 0.05
    max_turnover: float | None = 0.30
    target_volatility: float | None = None
    risk_free: float = 0.02
    risk_aversion: float = 3.0
    lookback_days: int = 252
    rules: tuple[PolicyRule, ...] = field(default=())


TEMPLATES: Final[Mapping[str, Policy]] = {
    "default": Policy(),
    "quality_focused": Policy(
        name="quality_focused", min_quality_score=6.0, max_single_position=0.10, max_sector=0.25, max_tracking_error=0.02, max_turnover=0.20
    ),
    "aggressive_growth": Policy(
        name="aggressive_growth",
        min_quality_score=4.0,
        max_single_position=0.15,
        max_sector=0.40,
        max_tracking_error=0.05,
        max_turnover=0.30,
    ),
    "conservative_income": Policy(
        name="conservative_income",
        min_quality_score=8.0,
        max_single_position=0.08,
        max_sector=0.20,
        max_tracking_error=0.015,
        max_turnover=0.15,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """What a policy looks at: current and benchmark weight, sector, quality 0–10 and other ratings by metric; None where unknown."""

    name: str
    current_weight: float
    benchmark_weight: float = 0.0
    sector: str | None = None
    quality: float | None = None
    ratings: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PolicyLimits:
    """``limits``, the assets that must be sold for their quality, and what the policy asks that cannot be judged."""

    limits: Limits
    sold_for_quality: tuple[str, ...]
    warnings: tuple[str, ...]


def read_rule(stored: Mapping[str, Any]) -> PolicyRule:
    """A rule from its stored form; raises :class:`Invalid` naming what it does not understand."""
    try:
        rule, action, name = stored["rule"], stored["action"], str(stored["name"])
        if rule["type"] != "rating" or rule["op"] not in _OPERATORS or not set(action) <= {"cap_weight_pct", "min_weight_pct_total"}:
            raise Invalid(f"The rule {name} is not understood.", remedy="Rules compare a rating and cap weights or set a floor.")
        cap, floor = action.get("cap_weight_pct"), action.get("min_weight_pct_total")
        return PolicyRule(
            name=name,
            metric=str(rule["metric"]),
            comparison=str(rule["op"]),
            value=float(rule["value"]),
            cap_weight=None if cap is None else float(cap) / 100.0,
            min_weight_total=None if floor is None else float(floor) / 100.0,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid(f"A policy rule lacks or misstates {error}.", remedy="Give name, rule and action.") from error


def policy_limits(policy: Policy, assets: Sequence[Asset], *, budget: float = 1.0) -> PolicyLimits:
    """The limits ``policy`` puts on weights of ``assets`` that add up to ``budget``.

    Long only. An asset whose quality is known and below ``min_quality_score`` gets the upper bound 0: it is sold, not ignored. An
    asset of unknown quality keeps its place, is not added to, and a warning says so. Sectors and rules are groups; an asset without
    sector belongs to none. A rule whose metric is unknown for an asset does not apply to it.
    """
    current = np.array([asset.current_weight for asset in assets])
    benchmark = np.array([asset.benchmark_weight for asset in assets])
    upper = np.full(len(assets), policy.max_single_position)
    sold: list[str] = []
    warnings: list[str] = []
    for place, asset in enumerate(assets):
        if policy.min_quality_score <= 0.0:
            continue
        if asset.quality is None:
            upper[place] = min(upper[place], max(asset.current_weight, 0.0))
            warnings.append(f"{asset.name} is not rated; it is not added to")
        elif asset.quality < policy.min_quality_score:
            upper[place] = 0.0
            sold.append(asset.name)
    groups = [_sector(name, assets, policy) for name in sorted({asset.sector for asset in assets if asset.sector is not None})]
    for rule in policy.rules:
        upper, group = _apply(rule, assets, upper)
        groups += [group] if group is not None else []
    limits = Limits(
        lower=np.zeros(len(assets)),
        upper=upper,
        budget=budget,
        groups=tuple(groups),
        current=current,
        turnover=policy.max_turnover,
        benchmark=benchmark if policy.max_tracking_error is not None else None,
        tracking_error=policy.max_tracking_error,
        volatility=policy.target_volatility,
        minimum_position=policy.min_position,
    )
    if policy.max_tracking_error is not None and abs(float(benchmark.sum()) - budget) > 1e-6:
        limits = replace(limits, benchmark=None, tracking_error=None)
        warnings.append("the benchmark's weights are not known for these assets; its tracking error is not limited")
    return PolicyLimits(limits, tuple(sold), tuple(warnings))


def _sector(name: str, assets: Sequence[Asset], policy: Policy) -> GroupLimit:
    return GroupLimit(name=name, members=np.array([asset.sector == name for asset in assets]), upper=policy.max_sector, is_sector=True)


def _apply(rule: PolicyRule, assets: Sequence[Asset], upper: FloatArray) -> tuple[FloatArray, GroupLimit | None]:
    values = [asset.ratings.get(rule.metric) for asset in assets]
    applies = np.array([value is not None and bool(_OPERATORS[rule.comparison](value, rule.value)) for value in values])
    if rule.cap_weight is not None:
        upper = np.where(applies, np.minimum(upper, rule.cap_weight), upper)
    floor = None if rule.min_weight_total is None else GroupLimit(name=rule.name, members=applies, lower=rule.min_weight_total)
    return upper, floor
