"""From weights to orders: whole units, costs, small orders left out, cash never below zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from dawsos.kernel.errors import Invalid
from dawsos.kernel.money import EXACT, ZERO, multiply, round_money

#: Charged per order, in the portfolio's currency.
COMMISSION = Decimal(5)
#: What an order moves the price against itself, as a fraction of its value: 15 basis points.
MARKET_IMPACT = Decimal("0.0015")


@dataclass(frozen=True, slots=True, kw_only=True)
class CostModel:
    """``commission`` per order and ``market_impact`` as a fraction of its value."""

    commission: Decimal = COMMISSION
    market_impact: Decimal = MARKET_IMPACT

    def of(self, value: Decimal) -> Decimal:
        """Commission + |value| × market impact, to the cent, half to even; nothing for no order. 100 × 232.50 costs 39.88."""
        return round_money(self.commission + multiply(abs(value), self.market_impact)) if value else ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One asset: ``quantity`` held, ``unit_price`` in the portfolio's currency (price × rate), ``target_weight`` as a fraction of NAV.

    ``lot_size`` is the smallest number of units that trades, one share or less where fractions of shares do.
    """

    name: str
    quantity: Decimal
    unit_price: Decimal
    target_weight: float
    lot_size: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """``quantity`` is positive to buy, negative to sell; ``value`` = round(quantity × unit price), signed alike; ``cost`` ≥ 0."""

    name: str
    quantity: Decimal
    unit_price: Decimal
    value: Decimal
    cost: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderList:
    """The ``orders``, their costs, the cash after them and the one-way turnover ½Σ|value|/NAV; ``skipped`` names what was too small."""

    orders: tuple[Order, ...]
    costs: Decimal
    cash_left: Decimal
    turnover: float
    skipped: tuple[str, ...]


def orders_for(
    holdings: Sequence[Holding],
    cash: Decimal,
    *,
    costs: CostModel | None = None,
    smallest_order: Decimal = Decimal(100),
) -> OrderList:
    """Orders that bring each holding to its target weight of NAV = cash + Σ quantity × price, in whole lots.

    Quantities aimed at are rounded down to whole lots, so no purchase goes beyond its target; less than one lot from the target nothing
    is traded; a target of 0 sells all, odd remainders included. Orders below ``smallest_order`` are left out, unless they close the
    position. What the orders cost comes out of the purchases: while cash would fall below zero, the largest purchase gives up whole
    lots. What is then left stays as cash and is reported. Cash and values are exact: cash left = cash − Σ value − Σ cost.

    Raises :class:`Invalid` for a price that is not positive and for target weights that add up to more than 1.
    """
    model = costs or CostModel()
    if any(holding.unit_price <= 0 for holding in holdings):
        raise Invalid("A price is not positive.", remedy="Leave out what has no price.")
    if sum(holding.target_weight for holding in holdings) > 1.0 + 1e-6:
        raise Invalid("The target weights add up to more than 1.", remedy="Give fractions of the net asset value.")
    nav = cash + sum((multiply(holding.quantity, holding.unit_price) for holding in holdings), ZERO)
    wanted = [_order(holding, nav, model) for holding in holdings]
    orders = [order for order, holding in zip(wanted, holdings, strict=True) if _is_worth(order, holding, smallest_order)]
    skipped = tuple(order.name for order in wanted if order.quantity and order not in orders)
    orders = _affordable(orders, {holding.name: holding for holding in holdings}, cash, model, smallest_order)
    left = _cash_after(orders, cash)
    traded = sum((abs(order.value) for order in orders), ZERO)
    turnover = float(EXACT.divide(traded, 2 * nav)) if nav > 0 else 0.0
    return OrderList(
        orders=tuple(orders),
        costs=sum((order.cost for order in orders), ZERO),
        cash_left=left,
        turnover=turnover,
        skipped=skipped,
    )


def _priced(name: str, quantity: Decimal, price: Decimal, model: CostModel) -> Order:
    value = round_money(multiply(quantity, price))
    return Order(name=name, quantity=quantity, unit_price=price, value=value, cost=model.of(value))


def _order(holding: Holding, nav: Decimal, model: CostModel) -> Order:
    if holding.target_weight <= 0.0:
        return _priced(holding.name, -holding.quantity, holding.unit_price, model)
    wanted = EXACT.divide(multiply(nav, Decimal(repr(float(holding.target_weight)))), holding.unit_price)
    if abs(wanted - holding.quantity) < holding.lot_size:
        return _priced(holding.name, ZERO, holding.unit_price, model)
    aimed = EXACT.divide(wanted, holding.lot_size).to_integral_value(rounding=ROUND_FLOOR) * holding.lot_size
    change = aimed - holding.quantity
    return _priced(holding.name, change, holding.unit_price, model)


def _is_worth(order: Order, holding: Holding, smallest: Decimal) -> bool:
    closes = order.quantity == -holding.quantity
    return bool(order.quantity) and (abs(order.value) >= smallest or closes)


def _cash_after(orders: Sequence[Order], cash: Decimal) -> Decimal:
    return cash - sum((order.value + order.cost for order in orders), ZERO)


def _affordable(orders: list[Order], holdings: dict[str, Holding], cash: Decimal, model: CostModel, smallest: Decimal) -> list[Order]:
    while (left := _cash_after(orders, cash)) < 0:
        purchases = [place for place, order in enumerate(orders) if order.value > 0]
        if not purchases:
            return orders  # only sales are left: cash was negative before, and they reduce the debt
        place = max(purchases, key=lambda each: (orders[each].value, orders[each].name))
        order, lot = orders[place], holdings[orders[place].name].lot_size
        lots = EXACT.divide(-left, multiply(order.unit_price, lot)).to_integral_value(rounding=ROUND_FLOOR) + 1
        reduced = _priced(order.name, max(order.quantity - lots * lot, ZERO), order.unit_price, model)
        orders = [*orders[:place], *([reduced] if reduced.value >= max(smallest, Decimal("0.01")) else []), *orders[place + 1 :]]
    return orders
