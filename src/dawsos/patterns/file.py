"""The notation of a pattern file: what may stand where, before anything is known of the capabilities it names."""

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import Field, JsonValue, ValidationError

from dawsos.patterns.closed import Closed, Name
from dawsos.patterns.panels import PANEL_TYPES, AnyPanelSpec, Records
from dawsos.patterns.problems import Findings, Place
from dawsos.patterns.references import Ref, Text
from dawsos.registry.names import did_you_mean

PATTERN_SECONDS = 30.0

Category = Literal["portfolio", "macro", "risk", "economy", "analysis", "action", "news", "export", "tax"]
#: The groups a surface lists patterns in.
Group = Literal["Portfolio", "Analysis", "Intelligence", "Taxes", "Operations"]
GROUPS: Final[Mapping[Category, Group]] = {
    "portfolio": "Portfolio",
    "macro": "Analysis",
    "risk": "Analysis",
    "economy": "Analysis",
    "analysis": "Intelligence",
    "action": "Intelligence",
    "news": "Intelligence",
    "tax": "Taxes",
    "export": "Operations",
}


class InputSpec(Closed):
    """An input: its type, whether it must be given, and what it is otherwise.

    ``type`` is one of ``uuid string integer number decimal boolean date``, or ``capability:argument`` for the type of that argument.
    ``choices`` narrows a string to the given words. A ``default`` is a value or a fact of the context. ``label`` is what stands beside
    the field; without one the name is put into words.
    """

    type: str
    description: Text
    label: Text | None = None
    required: bool = False
    default: JsonValue = None
    choices: tuple[str, ...] | None = Field(default=None, min_length=1)


class StepSpec(Closed):
    """One call of a capability. ``when`` refers to a truth value; an ``optional`` step may fail without failing the pattern.

    ``timeout`` is in seconds and replaces the capability's own.
    """

    capability: str
    name: Name = Field(alias="as")
    args: dict[str, JsonValue] = Field(default_factory=dict)
    when: Ref | None = None
    optional: bool = False
    timeout: Annotated[float, Field(gt=0, le=PATTERN_SECONDS)] | None = None


class ExportSpec(Closed):
    """The formats a result may be exported in; the rights of its sources are decided on top of that."""

    pdf: bool
    csv: bool
    excel: bool


class PatternFile(Closed):
    """A pattern as its file says it."""

    id: Name
    name: Text
    description: Text
    version: Annotated[str, Field(pattern=r"^\d+\.\d+(\.\d+)?$")]
    category: Category
    tags: tuple[Name, ...] = ()
    inputs: dict[Name, InputSpec] = Field(default_factory=dict)
    steps: tuple[StepSpec, ...] = Field(min_length=1)
    outputs: tuple[Name, ...] = Field(min_length=1)
    panels: tuple[AnyPanelSpec, ...] = ()
    rights_required: tuple[str, ...] = Field(min_length=1)
    export_allowed: ExportSpec

    @property
    def group(self) -> Group:
        """Where a reader looks for it."""
        return GROUPS[self.category]

    def opened(self) -> Iterator[tuple[Place, Records]]:
        """Every table whose rows open a pattern, with its place."""
        for index, panel in enumerate(self.panels):
            for place, table in _tables(panel, ("panels", index)):
                if table.opens is not None:
                    yield place, table


def _tables(part: object, place: Place) -> Iterator[tuple[Place, Records]]:
    if isinstance(part, Records):
        yield place, part
    elif isinstance(part, tuple):
        for index, item in enumerate(part):
            yield from _tables(item, (*place, index))
    elif isinstance(part, Closed):
        for name in type(part).model_fields:
            yield from _tables(getattr(part, name), (*place, name))


_KNOWN: dict[tuple[str, ...], frozenset[str]] = {
    (): frozenset(PatternFile.model_fields),
    ("inputs",): frozenset(InputSpec.model_fields),
    ("steps",): frozenset({"as"} | set(StepSpec.model_fields) - {"name"}),
    ("export_allowed",): frozenset(ExportSpec.model_fields),
}


def _place(location: tuple[str | int, ...]) -> Place:
    """Where the fault lies; the type of a panel, and of a part of one, which the union puts after its place, is left out."""
    if location[:1] != ("panels",):
        return location
    kept: list[str | int] = []
    for index, segment in enumerate(location):
        before = location[max(index - 2, 0) : index]
        if (len(before) == 2 and before[0] in {"panels", "parts"} and isinstance(before[1], int)) or before[-1:] == ("chart",):
            continue
        kept.append(segment)
    return tuple(kept)


def _lies_in(location: tuple[str | int, ...], around: tuple[str | int, ...]) -> bool:
    return len(location) > len(around) and location[: len(around)] == around


def _suggestion(kind: str, place: Place, error: dict[str, Any]) -> str:
    if kind == "union_tag_invalid":
        return did_you_mean(str(error["ctx"]["tag"]), PANEL_TYPES) or f"The types are {', '.join(PANEL_TYPES)}."
    if kind == "extra_forbidden":
        known = _KNOWN.get(tuple(str(part) for part in place[:1]) if len(place) > 1 else ())
        return did_you_mean(str(place[-1]), known) if known else ""
    if kind == "literal_error" and isinstance(error.get("input"), str):
        words = [word.strip("'\" ") for word in str(error["ctx"]["expected"]).replace(" or ", ", ").split(",")]
        return did_you_mean(error["input"], words)
    return ""


def _message(kind: str, error: dict[str, Any]) -> str:
    match kind:
        case "union_tag_invalid":
            return f"There is no panel type '{error['ctx']['tag']}'."
        case "union_tag_not_found":
            return "The panel has no type."
        case "extra_forbidden":
            return "This key means nothing here."
        case "missing":
            return "This is missing."
    text = str(error["msg"]).removeprefix("Value error, ")
    return text if text.endswith(".") else f"{text}."


def parse_file(value: Any, findings: Findings) -> PatternFile | None:
    """The pattern written in ``value``; None after reporting every fault of the notation."""
    if not isinstance(value, dict):
        findings.add((), "A pattern file is a mapping with id, steps, outputs and so on.")
        return None
    try:
        return PatternFile.model_validate_json(json.dumps(value))
    except ValidationError as error:
        faults = error.errors(include_url=False)
        for fault in faults:
            if fault["type"] == "too_short" and any(_lies_in(other["loc"], fault["loc"]) for other in faults):
                continue  # a list whose items are at fault is not too short as well
            facts = dict(fault)
            place = _place(fault["loc"])
            findings.add(place, _message(fault["type"], facts), _suggestion(fault["type"], place, facts))
        return None
