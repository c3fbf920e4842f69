"""Sessions of exchanges: open and closed days, early closes, sessions per year."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from dawsos.providers.exchange_sessions import Session, is_session, session_dates, sessions
from tools.oracles.cases import NoFunction, Question


def _session(mic: str, day: date) -> Session | None:
    return next(iter(sessions(mic, day, day)), None)


def _is_early(mic: str, day: date) -> bool:
    session = _session(mic, day)
    return session is not None and session.is_short


def _is_full(mic: str, day: date) -> bool:
    session = _session(mic, day)
    return session is not None and not session.is_short


def _is_closed(mic: str, day: date) -> bool:
    return not is_session(mic, day)


#: What a list of days is asked to be.
_STATES: Mapping[str, Callable[[str, date], bool]] = {
    "open": is_session,
    "closed": _is_closed,
    "holidays": _is_closed,
    "early": _is_early,
    "full": _is_full,
}


def _figure(question: Question, key: str, asked: Any) -> Any:
    mic = question.inputs["exchange"]
    if key in _STATES and isinstance(asked, Mapping):
        return {day: _STATES[key](mic, date.fromisoformat(day)) for day in asked}
    if key.isdigit():
        return len(session_dates(mic, date(int(key), 1, 1), date(int(key), 12, 31)))
    if key == "early_close_time":
        return _early_close(question, mic)
    if key == "sessions" and {"start", "end"} <= question.inputs.keys():
        return len(session_dates(mic, date.fromisoformat(question.inputs["start"]), date.fromisoformat(question.inputs["end"])))
    raise NoFunction(f"no function for '{key}'")


def _early_close(question: Question, mic: str) -> str:
    """The time of the early closes the case speaks of, all of which must be the same."""
    days = [date.fromisoformat(day) for day in question.asked.get("early", question.inputs.get("early", ()))]
    times = {session.closes_at.strftime("%H:%M") for day in days if (session := _session(mic, day))}
    return times.pop() if len(times) == 1 else ", ".join(sorted(times))


def answer(question: Question) -> Mapping[str, Any]:
    """Each list of days, count or time asked for."""
    return {key: _figure(question, key, asked) for key, asked in question.asked.items()}
