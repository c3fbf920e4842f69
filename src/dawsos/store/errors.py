"""What the database refuses, in the words of the house."""

from typing import Final

import psycopg
from psycopg_pool import PoolClosed, TooManyRequests

from dawsos.kernel.errors import Conflict, DawsosError, Forbidden, Internal, Invalid, Unavailable

RETRY_AFTER_SECONDS: Final = 5

#: SQLSTATE codes and classes, see appendix A of PostgreSQL's manual.
_DOWN: Final = ("08", "53", "57P", "25006")
#: No space left, or none that may be used for sorting.
_FULL: Final = ("53100", "53400")
_TIMEOUT: Final = "57014"
_RETRYABLE: Final = ("40001", "40P01", "55P03")
_FORBIDDEN: Final = ("42501", "44000")
_CONFLICT: Final = ("23001", "23503", "23505", "23P01")
_INVALID: Final = ("22", "23502", "23514")


def unavailable(error: Exception) -> Unavailable:
    """The database cannot be reached, or not in time; ``details['cause']`` is the driver's first line about it."""
    lines = str(error).strip().splitlines()
    return Unavailable(
        "The database does not answer.",
        remedy="Try again in a few seconds; if it lasts, look at the database server.",
        code="database_unavailable",
        details={"cause": lines[0] if lines else type(error).__name__},
        retry_after=RETRY_AFTER_SECONDS,
    )


def translate(error: Exception, label: str) -> DawsosError:
    """The house's error for a driver's error raised by statement ``label``; ``details['retryable']`` marks those worth repeating."""
    if isinstance(error, DawsosError):
        return error
    state = error.sqlstate if isinstance(error, psycopg.Error) else None
    if state is None and isinstance(error, psycopg.DataError):  # refused by the driver, such as text with a NUL
        return Invalid(f"A value cannot be kept: {error}", remedy="Correct it.", details={"statement": label})
    if state is None:
        lost = isinstance(error, psycopg.OperationalError | PoolClosed | TooManyRequests)
        return unavailable(error) if lost else Internal(f"{label} failed: {error}", details={"statement": label})
    if state == _TIMEOUT:
        return Unavailable(f"{label} took too long and was stopped.", remedy="Ask for less, or try again later.", code="timeout")
    if state.startswith(_RETRYABLE):
        return Conflict(
            f"{label} met another change of the same rows.",
            remedy="Try again.",
            code="concurrent_change",
            details={"statement": label, "retryable": True},
        )
    if state in _FULL:
        return Unavailable(
            f"The database's disk is full: {label} was not done, and nothing of it was kept.",
            remedy="Free space where the database keeps its files, then run it again.",
            code="storage_full",
            details={"cause": str(error).strip().splitlines()[0]},
        )
    return unavailable(error) if state.startswith(_DOWN) else _refused(error, state, label)


def _refused(error: Exception, state: str, label: str) -> DawsosError:
    diagnosis = error.diag if isinstance(error, psycopg.Error) else None
    message = (diagnosis.message_primary if diagnosis else None) or str(error)
    remedy = (diagnosis.message_hint if diagnosis else None) or ""
    details: dict[str, object] = {"statement": label}
    if diagnosis is not None:
        named = {"constraint": diagnosis.constraint_name, "table": diagnosis.table_name, "column": diagnosis.column_name}
        details |= {key: value for key, value in named.items() if value}
    if state.startswith(_FORBIDDEN):
        return Forbidden(message, remedy=remedy, details=details)
    if state.startswith(_CONFLICT):
        return Conflict(message, remedy=remedy, details=details)
    if state.startswith(_INVALID):
        return Invalid(message, remedy=remedy, details=details)
    return Internal(f"{label} failed: {message}", details=details)
