"""Indicators: each transform once, in known units, never from the future."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.macro.derived import DERIVED, derive
from dawsos.compute.macro.series import indicator_series
from dawsos.compute.macro.standing import standing
from dawsos.compute.macro.transforms import change, difference, gap, growth, ratio, smoothed, to_fraction
from dawsos.compute.returns.figures import NotComputable
from dawsos.kernel.errors import Invalid
from tests.support.shared_data import fred, needs_shared


def monthly(name, values, *, unit="index", start="2010-01"):
    months = np.arange(np.datetime64(start, "M"), np.datetime64(start, "M") + len(values)).astype("datetime64[D]")
    return indicator_series(name, months, values, unit=unit, frequency="monthly")


def test_percent_becomes_a_fraction_once():
    rate = to_fraction(monthly("UNRATE", [4.0, 4.2], unit="percent"))
    assert rate.values.tolist() == pytest.approx([0.04, 0.042]) and rate.unit == "fraction"
    with pytest.raises(Invalid, match="in fraction, not in percent"):
        to_fraction(rate)


def test_growth_compares_with_the_same_month_and_rates_have_none():
    index = monthly("CPIAUCSL", [100.0] * 12 + [103.0, 104.0])
    grown = growth(index)
    assert grown.values.tolist() == pytest.approx([0.03, 0.04]) and grown.dates[0] == np.datetime64("2011-01-01")
    assert growth(index, months=1, annualised=True).values[-2] == pytest.approx(1.03**12 - 1)
    with pytest.raises(Invalid, match="is a rate"):
        growth(monthly("UNRATE", [4.0] * 14, unit="percent"))
    assert change(monthly("UNRATE", [4.0, 4.1, 4.5, 4.6], unit="percent"), months=3).values.tolist() == pytest.approx([0.6])


def test_a_missing_month_has_no_partner():
    months = ["2010-01-01", "2010-03-01", "2011-01-01", "2011-02-01", "2011-03-01"]
    series = indicator_series("CPIAUCSL", [date.fromisoformat(m) for m in months], [1, 2, 3, 4, 5], unit="index", frequency="monthly")
    assert growth(series).dates.astype(str).tolist() == ["2011-01-01", "2011-03-01"]


def test_daily_series_compare_with_the_nearest_day_within_a_week():
    days = [date(2020, 1, 1), date(2020, 12, 28), date(2021, 1, 11), date(2021, 1, 2)]
    series = indicator_series("SP500", sorted(days), [100.0, 110.0, 120.0, 130.0], unit="index", frequency="daily")
    grown = growth(series)
    assert dict(zip(grown.dates.astype(str), grown.values, strict=True)) == pytest.approx({"2020-12-28": 0.10, "2021-01-02": 0.20})


def test_ratios_know_the_scale_of_amounts_and_refuse_what_is_none():
    debt, gdp = monthly("GFDEBTN", [20_000_000.0], unit="USD millions"), monthly("GDP", [20_000.0], unit="USD billions")
    found = ratio(indicator_series("GFDEBTN", debt.dates, debt.values, unit="USD millions", frequency="monthly"), gdp, name="debt")
    assert found.values.tolist() == [1.0] and found.unit == "fraction"
    with pytest.raises(Invalid, match="not an amount"):
        ratio(debt, monthly("X", [1.0]), name="x")
    early = indicator_series("GFDEBTN", [date(2009, 1, 1)], [1.0], unit="USD millions", frequency="monthly")
    assert len(ratio(early, gdp, name="debt")) == 0  # no constant stands in for a GDP that is not known yet


def test_gaps_compare_like_with_like_only():
    real, potential = monthly("GDPC1", [98.0], unit="USD billions of 2012"), monthly("GDPPOT", [100.0], unit="USD billions of 2012")
    assert gap(real, potential, name="GDP_GAP").values.tolist() == pytest.approx([-0.02])
    with pytest.raises(Invalid, match="real with real"):
        gap(monthly("GDP", [98.0], unit="USD billions"), potential, name="GDP_GAP")
    with pytest.raises(Invalid, match="one unit"):
        difference(real, monthly("R", [1.0], unit="percent"), name="x")
    assert smoothed(monthly("X", [1.0, 2.0, 3.0, 7.0]), 3).values.tolist() == [2.0, 4.0]


def test_a_value_counts_from_the_day_it_was_published():
    rate = monthly("UNRATE", [4.0, 5.0], unit="percent")  # January and February, out a week after their month
    assert rate.released.astype(str).tolist() == ["2010-02-07", "2010-03-07"]
    assert rate.latest(date(2010, 3, 6)) == (date(2010, 1, 1), 4.0)
    assert rate.latest(date(2010, 3, 7)) == (date(2010, 2, 1), 5.0)
    assert isinstance(rate.latest(date(2010, 2, 6)), NotComputable)
    assert "90 days old" in str(rate.latest(date(2010, 5, 2), max_age_days=60))
    with pytest.raises(Invalid, match="before its period"):
        indicator_series("X", [date(2020, 1, 1)], [1.0], unit="index", frequency="daily", released=[date(2019, 1, 1)])


@settings(deadline=None, max_examples=20)
@given(st.lists(st.floats(50, 150), min_size=40, max_size=60), st.lists(st.floats(50, 150), min_size=60, max_size=60), st.integers(25, 39))
def test_the_future_changes_no_judgement_of_the_past(values, other, cut):
    one = monthly("INDPRO", values)
    two = monthly("INDPRO", values[:cut] + other[: len(values) - cut])
    asof = one.released[cut - 1]
    for make in (lambda s: s, growth, lambda s: change(s, months=3), lambda s: smoothed(s, 3)):
        first, second = standing(make(one), asof), standing(make(two), asof)
        assert str(first) == str(second)
    joined = [difference(s, monthly("Y", [1.0] * 60), name="d").known(asof).values.tolist() for s in (one, two)]
    assert joined[0] == joined[1]


def test_standing_is_a_z_score_over_years_not_observations():
    series = monthly("X", [0.0] * 12 + list(range(120)))
    found = standing(series, date(2022, 1, 1))
    window = np.arange(120.0)
    assert found.zscore == pytest.approx((119 - window.mean()) / window.std(ddof=1)) and found.observations == 120
    assert found.percentile == 1.0 and found.trend == "rising" and found.staleness_days == (date(2022, 1, 1) - date(2020, 12, 1)).days
    assert str(standing(monthly("X", range(10)), date(2022, 1, 1))) == "values of X in the window: needs 24, has 10"
    assert str(standing(monthly("X", [3.0] * 40), date(2022, 1, 1))) == "X did not move in the window"


@needs_shared
def test_derived_indicators_on_real_series():
    observed = fred()
    found = {name: derive(name, observed) for name in DERIVED}
    assert found["EMPLOYMENT_GAP"] is None  # no natural rate among the series

    def at(name, day):
        return found[name].latest(day)[1]

    day = date(2009, 8, 1)
    assert at("TERM_SPREAD", day) == pytest.approx(0.0356 - 0.0096, abs=2e-3)
    assert at("CREDIT_SPREAD", day) == pytest.approx(0.0709 - 0.0356, abs=2e-3)
    assert at("REAL_INTEREST_RATE", day) == pytest.approx(0.0016 + 0.0129, abs=3e-3)  # 0.16 % and prices 1.3 % down over the year to June
    assert at("GDP_GAP", day) == at("OUTPUT_GAP", day) < -0.03
    assert 1.6 < at("MONEY_VELOCITY", day) < 1.8
    assert at("REAL_GDP_GROWTH", day) == pytest.approx(-0.04, abs=5e-3)
    assert at("FISCAL_IMPULSE", date(2010, 6, 1)) > 0.05  # the deficit grew from 3 % to about 10 % of GDP
    assert at("CREDIT_IMPULSE", date(2009, 12, 1)) < -0.05 and at("CREDIT_IMPULSE", date(2012, 6, 1)) > 0.02
    assert 0.015 < at("BREAKEVEN", day) < 0.02 and 0.015 < at("REAL_YIELD_10Y", day) < 0.02
    for name, series in found.items():
        if series is not None:
            assert (series.released >= series.dates).all() and np.isfinite(series.values).all(), name
