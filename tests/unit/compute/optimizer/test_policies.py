"""Policies as limits, and proposals that follow them."""

from dataclasses import replace

import numpy as np
import pytest

from dawsos.compute.optimizer.limits import violations
from dawsos.compute.optimizer.policy import TEMPLATES, Asset, Policy, policy_limits, read_rule
from dawsos.compute.optimizer.proposing import propose
from dawsos.compute.optimizer.risk_model import of_covariance
from dawsos.kernel.errors import Invalid

ASSETS = [
    Asset(name="A", current_weight=0.30, benchmark_weight=0.25, sector="Tech", quality=9.0, ratings={"dividend_safety": 5.0, "moat": 9.0}),
    Asset(name="B", current_weight=0.30, benchmark_weight=0.25, sector="Tech", quality=4.5, ratings={"dividend_safety": 8.0, "moat": 5.0}),
    Asset(name="C", current_weight=0.20, benchmark_weight=0.25, sector="Energy", quality=None),
    Asset(name="D", current_weight=0.20, benchmark_weight=0.25, sector=None, quality=7.0, ratings={"moat": 8.0}),
]


def history(assets: int = 4, days: int = 252) -> np.ndarray:
    random = np.random.default_rng(5)
    return random.normal(0, 0.008, (days, 1)) + random.normal(0.0003, 0.01, (days, assets)) * np.linspace(0.6, 1.5, assets)


def test_low_quality_is_sold_and_the_unrated_is_not_added_to():
    found = policy_limits(replace(TEMPLATES["quality_focused"], max_single_position=0.9), ASSETS)
    assert found.limits.upper.tolist() == [0.9, 0.0, 0.2, 0.9]
    assert found.sold_for_quality == ("B",)
    assert found.warnings == ("C is not rated; it is not added to",)
    assert [(group.name, group.members.tolist(), group.upper) for group in found.limits.groups] == [
        ("Energy", [False, False, True, False], 0.25),
        ("Tech", [True, True, False, False], 0.25),
    ]


def test_rules_cap_and_set_floors():
    cap = read_rule(
        {
            "name": "DivSafetyCap",
            "rule": {"type": "rating", "metric": "dividend_safety", "op": "<", "value": 6},
            "action": {"cap_weight_pct": 5},
        }
    )
    bias = read_rule(
        {"name": "MoatBias", "rule": {"type": "rating", "metric": "moat", "op": ">=", "value": 8}, "action": {"min_weight_pct_total": 20}}
    )
    found = policy_limits(Policy(rules=(cap, bias)), ASSETS).limits
    assert found.upper.tolist() == [0.05, 0.2, 0.2, 0.2]
    assert (found.groups[-1].name, found.groups[-1].members.tolist(), found.groups[-1].lower) == (
        "MoatBias",
        [True, False, False, True],
        0.2,
    )


@pytest.mark.parametrize(
    "stored", [{"name": "x"}, {"name": "x", "rule": {"type": "rating", "metric": "moat", "op": "~", "value": 1}, "action": {}}]
)
def test_a_rule_not_understood_is_refused(stored):
    with pytest.raises(Invalid):
        read_rule(stored)


def test_an_unknown_benchmark_is_said_and_not_limited():
    found = policy_limits(Policy(), [replace(asset, benchmark_weight=0.0) for asset in ASSETS])
    assert found.limits.tracking_error is None
    assert "benchmark" in found.warnings[0]


WIDE = Policy(max_single_position=0.6, max_sector=0.7, max_turnover=0.5, max_tracking_error=0.2, min_position=0.0)


@pytest.mark.parametrize(
    "method", ["mean_variance", "min_variance", "max_sharpe", "cvar", "risk_parity", "hierarchical", "track_benchmark"]
)
def test_each_method_keeps_the_limits_and_differs(method):
    limits = policy_limits(WIDE, ASSETS).limits
    found = propose(replace(WIDE, method=method), limits, history())
    assert (found.verdict, found.relaxed, found.warnings) == ("solved", (), ())
    nothing_of_risk = replace(limits, tracking_error=None)
    assert max(violations(found.weights, nothing_of_risk, of_covariance(np.eye(4))).values(), default=0.0) < 1e-7
    assert found.weights.sum() == pytest.approx(1)
    assert found.turnover <= 0.5 + 1e-7
    assert found.expected_tracking_error <= 0.2 + 1e-7
    assert found.expected_volatility > 0
    if method == "track_benchmark":
        assert found.weights == pytest.approx(np.full(4, 0.25), abs=1e-5)


def test_without_views_the_current_weights_are_the_view():
    limits = policy_limits(WIDE, ASSETS).limits
    found = propose(WIDE, limits, history())
    assert found.weights == pytest.approx([0.3, 0.3, 0.2, 0.2], abs=1e-6)  # they are optimal for the returns they imply
    assert found.turnover == pytest.approx(0, abs=1e-6)
    other = propose(WIDE, limits, history(), expected=np.array([0.2, 0.0, 0.0, 0.0]))
    assert other.weights[0] == pytest.approx(0.6, abs=1e-6)


def test_too_little_history_is_said_and_equal_weights_are_sought():
    limits = policy_limits(WIDE, ASSETS).limits
    found = propose(WIDE, limits, history(days=40))
    assert found.weights == pytest.approx(np.full(4, 0.25), abs=1e-6)
    assert (found.expected_return, found.expected_volatility, found.expected_tracking_error) == (None, None, None)
    assert "needs 60, has 40" in found.warnings[0]


def test_what_cannot_be_has_a_reason():
    limits = replace(policy_limits(WIDE, ASSETS).limits, upper=np.full(4, 0.2))
    found = propose(WIDE, limits, history())
    assert found.verdict == "infeasible"
    assert found.reason
