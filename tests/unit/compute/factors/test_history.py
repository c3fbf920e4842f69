"""The history of the factors: which source counts, at which frequency, what was known when, and what averaging does."""

from datetime import date, timedelta

import numpy as np
import pytest

from dawsos.compute.factors.definitions import Levels
from dawsos.compute.factors.dollar import DOLLAR_BASKET, dollar_basket
from dawsos.compute.factors.exposures import Methodology, portfolio_exposures
from dawsos.compute.factors.history import FactorHistory, factor_history
from dawsos.compute.factors.periods import changes_between, monthly_averages
from dawsos.compute.macro.series import indicator_series
from dawsos.compute.returns.figures import NotComputable
from dawsos.kernel.errors import Invalid

ASOF = date(2022, 12, 28)
GENERATOR = np.random.default_rng(7)


def months(count: int, last: date = date(2022, 11, 1)) -> list[date]:
    """First days of months, ascending."""
    found = [last]
    while len(found) < count:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[::-1]


def monthly(name: str, unit: str, level: float, count: int = 100, last: date = date(2022, 11, 1)):
    values, days = level + np.cumsum(GENERATOR.normal(0, level / 100, count)), months(count, last)
    published = [(day + timedelta(days=31)).replace(day=1) for day in days]  # the day after the month
    return indicator_series(name, days, values, unit=unit, frequency="monthly", released=published)


def daily(name: str, unit: str, level: float, count: int = 400, last: date = date(2022, 12, 26)):
    days = [last - timedelta(days=back) for back in range(count)][::-1]
    days = [day for day in days if day.weekday() < 5]
    return indicator_series(name, days, level + np.cumsum(GENERATOR.normal(0, level / 200, len(days))), unit=unit, frequency="daily")


def index(days: int = 3000) -> Levels:
    found = np.arange(np.datetime64("2022-12-28") - days, np.datetime64("2022-12-29"))
    found = found[np.is_busday(found)]
    return Levels(found, 100 * np.exp(np.cumsum(GENERATOR.normal(0, 0.01, found.size))))


def by_month() -> dict:
    rates = {name: monthly(name, "percent", 3.0) for name in ("FII10", "GS10", "BAA")}
    return rates | {name: monthly(name, "index", 1.2) for name in DOLLAR_BASKET}


RISK_FREE = Levels(np.array(["2000-01-01"], dtype="datetime64[D]"), np.array([0.01]))


def test_months_when_nothing_is_observed_daily():
    observed, spx = by_month(), index()
    found = factor_history(observed, {"SPX": spx}, RISK_FREE, ASOF)
    assert isinstance(found, FactorHistory) and (found.frequency, found.observations) == ("monthly", 97)  # the index begins in October 2014
    assert found.panel.sources == ("FII10", "GS10 − FII10", "BAA − GS10", "dollar against EUR, JPY, GBP, CAD, CHF", "SPX")
    assert found.periods[-1] == np.datetime64("2022-11-01")
    last, before = observed["FII10"].values[-1], observed["FII10"].values[-2]
    assert found.panel.changes[-1, 0] == pytest.approx((last - before) / 100)
    in_month = {month: spx.values[spx.dates.astype("datetime64[M]") == np.datetime64(month)].mean() for month in ("2022-10", "2022-11")}
    assert found.panel.changes[-1, 4] == pytest.approx(in_month["2022-11"] / in_month["2022-10"] - 1 - 0.01 * 31 / 365)
    assert found.last(60).observations == 60 and found.last(60).periods.size == 61


def test_days_when_all_are_observed_daily():
    observed = by_month() | {
        "DFII10": daily("DFII10", "percent", 1.5), "T10YIE": daily("T10YIE", "percent", 2.3), "BAA10Y": daily("BAA10Y", "percent", 2.0),
        "DTWEXBGS": daily("DTWEXBGS", "index", 120.0),
    }  # fmt: skip
    found = factor_history(observed, {"SPX": index()}, RISK_FREE, ASOF)
    assert isinstance(found, FactorHistory) and found.frequency == "daily" and found.observations > 200
    assert found.panel.sources == ("DFII10", "T10YIE", "BAA10Y", "DTWEXBGS", "SPX")
    assert (found.variance_scale, found.trading_days, found.periods_per_year) == (1.0, 1, 252.0)
    # one factor by month only: all by month, those of days as the averages of their months
    long = {name: daily(name, "percent", 2.0, count=2400) for name in ("DFII10", "T10YIE", "BAA10Y")}
    mixed = factor_history(by_month() | long, {"SPX": index()}, RISK_FREE, ASOF)
    assert isinstance(mixed, FactorHistory) and mixed.frequency == "monthly"
    assert mixed.panel.sources[:3] == ("DFII10", "T10YIE", "BAA10Y") and mixed.panel.sources[3].startswith("dollar against")


def test_a_series_that_has_ended_stands_for_nothing():
    observed = by_month() | {"TWEXBMTH": monthly("TWEXBMTH", "index", 120.0, last=date(2019, 12, 1))}
    found = factor_history(observed, {"SPX": index()}, RISK_FREE, ASOF)
    assert isinstance(found, FactorHistory) and found.panel.sources[3].startswith("dollar against")
    early = factor_history(observed, {"SPX": index()}, RISK_FREE, date(2020, 1, 20))
    assert isinstance(early, NotComputable) or early.panel.sources[3] == "TWEXBMTH"


def test_what_was_not_known_yet_does_not_count():
    observed = by_month()
    late = factor_history(observed, {"SPX": index()}, RISK_FREE, ASOF)
    early = factor_history(observed, {"SPX": index()}, RISK_FREE, date(2022, 11, 15))
    assert isinstance(late, FactorHistory) and isinstance(early, FactorHistory)
    assert early.periods[-1] == np.datetime64("2022-10-01")  # November was over on the 30th, and published the day after
    np.testing.assert_array_equal(early.panel.changes[:, 0], late.panel.changes[:-1, 0])


def test_without_a_source_the_factor_is_named():
    observed = by_month()
    del observed["BAA"]
    found = factor_history(observed, {}, RISK_FREE, ASOF)
    assert isinstance(found, NotComputable) and "credit, equity" in str(found)
    assert "risk-free" in str(factor_history(by_month(), {"SPX": index()}, None, ASOF))


def test_averages_need_a_month_that_is_over_and_fifteen_days():
    days = np.arange("2022-01-01", "2022-03-15", dtype="datetime64[D]")
    values = np.arange(days.size, dtype=float)
    values[(days >= np.datetime64("2022-02-10")) & (days <= np.datetime64("2022-02-28"))] = np.nan
    found, averages = monthly_averages(days, values[None, :], date(2022, 3, 14))
    assert found.astype(str).tolist() == ["2022-01", "2022-02"]
    assert averages[0, 0] == pytest.approx(15.0) and np.isnan(averages[0, 1])
    between = changes_between(
        np.array(["2022-01-01", "2022-02-01"], dtype="datetime64[D]"), days, values[None, :], date(2022, 3, 14), is_monthly=True
    )
    assert np.isnan(between).all()


def test_changes_of_averages_vary_less_by_what_working_found():
    generator = np.random.default_rng(11)
    walk = np.cumsum(generator.normal(size=21 * 60_000)).reshape(-1, 21)
    ends, averages = np.diff(walk[:, -1]).var(), np.diff(walk.mean(axis=1)).var()
    scale = FactorHistory.variance_scale.fget(FactorHistory(None, None, "monthly"))  # type: ignore[arg-type,attr-defined]
    assert averages * scale == pytest.approx(ends, rel=0.02)
    assert scale == pytest.approx(3 * 441 / (2 * 441 + 1))


def test_the_dollar_of_a_basket_rises_with_what_it_buys():
    flat = {name: indicator_series(name, months(3), [2.0, 2.0, 2.0], unit="index", frequency="monthly") for name in DOLLAR_BASKET}
    assert np.diff(dollar_basket(flat).values).tolist() == [0.0, 0.0]
    dearer = flat | {"EXUSEU": indicator_series("EXUSEU", months(3), [2.0, 2.0, 1.0], unit="index", frequency="monthly")}
    moved = dollar_basket(dearer).values
    assert moved[2] / moved[1] == pytest.approx(2 ** (0.576 / 0.958))  # a euro costs half as many dollars


def test_exposures_are_linear_in_the_holdings_and_assume_what_has_no_history():
    observed, generator = by_month(), np.random.default_rng(3)
    history = factor_history(observed, {"SPX": index()}, RISK_FREE, ASOF)
    assert isinstance(history, FactorHistory)
    x = history.panel.changes
    loadings = np.array([[-2.0, 1.0, -0.5, 0.3, 1.1], [0.5, 0.0, -2.0, -0.4, 0.6], [0.0] * 5])
    changes = loadings @ x.T + generator.normal(0, 0.02, (3, x.shape[0]))
    changes[2] = 0.0
    nothing = np.zeros((3, 5))
    whole = portfolio_exposures(np.array([0.5, 0.3, 0.2]), changes, nothing, history)
    parts = [portfolio_exposures(np.eye(3)[place], changes, nothing, history) for place in range(2)]
    assert not isinstance(whole, NotComputable) and not any(isinstance(one, NotComputable) for one in parts)
    np.testing.assert_allclose(whole.betas, 0.5 * parts[0].betas + 0.3 * parts[1].betas, atol=1e-12)
    assert whole.methodology is Methodology.REGRESSION and whole.is_estimated.all()
    young = changes.copy()
    young[1, : x.shape[0] - 59] = np.nan
    assumed = np.array([[9.0] * 5, [-8.0, -6.0, -5.0, 0.0, 0.0], [9.0] * 5])
    mixed = portfolio_exposures(np.array([0.5, 0.3, 0.2]), young, assumed, history)
    assert not isinstance(mixed, NotComputable) and mixed.methodology is Methodology.MIXED
    np.testing.assert_allclose(mixed.betas, 0.5 * parts[0].betas + 0.3 * assumed[1], atol=1e-12)
    assert isinstance(portfolio_exposures(np.array([0.0, 1.0, 0.0]), young, assumed, history), NotComputable)
    with pytest.raises(Invalid):
        portfolio_exposures(np.array([1.0]), changes, nothing, history)
