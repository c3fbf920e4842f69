"""The models of a pattern's request and answer."""

from datetime import date

import pytest
from pydantic import ValidationError

from dawsos.patterns import pattern_answer_model, pattern_result_model
from dawsos.registry.shapes import is_nullable
from tests.unit.patterns.overview_capabilities import PORTFOLIO, MetricsResult, overview_pattern
from tests.unit.patterns.stage import PartResult, Stage, role


@pytest.fixture(scope="module")
def overview():
    return overview_pattern()


def test_the_request_has_the_inputs_of_the_file(overview):
    model = overview.inputs_model
    assert model.__name__ == "PortfolioOverviewInputs"
    assert model.model_validate({"portfolio_id": str(PORTFOLIO)}).plain() == {"portfolio_id": str(PORTFOLIO), "lookback_days": 252}
    schema = model.model_json_schema()
    assert schema["required"] == ["portfolio_id"]
    assert schema["properties"]["lookback_days"]["description"] == "Number of daily returns performance, risk and attribution look back on."
    with pytest.raises(ValidationError):
        model.model_validate({"portfolio_id": str(PORTFOLIO), "lookback": 3})


def test_inputs_have_choices_defaults_from_the_context_and_types_of_arguments():
    inputs = (
        "role: {type: string, choices: [king, queen], default: king, description: r}, "
        'day: {type: date, default: "{{ ctx.asof_date }}", description: d}, '
        "given: {type: part.play:given, description: g}"
    )
    steps = {"a": 'args: {role: "{{ inputs.role }}", day: "{{ inputs.day }}", given: "{{ inputs.given }}"}'}
    pattern = Stage().pattern(steps, inputs=inputs)
    assert pattern.inputs_model().plain() == {"role": "king", "day": None, "given": None}
    assert pattern.inputs_model(day=date(2025, 1, 2), given=1.5).plain() == {"role": "king", "day": "2025-01-02", "given": 1.5}
    assert (pattern.inputs["day"].fact, pattern.facts_used) == ("asof_date", {"asof_date"})
    with pytest.raises(ValidationError):
        pattern.inputs_model(role="jester")


def test_the_answer_is_typed_by_output(overview):
    data = pattern_result_model(overview)
    assert data.__name__ == "PortfolioOverviewData"
    assert list(data.model_fields) == ["perf_metrics", "currency_attr", "valued_positions", "sector_allocation", "historical_nav"]
    assert data.model_fields["perf_metrics"].annotation is MetricsResult
    assert not any(is_nullable(field.annotation) for field in data.model_fields.values())


def test_an_output_that_may_be_left_out_is_nullable():
    pattern = Stage().pattern({"a": role("a"), "b": role("b") + ", optional: true", "c": role("c") + ', when: "{{ a.flag }}"'})
    fields = pattern_result_model(pattern).model_fields
    assert fields["a"].annotation is PartResult
    assert is_nullable(fields["b"].annotation)
    assert is_nullable(fields["c"].annotation)


def test_the_schema_of_an_answer_tells_panels_apart(overview):
    schema = pattern_answer_model(overview).model_json_schema(mode="serialization")
    mapping = schema["properties"]["panels"]["items"]["discriminator"]["mapping"]
    assert mapping["donut_chart"] == "#/$defs/SlicePanel"
    assert len(mapping) == 24
    nav = schema["$defs"]["ValuedPositions"]["properties"]["nav"]
    assert (nav["type"], nav["x-unit"], nav["x-unit-field"]) == ("string", "money", "currency")
    assert "as" in schema["$defs"]["StepTrace"]["properties"]
