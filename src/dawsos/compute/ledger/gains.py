"""A gain in base currency, divided into what the price did and what the exchange rate did."""

from dataclasses import dataclass
from decimal import Decimal

from dawsos.compute.ledger.conventions import GainSplit
from dawsos.kernel.money import EXACT, multiply, round_money


@dataclass(frozen=True, slots=True)
class Gain:
    """A gain in base currency; ``price + fx == total`` exactly."""

    total: Decimal
    price: Decimal
    fx: Decimal


def split_gain(
    *,
    proceeds: Decimal,
    cost: Decimal,
    cost_base: Decimal,
    exit_rate: Decimal,
    entry_rate: Decimal,
    proceeds_base: Decimal | None = None,
    convention: GainSplit = GainSplit.ENTRY_RATE,
) -> Gain:
    """Total = ``proceeds_base − cost_base``; fx part by ``convention``, rounded once to the cent; price part = total − fx part.

    ``proceeds`` and ``cost`` are in the lot's currency, rates are base per unit of it. ``proceeds_base`` is round(proceeds × exit_rate)
    unless given. The rate of entry is ``cost_base / cost``, the rate the relieved cost really carries; ``entry_rate``, the lot's frozen
    rate, stands in where the cost is zero. An unrealised gain is the same with the market value as proceeds and the day's rate as exit
    rate. Source: docs/architecture.md, 4.
    """
    received = round_money(multiply(proceeds, exit_rate)) if proceeds_base is None else proceeds_base
    total = received - cost_base
    if convention is GainSplit.COST_AT_EXIT_RATE:
        fx = round_money(multiply(cost, exit_rate)) - cost_base
    elif cost == 0:
        fx = round_money(multiply(proceeds, exit_rate - entry_rate))
    else:
        at_entry = EXACT.divide(EXACT.multiply(proceeds, cost_base), cost)
        fx = round_money(EXACT.subtract(multiply(proceeds, exit_rate), at_entry))
    return Gain(total=total, price=total - fx, fx=fx)
