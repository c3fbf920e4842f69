"""Altman's Z: how near a company is to insolvency."""

from dataclasses import dataclass
from enum import Enum
from typing import Literal

Zone = Literal["distress", "grey", "safe"]


class AltmanModel(Enum):
    """Which of Altman's discriminant functions: coefficients of X1 … X5, a constant, and the edges of the grey zone.

    ``PUBLIC_1968``: listed manufacturers. ``PUBLIC_1968_EXACT``: the same with 0.999 for sales. ``PRIVATE_1983`` (Z′): X4 with book
    equity. ``NON_MANUFACTURER_1995`` (Z″): no sales, book equity. ``EMERGING_MARKETS_1995``: Z″ + 3.25.
    """

    PUBLIC_1968 = ((1.2, 1.4, 3.3, 0.6, 1.0), 0.0, (1.81, 2.99))
    PUBLIC_1968_EXACT = ((1.2, 1.4, 3.3, 0.6, 0.999), 0.0, (1.81, 2.99))
    PRIVATE_1983 = ((0.717, 0.847, 3.107, 0.420, 0.998), 0.0, (1.23, 2.90))
    NON_MANUFACTURER_1995 = ((6.56, 3.26, 6.72, 1.05, 0.0), 0.0, (1.10, 2.60))
    EMERGING_MARKETS_1995 = ((6.56, 3.26, 6.72, 1.05, 0.0), 3.25, (4.35, 5.85))


@dataclass(frozen=True, slots=True)
class AltmanScore:
    """``z``, the ``zone`` it falls into and the five terms that add up to it (less the constant)."""

    z: float
    zone: Zone
    terms: tuple[float, float, float, float, float]


def altman_z(
    *,
    working_capital_to_assets: float,
    retained_earnings_to_assets: float,
    ebit_to_assets: float,
    equity_to_liabilities: float,
    sales_to_assets: float = 0.0,
    model: AltmanModel = AltmanModel.PUBLIC_1968,
) -> AltmanScore:
    """Z = Σ cᵢ·Xᵢ + constant, ratios as fractions.

    ``equity_to_liabilities`` is market value of equity / total liabilities for the listed models, book equity / total liabilities for the
    others. Below the lower edge: ``distress``; above the upper: ``safe``; both edges belong to the grey zone. Not meant for banks and
    insurers, whose liabilities are their business. Source: Altman (1968), (1983, "Corporate Financial Distress"), (1995, with Hartzell
    and Peck).
    """
    coefficients, constant, (lower, upper) = model.value
    ratios = (working_capital_to_assets, retained_earnings_to_assets, ebit_to_assets, equity_to_liabilities, sales_to_assets)
    first, second, third, fourth, fifth = (weight * ratio for weight, ratio in zip(coefficients, ratios, strict=True))
    z = first + second + third + fourth + fifth + constant
    return AltmanScore(z, "distress" if z < lower else "safe" if z > upper else "grey", (first, second, third, fourth, fifth))
