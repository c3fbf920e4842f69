"""Walking the agents' packages."""

import pytest

from dawsos.kernel.errors import Internal
from dawsos.registry import Agent, discover
from tests.unit.registry import sound_agents


def test_every_capability_of_every_agent_is_found():
    registry = discover("tests.unit.registry.sound_agents")
    assert registry.names == ("charts.overview", "portfolio.value")
    assert len(registry) == 2
    assert [one.name for one in registry] == ["charts.overview", "portfolio.value"]
    assert "charts.overview" in registry
    value = registry.get("portfolio.value")
    assert (value.agent, value.timeout, value.cost, value.summary) == ("FinancialAnalyst", 5.0, "medium", "What the portfolio is worth.")
    assert value.qualified_name == "tests.unit.registry.sound_agents.analyst.value.value"


def test_agents_say_what_they_are_for():
    assert discover(sound_agents).agents == (
        Agent("FinancialAnalyst", "Analyses a portfolio.", "tests.unit.registry.sound_agents.analyst"),
        Agent("MacroHound", "Reads the economy.", "tests.unit.registry.sound_agents.macro"),
    )


def test_r41_all_problems_stop_the_start_together():
    with pytest.raises(Internal) as caught:
        discover("tests.unit.registry.broken_agents")
    package = "tests.unit.registry.broken_agents"
    problems = caught.value.details["problems"]
    assert problems[:3] == [
        f'{package}.nameless does not name its agent: AGENT = "…" is missing.',
        f"{package}.nameless has no docstring saying what the agent is for.",
        problems[2],
    ]
    assert problems[2].startswith(f"ledger.lots ({package}.nameless.declared): the right 'portfolio_reed' does not exist. Did you mean")
    assert problems[3:] == [
        f"{package}.nameless.falls cannot be imported: RuntimeError: no licence",
        f"ledger.positions is declared 2 times: {package}.nameless.declared.positions, {package}.twin.positions.positions.",
    ]
    assert caught.value.code == "registry_invalid"
    assert all(problem in caught.value.message for problem in problems)
