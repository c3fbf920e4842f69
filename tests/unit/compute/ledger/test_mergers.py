"""Lots exchanged for shares, cash or both."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawsos.compute.ledger.mergers import Boot, MergerTerms, merge
from dawsos.kernel.errors import Invalid
from tests.unit.compute.ledger.making import Ledger

DAY = date(2021, 6, 1)


def lots(*costs, quantity=100):
    ledger = Ledger()
    for number, cost in enumerate(costs):
        ledger.book("BUY", f"2020-01-{number + 10}", -D(cost), symbol="OLD", quantity=quantity)
    return ledger.replay().lots


def shown(parts):
    return [(part.new_quantity, part.new_cost, part.cash, part.gain) for part in parts]


def test_shares_alone_carry_cost_and_date_over():
    (part,) = merge(lots(5000), MergerTerms(date=DAY, ratio=D("0.5")))
    assert (part.new_quantity, part.new_cost, part.cash, part.gain) == (D(50), D(5000), D(0), D(0))
    assert part.acquisition_date == date(2020, 1, 10)
    assert part.quantity == D(100)


def test_cash_alone_is_a_sale_under_every_rule():
    for boot in Boot:
        (part,) = merge(lots(5000), MergerTerms(date=DAY, cash=D("70.5")), boot=boot)
        assert (part.new_quantity, part.new_cost, part.cash, part.gain) == (D(0), D(0), D(7050), D(2050))
        assert part.acquisition_date == DAY


def test_with_cash_beside_shares_a_gain_is_taxed_up_to_the_cash_and_a_loss_never():
    # 100 shares become 100 new worth 60 and 1,000 in cash: 7,000 in all.
    terms = MergerTerms(date=DAY, ratio=D(1), cash=D(10), value=D(60))
    assert shown(merge(lots(5000, 6500, 8000), terms)) == [
        (D(100), D(5000), D(1000), D(1000)),  # gain 2,000, taxed up to the cash: 5000 − 1000 + 1000
        (D(100), D(6000), D(1000), D(500)),  # gain 500, all of it taxed: 6500 − 1000 + 500
        (D(100), D(7000), D(1000), D(0)),  # a loss of 1,000 is put off: 8000 − 1000
    ]


def test_by_part_disposal_the_cash_bears_cost_by_value():
    # Cost 7,000 over 1,000 cash and 6,000 in shares.
    terms = MergerTerms(date=DAY, ratio=D(1), cash=D(10), value=D(60))
    assert shown(merge(lots(3500), terms, boot=Boot.PART_DISPOSAL)) == [(D(100), D(3000), D(1000), D(500))]


def test_a_taxable_merger_sells_at_value_and_buys_that_day():
    terms = MergerTerms(date=DAY, ratio=D("1.5"), cash=D(10), value=D(40))
    (part,) = merge(lots(3500), terms, boot=Boot.TAXABLE)
    assert (part.new_quantity, part.new_cost, part.cash, part.gain, part.acquisition_date) == (D(150), D(6000), D(1000), D(3500), DAY)


def test_cash_is_rounded_once_for_the_position():
    parts = merge(lots(1, 1, 1, quantity="0.01"), MergerTerms(date=DAY, cash=D("0.5")))
    assert [part.cash for part in parts] == [D("0.01"), D("0.00"), D("0.01")]


def test_closed_lots_take_no_part():
    ledger = Ledger()
    ledger.buy("2020-01-10", "OLD", 5, 1)
    ledger.sell("2020-01-11", "OLD", 5, 1)
    assert merge(ledger.replay().lots, MergerTerms(date=DAY, ratio=D(1))) == ()


@pytest.mark.parametrize("terms", [{}, {"ratio": D(-1), "cash": D(2)}, {"ratio": D(1), "cash": D(-1)}])
def test_terms_that_give_nothing_are_refused(terms):
    with pytest.raises(Invalid, match="A merger for"):
        merge([], MergerTerms(date=DAY, **terms))


def test_the_value_of_new_shares_is_asked_for_where_it_counts():
    with pytest.raises(Invalid, match="whose value is not given") as error:
        merge(lots(5), MergerTerms(date=DAY, ratio=D(1), cash=D(1)))
    assert error.value.remedy == "Give what one new share was worth on 2021-06-01."
    with pytest.raises(Invalid, match="whose value is not given"):
        merge(lots(5), MergerTerms(date=DAY, ratio=D(1)), boot=Boot.TAXABLE)


@given(
    costs=st.lists(st.decimals(0, 10**6, places=2), min_size=1, max_size=5),
    ratio=st.decimals(0, 10, places=4),
    cash=st.decimals("0.0001", 100, places=4),
    value=st.decimals("0.01", 500, places=2),
    boot=st.sampled_from(Boot),
)
def test_cost_and_gain_are_new_cost_and_cash(costs, ratio, cash, value, boot):
    parts = merge(lots(*costs), MergerTerms(date=DAY, ratio=ratio, cash=cash, value=value), boot=boot)
    assert all(part.cost + part.gain == part.new_cost + part.cash and part.new_cost >= 0 for part in parts)
    assert sum(part.cash for part in parts) == round(sum(part.quantity for part in parts) * cash, 2)
