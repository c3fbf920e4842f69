"""Dividing an exact total into exact parts: nothing is lost to rounding and nothing is left over."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

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
    exact = [EXACT.divide(EXACT.multiply(total, weight), whole) for weight in weights]
    parts = [value.quantize(step, rounding=ROUND_FLOOR, context=EXACT) for value in exact]
    spare = int((total - sum(parts, ZERO)) / step)
    by_remainder = sorted(range(len(parts)), key=lambda index: parts[index] - exact[index])
    for index in by_remainder[:spare]:
        parts[index] += step
    return parts
