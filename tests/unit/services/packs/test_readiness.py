"""How ready the newest pricing pack is, in one word."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dawsos.kernel.clock import FixedClock
from dawsos.services.packs.readiness import oldest_fresh, readiness
from dawsos.store.health import ChainPace, PackState

NOW = FixedClock(datetime(2025, 11, 3, 12, tzinfo=UTC))  # a Monday


def pack(**changes):
    facts = {
        "id": "PP_2025-10-31", "date": date(2025, 10, 31), "status": "COMPLETE", "freshness": "fresh", "is_fresh": True, "prewarm_done": True,
        "reconciliation_passed": True, "error_message": None, "updated_at": NOW.now(),
    }  # fmt: skip
    return PackState(**{**facts, **changes})


@pytest.mark.parametrize(
    ("day", "oldest"),
    [
        (date(2025, 11, 3), date(2025, 10, 30)),  # Monday: Friday is over, Thursday may still stand
        (date(2025, 11, 4), date(2025, 10, 31)),
        (date(2025, 11, 5), date(2025, 11, 3)),
        (date(2025, 11, 7), date(2025, 11, 5)),
        (date(2025, 11, 8), date(2025, 11, 6)),  # Saturday
        (date(2025, 11, 9), date(2025, 11, 6)),  # Sunday
    ],
)
def test_one_weekday_may_be_missed(day, oldest):
    assert oldest_fresh(day) == oldest


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "fresh"),
        ({"date": date(2025, 10, 30)}, "fresh"),
        ({"date": date(2025, 10, 29)}, "stale"),
        ({"freshness": "stale"}, "stale"),
        ({"freshness": "warming"}, "warming"),
        ({"status": "PENDING", "freshness": "warming"}, "warming"),
        ({"status": "FAILED", "freshness": "error"}, "error"),
        ({"freshness": "error"}, "error"),
    ],
)
def test_the_word_for_a_pack(changes, word):
    assert readiness(pack(**changes), NOW, "ECB_CLOSE").status == word


def test_no_pack_at_all_is_an_error_that_names_the_policy():
    found = readiness(None, NOW, "ECB_CLOSE")
    assert (found.status, found.pack_id, found.error_message) == ("error", None, "There is no pricing pack of ECB_CLOSE yet.")


def test_r47_a_warming_pack_says_when_it_should_be_ready():
    begun = NOW.now() - timedelta(minutes=2)
    warming = pack(freshness="warming")
    soon = readiness(warming, NOW, "ECB_CLOSE", ChainPace(begun, 300.0))
    late = readiness(warming, NOW, "ECB_CLOSE", ChainPace(begun, 60.0))
    assert (soon.estimated_ready, late.estimated_ready) == (NOW.now() + timedelta(minutes=3), NOW.now())
    assert readiness(warming, NOW, "ECB_CLOSE", ChainPace(begun, None)).estimated_ready is None
    assert readiness(pack(), NOW, "ECB_CLOSE", ChainPace(begun, 300.0)).estimated_ready is None
