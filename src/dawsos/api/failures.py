"""Turns what is raised while a request is answered into problem documents."""

from collections.abc import Iterable
from itertools import islice
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from dawsos.api.frame import frame_of
from dawsos.api.problems import FieldProblem, failure_of, invalid_fields, protocol_failure
from dawsos.kernel.errors import DawsosError

log = structlog.get_logger("dawsos.api")

#: Where pydantic says a fault lies, before the name of the field.
_PLACES: Final = frozenset({"body", "query", "path", "header", "cookie"})
#: A request with more faults than this needs another look, not a longer list.
_MOST_PROBLEMS: Final = 100
_LONGEST_NAME: Final = 200
_WORDS: Final = {"json_invalid": "is not JSON", "missing": "is missing", "extra_forbidden": "means nothing here"}


async def answer_dawsos_error(request: Request, error: Exception) -> Response:
    """The problem document of an error of the house; an internal one is logged with its cause."""
    if not isinstance(error, DawsosError):
        raise error
    trace_id = frame_of(request.scope).trace_id
    failure = failure_of(error)
    if failure.status == 500:
        log.error("internal error", trace_id=trace_id, code=error.code, message=error.message, details=error.details, exc_info=error)
    elif failure.status == 503:
        log.warning("unavailable", trace_id=trace_id, code=error.code, message=error.message, details=error.details)
    return failure.response(trace_id)


async def answer_invalid_request(request: Request, error: Exception) -> Response:
    """What is wrong with each field, without repeating what was sent: it may be a password."""
    if not isinstance(error, RequestValidationError):
        raise error
    return invalid_fields(field_problems(error.errors())).response(frame_of(request.scope).trace_id)


def field_problems(errors: Iterable[Any]) -> list[FieldProblem]:
    """The faults pydantic found, by field."""
    return [
        FieldProblem(field=_field(one["type"], one["loc"])[:_LONGEST_NAME], message=_message(one["type"], one["msg"]))
        for one in islice(errors, _MOST_PROBLEMS)
    ]


def _message(kind: str, text: str) -> str:
    return _WORDS.get(kind, text.removeprefix("Value error, "))


def _field(kind: str, place: tuple[Any, ...]) -> str:
    if kind == "json_invalid":
        return "body"
    inner = place[1:] if place and place[0] in _PLACES else place
    return ".".join(map(str, inner)) or str(place[0] if place else "request")


async def answer_http_exception(request: Request, error: Exception) -> Response:
    """The problem document of a refusal by the protocol, such as an unknown address."""
    if not isinstance(error, HTTPException):
        raise error
    return protocol_failure(error.status_code, error.headers).response(frame_of(request.scope).trace_id)


def answer_failures(app: FastAPI) -> None:
    """Let every failure of ``app`` be answered by a problem document."""
    app.add_exception_handler(DawsosError, answer_dawsos_error)
    app.add_exception_handler(RequestValidationError, answer_invalid_request)
    app.add_exception_handler(HTTPException, answer_http_exception)
