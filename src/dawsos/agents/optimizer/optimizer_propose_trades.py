"""Trades that would bring a portfolio in line with a policy."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from dawsos.agents.optimizer.wash_sales import PlannedWashSale, wash_sales_of
from dawsos.compute.optimizer.policy import Method, Policy
from dawsos.registry.capability import capability
from dawsos.registry.contract import Contract
from dawsos.registry.units import BasisPoints, Count, ExchangeRate, Fraction, Money, Number, Price, Quantity, Score
from dawsos.services.context import RequestContext
from dawsos.services.rebalancing import ProposedTrade, Rebalancing, Template, policy_of, rebalancing
from dawsos.services.taxes import rules_named


class ProposeTradesRequest(Contract):
    """Which portfolio, by which policy: a template, and what is to differ from it. Weights, turnover and volatility are fractions.

    ``tax_rate`` is what a unit of gain costs, or of loss saves; that of the tax system unless given.
    """

    portfolio_id: UUID
    template: Template = "default"
    method: Method | None = None
    min_quality_score: Annotated[float | None, Score, Field(ge=0, le=10)] = None
    max_single_position: Annotated[float | None, Fraction, Field(gt=0, le=1)] = None
    max_sector: Annotated[float | None, Fraction, Field(gt=0, le=1)] = None
    max_turnover: Annotated[float | None, Fraction, Field(ge=0, le=1)] = None
    target_volatility: Annotated[float | None, Fraction, Field(gt=0, le=2)] = None
    min_trade_value: Annotated[Decimal, Money("base_currency"), Field(ge=0)] = Decimal(100)
    tax_system: Literal["US", "CA"] = "US"
    tax_rate: Annotated[Decimal | None, Fraction, Field(ge=0, le=1)] = None
    base_currency: str | None = None


class Trade(Contract):
    """One order in whole shares; ``quantity`` and ``value`` are negative for a sale. ``price`` is in the security's own currency.

    ``realized_gain`` = short- and long-term gain, before wash sales; ``tax_cost`` is on what remains with the ``disallowed`` loss added.
    """

    security_id: UUID
    symbol: str
    action: Literal["buy", "sell"]
    quantity: Annotated[Decimal, Quantity]
    price: Annotated[Decimal, Price("trade_currency")]
    trade_currency: str
    fx_rate: Annotated[Decimal, ExchangeRate]
    unit_price: Annotated[Decimal, Price("currency")]
    value: Annotated[Decimal, Money("currency")]
    estimated_cost: Annotated[Decimal, Money("currency")]
    current_weight: Annotated[float, Fraction]
    target_weight: Annotated[float, Fraction]
    realized_gain: Annotated[Decimal | None, Money("currency")]
    short_term_gain: Annotated[Decimal | None, Money("currency")]
    long_term_gain: Annotated[Decimal | None, Money("currency")]
    disallowed: Annotated[Decimal | None, Money("currency")]
    tax_cost: Annotated[Decimal | None, Money("currency")]
    reason: str
    reasons: dict[str, str]


class RelaxedLimit(Contract):
    """A limit that could not be kept: what was stated, and what is used instead. For sectors, what is added to each limit."""

    limit: str
    stated: Annotated[float, Number]
    used: Annotated[float, Number]


class Proposal(Contract):
    """Trades for the owner to decide on; nothing is booked. ``verdict`` says whether weights were found that keep the limits."""

    verdict: Literal["solved", "infeasible", "unbounded", "failed"]
    policy: str
    method: str
    currency: str
    nav: Annotated[Decimal, Money("currency")]
    trades: tuple[Trade, ...]
    trade_count: Annotated[int, Count]
    total_turnover: Annotated[Decimal, Money("currency")]
    turnover_pct: Annotated[float, Fraction]
    estimated_costs: Annotated[Decimal, Money("currency")]
    cost_bps: Annotated[float, BasisPoints]
    cash_after: Annotated[Decimal, Money("currency")]
    realized_gain: Annotated[Decimal, Money("currency")]
    tax_cost: Annotated[Decimal, Money("currency")]
    wash_sales: tuple[PlannedWashSale, ...]
    expected_return: Annotated[float | None, Fraction]
    expected_volatility: Annotated[float | None, Fraction]
    expected_tracking_error: Annotated[float | None, Fraction]
    observations: Annotated[int, Count]
    relaxed: tuple[RelaxedLimit, ...]
    skipped: tuple[str, ...]
    warnings: tuple[str, ...]
    reasons: dict[str, str]


@capability(
    name="optimizer.propose_trades",
    rights=("portfolio_read",),
    ttl=300,
    repeatable=True,
    timeout=20.0,
    cost="high",
    example={"portfolio_id": "01900000-0000-7000-8000-000000000001"},
)
async def optimizer_propose_trades(context: RequestContext, request: ProposeTradesRequest) -> Proposal:
    """Whole-share trades towards the best weights within all limits of a policy, with costs, gains realised, and what gave way."""
    pins = context.pinned(request.portfolio_id)
    policy = _policy(request)
    found = await rebalancing(
        context,
        policy,
        smallest_order=request.min_trade_value,
        rules=rules_named(request.tax_system),
        tax_rate=request.tax_rate,
    )
    return _as_contract(found, policy, pins.portfolio.base_currency)


def _policy(request: ProposeTradesRequest) -> Policy:
    names = ("method", "min_quality_score", "max_single_position", "max_sector", "max_turnover", "target_volatility")
    return policy_of(request.template, {name: getattr(request, name) for name in names})


def _as_contract(found: Rebalancing, policy: Policy, currency: str) -> Proposal:
    trades = tuple(_trade(each) for each in found.trades)
    traded = sum((abs(each.value) for each in trades), Decimal(0))
    expected = {
        "expected_return": found.proposal.expected_return,
        "expected_volatility": found.proposal.expected_volatility,
        "expected_tracking_error": found.proposal.expected_tracking_error,
    }
    why = found.proposal.reason or (found.warnings[0] if found.warnings else "no benchmark weights are known")
    return Proposal(
        verdict=found.proposal.verdict,
        policy=policy.name,
        method=policy.method,
        currency=currency,
        nav=found.nav,
        trades=trades,
        trade_count=len(trades),
        total_turnover=traded,
        turnover_pct=float(traded / (2 * found.nav)),
        estimated_costs=found.orders.costs,
        cost_bps=float(10_000 * found.orders.costs / found.nav),
        cash_after=found.cash,
        realized_gain=sum((each.realized_gain for each in trades if each.realized_gain is not None), Decimal(0)),
        tax_cost=sum((each.tax_cost for each in trades if each.tax_cost is not None), Decimal(0)),
        wash_sales=wash_sales_of(found.wash_sales),
        **expected,
        observations=found.proposal.observations,
        relaxed=tuple(RelaxedLimit(limit=each.limit, stated=each.stated, used=each.used) for each in found.proposal.relaxed),
        skipped=found.orders.skipped,
        warnings=found.warnings,
        reasons={name: why for name, value in expected.items() if value is None},
    )


_TAXES = ("short_term_gain", "long_term_gain", "disallowed", "tax_cost")


def _trade(found: ProposedTrade) -> Trade:
    elsewhere = {"action", "estimated_cost", "trade_currency", "realized_gain", "reasons", *_TAXES}
    facts = {name: getattr(found, name) for name in Trade.model_fields if name not in elsewhere}
    tax = found.taxes.tax
    return Trade(
        action="buy" if found.quantity > 0 else "sell",
        estimated_cost=found.cost,
        trade_currency=found.currency,
        realized_gain=found.taxes.realized_gain,
        **{name: None if tax is None else getattr(tax, name) for name in _TAXES},
        reasons={} if tax is not None else dict.fromkeys(("realized_gain", *_TAXES), "a purchase realises nothing"),
        **facts,
    )
