"""Reward for risk: the Sharpe ratio over several windows, and what it is made of."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from dawsos.compute.risk.ratios import annual_return_of_sharpe
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Fraction, Number
from dawsos.services.context import RequestContext
from dawsos.services.derivations import get_or_compute
from dawsos.services.market_sources import note_market_sources
from dawsos.services.metrics import FIGURES, STANDARD_LOOKBACK, figures_parameters
from dawsos.services.risk_free import SOURCE as RISK_FREE

_OF_SUMMARY = ("sharpe_ratio", "sharpe_30d", "sharpe_60d", "sharpe_90d", "sharpe_1y", "volatility", "n_obs")


class SharpeRequest(Contract):
    """Which portfolio, and how many daily returns ``sharpe_ratio`` and its parts look back on."""

    portfolio_id: UUID
    pack_id: str | None = None
    lookback_days: Annotated[int, Count, Field(ge=1, le=10_000)] = STANDARD_LOOKBACK


class SharpeRatios(Contract):
    """``sharpe_ratio = (annual_return − risk_free_used)/volatility`` over the lookback; the others over 30, 60, 90 and 252 daily returns.

    ``annual_return`` is 252 × the mean daily return, ``risk_free_used`` the average over the lookback of the series ``risk_free_source``
    as it was known on each day.
    """

    sharpe_ratio: Annotated[float | None, Number]
    sharpe_30d: Annotated[float | None, Number]
    sharpe_60d: Annotated[float | None, Number]
    sharpe_90d: Annotated[float | None, Number]
    sharpe_1y: Annotated[float | None, Number]
    annual_return: Annotated[float | None, Fraction]
    volatility: Annotated[float | None, Fraction]
    risk_free_used: Annotated[float | None, Fraction]
    risk_free_source: str | None
    n_obs: Annotated[int, Count]
    reasons: dict[str, str]


@capability(
    name="metrics.compute_sharpe",
    rights=("portfolio_read",),
    ttl=300,
    repeatable=True,
    cost="medium",
    example={"portfolio_id": "01900000-0000-7000-8000-000000000001", "lookback_days": 252},
)
async def metrics_compute_sharpe(context: RequestContext, request: SharpeRequest) -> SharpeRatios:
    """Sharpe ratios from daily time-weighted returns and the dated riskless rate."""
    pins = context.pinned(request.portfolio_id, request.pack_id)
    summary = (await get_or_compute(FIGURES, context, figures_parameters(pins, request.lookback_days))).value
    context.provenance.note(source="ledger", asof=pins.pack.date)
    await note_market_sources(context, pins)
    rate = summary.risk_free_rate
    if rate is not None:
        context.provenance.note(source=RISK_FREE)
    annual = annual_return_of_sharpe(summary.sharpe_ratio, summary.volatility, rate)
    reasons = {name: summary.reasons[name] for name in _OF_SUMMARY if name in summary.reasons}
    if rate is None:
        reasons |= dict.fromkeys(("risk_free_used", "risk_free_source"), summary.reasons["risk_free_rate"])
    if annual is None:
        reasons["annual_return"] = summary.reasons["sharpe_ratio"]
    return SharpeRatios(
        annual_return=annual,
        risk_free_used=rate,
        risk_free_source=None if rate is None else RISK_FREE,
        reasons=reasons,
        **{name: getattr(summary, name) for name in _OF_SUMMARY},
    )
