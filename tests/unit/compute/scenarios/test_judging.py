"""Adjustment to the economy, ranking, plausibility, worst cases."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.returns.figures import NotComputable
from dawsos.compute.scenarios.historical import currency_gain, historical_move
from dawsos.compute.scenarios.library import SCENARIOS, scenario
from dawsos.compute.scenarios.macro_aware import MacroState, adjust
from dawsos.compute.scenarios.plausibility import plausibility, worst_case
from dawsos.compute.scenarios.ranking import Priority, loss_quantile, priority, rank, relevance, worst
from dawsos.compute.scenarios.records import ScenarioPosition, Severity
from dawsos.compute.scenarios.revaluation import revalue
from dawsos.kernel.errors import InsufficientData, Invalid

HELD = ScenarioPosition(
    key="S", symbol="S", value=Decimal("100000.00"), currency="USD", asset_class="equity",
    betas={"equity": 1.0, "real_rates": -2.0, "credit": -0.5},
)  # fmt: skip


def test_late_in_the_cycle_a_selloff_is_likelier_and_worse():
    before = dict(scenario("equity_selloff").factors)
    late = adjust(scenario("equity_selloff"), MacroState(phase="LATE_EXPANSION"))
    assert late.scenario.probability == pytest.approx(0.06)
    assert late.scenario.factors["equity"] == pytest.approx(-0.30) and late.scenario.factors["volatility"] == 0.5
    assert late.scenario.severity is Severity.EXTREME and late.steps == ("LATE_EXPANSION: probability × 3, moves × 1.5, volatility + 0.5",)
    assert dict(scenario("equity_selloff").factors) == before


def test_debt_and_empire_multiply_equity_and_credit_and_the_dollar():
    state = MacroState(ltdc_phase="TOP", empire_phase="DECLINE", civil_stage=5)
    found = adjust(scenario("equity_selloff"), state)
    assert found.scenario.factors["equity"] == pytest.approx(-0.72)  # −0.20 · 2.0 · 1.8
    assert found.scenario.factors["credit"] == pytest.approx(0.036)
    assert found.scenario.factors["usd"] == pytest.approx(0.045)
    assert found.scenario.factors["real_rates"] == pytest.approx(-0.0075)
    assert found.scenario.probability == pytest.approx(0.03) and found.correlation_change == 0.5
    assert (
        adjust(scenario("equity_selloff"), MacroState(phase="DEEP_CONTRACTION", ltdc_phase="TOP", empire_phase="DECLINE")).scenario.factors[
            "equity"
        ]
        == -1.0
    )


def test_what_is_unknown_changes_nothing_and_severity_is_never_lowered():
    for entry in SCENARIOS.values():
        same = adjust(entry, MacroState())
        assert same.scenario == entry and same.steps == ()
    calm = adjust(scenario("credit_spread_widening"), MacroState(ltdc_phase="NORMALIZATION"))
    assert calm.scenario.severity is Severity.HIGH and calm.scenario.factors["equity"] == pytest.approx(-0.12)
    assert adjust(scenario("cpi_surprise"), MacroState(phase="LATE_EXPANSION", ltdc_phase="TOP")).scenario.severity is Severity.EXTREME
    certain = replace(scenario("equity_selloff"), probability=0.6)
    assert adjust(certain, MacroState(phase="DEEP_CONTRACTION")).scenario.probability == 0.95


def test_ranking_by_what_is_probable_and_severe():
    assert relevance(scenario("equity_selloff")) == pytest.approx(0.06) and relevance(scenario("late_cycle_rates_up")) is None
    assert [priority(x) for x in (0.31, 0.3, 0.15, 0.05)] == [Priority.CRITICAL, Priority.HIGH, Priority.MEDIUM, Priority.LOW]
    impacts = [revalue([HELD], entry, base_currency="USD") for entry in SCENARIOS.values()]
    ranked = rank(impacts, top=5)
    assert [entry.scenario.id for entry in ranked[:2]] == ["money_printing_deleveraging", "beautiful_deleveraging"]
    assert ranked[0].relevance == pytest.approx(0.5) and ranked[0].priority is Priority.CRITICAL
    everything = rank(impacts)
    assert len(everything) == len(SCENARIOS) and everything[-1].relevance is None
    assert [e.relevance for e in everything if e.relevance] == sorted((e.relevance for e in everything if e.relevance), reverse=True)
    assert worst(impacts).scenario.id == "crisis_2008"
    with pytest.raises(Invalid):
        worst([])


def test_the_quantile_of_losses_looks_at_the_tail_of_losses():
    assert loss_quantile([-5, 10, 40], [0.5, 0.46, 0.04], confidence=0.95) == 10
    assert loss_quantile([-5, 10, 40], [0.5, 0.4, 0.1], confidence=0.95) == 40
    assert loss_quantile([40, -5, 10], [1, 5, 4], confidence=0.5) == -5
    assert isinstance(loss_quantile([1.0], [0.0]), NotComputable)


def test_distance_is_that_of_mahalanobis_over_the_factors_that_move():
    covariance = np.array([[4e-4, -3e-4, 0], [-3e-4, 9e-4, 0], [0, 0, 1e-4]])
    found = plausibility({"credit": 0.02, "equity": -0.03}, ("credit", "equity", "usd"), covariance)
    s, part = np.array([0.02, -0.03]), covariance[:2, :2]
    assert found.distance == pytest.approx(np.sqrt(s @ np.linalg.inv(part) @ s))
    assert found.probability == pytest.approx(scipy.stats.chi2.sf(found.distance**2, 2)) and found.warning is None
    against = plausibility({"credit": 0.02, "equity": 0.03}, ("credit", "equity", "usd"), covariance)
    assert against.distance > found.distance and against.contradictions == (("equity", "credit", pytest.approx(-0.5)),)
    assert against.warning == "credit and equity move against their correlation of -0.50."
    extreme = plausibility({"equity": -0.2}, ("credit", "equity", "usd"), covariance)
    assert extreme.distance == pytest.approx(0.2 / 0.03) and "6.7 standard deviations" in extreme.warning
    year = plausibility({"equity": -0.2}, ("credit", "equity", "usd"), covariance, periods=12)
    assert year.distance == pytest.approx(extreme.distance / np.sqrt(12))
    with pytest.raises(Invalid, match="moves none"):
        plausibility({"volatility": 1.0}, ("equity",), [[1.0]])


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10**6), st.floats(0.5, 5))
def test_no_move_at_the_same_distance_costs_more_than_the_worst(seed, distance):
    random = np.random.default_rng(seed)
    root, betas = random.normal(0, 0.02, (4, 4)), random.normal(0, 1, 4)
    covariance = root @ root.T + 1e-6 * np.eye(4)
    found = worst_case(betas, covariance, distance=distance)
    assert betas @ found.shocks == pytest.approx(-found.loss)
    assert np.sqrt(found.shocks @ np.linalg.solve(covariance, found.shocks)) == pytest.approx(distance, rel=1e-6)
    direction = random.normal(size=4)
    other = np.linalg.cholesky(covariance) @ (distance * direction / np.linalg.norm(direction))
    assert betas @ other >= -found.loss - 1e-12


def test_a_portfolio_without_exposure_has_no_worst_case():
    assert worst_case([0.0, 0.0], np.eye(2)).loss == 0 and worst_case([0.0, 0.0], np.eye(2)).shocks.tolist() == [0, 0]


def test_moves_as_they_happened():
    closes = {date(2000, 3, 24): 1527.46, date(2001, 9, 21): 965.80, date(2002, 10, 9): 776.76}
    move = historical_move(closes, date(2000, 3, 24), date(2002, 10, 9))
    assert move.return_fraction == pytest.approx(-0.4915, abs=1e-4) and move.is_window_low
    assert currency_gain(1.201, 1.028) == pytest.approx(0.1683, abs=1e-4)
    with pytest.raises(InsufficientData, match="2002-10-08"):
        historical_move(closes, date(2000, 3, 24), date(2002, 10, 8))
