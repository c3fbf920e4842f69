"""The overview's figures: right numbers, one rounding, a reason for every null."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.returns import daily_returns, link, money_weighted_window, window_return
from dawsos.compute.risk import drawdown, moments, relative
from dawsos.compute.risk.performance import PerformanceSummary, performance_summary
from dawsos.kernel.canonical import canonical_bytes
from dawsos.kernel.errors import Invalid

ASOF = date(2024, 6, 28)


def weekdays(count, end=ASOF):
    days = np.arange(np.datetime64(end) - 2 * count - 10, np.datetime64(end) + 1)
    days = days[np.is_busday(days)]
    return days[days.size - count :]


def history(count, seed=0):
    random = np.random.default_rng(seed)
    returns = random.normal(0.0004, 0.01, count)
    flows = np.where(random.random(count) < 0.03, random.normal(2_000, 1_000, count), 0.0)
    flows[0] = 0.0
    nav, held = np.empty(count), 100_000.0
    for place in range(count):
        held = held if place == 0 else (held + flows[place]) * (1 + returns[place])
        nav[place] = held
    benchmark = 1_000 * np.cumprod(1 + 0.7 * returns + random.normal(0, 0.004, count))
    return weekdays(count), nav, flows, returns, benchmark


DAYS, NAV, FLOWS, RETURNS, LEVELS = history(1400)
FULL = performance_summary(DAYS, NAV, FLOWS, asof=ASOF, risk_free=0.03, benchmark=LEVELS)


def test_a_long_history_has_every_figure():
    nulls = {name for name in PerformanceSummary.__dataclass_fields__ if getattr(FULL, name) is None}
    assert nulls <= {"max_drawdown_recovery_date"}
    assert set(FULL.reasons) == nulls


def test_time_weighted_windows_follow_the_calendar_and_ignore_flows():
    chain = daily_returns(NAV, FLOWS).returns
    assert chain == pytest.approx(RETURNS[1:], abs=1e-12)
    for field, window in [("twr_1d", "1D"), ("twr_mtd", "MTD"), ("twr_qtd", "QTD"), ("twr_ytd", "YTD"), ("twr_1y", "1Y")]:
        assert getattr(FULL, field) == round(window_return(DAYS, chain, window, ASOF).total, 8)
    for field, window in [("twr_3y_ann", "3Y"), ("twr_5y_ann", "5Y"), ("twr_inception_ann", "ITD")]:
        assert getattr(FULL, field) == round(window_return(DAYS, chain, window, ASOF).annualised, 8)


def test_the_lookback_is_the_last_252_observations():
    last = RETURNS[-252:]
    assert (FULL.n_obs, FULL.start_date, FULL.end_date) == (252, DAYS[-253].item(), ASOF)
    assert FULL.twr == pytest.approx(link(last), abs=6e-9)
    assert FULL.volatility == FULL.volatility_1y == pytest.approx(last.std(ddof=1) * np.sqrt(252), abs=6e-9)
    assert FULL.volatility_30d == pytest.approx(RETURNS[-30:].std(ddof=1) * np.sqrt(252), abs=6e-9)
    assert FULL.sharpe_ratio == pytest.approx((252 * last.mean() - 0.03) / (last.std(ddof=1) * np.sqrt(252)), abs=6e-9)
    shorter = performance_summary(DAYS, NAV, FLOWS, asof=ASOF, lookback_days=60)
    assert (shorter.n_obs, shorter.volatility) == (60, FULL.volatility_60d)


def test_r9_drawdowns_lie_on_the_index_of_returns_with_their_days():
    worst = drawdown.deepest(RETURNS[-252:])[0]
    days = DAYS[-253:]
    assert FULL.max_drawdown == pytest.approx(worst.depth, abs=6e-9)
    assert FULL.max_drawdown_peak_date == days[worst.peak].item()
    assert FULL.max_drawdown_trough_date == days[worst.trough].item()
    assert FULL.current_drawdown == pytest.approx(drawdown.current_drawdown(RETURNS[-252:]), abs=6e-9)


def test_figures_against_the_benchmark_use_the_shared_days():
    own, other = RETURNS[-252:], LEVELS[-252:] / LEVELS[-253:-1] - 1
    slope = relative.beta(own, other)
    assert FULL.beta == pytest.approx(slope, abs=6e-9)
    assert FULL.alpha == pytest.approx(252 * (own.mean() - slope * other.mean()) - 0.03 * (1 - slope), abs=6e-9)
    assert FULL.tracking_error == pytest.approx(moments.volatility(own - other), abs=6e-9)
    assert FULL.information_ratio == pytest.approx(252 * (own - other).mean() / moments.volatility(own - other), abs=6e-8)


def test_money_weighted_windows_are_those_of_the_flows():
    for field, window in [("mwr_ytd", "YTD"), ("mwr_1y", "1Y"), ("mwr_3y_ann", "3Y"), ("mwr_inception_ann", "ITD")]:
        assert getattr(FULL, field) == round(money_weighted_window(DAYS, NAV, FLOWS, window, ASOF).rate, 8)


def test_every_figure_is_rounded_to_eight_places_and_has_canonical_bytes():
    for name in PerformanceSummary.__dataclass_fields__:
        value = getattr(FULL, name)
        if isinstance(value, float):
            assert value == round(value, 8), name
    assert canonical_bytes(FULL) == canonical_bytes(performance_summary(DAYS, NAV, FLOWS, asof=ASOF, risk_free=0.03, benchmark=LEVELS))


def test_nothing_after_the_as_of_date_is_looked_at():
    cut = int(np.searchsorted(DAYS, np.datetime64("2023-10-13"), side="right"))
    early = performance_summary(DAYS, NAV, FLOWS, asof=date(2023, 10, 13), benchmark=LEVELS, risk_free=np.full(DAYS.size, 0.02))
    assert early == performance_summary(
        DAYS[:cut], NAV[:cut], FLOWS[:cut], asof=date(2023, 10, 13), benchmark=LEVELS[:cut], risk_free=np.full(cut, 0.02)
    )


def test_a_young_portfolio_says_what_each_missing_figure_needs():
    young = performance_summary(DAYS[-21:], NAV[-21:], FLOWS[-21:], asof=ASOF)
    assert (young.n_obs, young.volatility, young.twr_1y, young.mwr_inception_ann) == (20, None, None, None)
    assert young.reasons["volatility"] == "daily returns: needs 30, has 20"
    assert young.reasons["volatility_1y"] == "daily returns: needs 252, has 20"
    assert young.reasons["twr_1y"] == "days of history for 1Y: needs 366, has 28"
    assert young.reasons["twr_inception_ann"] == "calendar days to state a return per year: needs 366, has 28"
    assert young.reasons["mwr_inception_ann"] == "calendar days to state a return per year: needs 366, has 28"
    assert young.reasons["beta"] == "a benchmark"
    assert young.reasons["risk_free_rate"] == "a risk-free rate"
    assert young.twr == pytest.approx(link(RETURNS[-20:]), abs=6e-9)
    assert set(young.reasons) == {name for name in PerformanceSummary.__dataclass_fields__ if getattr(young, name) is None}


def test_without_a_risk_free_rate_there_is_beta_but_no_sharpe_ratio_and_no_alpha():
    found = performance_summary(DAYS, NAV, FLOWS, asof=ASOF, benchmark=LEVELS)
    assert (found.sharpe_ratio, found.alpha) == (None, None)
    assert found.reasons["sharpe_ratio"] == found.reasons["alpha"] == "a risk-free rate"
    assert found.beta == FULL.beta


def test_r9_a_dated_risk_free_rate_is_averaged_over_each_window():
    rates = np.linspace(0.01, 0.05, DAYS.size)
    rates[-10:] = np.nan
    found = performance_summary(DAYS, NAV, FLOWS, asof=ASOF, risk_free=rates)
    assert found.risk_free_rate == pytest.approx(np.nanmean(rates[-252:]), abs=6e-9)
    assert found.sharpe_30d == pytest.approx(
        (252 * RETURNS[-30:].mean() - np.nanmean(rates[-30:])) / moments.volatility(RETURNS[-30:]), abs=6e-8
    )
    unknown = performance_summary(DAYS, NAV, FLOWS, asof=ASOF, risk_free=np.full(DAYS.size, np.nan))
    assert unknown.reasons["sharpe_ratio"] == "risk-free rates in the window: needs 1, has 0"


def test_a_benchmark_with_few_days_in_common_has_no_beta():
    sparse = np.full(DAYS.size, np.nan)
    sparse[-20:] = LEVELS[-20:]
    found = performance_summary(DAYS, NAV, FLOWS, asof=ASOF, benchmark=sparse, risk_free=0.0)
    assert found.reasons["beta"] == "daily returns shared with the benchmark: needs 30, has 19"


def test_a_benchmark_that_stands_still_or_is_the_portfolio_itself():
    still = performance_summary(DAYS, NAV, FLOWS, asof=ASOF, benchmark=np.full(DAYS.size, 7.0), risk_free=0.0)
    assert still.reasons["alpha"] == still.reasons["beta"] == "benchmark returns that vary"
    itself = performance_summary(DAYS, NAV, 0 * FLOWS, asof=ASOF, benchmark=NAV, risk_free=0.01)
    assert (itself.beta, itself.alpha, itself.tracking_error, itself.information_ratio) == (1.0, 0.0, 0.0, None)
    assert itself.reasons["information_ratio"] == "a return that differs from the benchmark's"


def test_money_that_lies_still_has_no_sharpe_ratio_and_no_drawdown():
    found = performance_summary(DAYS, np.full(DAYS.size, 500.0), np.zeros(DAYS.size), asof=ASOF, risk_free=0.01)
    assert (found.volatility, found.max_drawdown, found.current_drawdown, found.mwr_1y) == (0.0, 0.0, 0.0, 0.0)
    assert found.reasons["sharpe_ratio"] == "returns that vary: the volatility is zero"
    assert found.reasons["max_drawdown_peak_date"] == found.reasons["max_drawdown_recovery_date"] == "no drawdown in the lookback"


def test_a_fall_that_was_recovered_has_its_day_and_one_that_was_not_says_so():
    days = weekdays(5)
    found = performance_summary(days, [100, 90, 95, 101, 99], [0] * 5, asof=ASOF)
    assert (found.max_drawdown, found.max_drawdown_recovery_date) == (-0.1, days[3].item())
    assert (found.max_drawdown_peak_date, found.max_drawdown_trough_date) == (days[0].item(), days[1].item())
    assert found.current_drawdown == pytest.approx(99 / 101 - 1, abs=6e-9)
    under = performance_summary(days[:3], [100, 90, 95], [0] * 3, asof=ASOF)
    assert (under.max_drawdown_recovery_date, under.reasons["max_drawdown_recovery_date"]) == (None, "not recovered yet")


def test_the_first_day_counts_when_the_value_before_it_is_given():
    days, nav, flows = weekdays(3), [99_900.0, 100_899.0, 100_899.0], [100_000.0, 0.0, 0.0]
    assert performance_summary(days, nav, flows, asof=ASOF).twr == pytest.approx(0.01)
    whole = performance_summary(days, nav, flows, asof=ASOF, opening_nav=0.0, benchmark=[1, 2, 3], risk_free=[0.01, 0.02, 0.03])
    assert whole.twr == pytest.approx(0.999 * 1.01 - 1, abs=6e-9)
    assert (whole.n_obs, whole.start_date) == (3, days[0].item() - timedelta(days=1))
    assert whole.risk_free_rate == 0.02


def test_days_without_capital_are_named_and_passed_over():
    days = weekdays(6)
    found = performance_summary(days, [100, 110, 5, 50, 55, 55], [0, 0, -110, 50, 0, 0], asof=ASOF)
    assert found.sub_period_breaks == (days[2].item(),)
    assert found.n_obs == 4
    assert found.twr == pytest.approx(1.1 * (50 / 55) * 1.1 - 1, abs=6e-9)


def test_a_return_below_total_loss_leaves_the_chain_without_an_answer():
    days = weekdays(4)
    found = performance_summary(days, [100, -20, 80, 80], [0, 0, 100, 0], asof=ASOF)
    assert found.twr is None
    assert found.reasons["twr"] == found.reasons["max_drawdown"] == "daily returns above −100 %"
    assert found.reasons["twr_inception_ann"].startswith("daily returns above −100 %")


@pytest.mark.parametrize(("count", "asof"), [(0, ASOF), (1, ASOF), (5, date(2020, 1, 1))])
def test_nothing_known_is_nothing_invented(count, asof):
    found = performance_summary(weekdays(count), [100.0] * count, [0.0] * count, asof=asof, risk_free=0.01, benchmark=[1.0] * count)
    for name in PerformanceSummary.__dataclass_fields__:
        if name not in {"n_obs", "reasons", "sub_period_breaks"}:
            assert getattr(found, name) is None, name
            assert found.reasons[name], name
    assert found.n_obs == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"nav": [1, 2]}, "3 dates need"),
        ({"flows": [0, np.nan, 0]}, "3 dates need"),
        ({"benchmark": [1, 2]}, "Benchmark levels: 2 for 3"),
        ({"risk_free": [1, 2]}, "Risk-free rates: 2 for 3"),
        ({"lookback_days": 0}, "lookback of 0"),
        ({"dates": [ASOF, ASOF, ASOF]}, "ascending"),
    ],
)
def test_what_does_not_fit_is_refused(arguments, words):
    call = {"dates": weekdays(3), "nav": [1, 2, 3], "flows": [0, 0, 0], "asof": ASOF} | arguments
    with pytest.raises(Invalid, match=words):
        performance_summary(call.pop("dates"), call.pop("nav"), call.pop("flows"), **call)


@settings(max_examples=30, deadline=None)
@given(st.floats(1e-3, 1e6))
def test_the_currency_unit_changes_no_figure(unit):
    one = performance_summary(DAYS[-300:], NAV[-300:], FLOWS[-300:], asof=ASOF, risk_free=0.03, benchmark=LEVELS[-300:])
    other = performance_summary(
        DAYS[-300:], NAV[-300:] * unit, FLOWS[-300:] * unit, asof=ASOF, risk_free=0.03, benchmark=LEVELS[-300:] * unit
    )
    for name in PerformanceSummary.__dataclass_fields__:
        mine, theirs = getattr(one, name), getattr(other, name)
        assert theirs == (pytest.approx(mine, abs=2e-8) if isinstance(mine, float) else mine), name
