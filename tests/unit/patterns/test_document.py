"""YAML as patterns are written in it."""

import pytest

from dawsos.patterns.document import read


def faults(text):
    return [str(problem) for problem in read(text, "p.yaml").findings.problems]


def test_values_are_what_they_look_like():
    document = read('a: 1\nb: [1.5, true, false, null, ~, -3, 0.5, 1e3]\nc:\nd: {e: "5"}\n', "p.yaml")
    assert document.value == {"a": 1, "b": [1.5, True, False, None, None, -3, 0.5, 1000.0], "c": None, "d": {"e": "5"}}
    assert document.findings.problems == []


@pytest.mark.parametrize("word", ["no", "yes", "on", "NO", "True", "2025-11-03", "010", "1:30", "0x1f", "1_000", "<<", "="])
def test_words_that_look_clever_stay_text(word):
    assert read(f"a: {word}", "p.yaml").value == {"a": word}


def test_lines_are_known_for_every_place():
    lines = read("a: 1\nb:\n  - c: 2\n    d: 3\n", "p.yaml").findings.lines
    assert lines["b",] == 2
    assert lines["b", 0, "d"] == 4


def test_a_duplicate_key_is_an_error_with_both_lines():
    assert faults("a: 1\nb:\n  c: 1\n  c: 2\n") == ["p.yaml:3: b.c: The key 'c' stands here and again in line 4. Keep one of them."]


@pytest.mark.parametrize("text", ["x: 1\na: &one 1", "x: 1\na: !!int 1", "x: 1\na: !custom {b: 1}"])
def test_tags_and_anchors_are_refused(text):
    assert faults(text) == ["p.yaml:2: pattern: Patterns are written without tags, anchors and aliases. Write the value out."]


def test_what_is_not_yaml_is_refused_with_its_line():
    (fault,) = faults("a: 1\nb: [1\nc: 2\n")
    assert fault.startswith("p.yaml:3: pattern: This is not YAML: ") and "expected ',' or ']'" in fault  # in C or Python, in its own words
    assert faults("a: \x00")[0].startswith("p.yaml:1: pattern: This is not YAML")


def test_an_empty_file_is_null():
    assert read("", "p.yaml").value is None
