"""Which lots a sale closes, without a ledger around it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal as D
from uuid import UUID

import pytest

from dawsos.compute.ledger.conventions import LotOrder, Shortfall, Unnamed
from dawsos.compute.ledger.selection import select_lots
from dawsos.kernel.errors import Invalid
from dawsos.kernel.identifiers import named
from dawsos.kernel.ledger import LotMethod, LotSelection


@dataclass(frozen=True)
class Parcel:
    id: UUID
    qty_open: D
    cost_basis: D
    acquisition_date: date
    open_sequence: int


def parcel(number: int, day: int, quantity, cost) -> Parcel:
    return Parcel(named("lot", number), D(quantity), D(cost), date(2024, 1, day), number)


OUT_OF_ORDER = [parcel(1, 2, 5, "555.55"), parcel(2, 1, 4, 400), parcel(3, 3, 6, "733.32")]


def taken(lots, quantity, **how):
    return [(part.lot.open_sequence, part.quantity) for part in select_lots(lots, D(quantity), **how).parts]


@pytest.mark.parametrize(
    ("method", "quantity", "expected"),
    [
        (LotMethod.FIFO, 2, [(2, D(2))]),
        (LotMethod.FIFO, 9, [(2, D(4)), (1, D(5))]),
        (LotMethod.AVERAGE, 9, [(2, D(4)), (1, D(5))]),
        (LotMethod.LIFO, 11, [(3, D(6)), (1, D(5))]),
        (LotMethod.LIFO, 0, []),
        (LotMethod.HIFO, 12, [(3, D(6)), (1, D(5)), (2, D(1))]),
        (LotOrder.LOFO, 10, [(2, D(4)), (1, D(5)), (3, D(1))]),
        (LotOrder.FIFO, 15, [(2, D(4)), (1, D(5)), (3, D(6))]),
    ],
)
def test_lots_are_taken_by_date_or_cost_whatever_their_order_in_the_file(method, quantity, expected):
    assert taken(OUT_OF_ORDER, quantity, method=method) == expected


def test_lots_of_one_date_go_by_booking_order():
    same_day = [parcel(2, 1, 5, 50), parcel(1, 1, 5, 50), parcel(3, 1, 5, 50)]
    assert taken(same_day, 6, method=LotMethod.FIFO) == [(1, D(5)), (2, D(1))]
    assert taken(same_day, 6, method=LotMethod.LIFO) == [(3, D(5)), (2, D(1))]
    assert taken(same_day, 6, method=LotMethod.HIFO) == [(1, D(5)), (2, D(1))]


def test_hifo_compares_cost_per_unit_exactly():
    # 1/3 and 0.333333333333 differ in the thirteenth place; in binary floating point 10/30 = 1/3 must still tie
    lots = [parcel(1, 2, 30, 10), parcel(2, 1, 3, 1)]
    assert taken(lots, 1, method=LotMethod.HIFO) == [(2, D(1))]


def test_r10_a_shortfall_is_an_error_or_a_number():
    with pytest.raises(Invalid, match="The sale: 16 asked, 15 held"):
        select_lots(OUT_OF_ORDER, D(16), method=LotMethod.LIFO)
    result = select_lots(OUT_OF_ORDER, D(16), method=LotMethod.LIFO, shortfall=Shortfall.REPORT)
    assert (result.missing, sum(part.quantity for part in result.parts)) == (D(1), D(15))


def test_a_negative_quantity_is_refused():
    with pytest.raises(Invalid, match="a quantity of -1 cannot be sold"):
        select_lots(OUT_OF_ORDER, D(-1), method=LotMethod.FIFO)


def test_r10_specific_takes_what_it_names_in_that_order():
    names = (LotSelection(named("lot", 3), D(1)), LotSelection(named("lot", 2), D(4)))
    assert taken(OUT_OF_ORDER, 5, method=LotMethod.SPECIFIC, selection=names) == [(3, D(1)), (2, D(4))]


def test_without_names_one_lot_or_everything_is_unambiguous():
    one = OUT_OF_ORDER[:1]
    assert taken(one, 3, method=LotMethod.SPECIFIC, unnamed=Unnamed.UNAMBIGUOUS) == [(1, D(3))]
    everything = taken(OUT_OF_ORDER, 15, method=LotMethod.SPECIFIC, unnamed=Unnamed.UNAMBIGUOUS)
    assert everything == [(2, D(4)), (1, D(5)), (3, D(6))]
    with pytest.raises(Invalid, match="it names no lots and 3 lots are open"):
        select_lots(OUT_OF_ORDER, D(4), method=LotMethod.SPECIFIC, unnamed=Unnamed.UNAMBIGUOUS)
    with pytest.raises(Invalid, match="16 asked, 15 held"):
        select_lots(OUT_OF_ORDER, D(16), method=LotMethod.SPECIFIC, unnamed=Unnamed.UNAMBIGUOUS)
    with pytest.raises(Invalid, match="the method is SPECIFIC"):
        select_lots(one, D(3), method=LotMethod.SPECIFIC)


def test_without_names_the_oldest_lot_of_exactly_the_size_may_be_meant():
    lots = [parcel(1, 2, 2, 202), parcel(2, 1, 2, 204), parcel(3, 1, 5, 1)]
    assert taken(lots, 2, method=LotMethod.SPECIFIC, unnamed=Unnamed.EXACT_SIZE) == [(2, D(2))]
    with pytest.raises(Invalid, match="it names no lots and 3 lots are open"):
        select_lots(lots, D(3), method=LotMethod.SPECIFIC, unnamed=Unnamed.EXACT_SIZE)
