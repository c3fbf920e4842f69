"""Unrealised losses worth realising, and what stands in the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from dawsos.compute.tax.realised import Purchase, Term
from dawsos.compute.tax.rules import UNITED_STATES, TaxRules
from dawsos.kernel.money import ZERO, multiply, round_money

#: Smaller losses are not worth the trade.
SMALLEST_LOSS: Final = Decimal(1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLot:
    """An open lot at today's value, in the portfolio's base currency."""

    lot_id: UUID
    security_id: UUID
    symbol: str
    acquired: date
    quantity: Decimal
    cost: Decimal
    market_value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunity:
    """The losing lots of one security: ``loss`` > 0 in all, what it would save, by term, and until when a sale would be a wash sale.

    ``blocked_until`` is the first day on which no purchase made so far lies within the window, None when nothing blocks. ``benefit`` =
    loss × rate × inclusion.
    """

    security_id: UUID
    symbol: str
    lot_ids: tuple[UUID, ...]
    quantity: Decimal
    cost: Decimal
    market_value: Decimal
    loss: Decimal
    short_term_loss: Decimal
    long_term_loss: Decimal
    benefit: Decimal
    blocked_until: date | None
    buy_back_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """``opportunities`` by benefit; those a recent purchase blocks stand apart, as do losses below the least worth a trade."""

    opportunities: tuple[Opportunity, ...]
    blocked: tuple[Opportunity, ...]
    too_small: int
    total_loss: Decimal
    total_benefit: Decimal


def harvest(
    lots: Sequence[OpenLot],
    purchases: Sequence[Purchase],
    *,
    as_of: date,
    tax_rate: Decimal | None = None,
    smallest_loss: Decimal = SMALLEST_LOSS,
    rules: TaxRules = UNITED_STATES,
) -> Harvest:
    """Per security the lots worth less than they cost, when their losses add up to ``smallest_loss`` or more.

    A purchase of the same security within ``window_days`` before ``as_of``, in whichever of the owner's portfolios, blocks the sale,
    unless all the shares it brought are among those to be sold. Sold on ``as_of``, the security may be bought again from
    ``buy_back_from`` on (the day after the window). ``tax_rate`` defaults to the rules' harvest rate. Ranked by benefit, then symbol.
    """
    rate = rules.harvest_rate if tax_rate is None else tax_rate
    found: list[Opportunity] = []
    too_small = 0
    for security in dict.fromkeys(lot.security_id for lot in lots):
        losing = [lot for lot in lots if lot.security_id == security and lot.market_value < lot.cost]
        if not losing:
            continue
        opportunity = _opportunity(losing, [each for each in purchases if each.security_id == security], as_of, rate, rules)
        if opportunity.loss < smallest_loss:
            too_small += 1
        else:
            found.append(opportunity)
    found.sort(key=lambda each: (-each.benefit, each.symbol))
    free = tuple(each for each in found if each.blocked_until is None)
    return Harvest(
        opportunities=free,
        blocked=tuple(each for each in found if each.blocked_until is not None),
        too_small=too_small,
        total_loss=sum((each.loss for each in free), ZERO),
        total_benefit=sum((each.benefit for each in free), ZERO),
    )


def _opportunity(losing: Sequence[OpenLot], purchases: Sequence[Purchase], as_of: date, rate: Decimal, rules: TaxRules) -> Opportunity:
    by_term: dict[Term, Decimal] = {"short": ZERO, "long": ZERO}
    for lot in losing:
        term: Term = "long" if (as_of - lot.acquired).days > rules.long_term_days else "short"
        by_term[term] += lot.cost - lot.market_value
    loss = by_term["short"] + by_term["long"]
    return Opportunity(
        security_id=losing[0].security_id,
        symbol=losing[0].symbol,
        lot_ids=tuple(lot.lot_id for lot in losing),
        quantity=sum((lot.quantity for lot in losing), ZERO),
        cost=sum((lot.cost for lot in losing), ZERO),
        market_value=sum((lot.market_value for lot in losing), ZERO),
        loss=loss,
        short_term_loss=by_term["short"],
        long_term_loss=by_term["long"],
        benefit=round_money(multiply(loss, rate, rules.inclusion_rate)),
        blocked_until=_blocked_until(losing, purchases, as_of, rules),
        buy_back_from=as_of + timedelta(days=rules.window_days + 1),
    )


def _blocked_until(losing: Sequence[OpenLot], purchases: Sequence[Purchase], as_of: date, rules: TaxRules) -> date | None:
    sold = {lot.lot_id: lot.quantity for lot in losing}
    window = timedelta(days=rules.window_days)
    blocking = [
        purchase.date
        for purchase in purchases
        if as_of - window <= purchase.date <= as_of and purchase.quantity > sold.get(purchase.id, ZERO)
    ]
    return max(blocking) + window + timedelta(days=1) if blocking else None
