"""What kind of moat the figures point to."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dawsos.compute.ratings.inputs import RatingInputs
from dawsos.compute.ratings.statements import AnnualStatement

MoatType = Literal["brand", "network", "cost", "switching", "none"]
#: Industries in which users draw users; a company of them with high margins is taken to have network effects.
_NETWORK_SECTORS = frozenset({"Communication Services", "Financial Exchanges", "Payments"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MoatEvidence:
    """The kind with most evidence, and each finding as a sentence with its figure."""

    primary_moat_type: MoatType
    brand: tuple[str, ...]
    network: tuple[str, ...]
    cost: tuple[str, ...]
    switching: tuple[str, ...]


def moat_evidence(inputs: RatingInputs, statements: Sequence[AnnualStatement], *, sector: str | None) -> MoatEvidence:
    """By rule, from margins, steadiness of the return on equity, intangibles and sector.

    brand: gross margin above 50 %, intangibles above 15 % of assets with a margin above 40 %. network: a sector of networks with a gross
    margin above 60 %. cost: gross margin below 40 % with a return on equity above 15 %. switching: a given score of 7 or more; return on
    equity above 15 % that varied by less than a fifth of itself over at least three years. Ties go to the first named.
    """
    margin, returns = inputs.values.get("gross_margin_5y_avg"), inputs.values.get("roe_5y_avg")
    intangible, switching = inputs.values.get("intangible_assets_ratio"), inputs.values.get("switching_cost_score")
    found: dict[str, list[str]] = {"brand": [], "network": [], "cost": [], "switching": []}
    if margin is not None and margin > 0.50:
        found["brand"].append(f"gross margin of {margin:.1%}")
    if margin is not None and intangible is not None and intangible > 0.15 and margin > 0.40:
        found["brand"].append(f"intangibles of {intangible:.1%} of assets at a gross margin of {margin:.1%}")
    if margin is not None and margin > 0.60 and sector in _NETWORK_SECTORS:
        found["network"].append(f"gross margin of {margin:.1%} in {sector}")
    if margin is not None and returns is not None and margin < 0.40 and returns > 0.15:
        found["cost"].append(f"return on equity of {returns:.1%} at a gross margin of {margin:.1%}")
    if switching is not None and switching >= 7.0:
        found["switching"].append(f"switching costs assessed at {switching:g} of 10")
    spread = _spread_of_returns(statements)
    if returns is not None and returns > 0.15 and spread is not None and spread < 0.2 * returns:
        found["switching"].append(f"return on equity of {returns:.1%} with a spread of {spread:.1%}")
    most = max(found, key=lambda kind: len(found[kind]))
    return MoatEvidence(
        primary_moat_type=most if found[most] else "none",  # type: ignore[arg-type]
        brand=tuple(found["brand"]),
        network=tuple(found["network"]),
        cost=tuple(found["cost"]),
        switching=tuple(found["switching"]),
    )


def _spread_of_returns(statements: Sequence[AnnualStatement]) -> float | None:
    returns = [
        each.net_income / each.shareholders_equity
        for each in statements[:5]
        if each.net_income is not None and each.shareholders_equity is not None and each.shareholders_equity > 0.0
    ]
    return statistics.stdev(returns) if len(returns) >= 3 else None
