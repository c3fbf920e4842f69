"""Cycles: scores, coverage, civil stages, overlay on risk."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.cycles.civil import RECONSTRUCTION, STAGES, civil_state
from dawsos.compute.cycles.overlay import AMPLIFIED_AS, overlay
from dawsos.compute.cycles.overview import combined_risk
from dawsos.compute.cycles.scoring import cycle_state, scaled_level
from dawsos.compute.cycles.weights import CYCLES
from dawsos.compute.returns.figures import NotComputable
from dawsos.kernel.errors import Invalid


@pytest.mark.parametrize(("cycle", "place"), [(cycle, place) for cycle, phases in CYCLES.items() for place in range(len(phases))])
def test_r7_a_phase_whose_every_weight_is_met_scores_one(cycle, place):
    phase = CYCLES[cycle][place]
    everything = dict.fromkeys({name for other in CYCLES[cycle] for name in other.weights}, 0.0)
    values = everything | {name: float(np.sign(weight)) for name, weight in phase.weights.items()}
    state = cycle_state(cycle, values)
    assert state.scores[phase.code] == pytest.approx(1.0) and state.phase.code == phase.code and state.coverage == 1.0
    assert state.next_phase.number == phase.number % len(CYCLES[cycle]) + 1


@settings(deadline=None, max_examples=25)
@given(st.dictionaries(st.sampled_from(sorted({n for p in CYCLES["LTDC"] for n in p.weights})), st.floats(-4, 4), min_size=4))
def test_probabilities_sum_and_what_is_unknown_is_named(values):
    state = cycle_state("LTDC", values)
    if isinstance(state, NotComputable):
        assert "missing" in str(state)
        return
    assert sum(state.probabilities.values()) == pytest.approx(1.0)
    assert set(state.probabilities) | set(state.undecided) == {phase.code for phase in CYCLES["LTDC"]}
    assert sum(driver.contribution for driver in state.drivers) == pytest.approx(state.score)


def test_a_recovery_has_falling_unemployment():
    base = {"yield_curve": 1.0, "production_growth": 0.5, "credit_growth": 0.0, "gdp_growth": 0.0, "payroll_growth": 0.0, "inflation": 0.0,
            "unemployment": 1.0}  # fmt: skip
    falling, rising = (cycle_state("STDC", base | {"unemployment_change": change}) for change in (-2.0, 2.0))
    assert falling.phase.code == "EARLY_RECOVERY" and rising.scores["EARLY_RECOVERY"] < falling.scores["EARLY_RECOVERY"]


def test_levels_without_a_history_count_by_their_range():
    assert [scaled_level("reserve_share", level) for level in (0.0, 0.5, 1.0)] == [-2.0, 0.0, 2.0]
    with pytest.raises(Invalid, match="outside"):
        scaled_level("reserve_share", 58.0)
    with pytest.raises(Invalid, match="no range"):
        scaled_level("weather", 0.5)
    with pytest.raises(Invalid, match="no cycle"):
        cycle_state("KONDRATIEV", {})


@pytest.mark.parametrize("stage", STAGES)
def test_r7_every_civil_stage_is_recognised_in_its_middle(stage):
    levels = {
        name: (low + high) / 2 for name, (low, high) in zip(("gini", "institutional_trust", "polarization"), stage.ranges, strict=True)
    }
    state = civil_state(levels)
    assert state.stage is stage and state.score == 1.0 and state.fits == dict.fromkeys(levels, 1.0)


def test_civil_order_of_the_stated_indicators():
    state = civil_state({"gini": 0.418, "institutional_trust": 0.38, "polarization": 0.78})
    assert state.stage.code == "CRISIS" and state.score == pytest.approx(((1 - 5 * 0.002) + (1 - 5 * 0.03) + 1) / 3)
    assert civil_state(
        {"gini": 0.40, "institutional_trust": 0.9, "polarization": 0.1},
        {"gini": -0.02, "institutional_trust": 0.1, "polarization": -0.05},
    ).stage is RECONSTRUCTION  # fmt: skip
    assert "polarization missing" in str(civil_state({"gini": 0.4, "institutional_trust": 0.4}))


def test_overlay_multiplies_what_is_exposed():
    pooled = np.diag([1e-4, 4e-4])
    tables = {"MID_EXPANSION": pooled, "DEEP_CONTRACTION": 4 * pooled}
    found = overlay("DEEP_RECESSION", "TOP", ("real_rates", "equity"), [-2.0, 1.5], tables, pooled)
    assert (found.stdc_amplification, found.ltdc_amplification, found.overall, found.level) == (2.0, 1.2, 1.6, "High")
    assert found.matrix == pytest.approx(np.array([[2.0, 4.0], [1.5, 3.0]]))
    assert found.amplified == pytest.approx([2 * 0.01 * 1.6, 1.5 * 0.02 * 1.6]) and found.most_vulnerable == "equity"
    calm = overlay("MID_EXPANSION", "EXPANSION", ("real_rates", "equity"), [0.0, 0.0], tables, pooled)
    assert (calm.overall, calm.level, calm.most_vulnerable) == (1.0, "Low", None)
    assert {phase.code for cycle in ("STDC", "LTDC") for phase in CYCLES[cycle]} == set(AMPLIFIED_AS)
    with pytest.raises(Invalid, match="no phase"):
        overlay("UNKNOWN", "TOP", ("equity",), [1.0], {"MID_EXPANSION": [[1.0]]}, [[1.0]])


def test_the_combined_risk_is_the_mean_of_both_debt_cycles():
    both = combined_risk("DEEP_RECESSION", "TOP")
    assert (both.overall, both.level) == (pytest.approx((2.0 + 1.2) / 2), "High")
    assert combined_risk("MID_EXPANSION", "EXPANSION").level == "Low"
    assert combined_risk("EARLY_RECESSION", "EXPANSION").level == "Medium"
    assert isinstance(combined_risk("MID_EXPANSION", None), NotComputable)
    with pytest.raises(Invalid, match="no phase of a debt cycle"):
        combined_risk("SPRING", "TOP")
