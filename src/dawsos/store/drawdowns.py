"""Forecasts of drawdown at risk, and what came to pass."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from dawsos.store.statements import load
from dawsos.store.transaction import DatabaseTransaction

_statements: Final = load("drawdowns")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDrawdownForecast:
    """A forecast to store; depths are positive fractions."""

    portfolio_id: UUID
    asof_date: date
    pricing_pack_id: str
    regime: str
    confidence: Decimal
    horizon_days: int
    num_simulations: int
    seed: int
    dar: Decimal
    dar_pct: Decimal
    mean_drawdown: Decimal
    median_drawdown: Decimal
    max_drawdown: Decimal
    current_nav: Decimal
    method: str
    ledger_commit_hash: str


@dataclass(frozen=True, slots=True)
class DrawdownForecastRecord:
    """A stored forecast; ``realized_drawdown`` is null until its horizon is over."""

    id: UUID
    asof_date: date
    regime: str
    confidence: Decimal
    horizon_days: int
    dar_pct: Decimal | None
    realized_drawdown: Decimal | None


PUT_DRAWDOWN_FORECAST = _statements.none("put_drawdown_forecast")
LIST_DRAWDOWN_FORECASTS = _statements.many("list_drawdown_forecasts", DrawdownForecastRecord)
SETTLE_DRAWDOWN_FORECAST = _statements.none("settle_drawdown_forecast")


async def put_forecast(tx: DatabaseTransaction, forecast: NewDrawdownForecast, moment: datetime) -> None:
    """Store a forecast, in place of an earlier one of that date by the same method."""
    await tx.execute(PUT_DRAWDOWN_FORECAST, **asdict(forecast), moment=moment)


async def list_forecasts(tx: DatabaseTransaction, portfolio_id: UUID, method: str, before: date) -> list[DrawdownForecastRecord]:
    """The forecasts made before a date, oldest first."""
    return await tx.fetch_all(LIST_DRAWDOWN_FORECASTS, portfolio_id=portfolio_id, method=method, before=before)


async def settle_forecast(tx: DatabaseTransaction, forecast_id: UUID, realized_drawdown: Decimal) -> None:
    """Fill in what came to pass over the horizon."""
    await tx.execute(SETTLE_DRAWDOWN_FORECAST, id=forecast_id, realized_drawdown=realized_drawdown)
