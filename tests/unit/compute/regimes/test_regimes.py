"""Phases and quadrants: rules, probabilities, shifts, chronologies."""

from datetime import date
from itertools import pairwise
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.regimes.chronology import (
    average_durations,
    chronology,
    durations,
    is_recession,
    sahm_indicator,
    signal_quality,
    turning_points,
)
from dawsos.compute.regimes.detection import QUADRANTS, detect_phase, detect_quadrant, phase_scores, rule_of_thumb
from dawsos.compute.regimes.rules import LABELS, PHASES, REGIME_INDICATORS, RULES, Criterion
from dawsos.compute.regimes.trends import BetaAt, factor_shifts, phase_drift, regime_shifts, transitions
from dawsos.compute.returns.figures import NotComputable
from dawsos.kernel.errors import Invalid


def test_a_criterion_is_met_inside_and_halves_with_each_deviation_outside():
    between = Criterion("CPI", -0.5, 0.5, 1.0)
    assert [between.match(z) for z in (-0.5, 0.0, 1.5, -2.5)] == [1.0, 1.0, 0.5, 0.25]
    assert Criterion("CPI", 0.5, inf, 1.0).match(9.0) == 1.0


@pytest.mark.parametrize("phase", PHASES)
def test_r6_a_phase_met_ideally_is_recognised_with_at_least_four_fifths(phase):
    ideal = dict.fromkeys(REGIME_INDICATORS, 0.0) | {criterion.indicator: criterion.ideal for criterion in RULES[phase]}
    found = detect_phase(ideal)
    assert found.phase == phase and found.confidence >= 0.8 - 1e-9 and found.scores[phase] == 1.0
    assert found.margin == pytest.approx(found.confidence - sorted(found.probabilities.values())[-2])


@settings(deadline=None, max_examples=30)
@given(st.dictionaries(st.sampled_from(REGIME_INDICATORS), st.floats(-4, 4), min_size=5))
def test_probabilities_are_probabilities_and_drivers_make_up_the_score(zscores):
    found = detect_phase(zscores)
    if isinstance(found, NotComputable):
        return
    assert sum(found.probabilities.values()) == pytest.approx(1.0) and found.confidence == max(found.probabilities.values())
    assert sum(driver.contribution for driver in found.drivers) == pytest.approx(found.scores[found.phase])
    assert set(found.missing) == set(LABELS) - set(zscores)


def test_too_little_is_not_judged():
    found = phase_scores({"CPI": 0.0, "T10Y2Y": 1.0})
    assert isinstance(found, NotComputable) and "missing" in str(found)


def test_quadrants_by_the_signs_of_both_momenta():
    assert [detect_quadrant(g, i).quadrant for g, i in ((1, -1), (1, 1), (-1, 1), (-1, -1))] == list(QUADRANTS)
    even = detect_quadrant(0.0, 0.0)
    assert all(chance == pytest.approx(0.25) for chance in even.probabilities.values())
    assert detect_quadrant(40.0, -40.0).confidence == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ((2.5, 3.8, 0.35, 52.1), ("LATE_EXPANSION", 0.75)),
        ((2.5, 3.8, 0.35, 56.0), ("MID_EXPANSION", 0.90)),
        ((-1.0, 7.0, 0.5, 45.0), ("DEEP_CONTRACTION", 0.95)),
        ((-1.0, 5.0, 0.5, 45.0), ("EARLY_CONTRACTION", 0.80)),
        ((1.0, 5.0, -0.1, 50.0), ("LATE_EXPANSION", 0.85)),
        ((1.5, 6.0, 1.0, 51.0), ("EARLY_EXPANSION", 0.70)),
    ],
)
def test_the_plain_rules(figures, expected):
    gdp, unemployment, curve, pmi = figures
    assert rule_of_thumb(gdp_growth=gdp, unemployment=unemployment, yield_curve=curve, pmi=pmi) == expected


def test_shifts_beyond_their_threshold():
    days = [date(2022, 1, 7), date(2022, 1, 14), date(2022, 1, 21)]
    found = regime_shifts(days, {"LATE_EXPANSION": [0.5, 0.62, 0.55], "MID_EXPANSION": [0.5, 0.38, 0.45]})
    assert [(shift.name, shift.date, round(shift.change, 2)) for shift in found] == [
        ("LATE_EXPANSION", days[1], 0.12), ("MID_EXPANSION", days[1], -0.12),
    ]  # fmt: skip
    looks = {
        "equity": [BetaAt(days[0], 1.0, 0.04), BetaAt(days[1], 1.1, 0.04)],
        "usd": [BetaAt(days[0], 0.0, None), BetaAt(days[1], 0.09, None)],
    }
    assert [(shift.name, round(shift.significance, 2)) for shift in factor_shifts(looks)] == [("equity", 1.25)]
    assert transitions(days, ["A", "A", "B"]) == ((days[2], "A", "B"),)


TURNS = chronology([(None, "2001-11"), ("2007-12", "2009-06"), ("2020-02", "2020-04")])


def test_a_recession_begins_after_its_peak():
    months = ["2007-11", "2007-12", "2008-01", "2009-06", "2009-07"]
    assert is_recession(TURNS, months).tolist() == [False, False, True, True, False]
    assert is_recession(TURNS, months, convention="peak_to_trough").tolist() == [False, True, True, True, False]
    assert is_recession(TURNS, months, convention="before_trough").tolist() == [False, True, True, False, False]
    lasting = chronology([("2020-02", None)])
    assert is_recession(lasting, ["2020-02", "2031-01"]).tolist() == [False, True]


def test_durations_of_the_last_two_cycles():
    found = durations(TURNS)
    assert (found[1].contraction, found[1].expansion, found[1].trough_to_trough) == (18, 73, 91)
    assert (found[2].contraction, found[2].expansion, found[2].peak_to_peak) == (2, 128, 146)
    assert (found[0].contraction, found[0].expansion) == (None, None)
    average = average_durations(TURNS, first_peak="2007", last_peak="2020")
    assert (average.contraction, average.expansion, average.cycles) == (10.0, 100.5, 2)
    assert isinstance(average_durations(TURNS, first_peak="1950", last_peak="1960"), NotComputable)
    with pytest.raises(Invalid, match="do not follow"):
        chronology([("2009-06", "2007-12")])


def test_turning_points_of_a_wave_are_its_crests_and_hollows():
    wave = np.sin(np.arange(200) * 2 * np.pi / 40)
    found = turning_points(wave)
    assert found[:4] == ((10, "peak"), (30, "trough"), (50, "peak"), (70, "trough"))
    assert all(first[1] != second[1] for first, second in pairwise(found))
    assert turning_points(np.arange(100.0)) == ()


def test_short_phases_and_cycles_are_no_turns():
    noisy = np.concatenate([np.linspace(0, 10, 30), [9.0, 9.9], np.linspace(10.5, 20, 30), np.linspace(19, 5, 30), np.linspace(6, 30, 40)])
    assert [kind for _, kind in turning_points(noisy)] == ["peak", "trough"]


def test_unemployment_half_a_point_above_its_low_signals():
    rate = np.array([4.0] * 15 + [4.2, 4.5, 4.8, 5.0])
    found = sahm_indicator(rate)
    assert np.isnan(found[:14]).all() and found[14] == pytest.approx(0.0, abs=1e-12)
    assert found[17] == pytest.approx(4.5 - 4.0) and found[18] == pytest.approx((4.5 + 4.8 + 5.0) / 3 - 4.0)


def test_the_quality_of_a_signal():
    months = np.arange("2007-01", "2010-01", dtype="datetime64[M]")
    flags = (months >= np.datetime64("2008-03")) & (months <= np.datetime64("2009-08"))
    found = signal_quality(months, flags, TURNS)
    assert found.hit_rate == pytest.approx(16 / 18) and found.false_alarm_rate == pytest.approx(2 / 18) and found.lags == ((2, 2),)
    assert signal_quality(months, np.zeros(36, dtype=bool), TURNS).lags == (None,)
    assert isinstance(signal_quality(months[:3], [True] * 3, TURNS), NotComputable)


def test_the_drift_is_the_move_of_the_expected_place_in_the_cycle():
    # 0.5·0 + 0.5·1 = 0.5 before, 0.1·0 + 0.4·1 + 0.5·2 = 1.4 after
    assert phase_drift([[0.5, 0.3, 0.1], [0.5, 0.4, 0.4], [0.0, 0.3, 0.5]]) == pytest.approx(0.9)
    assert phase_drift([[1.0], [0.0]]) is None and phase_drift([]) is None


@settings(deadline=None, max_examples=25)
@given(st.lists(st.lists(st.floats(0.01, 1.0), min_size=5, max_size=5), min_size=2, max_size=6))
def test_the_drift_lies_between_the_ends_of_the_cycle_and_turns_with_time(looks):
    shares = [[value / sum(look) for value in look] for look in looks]
    forward = phase_drift(list(zip(*shares, strict=True)))
    assert -4.0 <= forward <= 4.0
    assert phase_drift(list(zip(*reversed(shares), strict=True))) == pytest.approx(-forward)
