"""Several cost-basis books over one ledger."""

from decimal import Decimal as D

from hypothesis import HealthCheck, given, reject, settings

from dawsos.compute.ledger.conventions import GainSplit
from dawsos.compute.ledger.cost_books import BookConventions, keep_books, totals
from dawsos.kernel.errors import Invalid
from dawsos.kernel.ledger import LotMethod
from tests.unit.compute.ledger.making import Ledger
from tests.unit.compute.ledger.random_ledgers import LEDGERS

BOOKS = {
    "tax": BookConventions(method=LotMethod.FIFO),
    "management": BookConventions(method=LotMethod.AVERAGE, gain_split=GainSplit.COST_AT_EXIT_RATE, fees_in_cost=False),
    "harvest": BookConventions(method=LotMethod.HIFO),
}


def test_one_ledger_has_another_result_in_every_book():
    ledger = Ledger()
    ledger.book("BUY", "2020-01-02", -1000, symbol="AAA", quantity=10, fee=10, currency="USD", rate="1.2")
    ledger.book("BUY", "2020-01-03", -3000, symbol="AAA", quantity=10, currency="USD", rate="1.3")
    ledger.book("SELL", "2020-02-03", 2500, symbol="AAA", quantity=10, currency="USD", rate="1.4")
    books = keep_books(ledger.rows, BOOKS, base_currency="CAD")
    assert {name: totals(state).realized_pl for name, state in books.items()} == {
        "tax": D(2288),  # 3,500 − 1,010 × 1.2
        "management": D(950),  # 3,500 − (1,200 + 3,900) / 2
        "harvest": D(-400),  # 3,500 − 3,900
    }
    tax = totals(books["tax"])
    assert (tax.realized_pl_price, tax.realized_pl_fx, tax.cost_basis_base) == (D(1788), D(500), D(3900))


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(LEDGERS)
def test_each_book_is_a_replay_by_its_conventions_alone(ledger):
    try:
        books = keep_books(ledger.rows, BOOKS, base_currency="CAD")
    except Invalid:
        reject()
    for name, by in BOOKS.items():
        assert books[name] == ledger.replay(by.method.value, gain_split=by.gain_split, fees_in_cost=by.fees_in_cost)
    assert len({tuple(sorted(state.cash.items())) for state in books.values()}) == 1
    if not books["tax"].carried_out:
        assert len({totals(books[name]).realized_pl - totals(books[name]).cost_basis_base for name in ("tax", "harvest")}) == 1
