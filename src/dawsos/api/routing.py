"""How routes are declared: every one of them documents the failures it may answer with."""

from typing import Any, Final

from fastapi import APIRouter
from fastapi.routing import APIRoute

from dawsos.api.problems import MEDIA_TYPE

PROBLEM_SCHEMA: Final = "#/components/schemas/Problem"
#: Any status of a failure; which ones a route has is worked out from what it needs (see dawsos.api.openapi).
_DEFAULT: Final[dict[int | str, dict[str, Any]]] = {
    "default": {"description": "A problem.", "content": {MEDIA_TYPE: {"schema": {"$ref": PROBLEM_SCHEMA}}}}
}


def operation_id(route: APIRoute) -> str:
    """The name of the operation in every client: the name of its function."""
    return route.name


def subject_router(subject: str) -> APIRouter:
    """A router for the routes of one subject."""
    return APIRouter(tags=[subject], responses=_DEFAULT, generate_unique_id_function=operation_id)
