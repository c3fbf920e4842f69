"""What sales that are only planned would be taxed with, lot by lot, and which losses would be wash sales."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from dawsos.compute.ledger.records import Lot
from dawsos.compute.ledger.selection import select_lots
from dawsos.compute.tax.realised import Purchase, RealisedLot, Term, realised_gains
from dawsos.compute.tax.rules import UNITED_STATES, TaxRules
from dawsos.kernel.identifiers import named
from dawsos.kernel.ledger import LotMethod
from dawsos.kernel.money import ZERO, multiply, round_money, share


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleTax:
    """A sale by term: the gains before wash sales, what of its loss would be disallowed (≥ 0), and the tax on the rest.

    ``tax_cost`` = round((gain + disallowed) × rate × inclusion); negative where a loss would save tax on gains elsewhere.
    """

    short_term_gain: Decimal
    long_term_gain: Decimal
    disallowed: Decimal
    taxable_gain: Decimal
    tax_cost: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Washed:
    """``quantity`` of the closing ``closing_id`` would be replaced by the purchase ``purchase_id``: ``disallowed`` of its loss is lost."""

    closing_id: UUID
    purchase_id: UUID
    quantity: Decimal
    disallowed: Decimal


def sold_lots(
    lots: Sequence[Lot], quantity: Decimal, proceeds: Decimal, *, method: LotMethod, sold: date, name: object
) -> tuple[RealisedLot, ...]:
    """What a sale of ``quantity`` for ``proceeds`` (base currency, after costs) would close of ``lots``.

    By ``method``; SPECIFIC takes the lots of the highest cost. The proceeds go to the parts by quantity and add up to the cent. Under
    AVERAGE every part has the pool's cost per unit. ``name`` tells the sale apart from others: equal names give equal identifiers.
    """
    order = LotMethod.HIFO if method is LotMethod.SPECIFIC else method
    parts = select_lots(lots, quantity, method=order).parts
    held = sum((lot.qty_open for lot in lots), ZERO)
    pooled = share(sum((lot.cost_basis_base for lot in lots), ZERO), quantity, held) if method is LotMethod.AVERAGE else None
    found: list[RealisedLot] = []
    left, cash, cost = quantity, proceeds, pooled
    for part in parts:
        received = share(cash, part.quantity, left)
        paid = share(part.lot.cost_basis_base, part.quantity, part.lot.qty_open) if cost is None else share(cost, part.quantity, left)
        found.append(
            RealisedLot(
                id=named("planned closing", name, part.lot.id),
                lot_id=part.lot.id,
                security_id=part.lot.security_id,
                acquired=part.lot.acquisition_date,
                sold=sold,
                quantity=part.quantity,
                proceeds=received,
                cost=paid,
            )
        )
        left, cash, cost = left - part.quantity, cash - received, None if cost is None else cost - paid
    return tuple(found)


def taxed_sales(
    planned: Sequence[tuple[RealisedLot, ...]],
    purchases_planned: Sequence[Purchase],
    *,
    closings: Sequence[RealisedLot],
    purchases: Sequence[Purchase],
    rules: TaxRules = UNITED_STATES,
    tax_rate: Decimal | None = None,
) -> tuple[tuple[SaleTax, ...], tuple[Washed, ...]]:
    """The tax of each planned sale, and every wash sale that would not be one without the plan.

    ``closings`` and ``purchases`` are what was booked and what else is planned, in whichever portfolio of the owner; those within the
    window around the planned trades count. Which share replaces which is decided over all of them, by date
    (:func:`dawsos.compute.ledger.wash_sales.wash_sales`). ``tax_rate`` defaults to the rules' harvest rate.
    """
    ours = [lot for sale in planned for lot in sale]
    days = [lot.sold for lot in ours] + [purchase.date for purchase in purchases_planned]
    if not days:
        return (), ()
    reach = timedelta(days=2 * rules.window_days)
    gains = realised_gains(
        [*closings, *ours], [*purchases, *purchases_planned], start=min(days) - reach, end=max(days) + reach, rules=rules
    )
    rate = rules.harvest_rate if tax_rate is None else tax_rate
    by_id = {each.lot.id: each for each in gains.lots}
    taxes = []
    for sale in planned:
        by_term: dict[Term, Decimal] = {"short": ZERO, "long": ZERO}
        for lot in sale:
            by_term[by_id[lot.id].term] += by_id[lot.id].gain
        disallowed = sum((by_id[lot.id].disallowed for lot in sale), ZERO)
        taxable = by_term["short"] + by_term["long"] + disallowed
        taxes.append(
            SaleTax(
                short_term_gain=by_term["short"],
                long_term_gain=by_term["long"],
                disallowed=disallowed,
                taxable_gain=taxable,
                tax_cost=round_money(multiply(taxable, rate, rules.inclusion_rate)),
            )
        )
    concerned = {lot.id for lot in ours} | {purchase.id for purchase in purchases_planned}
    washed = tuple(
        Washed(closing_id=each.closing_id, purchase_id=each.replacement_lot_id, quantity=each.quantity, disallowed=each.amount)
        for each in gains.additions
        if each.closing_id in concerned or each.replacement_lot_id in concerned
    )
    return tuple(taxes), washed
