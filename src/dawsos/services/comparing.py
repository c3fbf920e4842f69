"""Compares a portfolio under two packs or ledger states, and says of every piece of the difference what caused it."""

import asyncio
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dawsos.compute.valuation.bridge import Bridge, State, restatement_bridge
from dawsos.compute.valuation.market_view import MarketView
from dawsos.kernel.errors import Invalid
from dawsos.kernel.ledger import Transaction
from dawsos.services.context import RequestContext
from dawsos.services.holdings import pinned_transactions, security_facts
from dawsos.services.panels import load_panels


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two states."""

    pricing_pack_id: str
    asof_date: date
    ledger_commit_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The bridge between two states of a portfolio."""

    portfolio_id: UUID
    base_currency: str
    from_state: Side
    to_state: Side
    bridge: Bridge


async def compare_states(before: RequestContext, after: RequestContext) -> Comparison:
    """The bridge from the state pinned in ``before`` to the one in ``after``, of one portfolio."""
    earlier, later = before.pinned(), after.pinned()
    if earlier.portfolio.id != later.portfolio.id:
        raise Invalid("Two portfolios cannot be compared.", remedy="Name two states of one portfolio.")
    entries = [await pinned_transactions(context, context.pinned()) for context in (before, after)]
    everything = max(entries, key=len)
    facts = await security_facts(after, {entry.security_id for entry in everything if entry.security_id})
    names = {one: facts[one].symbol for one in facts}
    states = [
        State(entries=own, market=await _view(context, everything), asof=context.pinned().pack.date)
        for context, own in zip((before, after), entries, strict=True)
    ]
    base = later.portfolio.base_currency
    bridge = await asyncio.to_thread(restatement_bridge, states[0], states[1], base_currency=base, names=names)
    return Comparison(portfolio_id=later.portfolio.id, base_currency=base, from_state=_side(before), to_state=_side(after), bridge=bridge)


def _side(context: RequestContext) -> Side:
    pins = context.pinned()
    return Side(pricing_pack_id=pins.pack.id, asof_date=pins.pack.date, ledger_commit_hash=pins.ledger.commit_hash)


async def _view(context: RequestContext, entries: tuple[Transaction, ...]) -> MarketView:
    """The market as the context's pack sees it, from the first entry on."""
    pins = context.pinned()
    base = pins.portfolio.base_currency
    first = min((entry.transaction_date for entry in entries), default=pins.pack.date)
    async with context.database.transaction(context.actor, read_only=True) as tx:
        prices, rates = await load_panels(
            tx,
            pins.pack,
            first,
            security_ids={entry.security_id for entry in entries if entry.security_id},
            currencies={entry.currency for entry in entries} | {base},
            base_currency=base,
        )
    return MarketView(prices, rates)
