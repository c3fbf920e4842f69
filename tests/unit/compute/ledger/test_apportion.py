"""Dividing exact totals."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawsos.compute.ledger.apportion import in_turn, largest_remainder
from dawsos.kernel.errors import Invalid

WEIGHTS = st.lists(st.decimals(min_value=0, max_value=10**6, places=8), min_size=1, max_size=20).filter(lambda weights: sum(weights) > 0)
TOTALS = st.decimals(min_value=0, max_value=10**9, places=2)


def test_spare_cents_go_to_the_largest_remainders_and_to_the_earlier_of_equals():
    assert largest_remainder(D("0.02"), [D(1), D(1), D(1)]) == [D("0.01"), D("0.01"), D("0.00")]
    assert largest_remainder(D("1.00"), [D(1), D(4), D(1)]) == [D("0.17"), D("0.67"), D("0.16")]
    assert largest_remainder(D("1.00"), [D(1), D(6)]) == [D("0.14"), D("0.86")]


def test_steps_other_than_cents():
    assert largest_remainder(D(10), [D(1), D(2)], step=D(1)) == [D(3), D(7)]


def test_parts_in_turn_are_shares_of_what_is_left():
    assert in_turn(D(100), [D(1), D(1), D(1)]) == [D("33.33"), D("33.34"), D("33.33")]
    assert in_turn(D(-100), [D(1), D(1), D(1)]) == [D("-33.33"), D("-33.34"), D("-33.33")]
    assert in_turn(D(5), []) == []


@pytest.mark.parametrize(("total", "weights"), [(D(1), [D(0)]), (D(-1), [D(1)]), (D(1), [D(-1), D(3)])])
def test_a_total_that_cannot_be_divided_is_refused(total, weights):
    with pytest.raises(Invalid, match="cannot be divided"):
        largest_remainder(total, weights)


@given(total=TOTALS, weights=WEIGHTS)
def test_parts_add_up_and_lie_within_a_cent_of_their_exact_share(total, weights):
    parts = largest_remainder(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < D("0.010001")


@given(total=TOTALS, weights=WEIGHTS)
def test_parts_in_turn_add_up(total, weights):
    assert sum(in_turn(total, [weight for weight in weights if weight])) == total
