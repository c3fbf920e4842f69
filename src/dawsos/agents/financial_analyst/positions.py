"""The shapes positions and lots have on every surface: as the ledger holds them, and as a pack values them."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from dawsos.compute.valuation.records import PriceStatus
from dawsos.registry.contract import Contract
from dawsos.registry.units import Days, ExchangeRate, Fraction, Money, Price, Quantity


class OpenLot(Contract):
    """A tax lot with something left. ``cost_basis`` is the remaining cost of ``qty_open``; the base figure is at the frozen trade rate."""

    id: UUID
    security_id: UUID
    symbol: str
    qty_open: Annotated[Decimal, Quantity]
    qty_original: Annotated[Decimal, Quantity]
    cost_basis: Annotated[Decimal, Money("currency")]
    cost_basis_base: Annotated[Decimal, Money("base_currency")]
    acquisition_date: date
    currency: str
    base_currency: str
    trade_fx_rate: Annotated[Decimal, ExchangeRate]
    open_transaction_id: UUID


class Position(Contract):
    """All open lots of a security, or the cash of one currency (type CASH, no security, ``quantity`` is the amount)."""

    security_id: UUID | None
    symbol: str
    name: str | None
    security_type: str | None
    sector: str | None
    quantity: Annotated[Decimal, Quantity]
    cost_basis: Annotated[Decimal | None, Money("currency")]
    cost_basis_base: Annotated[Decimal | None, Money("base_currency")]
    acquisition_date: date | None
    currency: str
    base_currency: str
    lots: tuple[OpenLot, ...]
    reasons: dict[str, str]


class PricedLot(Contract):
    """A lot with its share of the position's value."""

    id: UUID
    acquisition_date: date
    currency: str
    base_currency: str
    qty_open: Annotated[Decimal, Quantity]
    qty_original: Annotated[Decimal, Quantity]
    cost_basis: Annotated[Decimal, Money("currency")]
    cost_basis_base: Annotated[Decimal, Money("base_currency")]
    value_local: Annotated[Decimal | None, Money("currency")]
    market_value: Annotated[Decimal | None, Money("base_currency")]
    unrealized_pl: Annotated[Decimal | None, Money("base_currency")]
    unrealized_pl_pct: Annotated[float | None, Fraction]
    unrealized_pl_price: Annotated[Decimal | None, Money("base_currency")]
    unrealized_pl_fx: Annotated[Decimal | None, Money("base_currency")]


class PricedPosition(Contract):
    """A position valued at a pack's price and rate; a null value has its reason beside it.

    ``market_value`` is in base currency, ``value_local`` in the position's own; ``weight`` is of NAV.
    """

    security_id: UUID | None
    symbol: str
    name: str | None
    security_type: str | None
    sector: str | None
    currency: str
    base_currency: str
    quantity: Annotated[Decimal, Quantity]
    cost_basis: Annotated[Decimal | None, Money("currency")]
    cost_basis_base: Annotated[Decimal | None, Money("base_currency")]
    acquisition_date: date | None
    price: Annotated[Decimal | None, Price("currency")]
    price_date: date | None
    stale_days: Annotated[int | None, Days]
    fx_rate: Annotated[Decimal | None, ExchangeRate]
    value_local: Annotated[Decimal | None, Money("currency")]
    market_value: Annotated[Decimal | None, Money("base_currency")]
    weight: Annotated[float | None, Fraction]
    unrealized_pl: Annotated[Decimal | None, Money("base_currency")]
    unrealized_pl_pct: Annotated[float | None, Fraction]
    unrealized_pl_price: Annotated[Decimal | None, Money("base_currency")]
    unrealized_pl_fx: Annotated[Decimal | None, Money("base_currency")]
    status: PriceStatus
    reason: str | None
    reasons: dict[str, str]
    lots: tuple[PricedLot, ...]


class ValuedPositions(Contract):
    """A portfolio valued with one pack: ``nav = cash + securities_value``, and the positions add up to it exactly."""

    positions: tuple[PricedPosition, ...]
    nav: Annotated[Decimal | None, Money("currency")]
    cash: Annotated[Decimal | None, Money("currency")]
    securities_value: Annotated[Decimal | None, Money("currency")]
    total_cost_base: Annotated[Decimal, Money("currency")]
    unrealized_pl: Annotated[Decimal | None, Money("currency")]
    unrealized_pl_pct: Annotated[float | None, Fraction]
    unrealized_pl_price: Annotated[Decimal | None, Money("currency")]
    unrealized_pl_fx: Annotated[Decimal | None, Money("currency")]
    currency: str
    asof_date: date
    pricing_pack_id: str
    coverage: Annotated[float, Fraction]
    warnings: tuple[str, ...]
    reasons: dict[str, str]
