"""Every family of figures about a portfolio in one call: returns and risk, reward for risk, the owner's own return, and the valuation."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from dawsos.agents.financial_analyst.metrics_compute_mwr import MoneyWeightedReturn, MwrRequest, metrics_compute_mwr
from dawsos.agents.financial_analyst.metrics_compute_sharpe import SharpeRatios, SharpeRequest, metrics_compute_sharpe
from dawsos.agents.financial_analyst.metrics_compute_twr import PerformanceMetrics, TwrRequest, metrics_compute_twr
from dawsos.agents.financial_analyst.portfolio_get_valued_positions import ValuedPositionsRequest, portfolio_get_valued_positions
from dawsos.agents.financial_analyst.positions import ValuedPositions
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count
from dawsos.services.context import RequestContext
from dawsos.services.metrics import STANDARD_LOOKBACK


class MetricsRequest(Contract):
    """Which portfolio, how many daily returns to look back on, and the window of the money-weighted return."""

    portfolio_id: UUID
    pack_id: str | None = None
    lookback_days: Annotated[int, Count, Field(ge=1, le=10_000)] = STANDARD_LOOKBACK
    window: Literal["1M", "3M", "6M", "MTD", "QTD", "YTD", "1Y", "3Y", "5Y", "ITD"] = "ITD"


class PortfolioMetrics(Contract):
    """The families, each as its own capability gives it, all of one pack and ledger state."""

    performance: PerformanceMetrics
    reward: SharpeRatios
    money_weighted: MoneyWeightedReturn
    valuation: ValuedPositions


@capability(
    name="metrics.compute",
    rights=("portfolio_read",),
    ttl=300,
    repeatable=True,
    cost="medium",
    example={"portfolio_id": "01900000-0000-7000-8000-000000000001", "lookback_days": 252},
)
async def metrics_compute(context: RequestContext, request: MetricsRequest) -> PortfolioMetrics:
    """Time-weighted returns and risk, Sharpe ratios, the money-weighted return, and every position at the pack's prices."""
    about = {"portfolio_id": request.portfolio_id, "pack_id": request.pack_id}
    return PortfolioMetrics(
        performance=await metrics_compute_twr(context, TwrRequest(**about, lookback_days=request.lookback_days)),
        reward=await metrics_compute_sharpe(context, SharpeRequest(**about, lookback_days=request.lookback_days)),
        money_weighted=await metrics_compute_mwr(context, MwrRequest(**about, window=request.window)),
        valuation=await portfolio_get_valued_positions(context, ValuedPositionsRequest(**about)),
    )
