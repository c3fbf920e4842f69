"""Trades that would bring a pinned portfolio in line with a policy: proposed, never booked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

import numpy as np

from dawsos.compute.optimizer.histories import returns_in_base
from dawsos.compute.optimizer.policy import TEMPLATES, Asset, Policy, policy_limits
from dawsos.compute.optimizer.policy import Method as PolicyMethod
from dawsos.compute.optimizer.proposing import Proposal, propose
from dawsos.compute.optimizer.trading import CostModel, Holding, OrderList, orders_for
from dawsos.compute.returns.figures import FloatArray
from dawsos.compute.tax.rules import UNITED_STATES, TaxRules
from dawsos.compute.valuation.positions import value_positions
from dawsos.compute.valuation.records import ValuedPosition
from dawsos.kernel.errors import InsufficientData, Internal
from dawsos.kernel.money import ZERO, multiply
from dawsos.services.context import Pins, RequestContext
from dawsos.services.holdings import pack_contents, pinned_ledger, quotes, rate_table, security_facts
from dawsos.services.market_sources import note_market_sources
from dawsos.services.panels import load_panels
from dawsos.services.ratings import rated_security
from dawsos.services.taxes import OtherLedger
from dawsos.services.trade_taxes import TradeTax, WashFlag, trade_taxes

METHOD: Final = "optimizer/2"
Method: TypeAlias = PolicyMethod
Template = Literal["default", "quality_focused", "aggressive_growth", "conservative_income"]


@dataclass(frozen=True, slots=True)
class ProposedTrade:
    """One order with the position's weights before and after, in fractions of NAV, and what a sale would be taxed with.

    ``price`` in ``currency`` × ``fx_rate`` = ``unit_price`` in base currency, which ``value`` and ``cost`` are in.
    """

    security_id: UUID
    symbol: str
    currency: str
    quantity: Decimal
    price: Decimal
    fx_rate: Decimal
    unit_price: Decimal
    value: Decimal
    cost: Decimal
    current_weight: float
    target_weight: float
    taxes: TradeTax
    reason: str


@dataclass(frozen=True, slots=True)
class Rebalancing:
    """The trades, the optimisation behind them, and what stands beside: NAV, the cash left, wash sales, warnings."""

    trades: tuple[ProposedTrade, ...]
    orders: OrderList
    proposal: Proposal
    nav: Decimal
    cash: Decimal
    wash_sales: tuple[WashFlag, ...]
    others: tuple[OtherLedger, ...]
    warnings: tuple[str, ...]


def policy_of(template: Template, changes: dict[str, Any]) -> Policy:
    """A template with what is to differ from it; None leaves a limit as the template has it."""
    return replace(TEMPLATES[template], **{name: value for name, value in changes.items() if value is not None})


async def rebalancing(
    context: RequestContext,
    policy: Policy,
    *,
    smallest_order: Decimal,
    costs: CostModel | None = None,
    rules: TaxRules = UNITED_STATES,
    tax_rate: Decimal | None = None,
) -> Rebalancing:
    """Whole-share trades towards the weights the policy finds best, within its limits, at the pinned prices.

    Only what is held takes part; the cash of the portfolio stays as it is, but for what rounding leaves over and the trades cost. What
    has no price cannot be traded on these figures and is named in the warnings. Quality is the aggregate rating / 10; it is asked for
    only when the policy uses it.
    """
    pins = context.pinned()
    positions, cash, nav = await _valued(context, pins)
    priced = [each for each in positions if each.market_value is not None and each.market_value > 0]
    if not priced or nav <= 0:
        raise InsufficientData(
            "Nothing with a price is held, so there is nothing to rebalance.", remedy="Book trades, or choose a later pack."
        )
    warnings = [f"{each.symbol} has no price and is left as it is." for each in positions if each not in priced]
    assets = [await _asset(context, policy, each, nav) for each in priced]
    budget = sum(asset.current_weight for asset in assets)
    found = policy_limits(policy, assets, budget=budget)
    returns = await _returns(context, pins, priced, policy.lookback_days)
    proposal = propose(policy, found.limits, returns)
    warnings += [*found.warnings, *proposal.warnings]
    if proposal.verdict != "solved":
        orders = OrderList(orders=(), costs=ZERO, cash_left=cash, turnover=0.0, skipped=())
        return Rebalancing((), orders, proposal, nav, cash, (), (), tuple(warnings))
    holdings = [
        Holding(
            name=each.symbol,
            quantity=each.quantity,
            unit_price=_unit_price(each),
            target_weight=float(weight) / budget * (1.0 - 1e-12),
        )
        for each, weight in zip(priced, proposal.weights, strict=True)
    ]
    # Cash stays apart: the orders are those of the securities alone, paid out of their own sales.
    orders = orders_for(holdings, ZERO, costs=costs, smallest_order=smallest_order)
    trades = _trades(orders, priced, proposal.weights, nav, found.sold_for_quality)
    taxes = await trade_taxes(context, trades, rules=rules, tax_rate=tax_rate)
    trades = tuple(replace(trade, taxes=tax) for trade, tax in zip(trades, taxes.trades, strict=True))
    context.provenance.note(source="ledger", asof=pins.pack.date, method_version=METHOD, origin="computed")
    await note_market_sources(context, pins)
    for warning in warnings:
        context.provenance.note(warning=warning)
    return Rebalancing(trades, orders, proposal, nav, cash + orders.cash_left, taxes.flags, taxes.others, tuple(warnings))


async def _valued(context: RequestContext, pins: Pins) -> tuple[list[ValuedPosition], Decimal, Decimal]:
    state = await pinned_ledger(context, pins)
    contents = await pack_contents(context, pins)
    lots = state.open_lots()
    valued = value_positions(
        lots,
        dict(state.cash),
        as_of=pins.pack.date,
        prices=quotes(contents),
        rates=rate_table(contents),
        base_currency=pins.portfolio.base_currency,
        securities=await security_facts(context, {lot.security_id for lot in lots}),
    )
    held = [each for each in valued.positions if each.security_id is not None]
    cash = sum((each.market_value for each in valued.positions if each.security_id is None and each.market_value is not None), ZERO)
    return held, cash, cash + sum((each.market_value for each in held if each.market_value is not None), ZERO)


async def _asset(context: RequestContext, policy: Policy, position: ValuedPosition, nav: Decimal) -> Asset:
    quality, ratings = None, {}
    if (policy.min_quality_score > 0.0 or policy.rules) and position.security_id is not None:
        rated = await rated_security(context, position.security_id)
        quality = None if rated.overall.score is None else rated.overall.score / 10.0
        names = {"MOAT": "moat", "DIVIDEND_SAFETY": "dividend_safety", "RESILIENCE": "resilience"}
        ratings = {names[kind]: rating.score for kind, rating in rated.ratings.items()}
    weight = float((position.market_value or ZERO) / nav)
    return Asset(name=position.symbol, current_weight=weight, sector=position.sector, quality=quality, ratings=ratings)


async def _returns(context: RequestContext, pins: Pins, priced: Sequence[ValuedPosition], days: int) -> FloatArray:
    currency_of = {security_id: each.currency for security_id, each in zip(_ids(priced), priced, strict=True)}
    async with context.database.transaction(context.actor, read_only=True) as tx:
        prices, rates = await load_panels(
            tx,
            pins.pack,
            pins.pack.date - timedelta(days=int(days * 1.6) + 10),
            security_ids=set(currency_of),
            currencies=set(currency_of.values()),
            base_currency=pins.portfolio.base_currency,
        )
    found = returns_in_base(prices, rates, currency_of)
    return np.ascontiguousarray(found[:, [prices.row[each] for each in _ids(priced)]])


def _ids(priced: Sequence[ValuedPosition]) -> list[UUID]:
    return [each.security_id for each in priced if each.security_id is not None]


def _unit_price(position: ValuedPosition) -> Decimal:
    price, rate = _quoted(position)
    return multiply(price, rate)


def _quoted(position: ValuedPosition) -> tuple[Decimal, Decimal]:
    if position.price is None or position.fx_rate is None:
        raise Internal(f"{position.symbol} has a value but no price or rate.")
    return position.price, position.fx_rate


def _trades(
    orders: OrderList, priced: Sequence[ValuedPosition], weights: FloatArray, nav: Decimal, sold_for_quality: Sequence[str]
) -> tuple[ProposedTrade, ...]:
    by_symbol = {each.symbol: (each, float(weight)) for each, weight in zip(priced, weights, strict=True)}
    found = []
    for order in orders.orders:
        position, weight = by_symbol[order.name]
        if position.security_id is None:
            raise Internal("Cash is not traded.")
        price, rate = _quoted(position)
        found.append(
            ProposedTrade(
                security_id=position.security_id,
                symbol=position.symbol,
                currency=position.currency,
                quantity=order.quantity,
                price=price,
                fx_rate=rate,
                unit_price=order.unit_price,
                value=order.value,
                cost=order.cost,
                current_weight=float((position.market_value or ZERO) / nav),
                target_weight=weight,
                taxes=TradeTax((), None, None),
                reason="its quality is below the policy's" if position.symbol in sold_for_quality else "towards the policy's weights",
            )
        )
    found.sort(key=lambda each: (each.value, each.symbol))
    return tuple(found)
