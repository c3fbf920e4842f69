"""How a portfolio did: time-weighted returns and risk, from its daily values under a pinned pack and ledger state."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Fraction, Number
from dawsos.services.context import RequestContext
from dawsos.services.derivations import get_or_compute
from dawsos.services.market_sources import note_market_sources
from dawsos.services.metrics import FIGURES, STANDARD_LOOKBACK, figures_parameters
from dawsos.services.risk_free import SOURCE as RISK_FREE


class TwrRequest(Contract):
    """Which portfolio, and how many daily returns to look back on."""

    portfolio_id: UUID
    pack_id: str | None = None
    lookback_days: Annotated[int, Count, Field(ge=1, le=10_000)] = STANDARD_LOOKBACK


class PerformanceMetrics(Contract):
    """Returns and risk as fractions; each null has an entry in ``reasons``.

    ``twr``, ``volatility``, ``sharpe_ratio``, drawdowns and benchmark figures are over the lookback (``start_date`` to ``end_date``);
    ``twr_1d`` … over calendar windows; ``*_ann`` per year.
    """

    twr: Annotated[float | None, Fraction]
    twr_1d: Annotated[float | None, Fraction]
    twr_mtd: Annotated[float | None, Fraction]
    twr_qtd: Annotated[float | None, Fraction]
    twr_ytd: Annotated[float | None, Fraction]
    twr_1y: Annotated[float | None, Fraction]
    twr_3y_ann: Annotated[float | None, Fraction]
    twr_5y_ann: Annotated[float | None, Fraction]
    twr_inception_ann: Annotated[float | None, Fraction]
    mwr_ytd: Annotated[float | None, Fraction]
    mwr_1y: Annotated[float | None, Fraction]
    mwr_3y_ann: Annotated[float | None, Fraction]
    mwr_inception_ann: Annotated[float | None, Fraction]
    volatility: Annotated[float | None, Fraction]
    volatility_30d: Annotated[float | None, Fraction]
    volatility_60d: Annotated[float | None, Fraction]
    volatility_90d: Annotated[float | None, Fraction]
    volatility_1y: Annotated[float | None, Fraction]
    sharpe_ratio: Annotated[float | None, Number]
    sharpe_30d: Annotated[float | None, Number]
    sharpe_60d: Annotated[float | None, Number]
    sharpe_90d: Annotated[float | None, Number]
    sharpe_1y: Annotated[float | None, Number]
    risk_free_rate: Annotated[float | None, Fraction]
    max_drawdown: Annotated[float | None, Fraction]
    max_drawdown_peak_date: date | None
    max_drawdown_trough_date: date | None
    max_drawdown_recovery_date: date | None
    current_drawdown: Annotated[float | None, Fraction]
    alpha: Annotated[float | None, Fraction]
    beta: Annotated[float | None, Number]
    tracking_error: Annotated[float | None, Fraction]
    information_ratio: Annotated[float | None, Number]
    benchmark_id: str | None
    start_date: date | None
    end_date: date | None
    n_obs: Annotated[int, Count]
    sub_period_breaks: tuple[date, ...]
    reasons: dict[str, str]


@capability(
    name="metrics.compute_twr",
    rights=("portfolio_read",),
    ttl=300,
    repeatable=True,
    cost="medium",
    example={"portfolio_id": "01900000-0000-7000-8000-000000000001", "lookback_days": 252},
)
async def metrics_compute_twr(context: RequestContext, request: TwrRequest) -> PerformanceMetrics:
    """Time-weighted returns by window, volatility, Sharpe ratio, drawdown, and figures against the portfolio's benchmark."""
    pins = context.pinned(request.portfolio_id, request.pack_id)
    found = await get_or_compute(FIGURES, context, figures_parameters(pins, request.lookback_days))
    context.provenance.note(source="ledger", asof=pins.pack.date)
    await note_market_sources(context, pins)
    if found.value.risk_free_rate is not None:
        context.provenance.note(source=RISK_FREE)
    facts = {name: getattr(found.value, name) for name in PerformanceMetrics.model_fields if name not in {"benchmark_id", "reasons"}}
    reasons = dict(found.value.reasons)
    if pins.portfolio.benchmark_id is None:
        reasons["benchmark_id"] = "the portfolio has no benchmark"
    return PerformanceMetrics(**facts, benchmark_id=pins.portfolio.benchmark_id, reasons=reasons)
