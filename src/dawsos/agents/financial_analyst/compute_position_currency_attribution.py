"""How much of one position's return came from its price and how much from its currency."""

from typing import Annotated

from dawsos.agents.financial_analyst.position_request import EXAMPLE, NEVER_HELD, PositionRequest, place_of
from dawsos.compute.attribution.position import effect_of, own_return
from dawsos.compute.returns.figures import NotComputable
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import BasisPoints, Fraction
from dawsos.services.context import RequestContext
from dawsos.services.market_sources import note_market_sources
from dawsos.services.positions import attributed, daily_returns

_OWN = ("local_return", "fx_return", "interaction_return", "total_return")
_CONTRIBUTED = ("local_contribution", "fx_contribution", "interaction_contribution", "total_contribution")


class PositionCurrencyAttribution(Contract):
    """Of the position by itself: ``local_return + fx_return + interaction_return = total_return``; and what each part contributed.

    ``error_bps`` is by how much the parts of the whole portfolio miss its independently computed return.
    """

    currency: str | None
    base_currency: str
    local_return: Annotated[float | None, Fraction]
    fx_return: Annotated[float | None, Fraction]
    interaction_return: Annotated[float | None, Fraction]
    total_return: Annotated[float | None, Fraction]
    local_contribution: Annotated[float | None, Fraction]
    fx_contribution: Annotated[float | None, Fraction]
    interaction_contribution: Annotated[float | None, Fraction]
    total_contribution: Annotated[float | None, Fraction]
    error_bps: Annotated[float | None, BasisPoints]
    reasons: dict[str, str]


@capability(
    name="compute_position_currency_attribution",
    rights=("portfolio_read", "position_read"),
    ttl=300,
    repeatable=True,
    cost="medium",
    example=EXAMPLE,
)
async def compute_position_currency_attribution(context: RequestContext, request: PositionRequest) -> PositionCurrencyAttribution:
    """Local, currency and interaction part of one position's return, by itself and as contributed to the portfolio's."""
    pins = context.pinned(request.portfolio_id, request.pack_id)
    context.provenance.note(source="ledger", asof=pins.pack.date, method_version="currency_attribution/1", origin="computed")
    await note_market_sources(context, pins)
    whole = await attributed(context, pins, request.lookback_days)
    found = await daily_returns(context, pins, request.lookback_days)
    place = None if isinstance(found, NotComputable) else place_of(request.security_id, found.instruments)
    if isinstance(whole, NotComputable) or isinstance(found, NotComputable) or place is None:
        why = next((str(one) for one in (whole, found) if isinstance(one, NotComputable)), NEVER_HELD)
        names = (*_OWN, *_CONTRIBUTED, "error_bps", "currency")
        return PositionCurrencyAttribution(
            base_currency=pins.portfolio.base_currency, reasons=dict.fromkeys(names, why), **dict.fromkeys(names)
        )
    own, effect = own_return(found.total[place], found.local[place]), effect_of(whole, request.security_id)
    parts = ("local", "fx", "interaction", "total")
    missing = isinstance(own, NotComputable)
    reasons = dict.fromkeys(_OWN, str(own)) if missing else {}
    reasons |= dict.fromkeys(_CONTRIBUTED, NEVER_HELD) if effect is None else {}
    reasons |= {"error_bps": "there is no return computed from daily values"} if whole.error_bps is None else {}
    return PositionCurrencyAttribution(
        currency=found.instruments[place].currency,
        base_currency=pins.portfolio.base_currency,
        **{f"{part}_return": None if missing else getattr(own, part) for part in parts},
        **{f"{part}_contribution": None if effect is None else getattr(effect, part) for part in parts},
        error_bps=whole.error_bps,
        reasons=reasons,
    )
