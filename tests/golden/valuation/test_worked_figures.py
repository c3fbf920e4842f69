"""Worked figures of the specification."""

from decimal import Decimal

import pytest

from dawsos.compute.ledger.conventions import GainSplit
from dawsos.compute.valuation.positions import value_positions
from dawsos.compute.valuation.rates import RateTable
from tests.unit.compute.valuation.holdings import AS_OF, Facts, lot, quote, security


def test_one_hundred_apple_shares_gained_3725_of_which_350_on_the_dollar():
    valued = value_positions(
        [lot("AAPL", "100", "15000", currency="USD", rate="1.35")],
        {},
        as_of=AS_OF,
        prices={security("AAPL"): quote("175")},
        rates=RateTable({("USD", "CAD"): Decimal("1.37")}),
        base_currency="CAD",
        securities={security("AAPL"): Facts("AAPL", "USD")},
    )
    (position,) = valued.positions
    assert position.market_value == Decimal("23975.00")
    assert (position.unrealized_pl, position.unrealized_pl_price, position.unrealized_pl_fx) == (3725, 3375, 350)
    assert position.unrealized_pl_pct == pytest.approx(3725 / 20250, abs=1e-15)


def test_the_canadian_dollar_at_73_cents_is_its_inverse_and_its_euro_cross():
    rates = RateTable({("CAD", "USD"): Decimal("0.73"), ("EUR", "USD"): Decimal("1.08")})
    assert rates.rate("USD", "CAD") == Decimal("1.369863013698630136986301370")
    assert rates.rate("EUR", "CAD") == Decimal("1.479452054794520547945205479")


def test_what_remains_of_an_average_cost_pool_shows_its_currency_loss():
    """150 shares for USD 8 000 (EUR 7 050), 50 sold at average cost; the close is USD 80 at 1.1588 dollars a euro."""
    valued = value_positions(
        [lot("X", "100", "5333.33", currency="USD", rate="0.88", cost_base="4700.00")],
        {},
        as_of=AS_OF,
        prices={security("X"): quote("80")},
        rates=RateTable({("EUR", "USD"): Decimal("1.1588")}),
        base_currency="EUR",
        securities={security("X"): Facts("X", "USD")},
        split=GainSplit.COST_AT_EXIT_RATE,
    )
    assert (valued.unrealized_pl, valued.unrealized_pl_fx) == (Decimal("2203.69"), Decimal("-97.54"))
