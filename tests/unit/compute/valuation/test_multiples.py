"""Multiples of a price: by hand, and null rather than nonsense."""

import pytest

from dawsos.compute.valuation.multiples import dividend_yield, market_capitalisation, per_share, price_multiple


def test_a_price_of_120_with_ten_shares():
    assert market_capitalisation(120.0, 10.0) == 1200.0
    assert per_share(60.0, 10.0) == 6.0
    assert price_multiple(120.0, 6.0) == 20.0
    assert dividend_yield(3.0, 120.0) == pytest.approx(0.025)


def test_what_is_not_known_or_not_positive_gives_nothing():
    assert market_capitalisation(120.0, None) is None and market_capitalisation(120.0, 0.0) is None
    assert per_share(None, 10.0) is None and per_share(60.0, None) is None
    assert price_multiple(120.0, -1.0) is None and price_multiple(120.0, None) is None
    assert dividend_yield(None, 120.0) is None and dividend_yield(3.0, 0.0) is None
