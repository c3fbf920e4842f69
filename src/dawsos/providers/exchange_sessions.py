"""The sessions of stock exchanges, from the calendars the package exchange-calendars ships; no network."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from dawsos.kernel.errors import Invalid, NotFound

if TYPE_CHECKING:
    from exchange_calendars import ExchangeCalendar  # type: ignore[import-untyped]

#: A calendar is built for this many years at a time; building one for all of time takes seconds.
_YEARS_AT_A_TIME: Final = 10
#: How far a calendar reaches beyond its years: more than the longest closure there has been.
_MARGIN: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Session:
    """One trading day of an exchange; ``closes_at`` is its closing time on the exchange's own clock, earlier than usual if ``is_short``."""

    mic: str
    date: date
    closes_at: time
    is_short: bool


@dataclass(frozen=True, slots=True)
class _Calendar:
    """A calendar and the days it knows; it reaches a little beyond them, so that these may begin or end with a holiday."""

    of: "ExchangeCalendar"
    first: date
    last: date

    def labels(self, first: date, last: date) -> Iterable[datetime]:
        every = self.of.sessions
        inside: Iterable[datetime] = every[every.slice_indexer(first.isoformat(), last.isoformat())]
        return inside


def is_session(mic: str, day: date) -> bool:
    """Whether the exchange with this market identifier code (ISO 10383, ``XNYS``) trades on ``day``.

    Raises :class:`NotFound` for an exchange without a calendar and :class:`Invalid` for a day its calendar does not reach.
    """
    return bool(session_dates(mic, day, day))


def sessions(mic: str, first: date, last: date) -> Iterator[Session]:
    """Every session from ``first`` to ``last`` inclusive, in order; raises as :func:`is_session` does."""
    for start, end in _stretches(first, last):
        known = _calendar(mic, start, end)
        short = frozenset(known.of.early_closes)
        for label in known.labels(start, end):
            closes = known.of.session_close(label).tz_convert(known.of.tz)
            yield Session(mic, label.date(), closes.time(), label in short)


def session_dates(mic: str, first: date, last: date) -> list[date]:
    """The dates alone, which over many years takes a fraction of the time."""
    found: list[date] = []
    for start, end in _stretches(first, last):
        found += [label.date() for label in _calendar(mic, start, end).labels(start, end)]
    return found


def _decade(day: date) -> int:
    return day.year - day.year % _YEARS_AT_A_TIME


def _stretches(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The stretch divided where one calendar ends and the next begins."""
    start = first
    while start <= last:
        end = min(last, date(_decade(start) + _YEARS_AT_A_TIME - 1, 12, 31))
        yield start, end
        start = end + timedelta(days=1)


def _calendar(mic: str, first: date, last: date) -> _Calendar:
    known = _built(mic, _decade(first))
    if known is None or first < known.first or last > known.last:
        raise Invalid(f"The calendar of {mic} does not reach from {first} to {last}.", remedy="Ask for days its holidays are known for.")
    return known


@lru_cache(maxsize=64)
def _built(mic: str, decade: int) -> _Calendar | None:
    """The calendar of ten years, as far as the exchange's holidays are known; None when none of them are."""
    import exchange_calendars  # noqa: PLC0415 - imports pandas, which takes a second; only who asks for sessions waits

    try:
        kind = type(exchange_calendars.get_calendar(mic))
    except exchange_calendars.errors.InvalidCalendarName:
        raise NotFound(f"There is no calendar for exchange {mic!r}.", remedy="Give a market identifier code such as XNYS.") from None
    low, high = kind.bound_min(), kind.bound_max()
    earliest, latest = low.date() if low else date(decade - 1, 1, 1), high.date() if high else date(decade + _YEARS_AT_A_TIME, 12, 31)
    first, last = max(date(decade, 1, 1), earliest), min(date(decade + _YEARS_AT_A_TIME - 1, 12, 31), latest)
    if first >= last:
        return None
    start, end = max(first - _MARGIN, earliest), min(last + _MARGIN, latest)
    return _Calendar(exchange_calendars.get_calendar(mic, start=start.isoformat(), end=end.isoformat()), first, last)
