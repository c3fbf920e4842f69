"""Dividing an exact total into exact parts: nothing is lost to rounding and nothing is left over."""

from collections.abc import Sequence
from decimal import Decimal

from dawsos.kernel.errors import Invalid
from dawsos.kernel.money import EXACT, MONEY_STEP, ZERO, share


def in_turn(total: Decimal, quantities: Sequence[Decimal]) -> list[Decimal]:
    """Money ``total`` over ``quantities``, each part the rounded share of what the parts before it left; the last takes the rest."""
    left, rest, parts = sum(quantities, ZERO), total, []
    for quantity in quantities:
        part = share(rest, quantity, left)
        parts.append(part)
        rest, left = rest - part, left - quantity
    return parts


def largest_remainder(total: Decimal, weights: Sequence[Decimal], *, step: Decimal = MONEY_STEP) -> list[Decimal]:
    """``total`` over ``weights`` in multiples of ``step``, every part within one step of its exact share and their sum exactly ``total``.

    Each part is rounded down; the steps that remain go, one each, to the largest remainders, earlier parts first among equals
    (Hamilton's method). ``total`` must be a multiple of ``step`` and not negative, weights not negative with a positive sum.
    """
    whole = sum(weights, ZERO)
    if total < 0 or whole <= 0 or min(weights) < 0:
        raise Invalid(f"{total} cannot be divided over weights that sum to {whole}.", remedy="Give a positive sum of weights.")
    steps, sizes = int(EXACT.divide(total, step)), _whole_numbers(weights)
    divided = [divmod(steps * size, sum(sizes)) for size in sizes]
    parts = [quotient for quotient, _ in divided]
    by_remainder = sorted(range(len(parts)), key=lambda index: -divided[index][1])
    for index in by_remainder[: steps - sum(parts)]:
        parts[index] += 1
    return [EXACT.multiply(step, part) for part in parts]


def _whole_numbers(weights: Sequence[Decimal]) -> list[int]:
    """The weights × one power of ten that makes them all whole."""
    places = max(0, *(-int(weight.as_tuple().exponent) for weight in weights))
    return [int(EXACT.scaleb(weight, places)) for weight in weights]
