"""How a valued portfolio divides up by sector, currency or type."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from dawsos.compute.valuation.lot_values import fraction
from dawsos.compute.valuation.records import ValuedPortfolio, ValuedPosition
from dawsos.kernel.money import ZERO

#: The group of securities for which the sector or type is not known.
UNCLASSIFIED: Final = "Unclassified"


@dataclass(frozen=True, slots=True)
class AllocationGroup:
    """One group's value in base currency, its weight of ``Allocation.total_value`` (None unless that is positive), and its positions."""

    name: str
    value: Decimal
    weight: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """Groups, the largest first; values sum to ``total_value``. Unpriced positions are in no group but counted in ``unpriced``."""

    groups: tuple[AllocationGroup, ...]
    total_value: Decimal
    unpriced: int


def sector_allocation(valued: ValuedPortfolio) -> Allocation:
    """Securities by sector (cash has none and is left out); without a sector they are ``Unclassified``."""
    return _allocate([one for one in valued.positions if not one.is_cash], lambda one: one.sector or UNCLASSIFIED)


def currency_allocation(valued: ValuedPortfolio) -> Allocation:
    """Securities and cash by their own currency; weights are of NAV."""
    return _allocate(list(valued.positions), lambda one: one.currency)


def type_allocation(valued: ValuedPortfolio) -> Allocation:
    """Securities and cash by security type; weights are of NAV."""
    return _allocate(list(valued.positions), lambda one: one.security_type or UNCLASSIFIED)


def _allocate(positions: list[ValuedPosition], group_of: Callable[[ValuedPosition], str]) -> Allocation:
    values: dict[str, list[Decimal]] = {}
    for position in positions:
        if position.market_value is not None:
            values.setdefault(group_of(position), []).append(position.market_value)
    whole = sum((sum(members, ZERO) for members in values.values()), ZERO)
    groups = (_group(name, members, whole) for name, members in values.items())
    unpriced = sum(position.market_value is None for position in positions)
    return Allocation(tuple(sorted(groups, key=lambda group: (-group.value, group.name))), whole, unpriced)


def _group(name: str, members: list[Decimal], whole: Decimal) -> AllocationGroup:
    value = sum(members, ZERO)
    return AllocationGroup(name, value, fraction(value, whole) if whole > 0 else None, len(members))
