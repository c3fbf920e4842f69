"""What a corporate action that is to come would bring to shares held now: an estimate, until its day and its rate are known."""

from dataclasses import dataclass
from decimal import Decimal

from dawsos.kernel.money import EXACT, ZERO, multiply, round_money, round_quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedCash:
    """Cash in the currency of the action: ``net = gross − withholding_tax``; ``net_base`` at the rate given, None without one."""

    gross: Decimal
    withholding_tax: Decimal
    net: Decimal
    net_base: Decimal | None


def expected_dividend(quantity: Decimal, amount_per_share: Decimal, withholding_rate: Decimal | None, rate: Decimal | None) -> ExpectedCash:
    """Gross = round(quantity × amount per share), withholding = round(gross × rate withheld), net_base = round(net × ``rate``).

    ``rate`` is units of base currency per unit of the dividend's; the one that counts in the end is that of the pay date.
    """
    gross = round_money(multiply(quantity, amount_per_share))
    withheld = round_money(multiply(gross, withholding_rate or ZERO))
    net = gross - withheld
    return ExpectedCash(gross=gross, withholding_tax=withheld, net=net, net_base=None if rate is None else round_money(multiply(net, rate)))


def quantity_after_split(quantity: Decimal, split_from: Decimal, split_to: Decimal) -> Decimal:
    """Quantity × to / from, to eight places: 100 shares become 200 in a split of 2 for 1, and 10 in one of 1 for 10."""
    return round_quantity(EXACT.divide(EXACT.multiply(quantity, split_to), split_from))
