"""Every pattern file keeps its promises with the real capabilities, and so does the example in the documentation."""

import re
from pathlib import Path

import pytest

from dawsos.patterns import check_text, pattern_answer_model
from dawsos.registry import discover

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "patterns").glob("*.yaml"))
REFERENCE = (ROOT / "docs" / "reference" / "pattern-files.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def registry():
    return discover("dawsos.agents")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_r40_a_pattern_passes_the_check_against_the_real_capabilities(path, registry):
    pattern, problems = check_text(path.read_text(encoding="utf-8"), path.name, registry)
    assert [str(problem) for problem in problems] == []
    assert pattern.id == path.stem


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_answer_of_a_pattern_has_a_schema_without_loose_ends(path, registry):
    pattern, _ = check_text(path.read_text(encoding="utf-8"), path.name, registry)
    schema = pattern_answer_model(pattern).model_json_schema(mode="serialization")
    data = schema["$defs"][schema["properties"]["data"]["$ref"].rpartition("/")[2]]
    assert list(data["properties"]) == list(pattern.file.outputs)
    assert all(field for field in data["properties"].values())


def test_the_example_in_the_reference_is_a_sound_pattern(registry):
    example = re.search(r"```yaml\n(id:.*?)```", REFERENCE, re.DOTALL)
    pattern, problems = check_text(example.group(1), "sector_weights.yaml", registry)
    assert [str(problem) for problem in problems] == []
    assert pattern.id == "sector_weights"


def test_the_portfolio_overview_is_what_the_dashboard_expects(registry):
    path = ROOT / "patterns" / "portfolio_overview.yaml"
    pattern, _ = check_text(path.read_text(encoding="utf-8"), path.name, registry)
    assert [(step.capability, step.name) for step in pattern.file.steps] == [
        ("ledger.positions", "positions"),
        ("pricing.apply_pack", "valued_positions"),
        ("metrics.compute_twr", "perf_metrics"),
        ("attribution.currency", "currency_attr"),
        ("portfolio.sector_allocation", "sector_allocation"),
        ("portfolio.historical_nav", "historical_nav"),
    ]
    assert pattern.file.outputs == ("perf_metrics", "currency_attr", "valued_positions", "sector_allocation", "historical_nav")
    assert [(panel.id, panel.type, panel.refresh_ttl) for panel in pattern.file.panels] == [
        ("performance_strip", "metrics_grid", 300),
        ("historical_nav", "line_chart", 300),
        ("currency_attribution", "donut_chart", 300),
        ("sector_allocation", "pie_chart", 300),
        ("holdings", "table", 60),
        ("allocation", "pie_chart", 300),
    ]
    assert {name: (one.required, one.default) for name, one in pattern.inputs.items()} == {
        "portfolio_id": (True, None),
        "lookback_days": (False, 252),
    }
    assert pattern.file.rights_required == ("portfolio_read",)
    assert (pattern.file.export_allowed.pdf, pattern.file.export_allowed.csv, pattern.file.export_allowed.excel) == (True, True, True)
