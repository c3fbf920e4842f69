"""What a portfolio report is made of: results of other capabilities, as far as the report shows them, and the sources behind each."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from dawsos.registry.contract import Contract
from dawsos.registry.units import BasisPoints, Count, Fraction, Money, Number, Price, Quantity

Template = Literal["portfolio_report"]

#: The smallest request there is a report for: one part, and where its figures are from.
EXAMPLE: Final[dict[str, Any]] = {
    "portfolio_id": "01900000-0000-7000-8000-000000000001",
    "report_data": {
        "sectors": {
            "sectors": [
                {"sector": "Health Care", "market_value": "600.00", "weight": 0.6, "count": 2},
                {"sector": "Energy", "market_value": "400.00", "weight": 0.4, "count": 1},
            ],
            "total_value": "1000.00",
            "unpriced": 0,
            "currency": "CAD",
            "reasons": {},
        }
    },
    "sources": {"sectors": ["ECB"]},
}


class ReportedPosition(Contract):
    """A line of the holdings, as ``pricing.apply_pack`` gives it."""

    symbol: str
    name: str | None
    security_type: str | None
    currency: str
    base_currency: str
    quantity: Annotated[Decimal, Quantity]
    price: Annotated[Decimal | None, Price("currency")]
    market_value: Annotated[Decimal | None, Money("base_currency")]
    weight: Annotated[float | None, Fraction]
    cost_basis_base: Annotated[Decimal | None, Money("base_currency")]
    unrealized_pl: Annotated[Decimal | None, Money("base_currency")]
    unrealized_pl_pct: Annotated[float | None, Fraction]
    reason: str | None
    reasons: dict[str, str]


class ReportedHoldings(Contract):
    """The holdings and what they add up to."""

    positions: tuple[ReportedPosition, ...]
    nav: Annotated[Decimal | None, Money("currency")]
    cash: Annotated[Decimal | None, Money("currency")]
    securities_value: Annotated[Decimal | None, Money("currency")]
    total_cost_base: Annotated[Decimal, Money("currency")]
    unrealized_pl: Annotated[Decimal | None, Money("currency")]
    unrealized_pl_pct: Annotated[float | None, Fraction]
    currency: str
    warnings: tuple[str, ...]
    reasons: dict[str, str]


class ReportedPerformance(Contract):
    """Returns and risk, as ``metrics.compute_twr`` gives them."""

    twr: Annotated[float | None, Fraction]
    twr_1d: Annotated[float | None, Fraction]
    twr_mtd: Annotated[float | None, Fraction]
    twr_qtd: Annotated[float | None, Fraction]
    twr_ytd: Annotated[float | None, Fraction]
    twr_1y: Annotated[float | None, Fraction]
    twr_3y_ann: Annotated[float | None, Fraction]
    twr_5y_ann: Annotated[float | None, Fraction]
    twr_inception_ann: Annotated[float | None, Fraction]
    mwr_1y: Annotated[float | None, Fraction]
    mwr_inception_ann: Annotated[float | None, Fraction]
    volatility: Annotated[float | None, Fraction]
    sharpe_ratio: Annotated[float | None, Number]
    risk_free_rate: Annotated[float | None, Fraction]
    max_drawdown: Annotated[float | None, Fraction]
    current_drawdown: Annotated[float | None, Fraction]
    alpha: Annotated[float | None, Fraction]
    beta: Annotated[float | None, Number]
    tracking_error: Annotated[float | None, Fraction]
    benchmark_id: str | None
    start_date: date | None
    end_date: date | None
    n_obs: Annotated[int, Count]
    reasons: dict[str, str]


class ReportedDay(Contract):
    """A day of the history, as ``portfolio.historical_nav`` gives it."""

    date: date
    nav: Annotated[Decimal, Money("currency")]
    drawdown: Annotated[float | None, Fraction]


class ReportedHistory(Contract):
    """The value day by day."""

    data: tuple[ReportedDay, ...]
    currency: str
    reasons: dict[str, str]


class ReportedEffect(Contract):
    """The part of the return that came through one currency."""

    weight: Annotated[float, Fraction]
    local: Annotated[float, Fraction]
    fx: Annotated[float, Fraction]
    interaction: Annotated[float, Fraction]
    total: Annotated[float, Fraction]


class ReportedAttribution(Contract):
    """Where the return came from, as ``attribution.currency`` gives it."""

    local_return: Annotated[float | None, Fraction]
    fx_return: Annotated[float | None, Fraction]
    interaction_return: Annotated[float | None, Fraction]
    total_return: Annotated[float | None, Fraction]
    error_bps: Annotated[float | None, BasisPoints]
    attribution_by_currency: dict[str, ReportedEffect]
    start_date: date | None
    end_date: date | None
    reasons: dict[str, str]


class ReportedSector(Contract):
    """A sector, as ``portfolio.sector_allocation`` gives it."""

    sector: str
    market_value: Annotated[Decimal, Money("currency")]
    weight: Annotated[float | None, Fraction]
    count: Annotated[int, Count]


class ReportedSectors(Contract):
    """How the securities divide up."""

    sectors: tuple[ReportedSector, ...]
    total_value: Annotated[Decimal, Money("currency")]
    unpriced: Annotated[int, Count]
    currency: str
    reasons: dict[str, str]


class ReportedPhase(Contract):
    """A phase of the business cycle and its probability."""

    phase: str
    probability: Annotated[float, Fraction]


class ReportedRegime(Contract):
    """Where the economy stands, as ``macro.detect_regime`` gives it."""

    date: date
    regime_name: str | None
    confidence: Annotated[float | None, Fraction]
    regime_scores: tuple[ReportedPhase, ...]
    quadrant: str | None
    quadrant_confidence: Annotated[float | None, Fraction]
    missing: tuple[str, ...]
    reasons: dict[str, str]


class ReportContents(Contract):
    """The parts of a report. What is null is left out."""

    positions: ReportedHoldings | None = None
    sectors: ReportedSectors | None = None
    performance: ReportedPerformance | None = None
    historical_nav: ReportedHistory | None = None
    currency_attr: ReportedAttribution | None = None
    regime: ReportedRegime | None = None


class ReportSources(Contract):
    """The names of the sources behind each part, everything that went into it included. A part without any is not exported."""

    positions: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    performance: tuple[str, ...] = ()
    historical_nav: tuple[str, ...] = ()
    currency_attr: tuple[str, ...] = ()
    regime: tuple[str, ...] = ()


class BlockedSection(Contract):
    """A section that was left out, and why."""

    section: str
    reason: str


class ReportRequest(Contract):
    """``strict`` refuses the whole of it when a part may not be exported; otherwise that part is left out with a notice."""

    portfolio_id: UUID
    report_data: ReportContents
    sources: ReportSources = ReportSources()
    strict: bool = False


class ReportResult(Contract):
    """The file: what it is called, how large it is and its SHA-256, from what it was made, and what was left out.

    ``generated_at`` is the day the figures are of: the moment written into the file, so that the same state gives the same bytes.
    """

    status: Literal["complete", "filtered"]
    file_name: str
    file_size: Annotated[int, Count]
    sha256: str
    attributions: tuple[str, ...]
    watermark_applied: bool
    generated_at: date
    pricing_pack_id: str
    ledger_commit_hash: str
    blocked_sections: tuple[BlockedSection, ...]
