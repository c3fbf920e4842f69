"""Filling a panel: reading values with their unit, currency and reason, and noticing when there is nothing to show."""

from collections.abc import Iterable
from typing import Any, Literal

from dawsos.kernel.errors import Internal
from dawsos.patterns.closed import Shown
from dawsos.patterns.panels.answer import Cell, Series
from dawsos.patterns.references import EVERY, Reference
from dawsos.patterns.scope import Scope
from dawsos.patterns.values import Found, Scalar, Values, scalar
from dawsos.registry.units import Unit

NOTHING = "There is nothing to show."
REASONS_SHOWN = 3
UNEXPLAINED = "No value, and no reason was given."


def _text(value: object) -> str | None:
    return None if value is None else str(scalar(value))


def _only(values: Iterable[str | None]) -> str | None:
    """The value all of them have, or None when they differ."""
    different = set(values)
    return different.pop() if len(different) == 1 else None


class Filling:
    """Reads what the panel called ``panel`` shows. ``currency`` is the panel's own, for amounts whose unit names none.

    ``empty`` is what to say where there is nothing and nobody said why.
    """

    def __init__(self, scope: Scope, values: Values, currency: Reference | None = None, *, panel: str, empty: str = NOTHING) -> None:
        self.panel = panel
        self._empty = empty
        self.scope = scope
        self.values = values
        self._currency = currency
        self._some_value = False
        self._reasons: dict[str, None] = {}

    @property
    def status(self) -> Literal["ok", "empty"]:
        """``empty`` when not a single value is shown."""
        return "ok" if self._some_value else "empty"

    @property
    def reason(self) -> str | None:
        """The first reasons met; an empty panel always has one."""
        first, more = list(self._reasons)[:REASONS_SHOWN], len(self._reasons) - REASONS_SHOWN
        listed = "; ".join(first) + (f"; and {more} more" if more > 0 else "")
        return listed or (None if self._some_value else self._empty)

    def note(self, reference: Reference, found: Found) -> str | None:
        """Remember that this value is shown; why it is null if it is and somebody said so."""
        if found.value is not None:
            self._some_value = True
            return None
        reason = self.values.why_missing(reference, found)
        if reason is not None:
            self._reasons[reason] = None
        return reason

    def currency(self, unit: Unit | None, found: Found) -> str | None:
        """The currency of an amount: that of the field its unit names, else the one the panel names.

        Where the data itself says that a value is an amount, ``currency`` stands beside it.
        """
        if unit is not None and unit.name == "declared" and self.unit(unit, found) == "money":
            return _text(found.beside("currency"))
        if unit is not None and unit.name in {"money", "price"} and unit.field is not None:
            return _text(found.beside(unit.field))
        if unit is None and self._currency is not None:
            return _text(self.values.value(self._currency))
        return None

    def unit(self, unit: Unit | None, found: Found) -> str | None:
        """The name of the unit; one that is data is read from the field that holds it."""
        if unit is not None and unit.name == "declared" and unit.field is not None:
            return _text(found.beside(unit.field))
        return None if unit is None else unit.name

    def _look(self, reference: Reference, found: list[Found], label: str, how: Shown) -> dict[str, Any]:
        shape = self.scope.resolve(reference)
        if not shape.unit_differs:
            found = found[:1]
        return {
            "label": label,
            "format": how.format,
            "unit": _only(self.unit(shape.unit, one) for one in found),
            "currency": _only(self.currency(shape.unit, one) for one in found),
            "color_condition": how.color_condition,
            "threshold": how.threshold,
        }

    def cell(self, label: str, reference: Reference, how: Shown) -> Cell:
        """The value ``reference`` gives, with everything needed to show it."""
        return self.cell_of(label, reference, self.values.single(reference), how)

    def cell_of(self, label: str, reference: Reference, found: Found, how: Shown) -> Cell:
        """A value already found."""
        reason = self.note(reference, found) or (UNEXPLAINED if found.value is None else None)
        return Cell(value=scalar(found.value), reason=reason, **self._look(reference, [found], label, how))

    def several(self, reference: Reference) -> list[Found]:
        """The items ``reference`` gives. None at all is explained like a null: by its step or by the contract around the list."""
        found = self.values.several(reference)
        if not found:
            path = reference.path[: reference.path.index(EVERY)] if EVERY in reference.path else reference.path
            whole = Reference(reference.root, path)
            reason = self.values.why_missing(whole, self.values.single(whole))
            if reason is not None:
                self._reasons[reason] = None
        return found

    def series(self, label: str, reference: Reference, how: Shown) -> Series:
        """The values of a list with everything needed to show them."""
        found = self.several(reference)
        reasons = dict.fromkeys(reason for one in found if (reason := self.note(reference, one)))
        values = tuple(scalar(one.value) for one in found)
        return Series(values=values, reason="; ".join(reasons) or None, **self._look(reference, found, label, how))

    def labels(self, reference: Reference) -> tuple[Scalar, ...]:
        """The values of a list that name others; they do not count as something to show."""
        return tuple(scalar(one.value) for one in self.several(reference))

    def paragraphs(self, reference: Reference) -> tuple[str, ...]:
        """A text, or every text of a list, as paragraphs. Empty lines part them; null gives none and its reason is remembered."""
        found = self.values.find(reference)
        several = found if isinstance(found, list) else [found] if isinstance(found.value, str | None) else self.values.several(reference)
        texts = [str(scalar(one.value)) for one in several if self.note(reference, one) is None and one.value is not None]
        return tuple(part.strip() for text in texts for part in text.split("\n\n") if part.strip())

    def same_length(self, what: str, labels: tuple[Any, ...], values: tuple[Any, ...]) -> None:
        """Raise :class:`Internal` when two lists that belong together have different lengths."""
        if len(labels) != len(values):
            raise Internal(
                f"Panel '{self.panel}'{what}: {len(values)} values for {len(labels)} names.",
                remedy="Both lists must come from the same items.",
            )
