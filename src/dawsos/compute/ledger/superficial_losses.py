"""Adjusted cost base of Canada: one pool at average cost, losses denied where the shares were bought back and are still held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from dawsos.compute.ledger.selection import not_held
from dawsos.compute.ledger.share_pool import Trade
from dawsos.kernel.errors import Invalid
from dawsos.kernel.money import ZERO, share


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSale:
    """One sale. ``gain`` is proceeds less cost; ``denied`` (never negative) of a loss is not allowed and joins the cost of the pool."""

    date: date
    quantity: Decimal
    proceeds: Decimal
    cost: Decimal
    denied: Decimal

    @property
    def gain(self) -> Decimal:
        return self.proceeds - self.cost

    @property
    def allowed(self) -> Decimal:
        """The gain, or what is left of the loss."""
        return self.gain + self.denied


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedCostBase:
    """The sales in the order given, and what is left in the pool, denied losses included in its cost."""

    sales: tuple[PoolSale, ...]
    quantity: Decimal
    cost: Decimal


def adjusted_cost_base(trades: Sequence[Trade], *, window_days: int = 30) -> AdjustedCostBase:
    """Replay the ``trades`` of one security, in order, at average cost.

    A sale of S shares at a loss is superficial for min(S, P, B) of them: P were bought within ``window_days`` days before or after it, both
    ends included, and B are held at the end of the last of those days. That part of the loss is denied and added to the pool's cost at
    once. A share bought makes one share sold superficial, not two: what an earlier sale claimed counts neither in P nor in B again.
    Source: Income Tax Act (Canada) s. 54 "superficial loss", 40(2)(g)(i), 53(1)(f), 47(1). Raises :class:`Invalid` when trades are not in
    order of date or more is sold than held.
    """
    if any(later.date < earlier.date for earlier, later in pairwise(trades)):
        raise Invalid("The trades are not in order of date.", remedy="Sort them by date, those of one day as they were made.")
    bought = {place: trade.quantity for place, trade in enumerate(trades) if trade.quantity > 0}
    claimed = dict.fromkeys(bought, ZERO)
    quantity, cost, sales = ZERO, ZERO, []
    for trade in trades:
        if not trade.quantity or trade.amount < 0:
            raise Invalid(f"The trade of {trade.date} has no quantity or a negative amount.", remedy="Sell with a negative quantity.")
        if trade.quantity > 0:
            quantity, cost = quantity + trade.quantity, cost + trade.amount
            continue
        sold = -trade.quantity
        if sold > quantity:
            raise not_held(f"The sale of {trade.date}", sold, quantity)
        relieved = share(cost, sold, quantity)
        loss = relieved - trade.amount
        denied = ZERO
        if loss > 0:
            replaced = _replaced(trades, claimed, trade.date, sold, timedelta(days=window_days))
            denied = share(loss, replaced, sold)
        quantity, cost = quantity - sold, cost - relieved + denied
        sales.append(PoolSale(date=trade.date, quantity=sold, proceeds=trade.amount, cost=relieved, denied=denied))
    return AdjustedCostBase(sales=tuple(sales), quantity=quantity, cost=cost)


def _replaced(trades: Sequence[Trade], claimed: dict[int, Decimal], day: date, sold: Decimal, window: timedelta) -> Decimal:
    """min(S, P, B) of a sale on ``day``; the purchases it counts are marked in ``claimed``, earliest first."""
    last = day + window
    held = sum((trade.quantity for trade in trades if trade.date <= last), ZERO)
    inside = [place for place in claimed if abs(trades[place].date - day) <= window]
    taken = sum((claimed[place] for place in inside), ZERO)
    left = replaced = max(min(sold, held - taken), ZERO)
    for place in inside:
        part = min(left, trades[place].quantity - claimed[place])
        claimed[place] += part
        left -= part
    return replaced - left
