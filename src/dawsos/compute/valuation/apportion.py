"""Sharing a rounded total out among its parts so that the parts add up to it."""

from collections.abc import Sequence
from decimal import Decimal

from dawsos.kernel.errors import Invalid
from dawsos.kernel.money import EXACT


def apportion(total: Decimal, quantities: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """``total`` (whole cents) in proportion to ``quantities`` (steps of 1e-8) by the largest remainder.

    Each share is its exact quota rounded down or up to the cent, the shares sum to ``total``, and the cents that rounding down leaves
    over go to the largest remainders, the earlier part first among equals. Raises :class:`Invalid` when the quantities sum to nothing.
    Source: Hamilton's method of apportionment.
    """
    weights = [_whole(quantity, 8) for quantity in quantities]
    whole = sum(weights)
    if whole == 0:
        raise Invalid("A total cannot be shared out in proportion to quantities that sum to zero.", remedy="Leave out closed lots.")
    cents = _whole(total, 2)
    shares, remainders = zip(*(divmod(cents * weight, whole) for weight in weights), strict=True)
    by_remainder = sorted(range(len(weights)), key=lambda part: (-abs(remainders[part]), part))
    raised = set(by_remainder[: cents - sum(shares)])
    return tuple(Decimal(share + (part in raised)).scaleb(-2, context=EXACT) for part, share in enumerate(shares))


def _whole(value: Decimal, places: int) -> int:
    return int(value.scaleb(places, context=EXACT))
