"""Adding one transaction to a known state."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import HealthCheck, given, settings

from dawsos.compute.ledger.replay import apply, empty_state, replay
from dawsos.kernel.errors import Invalid
from dawsos.kernel.identifiers import named
from dawsos.kernel.ledger import LotMethod
from tests.unit.compute.ledger.making import Ledger
from tests.unit.compute.ledger.random_ledgers import LEDGERS

METHODS = [LotMethod.FIFO, LotMethod.LIFO, LotMethod.HIFO, LotMethod.AVERAGE]


@pytest.mark.parametrize("method", METHODS)
@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(ledger=LEDGERS)
def test_one_row_after_another_is_the_same_as_all_at_once(method, ledger):
    state = empty_state(method=method, base_currency="CAD")
    for row in ledger.rows:
        try:
            state = apply(state, row)
        except Invalid:
            with pytest.raises(Invalid):
                replay(ledger.rows, method=method, base_currency="CAD")
            return
    assert state == replay(ledger.rows, method=method, base_currency="CAD")


def test_a_back_dated_row_is_put_in_its_place():
    ledger = Ledger()
    ledger.buy("2024-02-01", "XYZ", 10, 100)
    ledger.sell("2024-03-01", "XYZ", 5, 130)
    state = ledger.replay()
    row = ledger.buy("2024-01-01", "XYZ", 10, 80)
    after = apply(state, row)
    assert after == ledger.replay()
    assert after.realized[0].cost == D(400)
    assert state.realized[0].cost == D(500)


def test_a_reversal_and_a_second_half_change_what_earlier_rows_mean():
    ledger = Ledger()
    half = ledger.book("TRANSFER_OUT", "2024-01-06", -13600)
    state = ledger.replay()
    assert len(state.external_flows) == 1
    pair = ledger.book("TRANSFER_IN", "2024-01-06", 10000, currency="USD", rate="1.35", parent_transaction_id=half.id)
    paired = apply(state, pair)
    assert paired.external_flows == ()
    assert len(apply(paired, ledger.reverse(pair)).external_flows) == 1


def test_a_row_after_the_day_a_state_goes_through_is_kept_but_not_counted():
    ledger = Ledger()
    ledger.book("DEPOSIT", "2024-01-01", 100)
    state = ledger.replay(through=date(2024, 1, 31))
    after = apply(state, ledger.book("DEPOSIT", "2024-02-01", 50))
    assert (after.cash, len(after.transactions)) == ({"CAD": D(100)}, 2)


def test_a_row_that_is_already_there_or_of_another_portfolio_is_refused():
    ledger = Ledger()
    row = ledger.book("DEPOSIT", "2024-01-01", 100)
    state = ledger.replay()
    with pytest.raises(Invalid, match="occurs twice"):
        apply(state, row)
    with pytest.raises(Invalid, match="occurs twice"):
        apply(state, replace(row, sequence=2))
    with pytest.raises(Invalid, match="another portfolio"):
        apply(state, replace(row, id=named("t", 9), sequence=2, portfolio_id=named("portfolio", "other")))
