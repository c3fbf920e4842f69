"""Sessions of exchanges, against days anyone can look up."""

from datetime import date, time

import pytest

from dawsos.kernel.errors import Invalid, NotFound
from dawsos.providers.exchange_sessions import Session, is_session, session_dates, sessions


def test_weekends_and_holidays_have_no_session():
    assert is_session("XNYS", date(2024, 7, 3))
    assert not is_session("XNYS", date(2024, 7, 4))
    assert not is_session("XNYS", date(2024, 7, 6))
    assert is_session("XLON", date(2024, 7, 4))


def test_the_day_before_independence_day_is_short():
    assert list(sessions("XNYS", date(2024, 7, 3), date(2024, 7, 5))) == [
        Session("XNYS", date(2024, 7, 3), time(13), is_short=True),
        Session("XNYS", date(2024, 7, 5), time(16), is_short=False),
    ]


def test_a_stretch_over_the_turn_of_a_decade_has_every_session_once():
    dates = session_dates("XNYS", date(2019, 12, 30), date(2020, 1, 3))
    assert dates == [date(2019, 12, 30), date(2019, 12, 31), date(2020, 1, 2), date(2020, 1, 3)]
    assert [session.date for session in sessions("XNYS", date(2019, 12, 30), date(2020, 1, 3))] == dates
    assert session_dates("XNYS", date(2020, 1, 3), date(2020, 1, 1)) == []


def test_unknown_exchanges_and_days_beyond_their_calendar_are_refused():
    with pytest.raises(NotFound, match="There is no calendar for exchange 'ABCD'"):
        is_session("ABCD", date(2024, 7, 3))
    with pytest.raises(Invalid, match="The calendar of XSHG does not reach from 1980-01-01"):
        is_session("XSHG", date(1980, 1, 1))
    with pytest.raises(Invalid, match="The calendar of XTKS does not reach from 1995-01-04"):
        is_session("XTKS", date(1995, 1, 4))
