"""Internal rates of many lists at once: the rates of the single function, list by list."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.returns import xirr
from dawsos.compute.returns.batch import _slowly, xirr_batch
from dawsos.kernel.errors import Invalid

START = date(2020, 1, 1)


def packed(lists):
    edges = np.concatenate([[0], np.cumsum([len(flows) for flows in lists])])
    return edges, [day for flows in lists for day, _ in flows], [amount for flows in lists for _, amount in flows]


def alone(flows):
    return xirr([START + timedelta(days=day) for day, _ in flows], [amount for _, amount in flows])


def assert_as_alone(lists):
    found = xirr_batch(*packed(lists))
    for place, flows in enumerate(lists):
        expected = alone(flows)
        assert found.is_ambiguous[place] == expected.is_ambiguous, flows
        if expected.rate is None:
            assert np.isnan(found.rates[place]), flows
        else:
            assert found.rates[place] == pytest.approx(expected.rate, rel=1e-10, abs=1e-12), flows


def test_each_list_has_the_rate_it_has_alone():
    assert_as_alone(
        [
            [(0, -100_000), (100, -10_000), (365, 118_000)],
            [(365, 118_000), (0, -100_000), (100, -10_000)],
            [(0, -60), (0, -40), (365, 110)],
            [(0, -100), (50, 40), (400, 60)],
            [(0, 100), (365, -60), (730, -55)],
            [(0, -100), (365, 0.001)],
            [(0, -100), (3, 110)],
            [(0, 5), (20, 6)],
            [(0, 0), (20, 0)],
            [(0, -10), (0, 10)],
            [(0, -2_000), (365, 10_000), (730, -10_000)],
            [(0, 1_000), (365, -3_000), (730, 2_500)],
            [(0, -5), (365, 10.5), (730, 1), (1095, -8), (1460, 1)],
            [(0, -100), (700, 110), (701, -1e-9)],
        ]
    )


def test_days_may_be_dates():
    days = np.array(["2020-01-01", "2021-12-31"], dtype="datetime64[D]")
    assert xirr_batch([0, 2], days, [-100, 121]).rates == pytest.approx([0.1], abs=1e-12)


def test_no_lists_have_no_rates_and_an_empty_list_has_none():
    assert xirr_batch([0], [], []).rates.size == 0
    assert np.isnan(xirr_batch([0, 0], [], []).rates[0])


def test_roots_that_touch_are_found_as_far_as_floats_tell_them_apart():
    found = xirr_batch([0, 3], [0, 365, 730], [-1.0, 2.2, -1.21])
    assert found.rates[0] == pytest.approx(0.1, abs=1e-7)
    assert not found.is_ambiguous[0]


def test_a_list_the_batch_gives_up_on_is_solved_alone():
    assert _slowly(np.array([0, 365]), np.array([-100.0, 110.0])) == (pytest.approx(0.1, abs=1e-12), False)
    assert np.isnan(_slowly(np.array([0, 365]), np.array([100.0, 110.0]))[0])


lists = st.lists(
    st.lists(
        st.tuples(st.integers(0, 4000), st.floats(-1e5, 1e5).filter(lambda amount: amount == 0 or abs(amount) > 1)), min_size=1, max_size=30
    ),
    min_size=1,
    max_size=8,
)


@settings(deadline=None, max_examples=25)
@given(lists)
def test_whatever_the_flows_the_batch_agrees(flows):
    found = xirr_batch(*packed(flows))
    for place, one in enumerate(flows):
        expected = alone(one)
        if expected.rate is None:
            assert np.isnan(found.rates[place])
        elif not expected.is_ambiguous and len(expected.roots) == 1 and expected.rate < 1e6:
            assert found.rates[place] == pytest.approx(expected.rate, rel=1e-8, abs=1e-9)


@pytest.mark.parametrize(
    ("offsets", "days", "amounts", "words"),
    [
        ([], [], [], "do not divide"),
        ([0, 3], [1, 2], [1, 2], "do not divide"),
        ([1, 2], [1, 2], [1, 2], "do not divide"),
        ([0, 2, 1, 2], [1, 2], [1, 2], "do not divide"),
        ([0, 2], [1], [1, 2], "do not divide"),
        ([0, 1], [1], [np.nan], "no amount"),
    ],
)
def test_what_cannot_be_understood_is_refused(offsets, days, amounts, words):
    with pytest.raises(Invalid, match=words):
        xirr_batch(offsets, days, amounts)
