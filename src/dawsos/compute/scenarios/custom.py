"""Scenarios of one's own making."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dawsos.compute.scenarios.records import SHOCKED_FACTORS, Scenario, frozen
from dawsos.kernel.errors import Invalid

#: Ways to state a shock: the factor it moves and how many of its units make 1.
UNITS: Final[Mapping[str, tuple[str, float]]] = MappingProxyType({
    "rates_bps": ("real_rates", 1e4), "real_rates_bps": ("real_rates", 1e4), "inflation_bps": ("inflation", 1e4),
    "cpi_surprise_pct": ("inflation", 1e2), "credit_bps": ("credit", 1e4), "usd_vs_cad_pct": ("usd", 1e2), "usd_pct": ("usd", 1e2),
    "equity_pct": ("equity", 1e2), "commodity_pct": ("commodity", 1e2), "volatility_pct": ("volatility", 1e2),
})  # fmt: skip
#: A relative move of −100 % leaves nothing, a rate cannot move by more than this.
_LARGEST_ABSOLUTE: Final = 0.5


def custom_scenario(shocks: Mapping[str, float], *, base: Scenario | None = None, name: str = "Custom shocks") -> Scenario:
    """The scenario ``shocks`` describes: keys of :data:`UNITS`, or names of factors with fractions.

    With a ``base`` the shocks take the place of its moves of the same factors and the rest stays. ``usd_vs_cad_pct`` is a move of the
    dollar. Raises :class:`Invalid` for an unknown key, a factor stated twice, a rate that moves by more than 50 %, a level that falls by
    more than all of itself, and for no shocks at all.
    """
    factors: dict[str, float] = {}
    for key, size in shocks.items():
        factor, units = UNITS.get(key, (key, 1.0))
        if factor not in SHOCKED_FACTORS:
            raise Invalid(f"There is no shock '{key}'.", remedy=f"Use {', '.join(UNITS)}, or one of {', '.join(SHOCKED_FACTORS)}.")
        if factor in factors:
            raise Invalid(f"The shock to {factor} is stated twice.", remedy="State it once.")
        factors[factor] = _checked(key, factor, size / units)
    if not factors and base is None:
        raise Invalid("A scenario without a shock.", remedy=f"Give one of {', '.join(UNITS)}.")
    if base is None:
        return Scenario(id="custom", name=name, family="custom", factors=frozen(factors))
    return Scenario(
        id=base.id,
        name=f"{base.name} (adjusted)" if factors else base.name,
        family=base.family,
        factors=frozen({**base.factors, **factors}),
        asset_classes=base.asset_classes,
        symbols=base.symbols,
        currencies=base.currencies,
        probability=None if factors else base.probability,
        severity=None if factors else base.severity,
        description=base.description,
    )


def _checked(key: str, factor: str, size: float) -> float:
    is_absolute = factor in {"real_rates", "inflation", "credit"}
    if size != size or (abs(size) > _LARGEST_ABSOLUTE if is_absolute else not -1.0 <= size < 100.0):  # noqa: PLR0124 - NaN is not itself
        raise Invalid(f"{key} moves {factor} by {size:.0%}.", remedy="State it in the unit its name says: basis points or percent.")
    return size
