"""Whether what a reference gives may stand where an argument is expected."""

from enum import Enum
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel

from dawsos.registry.shapes import NONE, bare, fields_of, is_nullable, item_type, members, name_of, value_type
from dawsos.registry.units import Unit

#: What widens without loss: a whole number is also a decimal or a floating one.
_WIDENS: Final = {("int", "float"), ("int", "Decimal")}


def mismatch(source: Any, target: Any) -> str | None:
    """Why a value of type ``source`` cannot be given for ``target``, or None when it can. Every alternative of ``source`` must fit.

    A list fits a list when its items fit, a mapping when its values fit; a contract or record fits a contract whose every required field
    it has with a fitting type. A Decimal is no float and a float no Decimal: money never changes its kind silently.
    """
    for alternative in members(source):
        if not any(_fits(alternative, wanted, frozenset()) for wanted in members(target)):
            if alternative is NONE:
                return f"it may be null, and {name_of(target)} is expected"
            return f"it is {name_of(source)}, and {name_of(target)} is expected"
    return None


def unit_mismatch(source: Unit | None, target: Unit | None) -> str | None:
    """Why a number of one unit cannot be given for another, or None when it can or nothing is known of one of them."""
    if source is None or target is None or source.name == target.name or "declared" in {source.name, target.name}:
        return None
    return f"it is a {source.name}, and a {target.name} is expected"


def _all_fit(source: Any, target: Any, seen: frozenset[tuple[Any, Any]]) -> bool:
    return all(any(_fits(one, wanted, seen) for wanted in members(target)) for one in members(source))


def _fits(source: Any, target: Any, seen: frozenset[tuple[Any, Any]]) -> bool:
    source, target = bare(source), bare(target)
    if is_anything(target) or source is Any or source == target:
        return True
    if get_origin(source) is Literal or get_origin(target) is Literal:
        return _names_fit(source, target)
    item, value = item_type(target), value_type(target)
    if item is not None:
        given = item_type(source)
        return given is not None and _all_fit(given, item, seen)
    if value is not None:
        given = value_type(source)
        return given is not None and _all_fit(given, value, seen)
    return _classes_fit(source, target, seen)


def _names_fit(source: Any, target: Any) -> bool:
    names = get_args(source) if get_origin(source) is Literal else None
    if names is None:
        return False
    if get_origin(target) is Literal:
        return set(names) <= set(get_args(target))
    if isinstance(target, type) and issubclass(target, Enum):
        return set(names) <= {member.value for member in target}
    return isinstance(target, type) and all(isinstance(name, target) for name in names)


def _classes_fit(source: Any, target: Any, seen: frozenset[tuple[Any, Any]]) -> bool:
    if not isinstance(source, type) or not isinstance(target, type):
        return False
    if issubclass(source, target):
        return not (source is bool and target is int) and not (target.__name__ == "date" and source.__name__ == "datetime")
    if (source.__name__, target.__name__) in _WIDENS:
        return True
    if (source, target) in seen:
        return True
    return issubclass(target, BaseModel) and _fields_fit(source, target, seen | {(source, target)})


def _fields_fit(source: type, target: type[BaseModel], seen: frozenset[tuple[Any, Any]]) -> bool:
    given, wanted = fields_of(source), fields_of(target)
    if given is None or wanted is None:
        return False
    return all(
        _all_fit(given[name].annotation, field.annotation, seen) if name in given else not field.required for name, field in wanted.items()
    )


def is_anything(annotation: Any) -> bool:
    """Whether every value fits ``annotation``."""
    return bare(annotation) is Any or bare(annotation) is object


def takes_null(annotation: Any) -> bool:
    """Whether null may be given for ``annotation``."""
    return is_nullable(annotation) or is_anything(annotation)
