"""What a reader may do about what a panel shows: a request to a route of the API, made only after the reader has agreed to it."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote

from pydantic import Field, JsonValue, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from dawsos.kernel.identity import ALL_RIGHTS
from dawsos.patterns.closed import Closed, Name
from dawsos.patterns.references import NotAReference, Reference, Text, mentions, parse
from dawsos.patterns.scope import Shape
from dawsos.patterns.values import plain, scalar
from dawsos.registry.contract import Contract
from dawsos.registry.names import did_you_mean
from dawsos.registry.shapes import fields_of, leaves, name_of, present, value_type

_FIELD: Final = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*")
_PLACE: Final = re.compile(r"\{([a-z][a-z0-9_]*)\}")

Method = Literal["POST", "PUT", "PATCH", "DELETE"]


def _source(value: Any) -> Reference | str:
    if isinstance(value, str) and _FIELD.fullmatch(value):
        return value
    if not isinstance(value, str) or not mentions(value):
        raise PydanticCustomError(
            "source", "This must be a reference such as {example}, or a field of the row.", {"example": "{{ step.field }}"}
        )
    try:
        return parse(value)
    except NotAReference as error:
        raise PydanticCustomError("source", "{why}", {"why": str(error)}) from error


#: A field of the row, or a reference to anything else.
Source = Annotated[
    Reference | str,
    PlainValidator(_source),
    PlainSerializer(lambda source: source if isinstance(source, str) else f"{{{{ {source} }}}}", return_type=str),
    WithJsonSchema({"type": "string"}),
]


class ActionSpec(Closed):
    """``kind`` says in a word what it does, ``label`` what stands on the button, ``confirmation`` what the reader agrees to, ``done`` what
    is said afterwards.

    ``route`` is a path of the API; each ``{name}`` in it is given by ``parameters``. ``payload`` is the body: one record, or named values.
    Values are references, and for the rows of a panel also fields of the row. ``offered`` is true where the action makes sense. It is
    also left out where a parameter or the whole payload is null. ``rights`` are those the route asks for.
    """  # noqa: D205 - one thought

    kind: Name
    label: Text
    confirmation: Text
    done: Text
    method: Method = "POST"
    route: Annotated[str, Field(pattern=r"^/v1(/[a-z0-9_-]+|/\{[a-z][a-z0-9_]*\})+$")]
    parameters: dict[Name, Source] = Field(default_factory=dict)
    payload: Source | dict[Name, Source] | None = None
    offered: Source | None = None
    rights: tuple[str, ...] = Field(min_length=1)


class Action(Contract):
    """An action as it can be taken: the request is ``method`` to ``route`` with ``payload`` as JSON, after the reader agreed.

    A surface offers it to those who have all ``rights``; the route checks them itself.
    """

    kind: str
    label: str
    confirmation: str
    done: str
    method: Method
    route: str
    payload: dict[str, JsonValue] | None
    rights: tuple[str, ...]


Report = Callable[[tuple[str | int, ...], str, str], None]
ShapeOf = Callable[[Source, tuple[str | int, ...]], Shape | None]
ValueOf = Callable[[Source], Any]


def check_action(action: ActionSpec, shape_of: ShapeOf, report: Report) -> None:
    """Report what is wrong with an action; ``shape_of`` says what a source gives, or reports that it leads nowhere."""
    wanted = set(_PLACE.findall(action.route))
    for name in sorted(wanted - action.parameters.keys()):
        report(("route",), f"Nothing is given for '{{{name}}}'.", "Name it under 'parameters'.")
    for name, source in action.parameters.items():
        if name not in wanted:
            report(("parameters", name), f"The route has no '{{{name}}}'.", did_you_mean(name, wanted))
        shape = shape_of(source, ("parameters", name))
        if shape is not None and not _is_single(shape):
            report(("parameters", name), "A part of a path is one value.", "")
    if isinstance(action.payload, dict):
        for name, source in action.payload.items():
            shape_of(source, ("payload", name))
    elif action.payload is not None:
        shape = shape_of(action.payload, ("payload",))
        if shape is not None and not _is_record(shape):
            report(("payload",), f"This is {name_of(shape.annotation)}; a body is a record.", "Name its values one by one.")
    if action.offered is not None:
        shape = shape_of(action.offered, ("offered",))
        if shape is not None and not shape.is_unknown and present(shape.annotation) != (bool,):
            report(("offered",), f"This is {name_of(shape.annotation)}, not true or false.", "")
    for index, right in enumerate(action.rights):
        if right not in ALL_RIGHTS:
            report(("rights", index), f"There is no right '{right}'.", did_you_mean(right, ALL_RIGHTS))


def _is_record(shape: Shape) -> bool:
    return shape.is_unknown or all(fields_of(kind) is not None or value_type(kind) is not None for kind in present(shape.annotation))


def _is_single(shape: Shape) -> bool:
    if shape.is_unknown:
        return True
    kinds = present(shape.annotation)
    return shape.item is None and not any(fields_of(leaf) is not None for kind in kinds for leaf in leaves(kind))


def fill_action(action: ActionSpec, value_of: ValueOf) -> Action | None:
    """The action with its values; None where it cannot be taken: it is not offered, or a parameter or the whole payload is null."""
    if action.offered is not None and value_of(action.offered) is not True:
        return None
    parts = {name: value_of(source) for name, source in action.parameters.items()}
    if any(value is None for value in parts.values()):
        return None
    payload: Mapping[str, JsonValue] | None = None
    if isinstance(action.payload, dict):
        payload = {name: plain(value_of(source)) for name, source in action.payload.items()}
    elif action.payload is not None:
        found = value_of(action.payload)
        if found is None:
            return None
        payload = plain(found)
    return Action(
        kind=action.kind,
        label=action.label,
        confirmation=action.confirmation,
        done=action.done,
        method=action.method,
        route=_PLACE.sub(lambda match: quote(str(scalar(parts[match[1]])), safe=""), action.route),
        payload=None if payload is None else dict(payload),
        rights=action.rights,
    )
