"""Mergers and takeovers: old lots become new ones, cash, or both, with the basis that goes along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from dawsos.compute.ledger.apportion import in_turn
from dawsos.compute.ledger.records import Lot
from dawsos.kernel.errors import Invalid
from dawsos.kernel.money import ZERO, multiply, round_money, round_quantity, share


class Boot(StrEnum):
    """What cash beside new shares does to a lot; every rule leaves ``cost + gain == new_cost + cash``.

    GAIN_UP_TO_CASH: a gain is recognised as far as there is cash, a loss never; new cost = cost − cash + gain (26 USC 356, 358).
    PART_DISPOSAL: the cash bears its part of the cost by value, cash / (cash + value of the new shares) (TCGA 1992 s. 128 and 129).
    TAXABLE: everything is sold at its value, and the new shares are bought at theirs on the day of the merger.
    """

    GAIN_UP_TO_CASH = "gain_up_to_cash"
    PART_DISPOSAL = "part_disposal"
    TAXABLE = "taxable"


@dataclass(frozen=True, slots=True, kw_only=True)
class MergerTerms:
    """Per share held: ``ratio`` new shares and ``cash``. ``value`` is what one new share is worth on ``date``."""

    date: date
    ratio: Decimal = ZERO
    cash: Decimal = ZERO
    value: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedLot:
    """One lot after the merger: ``quantity`` given up for ``new_quantity`` at ``new_cost`` and ``cash``; ``gain`` is recognised now.

    ``cost + gain == new_cost + cash`` to the cent. ``acquisition_date`` is that of the new shares: the old one where the basis is carried
    over, the day of the merger where it is not.
    """

    lot_id: UUID
    acquisition_date: date
    quantity: Decimal
    cost: Decimal
    new_quantity: Decimal
    new_cost: Decimal
    cash: Decimal
    gain: Decimal


def merge(lots: Sequence[Lot], terms: MergerTerms, *, boot: Boot = Boot.GAIN_UP_TO_CASH) -> tuple[MergedLot, ...]:
    """Each open lot exchanged on ``terms``; cash is rounded once for the position and shared over the lots by quantity.

    Shares alone carry cost and date over under every rule but TAXABLE; cash alone is a sale under every rule. New shares are rounded to
    eight places per lot; a fraction paid in cash is afterwards a SELL of it (:func:`dawsos.compute.ledger.fractions.cash_in_lieu`).
    Amounts are in the currency of the lots. Raises :class:`Invalid` for terms that give nothing, a negative one, or new shares without
    a value where the rule needs one.
    """
    if min(terms.ratio, terms.cash, terms.value) < 0 or not (terms.ratio or terms.cash):
        raise Invalid(
            f"A merger for {terms.ratio} shares and {terms.cash} in cash per share cannot be.",
            remedy="Give the new shares and the cash per share held; neither is negative and one is above zero.",
        )
    needs_value = terms.ratio and (terms.cash or boot is Boot.TAXABLE)
    if needs_value and not terms.value:
        raise Invalid("The merger pays in shares whose value is not given.", remedy=f"Give what one new share was worth on {terms.date}.")
    held = [lot for lot in lots if lot.qty_open]
    quantities = [lot.qty_open for lot in held]
    paid = in_turn(round_money(multiply(sum(quantities, ZERO), terms.cash)), quantities)
    return tuple(_merged(lot, terms, cash, boot) for lot, cash in zip(held, paid, strict=True))


def _merged(lot: Lot, terms: MergerTerms, cash: Decimal, boot: Boot) -> MergedLot:
    received = round_quantity(multiply(lot.qty_open, terms.ratio))
    value = round_money(multiply(received, terms.value))
    new_cost = _new_cost(lot.cost_basis, cash, value, boot) if terms.ratio else ZERO
    is_bought = boot is Boot.TAXABLE or not terms.ratio
    return MergedLot(
        lot_id=lot.id,
        acquisition_date=terms.date if is_bought else lot.acquisition_date,
        quantity=lot.qty_open,
        cost=lot.cost_basis,
        new_quantity=received,
        new_cost=new_cost,
        cash=cash,
        gain=new_cost + cash - lot.cost_basis,
    )


def _new_cost(cost: Decimal, cash: Decimal, value: Decimal, boot: Boot) -> Decimal:
    if boot is Boot.TAXABLE:
        return value
    if not cash:
        return cost
    if boot is Boot.PART_DISPOSAL:
        return cost - share(cost, cash, cash + value)
    gain = min(max(cash + value - cost, ZERO), cash)
    return cost - cash + gain
