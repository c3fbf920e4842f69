"""Canonical bytes: one spelling for each value."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawsos.kernel.canonical import canonical_bytes, fingerprint, plain_decimal, sha256_hex
from dawsos.kernel.errors import Internal
from dawsos.kernel.identity import Role


@pytest.mark.parametrize(
    ("value", "text"),
    [("1.50", "1.5"), ("100", "100"), ("1E+2", "100"), ("-0.00", "0"), ("0.00000001", "0.00000001"), ("-12.3400", "-12.34"), ("0", "0")],
)
def test_a_decimal_has_one_plain_spelling(value: str, text: str) -> None:
    assert plain_decimal(Decimal(value)) == text


@given(st.decimals(min_value=-(10**18), max_value=10**18, places=8))
def test_the_plain_spelling_is_the_same_number(value: Decimal) -> None:
    assert Decimal(plain_decimal(value)) == value
    assert plain_decimal(value) == plain_decimal(value.normalize())


@dataclass(frozen=True)
class _Row:
    b: Decimal
    a: date | None


def test_records_mappings_and_values_are_written_with_sorted_keys_and_no_spaces() -> None:
    value = {"row": _Row(Decimal("2.50"), date(2020, 1, 2)), "items": (1, 2.5, True, None, Role.USER), "id": UUID(int=1)}
    assert canonical_bytes(value) == (
        b'{"id":"00000000-0000-0000-0000-000000000001","items":[1,2.5,true,null,"USER"],"row":{"a":"2020-01-02","b":"2.5"}}'
    )


def test_minus_zero_moments_and_sets_have_one_form() -> None:
    assert canonical_bytes([-0.0, {3, 1, 2}, datetime(2020, 1, 2, tzinfo=UTC)]) == b'[0.0,[1,2,3],"2020-01-02T00:00:00+00:00"]'


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), object(), b"bytes" and memoryview(b"x").tobytes])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(Internal):
        canonical_bytes(value)


def test_fingerprints_are_sha256_of_the_canonical_bytes() -> None:
    assert fingerprint({"a": 1}) == sha256_hex(b'{"a":1}')
    assert sha256_hex(b"a", b"b") == sha256_hex(b"ab")
    assert sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
