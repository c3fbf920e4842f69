"""The six capabilities of the portfolio overview with small, fixed portfolios: the shapes of the real ones without their data."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated
from uuid import UUID

from pydantic import Field

from dawsos.patterns import check_text
from dawsos.registry import (
    BasisPoints,
    CallContext,
    Contract,
    Count,
    Days,
    ExchangeRate,
    Fraction,
    Money,
    Number,
    Price,
    Quantity,
    Registry,
    capability,
)
from dawsos.registry.capability import declaration_of
from dawsos.registry.conformity import examine

PORTFOLIO = UUID("11111111-1111-4111-8111-111111111111")
ROYAL_BANK = UUID("22222222-2222-4222-8222-222222222222")
EXAMPLE = {"portfolio_id": str(PORTFOLIO)}

BaseMoney = Annotated[Decimal, Money("currency")]
MaybeMoney = Annotated[Decimal | None, Money("currency")]
Share = Annotated[float | None, Fraction]
Reasons = Annotated[dict[str, str], Field(default_factory=dict)]


class Position(Contract):
    security_id: UUID | None
    symbol: str
    name: str
    sector: str | None
    security_type: str
    quantity: Annotated[Decimal, Quantity]
    cost_basis: Annotated[Decimal, Money("currency")]
    currency: str
    base_currency: str
    acquisition_date: date | None


class PositionsRequest(Contract):
    portfolio_id: UUID


class PositionsResult(Contract):
    positions: tuple[Position, ...]
    total_positions: Annotated[int, Count]
    base_currency: str
    reasons: Reasons


class PackRequest(Contract):
    positions: tuple[Position, ...]
    pack_id: str | None = None


class ValuedPosition(Contract):
    security_id: UUID | None
    symbol: str
    name: str
    sector: str | None
    currency: str
    quantity: Annotated[Decimal, Quantity]
    price: Annotated[Decimal | None, Price("price_currency")]
    price_currency: str
    fx_rate: Annotated[Decimal | None, ExchangeRate]
    market_value: MaybeMoney
    weight: Share
    unrealized_pl: MaybeMoney
    unrealized_pl_pct: Share
    status: str
    reason: str | None = None


class ValuedPositions(Contract):
    positions: tuple[ValuedPosition, ...]
    nav: BaseMoney
    cash: BaseMoney
    securities_value: BaseMoney
    currency: str
    coverage: Annotated[float, Fraction]
    reasons: Reasons


class MetricsRequest(Contract):
    portfolio_id: UUID
    pack_id: str | None = None
    lookback_days: Annotated[int, Field(ge=1), Days] = 252


class MetricsResult(Contract):
    twr: Share
    twr_1y: Share
    volatility: Share
    sharpe_ratio: Annotated[float | None, Number]
    max_drawdown: Share
    n_obs: Annotated[int, Count]
    reasons: Reasons


class AttributionRequest(MetricsRequest):
    base_currency: str | None = None


class CurrencyPart(Contract):
    weight: Share
    local: Share
    fx: Share
    interaction: Share
    total: Share


class AttributionResult(Contract):
    local_return: Share
    fx_return: Share
    interaction_return: Share
    total_return: Share
    error_bps: Annotated[float | None, BasisPoints]
    attribution_by_currency: dict[str, CurrencyPart]
    base_currency: str
    reasons: Reasons


class SectorRequest(Contract):
    valued_positions: ValuedPositions


class Sector(Contract):
    sector: str
    market_value: BaseMoney
    weight: Share
    count: Annotated[int, Count]


class SectorResult(Contract):
    sectors: tuple[Sector, ...]
    num_sectors: Annotated[int, Count]
    total_value: BaseMoney
    currency: str
    reasons: Reasons


class NavRequest(Contract):
    portfolio_id: UUID
    lookback_days: Annotated[int, Field(ge=1), Days] = 252


class NavPoint(Contract):
    date: date
    nav: BaseMoney
    net_external_flow: BaseMoney


class NavResult(Contract):
    data: tuple[NavPoint, ...]
    start_value: MaybeMoney
    end_value: MaybeMoney
    points: Annotated[int, Count]
    currency: str
    reasons: Reasons


@capability(name="ledger.positions", rights=("portfolio_read",), ttl=60, example=EXAMPLE)
async def positions(context: CallContext, request: PositionsRequest) -> PositionsResult:
    """What the portfolio holds."""
    context.provenance.note(source="ledger", asof=date(2025, 11, 3), origin="stored", method_version="positions/1")
    held = (
        Position(
            security_id=ROYAL_BANK, symbol="RY", name="Royal Bank of Canada", sector="Financials", security_type="EQUITY",
            quantity=Decimal("100.00000000"), cost_basis=Decimal("12000.00"), currency="CAD", base_currency="CAD",
            acquisition_date=date(2023, 5, 1),
        ),
        Position(
            security_id=UUID(int=3), symbol="OLD", name="Delisted Incorporated", sector=None, security_type="EQUITY",
            quantity=Decimal("7.5"), cost_basis=Decimal("75.00"), currency="USD", base_currency="CAD", acquisition_date=date(2020, 1, 2),
        ),
    )  # fmt: skip
    return PositionsResult(positions=held, total_positions=2, base_currency="CAD")


@capability(name="pricing.apply_pack", rights=("portfolio_read",), ttl=60, example={"positions": []})
async def apply_pack(context: CallContext, request: PackRequest) -> ValuedPositions:
    """What the positions are worth at the pack's prices."""
    context.provenance.note(source="Polygon", asof=date(2025, 11, 3), warning="OLD has no price.", method_version="valuation/1")
    valued = []
    for one in request.positions:
        is_priced = one.symbol == "RY"
        valued.append(
            ValuedPosition(
                security_id=one.security_id,
                symbol=one.symbol,
                name=one.name,
                sector=one.sector,
                currency="CAD",
                quantity=one.quantity,
                price=Decimal("150.5") if is_priced else None,
                price_currency=one.currency,
                fx_rate=Decimal(1) if is_priced else None,
                market_value=Decimal("15050.00") if is_priced else None,
                weight=1.0 if is_priced else None,
                unrealized_pl=Decimal("3050.00") if is_priced else None,
                unrealized_pl_pct=0.25416667 if is_priced else None,
                status="priced" if is_priced else "unpriced",
                reason=None if is_priced else "The pack has no price for OLD.",
            )
        )
    nav = sum((one.market_value for one in valued if one.market_value is not None), Decimal("0.00"))
    return ValuedPositions(
        positions=tuple(valued), nav=nav, cash=Decimal("0.00"), securities_value=nav, currency="CAD", coverage=0.5, reasons={}
    )


@capability(name="metrics.compute_twr", rights=("portfolio_read",), ttl=300, example=EXAMPLE)
async def compute_twr(context: CallContext, request: MetricsRequest) -> MetricsResult:
    """Time-weighted return and risk."""
    context.provenance.note(source="ledger", asof=date(2025, 11, 3), origin="stored", method_version="performance/2")
    why = "252 daily returns are needed and there are 120."
    return MetricsResult(
        twr=0.05, twr_1y=None, volatility=0.12, sharpe_ratio=0.4, max_drawdown=-0.07, n_obs=min(120, request.lookback_days),
        reasons={"twr_1y": why},
    )  # fmt: skip


@capability(name="attribution.currency", rights=("portfolio_read",), ttl=300, example=EXAMPLE)
async def currency(context: CallContext, request: AttributionRequest) -> AttributionResult:
    """How much of the return came from currencies."""
    context.provenance.note(source="ECB", asof=date(2025, 11, 3), method_version="attribution/1")
    part = CurrencyPart(weight=0.4, local=0.03, fx=0.01, interaction=0.0, total=0.04)
    return AttributionResult(
        local_return=0.04, fx_return=0.01, interaction_return=-0.001, total_return=0.049, error_bps=0.01,
        attribution_by_currency={"USD": part, "CAD": part}, base_currency=request.base_currency or "CAD",
    )  # fmt: skip


@capability(name="portfolio.sector_allocation", rights=("portfolio_read",), ttl=300, example={"valued_positions": {
    "positions": [], "nav": "0", "cash": "0", "securities_value": "0", "currency": "CAD", "coverage": 1.0}})  # fmt: skip
async def sector_allocation(context: CallContext, request: SectorRequest) -> SectorResult:
    """How the value is spread over sectors."""
    value = request.valued_positions.securities_value
    only = Sector(sector="Financials", market_value=value, weight=1.0, count=1)
    return SectorResult(sectors=(only,), num_sectors=1, total_value=value, currency=request.valued_positions.currency)


@capability(name="portfolio.historical_nav", rights=("portfolio_read",), ttl=300, example=EXAMPLE)
async def historical_nav(context: CallContext, request: NavRequest) -> NavResult:
    """The value of the portfolio day by day."""
    context.provenance.note(source="ledger", asof=date(2025, 10, 31), method_version="daily_values/1")
    days = ((date(2025, 10, 31), "15000.00"), (date(2025, 11, 3), "15050.00"))
    points = tuple(NavPoint(date=day, nav=Decimal(nav), net_external_flow=Decimal(0)) for day, nav in days)
    return NavResult(data=points, start_value=points[0].nav, end_value=points[-1].nav, points=2, currency="CAD")


def capability_of(function, agent="FinancialAnalyst"):
    """The capability a function declares; a broken declaration fails the test that makes it."""
    found, problems = examine(function, declaration_of(function), agent)
    assert problems == []
    return found


OVERVIEW = tuple(map(capability_of, (positions, apply_pack, compute_twr, currency, sector_allocation, historical_nav)))


def overview_registry(*more):
    """The six capabilities and ``more``; one of the same name replaces it."""
    return Registry([*OVERVIEW, *more])


def overview_pattern(registry=None):
    """The file of the portfolio overview alone, checked against ``registry``: other patterns need capabilities that are not here."""
    path = Path(__file__).parents[3] / "patterns" / "portfolio_overview.yaml"
    pattern, problems = check_text(path.read_text(encoding="utf-8"), path.name, registry or overview_registry())
    assert not problems
    return pattern
