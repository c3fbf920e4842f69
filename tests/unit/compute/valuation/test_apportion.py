"""Shares that add up to their total."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawsos.compute.valuation.apportion import apportion
from dawsos.kernel.errors import Invalid


def shares(total, *quantities):
    return [str(share) for share in apportion(Decimal(total), [Decimal(quantity) for quantity in quantities])]


def test_the_cent_left_over_goes_to_the_largest_remainder():
    assert shares("10.00", "1", "2", "3") == ["1.67", "3.33", "5.00"]
    assert shares("0.05", "1.5", "1") == ["0.03", "0.02"]


def test_among_equal_remainders_the_earlier_part_gets_the_cent():
    assert shares("100.00", "1", "1", "1") == ["33.34", "33.33", "33.33"]


def test_a_negative_total_is_shared_out_too():
    assert sum(map(Decimal, shares("-100.00", "1", "1", "1"))) == Decimal("-100.00")


def test_quantities_that_sum_to_nothing_are_refused():
    with pytest.raises(Invalid, match="sum to zero"):
        apportion(Decimal("1.00"), [Decimal(0)])


@given(
    st.decimals(min_value="-1e12", max_value="1e12", places=2),
    st.lists(st.decimals(min_value="0.00000001", max_value="1e10", places=8), min_size=1, max_size=8),
)
def test_shares_sum_to_the_total_and_are_within_a_cent_of_their_quota(total, quantities):
    result = apportion(total, quantities)
    assert sum(result) == total
    whole = sum(quantities)
    for share, quantity in zip(result, quantities, strict=True):
        assert abs(share - total * quantity / whole) < Decimal("0.010001")
