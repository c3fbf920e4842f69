"""An alert as it is proposed: what ``POST /v1/alerts`` takes, with the condition of each kind spelt out."""

from typing import Annotated, Literal
from uuid import UUID

from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Fraction, Number


class MacroCondition(Contract):
    """An economic series moves by ``value`` within ``window_days``: in its own unit, or for ``change_pct`` as a fraction."""

    entity: str
    metric: Literal["change", "change_pct"]
    op: Literal[">=", "<="]
    value: Annotated[float, Number]
    window_days: Annotated[int, Count]


class RegimeCondition(Contract):
    """The regime is ``distance`` phases or more from where it was, and at least ``confidence`` sure."""

    confidence: Annotated[float, Fraction]
    distance: Annotated[int, Count]


class VolatilityCondition(Contract):
    """The portfolio's volatility is above its usual level by this share of it."""

    ratio: Annotated[float, Fraction]


class NewsImpactCondition(Contract):
    """An article of the last ``lookback_hours`` has at least this impact on the portfolio, 0 to 1."""

    value: Annotated[float, Number]
    lookback_hours: Annotated[int, Count]


class AlertPayload(Contract):
    """The body of ``POST /v1/alerts``; ``portfolio_id`` is null for what does not watch a portfolio."""

    alert_type: str
    portfolio_id: UUID | None
    condition: MacroCondition | RegimeCondition | VolatilityCondition | NewsImpactCondition
    severity: Literal["info", "warning", "critical"]
