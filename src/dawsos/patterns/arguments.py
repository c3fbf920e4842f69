"""The check of one step's arguments against the request of its capability: names, types, units, and that nothing is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dawsos.patterns.assignability import is_anything, mismatch, takes_null, unit_mismatch
from dawsos.patterns.literals import constrained, literal_problem
from dawsos.patterns.problems import Findings, Place
from dawsos.patterns.references import NotAReference, Reference, mentions, parse, strings
from dawsos.patterns.scope import Scope, Unresolved
from dawsos.registry.names import did_you_mean
from dawsos.registry.shapes import Field, fields_of, item_type, name_of, present, value_type
from dawsos.registry.units import Unit


@dataclass(frozen=True, slots=True)
class ArgumentChecks:
    """Checks the arguments of one step. An ``optional`` step is left out when an argument turns out null, so null may be given."""

    scope: Scope
    findings: Findings
    optional: bool

    def fields(self, given: Mapping[str, Any], wanted: Mapping[str, Field], what: str, place: Place) -> None:
        """Check named values against the fields of a contract."""
        for name, value in given.items():
            if name not in wanted:
                self.findings.add((*place, name), f"{what} has no argument '{name}'.", did_you_mean(name, wanted))
            else:
                self.value(value, constrained(wanted[name]), wanted[name].unit, (*place, name))
        for name, field in wanted.items():
            if field.required and name not in given:
                self.findings.add(place, f"{what} needs the argument '{name}' ({name_of(field.annotation)}).")

    def value(self, value: Any, annotation: Any, unit: Unit | None, place: Place) -> None:
        """Check one value: a reference by its type and unit, anything else by itself."""
        if isinstance(value, str) and mentions(value):
            self._reference(value, annotation, unit, place)
        elif any(True for _ in strings(value)):
            self._tree(value, annotation, unit, place)
        elif problem := literal_problem(value, annotation):
            self.findings.add(place, f"The value does not fit: {problem}.")

    def _reference(self, text: str, annotation: Any, unit: Unit | None, place: Place) -> None:
        reference = self.resolved(text, place)
        if reference is None:
            return
        shape = self.scope.resolve(reference)
        accepted = present(shape.annotation) if self.optional and not takes_null(annotation) else (shape.annotation,)
        problems = [mismatch(one, annotation) for one in accepted] + [unit_mismatch(shape.unit, unit)]
        for problem in dict.fromkeys(problem for problem in problems if problem):
            hint = "Make the step optional." if problem.startswith("it may be null") else ""
            self.findings.add(place, f"'{reference}' does not fit: {problem}.", hint)

    def resolved(self, text: str, place: Place) -> Reference | None:
        """The reference ``text`` is, if it leads somewhere; reported otherwise."""
        try:
            reference = parse(text)
            self.scope.resolve(reference)
        except NotAReference as error:
            self.findings.add(place, str(error))
        except Unresolved as error:
            self.findings.add(place, error.message, error.suggestion)
        else:
            return reference
        return None

    def _tree(self, value: Any, annotation: Any, unit: Unit | None, place: Place) -> None:
        alternatives = present(annotation)
        kind = alternatives[0] if len(alternatives) == 1 else None
        if is_anything(kind):
            self._anything(value, place)
        elif isinstance(value, dict) and (wanted := fields_of(kind)) is not None:
            self.fields(value, wanted, name_of(kind), place)
        elif isinstance(value, dict) and (inner := value_type(kind)) is not None:
            for name, part in value.items():
                self.value(part, inner, unit, (*place, name))
        elif isinstance(value, list) and (inner := item_type(kind)) is not None:
            for index, part in enumerate(value):
                self.value(part, inner, unit, (*place, index))
        else:
            form = "mapping" if isinstance(value, dict) else "list"
            self.findings.add(place, f"A {form} of references is given, and {name_of(annotation)} is expected.")

    def _anything(self, value: Any, place: Place) -> None:
        for inner, text in strings(value):
            self.resolved(text, (*place, *inner))
