"""References are the whole string and only name a value."""

import pytest
from pydantic import TypeAdapter, ValidationError

from dawsos.patterns.references import NotAReference, Ref, Reference, Text, mentions, parse, strings


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("{{ positions }}", Reference("positions")),
        ("{{positions.total}}", Reference("positions", ("total",))),
        ("{{  a.b.*.c }}", Reference("a", ("b", "*", "c"))),
        (" {{ inputs.portfolio_id }} ", Reference("inputs", ("portfolio_id",))),
        ("{{ ctx.pricing_pack_id }}", Reference("ctx", ("pricing_pack_id",))),
    ],
)
def test_a_reference_names_a_value(text, reference):
    assert parse(text) == reference


def test_a_reference_knows_the_step_it_reads():
    assert parse("{{ positions.total }}").step == "positions"
    assert parse("{{ inputs.x }}").step is None
    assert parse("{{ ctx.x }}").step is None
    assert str(parse("{{ a.*.c }}")) == "a.*.c"


@pytest.mark.parametrize("text", ["{{ a.b }} days", "pack {{ a }}", "{{ a }}{{ b }}", "{{ a }", "}} a {{", "{{ {{ a }} }}"])
def test_a_reference_inside_other_text_is_refused(text):
    with pytest.raises(NotAReference, match="inside other text; a reference is the whole string"):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ a + b }}",
        "{{ a == 'x' }}",
        "{{ a | upper }}",
        "{{ a[0] }}",
        "{{ f(a) }}",
        "{{ }}",
        "{{ a. }}",
        "{{ a..b }}",
        "{{ *.a }}",
        "{{ 1 }}",
    ],
)
def test_an_expression_is_refused(text):
    with pytest.raises(NotAReference, match="is an expression"):
        parse(text)


def test_plain_words_are_no_reference():
    with pytest.raises(NotAReference, match=r"'positions' is no reference; write \{\{ step"):
        parse("positions")
    assert not mentions("positions")


def test_references_are_found_at_every_depth():
    tree = {"a": "{{ x }}", "b": [1, {"c": "{{ y.z }}"}, "words"], "d": ("{{ q", 3.5)}
    assert list(strings(tree)) == [(("a",), "{{ x }}"), (("b", 1, "c"), "{{ y.z }}"), (("d", 0), "{{ q")]


def test_a_field_for_a_reference_takes_nothing_else():
    adapter = TypeAdapter(Ref)
    assert adapter.validate_python("{{ a.b }}") == Reference("a", ("b",))
    assert adapter.dump_python(Reference("a", ("b",))) == "{{ a.b }}"
    for wrong in ("a.b", 3, "{{ a }} b"):
        with pytest.raises(ValidationError):
            adapter.validate_python(wrong)
    assert adapter.json_schema()["type"] == "string"


def test_a_field_for_words_takes_no_reference():
    adapter = TypeAdapter(Text)
    assert adapter.validate_python("Total value") == "Total value"
    for wrong, why in ((3, "This must be text"), ("Value of {{ a }}", "Text cannot hold a reference")):
        with pytest.raises(ValidationError, match=why):
            adapter.validate_python(wrong)
