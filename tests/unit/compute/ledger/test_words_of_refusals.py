"""What a refusal says and what it advises, word for word; and the values just inside the bounds."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal as D
from uuid import UUID

import pytest

from dawsos.compute.ledger.apportion import largest_remainder
from dawsos.compute.ledger.conventions import LotOrder, Shortfall, Unnamed
from dawsos.compute.ledger.corporate_actions import bonus_terms, rights_taken_up, spin_off
from dawsos.compute.ledger.distributions import return_of_capital, stock_dividend
from dawsos.compute.ledger.exposure import average_position, time_weighted_cost
from dawsos.compute.ledger.fractions import cash_in_lieu
from dawsos.compute.ledger.mergers import Boot, MergerTerms, merge
from dawsos.compute.ledger.selection import select_lots
from dawsos.compute.ledger.share_pool import Trade, share_pool
from dawsos.compute.ledger.superficial_losses import adjusted_cost_base
from dawsos.compute.ledger.wash_sale_book import wash_sale_book
from dawsos.compute.ledger.wash_sales import LossSale, wash_sales
from dawsos.kernel.errors import DawsosError, InsufficientData, Invalid
from dawsos.kernel.identifiers import named
from dawsos.kernel.ledger import LotMethod, LotSelection
from tests.unit.compute.ledger.making import Ledger, security

DAY = date(2021, 6, 1)


@dataclass(frozen=True)
class Open:
    id: UUID
    qty_open: D
    cost_basis: D
    acquisition_date: date
    open_sequence: int


LOTS = [Open(named("lot", n), D(10 * n), D(100), date(2020, 1, n), n) for n in (1, 2, 3)]


def lot():
    ledger = Ledger()
    ledger.buy("2020-01-10", "AAA", 5, 1)
    return ledger.replay().lots


def trade(day: date, quantity, amount) -> Trade:
    return Trade(date=day, quantity=D(quantity), amount=D(amount))


def specific(lots, quantity, *chosen, **conventions):
    picks = [LotSelection(one.id, D(part)) for one, part in chosen]
    return select_lots(lots, D(quantity), method=LotMethod.SPECIFIC, selection=picks, **conventions)


NAME_LOTS = "Name open lots with quantities that add up to the quantity."
HOLD_MORE = "Correct the quantity, or book the purchase, transfer or split that is missing before it."
REFUSALS = [
    (lambda: stock_dividend(D(5), rate=D(0), value=D(1)), "A stock dividend of 0 for 1 at 1 cannot be.", "Give new shares per share held, and their value."),
    (lambda: return_of_capital([], amount=D(2)), "2 of capital cannot be returned on 0 open lots.", "Give a positive amount and the lots held."),
    (lambda: return_of_capital(lot(), amount=D("-0.01")), "-0.01 of capital cannot be returned on 1 open lots.", "Give a positive amount and the lots held."),
    (lambda: cash_in_lieu(D(-1), price=D(1)), "-1 shares from 1 to 1 cannot be.", "Give quantities, terms and unit above zero."),
    (lambda: cash_in_lieu(D(1), price=D(-1)), "1 shares from 1 to 1 cannot be.", "Give quantities, terms and unit above zero."),
    (
        lambda: merge([], MergerTerms(date=DAY)),
        "A merger for 0 shares and 0 in cash per share cannot be.",
        "Give the new shares and the cash per share held; neither is negative and one is above zero.",
    ),
    (
        lambda: merge([], MergerTerms(date=DAY, ratio=D(1)), boot=Boot.TAXABLE),
        "The merger pays in shares whose value is not given.",
        "Give what one new share was worth on 2021-06-01.",
    ),
    (
        lambda: adjusted_cost_base([trade(DAY, 1, 1), trade(date(2021, 5, 31), 1, 1)]),
        "The trades are not in order of date.",
        "Sort them by date, those of one day as they were made.",
    ),
    (lambda: adjusted_cost_base([trade(DAY, 0, 1)]), "The trade of 2021-06-01 has no quantity or a negative amount.", "Sell with a negative quantity."),
    (lambda: adjusted_cost_base([trade(DAY, -1, 1)]), "The sale of 2021-06-01: 1 asked, 0 held on that date.", HOLD_MORE),
    (lambda: share_pool([trade(DAY, 1, -1)]), "The trade of 2021-06-01 has no quantity or a negative amount.", "Sell with a negative quantity."),
    (lambda: share_pool([trade(DAY, -2, 1)]), "The sale of 2021-06-01: 2 asked, 0 held on that date.", HOLD_MORE),
    (
        lambda: wash_sales([LossSale(id=named("sale", 1), date=DAY, quantity=D(0), loss=D(1))], []),
        "A loss sale has a negative loss or no quantity.",
        "Give losses as positive amounts, and losses alone.",
    ),
    (
        lambda: wash_sale_book(Ledger().replay("AVERAGE")),
        "A pool at average cost has no lots to replace.",
        "Use a book kept by FIFO, LIFO, HIFO or SPECIFIC.",
    ),
    (
        lambda: spin_off([], ratio=D(0), spun_share=D("0.5")),
        "A spin-off of 0 for 1 with 0.5 of the cost cannot be.",
        "Give the share as a fraction of 1.",
    ),
    (lambda: bonus_terms(D(0), D(1)), "A bonus issue of 1 for 0 cannot be.", "Give both numbers of shares as positive."),
    (lambda: rights_taken_up(D(1), held=D(2), new=D(0), price=D(1)), "A rights issue of 0 for 2 cannot be.", "Give both numbers of shares as positive."),
    (lambda: largest_remainder(D(1), [D(0)]), "1 cannot be divided over weights that sum to 0.", "Give a positive sum of weights."),
    (lambda: largest_remainder(D(-1), [D(1)]), "-1 cannot be divided over weights that sum to 1.", "Give a positive sum of weights."),
    (lambda: largest_remainder(D(1), [D(2), D(-1)]), "1 cannot be divided over weights that sum to 1.", "Give a positive sum of weights."),
    (
        lambda: select_lots(LOTS, D(-1), method=LotMethod.FIFO, what="Sale 7"),
        "Sale 7: a quantity of -1 cannot be sold.",
        "Give the quantity as a positive number.",
    ),
    (lambda: select_lots(LOTS, D(61), method=LotOrder.LOFO), "The sale: 61 asked, 60 held on that date.", HOLD_MORE),
    (lambda: specific(LOTS, 5, what="Sale 7"), "Sale 7: it names no lots, and the method is SPECIFIC.", NAME_LOTS),
    (lambda: specific(LOTS, 5, what="Sale 7", unnamed=Unnamed.UNAMBIGUOUS), "Sale 7: it names no lots and 3 lots are open.", NAME_LOTS),
    (lambda: specific(LOTS[:2], 29, unnamed=Unnamed.UNAMBIGUOUS), "The sale: it names no lots and 2 lots are open.", NAME_LOTS),
    (lambda: specific(LOTS[:1], 11, unnamed=Unnamed.UNAMBIGUOUS, what="Sale 7"), "Sale 7: 11 asked, 10 held on that date.", HOLD_MORE),
    (lambda: specific(LOTS, 5, (LOTS[0], 4)), "The sale: the lots named add up to 4, the quantity is 5.", NAME_LOTS),
    (
        lambda: specific(LOTS, 11, (LOTS[0], 11)),
        f"The sale: 11 asked of lot {LOTS[0].id}, 10 open in it.",
        NAME_LOTS,
    ),
    (
        lambda: specific(LOTS[:1], 5, (LOTS[1], 5), what="Sale 7"),
        f"Sale 7: lot {LOTS[1].id} is not open on that date, or is named twice.",
        NAME_LOTS,
    ),
    (lambda: average_position([(D(0), D(1))]), "A trade of nothing has no price.", "Leave it out."),
    (
        lambda: time_weighted_cost(Ledger().replay(), security("AAA"), end=DAY),
        "No cost was carried before 2021-06-01.",
        "Ask for a later end.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("call", "message", "remedy"), REFUSALS, ids=range(len(REFUSALS)))
def test_a_refusal_says_what_is_wrong_and_what_to_do(call, message, remedy):
    with pytest.raises(DawsosError) as refusal:
        call()
    assert (refusal.value.message, refusal.value.remedy) == (message, remedy)


def test_what_is_not_held_is_told_in_figures_and_under_one_code():
    with pytest.raises(Invalid) as refusal:
        select_lots(LOTS, D("60.5"), method=LotMethod.FIFO)
    assert (refusal.value.code, refusal.value.details) == ("more_than_held", {"asked": "60.5", "held": "60"})
    with pytest.raises(Invalid) as refusal:
        specific(LOTS, 5)
    assert refusal.value.code == "wrong_lots"


def test_a_mean_over_no_days_says_what_it_lacked():
    ledger = Ledger()
    ledger.buy("2021-06-01", "AAA", 5, 1)
    with pytest.raises(InsufficientData) as refusal:
        time_weighted_cost(ledger.replay(), security("AAA"), end=DAY)
    assert refusal.value.details == {"needed": 1, "had": 0}
    ledger.buy("2021-06-03", "AAA", 5, 3)
    assert time_weighted_cost(ledger.replay(), security("AAA"), end=date(2021, 6, 3)) == D(5)
    assert time_weighted_cost(ledger.replay(), security("AAA"), end=date(2021, 6, 5), start=date(2021, 6, 2)) == D(45) / 3


def test_values_on_the_bounds_are_taken():
    assert stock_dividend(D(10), rate=D("0.5"), value=D(0)) == (D(5), D(0))
    assert stock_dividend(D(10), rate=D("0.5"), value=D("0.5")) == (D(5), D("2.50"))
    assert cash_in_lieu(D(0), price=D(0)).whole == D(0)
    paid = cash_in_lieu(D("0.5"), price=D("0.3"))
    assert (paid.whole, paid.fraction, paid.proceeds) == (D(0), D("0.5"), D("0.15"))
    assert cash_in_lieu(D("0.5"), split_from=D("0.5"), split_to=D("0.25"), unit=D("0.1"), price=D(1)).whole == D("0.2")
    assert spin_off([], ratio=D("0.5"), spun_share=D(0)) == spin_off([], ratio=D(1), spun_share=D(1)) == ()
    assert bonus_terms(D("0.5"), D("0.5")) == (D("0.5"), D(1))
    assert rights_taken_up(D(10), held=D("0.5"), new=D("0.5"), price=D(1)) == (D(10), D(10))
    assert largest_remainder(D(0), [D(1), D(0)]) == [D(0), D(0)]
    (part,) = merge(lot(), MergerTerms(date=DAY, ratio=D("0.5"), cash=D("0.5"), value=D("0.5")))
    assert (part.new_quantity, part.cash, part.new_cost, part.gain) == (D("2.5"), D("2.50"), D("2.50"), D(0))


def test_specific_without_names_takes_what_leaves_no_choice():
    assert [part.quantity for part in specific(LOTS[:1], 4, unnamed=Unnamed.UNAMBIGUOUS).parts] == [D(4)]
    assert [part.quantity for part in specific(LOTS, 60, unnamed=Unnamed.UNAMBIGUOUS).parts] == [D(10), D(20), D(30)]
    assert [part.lot for part in specific(LOTS, 20, unnamed=Unnamed.EXACT_SIZE).parts] == [LOTS[1]]
    short = specific(LOTS[:1], 12, unnamed=Unnamed.UNAMBIGUOUS, shortfall=Shortfall.REPORT)
    assert ([part.quantity for part in short.parts], short.missing) == ([D(10)], D(2))
