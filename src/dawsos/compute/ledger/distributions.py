"""What a company pays out of its capital or in its own shares: returns of capital and stock dividends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from dawsos.compute.ledger.apportion import in_turn
from dawsos.compute.ledger.records import Lot
from dawsos.kernel.errors import Invalid
from dawsos.kernel.money import multiply, round_money, round_quantity, share


@dataclass(frozen=True, slots=True, kw_only=True)
class CapitalReturned:
    """One lot after a return of capital: ``cost_before − cost == amount − excess`` to the cent, and the same part of the base cost is gone.

    ``excess`` is what was paid beyond the lot's cost, a gain of that day.
    """

    lot_id: UUID
    acquisition_date: date
    quantity: Decimal
    amount: Decimal
    cost_before: Decimal
    cost: Decimal
    cost_base: Decimal
    excess: Decimal


def return_of_capital(lots: Sequence[Lot], *, amount: Decimal) -> tuple[CapitalReturned, ...]:
    """``amount`` paid on the open lots, by quantity; it lowers each lot's cost, never below zero. Quantities and dates stay.

    Base cost falls in proportion to cost, so the rate the lot was bought at stays its rate. Source: 26 USC 301(c)(2) and (3); Income Tax
    Act (Canada) s. 53(2)(h) and 40(3). Raises :class:`Invalid` for a negative amount, or one paid on nothing.
    """
    held = [lot for lot in lots if lot.qty_open]
    if amount < 0 or (amount and not held):
        raise Invalid(
            f"{amount} of capital cannot be returned on {len(held)} open lots.", remedy="Give a positive amount and the lots held."
        )
    parts = in_turn(amount, [lot.qty_open for lot in held])
    return tuple(_after(lot, part) for lot, part in zip(held, parts, strict=True))


def _after(lot: Lot, amount: Decimal) -> CapitalReturned:
    relieved = min(amount, lot.cost_basis)
    return CapitalReturned(
        lot_id=lot.id,
        acquisition_date=lot.acquisition_date,
        quantity=lot.qty_open,
        amount=amount,
        cost_before=lot.cost_basis,
        cost=lot.cost_basis - relieved,
        cost_base=lot.cost_basis_base - share(lot.cost_basis_base, relieved, lot.cost_basis) if lot.cost_basis else lot.cost_basis_base,
        excess=amount - relieved,
    )


def stock_dividend(quantity: Decimal, *, rate: Decimal, value: Decimal) -> tuple[Decimal, Decimal]:
    """(shares, income) of a stock dividend that is taxed: ``rate`` new shares per share held, each worth ``value`` on the day of payment.

    The income is the cost of a new lot of that day: a DIVIDEND and a BUY of the same amount. One that is not taxed is no income and spreads
    the old cost over more shares: a SPLIT of :func:`dawsos.compute.ledger.corporate_actions.bonus_terms` of 1 and ``rate`` in the same
    class, :func:`~dawsos.compute.ledger.corporate_actions.cost_by_value` in another. Source: 26 USC 305, 307.
    """
    if rate <= 0 or value < 0:
        raise Invalid(f"A stock dividend of {rate} for 1 at {value} cannot be.", remedy="Give new shares per share held, and their value.")
    shares = round_quantity(multiply(quantity, rate))
    return shares, round_money(multiply(shares, value))
