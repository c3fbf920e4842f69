"""What a valuation answers: lots, positions and a portfolio with their values and where a value is missing."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class PriceStatus(StrEnum):
    """Whether a position could be valued: with a close of the day, with an older one, or not at all."""

    PRICED = "priced"
    STALE = "stale"
    UNPRICED = "unpriced"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuedLot:
    """One lot and its share of the position's value. Amounts in base currency but for ``cost_basis`` and ``value_local`` (own currency)."""

    id: UUID
    acquisition_date: date
    currency: str
    qty_open: Decimal
    qty_original: Decimal
    cost_basis: Decimal
    cost_basis_base: Decimal
    value_local: Decimal | None = None
    market_value: Decimal | None = None
    unrealized_pl: Decimal | None = None
    unrealized_pl_pct: float | None = None
    unrealized_pl_price: Decimal | None = None
    unrealized_pl_fx: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuedPosition:
    """All lots of one security, or the cash of one currency (``security_id`` None, ``security_type`` CASH, ``quantity`` the amount).

    ``value_local`` = round(quantity × price) in ``currency``; ``market_value`` = round(quantity × price × fx_rate) in base currency,
    rounded once from the exact product; ``weight`` is of NAV. The price and fx parts sum to ``unrealized_pl``. Lots sum to the position.
    Every field that is None has an entry in ``reasons`` if a value was to be expected.
    """

    security_id: UUID | None
    symbol: str
    name: str | None
    security_type: str | None
    sector: str | None
    currency: str
    quantity: Decimal
    cost_basis: Decimal | None = None
    cost_basis_base: Decimal | None = None
    acquisition_date: date | None = None
    price: Decimal | None = None
    price_date: date | None = None
    stale_days: int | None = None
    fx_rate: Decimal | None = None
    value_local: Decimal | None = None
    market_value: Decimal | None = None
    weight: float | None = None
    unrealized_pl: Decimal | None = None
    unrealized_pl_pct: float | None = None
    unrealized_pl_price: Decimal | None = None
    unrealized_pl_fx: Decimal | None = None
    status: PriceStatus
    reason: str | None = None
    reasons: dict[str, str] = field(default_factory=dict)
    lots: tuple[ValuedLot, ...] = ()

    @property
    def is_cash(self) -> bool:
        return self.security_id is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuedPortfolio:
    """Valued positions, securities before cash, and their totals in base currency; ``nav = cash + securities_value`` to the cent.

    Unpriced positions have no value, count in no total but the cost, and are named in ``warnings``. ``coverage`` is the share of positions
    (by number) that have a value. ``total_cost`` is the base cost of all securities; ``unrealized_pl`` is of the valued ones, and
    ``unrealized_pl_pct`` relates it to their cost. A total is None when there are positions under it and none has a value.
    """

    as_of: date
    base_currency: str
    positions: tuple[ValuedPosition, ...]
    nav: Decimal | None
    cash: Decimal | None
    securities_value: Decimal | None
    total_cost: Decimal
    unrealized_pl: Decimal | None
    unrealized_pl_pct: float | None
    unrealized_pl_price: Decimal | None
    unrealized_pl_fx: Decimal | None
    coverage: float
    warnings: tuple[str, ...] = ()
    reasons: dict[str, str] = field(default_factory=dict)
