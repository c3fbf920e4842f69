"""Share identification of the United Kingdom: same day, then the next thirty days, then the section 104 pool."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from dawsos.compute.ledger.selection import not_held
from dawsos.kernel.errors import Invalid
from dawsos.kernel.money import ZERO, share


class Rule(StrEnum):
    """Which purchases a part of a disposal is matched with."""

    SAME_DAY = "same_day"
    THIRTY_DAYS = "thirty_days"
    POOL = "pool"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """A purchase (``quantity`` above zero) or a sale (below zero) for ``amount``, which is never negative."""

    date: date
    quantity: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolDisposal:
    """The part of a day's sales matched by one rule."""

    date: date
    rule: Rule
    quantity: Decimal
    proceeds: Decimal
    cost: Decimal

    @property
    def gain(self) -> Decimal:
        return self.proceeds - self.cost


@dataclass(frozen=True, slots=True, kw_only=True)
class SharePool:
    """The disposals in order, and what is left in the pool."""

    disposals: tuple[PoolDisposal, ...]
    quantity: Decimal
    cost: Decimal


@dataclass(slots=True)
class _Day:
    bought: Decimal = ZERO
    cost: Decimal = ZERO
    sold: Decimal = ZERO
    proceeds: Decimal = ZERO

    def take_cost(self, quantity: Decimal) -> Decimal:
        part = share(self.cost, quantity, self.bought)
        self.bought, self.cost = self.bought - quantity, self.cost - part
        return part

    def take_proceeds(self, quantity: Decimal) -> Decimal:
        part = share(self.proceeds, quantity, self.sold)
        self.sold, self.proceeds = self.sold - quantity, self.proceeds - part
        return part


def share_pool(trades: Sequence[Trade], *, window_days: int = 30) -> SharePool:
    """Match every disposal of one security with purchases of the same day, then of the following ``window_days`` days (earliest first),
    then with the pool of all earlier purchases that nothing else claimed, at its average cost.

    Purchases and sales of one day count as one each. Costs and proceeds are shared by quantity, to the cent, and add up. Raises
    :class:`Invalid` when more is sold than was bought. Source: TCGA 1992 s. 104 to 106A; HMRC manual CG51560.
    """  # noqa: D205 - one thought
    days: dict[date, _Day] = {}
    for trade in trades:
        if not trade.quantity or trade.amount < 0:
            raise Invalid(f"The trade of {trade.date} has no quantity or a negative amount.", remedy="Sell with a negative quantity.")
        day = days.setdefault(trade.date, _Day())
        if trade.quantity > 0:
            day.bought, day.cost = day.bought + trade.quantity, day.cost + trade.amount
        else:
            day.sold, day.proceeds = day.sold - trade.quantity, day.proceeds + trade.amount
    matched = [*_matched(days, window=timedelta(0)), *_matched(days, window=timedelta(days=window_days))]
    pooled, pool = _pooled(days)
    order = list(Rule)
    disposals = sorted([*matched, *pooled], key=lambda each: (each.date, order.index(each.rule)))
    return SharePool(disposals=tuple(disposals), quantity=pool.bought, cost=pool.cost)


def _matched(days: dict[date, _Day], *, window: timedelta) -> list[PoolDisposal]:
    """What sales take from purchases of their own day (no window), or of the days after."""
    found = []
    for sold_on in sorted(days):
        sale = days[sold_on]
        parts = [(bought_on, days[bought_on]) for bought_on in sorted(days) if sold_on <= bought_on <= sold_on + window]
        for bought_on, purchase in parts:
            quantity = min(sale.sold, purchase.bought)
            if quantity:
                rule = Rule.SAME_DAY if bought_on == sold_on else Rule.THIRTY_DAYS
                cost, proceeds = purchase.take_cost(quantity), sale.take_proceeds(quantity)
                found.append(PoolDisposal(date=sold_on, rule=rule, quantity=quantity, proceeds=proceeds, cost=cost))
    return found


def _pooled(days: dict[date, _Day]) -> tuple[list[PoolDisposal], _Day]:
    """What is left of the sales against what is left of the purchases before them."""
    pool, found = _Day(), []
    for day in sorted(days):
        trades = days[day]
        if trades.sold:
            if trades.sold > pool.bought:
                raise not_held(f"The sale of {day}", trades.sold, pool.bought)
            quantity, proceeds = trades.sold, trades.proceeds
            found.append(PoolDisposal(date=day, rule=Rule.POOL, quantity=quantity, proceeds=proceeds, cost=pool.take_cost(quantity)))
        pool.bought, pool.cost = pool.bought + trades.bought, pool.cost + trades.cost
    return found, pool
