"""More entries in a known state are what replaying everything with them gives, or refuses."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dawsos.compute.ledger import replay as replaying
from dawsos.compute.ledger.extension import can_extend, paid
from dawsos.compute.ledger.replay import apply_all, replay
from dawsos.kernel.errors import Invalid
from dawsos.kernel.ledger import LotMethod, LotSelection, Transaction
from tests.unit.compute.ledger.making import Ledger
from tests.unit.compute.ledger.random_ledgers import LONG_LEDGERS

LATE = st.lists(st.tuples(st.integers(0, 39), st.integers(-40, 10)), min_size=1, max_size=3)


def _state(rows, method):
    return replay(rows, method=method, base_currency="CAD")


def _outcome(compute):
    """Everything a state holds, in its order; or the words and details of the refusal."""
    try:
        state = compute()
    except Invalid as error:
        return str(error), error.remedy, error.details
    return repr(state)  # amounts to the last zero they are written with, and every part in its order


def _with_lots_chosen(rows: list[Transaction]) -> list[Transaction]:
    """Every row names the lots that first-in, first-out takes, so that it can stand in a ledger of named lots."""
    state, chosen = _state(rows, LotMethod.FIFO), {}
    for part in state.disposals:
        chosen.setdefault(part.sell_transaction_id, []).append(LotSelection(part.lot_id, part.quantity))
    for part in state.carried_out:
        chosen.setdefault(part.transfer_transaction_id, []).append(LotSelection(part.lot_id, part.quantity))
    return [replace(row, lot_selection=tuple(chosen.get(row.id, ()))) for row in rows]


def _taken_out(rows: list[Transaction], late: list[tuple[int, int]], method: LotMethod) -> tuple[list[Transaction], list[Transaction]]:
    """What stands without some of the rows; and those, of other days, as the newest entries."""
    known, new = rows, []
    for index, days in late:
        row = rows[index % len(rows)]
        rest = [one for one in known if one is not row]
        try:
            _state(rest, method)
        except Invalid:
            continue
        if row in known and can_extend(_state((), method), [row]):
            known = rest
            new.append(replace(row, sequence=1000 + len(new), transaction_date=row.transaction_date + timedelta(days=days)))
    return known, new


@pytest.mark.parametrize("method", list(LotMethod))
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(ledger=LONG_LEDGERS, late=LATE)
def test_entries_of_any_dates_make_the_state_that_replaying_everything_makes(method, ledger, late):
    if not ledger.rows:
        return
    rows = _with_lots_chosen(ledger.rows) if method is LotMethod.SPECIFIC else ledger.rows
    known, new = _taken_out(rows, late, method)
    before = _state(known, method)
    assert _outcome(lambda: apply_all(before, new)) == _outcome(lambda: _state([*known, *new], method))


def test_only_the_securities_touched_are_replayed(monkeypatch):
    ledger, booked = Ledger(), []
    ledger.book("DEPOSIT", "2024-01-01", 10_000)
    ledger.buy("2024-02-01", "XYZ", 10, 100)
    ledger.buy("2024-02-01", "ABC", 10, 100)
    ledger.sell("2024-03-01", "XYZ", 5, 130)
    before = ledger.replay()
    late = ledger.buy("2024-01-02", "XYZ", 10, 80)
    whole = replaying.Builder.book
    monkeypatch.setattr(replaying.Builder, "book", lambda self, row, **facts: (booked.append(row), whole(self, row, **facts)))
    after = apply_all(before, [late])
    assert [row.sequence for row in booked] == [5, 2, 4]
    assert [(lot.symbol, lot.qty_open) for lot in after.lots] == [("XYZ", D(5)), ("XYZ", D(10)), ("ABC", D(10))]
    assert after.realized[0].cost == D(400)
    assert after.cash_history["CAD"] == (
        (date(2024, 1, 1), D(10_000)),
        (date(2024, 1, 2), D(9_200)),
        (date(2024, 2, 1), D(7_200)),
        (date(2024, 3, 1), D(7_850)),
    )


def test_a_sale_before_the_purchase_is_refused_as_the_whole_replay_refuses_it():
    ledger = Ledger()
    ledger.buy("2024-02-01", "XYZ", 10, 100)
    ledger.buy("2024-02-01", "ABC", 10, 100)
    before = ledger.replay()
    early = ledger.sell("2024-01-15", "XYZ", 1, 100)
    with pytest.raises(Invalid) as part:
        apply_all(before, [early])
    with pytest.raises(Invalid) as whole:
        ledger.replay()
    assert (str(part.value), part.value.details) == (str(whole.value), whole.value.details)
    assert part.value.details["sequence"] == 3


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (1, ((1, D(5)), (2, D(15)), (4, D(25)))),
        (2, ((2, D(15)), (4, D(25)))),
        (3, ((2, D(10)), (3, D(15)), (4, D(25)))),
        (5, ((2, D(10)), (4, D(20)), (5, D(25)))),
    ],
)
def test_a_payment_moves_every_later_balance(day, expected):
    history = tuple((date(2024, 1, at), balance) for at, balance in ((2, D(10)), (4, D(20))))
    assert paid(history, date(2024, 1, day), D(5)) == tuple((date(2024, 1, at), balance) for at, balance in expected)
