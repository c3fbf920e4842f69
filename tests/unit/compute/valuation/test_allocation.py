"""Allocations of a valued portfolio."""

from decimal import Decimal

from dawsos.compute.valuation.allocation import AllocationGroup, currency_allocation, sector_allocation, type_allocation
from dawsos.compute.valuation.positions import value_positions
from dawsos.compute.valuation.rates import RateTable
from tests.unit.compute.valuation.holdings import AS_OF, Facts, lot, quote, security

FACTS = {
    "A": Facts("A", sector="Energy"),
    "B": Facts("B", sector="Energy", security_type="ETF"),
    "C": Facts("C", "USD", sector=None, security_type=None),
    "D": Facts("D", sector="Utilities"),
}


def valued(cash="100"):
    return value_positions(
        [lot("A", "1", "1"), lot("B", "1", "1"), lot("C", "1", "1", currency="USD"), lot("D", "1", "1")],
        {"CAD": Decimal(cash)},
        as_of=AS_OF,
        prices={security("A"): quote("100"), security("B"): quote("50"), security("C"): quote("75")},
        rates=RateTable({("USD", "CAD"): Decimal(2)}),
        base_currency="CAD",
        securities={security(symbol): facts for symbol, facts in FACTS.items()},
    )


def test_sectors_leave_cash_out_and_name_the_unclassified():
    allocation = sector_allocation(valued())
    assert allocation.groups == (AllocationGroup("Energy", Decimal(150), 0.5, 2), AllocationGroup("Unclassified", Decimal(150), 0.5, 1))
    assert (allocation.total_value, allocation.unpriced) == (300, 1)


def test_currencies_and_types_count_cash():
    assert [(group.name, group.value, group.weight) for group in currency_allocation(valued()).groups] == [
        ("CAD", 250, 0.625),
        ("USD", 150, 0.375),
    ]
    assert [(group.name, group.value) for group in type_allocation(valued()).groups] == [
        ("Unclassified", 150),
        ("CASH", 100),
        ("EQUITY", 100),
        ("ETF", 50),
    ]


def test_groups_of_a_whole_that_is_not_positive_have_no_weight():
    allocation = currency_allocation(valued(cash="-400"))
    assert allocation.total_value == -100
    assert {group.weight for group in allocation.groups} == {None}
