"""Regimes and cycles on real series, judged each month from what had been published by its end."""

import numpy as np
import pytest

from dawsos.compute.cycles.evidence import cycle_at, cycle_evidence
from dawsos.compute.regimes.chronology import sahm_indicator, signal_quality, turning_points
from dawsos.compute.regimes.evidence import evidence, regime_history
from dawsos.compute.regimes.rules import CONTRACTIONS, PHASES
from tests.support.shared_data import fred, nber, needs_shared

pytestmark = needs_shared
MONTHS = np.arange("1967-01", "2022-10", dtype="datetime64[M]")
ENDS = (MONTHS + 1).astype("datetime64[D]") - np.timedelta64(1, "D")


@pytest.fixture(scope="module")
def history():
    return regime_history(evidence(fred()), [day.item() for day in ENDS])


def at(history, month):
    return history[int(np.flatnonzero(np.datetime64(month, "M") == MONTHS)[0])]


def test_r6_recessions_are_flagged_within_a_quarter_of_their_dates(history):
    flags = np.array([regime.phase.phase in CONTRACTIONS for regime in history])
    found = signal_quality(MONTHS, flags, nber())
    starts, ends = zip(*found.lags, strict=True)
    assert len(found.lags) == 8 and all(abs(lag) <= 3 for lag in starts)
    assert sorted(ends)[:7] == [lag for lag in sorted(ends) if abs(lag) <= 3]  # 2001: flagged for four months after its trough
    assert found.hit_rate > 0.8 and found.false_alarm_rate < 0.1


def test_r23_known_moments(history):
    assert at(history, "2000-03").phase.phase == "LATE_EXPANSION"
    assert at(history, "2008-12").phase.phase == "DEEP_CONTRACTION" and at(history, "2008-12").phase.confidence >= 0.9
    assert at(history, "2020-06").phase.phase == "DEEP_CONTRACTION"
    assert at(history, "2009-12").phase.phase == "EARLY_EXPANSION"
    assert at(history, "2008-12").quadrant.quadrant == "DEFLATION"
    assert {regime.phase.phase for regime in history} == set(PHASES)


def test_a_month_is_judged_alike_when_later_years_are_not_known(history):
    short = {name: series.known(np.datetime64("2008-12-31")) for name, series in fred().items()}
    again = regime_history(evidence(short), [np.datetime64("2008-12-31").item()])[0]
    assert again.phase.probabilities == at(history, "2008-12").phase.probabilities
    assert again.phase.drivers == at(history, "2008-12").phase.drivers


def test_the_short_cycle_recedes_in_recessions():
    known = cycle_evidence(fred())
    state = {
        month: cycle_at("STDC", known, np.datetime64(month, "M") + 0)[0]
        for month in ("1975-02", "1982-06", "2002-01", "2009-04", "2010-06")
    }
    assert all(state[month].phase.code == "DEEP_RECESSION" for month in ("1975-02", "1982-06", "2002-01", "2009-04"))
    assert state["2010-06"].phase.code == "EARLY_RECOVERY"
    assert state["2009-04"].confidence > 0.5 and state["2009-04"].drivers[0].contribution > 0


def test_the_long_cycle_says_what_it_could_not_judge():
    state, standings = cycle_at("LTDC", cycle_evidence(fred()), np.datetime64("2022-09-30"))
    assert state.undecided == ("DEBT_CRISIS",) and "default_rate" in state.missing and "debt_to_gdp" in standings
    assert sum(state.probabilities.values()) == pytest.approx(1.0)


def test_production_turns_with_the_business_cycle():
    series = fred()["INDPRO"]
    months = series.dates.astype("datetime64[M]")
    kept = months >= np.datetime64("1965-01")
    peaks = [months[kept][place] for place, kind in turning_points(series.values[kept], window=5) if kind == "peak"]
    for turn in nber():
        if turn.peak is not None and turn.peak >= np.datetime64("1969-01"):
            assert min(abs((peak - turn.peak).astype(int)) for peak in peaks) <= 18, turn


def test_every_recession_raises_unemployment_by_half_a_point():
    series = fred()["UNRATE"]
    signal = sahm_indicator(series.values)
    months = series.dates.astype("datetime64[M]")
    for turn in nber():
        if turn.peak is not None and turn.peak >= np.datetime64("1950-01"):
            inside = (months > turn.peak) & (months <= turn.trough + 3)
            assert signal[inside].max() >= 0.5
