"""The inputs of a pattern: their types, their defaults, and the model a request is validated with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal
from uuid import UUID

from pydantic import Field, create_model

from dawsos.kernel.errors import NotFound
from dawsos.patterns.assignability import mismatch
from dawsos.patterns.file import InputSpec, PatternFile
from dawsos.patterns.literals import constrained, literal_problem
from dawsos.patterns.problems import Findings, Place
from dawsos.patterns.references import CONTEXT, NotAReference, mentions, parse
from dawsos.patterns.scope import CONTEXT_FACTS
from dawsos.registry.catalogue import Registry
from dawsos.registry.contract import Contract
from dawsos.registry.names import did_you_mean
from dawsos.registry.shapes import fields_of, nullable

INPUT_TYPES: Final[Mapping[str, Any]] = {
    "uuid": UUID,
    "string": str,
    "integer": int,
    "number": float,
    "decimal": Decimal,
    "boolean": bool,
    "date": date,
}
#: Words of names that are written otherwise in a sentence.
_SPELLED: Final[Mapping[str, str]] = {
    "asof": "as-of",
    "lookback": "look-back",
    "pct": "%",
    "te": "tracking error",
    "max": "maximum",
    "min": "minimum",
}


@dataclass(frozen=True, slots=True)
class Input:
    """An input after the check. ``fact`` names the fact of the context that stands in when it is not given."""

    name: str
    annotation: Any
    required: bool
    default: Any
    fact: str | None
    description: str
    label: str

    @property
    def seen_by_steps(self) -> Any:
        """The type a reference to it has: null only when it may be left out and nothing stands in."""
        left_out = not self.required and self.default is None and self.fact is None
        return nullable(self.annotation) if left_out else self.annotation


def _argument_type(text: str, registry: Registry, findings: Findings, place: Place) -> Any | None:
    capability_name, _, argument = text.partition(":")
    try:
        capability = registry.get(capability_name)
    except NotFound as error:
        findings.add(place, error.message, error.remedy)
        return None
    arguments = fields_of(capability.request) or {}
    if argument not in arguments:
        findings.add(place, f"'{capability_name}' has no argument '{argument}'.", did_you_mean(argument, arguments))
        return None
    return constrained(arguments[argument])


def _type(spec: InputSpec, registry: Registry, findings: Findings, place: Place) -> Any | None:
    if ":" in spec.type:
        found = _argument_type(spec.type, registry, findings, (*place, "type"))
    else:
        found = INPUT_TYPES.get(spec.type)
        if found is None:
            near = did_you_mean(spec.type, INPUT_TYPES) or f"The types are {', '.join(INPUT_TYPES)}, or capability:argument."
            findings.add((*place, "type"), f"There is no input type '{spec.type}'.", near)
    if spec.choices is not None and found is not str:
        findings.add((*place, "choices"), "Only a string has choices.")
    return found if spec.choices is None or found is not str else Literal[spec.choices]


def _fact(default: str, annotation: Any, findings: Findings, place: Place) -> str | None:
    try:
        reference = parse(default)
    except NotAReference as error:
        findings.add(place, str(error))
        return None
    if reference.root != CONTEXT or len(reference.path) != 1 or reference.path[0] not in CONTEXT_FACTS:
        findings.add(place, "A default is a value or a fact of the context.", f"The facts are {', '.join(CONTEXT_FACTS)}.")
        return None
    problem = mismatch(CONTEXT_FACTS[reference.path[0]], annotation)
    if problem:
        findings.add(place, f"'{reference}' does not fit: {problem}.")
    return reference.path[0]


def check_input(name: str, spec: InputSpec, registry: Registry, findings: Findings) -> Input:
    """The input called ``name``; an unknown type is reported and taken as anything, so that the rest can still be checked."""
    place: Place = ("inputs", name)
    annotation = _type(spec, registry, findings, place)
    default, fact = spec.default, None
    if spec.required and "default" in spec.model_fields_set:
        findings.add((*place, "default"), "A required input has no default.", "Leave out one of the two.")
    elif annotation is not None and isinstance(default, str) and mentions(default):
        fact = _fact(default, annotation, findings, (*place, "default"))
        default = None
    elif annotation is not None and default is not None and (problem := literal_problem(default, annotation)):
        findings.add((*place, "default"), f"The default does not fit the type: {problem}.")
    return Input(
        name, Any if annotation is None else annotation, spec.required, default, fact, spec.description, spec.label or in_words(name)
    )


def in_words(name: str) -> str:
    """``As-of date`` for ``asof_date``, ``Security`` for ``security_id``: the name of an input as a label."""
    words = [_SPELLED.get(word, word) for word in name.removesuffix("_id").split("_")]
    first, *rest = words
    return " ".join([first[:1].upper() + first[1:], *rest])


def title(identifier: str) -> str:
    """``PortfolioOverview`` for ``portfolio_overview``."""
    return "".join(part.capitalize() for part in identifier.split("_"))


def inputs_model(pattern: PatternFile, inputs: Mapping[str, Input]) -> type[Contract]:
    """The closed model of a request for ``pattern``, for example ``PortfolioOverviewInputs``."""
    fields: dict[str, Any] = {}
    for one in inputs.values():
        if one.required:
            fields[one.name] = (one.annotation, Field(description=one.description))
        else:
            kind = nullable(one.annotation) if one.default is None else one.annotation
            fields[one.name] = (kind, Field(default=one.default, description=one.description))
    return create_model(f"{title(pattern.id)}Inputs", __base__=Contract, __doc__=f"Inputs of pattern {pattern.id}.", **fields)
