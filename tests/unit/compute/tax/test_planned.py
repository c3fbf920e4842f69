"""Taxes of sales that are only planned, and the wash sales a plan would make in any portfolio."""

from datetime import date
from decimal import Decimal as D
from uuid import UUID

from dawsos.compute.ledger.records import Lot
from dawsos.compute.tax.planned import sold_lots, taxed_sales
from dawsos.compute.tax.realised import Purchase, RealisedLot
from dawsos.compute.tax.rules import CANADA, UNITED_STATES
from dawsos.kernel.ledger import LotMethod

SECURITY, HOME = UUID(int=1), UUID(int=9)
TODAY = date(2021, 6, 30)


def lot(number: int, quantity: str, cost: str, acquired: date) -> Lot:
    return Lot(
        id=UUID(int=100 + number),
        portfolio_id=HOME,
        security_id=SECURITY,
        symbol="XYZ",
        qty_open=D(quantity),
        qty_original=D(quantity),
        cost_basis=D(cost),
        cost_basis_base=D(cost),
        acquisition_date=acquired,
        currency="USD",
        trade_fx_rate=D(1),
        open_transaction_id=UUID(int=100 + number),
        open_sequence=number,
    )


LOTS = (lot(1, "10", "1000.00", date(2019, 1, 2)), lot(2, "10", "3000.00", date(2021, 2, 1)))


def sold(method: LotMethod, quantity: str = "15", proceeds: str = "3000.00"):
    return sold_lots(LOTS, D(quantity), D(proceeds), method=method, sold=TODAY, name="here")


def purchase(number: int, day: date, quantity: str) -> Purchase:
    return Purchase(id=UUID(int=500 + number), security_id=SECURITY, date=day, quantity=D(quantity), cost=D(1))


def test_proceeds_and_costs_are_divided_over_the_lots_to_the_cent():
    first, second = sold(LotMethod.FIFO)
    assert (first.quantity, first.proceeds, first.cost) == (D(10), D("2000.00"), D("1000.00"))
    assert (second.quantity, second.proceeds, second.cost) == (D(5), D("1000.00"), D("1500.00"))
    dearest, _ = sold(LotMethod.SPECIFIC)
    assert (dearest.lot_id, dearest.cost) == (UUID(int=102), D("3000.00"))
    pooled = sold(LotMethod.AVERAGE)
    assert [each.cost for each in pooled] == [D("2000.00"), D("1000.00")]
    assert sum(each.proceeds for each in sold(LotMethod.FIFO, "3", "100.00")) == D("100.00")


def test_a_sale_is_taxed_by_term():
    ((tax,), washed) = taxed_sales([sold(LotMethod.FIFO)], [], closings=[], purchases=[])
    assert (tax.long_term_gain, tax.short_term_gain, tax.disallowed) == (D("1000.00"), D("-500.00"), D(0))
    assert (tax.taxable_gain, tax.tax_cost, washed) == (D("500.00"), D("160.00"), ())
    ((canada,), _) = taxed_sales([sold(LotMethod.FIFO)], [], closings=[], purchases=[], rules=CANADA, tax_rate=D("0.4"))
    assert canada.tax_cost == D("100.00")


def test_a_purchase_in_another_portfolio_within_thirty_days_takes_the_loss_away():
    near, far = purchase(1, date(2021, 6, 1), "2"), purchase(2, date(2021, 5, 30), "5")
    ((tax,), washed) = taxed_sales([sold(LotMethod.LIFO, "10", "2000.00")], [], closings=[], purchases=[near, far])
    assert (tax.short_term_gain, tax.disallowed, tax.taxable_gain, tax.tax_cost) == (D("-1000.00"), D("200.00"), D("-800.00"), D("-256.00"))
    (one,) = washed
    assert (one.purchase_id, one.quantity, one.disallowed) == (near.id, D(2), D("200.00"))


def test_a_planned_purchase_takes_away_a_loss_that_was_realised():
    past = RealisedLot(
        id=UUID(int=700), lot_id=UUID(int=701), security_id=SECURITY, acquired=date(2020, 1, 1), sold=date(2021, 6, 10), quantity=D(8),
        proceeds=D("100.00"), cost=D("500.00"),
    )  # fmt: skip
    planned = purchase(3, TODAY, "4")
    taxes, (one,) = taxed_sales([], [planned], closings=[past], purchases=[], rules=UNITED_STATES)
    assert (taxes, one.closing_id, one.purchase_id, one.disallowed) == ((), past.id, planned.id, D("200.00"))
    # What was washed before the plan is not the plan's doing.
    assert taxed_sales([], [planned], closings=[past], purchases=[purchase(4, date(2021, 6, 12), "8")])[1] == ()


def test_nothing_planned_is_nothing_taxed():
    assert taxed_sales([], [], closings=[], purchases=[]) == ((), ())
