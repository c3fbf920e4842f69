"""What a reference gives, known from the types of inputs, context and steps before anything runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from dawsos.patterns.references import CONTEXT, EVERY, INPUTS, SOURCES, Reference
from dawsos.registry.names import did_you_mean
from dawsos.registry.shapes import Field, bare, fields_of, find_unit, is_nullable, item_type, name_of, nullable, present, value_type
from dawsos.registry.units import Unit

#: Facts of the request's context a pattern may refer to.
CONTEXT_FACTS: Final[Mapping[str, Any]] = {
    "pricing_pack_id": str,
    "asof_date": date,
    "portfolio_id": UUID,
    "base_currency": str,
    "ledger_commit_hash": str,
}
#: Those only a request about a portfolio has.
PORTFOLIO_FACTS: Final = frozenset({"portfolio_id", "base_currency", "ledger_commit_hash"})
#: The field under which the key of a mapping's entry is found after ``*``; entries that are plain values have them under ``value``.
KEY, VALUE = "key", "value"


class Unresolved(Exception):
    """The reference leads nowhere."""

    def __init__(self, message: str, suggestion: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion


@dataclass(frozen=True, slots=True)
class Shape:
    """The type of what a reference gives, its unit, and the fields around it, innermost last, in which a currency is looked for."""

    annotation: Any
    unit: Unit | None = None
    around: tuple[Mapping[str, Field], ...] = ()

    @property
    def is_unknown(self) -> bool:
        """Whether nothing is known of the value, so that nothing can be checked."""
        return self.annotation is Any

    @property
    def unit_differs(self) -> bool:
        """Whether the field that completes the unit lies beside the value itself, so that every item of a list has its own."""
        return self.unit is not None and self.unit.field is not None and bool(self.around) and self.unit.field in self.around[-1]

    @property
    def item(self) -> "Shape | None":
        """The shape of one item when this is a list."""
        alternatives = present(self.annotation)
        found = item_type(alternatives[0]) if len(alternatives) == 1 else None
        return None if found is None else Shape(found, self.unit or find_unit(found), self.around)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of a mapping met after ``*``."""

    value: Any


def _fields(kind: Any) -> Mapping[str, Field] | None:
    if isinstance(kind, _Entry):
        inner = present(kind.value)
        of_value = fields_of(inner[0]) if len(inner) == 1 else None
        key = Field(KEY, str, None)
        return {KEY: key, **(of_value if of_value is not None else {VALUE: Field(VALUE, kind.value, find_unit(kind.value))})}
    return fields_of(kind)


@dataclass(slots=True)
class _Walk:
    """Where a walk along a path has arrived."""

    annotation: Any
    unit: Unit | None = None
    around: tuple[Mapping[str, Field], ...] = ()
    may_be_missing: bool = False
    every: bool = False
    item_may_be_missing: bool = False

    def _only(self, so_far: str) -> Any:
        if not isinstance(self.annotation, _Entry):
            if is_nullable(self.annotation):
                self._missing()
            alternatives = present(self.annotation)
            if len(alternatives) != 1:
                raise Unresolved(f"'{so_far}' is {name_of(self.annotation)}, which has no fields of its own.")
            return alternatives[0]
        return self.annotation

    def _missing(self) -> None:
        if self.every:
            self.item_may_be_missing = True
        else:
            self.may_be_missing = True

    def step_into(self, segment: str, so_far: str) -> None:
        kind = self._only(so_far)
        if kind is Any:
            return
        if segment == EVERY:
            self._every(kind, so_far)
            return
        fields = _fields(kind)
        if fields is None:
            raise Unresolved(*_no_fields(kind, segment, so_far))
        if segment not in fields:
            raise Unresolved(f"'{so_far}' has no field '{segment}'.", did_you_mean(segment, fields))
        found = fields[segment]
        self.annotation, self.unit, self.around = found.annotation, found.unit, (*self.around, fields)

    def _every(self, kind: Any, so_far: str) -> None:
        if self.every:
            raise Unresolved(f"'{so_far}.*' goes through a list inside a list; one '*' is enough for a reference.")
        item, value = item_type(kind), value_type(kind)
        if item is None and value is None:
            raise Unresolved(f"'{so_far}' is {name_of(kind)} and has no items for '*'.")
        self.every = True
        if item is not None:
            self.annotation = item
            return
        if value is not None and is_nullable(value):
            self.item_may_be_missing = True
        self.annotation = _Entry(value)

    def shape(self) -> Shape:
        if isinstance(self.annotation, _Entry):
            raise Unresolved("An entry of a mapping has a key and fields; name one of them after '*'.")
        annotation = bare(self.annotation)
        if self.item_may_be_missing:
            annotation = nullable(annotation)
        if self.every:
            annotation = list[annotation]  # type: ignore[valid-type]
        return Shape(nullable(annotation) if self.may_be_missing else annotation, self.unit or find_unit(self.annotation), self.around)


def _no_fields(kind: Any, segment: str, so_far: str) -> tuple[str, str]:
    if item_type(kind) is not None:
        return f"'{so_far}' is a list; its items have no name.", f"'{so_far}.*.{segment}' gives the field of every item."
    if value_type(kind) is not None:
        return f"'{so_far}' is a mapping whose keys are data.", f"Refer to the whole of it, or to '{so_far}.*.{segment}'."
    return f"'{so_far}' is {name_of(kind)} and has no field '{segment}'.", ""


@dataclass(frozen=True)
class Scope:
    """The types of everything a pattern may refer to. A step in ``uncertain`` may be left out at run time, so it may be null."""

    inputs: Mapping[str, Any]
    steps: Mapping[str, Any]
    uncertain: frozenset[str] = frozenset()
    _known: dict[Reference, Shape] = field(default_factory=dict, repr=False, compare=False)

    def resolve(self, reference: Reference) -> Shape:
        """The shape of what ``reference`` gives; :class:`Unresolved` with a suggestion when it leads nowhere."""
        if reference not in self._known:
            self._known[reference] = self._resolve(reference)
        return self._known[reference]

    def _resolve(self, reference: Reference) -> Shape:
        if reference.root == SOURCES:
            return self._sources(reference)
        annotation, path, so_far = self._start(reference)
        walk = _Walk(annotation, may_be_missing=reference.step in self.uncertain)
        for segment in path:
            walk.step_into(segment, so_far)
            so_far = f"{so_far}.{segment}"
        return walk.shape()

    def _sources(self, reference: Reference) -> Shape:
        """The names of the sources behind a step: none for one that was left out, so never null."""
        if len(reference.path) != 1:
            raise Unresolved(f"'{reference}' names no step.", f"'{SOURCES}.step' gives the sources behind the result of a step.")
        if reference.path[0] not in self.steps:
            raise Unresolved(f"There is no step '{reference.path[0]}'.", did_you_mean(reference.path[0], self.steps))
        return Shape(tuple[str, ...])

    def _start(self, reference: Reference) -> tuple[Any, tuple[str, ...], str]:
        if reference.step is not None:
            if reference.root not in self.steps:
                raise Unresolved(f"There is no step '{reference.root}'.", did_you_mean(reference.root, [*self.steps, INPUTS, CONTEXT]))
            return self.steps[reference.root], reference.path, reference.root
        known, what = (self.inputs, "input") if reference.root == INPUTS else (CONTEXT_FACTS, "fact of the context")
        if not reference.path:
            raise Unresolved(f"'{reference.root}' alone names no {what}.", f"There are {', '.join(known) or 'none'}.")
        name, *rest = reference.path
        if name not in known:
            raise Unresolved(f"There is no {what} '{name}'.", did_you_mean(name, known))
        return known[name], tuple(rest), f"{reference.root}.{name}"
