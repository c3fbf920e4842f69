"""How one position did while it was held."""

from datetime import date
from typing import Annotated

import numpy as np

from dawsos.agents.financial_analyst.position_request import EXAMPLE, NEVER_HELD, PositionRequest, place_of
from dawsos.compute.ledger.segments import calendar_day
from dawsos.compute.returns.figures import NotComputable
from dawsos.compute.risk.position_return import PositionReturn as Figures
from dawsos.compute.risk.position_return import linked_path, nothing, position_return, shown
from dawsos.compute.valuation.instrument_returns import InstrumentReturns
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Days, Fraction, Number
from dawsos.services.context import RequestContext
from dawsos.services.market_sources import note_market_sources
from dawsos.services.positions import daily_returns, risk_free_in
from dawsos.services.risk_free import SOURCE as RISK_FREE


class DailyReturn(Contract):
    """The return of one day; ``cumulative`` ones are linked from the start of the window. Null on a day on which nothing was held."""

    date: date
    position: Annotated[float | None, Fraction]
    portfolio: Annotated[float | None, Fraction]
    cumulative_position: Annotated[float | None, Fraction]
    cumulative_portfolio: Annotated[float | None, Fraction]
    reasons: dict[str, str]


class PositionReturn(Contract):
    """Fractions in base currency, dividends and charges included; each null has an entry in ``reasons``.

    ``total_return`` links the days held, ``portfolio_return`` the portfolio's returns of the same days.
    """

    symbol: str | None
    total_return: Annotated[float | None, Fraction]
    annualized_return: Annotated[float | None, Fraction]
    portfolio_return: Annotated[float | None, Fraction]
    volatility: Annotated[float | None, Fraction]
    risk_free_rate: Annotated[float | None, Fraction]
    sharpe: Annotated[float | None, Number]
    max_drawdown: Annotated[float | None, Fraction]
    current_drawdown: Annotated[float | None, Fraction]
    beta_to_portfolio: Annotated[float | None, Number]
    correlation: Annotated[float | None, Number]
    max_drawdown_peak_date: date | None
    max_drawdown_trough_date: date | None
    max_drawdown_recovery_date: date | None
    recovery_days: Annotated[int | None, Days]
    start_date: date | None
    end_date: date | None
    n_obs: Annotated[int, Count]
    daily_returns: tuple[DailyReturn, ...]
    reasons: dict[str, str]


@capability(
    name="compute_position_return", rights=("portfolio_read", "position_read"), ttl=300, repeatable=True, cost="medium", example=EXAMPLE
)
async def compute_position_return(context: RequestContext, request: PositionRequest) -> PositionReturn:
    """Return, volatility, Sharpe ratio and drawdown of one position as it was held, day by day beside its portfolio."""
    pins = context.pinned(request.portfolio_id, request.pack_id)
    context.provenance.note(source="ledger", asof=pins.pack.date, method_version="position_return/1", origin="computed")
    await note_market_sources(context, pins)
    found = await daily_returns(context, pins, request.lookback_days)
    place = None if isinstance(found, NotComputable) else place_of(request.security_id, found.instruments)
    if isinstance(found, NotComputable) or place is None:
        figures = nothing(str(found) if isinstance(found, NotComputable) else NEVER_HELD)
        return PositionReturn(symbol=None, daily_returns=(), **_facts(figures))
    dates = np.concatenate([[found.opening_day], found.days]).astype("datetime64[D]")
    rates = await risk_free_in(context, pins, request.lookback_days)
    figures = position_return(found.total[place], found.portfolio, dates, rates)
    if figures.risk_free_rate is not None:
        context.provenance.note(source=RISK_FREE)
    return PositionReturn(symbol=found.instruments[place].symbol, daily_returns=_daily(found, place), **_facts(figures))


def _facts(figures: Figures) -> dict[str, object]:
    return {name: getattr(figures, name) for name in Figures.__dataclass_fields__}


def _daily(found: InstrumentReturns, place: int) -> tuple[DailyReturn, ...]:
    own, whole = found.total[place], found.portfolio
    columns = (shown(own), shown(whole), linked_path(own), linked_path(whole))
    return tuple(
        DailyReturn(
            date=calendar_day(int(day)),
            position=a,
            portfolio=b,
            cumulative_position=c,
            cumulative_portfolio=d,
            reasons=({"position": "the position was not held"} if a is None else {})
            | ({"cumulative_position": "the position was not held yet"} if c is None else {})
            | ({name: "there was no capital" for name, value in (("portfolio", b), ("cumulative_portfolio", d)) if value is None}),
        )
        for day, a, b, c, d in zip(found.days.tolist(), *columns, strict=True)
    )
