"""Attribution against a benchmark by geometric effects, which compound instead of adding up."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dawsos.compute.attribution.segment_arrays import segment_arrays
from dawsos.compute.returns.compounding import link
from dawsos.compute.returns.figures import FloatArray
from dawsos.kernel.errors import Invalid


@dataclass(frozen=True, slots=True, eq=False)
class GeometricEffects:
    """Effects of one period by segment; (1 + Σ allocation)(1 + Σ selection) − 1 = ``excess`` = (1 + R)/(1 + B) − 1."""

    allocation: FloatArray
    selection: FloatArray
    excess: float


@dataclass(frozen=True, slots=True, eq=False)
class LinkedGeometricEffects:
    """Effects of several periods: ``allocation`` and ``selection`` by period and segment, and what they compound to.

    (1 + total_allocation)(1 + total_selection) − 1 = ``excess``, the geometric excess of the compounded returns.
    """

    allocation: FloatArray
    selection: FloatArray
    total_allocation: float
    total_selection: float
    excess: float


@dataclass(frozen=True, slots=True, eq=False)
class CurrencyGeometricEffects:
    """Effects of one period in several currencies.

    (1 + Σ allocation)(1 + Σ selection)(1 + hedging)(1 + currency) − 1 = ``excess``. ``hedging`` is the cost of hedging that was
    transferred from allocation, ``currency`` the effect of exchange rates and forwards.
    """

    allocation: FloatArray
    selection: FloatArray
    hedging: float
    currency: float
    excess: float


@dataclass(frozen=True, slots=True)
class LevelEffects:
    """Allocation at one level of a decision process: by group, and as a whole."""

    groups: dict[str, float]
    total: float


@dataclass(frozen=True, slots=True, eq=False)
class MultiLevelEffects:
    """Allocation level by level and selection by leaf; all totals compound to ``excess``."""

    levels: tuple[LevelEffects, ...]
    selection: FloatArray
    selection_total: float
    excess: float


def geometric(
    portfolio_weights: ArrayLike, benchmark_weights: ArrayLike, portfolio_returns: ArrayLike, benchmark_returns: ArrayLike
) -> GeometricEffects:
    """Geometric allocation and selection of S segments.

    With the semi-notional fund b_S = Σ W·b: allocation (W − w)((1 + b)/(1 + B) − 1), selection W((1 + r)/(1 + b) − 1)(1 + b)/(1 + b_S).
    Source: Bacon, Practical Portfolio Performance Measurement and Attribution, 2nd ed., ch. 5.
    """
    own, neutral, earned, offered = segment_arrays(portfolio_weights, benchmark_weights, portfolio_returns, benchmark_returns)
    benchmark, semi_notional, portfolio = neutral @ offered, own @ offered, own @ earned
    allocation = (own - neutral) * ((1 + offered) / (1 + benchmark) - 1)
    return GeometricEffects(allocation, own * (earned - offered) / (1 + semi_notional), float((1 + portfolio) / (1 + benchmark) - 1))


def geometric_over_time(
    portfolio_weights: ArrayLike, benchmark_weights: ArrayLike, portfolio_returns: ArrayLike, benchmark_returns: ArrayLike
) -> LinkedGeometricEffects:
    """:func:`geometric` of each of several periods, ``[periods × S]``; the periods' totals compound, so nothing needs linking.

    Source: Bacon, 2nd ed., ch. 8.
    """
    columns = segment_arrays(portfolio_weights, benchmark_weights, portfolio_returns, benchmark_returns, periods=True)
    found = [geometric(*period) for period in zip(*(np.atleast_2d(column) for column in columns), strict=True)]
    allocation, selection = np.array([one.allocation for one in found]), np.array([one.selection for one in found])
    totals = (float(np.asarray(link(parts))) for parts in (allocation.sum(axis=-1), selection.sum(axis=-1), [one.excess for one in found]))
    return LinkedGeometricEffects(allocation, selection, *totals)


def geometric_multicurrency(
    portfolio_weights: ArrayLike,
    benchmark_weights: ArrayLike,
    *,
    portfolio_base: ArrayLike,
    benchmark_base: ArrayLike,
    portfolio_local: ArrayLike,
    benchmark_local: ArrayLike,
    benchmark_hedged: ArrayLike,
    portfolio_forwards: float = 0.0,
    benchmark_forwards: float = 0.0,
) -> CurrencyGeometricEffects:
    """Geometric effects where allocation is judged by hedged returns and currency is managed apart.

    W, w are weights, H hedged and L local benchmark returns. b_SL = Σ W·L, b_SH = Σ((W − w)·H + w·L), b_L = Σ w·L, r_L = Σ W·(local
    return). Allocation (W − w)((1 + H)/(1 + b_L) − 1), selection W(r − L)/(1 + b_SL), hedging (1 + b_SL)/(1 + b_SH) − 1, and currency
    (1 + R)/(1 + r_L) × (1 + b_L)/(1 + B) − 1. ``portfolio_forwards`` and ``benchmark_forwards`` are what forward contracts added to R
    and B, see :func:`forward_return`. Source: Bacon, 2nd ed., ch. 6.
    """
    own, neutral, earned, offered = segment_arrays(portfolio_weights, benchmark_weights, portfolio_local, benchmark_local)
    hedged, in_base, offered_in_base = segment_arrays(benchmark_hedged, portfolio_base, benchmark_base)
    portfolio, benchmark = own @ in_base + portfolio_forwards, neutral @ offered_in_base + benchmark_forwards
    local, benchmark_in_local, semi_notional = own @ earned, neutral @ offered, own @ offered
    semi_notional_hedged = (own - neutral) @ hedged + benchmark_in_local
    return CurrencyGeometricEffects(
        allocation=(own - neutral) * ((1 + hedged) / (1 + benchmark_in_local) - 1),
        selection=own * (earned - offered) / (1 + semi_notional),
        hedging=float((1 + semi_notional) / (1 + semi_notional_hedged) - 1),
        currency=float((1 + portfolio) / (1 + local) * (1 + benchmark_in_local) / (1 + benchmark) - 1),
        excess=float((1 + portfolio) / (1 + benchmark) - 1),
    )


def forward_return(weights: ArrayLike, forward_rates: ArrayLike, spot_at_end: ArrayLike) -> float:
    """What currency forwards added to a return: Σ weight × (spot at the end / forward rate at the start − 1)."""
    weight, forward, spot = segment_arrays(weights, forward_rates, spot_at_end)
    return float(weight @ (spot / forward - 1))


def geometric_levels(
    levels: Sequence[Sequence[str]],
    portfolio_weights: ArrayLike,
    benchmark_weights: ArrayLike,
    portfolio_returns: ArrayLike,
    benchmark_returns: ArrayLike,
    *,
    anchored: bool = False,
) -> MultiLevelEffects:
    """Geometric attribution of a decision process in steps; ``levels[d][i]`` is the group of leaf *i* at level *d*, from the top down.

    At level *d*, with b the group's and b' its parent's benchmark return and b_S the semi-notional fund of the level above (the benchmark
    above the first): (W − w)((1 + b)/(1 + b') − 1)(1 + b')/(1 + b_S). ``anchored`` compares with the benchmark's weights within the
    weight the level above has chosen, W'·w/w', so that the groups of each level sum to its total; otherwise they need not. Selection is
    W(r − b)/(1 + b_S). Groups are told apart by name. Source: Bacon, 2nd ed., ch. 9.
    """
    own, neutral, earned, offered = segment_arrays(portfolio_weights, benchmark_weights, portfolio_returns, benchmark_returns)
    benchmark = float(neutral @ offered)
    parents = [_Group(1.0, 1.0, benchmark)] * own.size
    fund, found = benchmark, []
    for level in levels:
        if len(level) != own.size:
            raise Invalid(
                f"A level names {len(level)} groups for {own.size} leaves.", remedy="Name the group of every leaf at every level."
            )
        groups = {name: _group([one == name for one in level], own, neutral, offered) for name in dict.fromkeys(level)}
        parent_of = dict(zip(level, parents, strict=True))
        effects = {name: group.effect(parent_of[name], fund, anchored=anchored) for name, group in groups.items()}
        next_fund = sum(group.own * group.offered for group in groups.values())
        found.append(LevelEffects(effects, (1 + next_fund) / (1 + fund) - 1))
        fund, parents = next_fund, [groups[name] for name in level]
    portfolio = float(own @ earned)
    within = np.array([parent.offered for parent in parents])
    selection = own * (earned - within) / (1 + fund)
    return MultiLevelEffects(tuple(found), selection, (1 + portfolio) / (1 + fund) - 1, (1 + portfolio) / (1 + benchmark) - 1)


@dataclass(frozen=True, slots=True)
class _Group:
    own: float
    neutral: float
    offered: float

    def effect(self, parent: "_Group", fund: float, *, anchored: bool) -> float:
        expected = parent.own * self.neutral / parent.neutral if anchored and parent.neutral else self.neutral
        return (self.own - expected) * (self.offered - parent.offered) / (1 + fund)


def _group(member: Sequence[bool], own: FloatArray, neutral: FloatArray, offered: FloatArray) -> _Group:
    """Weights and benchmark return of the leaves that are ``member``; leaves the benchmark does not hold count alike."""
    at = np.array(member)
    weight = float(neutral[at].sum())
    offered_by_group = float(neutral[at] @ offered[at]) / weight if weight else float(offered[at].mean())
    return _Group(float(own[at].sum()), weight, offered_by_group)
