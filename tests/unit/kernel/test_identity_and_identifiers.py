"""Rights by role; identifiers ordered by time; clocks and calendars."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import RFC_4122

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawsos.kernel.clock import FixedClock, today
from dawsos.kernel.dates import days_from, is_weekday, iso_day, weekdays_between
from dawsos.kernel.errors import DawsosError, Invalid, NotFound, Unavailable
from dawsos.kernel.identifiers import named, uuid7
from dawsos.kernel.identity import ALL_RIGHTS, RIGHTS, SYSTEM, Actor, Role


def test_each_role_has_the_rights_of_the_one_below_and_more() -> None:
    ranks = [Role.VIEWER, Role.USER, Role.MANAGER, Role.ADMIN]
    for lower, higher in pairwise(ranks):
        assert RIGHTS[lower] < RIGHTS[higher]
    assert RIGHTS[Role.ADMIN] == ALL_RIGHTS == SYSTEM.rights
    assert "portfolio_write" not in Actor(None, Role.VIEWER).rights
    assert "export_pdf" not in RIGHTS[Role.USER]


@given(st.integers(0, 2**47), st.integers(1, 2**40), st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_later_identifiers_sort_after_earlier_ones(moment: int, later_by: int, one: bytes, two: bytes) -> None:
    earlier, later = uuid7(moment, one), uuid7(moment + later_by, two)
    assert earlier < later
    assert earlier.version == 7
    assert earlier.variant == RFC_4122


def test_an_identifier_needs_ten_bytes_of_entropy() -> None:
    with pytest.raises(ValueError, match="ten bytes"):
        uuid7(0, b"short")


def test_a_named_identifier_is_the_same_everywhere_and_its_parts_do_not_run_together() -> None:
    assert str(named("security", "AAPL")) == str(named("security", "AAPL"))
    assert named("a", "b", "c") != named("a", "bc") != named("ab", "c")


def test_a_fixed_clock_moves_only_when_told() -> None:
    clock = FixedClock(datetime(2022, 12, 28, 23, tzinfo=UTC))
    assert today(clock) == date(2022, 12, 28)
    clock.advance(timedelta(hours=2))
    assert today(clock) == date(2022, 12, 29)


@given(st.dates(date(1999, 1, 1), date(2030, 1, 1)), st.integers(0, 400))
def test_weekdays_between_counts_every_weekday_once(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    assert weekdays_between(start, end) == sum(is_weekday(day) for day in days_from(start, end)) - is_weekday(start)


def test_weekdays_between_refuses_dates_in_the_wrong_order() -> None:
    assert weekdays_between(date(2022, 12, 23), date(2022, 12, 26)) == 1
    with pytest.raises(Invalid):
        weekdays_between(date(2022, 1, 2), date(2022, 1, 1))


def test_a_day_is_written_in_iso_form() -> None:
    assert iso_day("2022-12-28") == date(2022, 12, 28)
    with pytest.raises(Invalid, match=r"'28\.12\.2022' is not a pack date"):
        iso_day("28.12.2022", what="pack date")


def test_an_error_carries_kind_code_remedy_and_details() -> None:
    error = Unavailable("The database is down.", remedy="Start it.", retry_after=5, details={"host": "socket"})
    assert (error.kind, error.code, error.retry_after, error.details) == ("unavailable", "unavailable", 5, {"host": "socket"})
    assert str(error) == "The database is down. Start it."
    assert NotFound("No such pack.", code="pricing_pack_not_found").code == "pricing_pack_not_found"
    assert {leaf.kind for leaf in DawsosError.__subclasses__()} == {
        "invalid", "unauthenticated", "forbidden", "not_found", "conflict", "rate_limited", "unavailable", "insufficient_data", "internal",
    }  # fmt: skip
