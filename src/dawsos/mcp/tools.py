"""Capabilities and patterns as tools: every one that only reads, with the schemas of what it takes and gives."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from pydantic import BaseModel

from dawsos.bootstrap import Application
from dawsos.kernel.errors import NotFound
from dawsos.kernel.identity import READ_RIGHTS
from dawsos.mcp.redaction import redacted_schema
from dawsos.patterns.answer import pattern_result_model
from dawsos.registry.names import did_you_mean
from dawsos.registry.reading import reads_only

PORTFOLIOS: Final = "portfolios"
#: Families that ask sources or a model outside this machine.
_OUTSIDE: Final = frozenset({"provider", "news", "claude", "ai"})
_PINNING: Final[Mapping[str, Any]] = {
    "portfolio_id": {
        "type": "string",
        "format": "uuid",
        "description": "The portfolio the request is about; the tool 'portfolios' lists them.",
    },
    "asof_date": {
        "type": "string",
        "format": "date",
        "description": "The newest pricing pack on or before this date; the newest of all without.",
    },
    "pack_id": {"type": "string", "description": "The pricing pack; not together with asof_date."},
}
_PROVENANCE: Final = {
    "type": "object",
    "properties": {
        "sources": {"type": "array", "items": {"type": "string"}},
        "asof": {"type": ["string", "null"], "description": "The date of the oldest data that went in."},
        "method_version": {"type": ["string", "null"]},
        "warnings": {"type": "array", "items": {"type": "string"}},
        "pricing_pack_id": {"type": ["string", "null"]},
        "ledger_commit_hash": {"type": ["string", "null"]},
    },
}
_LISTED: Final = {
    "type": "object",
    "properties": {
        "result": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"portfolio_id": {"type": "string"}, "name": {"type": "string"}, "base_currency": {"type": "string"}},
            },
        },
        "provenance": _PROVENANCE,
    },
}


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool. ``target`` is the capability or pattern behind it; ``pinned_by`` names the arguments that are not its own."""

    name: str
    title: str
    description: str
    kind: Literal["capability", "pattern", "portfolios"]
    target: str
    takes: Mapping[str, Any]
    gives: Mapping[str, Any]
    pinned_by: frozenset[str]
    asks_outside: bool


class Tools(Mapping[str, Tool]):
    """The tools by name."""

    def __init__(self, application: Application, *, is_redacted: bool) -> None:
        found = [_portfolios(), *_capabilities(application), *_patterns(application)]
        self._tools = {one.name: _shown(one, is_redacted=is_redacted) for one in found}

    def __getitem__(self, name: str) -> Tool:
        return self._tools[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tools)

    def __len__(self) -> int:
        return len(self._tools)

    def find(self, name: str) -> Tool:
        """The tool of this name; :class:`NotFound` with the nearest names otherwise."""
        if name not in self._tools:
            raise NotFound(f"There is no tool '{name}'.", remedy=did_you_mean(name, self._tools), code="tool_not_found")
        return self._tools[name]


def _shown(tool: Tool, *, is_redacted: bool) -> Tool:
    return replace(tool, gives=redacted_schema(tool.gives)) if is_redacted else tool


def _portfolios() -> Tool:
    return Tool(
        name=PORTFOLIOS,
        title="Portfolios",
        description="The portfolios you may look at, with the ids other tools ask for.",
        kind="portfolios",
        target=PORTFOLIOS,
        takes={"type": "object", "properties": {}, "additionalProperties": False},
        gives=_LISTED,
        pinned_by=frozenset(),
        asks_outside=False,
    )


def _capabilities(application: Application) -> Iterator[Tool]:
    for one in application.registry:
        if reads_only(one):
            takes, pinned_by = _takes(one.request)
            yield Tool(
                name=one.name.replace(".", "_"),
                title=one.summary,
                description=one.description,
                kind="capability",
                target=one.name,
                takes=takes,
                gives=_gives(one.result),
                pinned_by=pinned_by,
                asks_outside=one.name.partition(".")[0] in _OUTSIDE,
            )


def _patterns(application: Application) -> Iterator[Tool]:
    for one in application.patterns.values():
        if READ_RIGHTS.issuperset(one.file.rights_required):
            takes, pinned_by = _takes(one.inputs_model)
            yield Tool(
                name=f"pattern_{one.id}",
                title=one.file.name,
                description=one.file.description,
                kind="pattern",
                target=one.id,
                takes=takes,
                gives=_gives(pattern_result_model(one)),
                pinned_by=pinned_by,
                asks_outside=one.file.category == "news",
            )


def _takes(request: type[BaseModel]) -> tuple[dict[str, Any], frozenset[str]]:
    """The schema of a request with what it may be pinned to beside its own fields."""
    schema = request.model_json_schema()
    own = schema.get("properties", {})
    added = {name: part for name, part in _PINNING.items() if name not in own}
    schema["properties"] = {**own, **added}
    return {"type": "object", **schema}, frozenset(added)


def _gives(result: type[BaseModel]) -> dict[str, Any]:
    schema = result.model_json_schema(mode="serialization")
    definitions = schema.pop("$defs", {})
    whole: dict[str, Any] = {
        "type": "object",
        "properties": {"result": schema, "provenance": _PROVENANCE},
        "required": ["result", "provenance"],
    }
    return whole | {"$defs": definitions} if definitions else whole
