"""The one form of failure: RFC 9457 problem documents, and the one place that says which status a kind of error has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from dawsos.kernel.canonical import canonical_bytes
from dawsos.kernel.errors import DawsosError

MEDIA_TYPE: Final = "application/problem+json"
TYPE_PREFIX: Final = "urn:dawsos:problem:"

#: The status of every kind of error, and how it is titled.
STATUS: Final[Mapping[str, tuple[int, str]]] = {
    "invalid": (422, "The request is wrong"),
    "unauthenticated": (401, "Not logged in"),
    "forbidden": (403, "Not allowed"),
    "not_found": (404, "Not found"),
    "conflict": (409, "Conflict"),
    "rate_limited": (429, "Too many attempts"),
    "unavailable": (503, "Not available now"),
    "insufficient_data": (422, "Not enough data"),
    "internal": (500, "Internal error"),
}
#: Refusals of the protocol itself, before any error of the house can arise.
PROTOCOL: Final[Mapping[int, tuple[str, str, str]]] = {
    400: ("bad_request", "The request cannot be read", "The request cannot be read."),
    404: ("not_found", "Not found", "There is nothing at this address."),
    405: ("method_not_allowed", "Method not allowed", "This address does not take this method."),
    413: ("body_too_large", "Body too large", "The body of the request is larger than this address takes."),
    415: ("unsupported_media_type", "Unsupported media type", "This address does not take a body of this type."),
}
#: Where the same words must answer for a thing that is somebody else's and for one that does not exist, no word of the request is repeated.
_CONCEALED: Final[Mapping[str, tuple[str, str]]] = {
    "portfolio_not_found": ("There is no such portfolio.", "GET /v1/portfolios lists yours."),
}


class FieldProblem(BaseModel):
    """What is wrong with one field of the request."""

    model_config = ConfigDict(frozen=True)

    field: str
    message: str


class Problem(BaseModel):
    """A failure, by RFC 9457. ``code`` is stable and for programs; ``detail`` and ``remedy`` are for people."""

    model_config = ConfigDict(frozen=True)

    type: str = Field(description=f"`{TYPE_PREFIX}` and the code.")
    title: str
    status: int
    detail: str = Field(description="What went wrong, naming the thing.")
    code: str
    remedy: str = Field(description="What can be done about it; may be empty.")
    trace_id: str = Field(description="The request in the server's log.")
    retry_after: int | None = Field(default=None, description="Seconds after which trying again is fair.")
    errors: tuple[FieldProblem, ...] | None = Field(default=None, description="What is wrong, field by field.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A problem before it knows which request it answers."""

    status: int
    title: str
    code: str
    detail: str
    remedy: str = ""
    retry_after: int | None = None
    errors: tuple[FieldProblem, ...] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def problem(self, trace_id: str) -> Problem:
        """The document for the request called ``trace_id``."""
        return Problem(
            type=TYPE_PREFIX + self.code,
            title=self.title,
            status=self.status,
            detail=self.detail,
            code=self.code,
            remedy=self.remedy,
            trace_id=trace_id,
            retry_after=self.retry_after,
            errors=self.errors,
        )

    def response(self, trace_id: str) -> Response:
        """The answer to the request called ``trace_id``."""
        headers = dict(self.headers)
        if self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        if self.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        document = self.problem(trace_id).model_dump(mode="json", exclude_none=True)
        return Response(canonical_bytes(document), self.status, headers, MEDIA_TYPE)


def failure_of(error: DawsosError) -> Failure:
    """The failure ``error`` is to a caller. Of an internal one the caller learns the code only: its message may name what is inside."""
    status, title = STATUS[error.kind]
    detail, remedy = _CONCEALED.get(error.code, (error.message, error.remedy))
    if error.kind == "internal":
        return internal_failure(error.code)
    return Failure(
        status=status,
        title=title,
        code=error.code,
        detail=detail,
        remedy=remedy,
        retry_after=error.retry_after,
        errors=_field_problems(error.details),
    )


def internal_failure(code: str = "internal_error") -> Failure:
    """Something broke that the caller can do nothing about."""
    status, title = STATUS["internal"]
    return Failure(
        status=status,
        title=title,
        code=code,
        detail="DawsOS could not answer because of a fault of its own.",
        remedy="The server's log holds the cause under the trace id.",
    )


def protocol_failure(status: int, headers: Mapping[str, str] | None = None) -> Failure:
    """A refusal of the protocol, such as an unknown address."""
    unknown = ("http_error", "The request was refused", "The request was refused.")
    code, title, detail = PROTOCOL.get(status, unknown)
    return Failure(status=status, title=title, code=code, detail=detail, headers=headers or {})


def invalid_fields(problems: Iterable[FieldProblem]) -> Failure:
    """A request that does not fit its model."""
    listed = tuple(problems)
    status, title = STATUS["invalid"]
    named = "; ".join(f"{one.field}: {one.message}" for one in listed)
    return Failure(
        status=status,
        title=title,
        code="validation_error",
        detail=f"The request is wrong: {named}.",
        remedy="Correct the named fields; /openapi.json describes them.",
        errors=listed,
    )


def _field_problems(details: Mapping[str, Any]) -> tuple[FieldProblem, ...] | None:
    """Of an error's details only the problems of single fields belong to the caller."""
    listed = details.get("problems")
    if not isinstance(listed, list | tuple) or not listed or not all(isinstance(one, dict) for one in listed):
        return None
    return tuple(FieldProblem(field=str(one["field"]), message=str(one["message"])) for one in listed)
