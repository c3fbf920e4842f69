"""Failed logins of one address in a sliding window."""

from datetime import UTC, datetime, timedelta

import pytest

from dawsos.api import login_limit
from dawsos.api.login_limit import LoginLimit
from dawsos.kernel.clock import FixedClock
from dawsos.kernel.errors import RateLimited


@pytest.fixture
def clock():
    return FixedClock(datetime(2025, 11, 3, 12, tzinfo=UTC))


@pytest.fixture
def limit(clock):
    return LoginLimit(clock, failures=3, window=timedelta(seconds=60))


def test_as_many_as_allowed_pass_and_the_next_waits_for_the_first_to_fall_out(limit, clock):
    for _ in range(3):
        limit.begin("192.0.2.1")
        clock.advance(timedelta(seconds=10))
    with pytest.raises(RateLimited) as caught:
        limit.begin("192.0.2.1")
    assert caught.value.retry_after == 31
    clock.advance(timedelta(seconds=30))
    limit.begin("192.0.2.1")
    with pytest.raises(RateLimited):
        limit.begin("192.0.2.1")


def test_refused_attempts_do_not_prolong_the_wait(limit, clock):
    for _ in range(3):
        limit.begin("192.0.2.1")
    for _ in range(50):
        with pytest.raises(RateLimited):
            limit.begin("192.0.2.1")
        clock.advance(timedelta(seconds=1))
    clock.advance(timedelta(seconds=10))
    limit.begin("192.0.2.1")


def test_a_login_that_succeeds_does_not_count(limit):
    for _ in range(10):
        limit.begin("192.0.2.1")
        limit.succeed("192.0.2.1")


def test_addresses_are_counted_apart_but_one_subscribers_together(limit):
    for number in range(3):
        limit.begin(f"2001:db8:1:2::{number}")
    with pytest.raises(RateLimited):
        limit.begin("2001:db8:1:2:ffff::1")
    limit.begin("2001:db8:1:3::1")
    limit.begin("192.0.2.1")
    limit.begin(None)


def test_the_memory_is_bounded(clock):
    limit = LoginLimit(clock, failures=3, window=timedelta(seconds=60))
    for number in range(login_limit.MOST_ADDRESSES + 500):
        limit.begin(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert limit.remembered == login_limit.MOST_ADDRESSES
