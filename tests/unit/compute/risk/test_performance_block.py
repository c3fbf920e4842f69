"""The overview of many portfolios at once equals the overview of each."""

from datetime import date

import numpy as np
import pytest

from dawsos.compute.risk.performance import PerformanceSummary, performance_summary
from dawsos.compute.risk.performance_block import performance_block
from dawsos.kernel.errors import Invalid

ASOF = date(2024, 6, 28)
DAYS = np.arange(np.datetime64("2018-06-01"), np.datetime64("2024-07-15"))
DAYS = DAYS[np.is_busday(DAYS)]


def portfolios(count, seed=0):
    random = np.random.default_rng(seed)
    returns = random.normal(0.0003, 0.01, (count, DAYS.size))
    flows = np.where(random.random((count, DAYS.size)) < 0.02, random.normal(500, 800, (count, DAYS.size)), 0.0)
    nav, held = np.empty((count, DAYS.size)), np.full(count, 50_000.0)
    for day in range(DAYS.size):
        held = (held + flows[:, day]) * (1 + returns[:, day]) if day else held
        nav[:, day] = held
    for row, start in enumerate(random.integers(0, DAYS.size - 30, count)):
        nav[row, : start if row % 3 else 0] = np.nan
    return nav, flows


NAV, FLOWS = portfolios(150)
LEVELS = 100 * np.cumprod(1 + np.random.default_rng(9).normal(0.0003, 0.008, DAYS.size))
RATES = np.linspace(0.01, 0.05, DAYS.size)


def assert_equal(block, row):
    one = block.summary(row)
    for name, column in block.figures.items():
        expected = getattr(one, name)
        assert np.isnan(column[row]) if expected is None else column[row] == pytest.approx(expected, abs=1.01e-8), (row, name)
    for name, column in block.days.items():
        assert column[row].item() == getattr(one, name), (row, name)
    assert block.n_obs[row] == one.n_obs


@pytest.mark.parametrize("lookback", [252, 40])
def test_every_row_has_the_figures_it_has_alone(lookback):
    sparse = LEVELS.copy()
    sparse[-5:-3] = np.nan
    block = performance_block(DAYS, NAV, FLOWS, asof=ASOF, risk_free=RATES, benchmark=sparse, lookback_days=lookback)
    for row in range(len(block)):
        assert_equal(block, row)


def test_the_record_of_a_row_is_that_of_its_own_history():
    block = performance_block(DAYS, NAV, FLOWS, asof=ASOF, risk_free=0.02, benchmark=LEVELS)
    known = ~np.isnan(NAV[4])
    assert block.summary(4) == performance_summary(
        DAYS[known], NAV[4][known], FLOWS[4][known], asof=ASOF, risk_free=0.02, benchmark=LEVELS[known]
    )


def test_columns_are_named_as_the_fields_of_the_record():
    block = performance_block(DAYS, NAV[:2], FLOWS[:2], asof=ASOF)
    assert {*block.figures, *block.days, "n_obs", "reasons", "sub_period_breaks"} == set(PerformanceSummary.__dataclass_fields__)
    assert np.isnan(block.figures["sharpe_ratio"]).all()
    assert np.isnan(block.figures["beta"]).all()


def test_rows_out_of_the_ordinary_are_computed_alone():
    nav, flows = NAV[:6].copy(), FLOWS[:6].copy()
    nav[0], flows[0] = 100.0, 0.0
    nav[1, -20:], flows[1, -20] = 0.0, -nav[1, -21]
    nav[2, -10:] = 1e-9
    nav[3, -5:] = -10.0
    nav[4] = np.nan
    nav[5, :-1] = np.nan
    block = performance_block(DAYS, nav, flows, asof=ASOF, risk_free=0.0, benchmark=LEVELS)
    for row in range(6):
        assert_equal(block, row)
    assert block.figures["max_drawdown"][0] == 0.0
    assert np.isnat(block.days["max_drawdown_peak_date"][0])


def test_before_any_valuation_nothing_is_known():
    block = performance_block(DAYS, NAV[:3], FLOWS[:3], asof=date(2010, 1, 1))
    assert np.isnan(block.figures["twr"]).all()
    assert list(block.n_obs) == [0, 0, 0]


def test_several_rates_leave_the_money_weighted_return_null():
    days = np.array(["2020-01-01", "2020-12-31", "2021-12-31"], dtype="datetime64[D]")
    block = performance_block(days, [[2_000, 5_000, 1]], [[0, -10_000, 9_999]], asof=date(2021, 12, 31))
    assert np.isnan(block.figures["mwr_inception_ann"][0])
    assert "these all solve it" in block.summary(0).reasons["mwr_inception_ann"]


def test_no_portfolios_have_no_columns_to_fill():
    assert len(performance_block(DAYS, np.empty((0, DAYS.size)), np.empty((0, DAYS.size)), asof=ASOF)) == 0


@pytest.mark.parametrize(
    ("nav", "flows", "more", "words"),
    [
        (NAV[:2, :5], FLOWS[:2], {}, "Give blocks"),
        (NAV[0], FLOWS[0], {}, "Give blocks"),
        (np.where(np.arange(DAYS.size) == 9, np.nan, 100.0)[None, :], np.zeros((1, DAYS.size)), {}, "has a gap"),
        (NAV[:1], FLOWS[:1], {"lookback_days": 0}, "lookback of 0"),
    ],
)
def test_what_does_not_fit_is_refused(nav, flows, more, words):
    with pytest.raises(Invalid, match=words):
        performance_block(DAYS, nav, flows, asof=ASOF, **more)
