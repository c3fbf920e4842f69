"""How a valued portfolio divides up by sector, currency or type."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Protocol
from uuid import UUID

from dawsos.compute.valuation.lot_values import fraction
from dawsos.kernel.money import ZERO

#: The group of securities for which the sector or type is not known.
UNCLASSIFIED: Final = "Unclassified"


class Allocatable(Protocol):
    """What dividing up reads of a valued position; cash has no ``security_id``."""

    @property
    def security_id(self) -> UUID | None: ...
    @property
    def security_type(self) -> str | None: ...
    @property
    def sector(self) -> str | None: ...
    @property
    def currency(self) -> str: ...
    @property
    def market_value(self) -> Decimal | None: ...


class Valued(Protocol):
    """Anything with valued positions."""

    @property
    def positions(self) -> Sequence[Allocatable]: ...


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


def sector_allocation(valued: Valued) -> Allocation:
    """Securities by sector (cash has none and is left out); without a sector they are ``Unclassified``."""
    return _allocate([one for one in valued.positions if one.security_id is not None], lambda one: one.sector or UNCLASSIFIED)


def currency_allocation(valued: Valued) -> Allocation:
    """Securities and cash by their own currency; weights are of NAV."""
    return _allocate(list(valued.positions), lambda one: one.currency)


def type_allocation(valued: Valued) -> Allocation:
    """Securities and cash by security type; weights are of NAV."""
    return _allocate(list(valued.positions), lambda one: one.security_type or UNCLASSIFIED)


def _allocate(positions: list[Allocatable], group_of: Callable[[Allocatable], str]) -> Allocation:
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
