"""What corporate actions other than splits do to cost: spin-offs, rights and bonus issues, and cost divided by market value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from dawsos.compute.ledger.apportion import largest_remainder
from dawsos.compute.ledger.records import Lot
from dawsos.kernel.errors import Invalid
from dawsos.kernel.money import EXACT, ONE, ZERO, multiply, round_money, round_quantity, share


@dataclass(frozen=True, slots=True, kw_only=True)
class SpinOffLot:
    """One lot of the parent after a spin-off, and the lot of the new company that came out of it; both keep the acquisition date.

    ``parent_cost + spun_cost`` is the lot's cost before, to the cent, and so in base currency: the rate it was bought at stays its rate.
    """

    lot_id: UUID
    acquisition_date: date
    quantity: Decimal
    parent_cost: Decimal
    parent_cost_base: Decimal
    spun_quantity: Decimal
    spun_cost: Decimal
    spun_cost_base: Decimal


def spin_off(lots: Sequence[Lot], *, ratio: Decimal, spun_share: Decimal) -> tuple[SpinOffLot, ...]:
    """Each open lot of the parent divided: ``ratio`` new shares per share held, and ``spun_share`` of the cost goes with them.

    The cost that moves is round(total cost × spun_share), shared over the lots by their cost (largest remainder). Booked as a TRANSFER_OUT
    of the parent and, per lot, two TRANSFER_IN that name it as parent: internal, nothing realised. A fraction of a new share that is paid
    in cash is afterwards a SELL of it. Source: 26 USC 358(b), (c); issuers give the share in Form 8937.
    """
    if ratio <= 0 or not 0 <= spun_share <= ONE:
        raise Invalid(f"A spin-off of {ratio} for 1 with {spun_share} of the cost cannot be.", remedy="Give the share as a fraction of 1.")
    held = [lot for lot in lots if lot.qty_open]
    total = sum((lot.cost_basis for lot in held), ZERO)
    moved = round_money(multiply(total, spun_share))
    spun = largest_remainder(moved, [lot.cost_basis for lot in held]) if total else [ZERO] * len(held)
    return tuple(_divided(lot, ratio, cost) for lot, cost in zip(held, spun, strict=True))


def _divided(lot: Lot, ratio: Decimal, cost: Decimal) -> SpinOffLot:
    cost_base = share(lot.cost_basis_base, cost, lot.cost_basis) if cost else ZERO
    return SpinOffLot(
        lot_id=lot.id,
        acquisition_date=lot.acquisition_date,
        quantity=lot.qty_open,
        parent_cost=lot.cost_basis - cost,
        parent_cost_base=lot.cost_basis_base - cost_base,
        spun_quantity=round_quantity(multiply(lot.qty_open, ratio)),
        spun_cost=cost,
        spun_cost_base=cost_base,
    )


def cost_by_value(cost: Decimal, values: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """``cost`` over several holdings in proportion to their market values, to the cent and without a remainder.

    The rule for a new class of shares out of an old holding (TCGA 1992 s. 129), and for mergers paid in several securities.
    """
    return tuple(largest_remainder(cost, values))


def bonus_terms(held: Decimal, new: Decimal) -> tuple[Decimal, Decimal]:
    """(split_from, split_to) of a bonus issue of ``new`` free shares for every ``held``: a split by another name, cost unchanged."""
    if held <= 0 or new <= 0:
        raise Invalid(f"A bonus issue of {new} for {held} cannot be.", remedy="Give both numbers of shares as positive.")
    return held, held + new


def rights_taken_up(quantity: Decimal, *, held: Decimal, new: Decimal, price: Decimal) -> tuple[Decimal, Decimal]:
    """(shares, cost) of taking up all rights to ``new`` shares for every ``held`` at ``price``: a BUY that joins the same holding.

    Whole shares only: fractions of a right are lost.
    """
    if held <= 0 or new <= 0:
        raise Invalid(f"A rights issue of {new} for {held} cannot be.", remedy="Give both numbers of shares as positive.")
    shares = EXACT.divide_int(EXACT.multiply(quantity, new), held)
    return shares, round_money(multiply(shares, price))
