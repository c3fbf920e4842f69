"""The value of a portfolio day by day."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from dawsos.compute.valuation.nav_change import drawdown_path, nav_change
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Fraction, Money
from dawsos.services.context import RequestContext
from dawsos.services.history import daily_history
from dawsos.services.market_sources import note_market_sources
from dawsos.services.metrics import STANDARD_LOOKBACK

_NO_DAY = "the portfolio has no valued day up to this date"
_NOTHING_AT_WORK: Final = "no capital was at work by then"


class HistoricalNavRequest(Contract):
    """Which portfolio, and how many daily returns to look back on; one more value than returns is given."""

    portfolio_id: UUID
    lookback_days: Annotated[int, Count, Field(ge=1, le=10_000)] = STANDARD_LOOKBACK


class DailyValue(Contract):
    """The value at the end of a day; ``net_external_flow`` came in since the value before.

    ``drawdown`` is the loss of the time-weighted index from its highest level in the window, ≤ 0; null while nothing was invested.
    """

    date: date
    nav: Annotated[Decimal, Money("currency")]
    cash: Annotated[Decimal, Money("currency")]
    securities_value: Annotated[Decimal, Money("currency")]
    net_external_flow: Annotated[Decimal, Money("currency")]
    drawdown: Annotated[float | None, Fraction]


class HistoricalNav(Contract):
    """Values in order of date. ``nav_change = net_flows + gain``; a change of value is not a return, ``total_return`` is."""

    data: tuple[DailyValue, ...]
    start_value: Annotated[Decimal | None, Money("currency")]
    end_value: Annotated[Decimal | None, Money("currency")]
    nav_change: Annotated[Decimal | None, Money("currency")]
    net_flows: Annotated[Decimal | None, Money("currency")]
    gain: Annotated[Decimal | None, Money("currency")]
    total_return: Annotated[float | None, Fraction]
    points: Annotated[int, Count]
    currency: str
    reasons: dict[str, str]


@capability(
    name="portfolio.historical_nav",
    rights=("portfolio_read",),
    ttl=300,
    repeatable=True,
    example={"portfolio_id": "01900000-0000-7000-8000-000000000001", "lookback_days": 252},
)
async def portfolio_historical_nav(context: RequestContext, request: HistoricalNavRequest) -> HistoricalNav:
    """Net asset value, cash and securities of the last days, by replaying the ledger over every pack."""
    pins = context.pinned(request.portfolio_id)
    history = await daily_history(context, pins)
    series = history.series.last(request.lookback_days + 1)
    context.provenance.note(source="ledger", asof=pins.pack.date)
    await note_market_sources(context, pins)
    for gap in history.gaps:
        context.provenance.note(warning=gap)
    change, drawdowns = nav_change(series), drawdown_path(series)
    return HistoricalNav(
        data=tuple(
            DailyValue(date=day, nav=nav, cash=cash, securities_value=securities, net_external_flow=flow, drawdown=drawdown)
            for day, nav, cash, securities, flow, drawdown in zip(
                series.dates,
                *(series.amounts(name) for name in ("nav", "cash", "securities_value", "net_external_flow")),
                drawdowns,
                strict=True,
            )
        ),
        start_value=change.start_value,
        end_value=change.end_value,
        nav_change=change.nav_change,
        net_flows=change.net_flows,
        gain=change.gain,
        total_return=change.total_return,
        points=len(series),
        currency=pins.portfolio.base_currency,
        reasons=dict(change.reasons)
        | ({} if len(series) else {"data": _NO_DAY})
        | ({"data.drawdown": _NOTHING_AT_WORK} if None in drawdowns else {}),
    )
