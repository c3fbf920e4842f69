"""Lots, securities and prices in a line each."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from dawsos.compute.valuation.inputs import PriceQuote
from dawsos.kernel.identifiers import named
from dawsos.kernel.money import multiply, round_money

AS_OF = date(2025, 11, 3)  # a Monday


@dataclass(frozen=True)
class Facts:
    symbol: str
    currency: str = "CAD"
    name: str | None = "A company"
    security_type: str | None = "EQUITY"
    sector: str | None = "Technology"


@dataclass(frozen=True)
class FakeLot:
    id: UUID
    security_id: UUID
    symbol: str
    qty_open: Decimal
    qty_original: Decimal
    cost_basis: Decimal
    cost_basis_base: Decimal
    acquisition_date: date
    currency: str
    trade_fx_rate: Decimal


def security(symbol):
    return named("security", symbol)


def lot(symbol, quantity, cost, *, currency="CAD", rate="1", acquired=date(2024, 1, 2), cost_base=None):
    quantity, cost, rate = Decimal(quantity), Decimal(cost), Decimal(rate)
    return FakeLot(
        id=named("lot", symbol, quantity, acquired),
        security_id=security(symbol),
        symbol=symbol,
        qty_open=quantity,
        qty_original=quantity,
        cost_basis=cost,
        cost_basis_base=round_money(multiply(cost, rate)) if cost_base is None else Decimal(cost_base),
        acquisition_date=acquired,
        currency=currency,
        trade_fx_rate=rate,
    )


def quote(close, price_date=AS_OF, currency=None):
    return PriceQuote(Decimal(close), price_date, currency)
