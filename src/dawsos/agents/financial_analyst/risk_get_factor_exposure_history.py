"""How the factor exposures of a portfolio went over the weeks."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from dawsos.compute.factors.definitions import FACTOR_NAMES
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Number
from dawsos.services.context import RequestContext
from dawsos.services.risk.exposure_history import exposures_by_week


class ExposureHistoryRequest(Contract):
    """Which portfolio, and how many weeks to look back from the pricing pack's day."""

    portfolio_id: UUID
    pack_id: str | None = None
    lookback_weeks: Annotated[int, Count, Field(ge=1, le=52)] = 4


class FactorExposureHistory(Contract):
    """One entry a week, each from what was held and known then. Betas are in base currency.

    ``wow_change`` is the change of each beta over the last week, ``standard_errors`` those of the last week's betas, by factor; both lack
    what could not be told. Weeks without a pack are left out and named in ``reasons``.
    """

    dates: tuple[date, ...]
    real_rates_betas: Annotated[tuple[float, ...], Number]
    inflation_betas: Annotated[tuple[float, ...], Number]
    credit_betas: Annotated[tuple[float, ...], Number]
    fx_betas: Annotated[tuple[float, ...], Number]
    equity_betas: Annotated[tuple[float, ...], Number]
    wow_change: Annotated[dict[str, float], Number]
    standard_errors: Annotated[dict[str, float], Number]
    methodologies: tuple[str, ...]
    reasons: dict[str, str]


@capability(
    name="risk.get_factor_exposure_history",
    rights=("portfolio_read", "macro_data_read"),
    ttl=3600,
    repeatable=True,
    timeout=30.0,
    cost="high",
    example={"portfolio_id": "01900000-0000-7000-8000-000000000001", "lookback_weeks": 4},
)
async def risk_get_factor_exposure_history(context: RequestContext, request: ExposureHistoryRequest) -> FactorExposureHistory:
    """The betas of a portfolio week by week, and how much they changed in the last one."""
    pins = context.pinned(request.portfolio_id, request.pack_id)
    found = await exposures_by_week(context, pins, request.lookback_weeks)
    last = found.entries[-1]
    context.provenance.note(source="ledger", asof=last.end_date or pins.pack.date, method_version="factor_exposures/1", origin="computed")
    before = found.entries[-2].betas if len(found.entries) > 1 else {}
    by_factor = {name: tuple(entry.betas[name] for entry in found.entries) for name in FACTOR_NAMES}
    return FactorExposureHistory(
        dates=tuple(entry.asof_date for entry in found.entries),
        real_rates_betas=by_factor["real_rates"],
        inflation_betas=by_factor["inflation"],
        credit_betas=by_factor["credit"],
        fx_betas=by_factor["usd"],
        equity_betas=by_factor["equity"],
        wow_change={name: last.betas[name] - before[name] for name in FACTOR_NAMES if name in before},
        standard_errors={name: last.standard_errors[name] for name in FACTOR_NAMES if name in last.standard_errors},
        methodologies=tuple(entry.methodology for entry in found.entries),
        reasons={f"dates.{day}": reason for day, reason in found.gaps.items()},
    )
