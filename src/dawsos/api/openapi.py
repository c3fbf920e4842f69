"""The description of the API: made by the framework, completed with the problems each address may answer with and the rights it needs."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from dawsos.api.call import Needs, open_call
from dawsos.api.problems import MEDIA_TYPE, STATUS, FieldProblem, Problem
from dawsos.api.routing import PROBLEM_SCHEMA

_CHANGES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_REFERENCES: Final = "#/components/schemas/{model}"
#: Where two kinds share a status, the commoner one, which stands first, names it.
_TITLES: Final[Mapping[int, str]] = dict(reversed(list(STATUS.values())))


def rights_of(route: APIRoute) -> tuple[str, ...]:
    """The rights a call of ``route`` needs, besides being somebody's."""
    return tuple(right for needs in _calls(route.dependant) if isinstance(needs, Needs) for right in needs.rights)


def is_public(route: APIRoute) -> bool:
    """Whether ``route`` answers without knowing who asks."""
    return open_call not in _calls(route.dependant)


def _calls(dependant: Dependant) -> Iterator[Any]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from _calls(inner)


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of ``app``, the same every time."""
    document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for model in (Problem, FieldProblem):
        schema = model.model_json_schema(ref_template=_REFERENCES, mode="serialization")
        schema.pop("$defs", None)
        for described in schema["properties"].values():  # what is not there is left out, not sent as null
            described.pop("default", None)
        schemas[model.__name__] = schema
    for route in app.routes:
        if isinstance(route, APIRoute) and route.include_in_schema:
            for method in route.methods or ():
                _complete(document["paths"][route.path_format][method.lower()], route)
    document["components"]["schemas"] = dict(sorted(schemas.items()))
    return document


def _complete(operation: dict[str, Any], route: APIRoute) -> None:
    if rights := rights_of(route):
        operation["x-rights"] = sorted(rights)
    for status in _failures(operation, route):
        operation["responses"][str(status)] = {
            "description": _TITLES[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": PROBLEM_SCHEMA}}},
        }


def _failures(operation: Mapping[str, Any], route: APIRoute) -> Iterator[int]:
    takes_something = "requestBody" in operation or "parameters" in operation
    if not is_public(route):
        yield 401
    if rights_of(route) or _CHANGES & set(route.methods or ()):
        yield 403
    if "{" in route.path_format or (takes_something and not is_public(route)):
        yield 404
    if takes_something:
        yield 422
    yield 503
