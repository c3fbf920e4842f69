"""What is thought of against which scenario, and what the instruments do."""

import pytest

from dawsos.compute.optimizer.hedge_book import DELEVERAGING_IDEAS, IDEAS, INSTRUMENTS, STANCES, ideas_for, instrument_return
from dawsos.compute.scenarios.library import SCENARIOS


@pytest.mark.parametrize(
    ("symbol", "scenario_id", "expected"),
    [
        ("TLT", "rates_up", -0.17),
        ("TLT", "cpi_surprise", -17 * 0.015),
        ("TIP/IEF", "cpi_surprise", 0.8 * 0.005 + 7.5 * 0.01),
        ("HYG", "credit_spread_widening", 3.5 * 0.005 - 3.5 * 0.02),
        ("SPY", "equity_selloff", -0.20),
        ("SPY", "crisis_2008", -0.57),
        ("IEF", "crisis_2008", 0.05),
        ("SPY", "recession_symbols", -0.40),
        ("UUP", "crisis_2008", 0.10),
        ("VIX", "volmageddon", 3.0),
        ("GLD", "rates_up", -0.02),
    ],
)
def test_an_instrument_does_what_it_is_exposed_to(symbol, scenario_id, expected):
    assert instrument_return(INSTRUMENTS[symbol], SCENARIOS[scenario_id]) == pytest.approx(expected)


def test_every_idea_names_an_instrument_and_every_phase_a_stance():
    for ideas in (*IDEAS.values(), *DELEVERAGING_IDEAS.values()):
        assert all(idea.symbol in INSTRUMENTS and 0 < idea.ratio <= 1 for idea in ideas)
    assert set(IDEAS) <= set(SCENARIOS) and set(STANCES.values()) == set(DELEVERAGING_IDEAS)


def test_ideas_follow_the_causes_of_the_loss():
    assert ideas_for("equity_selloff", {}) == IDEAS["equity_selloff"]
    found = ideas_for("china_hard_landing", {"credit": -500.0, "equity": -9_000.0, "real_rates": 300.0})
    assert [idea.symbol for idea in found] == ["SPY", "VIX", "HYG", "LQD"]
    assert ideas_for("early_rise", {"equity": 100.0}) == ()
