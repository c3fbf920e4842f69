"""Where a return came from: prices in their own currency, exchange rates, or both together."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from dawsos.compute.attribution.currency import Effect
from dawsos.kernel.errors import Invalid
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import BasisPoints, Count, Fraction
from dawsos.services.attribution import ATTRIBUTIONS, TOLERANCE_BPS, attribution_parameters
from dawsos.services.context import RequestContext
from dawsos.services.derivations import get_or_compute
from dawsos.services.market_sources import note_market_sources
from dawsos.services.metrics import STANDARD_LOOKBACK


class CurrencyAttributionRequest(Contract):
    """Which portfolio, and how many daily returns to look back on; ``base_currency``, if given, must be the portfolio's."""

    portfolio_id: UUID
    pack_id: str | None = None
    lookback_days: Annotated[int, Count, Field(ge=1, le=10_000)] = STANDARD_LOOKBACK
    base_currency: str | None = None


class CurrencyEffect(Contract):
    """The part of the return that came through one currency; ``weight`` is the average share of the capital at work."""

    weight: Annotated[float, Fraction]
    local: Annotated[float, Fraction]
    fx: Annotated[float, Fraction]
    interaction: Annotated[float, Fraction]
    total: Annotated[float, Fraction]


class CurrencyAttribution(Contract):
    """``local_return + fx_return + interaction_return = total_return``, the compounded return of the whole portfolio, cash included.

    ``base_return_actual`` is the time-weighted return computed independently from daily values; ``error_bps`` is the difference.
    """

    local_return: Annotated[float | None, Fraction]
    fx_return: Annotated[float | None, Fraction]
    interaction_return: Annotated[float | None, Fraction]
    total_return: Annotated[float | None, Fraction]
    base_return_actual: Annotated[float | None, Fraction]
    error_bps: Annotated[float | None, BasisPoints]
    attribution_by_currency: dict[str, CurrencyEffect]
    base_currency: str
    lookback_days: Annotated[int, Count]
    start_date: date | None
    end_date: date | None
    reasons: dict[str, str]


@capability(
    name="attribution.currency",
    rights=("portfolio_read",),
    ttl=300,
    repeatable=True,
    cost="medium",
    example={"portfolio_id": "01900000-0000-7000-8000-000000000001", "lookback_days": 252},
)
async def attribution_currency(context: RequestContext, request: CurrencyAttributionRequest) -> CurrencyAttribution:
    """Local, currency and interaction part of the return, in all and by currency, linked over the window."""
    pins = context.pinned(request.portfolio_id, request.pack_id)
    if request.base_currency not in {None, pins.portfolio.base_currency}:
        raise Invalid(
            f"The portfolio is kept in {pins.portfolio.base_currency}; its attribution in {request.base_currency} is not computed.",
            remedy=f"Leave base_currency out, or give {pins.portfolio.base_currency}.",
        )
    found = (await get_or_compute(ATTRIBUTIONS, context, attribution_parameters(pins, request.lookback_days))).value
    context.provenance.note(source="ledger", asof=pins.pack.date)
    await note_market_sources(context, pins)
    if found.error_bps is not None and found.error_bps > TOLERANCE_BPS:
        context.provenance.note(
            warning=f"The parts of the currency attribution miss the return by {found.error_bps:.4f} bps; {TOLERANCE_BPS} is allowed."
        )
    facts = {name: getattr(found, name) for name in CurrencyAttribution.model_fields if name != "attribution_by_currency"}
    return CurrencyAttribution(
        attribution_by_currency={code: _effect(effect) for code, effect in sorted(found.attribution_by_currency.items())}, **facts
    )


def _effect(effect: Effect) -> CurrencyEffect:
    return CurrencyEffect(**{name: getattr(effect, name) for name in CurrencyEffect.model_fields})
