"""Trying again what may succeed a moment later."""

import random

import pytest

from dawsos.kernel.errors import Conflict, Invalid, Unavailable
from dawsos.patterns.retry import Retries, is_retryable


class Sleeper:
    def __init__(self):
        self.slept = []

    async def __call__(self, seconds):
        self.slept.append(seconds)


class Fixed:
    """Chance that lies at a given share between its limits."""

    def __init__(self, share):
        self.share = share

    def uniform(self, a, b):
        return a + (b - a) * self.share


def failing(times, error):
    calls = []

    async def call():
        calls.append(None)
        if len(calls) <= times:
            raise error
        return len(calls)

    return call


DOWN = Unavailable("FRED does not answer.", details={"provider": "FRED"})


@pytest.mark.parametrize(
    ("error", "retryable"),
    [
        (DOWN, True),
        (Conflict("Deadlock.", details={"retryable": True}), True),
        (Unavailable("FRED refuses the key.", details={"provider": "FRED", "retryable": False}), False),
        (Unavailable("Too slow.", code="timeout"), False),
        (Invalid("Wrong.", details={"provider": "FRED"}), False),
        (Invalid("Wrong.", details={"retryable": "yes"}), False),
    ],
)
def test_r43_only_an_error_marked_as_such_is_worth_another_attempt(error, retryable):
    assert is_retryable(error) is retryable


async def test_success_needs_no_second_attempt():
    sleeper = Sleeper()
    retries = Retries(sleeper, Fixed(0.5))
    assert await retries.run(failing(0, DOWN)) == 1
    assert (sleeper.slept, retries.attempts) == ([], 1)


@pytest.mark.parametrize(("share", "waits"), [(0.0, [0.8, 1.6, 3.2]), (0.5, [1.0, 2.0, 4.0]), (1.0, [1.2, 2.4, 4.8])])
async def test_it_waits_one_two_and_four_seconds_give_or_take_a_fifth(share, waits):
    sleeper = Sleeper()
    retries = Retries(sleeper, Fixed(share))
    assert await retries.run(failing(3, DOWN)) == 4
    assert sleeper.slept == pytest.approx(waits)
    assert retries.attempts == 4


async def test_after_three_more_attempts_the_error_stands():
    sleeper = Sleeper()
    retries = Retries(sleeper, random.Random(7))
    with pytest.raises(Unavailable, match="FRED does not answer"):
        await retries.run(failing(4, DOWN))
    assert len(sleeper.slept) == 3
    assert all(0.8 * wait <= slept <= 1.2 * wait for wait, slept in zip((1, 2, 4), sleeper.slept, strict=True))


async def test_a_final_error_is_never_repeated():
    sleeper = Sleeper()
    retries = Retries(sleeper, Fixed(0.5))
    with pytest.raises(Invalid):
        await retries.run(failing(1, Invalid("Wrong.")))
    assert (sleeper.slept, retries.attempts) == ([], 1)
