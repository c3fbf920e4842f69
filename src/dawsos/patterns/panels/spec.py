"""What a pattern file says of any panel, and the check of the references in it."""

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import suppress
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field

from dawsos.patterns.closed import Closed, Fixed, Name, Shown
from dawsos.patterns.formats import WITH_THRESHOLD, format_problem
from dawsos.patterns.panels.actions import Action, ActionSpec, ShapeOf, Source, check_action, fill_action
from dawsos.patterns.panels.answer import PanelResult
from dawsos.patterns.panels.filling import Filling
from dawsos.patterns.problems import Findings, Place
from dawsos.patterns.references import EVERY, NotAReference, Ref, Reference, Text, parse, strings
from dawsos.patterns.scope import Scope, Shape, Unresolved
from dawsos.registry.contract import Contract


class PanelChecks:
    """The findings of one panel: resolves its references and says at which place something is wrong."""

    def __init__(self, scope: Scope, findings: Findings, place: Place, *, has_currency: bool) -> None:
        self._scope = scope
        self._findings = findings
        self._place = place
        self._has_currency = has_currency

    def inside(self, *place: str | int) -> Self:
        """The same checks for a part of the panel, which lies at ``place`` in it."""
        return type(self)(self._scope, self._findings, (*self._place, *place), has_currency=self._has_currency)

    def add(self, place: Place, message: str, suggestion: str = "") -> None:
        self._findings.add((*self._place, *place), message, suggestion)

    def shape(self, reference: Reference, place: Place) -> Shape | None:
        """The shape ``reference`` has; None after reporting that it leads nowhere."""
        try:
            return self._scope.resolve(reference)
        except Unresolved as error:
            self.add(place, error.message, error.suggestion)
            return None

    def look(self, shape: Shape, how: Shown, place: Place, at: str) -> None:
        """Report a format not meant for such a value, an amount without currency, a threshold that is missing or too much."""
        problem = format_problem(how.format, shape.annotation, shape.unit)
        where = (*place, at if isinstance(how, Fixed) else "format")
        if problem is not None:
            self.add(where, f"{problem[0].upper()}{problem[1:]}.")
        elif how.format == "currency" and shape.unit is None and not self._has_currency:
            self.add(where, "An amount is shown with its currency, and none is known here.", "Give the panel a 'currency'.")
        if (how.color_condition in WITH_THRESHOLD) != (how.threshold is not None):
            self.add((*place, "threshold"), "'threshold' stands exactly where 'color_condition' compares with one.")

    def one(self, reference: Reference, how: Shown, place: Place, at: str = "value") -> None:
        """Check a reference that must give one value, and the way it is shown."""
        shape = self.shape(reference, (*place, at))
        if shape is None or shape.is_unknown:
            return
        if shape.item is not None:
            self.add((*place, at), "This must be one value, and it is a list.")
        else:
            self.look(shape, how, place, at)

    def many(self, reference: Reference, how: Shown, place: Place, at: str = "values") -> None:
        """Check a reference that must give a list of values, and the way they are shown."""
        shape = self.shape(reference, (*place, at))
        if shape is None or shape.is_unknown:
            return
        if shape.item is None:
            self.add((*place, at), "This must be a list of values.", f"'{{{{ {reference}.*.field }}}}' takes a field of every item.")
        elif not shape.item.is_unknown:
            self.look(shape.item, how, place, at)

    def currency(self, reference: Reference) -> None:
        """Check the reference to the currency of the panel's amounts."""
        self.one(reference, Fixed(format="text"), (), "currency")

    def together(self, names: Reference, values: Reference, place: Place) -> None:
        """Report two lists that belong together and are taken from different items."""
        if EVERY in names.path and EVERY in values.path and _items(names) != _items(values):
            self.add(place, f"'{values}' and '{names}' are taken from different lists.", "Take both from the same items.")


def _items(reference: Reference) -> tuple[str, ...]:
    return (reference.root, *reference.path[: reference.path.index(EVERY)])


def _shapes(checks: PanelChecks) -> ShapeOf:
    def shape_of(source: Source, place: Place) -> Shape | None:
        if isinstance(source, Reference):
            return checks.shape(source, place)
        checks.add(place, f"'{source}' names a field of a row, and here is none.", "Write a reference such as {{ step.field }}.")
        return None

    return shape_of


class Body(Closed):
    """Something a panel shows: the whole of it, or a part of a panel that has several."""

    @abstractmethod
    def check(self, checks: PanelChecks) -> None:
        """Report everything that is wrong with what is shown."""

    @abstractmethod
    def fill(self, filling: Filling) -> Contract:
        """What is shown."""


class PanelSpec(Body):
    """A panel in a pattern file: the head all kinds share. Every kind adds ``type`` and what it shows.

    ``empty`` says in words of its own that there is nothing to show and that nothing is amiss; a reason the data itself gives is told
    instead. ``actions`` are what a reader may do about all of it.
    """

    result: ClassVar[type[PanelResult]]

    id: Name
    title: Text
    description: Text | None = None
    refresh_ttl: Annotated[int, Field(ge=0)]
    stale_after_days: Annotated[int, Field(ge=0)] = 0
    currency: Ref | None = None
    empty: Text | None = None
    actions: tuple[ActionSpec, ...] = ()

    def check_actions(self, checks: PanelChecks) -> None:
        """Report everything that is wrong with the actions."""
        for index, action in enumerate(self.actions):
            inside = checks.inside("actions", index)
            check_action(action, _shapes(inside), inside.add)

    def fill_actions(self, filling: Filling) -> tuple[Action, ...]:
        """The actions that can be taken."""

        def value_of(source: Source) -> Any:
            return filling.values.value(source) if isinstance(source, Reference) else None

        found = (fill_action(action, value_of) for action in self.actions)
        return tuple(action for action in found if action is not None)

    def references(self) -> Iterator[tuple[Place, Reference]]:
        """Every reference in the panel with its place; what only looks like one is left to the check."""
        for place, text in strings(self.model_dump(mode="json")):
            with suppress(NotAReference):
                yield place, parse(text)
