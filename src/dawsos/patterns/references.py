"""References: the whole string ``{{ step.field }}``, and nothing cleverer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from dawsos.patterns.problems import Place

_NAME: Final = r"[A-Za-z_][A-Za-z0-9_]*"
_WHOLE: Final = re.compile(rf"\{{\{{ *({_NAME}(?:\.(?:{_NAME}|\*))*) *\}}\}}")
_BRACES: Final = re.compile(r"\{\{|\}\}")
_ONE: Final = re.compile(r"\{\{[^{}]*\}\}")

INPUTS: Final = "inputs"
CONTEXT: Final = "ctx"
#: ``{{ sources.step }}``: where the result of a step came from, everything behind it included.
SOURCES: Final = "sources"
EVERY: Final = "*"


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a value is taken from: ``root`` is ``inputs``, ``ctx``, ``sources`` or a step, ``path`` the fields below.

    ``*`` is every item.
    """

    root: str
    path: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ".".join((self.root, *self.path))

    @property
    def step(self) -> str | None:
        """The step it reads or asks the sources of, or None for an input or a fact of the context."""
        if self.root == SOURCES:
            return self.path[0] if self.path else None
        return None if self.root in {INPUTS, CONTEXT} else self.root


class NotAReference(ValueError):
    """The text has braces and is no reference; the message says why."""


def mentions(text: str) -> bool:
    """Whether ``text`` looks as if it were meant to hold a reference."""
    return _BRACES.search(text) is not None


def parse(text: str) -> Reference:
    """The reference that ``text`` is; :class:`NotAReference` when it is anything else."""
    match = _WHOLE.fullmatch(text.strip())
    if match:
        root, *path = match.group(1).split(".")
        return Reference(root, tuple(path))
    if not mentions(text):
        raise NotAReference(f"'{text}' is no reference; write {{{{ step.field }}}}, {{{{ inputs.name }}}} or {{{{ ctx.fact }}}}.")
    if _ONE.fullmatch(text.strip()):
        raise NotAReference(f"'{text}' is an expression; a reference only names a value. Let a capability compute it.")
    raise NotAReference(f"'{text}' holds a reference inside other text; a reference is the whole string.")


def is_reference(text: str) -> bool:
    """Whether ``text`` is a well-formed reference."""
    return _WHOLE.fullmatch(text.strip()) is not None


def strings(tree: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every text in a tree of mappings and lists that mentions a reference, with its place."""
    if isinstance(tree, str):
        if mentions(tree):
            yield place, tree
    elif isinstance(tree, dict):
        for key, value in tree.items():
            yield from strings(value, (*place, key))
    elif isinstance(tree, list | tuple):
        for index, value in enumerate(tree):
            yield from strings(value, (*place, index))


def _validated(value: Any) -> Reference:
    if not isinstance(value, str):
        raise PydanticCustomError("reference", "This must be a reference such as {example}.", {"example": "{{ step.field }}"})
    try:
        return parse(value)
    except NotAReference as error:
        raise PydanticCustomError("reference", "{why}", {"why": str(error)}) from error


def _plain_text(value: Any) -> str:
    if not isinstance(value, str):
        raise PydanticCustomError("text", "This must be text.")
    if mentions(value):
        raise PydanticCustomError("text", "Text cannot hold a reference.")
    return value


Ref = Annotated[
    Reference,
    PlainValidator(_validated),
    PlainSerializer(lambda reference: f"{{{{ {reference} }}}}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\{\{ .+ \}\}$"}),
]
#: Words for people: a title, a label, a description.
Text = Annotated[str, PlainValidator(_plain_text), WithJsonSchema({"type": "string"})]
