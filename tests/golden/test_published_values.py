"""Published expected values against the product's functions; they lie beside the project and are not part of it."""

from pathlib import Path

import pytest

from tools.oracles.run import run_folder

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "oracles"
AREAS = (
    "twr_dietz", "irr_xirr", "risk_ratios", "drawdown", "var_cvar", "benchmark_relative", "tax_lots", "attribution",
    "currency_attribution", "fixed_income", "calendars", "factor_regression", "stress_tests", "business_cycle",
)  # fmt: skip

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="no folder ../shared/oracles beside the project")


@pytest.fixture(scope="module")
def outcomes():
    return list(run_folder(FOLDER))


@pytest.mark.parametrize("area", AREAS)
def test_every_case_of_the_area_that_must_hold_does(outcomes, area):
    cases = [outcome for outcome in outcomes if outcome.area == area and outcome.gate]
    assert cases
    broken = [outcome for outcome in cases if outcome.verdict == "fail"]
    unanswered = [outcome for outcome in cases if outcome.verdict == "no function" and not outcome.detail[0].startswith("no data")]
    assert not broken, "\n".join(f"{outcome.id}: {line}" for outcome in broken for line in outcome.detail)
    assert not unanswered, "\n".join(f"{outcome.id}: {outcome.detail[0]}" for outcome in unanswered)


def test_no_case_of_any_area_contradicts_the_product(outcomes):
    wrong = [f"{outcome.id}: {line}" for outcome in outcomes if outcome.verdict == "fail" and outcome.gate for line in outcome.detail]
    assert not wrong, "\n".join(wrong)
