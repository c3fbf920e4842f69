"""What a scenario is, and what it does to a portfolio."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

#: Factors a scenario may move, in the order of every table. Rates, inflation and spreads are absolute (0.01 = 100 basis points), the
#: others relative (0.05 = 5 % up).
SHOCKED_FACTORS: Final = ("real_rates", "inflation", "credit", "usd", "equity", "commodity", "volatility", "liquidity")


class Severity(StrEnum):
    """How bad a scenario is; None in a scenario means nobody has said."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    EXTREME = "extreme"


def frozen(moves: Mapping[str, float]) -> Mapping[str, float]:
    """A copy nobody can change."""
    return MappingProxyType(dict(moves))


def _nothing() -> Mapping[str, float]:
    return frozen({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Moves of factors, asset classes, currencies and symbols, all fractions. A scenario is a value: adjusting it makes another one.

    - ``factors``: see :data:`SHOCKED_FACTORS`; a position moves by its betas to them.
    - ``asset_classes``: returns in own currency of ``equity``, ``government_bond``, ``corporate_bond``, ``commodity``; a position moves
      by its class.
    - ``symbols``: returns of single securities, before anything else.
    - ``currencies``: moves of currencies against all that are not named. The factor ``usd`` moves USD where ``currencies`` does not.

    ``probability`` is per year as published, None where nobody has said; ``family`` is the group it is listed in.
    """

    id: str
    name: str
    family: str
    factors: Mapping[str, float] = field(default_factory=_nothing)
    asset_classes: Mapping[str, float] = field(default_factory=_nothing)
    symbols: Mapping[str, float] = field(default_factory=_nothing)
    currencies: Mapping[str, float] = field(default_factory=_nothing)
    probability: float | None = None
    severity: Severity | None = None
    description: str = ""

    def currency_move(self, currency: str) -> float:
        """What one unit of ``currency`` is worth after the scenario, per unit before, counted in currencies that do not move."""
        if currency in self.currencies:
            return 1.0 + self.currencies[currency]
        return 1.0 + (self.factors.get("usd", 0.0) if currency == "USD" else 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioPosition:
    """A position as a scenario sees it: its value in the portfolio's base currency, its own currency, and what it is exposed to.

    ``betas`` are of returns in its own currency: exposure to the dollar through business, not through being quoted in dollars, which is
    translated. A position in cash has ``asset_class`` ``cash`` and no betas.
    """

    key: str
    symbol: str
    value: Decimal
    currency: str
    asset_class: str
    betas: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionImpact:
    """What a scenario does to one position, in base currency.

    ``contributions`` holds the profit or loss by factor (or ``asset_class``, ``symbol``), by ``currency`` for translation, and
    ``interaction`` for the part that both together make; they sum to ``delta`` to the cent. ``primary_driver`` is the largest of them, None
    when nothing moved. ``return_fraction`` is None for a position worth nothing.
    """

    key: str
    symbol: str
    value_before: Decimal
    value_after: Decimal
    delta: Decimal
    return_fraction: float | None
    contributions: Mapping[str, Decimal]
    primary_driver: str | None
    is_floored: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioImpact:
    """What a scenario does to a portfolio; ``delta`` is the sum of the positions' deltas and of ``contributions``, to the cent.

    ``ineffective`` names positions no part of the scenario speaks of, with the reason.
    """

    scenario: Scenario
    base_currency: str
    value_before: Decimal
    value_after: Decimal
    delta: Decimal
    return_fraction: float | None
    positions: tuple[PositionImpact, ...]
    contributions: Mapping[str, Decimal]
    ineffective: Mapping[str, str]

    @property
    def winners(self) -> tuple[PositionImpact, ...]:
        """Positions that gain, most first."""
        return tuple(sorted((p for p in self.positions if p.delta > 0), key=lambda p: (-p.delta, p.key)))

    @property
    def losers(self) -> tuple[PositionImpact, ...]:
        """Positions that lose, most first."""
        return tuple(sorted((p for p in self.positions if p.delta < 0), key=lambda p: (p.delta, p.key)))

    @property
    def positions_impacted(self) -> int:
        return sum(position.delta != 0 for position in self.positions)

    @property
    def primary_driver(self) -> str | None:
        """The contribution that is largest in size; None when nothing moved."""
        return primary_driver(self.contributions)


def primary_driver(contributions: Mapping[str, Decimal]) -> str | None:
    """The name of the contribution largest in size, of equal ones the first; None when all are zero."""
    name = max(contributions, key=lambda part: abs(contributions[part]), default=None)
    return None if name is None or contributions[name] == 0 else name
