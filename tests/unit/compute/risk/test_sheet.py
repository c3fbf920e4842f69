"""The full sheet: its kernel against the plain functions, its nulls, its sameness alone and in a block."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dawsos.compute.returns import annualised_return, link
from dawsos.compute.risk import downside, drawdown, moments, ratios, relative, tail
from dawsos.compute.risk.sheet import FIELDS, OWN, RELATIVE, Conventions, sheet, sheet_batch
from dawsos.kernel.errors import Invalid

ALWAYS = Conventions(annualise_from=0.0)


def reference(x, b, c):
    """Every figure by the plain functions of the package."""
    n, rf_year = c.periods_per_year, (1 + c.risk_free) ** c.periods_per_year - 1
    own = {
        "total_return": link(x),
        "annual_return": annualised_return(x, n),
        "mean_return": moments.mean(x),
        "volatility": moments.volatility(x, periods_per_year=n, ddof=c.ddof),
        "downside_deviation": downside.downside_deviation(x, threshold=c.target, periods_per_year=n),
        "semi_deviation": downside.semi_deviation(x),
        "sharpe_ratio": ratios.sharpe(x, risk_free=c.risk_free, periods_per_year=n, ddof=c.ddof, deviation_of="total"),
        "sortino_ratio": ratios.sortino(x, target=c.target, periods_per_year=n),
        "omega_ratio": downside.omega(x, threshold=c.target),
        "skewness": moments.skewness(x, method=c.shape),
        "excess_kurtosis": moments.kurtosis(x, method=c.shape),
        "max_drawdown": drawdown.max_drawdown(x),
        "pain_index": drawdown.average_drawdown(x),
        "ulcer_index": drawdown.ulcer_index(x),
        "calmar_ratio": drawdown.calmar(x, periods_per_year=n),
        "martin_ratio": drawdown.martin(x, risk_free=rf_year, periods_per_year=n),
        "pain_ratio": drawdown.pain(x, risk_free=rf_year, periods_per_year=n),
        "burke_ratio": drawdown.burke(x, risk_free=rf_year, periods_per_year=n),
        "var_historical": tail.historical_var(x, tail=c.tail),
        "cvar_historical": tail.historical_cvar(x, tail=c.tail),
        "var_gaussian": tail.gaussian_var(x, tail=c.tail, ddof=c.var_ddof),
        "cvar_gaussian": tail.gaussian_cvar(x, tail=c.tail, ddof=c.var_ddof),
        "var_cornish_fisher": tail.cornish_fisher_var(x, tail=c.tail, ddof=c.var_ddof),
        "cvar_cornish_fisher": tail.cornish_fisher_cvar(x, tail=c.tail, ddof=c.var_ddof),
        "tail_ratio": ratios.tail_ratio(x, share=c.tail),
        "stability": ratios.stability(x),
        "win_rate": ratios.win_rate(x, among=c.win_rate_among),
        "average_win": ratios.average_win(x),
        "average_loss": ratios.average_loss(x),
        "payoff_ratio": ratios.payoff_ratio(x),
        "profit_factor": downside.omega(x),
        "best_return": float(np.nanmax(x)),
        "worst_return": float(np.nanmin(x)),
    }
    if b is None:
        return own
    correlation = relative.correlation(x, b)
    return own | {
        "beta": relative.beta(x, b),
        "alpha": relative.alpha(x, b, risk_free=c.risk_free, periods_per_year=n, method=c.alpha),
        "correlation": correlation,
        "r_squared": correlation**2,
        "tracking_error": relative.tracking_error(x, b, periods_per_year=n, ddof=c.ddof),
        "information_ratio": relative.information_ratio(x, b, periods_per_year=n, ddof=c.ddof, method=c.information),
        "active_return": relative.active_premium(x, b, periods_per_year=n),
        "treynor_ratio": relative.treynor(x, b, risk_free=c.risk_free, periods_per_year=n),
        "m_squared": relative.m_squared(x, b, risk_free=rf_year, periods_per_year=n),
        "up_capture": relative.capture(x, b, side="up", method=c.capture, periods_per_year=n),
        "down_capture": relative.capture(x, b, side="down", method=c.capture, periods_per_year=n),
        "batting_average": relative.batting_average(x, b),
    }


def assert_agrees(found, expected):
    for name, value in expected.items():
        ours = getattr(found, name)
        if np.isnan(value):
            assert ours is None, f"{name}: {ours} where the plain function has none"
        else:
            assert ours == pytest.approx(value, rel=1e-9, abs=1e-11), name


def series(seed, n, scale=0.01):
    random = np.random.default_rng(seed)
    b = 0.0003 + scale * random.standard_t(4, n) / 1.5
    return 0.8 * b + 0.6 * scale * random.standard_normal(n), b


@pytest.mark.parametrize("n", [30, 31, 32, 101, 252, 253, 1000, 2520])
@pytest.mark.parametrize("scale", [0.0005, 0.01, 0.03])
def test_every_figure_equals_the_plain_function_of_its_name(n, scale):
    x, b = series(n, n, scale)
    assert_agrees(sheet(x, b, conventions=ALWAYS), reference(x, b, ALWAYS))


@pytest.mark.parametrize(
    "conventions",
    [
        Conventions(periods_per_year=12, ddof=0, target=0.004, risk_free=0.002, annualise_from=0),
        Conventions(tail=0.01, win_rate_among="moves", shape="sample", var_ddof=1, alpha="regression", annualise_from=0),
        Conventions(tail=0.1, alpha="arithmetic", information="arithmetic", capture="annualised", risk_free=0.0001, annualise_from=0),
        Conventions(capture="means", target=-0.001, annualise_from=0),
    ],
)
def test_conventions_reach_the_kernel_as_they_reach_the_plain_functions(conventions):
    x, b = series(7, 400)
    x[::7] = 0.0
    assert_agrees(sheet(x, b, conventions=conventions), reference(x, b, conventions))


def test_missing_observations_are_left_out_and_pairs_need_both_sides():
    x, b = series(3, 500)
    x[5:60:3], b[7:90:4] = np.nan, np.nan
    found = sheet(x, b, conventions=ALWAYS)
    assert_agrees(found, reference(x, b, ALWAYS))
    assert (found.n_obs, found.n_shared) == (500 - 19, int(np.sum(~np.isnan(x) & ~np.isnan(b))))


def test_a_gap_in_the_benchmark_alone_is_seen():
    x, b = series(4, 300)
    b[100] = np.nan
    found = sheet(x, b, conventions=ALWAYS)
    assert (found.n_obs, found.n_shared) == (300, 299)
    assert_agrees(found, reference(x, b, ALWAYS))


@pytest.mark.parametrize("shock", [0.2, -0.2, 0.9, -0.6, 3.0])
def test_large_moves_take_the_exact_logarithm(shock):
    x, b = series(5, 300)
    x[150] = shock
    assert_agrees(sheet(x, b, conventions=ALWAYS), reference(x, b, ALWAYS))


def test_a_block_holds_the_same_bits_as_its_rows_alone():
    rows = np.array([series(seed, 130)[0] for seed in range(143)])
    rows[3, 40], rows[9, 5], rows[40, :50] = 0.4, -0.5, np.nan
    benchmark = series(99, 130)[1]
    block = sheet_batch(rows, benchmark)
    for row, one in enumerate(rows):
        assert sheet(one, benchmark) == block.sheet(row), row


def test_each_portfolio_may_have_its_own_benchmark():
    rows, others = np.array([series(seed, 120)[0] for seed in range(40)]), np.array([series(seed, 120)[1] for seed in range(40)])
    others[2, 7] = np.nan
    block = sheet_batch(rows, others, conventions=ALWAYS)
    assert len(block) == 40
    assert block.column("beta").shape == (40,)
    for row in (0, 2, 17, 39):
        assert_agrees(block.sheet(row), reference(rows[row], others[row], ALWAYS))


def test_order_of_portfolios_does_not_matter():
    rows = np.array([series(seed, 90)[0] for seed in range(50)])
    shuffled = np.random.default_rng(1).permutation(50)
    assert np.array_equal(sheet_batch(rows).figures[shuffled], sheet_batch(rows[shuffled]).figures, equal_nan=True)


def test_without_a_benchmark_the_figures_against_one_say_so():
    found = sheet(series(1, 100)[0])
    assert {name: str(found.missing[name]) for name in RELATIVE} == dict.fromkeys(RELATIVE, "a benchmark")


def test_a_short_history_names_what_is_needed_and_what_there_is():
    x, b = series(2, 12)
    found = sheet(x, b)
    assert found.var_historical is None
    assert str(found.missing["var_historical"]) == "returns: needs 30, has 12"
    assert str(found.missing["beta"]) == "returns shared with the benchmark: needs 30, has 12"
    assert str(found.missing["annual_return"]) == "returns to state a figure per year: needs 252, has 12"
    assert found.volatility == pytest.approx(x.std(ddof=1) * np.sqrt(252))


@pytest.mark.parametrize(("n", "present"), [(1, {"mean_return", "total_return", "best_return", "worst_return", "win_rate"}), (0, set())])
def test_almost_nothing_gives_almost_nothing(n, present):
    found = sheet(np.full(n, 0.01))
    for name in present:
        assert getattr(found, name) is not None
    assert found.volatility is None
    assert str(found.missing["volatility"]) == f"returns: needs 2, has {n}"
    assert all((getattr(found, name) is None) == (name in found.missing) for name in FIELDS)


def test_returns_that_do_not_vary_have_no_ratio_over_their_spread():
    found = sheet(np.full(300, 0.001), series(1, 300)[1])
    assert found.volatility == 0.0
    assert str(found.missing["sharpe_ratio"]) == "returns that vary"
    assert str(found.missing["calmar_ratio"]) == "a drawdown"
    assert str(found.missing["omega_ratio"]) == "a return below the target"
    assert str(found.missing["correlation"]) == "returns and benchmark returns that vary"
    assert found.var_historical == 0.001
    assert found.max_drawdown == 0.0


def test_a_flat_series_at_zero_has_no_tail_ratio():
    found = sheet(np.zeros(40))
    assert (found.var_historical, found.stability) == (0.0, None)
    assert str(found.missing["tail_ratio"]) == "a lower quantile other than zero"


def test_a_benchmark_that_does_not_move_has_no_beta():
    found = sheet(series(1, 300)[0], np.zeros(300))
    assert str(found.missing["beta"]) == "benchmark returns that vary"
    assert str(found.missing["up_capture"]) == "a benchmark gain"
    assert str(found.missing["down_capture"]) == "a benchmark loss"


def test_following_the_benchmark_exactly_has_no_information_ratio():
    x = series(1, 300)[0]
    found = sheet(x, x)
    assert (found.tracking_error, found.beta) == (0.0, pytest.approx(1.0))
    assert found.information_ratio is None


def test_a_total_loss_ends_the_path_but_not_the_moments():
    x = series(1, 300)[0]
    x[200] = -1.0
    found = sheet(x, conventions=ALWAYS)
    assert (found.total_return, found.annual_return, found.max_drawdown) == (-1.0, -1.0, -1.0)
    assert found.stability is None


def test_a_return_below_total_loss_cannot_be_linked():
    x, b = series(1, 300)
    x[200] = -1.5
    found = sheet(x, b)
    assert str(found.missing["total_return"]) == "returns above −100 %"
    assert found.max_drawdown is None
    assert found.active_return is None
    assert found.volatility is not None


def test_values_that_repeat_still_have_exact_quantiles():
    x = np.repeat([-0.02, 0.0, 0.01], 40)
    found = sheet(x, conventions=ALWAYS)
    assert_agrees(found, {name: value for name, value in reference(x, None, ALWAYS).items() if "var" in name or name == "tail_ratio"})


@settings(max_examples=30, deadline=None)
@given(arrays(np.float64, st.integers(30, 90), elements=st.floats(-0.3, 0.3, allow_subnormal=False)))
def test_tails_are_ordered_and_bounded_by_the_extremes(x):
    found = sheet(x)
    rounding = 1e-14
    assert found.worst_return - rounding <= found.cvar_historical <= found.var_historical + rounding
    assert found.var_historical <= found.best_return
    assert found.var_historical == pytest.approx(np.quantile(x, 0.05), abs=1e-15)
    assert -1.0 <= found.max_drawdown <= 0.0
    assert 0.0 <= found.pain_index <= found.ulcer_index + 1e-15 <= -found.max_drawdown + 2e-15


@settings(max_examples=20, deadline=None)
@given(arrays(np.float64, 60, elements=st.floats(-0.05, 0.05, allow_subnormal=False)), st.floats(0.25, 4.0))
def test_scaling_returns_scales_spread_and_leaves_shape(x, factor):
    if np.ptp(x) < 1e-4:
        return
    one, other = sheet(x), sheet(x * factor)
    assert other.volatility == pytest.approx(one.volatility * factor, rel=1e-9)
    assert other.skewness == pytest.approx(one.skewness, rel=1e-6, abs=1e-7)
    assert other.sharpe_ratio == pytest.approx(one.sharpe_ratio, rel=1e-9, abs=1e-12)


@settings(max_examples=20, deadline=None)
@given(st.permutations(list(range(60))))
def test_figures_of_the_distribution_do_not_know_the_order(order):
    x = series(11, 60)[0]
    one, other = sheet(x), sheet(x[order])
    for name in ("volatility", "skewness", "excess_kurtosis", "var_historical", "omega_ratio", "tail_ratio", "total_return"):
        assert getattr(other, name) == pytest.approx(getattr(one, name), rel=1e-9)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (lambda: sheet(np.zeros((2, 5))), "one series"),
        (lambda: sheet(np.zeros(5), np.zeros(4)), "does not fit"),
        (lambda: sheet_batch(np.zeros((3, 5)), np.zeros((2, 5))), "does not fit"),
        (lambda: sheet([0.1, np.inf]), "infinite"),
        (lambda: Conventions(tail=0.6), "tail"),
        (lambda: Conventions(periods_per_year=0), "periods a year"),
    ],
)
def test_what_cannot_be_understood_is_refused(bad, words):
    with pytest.raises(Invalid, match=words):
        bad()


def test_the_record_has_every_figure_of_the_list_in_order():
    fields = [name for name in sheet([0.1]).__dataclass_fields__ if name not in {"n_obs", "n_shared", "missing"}]
    assert fields == list(FIELDS) == [*OWN, *RELATIVE]
