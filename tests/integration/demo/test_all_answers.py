"""Every pattern and the example of every capability on the demo: never empty without a reason, the same twice, and as the snapshots have them.

After a change that is meant, ``DAWSOS_GOLDEN=renew pytest tests/integration/demo/test_all_answers.py -k snapshot`` writes them anew; read
their difference before it is kept. The tests of the web app show the panels of the same snapshots.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from dawsos.bootstrap import catalogue
from dawsos.patterns.answer import PatternResult
from dawsos.patterns.library import load_library
from dawsos.patterns.values import json_bytes
from dawsos.registry import unexplained_nulls
from dawsos.services.prose.assistant import Assistant
from tests.support.answers import Answers
from tests.support.snapshots import compared, differences

ROOT: Final = Path(__file__).parents[3]
SNAPSHOTS: Final = ROOT / "tests" / "golden" / "answers"
#: Stands for what nobody asks here.
ANYTHING: Final[Any] = object()
PATTERNS: Final = sorted(path.stem for path in (ROOT / "patterns").glob("*.yaml"))
CAPABILITIES: Final = catalogue().names


@pytest.mark.parametrize("name", PATTERNS)
def test_r1_every_output_of_a_pattern_is_there_or_says_why_not(answers: Answers, name: str) -> None:
    answer = answers.patterns[name][1]
    for output, result in answer.data.items():
        if result is None:
            step = next(one for one in answer.trace.steps if one.name == output)
            assert step.skipped and step.reason, output
        else:
            assert unexplained_nulls(result) == [], output
    assert answer.panels
    for panel in answer.panels:
        shown = panel.plain()
        assert shown["status"] in {"ok", "empty", "unavailable"}
        assert (shown["status"] == "ok" and shown["data"]) or shown["reason"], shown["id"]


@pytest.mark.parametrize("name", PATTERNS)
def test_r42_a_pattern_has_the_same_bytes_when_repeated(answers: Answers, name: str) -> None:
    first, second = answers.patterns[name]
    assert list(differences(first.content, second.content)) == []
    assert first.canonical == second.canonical
    assert first.warnings == second.warnings


@dataclass(frozen=True)
class Written:
    """As much of a context as says whether a model writes."""

    assistant: Assistant


def test_answers_that_may_be_kept_depend_on_the_database_alone() -> None:
    registry = catalogue()
    patterns = load_library(ROOT / "patterns", registry)
    alone, helped = Written(Assistant()), Written(Assistant(claude=ANYTHING, allowance=ANYTHING, memory=ANYTHING))
    outside = {name for name, pattern in patterns.items() if not pattern.is_repeatable(alone)}
    assert outside == {"export_portfolio_report", "news_impact_analysis"}
    assert {name for name, pattern in patterns.items() if not pattern.is_repeatable(helped)} - outside == {"buffett_checklist"}
    made_anew = {name: set(patterns[name].needs) - patterns[name].lasting_steps(helped) for name in ("buffett_checklist", *outside)}
    assert made_anew == {
        "buffett_checklist": {"explanation"},
        "export_portfolio_report": {"pdf_result"},
        "news_impact_analysis": {"alert_result", "impact_analysis", "news_items"},
    }
    fundamentals = registry.get("fundamentals.load")
    told = [fundamentals.is_repeatable(alone, {"provider": one}) for one in ("stored", "fmp", "{{ inputs.provider }}")]
    assert told == [True, False, False]
    asking = {name for name in registry.names if registry.get(name).repeatable is not True}
    families = {name.partition(".")[0] for name in asking}
    assert families == {"ai", "alerts", "claude", "fundamentals", "news", "provider", "reports"}
    assert {name for name in registry.names if name.partition(".")[0] in families} - asking == {"alerts.suggest_presets"}


@pytest.mark.parametrize("name", CAPABILITIES)
def test_r1_the_example_of_a_capability_is_answered_and_has_the_same_bytes_when_repeated(answers: Answers, name: str) -> None:
    first, second = answers.capabilities[name]
    assert unexplained_nulls(first.result) == []
    assert json_bytes(first.result.plain()) == json_bytes(second.result.plain())


def shown(answer: PatternResult) -> dict[str, Any]:
    """The whole answer but for what depends on the machine or on what was asked before."""
    plain = answer.plain()
    trace = plain["trace"]
    for step in trace["steps"]:
        step |= {"stored_or_computed": "computed", "args_digest": None}
    trace["cache_stats"] = {"hits": 0, "misses": len(trace["steps"]), "hit_rate": 0.0}
    trace["data_provenance"] = {**trace["data_provenance"], "overall": "computed", "types_used": ["computed"]}
    return plain


@pytest.mark.parametrize("name", PATTERNS)
def test_the_answer_of_a_pattern_is_that_of_its_snapshot(answers: Answers, name: str) -> None:
    assert compared(SNAPSHOTS / "patterns" / f"{name}.json", shown(answers.patterns[name][1])) == []


@pytest.mark.parametrize("name", CAPABILITIES)
def test_the_answer_of_a_capability_is_that_of_its_snapshot(answers: Answers, name: str) -> None:
    answer = answers.capabilities[name][1]
    kept = {
        "result": answer.result.plain(),
        "sources": list(answer.provenance.sources),
        "asof": answer.provenance.asof and answer.provenance.asof.isoformat(),
        "method_version": answer.provenance.method_version,
        "warnings": list(answer.provenance.warnings),
    }
    assert compared(SNAPSHOTS / "capabilities" / f"{name}.json", kept) == []


def test_every_snapshot_is_of_something_there_is_and_all_of_them_are_small() -> None:
    kept = {kind: sorted(path.stem for path in (SNAPSHOTS / kind).glob("*.json")) for kind in ("patterns", "capabilities")}
    assert kept == {"patterns": PATTERNS, "capabilities": sorted(CAPABILITIES)}
    assert sum(path.stat().st_size for path in SNAPSHOTS.rglob("*.json")) < 2_000_000
