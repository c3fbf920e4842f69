"""The one tree of errors.

    DawsosError
    ├── Invalid            the request or the data in it is wrong          422
    ├── Unauthenticated    nobody is logged in                             401
    ├── Forbidden          the actor lacks a right                         403
    ├── NotFound           no such thing, or none this actor may know of   404
    ├── Conflict           the thing is not in the state this needs        409
    ├── RateLimited        too many attempts; try again later              429
    ├── Unavailable        a part is down or still warming up              503
    ├── InsufficientData   the data needed for the answer is missing       422
    └── Internal           a promise of our own was broken                 500

A message names the thing; the remedy says what the reader can do about it. Bad *data* inside a batch is a returned value, not an exception.
"""

from collections.abc import Mapping
from typing import ClassVar


class DawsosError(Exception):
    """Any failure DawsOS can name. ``code`` is stable and machine-readable, ``message`` and ``remedy`` are for people."""

    kind: ClassVar[str] = "internal"
    default_code: ClassVar[str] = "internal_error"

    def __init__(
        self,
        message: str,
        *,
        remedy: str = "",
        code: str | None = None,
        details: Mapping[str, object] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.code = code or self.default_code
        self.details: dict[str, object] = dict(details or {})
        self.retry_after = retry_after

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class Invalid(DawsosError):
    """The request, or the data in it, is wrong."""

    kind = "invalid"
    default_code = "validation_error"


class Unauthenticated(DawsosError):
    """Nobody is logged in, or the credentials are wrong."""

    kind = "unauthenticated"
    default_code = "unauthorized"


class Forbidden(DawsosError):
    """The actor is known but lacks a right."""

    kind = "forbidden"
    default_code = "forbidden"


class NotFound(DawsosError):
    """There is no such thing, or none that this actor may know of."""

    kind = "not_found"
    default_code = "not_found"


class Conflict(DawsosError):
    """The thing is not in the state this needs."""

    kind = "conflict"
    default_code = "conflict"


class RateLimited(DawsosError):
    """Too many attempts; ``retry_after`` says when the next one counts."""

    kind = "rate_limited"
    default_code = "rate_limited"


class Unavailable(DawsosError):
    """A part is down or still warming up; ``retry_after`` seconds is a fair time to wait."""

    kind = "unavailable"
    default_code = "unavailable"


class InsufficientData(DawsosError):
    """The data needed for the answer is missing; ``details`` holds what is needed and what there is."""

    kind = "insufficient_data"
    default_code = "insufficient_data"


class Internal(DawsosError):
    """A promise of our own was broken."""

    kind = "internal"
    default_code = "internal_error"
