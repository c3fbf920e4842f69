"""The graph the references draw."""

from dawsos.patterns.graph import circle, sources_of

DIAMOND = {"a": frozenset(), "b": frozenset({"a"}), "c": frozenset({"a"}), "d": frozenset({"b", "c"}), "e": frozenset()}


def test_everything_behind_a_step_is_found_once():
    assert sources_of(frozenset({"d", "unknown"}), DIAMOND) == {"a", "b", "c", "d"}
    assert sources_of(frozenset(), DIAMOND) == frozenset()


def test_a_diamond_is_no_circle():
    assert circle(DIAMOND) is None


def test_a_circle_is_told_from_where_it_begins():
    assert circle({"start": frozenset({"a"}), "a": frozenset({"b"}), "b": frozenset({"a"})}) == ["a", "b", "a"]
    assert circle({"a": frozenset({"a"})}) == ["a", "a"]
