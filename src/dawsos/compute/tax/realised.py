"""Realised gains by term, with the losses that a repurchase disallows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from dawsos.compute.ledger.wash_sales import LossSale, Replacement, WashSales, wash_sales
from dawsos.compute.tax.rules import UNITED_STATES, TaxRules
from dawsos.kernel.money import ZERO, multiply, round_money

Term = Literal["short", "long"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RealisedLot:
    """One lot closed, in whole or part, by one sale; money in the portfolio's base currency. ``id`` is that of the closing."""

    id: UUID
    lot_id: UUID
    security_id: UUID
    acquired: date
    sold: date
    quantity: Decimal
    proceeds: Decimal
    cost: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """Shares bought, with what they cost; ``id`` is that of the lot they made."""

    id: UUID
    security_id: UUID
    date: date
    quantity: Decimal
    cost: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxedLot:
    """A closing with its term: ``gain`` = proceeds − cost; ``disallowed`` ≥ 0 is added to it for ``taxable_gain``."""

    lot: RealisedLot
    term: Term
    holding_days: int
    gain: Decimal
    disallowed: Decimal
    taxable_gain: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TermTotal:
    """Sums over the closings of one term; gains − losses + disallowed = net."""

    term: Term
    count: int
    proceeds: Decimal
    cost: Decimal
    gains: Decimal
    losses: Decimal
    disallowed: Decimal
    net: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BasisAddition:
    """What a disallowed loss adds to the cost of the shares bought instead."""

    closing_id: UUID
    replacement_lot_id: UUID
    quantity: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RealisedGains:
    """Every closing, both terms, and the total; ``included`` = net × inclusion rate, never below zero when there is a loss in all."""

    lots: tuple[TaxedLot, ...]
    short: TermTotal
    long: TermTotal
    net: Decimal
    included: Decimal
    additions: tuple[BasisAddition, ...]


def realised_gains(
    closings: Sequence[RealisedLot],
    purchases: Sequence[Purchase],
    *,
    start: date,
    end: date,
    rules: TaxRules = UNITED_STATES,
) -> RealisedGains:
    """The closings sold from ``start`` to ``end``, both included, by term, after wash sales.

    A lot sold more than ``long_term_days`` after it was acquired is long-term. A loss is disallowed in proportion to the shares of the
    same security bought within ``window_days`` before or after the sale, each share bought replacing one sold. Shares bought that were no
    longer there after the sale replace nothing of it: a purchase counts for a sale with its quantity less what had been closed of that very
    lot by the end of the sale's day. What is sold of it later does replace. ``closings`` and ``purchases`` should reach beyond the period
    by the window, since a sale just before it may have used up a purchase in it. Source: 26 USC 1222, 1091; 26 CFR 1.1091-1.
    """
    disallowed, additions = _disallowed(closings, purchases, rules)
    inside = [closing for closing in closings if start <= closing.sold <= end]
    lots = tuple(
        _taxed(closing, disallowed.get(closing.id, ZERO), rules) for closing in sorted(inside, key=lambda each: (each.sold, each.acquired))
    )
    short, long = (_total(term, [lot for lot in lots if lot.term == term]) for term in ("short", "long"))
    net = short.net + long.net
    kept = {closing.id for closing in inside}
    return RealisedGains(
        lots=lots,
        short=short,
        long=long,
        net=net,
        included=round_money(multiply(net, rules.inclusion_rate)),
        additions=tuple(each for each in additions if each.closing_id in kept),
    )


def _taxed(closing: RealisedLot, disallowed: Decimal, rules: TaxRules) -> TaxedLot:
    days, gain = (closing.sold - closing.acquired).days, closing.proceeds - closing.cost
    term: Term = "long" if days > rules.long_term_days else "short"
    return TaxedLot(lot=closing, term=term, holding_days=days, gain=gain, disallowed=disallowed, taxable_gain=gain + disallowed)


def _total(term: Term, lots: Sequence[TaxedLot]) -> TermTotal:
    gains = sum((lot.gain for lot in lots if lot.gain > 0), ZERO)
    losses = -sum((lot.gain for lot in lots if lot.gain < 0), ZERO)
    disallowed = sum((lot.disallowed for lot in lots), ZERO)
    return TermTotal(
        term=term,
        count=len(lots),
        proceeds=sum((lot.lot.proceeds for lot in lots), ZERO),
        cost=sum((lot.lot.cost for lot in lots), ZERO),
        gains=gains,
        losses=losses,
        disallowed=disallowed,
        net=gains - losses + disallowed,
    )


def _disallowed(
    closings: Sequence[RealisedLot], purchases: Sequence[Purchase], rules: TaxRules
) -> tuple[dict[UUID, Decimal], list[BasisAddition]]:
    by_closing: dict[UUID, Decimal] = {}
    additions: list[BasisAddition] = []
    for security in dict.fromkeys(closing.security_id for closing in closings):
        closed = [each for each in closings if each.security_id == security]
        bought = [
            Replacement(id=each.id, date=each.date, quantity=each.quantity, cost=each.cost)
            for each in purchases
            if each.security_id == security
        ]
        sales = [
            LossSale(
                id=each.id,
                date=each.sold,
                quantity=each.quantity,
                loss=each.cost - each.proceeds,
                gone=_gone(closed, each.sold),
            )
            for each in closed
            if each.cost > each.proceeds
        ]
        found: WashSales = wash_sales(sales, bought, window_days=rules.window_days)
        for each in found.disallowed:
            by_closing[each.sale_id] = by_closing.get(each.sale_id, ZERO) + each.disallowed
            additions.append(
                BasisAddition(
                    closing_id=each.sale_id, replacement_lot_id=each.replacement_id, quantity=each.quantity, amount=each.disallowed
                )
            )
    return by_closing, additions


def _gone(closed: Sequence[RealisedLot], day: date) -> dict[UUID, Decimal]:
    """How much of each lot had been closed by the end of a day."""
    found: dict[UUID, Decimal] = {}
    for closing in closed:
        if closing.sold <= day:
            found[closing.lot_id] = found.get(closing.lot_id, ZERO) + closing.quantity
    return found
