"""How much money a position tied up over time, and the average price of a position that may be short."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from dawsos.compute.ledger.records import LedgerState
from dawsos.compute.ledger.standing import standing
from dawsos.kernel.errors import InsufficientData, Invalid
from dawsos.kernel.ledger import Transaction, TransactionType
from dawsos.kernel.money import EXACT, ZERO


def cost_history(state: LedgerState, security_id: UUID) -> tuple[tuple[date, Decimal], ...]:
    """(day, cost at the end of it) for every day on which the cost of the position changed, in its own currency."""
    change: dict[date, Decimal] = {}
    for row in standing(state.transactions, through=state.through).rows:
        if row.security_id == security_id:
            change[row.transaction_date] = change.get(row.transaction_date, ZERO) + _cost_in(row, fees_in_cost=state.fees_in_cost)
    for sold in state.disposals:
        if sold.security_id == security_id:
            change[sold.disposal_date] -= sold.cost
    for carried in state.carried_out:
        if carried.security_id == security_id:
            change[carried.transfer_date] -= carried.cost
    cost, history = ZERO, []
    for day in sorted(change):
        cost += change[day]
        if change[day]:
            history.append((day, cost))
    return tuple(history)


def _cost_in(row: Transaction, *, fees_in_cost: bool) -> Decimal:
    if row.transaction_type is TransactionType.BUY:
        return -(row.cash_effect if fees_in_cost else row.amount)
    if row.transaction_type is TransactionType.TRANSFER_IN:
        return row.cost_basis or ZERO
    return ZERO


def time_weighted_cost(state: LedgerState, security_id: UUID, *, end: date, start: date | None = None) -> Decimal:
    """The mean over the days from ``start`` (inclusive; the first purchase if not given) to ``end`` (exclusive) of the position's cost.

    Σ cost_d / days, where cost_d is the cost at the end of day d. The base of a return on the money tied up; 28 significant digits.
    Raises :class:`InsufficientData` when there is no day in between or nothing was ever held.
    """
    history = [(day, cost) for day, cost in cost_history(state, security_id) if day < end]
    begin = start or (history[0][0] if history else end)
    if begin >= end:
        raise InsufficientData(f"No cost was carried before {end}.", remedy="Ask for a later end.", details={"needed": 1, "had": 0})
    weighted = ZERO
    for (day, cost), (until, _) in zip(history, [*history[1:], (end, ZERO)], strict=True):
        days = (until - max(day, begin)).days
        weighted += cost * max(days, 0)
    return weighted / (end - begin).days


@dataclass(frozen=True, slots=True)
class AveragePosition:
    """A position kept at average price: ``quantity`` is negative when it is short, ``average_price`` None when it is flat."""

    quantity: Decimal
    average_price: Decimal | None
    realized_pl: Decimal


def average_position(trades: Iterable[tuple[Decimal, Decimal]]) -> AveragePosition:
    """Net position, average price and realised result of (signed quantity, price) ``trades`` in order; quantities below zero sell.

    A trade in the direction of the position moves its average price; one against it realises quantity × (price − average) and leaves the
    average; what goes through zero opens the other side at its own price. Ledgers hold no short positions (:func:`replay` refuses them);
    this is for positions kept elsewhere, before fees. Unrounded, 64 significant digits.
    """
    held, cost, realized = ZERO, ZERO, ZERO
    for quantity, price in trades:
        if not quantity:
            raise Invalid("A trade of nothing has no price.", remedy="Leave it out.")
        if held * quantity >= 0:
            held, cost = held + quantity, EXACT.add(cost, EXACT.multiply(quantity, price))
            continue
        closed = -held if abs(quantity) >= abs(held) else quantity
        relieved = EXACT.divide(EXACT.multiply(cost, -closed), held)
        realized = EXACT.add(realized, EXACT.subtract(EXACT.multiply(-closed, price), relieved))
        held, cost = held + closed, EXACT.subtract(cost, relieved)
        opened = quantity - closed
        if opened:
            held, cost = opened, EXACT.multiply(opened, price)
    return AveragePosition(held, EXACT.divide(cost, held) if held else None, realized)
