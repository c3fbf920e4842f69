"""What the database refuses, in the words of the house."""

from typing import Final

import psycopg
from psycopg import errors as pg
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests

from dawsos.kernel.errors import Conflict, DawsosError, Forbidden, Internal, Invalid, Unavailable

RETRY_AFTER_SECONDS: Final = 5

_DOWN: Final = (
    PoolTimeout,
    PoolClosed,
    TooManyRequests,
    pg.ConnectionException,
    pg.OperatorIntervention,
    pg.InsufficientResources,
    pg.ReadOnlySqlTransaction,
)
_RETRYABLE: Final = (pg.SerializationFailure, pg.DeadlockDetected, pg.LockNotAvailable)
_INVALID: Final = (pg.CheckViolation, pg.NotNullViolation, pg.DataException)
_CONFLICT: Final = (pg.UniqueViolation, pg.ForeignKeyViolation, pg.ExclusionViolation, pg.RestrictViolation)


def unavailable(error: Exception) -> Unavailable:
    """The database cannot be reached, or not in time."""
    return Unavailable(
        "The database does not answer.",
        remedy="Try again in a few seconds; if it lasts, look at the database server.",
        code="database_unavailable",
        details={"cause": type(error).__name__},
        retry_after=RETRY_AFTER_SECONDS,
    )


def translate(error: Exception, label: str) -> DawsosError:
    """The house's error for a driver's error raised by statement ``label``; ``details['retryable']`` marks those worth repeating."""
    if isinstance(error, DawsosError):
        return error
    if isinstance(error, pg.QueryCanceled):
        return Unavailable(f"{label} took too long and was stopped.", remedy="Ask for less, or try again later.", code="timeout")
    if isinstance(error, _RETRYABLE):
        return Conflict(
            f"{label} met another change of the same rows.",
            remedy="Try again.",
            code="concurrent_change",
            details={"retryable": True},
        )
    if isinstance(error, _DOWN) or (isinstance(error, psycopg.OperationalError) and error.sqlstate is None):
        return unavailable(error)
    return _refused(error, label)


def _refused(error: Exception, label: str) -> DawsosError:
    diagnosis = error.diag if isinstance(error, psycopg.Error) else None
    message = (diagnosis.message_primary if diagnosis else None) or str(error)
    remedy = (diagnosis.message_hint if diagnosis else None) or ""
    details: dict[str, object] = {"statement": label}
    if diagnosis is not None:
        named = {"constraint": diagnosis.constraint_name, "table": diagnosis.table_name, "column": diagnosis.column_name}
        details |= {key: value for key, value in named.items() if value}
    if isinstance(error, pg.InsufficientPrivilege):
        return Forbidden(message, remedy=remedy, details=details)
    if isinstance(error, _CONFLICT):
        return Conflict(message, remedy=remedy, details=details)
    if isinstance(error, _INVALID):
        return Invalid(message, remedy=remedy, details=details)
    return Internal(f"{label} failed: {message}", details=details)
