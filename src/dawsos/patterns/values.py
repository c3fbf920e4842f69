"""What a reference gives at run time, the contracts it was found in, and why it is missing when it is."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from dawsos.kernel.canonical import plain_decimal
from dawsos.kernel.errors import Internal
from dawsos.patterns.references import CONTEXT, EVERY, INPUTS, SOURCES, Reference
from dawsos.patterns.scope import KEY
from dawsos.registry.explanations import reason_for

Scalar = str | int | float | bool | None


@dataclass(slots=True)
class Found:  # not frozen: one is made for every value of every list, and freezing triples what that costs
    """A value, the things it lies in from the outermost to the innermost, and the names of the fields that led to it."""

    value: Any
    owners: tuple[Any, ...] = ()
    trail: tuple[str, ...] = ()

    @property
    def reason(self) -> str | None:
        """Why the value is null, as the nearest contract around it says."""
        return reason_for(self.owners, self.trail)

    def beside(self, name: str) -> Any:
        """The value of field ``name`` in the nearest thing around that has it, for example the currency of an amount."""
        return next((getattr(owner, name) for owner in reversed(self.owners) if hasattr(owner, name)), None)


@dataclass(frozen=True, slots=True)
class _Entry:
    key: str
    item: Any

    def get(self, name: str) -> Any:
        if name == KEY:
            return self.key
        return (
            getattr(self.item, name) if hasattr(type(self.item), "__dataclass_fields__") or isinstance(self.item, BaseModel) else self.item
        )


def entries(value: Any) -> list[Any]:
    """The items of a list, or the entries of a mapping with their keys."""
    if isinstance(value, Mapping):
        return [_Entry(str(key), item) for key, item in value.items()]
    return list(value)


def walk(found: Found, path: Sequence[str]) -> Found | list[Found]:
    """Follow ``path`` from ``found``. Null anywhere on the way gives null there; ``*`` gives a list with one element per item."""
    for index, segment in enumerate(path):
        if found.value is None:
            return found
        if segment == EVERY:
            rest, owners, trail = path[index + 1 :], found.owners, found.trail
            if len(rest) == 1 and not isinstance(found.value, Mapping):
                return [_field(item, owners, trail, rest[0]) for item in found.value]
            return [_one(walk(Found(item, owners, trail), rest)) for item in entries(found.value)]
        owner = found.value
        value = owner.get(segment) if isinstance(owner, _Entry) else getattr(owner, segment)
        found = Found(value, (*found.owners, owner.item if isinstance(owner, _Entry) else owner), (*found.trail, segment))
    return found


def _field(item: Any, owners: tuple[Any, ...], trail: tuple[str, ...], name: str) -> Found:
    """One field of one item of a list: what :func:`walk` gives, without the walk; charts have thousands of them."""
    return Found(item, owners, trail) if item is None else Found(getattr(item, name), (*owners, item), (*trail, name))


def _one(found: Found | list[Found]) -> Found:
    if isinstance(found, list):
        raise Internal("A reference goes through two lists; the check at load refuses that.")
    return found


@dataclass(frozen=True, slots=True)
class Values:
    """Everything references may read while a pattern runs: inputs, facts of the context, and the steps that have an outcome.

    ``missing`` says for each step without a result why there is none; ``sources`` where each result came from.
    """

    inputs: Any
    context: Mapping[str, Any]
    results: Mapping[str, Any]
    missing: Mapping[str, str]
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def find(self, reference: Reference) -> Found | list[Found]:
        if reference.root == INPUTS:
            return walk(Found(self.inputs), reference.path)
        if reference.root == CONTEXT:
            return Found(self.context[reference.path[0]])
        if reference.root == SOURCES:
            return Found(self.sources.get(reference.path[0], ()))
        return walk(Found(self.results.get(reference.root)), reference.path)

    def value(self, reference: Reference) -> Any:
        """The bare value, exactly as the step returned it; a list for a reference with ``*``."""
        found = self.find(reference)
        return [one.value for one in found] if isinstance(found, list) else found.value

    def single(self, reference: Reference) -> Found:
        """What a reference without ``*`` gives."""
        return _one(self.find(reference))

    def several(self, reference: Reference) -> list[Found]:
        """What a list-valued reference gives, item by item; nothing when it is null."""
        found = self.find(reference)
        if isinstance(found, list):
            return found
        return [Found(item, found.owners, found.trail) for item in entries(found.value)] if found.value is not None else []

    def why_missing(self, reference: Reference, found: Found | None = None) -> str | None:
        """Why a value is null: its step did not deliver, or the contract around it says so."""
        if reference.root in self.missing:
            return f"unavailable: {self.missing[reference.root]}"
        return found.reason if found is not None else None


def scalar(value: Any) -> Scalar:
    """One value as it is written in a panel: decimals as plain text, dates in ISO form, enumerations by value."""
    match value:
        case Enum():
            return scalar(value.value)
        case None | bool() | int() | str() | float():
            return value
        case Decimal():
            return plain_decimal(value)
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
    raise Internal(f"A {type(value).__name__} cannot be shown as one value.")


def json_bytes(tree: Any) -> bytes:
    """The bytes of JSON values: sorted keys, no spaces, shortest round-trip floats. For what :func:`plain` gives."""
    return json.dumps(tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def plain(value: Any) -> Any:
    """Any value a step may give, as JSON values."""
    match value:
        case BaseModel():
            return value.model_dump(mode="json")
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case set() | frozenset():
            return sorted((plain(item) for item in value), key=str)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    return scalar(value)
