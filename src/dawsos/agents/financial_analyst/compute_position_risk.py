"""The part one position has in the risk of its portfolio."""

from decimal import Decimal
from typing import Annotated

import numpy as np
from pydantic import Field

from dawsos.agents.financial_analyst.portfolio_get_valued_positions import ValuedPositionsRequest, portfolio_get_valued_positions
from dawsos.agents.financial_analyst.position_request import EXAMPLE, PositionRequest, not_held, place_of
from dawsos.agents.financial_analyst.positions import ValuedPositions
from dawsos.compute.returns.figures import NotComputable
from dawsos.compute.risk.position_risk import PositionRisk as Figures
from dawsos.compute.risk.position_risk import position_risk, with_history
from dawsos.compute.valuation.instrument_returns import InstrumentReturns
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Fraction, Money, Number
from dawsos.services.context import RequestContext
from dawsos.services.market_sources import note_market_sources
from dawsos.services.positions import daily_returns

_NAMES = tuple(name for name in Figures.__dataclass_fields__ if name != "n_obs")


class PositionRiskRequest(PositionRequest):
    """Which position, and at which confidence its value at risk is stated."""

    confidence: Annotated[float, Fraction, Field(gt=0.5, lt=1)] = 0.95


class PositionRisk(Contract):
    """Losses of one day as positive amounts; the component VaRs of all positions sum to ``portfolio_var_1d``.

    ``marginal_var`` is the rise of the portfolio's VaR per unit of money added. Volatilities are per year.
    """

    var_1d: Annotated[Decimal | None, Money("currency")]
    var_1d_pct: Annotated[float | None, Fraction]
    cvar_1d: Annotated[Decimal | None, Money("currency")]
    marginal_var: Annotated[float | None, Fraction]
    component_var: Annotated[Decimal | None, Money("currency")]
    pct_portfolio_risk: Annotated[float | None, Fraction]
    portfolio_var_1d: Annotated[Decimal | None, Money("currency")]
    beta_to_portfolio: Annotated[float | None, Number]
    correlation: Annotated[float | None, Number]
    diversification_benefit: Annotated[float | None, Fraction]
    position_volatility: Annotated[float | None, Fraction]
    portfolio_volatility: Annotated[float | None, Fraction]
    confidence: Annotated[float, Fraction]
    n_obs: Annotated[int, Count]
    left_out: tuple[str, ...]
    currency: str
    reasons: dict[str, str]


@capability(
    name="compute_position_risk", rights=("portfolio_read", "position_read"), ttl=300, repeatable=True, cost="medium", example=EXAMPLE
)
async def compute_position_risk(context: RequestContext, request: PositionRiskRequest) -> PositionRisk:
    """Value at risk of one position, alone and as its part of the portfolio's, from daily returns at today's weights."""
    pins = context.pinned(request.portfolio_id, request.pack_id)
    valued = await portfolio_get_valued_positions(context, ValuedPositionsRequest(portfolio_id=request.portfolio_id))
    held = next((position for position in valued.positions if position.security_id == request.security_id), None)
    if held is None:
        raise not_held(request.security_id)
    context.provenance.note(source="ledger", asof=pins.pack.date, method_version="position_risk/1", origin="computed")
    await note_market_sources(context, pins)
    found = await daily_returns(context, pins, request.lookback_days)
    if isinstance(found, NotComputable) or valued.nav is None or held.market_value is None:
        why = str(found) if isinstance(found, NotComputable) else (held.reason or "the portfolio has no value")
        return _missing(why, request.confidence, valued.currency)
    returns, weights = with_history(found, _weights(found, valued))
    left_out = _left_out(found, valued, weights)
    for symbol in left_out:
        context.provenance.note(warning=f"{symbol} is left out of the risk: it has too few daily returns in the window.")
    place = place_of(request.security_id, found.instruments)
    figures = (
        NotComputable("days on which the position was held")
        if place is None
        else position_risk(returns, weights, place, value=held.market_value, nav=valued.nav, confidence=request.confidence)
    )
    if isinstance(figures, NotComputable):
        return _missing(str(figures), request.confidence, valued.currency, left_out)
    facts = {name: getattr(figures, name) for name in (*_NAMES, "n_obs")}
    return PositionRisk(confidence=request.confidence, left_out=left_out, currency=valued.currency, reasons={}, **facts)


def _weights(found: InstrumentReturns, valued: ValuedPositions) -> np.ndarray:
    """Today's weight of every instrument of the window; of cash by its currency."""
    known = {(one.security_id, one.currency if one.security_id is None else None): one.weight for one in valued.positions}
    of = ((one.security_id, one.currency if one.security_id is None else None) for one in found.instruments)
    return np.array([known.get(key) or 0.0 for key in of], dtype=np.float64)


def _left_out(found: InstrumentReturns, valued: ValuedPositions, weights: np.ndarray) -> tuple[str, ...]:
    counted = {(one.security_id, one.currency) for one, weight in zip(found.instruments, weights, strict=True) if weight}
    return tuple(one.symbol for one in valued.positions if one.weight and (one.security_id, one.currency) not in counted)


def _missing(reason: str, confidence: float, currency: str, left_out: tuple[str, ...] = ()) -> PositionRisk:
    none = dict.fromkeys(_NAMES)
    return PositionRisk(**none, confidence=confidence, n_obs=0, left_out=left_out, currency=currency, reasons=dict.fromkeys(_NAMES, reason))
