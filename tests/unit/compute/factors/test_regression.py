"""Least squares on shared factors: against an independent solution, with gaps, for blocks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.factors.basis import basis
from dawsos.compute.factors.regression import regress
from dawsos.kernel.errors import Invalid

RANDOM = np.random.default_rng(5)
FACTORS = RANDOM.normal(0, 0.01, (120, 3))
TRUE = np.array([0.0004, 1.2, -0.4, 0.7])
RETURNS = np.column_stack([np.ones(120), FACTORS]) @ TRUE + RANDOM.normal(0, 0.004, (20, 120))


def by_hand(y, x):
    """Coefficients, classical errors and R² from the normal equations in extended precision."""
    known = ~np.isnan(y)
    design, seen = np.column_stack([np.ones(known.sum()), x[known]]).astype(np.longdouble), y[known]
    inverse = np.linalg.inv((design.T @ design).astype(float))
    solution = np.linalg.lstsq(design.astype(float), seen, rcond=None)[0]
    residual = seen - design.astype(float) @ solution
    variance = residual @ residual / (seen.size - design.shape[1])
    return solution, np.sqrt(variance * np.diag(inverse)), 1 - residual @ residual / ((seen - seen.mean()) ** 2).sum()


def test_a_block_is_its_series_one_by_one_and_each_is_the_solution_of_the_normal_equations():
    block = regress(RETURNS, FACTORS)
    for place, series in enumerate(RETURNS):
        alone, (solution, errors, fit) = regress(series, FACTORS), by_hand(series, FACTORS)
        assert block.coefficients[place] == pytest.approx(alone.coefficients, rel=1e-12)
        assert alone.coefficients == pytest.approx(solution, rel=1e-9)
        assert alone.standard_errors == pytest.approx(errors, rel=1e-9)
        assert float(alone.r_squared) == pytest.approx(fit, rel=1e-10)
        assert float(alone.observations) == 120


def test_gaps_leave_out_observations_of_their_series_only():
    gaps = RETURNS.copy()
    gaps[RANDOM.random(gaps.shape) < 0.15] = np.nan
    gaps[3, 10:] = np.nan
    fit = regress(gaps, FACTORS)
    for place in (0, 1, 2, 7):
        solution, errors, r_squared = by_hand(gaps[place], FACTORS)
        assert fit.coefficients[place] == pytest.approx(solution, rel=1e-9)
        assert fit.standard_errors[place] == pytest.approx(errors, rel=1e-9)
        assert fit.r_squared[place] == pytest.approx(r_squared, rel=1e-9)
    assert np.isnan(fit.coefficients[3]).all()
    assert str(fit.reason(3)) == f"observations common to returns and factors: needs 30, has {int((~np.isnan(gaps[3])).sum())}"
    assert fit.reason(0) is None


def test_a_series_of_few_observations_is_fitted_on_a_basis_of_its_own():
    short = np.full(120, np.nan)
    short[110:] = RETURNS[0, 110:]
    solution, errors, _ = by_hand(short, FACTORS)
    fit = regress(short, FACTORS, minimum=0)
    assert fit.coefficients == pytest.approx(solution, rel=1e-8)
    assert fit.standard_errors == pytest.approx(errors, rel=1e-8)


def test_observations_at_which_factors_cannot_be_told_apart_have_no_fit():
    twins = FACTORS.copy()
    twins[:40, 1] = twins[:40, 0]
    only = np.full(120, np.nan)
    only[:40] = RETURNS[0, :40]
    fit = regress(only, twins)
    assert np.isnan(fit.coefficients).all()


@pytest.mark.parametrize("errors", ["hc0", "hc1", "hc2", "hc3", "newey_west"])
def test_robust_errors_of_a_series_with_gaps_are_the_sandwich_over_what_is_known(errors):
    y = RETURNS[0].copy()
    y[[4, 5, 40, 77]] = np.nan
    fit = regress(y, FACTORS, errors=errors, lags=3)
    known = ~np.isnan(y)
    design = np.column_stack([np.ones(120), FACTORS])
    bread = np.linalg.inv(design[known].T @ design[known])
    residual = np.where(known, np.nan_to_num(y) - design @ fit.coefficients, 0.0)
    n, k = known.sum(), 4
    leverage = np.einsum("ti,ij,tj->t", design, bread, design)
    scale = {"hc2": 1 / (1 - leverage), "hc3": 1 / (1 - leverage) ** 2}.get(errors, np.ones(120))
    meat = (design * (residual**2 * scale)[:, None]).T @ design
    if errors == "newey_west":
        for lag in (1, 2, 3):
            part = (design[lag:] * (residual[lag:] * residual[:-lag])[:, None]).T @ design[:-lag]
            meat += (1 - lag / 4) * (part + part.T)
    if errors in {"hc1", "newey_west"}:
        meat *= n / (n - k)
    assert fit.standard_errors == pytest.approx(np.sqrt(np.diag(bread @ meat @ bread)), rel=1e-9)


def test_without_a_constant_r_squared_is_not_centred():
    fit = regress(RETURNS[0], FACTORS, constant=False)
    solution = np.linalg.lstsq(FACTORS, RETURNS[0], rcond=None)[0]
    residual = RETURNS[0] - FACTORS @ solution
    assert fit.coefficients == pytest.approx(solution, rel=1e-10)
    assert float(fit.r_squared) == pytest.approx(1 - residual @ residual / (RETURNS[0] @ RETURNS[0]))
    assert np.isnan(fit.alpha)


def test_units_and_levels_of_factors_cost_no_digits():
    moved = FACTORS * np.array([1e6, 1e-7, 1.0]) + np.array([1e6, 1e-3, 10.0])
    fit = regress(RETURNS[0], moved)
    plain = regress(RETURNS[0], FACTORS)
    assert fit.betas == pytest.approx(plain.betas / np.array([1e6, 1e-7, 1.0]), rel=1e-8)
    assert fit.t_statistics[1:] == pytest.approx(plain.t_statistics[1:], rel=1e-8)


@settings(deadline=None, max_examples=25)
@given(st.permutations([0, 1, 2]), st.floats(0.1, 50), st.floats(-1, 1))
def test_order_of_factors_scale_and_level_of_returns(order, scale, level):
    plain, changed = regress(RETURNS[0], FACTORS), regress(scale * RETURNS[0] + level, FACTORS[:, order])
    assert changed.betas == pytest.approx(scale * plain.betas[list(order)], rel=1e-8)
    assert changed.alpha == pytest.approx(scale * plain.alpha + level, abs=1e-9)
    assert float(changed.r_squared) == pytest.approx(float(plain.r_squared), abs=1e-8)


def test_an_exact_line_leaves_nothing():
    fit = regress(0.001 + FACTORS @ np.array([2.0, -1.0, 0.5]), FACTORS)
    assert fit.coefficients == pytest.approx([0.001, 2.0, -1.0, 0.5], abs=1e-13)
    assert float(fit.r_squared) == pytest.approx(1.0, abs=1e-13)
    assert float(fit.residual_variance) < 1e-30


def test_what_cannot_be_fitted_is_refused():
    with pytest.raises(Invalid, match="Factor 2 is a combination"):
        basis(np.column_stack([FACTORS[:, 0], 3 * FACTORS[:, 0]]))
    with pytest.raises(Invalid, match="does not vary"):
        basis(np.full((50, 1), 4.0))
    with pytest.raises(Invalid, match="3 observations cannot carry 4 regressors"):
        basis(FACTORS[:3])
    with pytest.raises(Invalid, match="100 returns and 120 rows"):
        regress(np.zeros(100), FACTORS)
