"""What holds for every ledger."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal as D

import pytest
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st

from dawsos.compute.ledger.conventions import GainSplit
from dawsos.compute.ledger.records import LedgerState
from dawsos.kernel.errors import Invalid
from dawsos.kernel.ledger import TransactionType
from tests.support.many import many
from tests.unit.compute.ledger.making import Ledger
from tests.unit.compute.ledger.random_ledgers import LEDGERS, LEDGERS_WITHOUT_SPLITS, LONG_LEDGERS

METHODS = st.sampled_from(["FIFO", "LIFO", "HIFO", "AVERAGE"])
CHECKS = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def state_of(ledger: Ledger, method: str, **conventions) -> LedgerState:
    try:
        return ledger.replay(method, **conventions)
    except Invalid:
        reject()


def rows_of(state: LedgerState, *types: TransactionType):
    alive = {row.parent_transaction_id for row in state.transactions if row.is_reversal}
    return [row for row in state.transactions if row.transaction_type in types and not row.is_reversal and row.id not in alive]


@many(100)
@given(ledger=st.one_of(LEDGERS, LONG_LEDGERS), method=METHODS, split=st.sampled_from(GainSplit), shuffle=st.randoms(use_true_random=False))
def test_what_holds_for_every_ledger(ledger, method, split, shuffle):
    state = state_of(ledger, method, gain_split=split)
    _cost_is_conserved(state)
    _lots_are_possible(state)
    _cash_is_conserved(ledger, state)
    _gains_add_up(state)
    shuffle.shuffle(ledger.rows)
    assert ledger.replay(method, gain_split=split) == state, "rows of one day stand in another order than that of their sequence"


def _cost_is_conserved(state):
    """Cost put in is cost still held plus cost taken out, in both currencies."""
    bought = [(-row.cash_effect, row.fx_rate) for row in rows_of(state, TransactionType.BUY)]
    bought += [(row.cost_basis, row.fx_rate) for row in rows_of(state, TransactionType.TRANSFER_IN) if row.security_id]
    gone = (*state.disposals, *state.carried_out)
    held = sum((lot.cost_basis for lot in state.lots), D(0)) + sum((part.cost for part in gone), D(0))
    assert sum((cost for cost, _ in bought), D(0)) == held
    held_base = sum((lot.cost_basis_base for lot in state.lots), D(0)) + sum((part.cost_base for part in gone), D(0))
    assert sum((round(cost * rate, 2) for cost, rate in bought), D(0)) == held_base


def _lots_are_possible(state):
    """Never negative, never larger than they were, closed when empty and then without cost."""
    for lot in state.lots:
        assert 0 <= lot.qty_open <= lot.qty_original
        assert lot.cost_basis >= 0
        assert lot.cost_basis_base >= 0
        assert (lot.closed_date is not None) == (lot.qty_open == 0)
        assert lot.qty_open > 0 or lot.cost_basis == lot.cost_basis_base == 0


def _cash_is_conserved(ledger, state):
    """Cash is the sum of all cash effects, reversed pairs included."""
    expected = {}
    for row in ledger.rows:
        expected[row.currency] = expected.get(row.currency, D(0)) + row.cash_effect
    assert {code: amount for code, amount in state.cash.items() if amount} == {code: amount for code, amount in expected.items() if amount}
    assert {code: days[-1][1] for code, days in state.cash_history.items()} == dict(state.cash)


def _gains_add_up(state):
    """From parts to sales, and from price and currency to the whole."""
    for sale in state.realized:
        parts = [part for part in state.disposals if part.sell_transaction_id == sale.transaction_id]
        assert sale.realized_pl == sale.realized_pl_price + sale.realized_pl_fx == sale.proceeds_base - sale.cost_base
        assert sale.proceeds == sum(part.proceeds for part in parts)
        assert sale.proceeds_base == sum(part.proceeds_base for part in parts)
        assert sale.quantity == sum(part.quantity for part in parts)
        for part in parts:
            assert part.gain_price_base + part.gain_fx_base == part.proceeds_base - part.cost_base
            assert part.holding_days == (part.disposal_date - part.acquisition_date).days >= 0


@CHECKS
@given(ledger=LEDGERS_WITHOUT_SPLITS, method=METHODS)
def test_quantity_put_in_is_quantity_still_held_plus_quantity_taken_out(ledger, method):
    state = state_of(ledger, method)
    opened = sum((lot.qty_original for lot in state.lots), D(0))
    gone = sum((part.quantity for part in (*state.disposals, *state.carried_out)), D(0))
    assert opened == sum((lot.qty_open for lot in state.lots), D(0)) + gone


@CHECKS
@given(ledger=LEDGERS, method=METHODS)
def test_the_convention_of_the_split_changes_the_parts_and_never_the_gain(ledger, method):
    one = state_of(ledger, method, gain_split=GainSplit.ENTRY_RATE)
    other = state_of(ledger, method, gain_split=GainSplit.COST_AT_EXIT_RATE)
    assert [sale.realized_pl for sale in one.realized] == [sale.realized_pl for sale in other.realized]
    assert one.lots == other.lots


@CHECKS
@given(ledger=LEDGERS, method=METHODS)
def test_a_reversed_pair_changes_nothing(ledger, method):
    assume(ledger.rows)
    before = state_of(ledger, method)
    day = str(ledger.rows[len(ledger.rows) // 2].transaction_date)
    ledger.reverse(ledger.book("SELL", day, 5, symbol="AAA", quantity=10**6))
    assert replace(ledger.replay(method), transactions=()) == replace(before, transactions=())


@CHECKS
@given(ledger=LEDGERS)
def test_once_everything_is_sold_every_method_has_realised_the_same(ledger):
    held = state_of(ledger, "FIFO")
    for position in held.positions():
        rate = next(lot.trade_fx_rate for lot in held.open_lots(position.security_id))
        day = str(max(row.transaction_date for row in ledger.rows) + timedelta(days=1))
        ledger.book("SELL", day, 1000, symbol=position.symbol, quantity=position.quantity, currency=position.currency, rate=rate)
    assume(not held.carried_out)
    totals = {}
    for method in ("FIFO", "LIFO", "HIFO", "AVERAGE"):
        state = state_of(ledger, method)
        assert state.open_lots() == ()
        local = {}
        for sale in state.realized:
            local[sale.currency] = local.get(sale.currency, D(0)) + sale.realized_pl_local
        totals[method] = (local, sum((sale.realized_pl for sale in state.realized), D(0)))
    assert totals["FIFO"] == totals["LIFO"] == totals["HIFO"] == totals["AVERAGE"]


@CHECKS
@given(ledger=LEDGERS_WITHOUT_SPLITS, method=METHODS, factor=st.sampled_from([2, 4, 5, 10, 100]))
def test_a_split_and_its_inverse_restore_every_lot(ledger, method, factor):
    before = state_of(ledger, method)
    assume(before.positions())
    day = str(max(row.transaction_date for row in ledger.rows))
    for terms in ((1, factor), (factor, 1)):
        for position in before.positions():
            ledger.book(
                "SPLIT",
                day,
                symbol=position.symbol,
                split_from=terms[0],
                split_to=terms[1],
                currency=position.currency,
                rate=1 if position.currency == "CAD" else 2,
            )
    assert ledger.replay(method).lots == before.lots


@pytest.mark.parametrize("method", ["FIFO", "LIFO", "HIFO", "AVERAGE"])
@CHECKS
@given(ledger=LEDGERS)
def test_the_past_does_not_depend_on_what_came_later(method, ledger):
    whole = state_of(ledger, method)
    assume(len(ledger.rows) > 2)
    middle = ledger.rows[len(ledger.rows) // 2].transaction_date
    before = ledger.replay(method, through=middle)
    assert before.disposals == tuple(part for part in whole.disposals if part.disposal_date <= middle)
    assert before.external_flows == tuple(flow for flow in whole.external_flows if flow.date <= middle)
    assert before.income == tuple(each for each in whole.income if each.date <= middle)
