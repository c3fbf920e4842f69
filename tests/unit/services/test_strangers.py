"""Addresses without an account are locked as accounts are."""

from datetime import UTC, datetime, timedelta

from dawsos.services.strangers import Strangers

NOW = datetime(2024, 1, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


def strangers(**limits):
    return Strangers(attempts=3, duration=HOUR, **limits)


def test_the_last_allowed_attempt_locks_for_the_duration():
    counted = strangers()
    for _ in range(2):
        counted.count_failure("a@example.org", NOW)
    assert counted.locked_until("a@example.org", NOW) is None
    counted.count_failure(" A@Example.org ", NOW)
    assert counted.locked_until("a@example.org", NOW) == NOW + HOUR
    assert counted.locked_until("b@example.org", NOW) is None
    assert counted.locked_until("a@example.org", NOW + HOUR) is None


def test_after_a_lock_the_count_starts_anew():
    counted = strangers()
    for _ in range(3):
        counted.count_failure("a@example.org", NOW)
    later = NOW + HOUR
    counted.count_failure("a@example.org", later)
    assert counted.locked_until("a@example.org", later) is None


def test_the_address_tried_longest_ago_is_forgotten_first():
    counted = strangers(most_addresses=2)
    for email in ("a", "b", "a", "c", "a"):
        counted.count_failure(f"{email}@example.org", NOW)
    assert counted.locked_until("a@example.org", NOW) == NOW + HOUR
    counted.count_failure("b@example.org", NOW)
    counted.count_failure("b@example.org", NOW)
    assert counted.locked_until("b@example.org", NOW) is None
