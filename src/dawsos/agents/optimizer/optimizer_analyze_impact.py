"""What trades would change: value, quality, concentration and risk, before and after."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from dawsos.agents.optimizer.wash_sales import PlannedWashSale, wash_sales_of
from dawsos.compute.optimizer.impact import Standing as Figures
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import Count, Fraction, Money, Number, Quantity, Score
from dawsos.services.context import RequestContext
from dawsos.services.impact import PlannedChange, Sides, impact_of
from dawsos.services.taxes import rules_named

#: Figures of a standing that have a difference.
_FIGURES = tuple(Figures.__dataclass_fields__)


class TradeToMake(Contract):
    """``quantity`` to buy, negative to sell, and what trading it costs."""

    security_id: UUID
    quantity: Annotated[Decimal, Quantity]
    estimated_cost: Annotated[Decimal, Money("base_currency"), Field(ge=0)] = Decimal(0)


class AnalyzeImpactRequest(Contract):
    """Which portfolio, and which trades: those of a proposal, or any others. Taxes as for ``optimizer.propose_trades``."""

    portfolio_id: UUID
    proposed_trades: Annotated[tuple[TradeToMake, ...], Field(max_length=500)]
    pack_id: str | None = None
    lookback_days: Annotated[int, Count, Field(ge=60, le=2520)] = 252
    tax_system: Literal["US", "CA"] = "US"
    tax_rate: Annotated[Decimal | None, Fraction, Field(ge=0, le=1)] = None
    base_currency: str | None = None


class Standing(Contract):
    """A whole in figures, or the difference of two. Quality 0–10 is by value over what is rated; risk is that of the weights, per year.

    ``top10`` is the share of the ten largest securities in the net asset value.
    """

    value: Annotated[Decimal, Money("currency")]
    cash: Annotated[Decimal, Money("currency")]
    dividend_safety: Annotated[float | None, Score]
    moat_strength: Annotated[float | None, Score]
    top10: Annotated[float | None, Fraction]
    tracking_error: Annotated[float | None, Fraction]
    volatility: Annotated[float | None, Fraction]
    beta: Annotated[float | None, Number]
    reasons: dict[str, str]


class Comparison(Contract):
    """Now, after the trades, and the difference."""

    current: Standing
    post: Standing
    delta: Standing


class LedgerLookedAt(Contract):
    """Another portfolio of the owner that was looked at, and the state of its ledger."""

    portfolio_id: UUID
    name: str
    ledger_commit_hash: str


class ImpactAnalysis(Contract):
    """The portfolio (``current``, ``post``, ``delta``), all the owner holds (``all_portfolios``), and what sales are taxed with."""

    currency: str
    current: Standing
    post: Standing
    delta: Standing
    all_portfolios: Comparison
    realized_gain: Annotated[Decimal, Money("currency")]
    tax_cost: Annotated[Decimal, Money("currency")]
    wash_sales: tuple[PlannedWashSale, ...]
    other_ledgers: tuple[LedgerLookedAt, ...]
    observations: Annotated[int, Count]
    warnings: tuple[str, ...]


@capability(
    name="optimizer.analyze_impact",
    rights=("portfolio_read",),
    ttl=300,
    repeatable=True,
    timeout=20.0,
    cost="medium",
    example={"portfolio_id": "01900000-0000-7000-8000-000000000001", "proposed_trades": []},
)
async def optimizer_analyze_impact(context: RequestContext, request: AnalyzeImpactRequest) -> ImpactAnalysis:
    """Value, dividend safety, moat, concentration, tracking error, volatility and beta before and after trades, here and over all."""
    pins = context.pinned(request.portfolio_id, request.pack_id)
    changes = [PlannedChange(each.security_id, each.quantity, each.estimated_cost) for each in request.proposed_trades if each.quantity]
    found = await impact_of(
        context,
        changes,
        lookback_days=request.lookback_days,
        rules=rules_named(request.tax_system),
        tax_rate=request.tax_rate,
    )
    mine, taxes = _comparison(found.portfolio), found.taxes
    return ImpactAnalysis(
        currency=pins.portfolio.base_currency,
        current=mine.current,
        post=mine.post,
        delta=mine.delta,
        all_portfolios=_comparison(found.household),
        realized_gain=sum((each.realized_gain for each in taxes.trades if each.realized_gain is not None), Decimal(0)),
        tax_cost=sum((each.tax.tax_cost for each in taxes.trades if each.tax is not None), Decimal(0)),
        wash_sales=wash_sales_of(taxes.flags),
        other_ledgers=tuple(
            LedgerLookedAt(portfolio_id=each.portfolio_id, name=each.name, ledger_commit_hash=each.ledger_commit_hash)
            for each in taxes.others
        ),
        observations=found.observations,
        warnings=found.warnings,
    )


def _comparison(sides: Sides) -> Comparison:
    before, after = ({name: getattr(side, name) for name in _FIGURES} for side in (sides.before, sides.after))
    delta = {name: None if before[name] is None or after[name] is None else _less(after[name], before[name]) for name in _FIGURES}
    return Comparison(current=_standing(before, sides), post=_standing(after, sides), delta=_standing(delta, sides))


def _less(after: Decimal | float, before: Decimal | float) -> Decimal | float:
    if isinstance(after, Decimal) and isinstance(before, Decimal):
        return after - before
    return round(float(after) - float(before), 8) + 0.0


def _standing(figures: dict[str, Decimal | float | None], sides: Sides) -> Standing:
    return Standing.model_validate({**figures, "reasons": {name: why for name, why in sides.reasons.items() if figures[name] is None}})
