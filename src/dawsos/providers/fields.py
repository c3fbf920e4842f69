"""Reads fields of what a source answered; everything that is not what it should be is a ValueError that names it."""

from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any


def record(value: Any, what: str) -> dict[str, Any]:
    """A JSON object."""
    if not isinstance(value, dict):
        raise ValueError(f"{what} is no object")  # noqa: TRY004 - what a source says is wrong, not a type of ours
    return value


def rows(value: Any, what: str) -> list[dict[str, Any]]:
    """A JSON list of objects."""
    if not isinstance(value, list):
        raise ValueError(f"{what} is no list")  # noqa: TRY004 - as above
    return [record(one, what) for one in value]


def number(value: Any, what: str) -> Decimal:
    """A finite number, written as one or as text."""
    try:
        found = Decimal(str(value)) if not isinstance(value, bool) and value is not None else None
    except InvalidOperation:
        found = None
    if found is None or not found.is_finite():
        raise ValueError(f"{what} is {value!r}, no number")
    return found


def optional_number(value: Any, what: str) -> Decimal | None:
    """A finite number, or None where the source says nothing."""
    return None if value is None or value == "" else number(value, what)


def percent(value: Any, what: str) -> Decimal | None:
    """A number in percent as the fraction it means, or None where the source says nothing."""
    found = optional_number(value, what)
    return None if found is None else found.scaleb(-2)


def price(value: Any, what: str) -> Decimal:
    """A number above zero."""
    found = number(value, what)
    if found <= 0:
        raise ValueError(f"{what} is {found}, not above zero")
    return found


def day(value: Any, what: str) -> date:
    """A date written YYYY-MM-DD."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"{what} is {value!r}, no date") from None


def moment(value: Any, what: str) -> datetime:
    """A moment in ISO 8601."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"{what} is {value!r}, no moment") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def day_of_milliseconds(value: Any, what: str) -> date:
    """The day (UTC) of a moment in milliseconds since 1970."""
    return datetime.fromtimestamp(int(number(value, what)) / 1000, tz=UTC).date()


def moment_of_seconds(value: Any, what: str) -> datetime:
    """A moment (UTC) in seconds since 1970."""
    return datetime.fromtimestamp(int(number(value, what)), tz=UTC)


def text(value: Any, what: str) -> str:
    """Text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{what} is {value!r}, no text")
    return value
