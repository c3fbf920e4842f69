"""Drawdown at risk: paths, quantiles, contributions, calibration."""

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.drawdown.at_risk import drawdown_at_risk, path_depths, zone
from dawsos.compute.drawdown.calibration import calibration, christoffersen, kupiec
from dawsos.compute.drawdown.covariances import ASSUMED_COVARIANCES, Source, assumed_covariances, phase_covariances, stressed
from dawsos.compute.drawdown.paths import FactorPaths, simulate_paths
from dawsos.compute.factors.risk import checked_covariance
from dawsos.compute.regimes.rules import PHASES
from dawsos.compute.returns.figures import NotComputable
from dawsos.compute.risk.drawdown import max_drawdown
from dawsos.kernel.errors import Invalid

TABLES = assumed_covariances().by_phase
BETAS = np.array([[-2.0, 0.5, -0.5, 0.1, 1.0], [0.0, 0.0, 0.0, 0.0, 0.0], [0.2, 0.0, 0.0, 0.0, 0.4]])
SPREAD = np.array([0.004, 0.0, 0.01])


def paths(seed=1, count=500, days=21, **probabilities):
    return simulate_paths(TABLES, probabilities or {"LATE_EXPANSION": 1.0}, np.random.default_rng(seed), days=days, count=count)


def test_depths_are_the_maximum_drawdowns_of_the_simulated_returns():
    simulated = paths(count=130, days=30)
    found, moves = path_depths(simulated, BETAS, SPREAD), simulated.in_order()
    assert moves.shape == (130, 30, 6)
    for place in range(3):
        returns = moves[:, :, :5] @ BETAS[place] + SPREAD[place] * moves[:, :, 5]
        assert found[place] == pytest.approx(-np.asarray(max_drawdown(returns)), abs=1e-12)
    assert (found[1] == 0).all()


@pytest.mark.parametrize("factors", [1, 3, 4, 9])
def test_any_number_of_factors_and_portfolios_gives_each_the_depths_it_has_alone(factors):
    random = np.random.default_rng(factors)
    blocks = random.normal(0, 0.02, (2, 12, factors + 1, 64))
    simulated = FactorPaths(blocks, 100, np.eye(factors))
    betas, spread, moves = random.normal(0.5, 0.5, (19, factors)), random.uniform(0, 0.5, 19), simulated.in_order()
    found = path_depths(simulated, betas, spread)
    for place in (0, 15, 16, 18):
        returns = moves[:, :, :factors] @ betas[place] + spread[place] * moves[:, :, factors]
        assert found[place] == pytest.approx(-np.asarray(max_drawdown(returns)), abs=1e-12)
        assert (path_depths(simulated, betas[place], spread[place])[0] == found[place]).all()


def test_equal_seeds_give_equal_figures_to_the_last_bit_and_others_do_not():
    first, second, other = (drawdown_at_risk(paths(seed), BETAS, SPREAD) for seed in (1, 1, 2))
    assert first.at_risk.tobytes() == second.at_risk.tobytes() and first.contributions.tobytes() == second.contributions.tobytes()
    assert first.at_risk[0] != other.at_risk[0]


def test_a_portfolio_has_the_same_figure_alone_and_among_others():
    simulated = paths()
    block = drawdown_at_risk(simulated, BETAS, SPREAD)
    alone = drawdown_at_risk(simulated, BETAS[2], SPREAD[2])
    assert alone.at_risk[0] == block.at_risk[2] and alone.mean[0] == block.mean[2] and alone.worst_path[0] == block.worst_path[2]


def test_contributions_sum_and_figures_are_ordered():
    found = drawdown_at_risk(paths(), BETAS, SPREAD)
    assert found.contributions.sum(axis=1) == pytest.approx(found.at_risk, abs=1e-15)
    assert (found.median <= found.at_risk).all() and (found.at_risk <= found.maximum).all() and (found.maximum < 1).all()
    assert found.at_risk[1] == 0 and (found.contributions[1] == 0).all()
    sterner = drawdown_at_risk(paths(), BETAS, SPREAD, confidence=0.99)
    assert (sterner.at_risk >= found.at_risk).all()


@settings(deadline=None, max_examples=20)
@given(st.floats(1.1, 4), st.integers(0, 1000))
def test_twice_the_exposure_falls_deeper(scale, seed):
    simulated = paths(seed, count=200)
    once, more = path_depths(simulated, BETAS[2], [0.01]), path_depths(simulated, scale * BETAS[2], [scale * 0.01])
    assert (more >= once - 1e-15).all()


def test_longer_horizons_fall_deeper_and_agree_with_theory():
    # Driftless Brownian motion: E[max drawdown] → 1.2533 σ √T (Magdon-Ismail and others 2004).
    simulated = simulate_paths(
        {"MID_EXPANSION": np.array([[1.0]]) * 1e-8}, {"MID_EXPANSION": 1.0}, np.random.default_rng(4), days=400, count=2000
    )
    depth = path_depths(simulated, [[1.0]], [0.0]).mean()
    assert depth == pytest.approx(np.sqrt(np.pi / 2) * 1e-4 * 20, rel=0.05)


def test_simulated_factors_have_the_covariance_asked_for():
    simulated = paths(count=4000, days=5, LATE_EXPANSION=0.5, DEEP_CONTRACTION=0.5)
    sample = np.cov(simulated.in_order().reshape(-1, 6)[:, :5], rowvar=False)
    mixture = 0.5 * TABLES["LATE_EXPANSION"] + 0.5 * TABLES["DEEP_CONTRACTION"]
    assert simulated.covariance == pytest.approx(mixture)
    scale = np.sqrt(np.outer(np.diag(mixture), np.diag(mixture)))
    assert np.abs(sample - mixture).max() <= 0.06 * scale.max() and np.abs((sample - mixture) / scale).max() < 0.08


def test_phases_share_the_paths_exactly_as_probable():
    simulated = simulate_paths(
        {"MID_EXPANSION": np.array([[0.0]]), "DEEP_CONTRACTION": np.array([[1.0]])}, {"MID_EXPANSION": 3.0, "DEEP_CONTRACTION": 1.0},
        np.random.default_rng(0), days=1, count=100,
    )  # fmt: skip
    assert (simulated.in_order()[:, 0, 0] == 0).sum() == 75
    with pytest.raises(Invalid, match="no probabilities of phases"):
        paths(BOOM=1.0)
    with pytest.raises(Invalid, match="0 paths"):
        paths(count=0)


def test_assumed_covariances_are_covariances_and_equities_fall_as_spreads_widen():
    assert set(ASSUMED_COVARIANCES) == set(PHASES)
    for table in ASSUMED_COVARIANCES.values():
        checked_covariance(table)
        assert table[4, 2] < 0
    assert ASSUMED_COVARIANCES["DEEP_CONTRACTION"][4, 4] == pytest.approx(80e-4)
    assert set(assumed_covariances().sources.values()) == {Source.ASSUMED}


def test_a_phase_with_enough_history_has_its_own_covariance_and_others_lean_on_all():
    random = np.random.default_rng(2)
    changes = np.concatenate([random.normal(0, 0.01, (300, 3)), random.normal(0, 0.03, (100, 3))])
    changes[7, 1] = np.nan
    found = phase_covariances(changes, ["MID_EXPANSION"] * 300 + ["DEEP_CONTRACTION"] * 100)
    known = ~np.isnan(changes).any(axis=1)
    own, pooled = np.cov(changes[known][:299], rowvar=False), np.cov(changes[known], rowvar=False)
    assert found.by_phase["MID_EXPANSION"] == pytest.approx(own) and found.sources["MID_EXPANSION"] is Source.ESTIMATED
    deep = np.cov(changes[300:], rowvar=False)
    assert (
        found.by_phase["DEEP_CONTRACTION"] == pytest.approx(0.4 * deep + 0.6 * pooled)
        and found.sources["DEEP_CONTRACTION"] is Source.SHRUNK
    )
    assert found.by_phase["LATE_EXPANSION"] == pytest.approx(pooled) and found.observations["LATE_EXPANSION"] == 0
    assert found.mixture({"MID_EXPANSION": 0.25, "DEEP_CONTRACTION": 0.75}) == pytest.approx(
        0.25 * own + 0.75 * found.by_phase["DEEP_CONTRACTION"]
    )
    assert isinstance(phase_covariances(changes[:20], ["MID_EXPANSION"] * 20), NotComputable)


def test_stress_multiplies_deviations_and_moves_correlations_from_zero():
    table = np.array([[4e-4, -1e-4], [-1e-4, 1e-4]])
    found = stressed(table, risk=1.5, correlation=0.3)
    assert np.sqrt(np.diag(found)) == pytest.approx([0.03, 0.015]) and found[0, 1] / (0.03 * 0.015) == pytest.approx(-0.8)
    assert stressed(table) == pytest.approx(table)
    assert stressed(table, correlation=-0.9)[0, 1] == pytest.approx(0.0)
    for entry in TABLES.values():
        checked_covariance(stressed(entry, risk=2.0, correlation=0.7))


def test_kupiec_of_the_textbook():
    # 250 days at 99 %: 7 breaches; LR = 2 ln[(0.972^243 · 0.028^7)/(0.99^243 · 0.01^7)] = 5.497
    found = kupiec(7, 250, 0.01)
    assert found.statistic == pytest.approx(5.497, abs=5e-4) and found.probability == pytest.approx(scipy.stats.chi2.sf(found.statistic, 1))
    assert kupiec(5, 100, 0.05).statistic == pytest.approx(0.0, abs=1e-12)
    assert kupiec(0, 100, 0.05).statistic == pytest.approx(-200 * np.log(0.95))
    with pytest.raises(Invalid):
        kupiec(3, 2, 0.05)


def test_breaches_in_a_row_are_not_independent():
    clustered, spread = np.zeros(200, dtype=bool), np.zeros(200, dtype=bool)
    clustered[50:60] = True
    spread[10::20] = True
    assert christoffersen(clustered).probability < 0.001
    assert christoffersen(spread).probability > 0.2
    assert isinstance(christoffersen([True]), NotComputable)


def test_forecasts_against_what_happened():
    said, was = np.full(100, 0.10), np.full(100, 0.04)
    was[::20] = 0.12
    was[3] = np.nan
    found = calibration(said, was)
    assert (found.observations, found.breaches) == (99, 5) and found.breach_rate == pytest.approx(5 / 99)
    assert found.mean_absolute_deviation == pytest.approx((94 * 0.06 + 5 * 0.02) / 99)
    assert found.expected_rate == pytest.approx(0.05) and not found.is_rejected
    assert found.conditional_coverage.statistic == pytest.approx(found.kupiec.statistic + found.independence.statistic)
    assert calibration(said, np.full(100, 0.2)).is_rejected
    assert isinstance(calibration([np.nan], [0.1]), NotComputable)


def test_zones_of_the_gauge():
    assert [zone(depth) for depth in (0.0, 0.10, 0.11, 0.20, 0.21)] == ["green", "green", "orange", "orange", "red"]
