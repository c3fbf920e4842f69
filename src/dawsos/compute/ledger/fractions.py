"""Fractions of a share that are paid in cash."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from dawsos.kernel.errors import Invalid
from dawsos.kernel.money import EXACT, ONE, QUANTITY_STEP, multiply, round_money, round_quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class CashInLieu:
    """``whole`` shares are delivered, and ``fraction`` of one is paid with ``proceeds``.

    ``sold_before`` is the same fraction in old shares, to be sold ahead of the split where selling it afterwards would leave a lot with a
    cost and no quantity; None when old shares of eight places do not hold it exactly.
    """

    whole: Decimal
    fraction: Decimal
    proceeds: Decimal
    sold_before: Decimal | None


def cash_in_lieu(held: Decimal, *, split_from: Decimal = ONE, split_to: Decimal = ONE, price: Decimal, unit: Decimal = ONE) -> CashInLieu:
    """What becomes of ``held`` shares when ``split_from`` become ``split_to`` and only multiples of ``unit`` are delivered.

    The position after is rounded to eight places, as a SPLIT rounds it; the fraction counts as received and sold at ``price`` per new
    share: a SELL of it, whose cost is relieved by the portfolio's method. Source: Rev. Rul. 66-365 and 26 CFR 1.305-3(c).
    """
    if min(held, price) < 0 or min(split_from, split_to, unit) <= 0:
        raise Invalid(f"{held} shares from {split_from} to {split_to} cannot be.", remedy="Give quantities, terms and unit above zero.")
    after = round_quantity(EXACT.divide(EXACT.multiply(held, split_to), split_from))
    whole = EXACT.multiply(EXACT.divide(after, unit).to_integral_value(ROUND_FLOOR), unit)
    fraction = after - whole
    old = EXACT.divide(EXACT.multiply(fraction, split_from), split_to)
    is_exact = old == old.quantize(QUANTITY_STEP, context=EXACT)
    proceeds = round_money(multiply(fraction, price))
    return CashInLieu(whole=whole, fraction=fraction, proceeds=proceeds, sold_before=round_quantity(old) if is_exact else None)
