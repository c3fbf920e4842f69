"""Holding segments and flows against the replayed ledger, day by day."""

from datetime import date, timedelta
from decimal import Decimal as D

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st

from dawsos.compute.ledger.replay import replay
from dawsos.compute.ledger.segment_building import segments
from dawsos.compute.ledger.segments import OPEN_END, FlowKind, HoldingSegments, calendar_day, day_number
from dawsos.kernel.errors import Invalid
from dawsos.kernel.identifiers import named
from dawsos.kernel.ledger import LotMethod
from tests.unit.compute.ledger.making import Ledger, security
from tests.unit.compute.ledger.random_ledgers import STEPS, written


def rows(held: HoldingSegments, portfolio: int = 0):
    part = slice(held.segment_offsets[portfolio], held.segment_offsets[portfolio + 1])
    return [
        (
            held.instruments[instrument].symbol or held.instruments[instrument].currency,
            str(calendar_day(int(start))),
            None if end == OPEN_END else str(calendar_day(int(end))),
            int(quantity),
        )
        for instrument, start, end, quantity in zip(
            held.instrument[part], held.start_day[part], held.end_day[part], held.quantity[part], strict=True
        )
    ]


def flows(held: HoldingSegments, portfolio: int = 0):
    part = range(held.flow_offsets[portfolio], held.flow_offsets[portfolio + 1])
    return [
        (
            held.instruments[held.flow_instrument[i]].symbol or held.instruments[held.flow_instrument[i]].currency,
            FlowKind(held.flow_kind[i]).name,
            int(held.flow_amount[i]),
            held.currencies[held.flow_currency[i]],
            int(held.flow_quantity[i]),
            bool(held.flow_is_external[i]),
            bool(held.flow_is_gain[i]),
        )
        for i in part
    ]


def example() -> Ledger:
    ledger = Ledger()
    ledger.book("DEPOSIT", "2024-01-01", "5000.00", fee="1.00")
    ledger.buy("2024-01-10", "XYZ", 10, 100, 5)
    ledger.sell("2024-01-15", "XYZ", 4, 110, 5)
    ledger.book("DIVIDEND", "2024-01-20", "12.00", symbol="XYZ", withholding_tax="1.80")
    ledger.book("SPLIT", "2024-02-01", symbol="XYZ", split_from=1, split_to=2)
    ledger.book("INTEREST", "2024-02-02", "3.00")
    ledger.sell("2024-02-03", "XYZ", 12, 60)
    return ledger


def test_each_stretch_of_one_quantity_is_a_segment():
    assert rows(segments([example().rows])) == [
        ("XYZ", "2024-01-10", "2024-01-15", 10 * 10**8),
        ("XYZ", "2024-01-15", "2024-02-01", 6 * 10**8),
        ("XYZ", "2024-02-01", "2024-02-03", 12 * 10**8),
        ("CAD", "2024-01-01", "2024-01-10", 499900),
        ("CAD", "2024-01-10", "2024-01-15", 399400),
        ("CAD", "2024-01-15", "2024-01-20", 442900),
        ("CAD", "2024-01-20", "2024-02-02", 443920),
        ("CAD", "2024-02-02", "2024-02-03", 444220),
        ("CAD", "2024-02-03", None, 516220),
    ]


def test_flows_are_positive_into_their_instrument():
    assert flows(segments([example().rows])) == [
        ("CAD", "DEPOSIT", 500000, "CAD", 0, True, False),
        ("CAD", "FEE", -100, "CAD", 0, False, True),
        ("XYZ", "BUY", 100500, "CAD", 10 * 10**8, False, False),
        ("CAD", "BUY", -100500, "CAD", 0, False, False),
        ("XYZ", "SELL", -43500, "CAD", -4 * 10**8, False, False),
        ("CAD", "SELL", 43500, "CAD", 0, False, False),
        ("XYZ", "DIVIDEND", -1020, "CAD", 0, False, False),
        ("CAD", "DIVIDEND", 1020, "CAD", 0, False, False),
        ("CAD", "INTEREST", 300, "CAD", 0, False, True),
        ("XYZ", "SELL", -72000, "CAD", -12 * 10**8, False, False),
        ("CAD", "SELL", 72000, "CAD", 0, False, False),
    ]


def test_splits_are_listed_for_whoever_restates_prices():
    held = segments([example().rows])
    assert (held.split_offsets.tolist(), held.split_instrument.tolist()) == ([0, 1], [0])
    assert (held.split_day.tolist(), held.split_from.tolist(), held.split_to.tolist()) == (
        [day_number(date(2024, 2, 1))],
        [10**8],
        [2 * 10**8],
    )


def test_units_are_shares_and_whole_currency():
    held = segments([example().rows])
    assert held.units()[:4].tolist() == [10.0, 6.0, 12.0, 4999.0]


def test_a_position_opened_and_closed_on_one_day_has_flows_but_no_segment():
    ledger = Ledger()
    ledger.buy("2024-01-10", "XYZ", 10, 100)
    ledger.sell("2024-01-10", "XYZ", 10, 100)
    held = segments([ledger.rows])
    assert rows(held) == []
    assert [flow[:3] for flow in flows(held)] == [
        ("XYZ", "BUY", 100000),
        ("CAD", "BUY", -100000),
        ("XYZ", "SELL", -100000),
        ("CAD", "SELL", 100000),
    ]


def test_a_day_on_which_the_quantity_comes_back_does_not_break_a_segment():
    ledger = Ledger()
    ledger.buy("2024-01-10", "XYZ", 10, 100)
    ledger.sell("2024-01-12", "XYZ", 10, 100)
    ledger.buy("2024-01-12", "XYZ", 10, 100)
    assert rows(segments([ledger.rows]))[0] == ("XYZ", "2024-01-10", None, 10 * 10**8)


def test_transfers_in_kind_are_external_flows_of_quantity():
    ledger = Ledger()
    acquired = date(2020, 1, 1)
    ledger.book("TRANSFER_IN", "2024-01-10", symbol="XYZ", quantity=10, cost_basis=5, acquisition_date=acquired)
    out = ledger.book("TRANSFER_OUT", "2024-01-12", symbol="XYZ", quantity=4, fee="2.00")
    ledger.book(
        "TRANSFER_IN", "2024-01-12", symbol="NEW", quantity=1, cost_basis=2, acquisition_date=acquired, parent_transaction_id=out.id
    )
    assert flows(segments([ledger.rows])) == [
        ("XYZ", "TRANSFER_IN", 0, "CAD", 10 * 10**8, True, False),
        ("XYZ", "TRANSFER_OUT", 0, "CAD", -4 * 10**8, False, False),
        ("CAD", "FEE", -200, "CAD", 0, False, True),
        ("NEW", "TRANSFER_IN", 0, "CAD", 10**8, False, False),
    ]


def test_a_conversion_moves_cash_between_currencies_without_an_external_flow():
    ledger = Ledger()
    half = ledger.book("TRANSFER_OUT", "2024-01-06", -13600)
    ledger.book("TRANSFER_IN", "2024-01-06", 10000, currency="USD", rate="1.35", parent_transaction_id=half.id)
    assert flows(segments([ledger.rows])) == [
        ("CAD", "TRANSFER_OUT", -1360000, "CAD", 0, False, False),
        ("USD", "TRANSFER_IN", 1000000, "USD", 0, False, False),
    ]


def test_a_fee_that_names_a_security_is_a_flow_from_cash_to_the_security():
    ledger = Ledger()
    ledger.book("FEE", "2024-01-06", "-3.00", symbol="ADR", currency="USD", rate="1.35")
    held = segments([ledger.rows])
    assert flows(held) == [("ADR", "FEE", 300, "USD", 0, False, False), ("USD", "FEE", -300, "USD", 0, False, False)]
    assert held.flow_fx_rate.tolist() == [135_000_000, 135_000_000]


def test_a_dividend_in_another_currency_keeps_it():
    ledger = Ledger()
    ledger.buy("2024-01-10", "XYZ", 10, 100)
    ledger.book("DIVIDEND", "2024-01-20", "12.00", symbol="XYZ", currency="USD", rate="1.35", quantity=10)
    held = segments([ledger.rows])
    assert held.instruments[0].currency == "CAD"
    assert flows(held)[2:] == [("XYZ", "DIVIDEND", -1200, "USD", 0, False, False), ("USD", "DIVIDEND", 1200, "USD", 0, False, False)]


def test_an_instrument_first_seen_in_a_dividend_takes_the_currency_of_its_trades():
    ledger = Ledger()
    ledger.book("DIVIDEND", "2024-01-05", "12.00", symbol="XYZ", currency="USD", rate="1.35")
    ledger.book("SPLIT", "2024-01-06", symbol="XYZ", split_from=1, split_to=2, currency="EUR", rate="1.5")
    ledger.buy("2024-01-10", "XYZ", 10, 100)
    instrument = segments([ledger.rows]).instruments[0]
    assert (instrument.security_id, instrument.currency, instrument.is_cash) == (security("XYZ"), "CAD", False)


def test_reversed_pairs_leave_no_flows():
    ledger = example()
    before = flows(segments([ledger.rows]))
    ledger.reverse(ledger.buy("2024-01-11", "XYZ", 10, 100))
    assert flows(segments([ledger.rows])) == before


def test_more_leaving_than_is_held_is_refused():
    ledger = Ledger()
    ledger.buy("2024-01-10", "XYZ", 10, 100)
    ledger.sell("2024-01-12", "XYZ", 11, 100)
    with pytest.raises(Invalid, match=r"XYZ on 2024-01-12 \(entry 2\) in portfolio .*: more leaves than is held"):
        segments([ledger.rows])


def test_a_position_too_large_for_whole_numbers_is_refused():
    ledger = Ledger()
    ledger.book("BUY", "2024-01-10", -1, symbol="XYZ", quantity="40000000000")
    ledger.book("BUY", "2024-01-10", -1, symbol="XYZ", quantity="40000000000")
    with pytest.raises(Invalid, match="exceeds 46 billion units"):
        segments([ledger.rows])
    ledger.rows.pop()
    ledger.book("SPLIT", "2024-01-11", symbol="XYZ", split_from=1, split_to=1000)
    with pytest.raises(Invalid, match="exceeds 46 billion units"):
        segments([ledger.rows])


def test_no_portfolios_have_no_segments():
    held = segments([])
    assert (held.portfolio_ids, held.segment_offsets.tolist(), held.flow_offsets.tolist(), len(held.units())) == ((), [0], [0], 0)


def test_an_empty_ledger_among_others_is_left_out():
    assert len(segments([[], example().rows, []]).portfolio_ids) == 1


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(one=st.lists(STEPS, max_size=25), other=st.lists(STEPS, max_size=25))
def test_segments_hold_what_replay_holds_at_the_end_of_every_day(one, other):
    ledgers = [written(one), written(other)]
    ledgers[1].rows = [type(row)(**{**_facts(row), "portfolio_id": named("portfolio", "second")}) for row in ledgers[1].rows]
    assume(all(ledger.rows for ledger in ledgers))
    try:
        held = segments([ledger.rows for ledger in ledgers])
        final = [replay(ledger.rows, method=LotMethod.FIFO, base_currency="CAD") for ledger in ledgers]
    except Invalid:
        reject()
    assert [state.lots[0].portfolio_id for state in final if state.lots] == [
        held.portfolio_ids[i] for i, state in enumerate(final) if state.lots
    ]
    for number, ledger in enumerate(ledgers):
        first, last = (edge(row.transaction_date for row in ledger.rows) for edge in (min, max))
        for offset in range(-1, (last - first).days + 2):
            day = first + timedelta(days=offset)
            state = replay(ledger.rows, method=LotMethod.FIFO, base_currency="CAD", through=day)
            expected = {position.symbol: position.quantity for position in state.positions()}
            expected |= {code: amount for code, amount in state.cash.items() if amount}
            assert _held_on(held, number, day) == expected


def _facts(row):
    return {name: getattr(row, name) for name in type(row).__slots__}


def _held_on(held: HoldingSegments, portfolio: int, day: date) -> dict[str, D]:
    part = slice(held.segment_offsets[portfolio], held.segment_offsets[portfolio + 1])
    number = day_number(day)
    inside = np.flatnonzero((held.start_day[part] <= number) & (number < held.end_day[part])) + part.start
    found = {}
    for i in inside:
        instrument = held.instruments[held.instrument[i]]
        name = instrument.currency if instrument.is_cash else instrument.symbol
        assert name not in found
        found[name] = D(int(held.quantity[i])).scaleb(-2 if instrument.is_cash else -8)
    return found


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(STEPS, max_size=25))
def test_segments_are_sorted_adjacent_and_never_empty_and_flows_explain_them(steps):
    ledger = written(steps)
    try:
        held = segments([ledger.rows])
    except Invalid:
        reject()
    order = list(zip(held.instrument.tolist(), held.start_day.tolist(), strict=True))
    assert order == sorted(order)
    assert (held.quantity != 0).all()
    assert (held.start_day < held.end_day).all()
    same = held.instrument[1:] == held.instrument[:-1]
    assert (held.end_day[:-1][same] <= held.start_day[1:][same]).all()
    cash = replay(ledger.rows, method=LotMethod.FIFO, base_currency="CAD").cash if _replays(ledger) else None
    if cash is not None:
        for number, instrument in enumerate(held.instruments):
            if instrument.is_cash:
                moved = int(held.flow_amount[held.flow_instrument == number].sum())
                assert D(moved).scaleb(-2) == cash.get(instrument.currency, D(0))


def _replays(ledger: Ledger) -> bool:
    try:
        ledger.replay()
    except Invalid:
        return False
    return True
