"""Calendar arithmetic that needs no exchange calendar."""

from collections.abc import Iterator
from datetime import date, timedelta

from dawsos.kernel.errors import Invalid


def is_weekday(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < 5


def weekdays_between(earlier: date, later: date) -> int:
    """Weekdays in ``(earlier, later]``: 0 for the same day, 1 from a Friday to the Monday after. Raises when ``later`` is earlier."""
    if later < earlier:
        raise Invalid(f"{later} lies before {earlier}.")
    weeks, rest = divmod((later - earlier).days, 7)
    return weeks * 5 + sum(is_weekday(earlier + timedelta(days=step)) for step in range(1, rest + 1))


def days_from(first: date, last: date) -> Iterator[date]:
    """Every calendar day from ``first`` to ``last``, both included."""
    for step in range((last - first).days + 1):
        yield first + timedelta(days=step)


def iso_day(text: str, *, what: str = "date") -> date:
    """The day written ``YYYY-MM-DD``, else :class:`Invalid` naming ``what``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"'{text}' is not a {what}.", remedy="Write it YYYY-MM-DD, for example 2022-12-28.") from None
