"""Whether a value written in a file may stand for a type."""

import json
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from dawsos.registry.shapes import Field


def literal_problem(value: Any, annotation: Any) -> str | None:
    """Why ``value`` is no ``annotation``, or None when it is. Dates, identifiers and decimals are text; nothing else is converted."""
    try:
        TypeAdapter(annotation).validate_json(json.dumps(value), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        inside = ".".join(map(str, first["loc"]))
        return f"{inside}: {first['msg']}" if inside else str(first["msg"])
    return None


def constrained(field: Field) -> Any:
    """The type of a field together with its limits, such as at least 1."""
    return Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
