"""The one form of success, made of bytes that were made once."""

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

from dawsos.api.envelope import answer_of, envelope, joined, success_response, written
from dawsos.registry.contract import Contract

NOON = datetime(2025, 11, 3, 12, tzinfo=UTC)


class Amount(Contract):
    value: Decimal


def test_data_is_canonical_and_what_is_around_it_follows():
    around = envelope(moment=NOON, trace_id="t1", warnings=["careful"])
    assert success_response([Amount(value=Decimal("1.50"))], around).body == (
        b'{"data":[{"value":"1.5"}],"status":"success","timestamp":"2025-11-03T12:00:00Z","trace_id":"t1","warnings":["careful"]}'
    )


def test_moments_are_written_in_utc():
    assert written(datetime(2025, 11, 3, 7, tzinfo=timezone(timedelta(hours=-5)))) == "2025-11-03T12:00:00Z"


def test_objects_are_joined_without_being_read():
    assert json.loads(joined(b'{"a":1}', b'{"b":[2,{"c":3}]}')) == {"a": 1, "b": [2, {"c": 3}]}


def test_answers_are_named_after_what_they_hold():
    assert answer_of(Amount).__name__ == "AmountAnswer"
    assert answer_of(list[Amount]).__name__ == "AmountListAnswer"
    assert list(answer_of(Amount).model_fields) == ["status", "data", "warnings", "trace_id", "timestamp"]
