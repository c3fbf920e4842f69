"""Reading types: what stands in a union, what lies in a container, which fields a contract or record has."""

import types
from collections.abc import Mapping
from collections.abc import Sequence as AbstractSequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from dawsos.registry.units import Unit, unit_of

NONE = type(None)


def bare(annotation: Any) -> Any:
    """``annotation`` without its outer ``Annotated``."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return annotation


def members(annotation: Any) -> tuple[Any, ...]:
    """The alternatives of a union, flattened; a type that is no union is its own only member."""
    plain = bare(annotation)
    if get_origin(plain) in {Union, types.UnionType}:
        return tuple(inner for part in get_args(plain) for inner in members(part))
    return (plain,)


def is_nullable(annotation: Any) -> bool:
    """Whether None is among the alternatives."""
    return NONE in members(annotation)


def present(annotation: Any) -> tuple[Any, ...]:
    """The alternatives other than None."""
    return tuple(member for member in members(annotation) if member is not NONE)


def nullable(annotation: Any) -> Any:
    """``annotation`` or None."""
    return annotation if is_nullable(annotation) else Union[annotation, None]  # noqa: UP007 (the operands are values)


def item_type(annotation: Any) -> Any | None:
    """What a list, tuple of one type, set or sequence holds, or None for anything else."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is tuple:
        return arguments[0] if len(arguments) == 2 and arguments[1] is Ellipsis else None
    if isinstance(origin, type) and issubclass(origin, AbstractSequence | AbstractSet):
        return arguments[0]
    return None


def value_type(annotation: Any) -> Any | None:
    """What a mapping with text keys holds, or None for anything else."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return arguments[1]
    return None


@dataclass(frozen=True, slots=True)
class Field:
    """A field as a reader of results meets it: its type, its unit, whether it must be given, and its limits."""

    name: str
    annotation: Any
    unit: Unit | None
    required: bool = True
    metadata: tuple[Any, ...] = ()


def find_unit(annotation: Any) -> Unit | None:
    """The unit declared anywhere inside ``annotation``, outermost first."""
    if get_origin(annotation) is Annotated and (found := unit_of(annotation.__metadata__)):
        return found
    return next((unit for part in get_args(bare(annotation)) if (unit := find_unit(part))), None)


def fields_of(shape: Any) -> Mapping[str, Field] | None:
    """The fields of a contract or record class by name, or None when ``shape`` has none."""
    return _fields_of(shape) if isinstance(shape, type) else None


@cache
def _fields_of(shape: type) -> Mapping[str, Field] | None:
    if issubclass(shape, BaseModel):
        return {
            name: Field(
                name,
                info.annotation,
                unit_of(info.metadata) or find_unit(info.annotation),
                info.is_required(),
                tuple(info.metadata),
            )
            for name, info in shape.model_fields.items()
        }
    if is_dataclass(shape):
        hints = get_type_hints(shape, include_extras=True)
        return {field.name: Field(field.name, hints[field.name], find_unit(hints[field.name])) for field in fields(shape)}
    return None


def leaves(annotation: Any) -> tuple[Any, ...]:
    """The types at the bottom of unions and containers: ``dict[str, list[float] | None]`` has ``str``, ``float`` and None."""
    found: list[Any] = []
    for member in members(annotation):
        inner = tuple(part for part in get_args(member) if part is not Ellipsis) if get_origin(member) is not None else ()
        if inner and all(isinstance(part, type) or get_origin(part) is not None for part in inner):
            found.extend(leaf for part in inner for leaf in leaves(part))
        else:
            found.append(member)
    return tuple(found)


def name_of(annotation: Any) -> str:
    """A type as people read it: ``list[date]``, ``Decimal or null``."""
    plain = bare(annotation)
    alternatives = members(plain)
    if len(alternatives) > 1:
        return " or ".join("null" if part is NONE else name_of(part) for part in alternatives)
    if plain is NONE:
        return "null"
    origin, arguments = get_origin(plain), get_args(plain)
    if origin is None:
        return getattr(plain, "__name__", str(plain))
    inner = ", ".join(
        name_of(part) if isinstance(part, type) or get_origin(part) else repr(part) for part in arguments if part is not Ellipsis
    )
    return f"{getattr(origin, '__name__', str(origin))}[{inner}]"
