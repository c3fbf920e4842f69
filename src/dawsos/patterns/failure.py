"""How a pattern fails: an error of the same kind as the one behind it, naming pattern and step."""

from typing import Final

from dawsos.kernel.errors import (
    Conflict,
    DawsosError,
    Forbidden,
    InsufficientData,
    Internal,
    Invalid,
    NotFound,
    RateLimited,
    Unauthenticated,
    Unavailable,
)
from dawsos.patterns.trace import Trace


class PatternFailure(DawsosError):
    """A required step failed or the time ran out. It is also an error of the kind of its cause, so that surfaces answer alike.

    ``trace`` tells how far the pattern came; ``details`` names pattern, step and capability besides what the cause had to say.
    """

    trace: Trace


_CAUSES: Final = (Invalid, Unauthenticated, Forbidden, NotFound, Conflict, RateLimited, Unavailable, InsufficientData, Internal)
_FAILURES: Final[dict[type[DawsosError], type[PatternFailure]]] = {
    cause: type(f"Pattern{cause.__name__}", (PatternFailure, cause), {"__doc__": f"A pattern failed: {cause.__doc__}"}) for cause in _CAUSES
}


def _failure_type(error: DawsosError) -> type[PatternFailure]:
    return next((_FAILURES[kind] for kind in type(error).__mro__ if kind in _FAILURES), _FAILURES[Internal])


def failure(error: DawsosError, subject: str, trace: Trace, **where: str) -> PatternFailure:
    """The failure of ``subject`` caused by ``error``; an internal cause gets the code ``pattern_execution_error``, others keep theirs."""
    raised = _failure_type(error)(
        f"{subject} failed: {error.message}",
        remedy=error.remedy,
        code="pattern_execution_error" if isinstance(error, Internal) else error.code,
        details={**error.details, "pattern_id": trace.pattern_id, **where},
        retry_after=error.retry_after,
    )
    raised.trace = trace
    raised.__cause__ = error
    return raised
