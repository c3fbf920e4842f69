"""Words a field takes, offered with their labels."""

from typing import Annotated

from pydantic import TypeAdapter

from dawsos.registry import Contract
from dawsos.registry.choices import Choices

Word = Annotated[str, Choices.of({"up": "Rates up", "down": "Rates down"})]


class Request(Contract):
    word: Word = "up"


def test_the_schema_names_the_words_and_their_labels():
    described = TypeAdapter(Word).json_schema()
    assert described == {"type": "string", "enum": ["up", "down"], "x-labels": {"up": "Rates up", "down": "Rates down"}}
    assert Request.model_json_schema()["properties"]["word"]["enum"] == ["up", "down"]


def test_another_word_is_left_to_the_capability():
    assert Request(word="sideways").word == "sideways"
