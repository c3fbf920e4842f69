"""Realised gains by term after wash sales, and losses worth realising."""

from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawsos.compute.tax.harvesting import OpenLot, harvest
from dawsos.compute.tax.realised import Purchase, RealisedLot, realised_gains
from dawsos.compute.tax.rules import CANADA
from dawsos.kernel.identifiers import named

NIKE = named("security", "NKE")
START, END = date(2024, 1, 1), date(2024, 12, 31)


def closing(number: int, acquired: str, sold: str, quantity, proceeds, cost, lot: int | None = None) -> RealisedLot:
    return RealisedLot(
        id=named("closing", number), lot_id=named("lot", number if lot is None else lot), security_id=NIKE,
        acquired=date.fromisoformat(acquired), sold=date.fromisoformat(sold), quantity=D(str(quantity)), proceeds=D(str(proceeds)), cost=D(str(cost)),
    )  # fmt: skip


def bought(number: int, day: str, quantity, cost) -> Purchase:
    return Purchase(id=named("lot", number), security_id=NIKE, date=date.fromisoformat(day), quantity=D(str(quantity)), cost=D(str(cost)))


def test_terms_turn_the_day_after_a_year():
    found = realised_gains(
        [closing(1, "2023-06-01", "2024-05-31", 1, 12, 10), closing(2, "2023-06-01", "2024-06-01", 1, 15, 10)], [], start=START, end=END
    )
    assert [(lot.holding_days, lot.term) for lot in found.lots] == [(365, "short"), (366, "long")]
    assert (found.short.net, found.long.net, found.net, found.included) == (D(2), D(5), D(7), D(7))


def test_nike_bought_again_57_days_later_keeps_its_loss():
    found = realised_gains(
        [closing(1, "2023-10-02", "2024-07-15", 100, 8185, 9500)], [bought(7, "2024-09-10", 150, 10960)], start=START, end=END
    )
    assert (found.short.losses, found.short.disallowed, found.net) == (D(1315), D(0), D(-1315))


def test_half_of_the_shares_bought_back_disallow_half_of_the_loss():
    found = realised_gains(
        [closing(1, "2023-10-02", "2024-07-15", 100, 900, 1000)], [bought(7, "2024-08-14", 50, 600)], start=START, end=END
    )
    assert (found.short.losses, found.short.disallowed, found.net) == (D(100), D(50), D(-50))
    (addition,) = found.additions
    assert (addition.replacement_lot_id, addition.quantity, addition.amount) == (named("lot", 7), D(50), D(50))


def test_shares_bought_and_all_sold_at_the_loss_replace_nothing():
    found = realised_gains(
        [closing(1, "2024-07-01", "2024-07-15", 100, 900, 1000)], [bought(1, "2024-07-01", 100, 1000)], start=START, end=END
    )
    assert found.short.disallowed == 0


def test_shares_bought_instead_replace_also_when_they_are_sold_at_a_loss_later():
    closings = [closing(1, "2023-10-02", "2024-07-15", 100, 900, 1000), closing(2, "2024-07-20", "2024-07-25", 50, 500, 600, lot=7)]
    found = realised_gains(closings, [bought(7, "2024-07-20", 50, 600)], start=START, end=END)
    assert [(lot.lot.id, lot.disallowed) for lot in found.lots] == [(named("closing", 1), D(50)), (named("closing", 2), D(0))]


def test_shares_that_went_before_or_with_the_loss_replace_nothing_at_whatever_price():
    closings = [
        closing(1, "2023-10-02", "2024-07-15", 100, 900, 1000),
        closing(2, "2024-07-01", "2024-07-15", 30, 400, 300, lot=7),
        closing(3, "2024-07-01", "2024-07-08", 20, 250, 200, lot=7),
    ]
    found = realised_gains(closings, [bought(7, "2024-07-01", 60, 600)], start=START, end=END)
    assert {lot.lot.id: lot.disallowed for lot in found.lots if lot.disallowed} == {named("closing", 1): D(10)}


def test_what_was_sold_outside_the_period_is_left_out_but_uses_up_purchases():
    closings = [closing(1, "2023-01-02", "2023-12-20", 10, 90, 100), closing(2, "2023-01-02", "2024-01-03", 10, 80, 100)]
    found = realised_gains(closings, [bought(7, "2024-01-10", 10, 100)], start=START, end=END)
    assert [(lot.lot.id, lot.disallowed) for lot in found.lots] == [(named("closing", 2), D(0))]


def test_canada_includes_half_of_a_gain():
    found = realised_gains([closing(1, "2020-06-01", "2024-05-31", 1, "112.01", 10)], [], start=START, end=END, rules=CANADA)
    assert (found.net, found.included) == (D("102.01"), D("51.00"))


DAYS = st.integers(0, 700).map(lambda number: date(2023, 6, 1) + timedelta(days=number))


@settings(max_examples=40)
@given(
    st.lists(st.tuples(DAYS, st.integers(0, 400), st.integers(1, 50), st.integers(0, 900), st.integers(0, 900)), max_size=8),
    st.lists(st.tuples(DAYS, st.integers(1, 50)), max_size=6),
)
def test_terms_add_up_and_no_more_than_the_losses_is_disallowed(sales, purchases):
    closings = [
        closing(n, str(day - timedelta(days=held)), str(day), q, proceeds, cost) for n, (day, held, q, proceeds, cost) in enumerate(sales)
    ]
    lots = [bought(100 + n, str(day), q, 10 * q) for n, (day, q) in enumerate(purchases)]
    found = realised_gains(closings, lots, start=START, end=END)
    gains = sum((lot.gain for lot in found.lots), D(0))
    disallowed = sum((lot.disallowed for lot in found.lots), D(0))
    assert found.net == gains + disallowed == sum((lot.taxable_gain for lot in found.lots), D(0))
    assert all(0 <= lot.disallowed <= max(-lot.gain, D(0)) for lot in found.lots)
    assert sum((addition.amount for addition in found.additions), D(0)) == disallowed


def lot(number: int, symbol: str, acquired: str, cost, value, quantity=10) -> OpenLot:
    return OpenLot(
        lot_id=named("lot", number), security_id=named("security", symbol), symbol=symbol, acquired=date.fromisoformat(acquired),
        quantity=D(quantity), cost=D(str(cost)), market_value=D(str(value)),
    )  # fmt: skip


AS_OF = date(2024, 6, 30)


def test_losses_are_ranked_by_what_they_save():
    found = harvest(
        [lot(1, "NKE", "2022-01-03", 5000, 3500), lot(2, "NKE", "2024-05-01", 1000, 900), lot(3, "NKE", "2020-01-02", 10, 900),
         lot(4, "PYPL", "2023-01-03", 9000, 6000), lot(5, "KO", "2023-01-03", 1000, 500)],
        [bought(2, "2024-05-01", 10, 1000)],
        as_of=AS_OF,
    )  # fmt: skip
    assert [(each.symbol, each.loss, each.short_term_loss, each.benefit) for each in found.opportunities] == [
        ("PYPL", D(3000), D(0), D("960.00")),
        ("NKE", D(1600), D(100), D("512.00")),
    ]
    assert (found.too_small, found.blocked, found.total_loss, found.total_benefit) == (1, (), D(4600), D("1472.00"))
    assert found.opportunities[0].buy_back_from == date(2024, 7, 31)
    assert found.opportunities[1].lot_ids == (named("lot", 1), named("lot", 2))


def test_a_recent_purchase_blocks_until_its_window_is_over():
    lots = [lot(1, "NKE", "2022-01-03", 5000, 3500)]
    blocked = harvest(lots, [bought(9, "2024-06-10", 5, 400)], as_of=AS_OF)
    assert (blocked.opportunities, blocked.total_loss) == ((), 0)
    assert blocked.blocked[0].blocked_until == date(2024, 7, 11)
    assert harvest(lots, [bought(9, "2024-05-30", 5, 400)], as_of=AS_OF).opportunities  # 31 days ago
    assert harvest(lots, [bought(9, "2024-05-31", 5, 400)], as_of=AS_OF).blocked  # 30 days ago


@pytest.mark.parametrize(("rules", "benefit"), [(None, D("480.00")), (CANADA, D("240.00"))])
def test_the_benefit_follows_the_rules(rules, benefit):
    found = harvest([lot(1, "NKE", "2022-01-03", 5000, 3500)], [], as_of=AS_OF, **({"rules": rules} if rules else {}))
    assert found.total_benefit == benefit
    assert harvest([lot(1, "NKE", "2022-01-03", 5000, 3500)], [], as_of=AS_OF, tax_rate=D("0.1")).total_benefit == D("150.00")
