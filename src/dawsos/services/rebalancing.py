"""Trades that would bring a pinned portfolio in line with a policy: proposed, never booked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

import numpy as np

from dawsos.compute.ledger.records import Lot
from dawsos.compute.ledger.selection import select_lots
from dawsos.compute.optimizer.histories import returns_in_base
from dawsos.compute.optimizer.policy import Asset, Policy, policy_limits
from dawsos.compute.optimizer.proposing import Proposal, propose
from dawsos.compute.optimizer.trading import CostModel, Holding, OrderList, orders_for
from dawsos.compute.returns.figures import FloatArray
from dawsos.compute.valuation.positions import value_positions
from dawsos.compute.valuation.records import ValuedPosition
from dawsos.kernel.errors import InsufficientData, Internal
from dawsos.kernel.ledger import LotMethod
from dawsos.kernel.money import ZERO, multiply, share
from dawsos.services.context import Pins, RequestContext
from dawsos.services.holdings import pack_contents, pinned_ledger, quotes, rate_table, security_facts
from dawsos.services.market_sources import note_market_sources
from dawsos.services.panels import load_panels
from dawsos.services.ratings import rated_security

METHOD: Final = "optimizer/1"


@dataclass(frozen=True, slots=True)
class ProposedTrade:
    """One order with the position's weights before and after, in fractions of NAV, and the gain a sale would realise in base currency."""

    security_id: UUID
    symbol: str
    quantity: Decimal
    unit_price: Decimal
    value: Decimal
    cost: Decimal
    current_weight: float
    target_weight: float
    realized_gain: Decimal | None
    reason: str


@dataclass(frozen=True, slots=True)
class Rebalancing:
    """The trades, the optimisation behind them, and what stands beside: NAV, the cash left, warnings."""

    trades: tuple[ProposedTrade, ...]
    orders: OrderList
    proposal: Proposal
    nav: Decimal
    cash: Decimal
    warnings: tuple[str, ...]


async def rebalancing(context: RequestContext, policy: Policy, *, smallest_order: Decimal, costs: CostModel) -> Rebalancing:
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
        return Rebalancing((), orders, proposal, nav, cash, tuple(warnings))
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
    state = await pinned_ledger(context, pins)
    trades = _trades(
        orders, priced, proposal.weights, nav, {each: state.open_lots(each) for each in _ids(priced)}, pins, found.sold_for_quality
    )
    context.provenance.note(source="ledger", asof=pins.pack.date, method_version=METHOD, origin="computed")
    await note_market_sources(context, pins)
    for warning in warnings:
        context.provenance.note(warning=warning)
    return Rebalancing(trades, orders, proposal, nav, cash + orders.cash_left, tuple(warnings))


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
    if position.price is None or position.fx_rate is None:
        raise Internal(f"{position.symbol} has a value but no price or rate.")
    return multiply(position.price, position.fx_rate)


def _trades(
    orders: OrderList,
    priced: Sequence[ValuedPosition],
    weights: FloatArray,
    nav: Decimal,
    lots: dict[UUID, tuple[Lot, ...]],
    pins: Pins,
    sold_for_quality: Sequence[str],
) -> tuple[ProposedTrade, ...]:
    by_symbol = {each.symbol: (each, float(weight)) for each, weight in zip(priced, weights, strict=True)}
    found = []
    for order in orders.orders:
        position, weight = by_symbol[order.name]
        security_id = position.security_id
        if security_id is None:
            raise Internal("Cash is not traded.")
        gain = None
        if order.quantity < 0:
            gain = -order.value - order.cost - _relieved(lots[security_id], -order.quantity, pins.portfolio.cost_basis_method)
        found.append(
            ProposedTrade(
                security_id=security_id,
                symbol=position.symbol,
                quantity=order.quantity,
                unit_price=order.unit_price,
                value=order.value,
                cost=order.cost,
                current_weight=float((position.market_value or ZERO) / nav),
                target_weight=weight,
                realized_gain=gain,
                reason="its quality is below the policy's" if position.symbol in sold_for_quality else "towards the policy's weights",
            )
        )
    found.sort(key=lambda each: (each.value, each.symbol))
    return tuple(found)


def _relieved(lots: Sequence[Lot], quantity: Decimal, method: LotMethod) -> Decimal:
    """The base cost a sale would relieve; where lots are to be named, those of the highest cost are taken."""
    if method is LotMethod.AVERAGE:
        whole = sum((lot.qty_open for lot in lots), ZERO)
        return share(sum((lot.cost_basis_base for lot in lots), ZERO), quantity, whole)
    chosen = select_lots(lots, quantity, method=LotMethod.HIFO if method is LotMethod.SPECIFIC else method)
    return sum((share(part.lot.cost_basis_base, part.quantity, part.lot.qty_open) for part in chosen.parts), ZERO)
