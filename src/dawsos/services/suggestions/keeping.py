"""Keeps proposals and the owner's word on them."""

import json
from dataclasses import asdict, fields
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from dawsos.compute.optimizer.policy import Policy
from dawsos.compute.tax.rules import UNITED_STATES, TaxRules
from dawsos.kernel.canonical import canonical_bytes
from dawsos.kernel.errors import Conflict, InsufficientData, NotFound
from dawsos.kernel.identity import Actor
from dawsos.services.audit import NOWHERE, Origin, record
from dawsos.services.context import RequestContext
from dawsos.services.identifiers import Identifiers
from dawsos.services.opening import unknown_portfolio
from dawsos.services.rebalancing import METHOD, ProposedTrade, Rebalancing, rebalancing
from dawsos.store import suggestions as store
from dawsos.store.database import Database
from dawsos.store.portfolios import find_portfolio
from dawsos.store.suggestions import Decision, SuggestionRecord
from dawsos.store.transaction import DatabaseTransaction

_PLACES: Final = Decimal("0.00000001")
_MOST: Final = 200


async def keep_proposal(
    context: RequestContext,
    policy: Policy,
    *,
    smallest_order: Decimal,
    identifiers: Identifiers,
    rules: TaxRules = UNITED_STATES,
    tax_rate: Decimal | None = None,
    origin: Origin = NOWHERE,
) -> SuggestionRecord:
    """Propose trades for the pinned portfolio, which must be pinned to its newest state, and keep them as pending.

    Proposed again from the same state and policy, it is the same proposal. Raises :class:`InsufficientData` when no weights within the
    limits are found, and when nothing needs to be traded.
    """
    pins = context.pinned()
    found = await rebalancing(context, policy, smallest_order=smallest_order, rules=rules, tax_rate=tax_rate)
    if found.proposal.verdict != "solved":
        raise InsufficientData(
            f"No weights keep the limits of this policy: {found.proposal.reason or found.proposal.verdict}.",
            remedy="Loosen a limit, or choose another policy.",
            code="no_proposal",
        )
    if not found.trades:
        raise InsufficientData(
            "The portfolio keeps to this policy already: there is nothing to trade.",
            remedy="Nothing needs to be done.",
            code="nothing_to_trade",
        )
    moment = identifiers.clock.now()
    async with context.database.transaction(context.actor) as tx:
        suggestion_id = await store.add_suggestion(
            tx,
            identifiers.new(),
            portfolio_id=pins.portfolio.id,
            pricing_pack_id=pins.pack.id,
            ledger_commit_hash=pins.ledger.commit_hash,
            policy=_plain(asdict(policy)),
            constraints=_constraints(found, smallest_order, rules, tax_rate),
            suggested_trades=[_trade(each) for each in found.trades],
            expected_te=_scaled(found.proposal.expected_tracking_error),
            expected_return=_scaled(found.proposal.expected_return),
            expected_risk=_scaled(found.proposal.expected_volatility),
            turnover_pct=_scaled(found.orders.turnover) or Decimal(0),
            est_cost=found.orders.costs,
            method=f"{METHOD}/{policy.method}",
            moment=moment,
        )
        kept = await existing(tx, pins.portfolio.id, suggestion_id)
        changes = {"portfolio_id": pins.portfolio.id, "pricing_pack_id": pins.pack.id, "ledger_commit_hash": pins.ledger.commit_hash}
        await record(tx, context.actor, "propose", "suggestion", entity_id=kept.id, changes=changes, moment=moment, origin=origin)
        return kept


async def list_kept(database: Database, actor: Actor, portfolio_id: UUID) -> list[SuggestionRecord]:
    """The newest proposals of a portfolio; NotFound when the actor has no such portfolio."""
    async with database.transaction(actor, read_only=True) as tx:
        await _visible(tx, portfolio_id)
        return await store.list_suggestions(tx, portfolio_id, _MOST)


async def find_kept(database: Database, actor: Actor, portfolio_id: UUID, suggestion_id: UUID) -> SuggestionRecord:
    """A proposal of a portfolio; NotFound when the actor has no such portfolio, or it no such proposal."""
    async with database.transaction(actor, read_only=True) as tx:
        await _visible(tx, portfolio_id)
        return await existing(tx, portfolio_id, suggestion_id)


async def portfolio_of(database: Database, actor: Actor, suggestion_id: UUID) -> UUID:
    """The portfolio a proposal is for; NotFound when the actor has no such proposal."""
    async with database.transaction(actor, read_only=True) as tx:
        found = await store.find_suggestion(tx, suggestion_id)
    if found is None:
        raise unknown_suggestion(suggestion_id)
    return found.portfolio_id


async def decide(
    database: Database,
    actor: Actor,
    portfolio_id: UUID,
    suggestion_id: UUID,
    decision: Decision,
    *,
    identifiers: Identifiers,
    origin: Origin = NOWHERE,
) -> SuggestionRecord:
    """Accept or reject; said twice it is said once. Conflict for one that was executed, and for accepting one that was rejected."""
    async with database.transaction(actor) as tx:
        await _visible(tx, portfolio_id)
        found = await existing(tx, portfolio_id, suggestion_id)
        if found.status == decision:
            return found
        if found.status == "executed":
            raise Conflict(
                "The trades of this proposal are booked.",
                remedy="Reverse the entries, or propose again from where the ledger stands now.",
                code="suggestion_executed",
            )
        if found.status == "rejected":
            raise Conflict("This proposal was rejected.", remedy="Propose again.", code="suggestion_rejected")
        await store.decide_suggestion(tx, suggestion_id, decision)
        moment = identifiers.clock.now()
        action = "accept" if decision == "accepted" else "reject"
        changes = {"portfolio_id": portfolio_id}
        await record(tx, actor, action, "suggestion", entity_id=suggestion_id, changes=changes, moment=moment, origin=origin)
        return await existing(tx, portfolio_id, suggestion_id)


async def existing(tx: DatabaseTransaction, portfolio_id: UUID, suggestion_id: UUID) -> SuggestionRecord:
    """The proposal of this portfolio, or NotFound."""
    found = await store.find_suggestion(tx, suggestion_id)
    if found is None or found.portfolio_id != portfolio_id:
        raise unknown_suggestion(suggestion_id)
    return found


def unknown_suggestion(suggestion_id: UUID) -> NotFound:
    """The one answer for a proposal that does not exist or is somebody else's."""
    return NotFound(f"There is no proposal {suggestion_id}.", remedy="List them with 'dawsos rebalance list'.", code="suggestion_not_found")


async def _visible(tx: DatabaseTransaction, portfolio_id: UUID) -> None:
    if await find_portfolio(tx, portfolio_id) is None:
        raise unknown_portfolio(portfolio_id)


def _plain(value: Any) -> Any:
    """As canonical JSON has it: decimals as text."""
    return json.loads(canonical_bytes(value))


def _scaled(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(float(value))).quantize(_PLACES)


def _constraints(found: Rebalancing, smallest_order: Decimal, rules: TaxRules, tax_rate: Decimal | None) -> dict[str, Any]:
    kept: dict[str, Any] = _plain(
        {
            "min_trade_value": smallest_order,
            "tax_system": rules.name,
            "tax_rate": rules.harvest_rate if tax_rate is None else tax_rate,
            "relaxed": [asdict(each) for each in found.proposal.relaxed],
            "skipped": list(found.orders.skipped),
            "nav": found.nav,
            "cash_after": found.cash,
            "wash_sales": [asdict(each) for each in found.wash_sales],
            "warnings": list(found.warnings),
        }
    )
    return kept


def _trade(trade: ProposedTrade) -> dict[str, Any]:
    tax = trade.taxes.tax
    facts = {each.name: getattr(trade, each.name) for each in fields(trade) if each.name not in {"taxes", "cost"}}
    kept: dict[str, Any] = _plain(
        {
            **facts,
            "action": "buy" if trade.quantity > 0 else "sell",
            "estimated_cost": trade.cost,
            "realized_gain": trade.taxes.realized_gain,
            "short_term_gain": None if tax is None else tax.short_term_gain,
            "long_term_gain": None if tax is None else tax.long_term_gain,
            "disallowed": None if tax is None else tax.disallowed,
            "tax_cost": None if tax is None else tax.tax_cost,
            "lots": [
                {
                    "lot_id": lot.lot_id,
                    "acquired": lot.acquired,
                    "quantity": lot.quantity,
                    "proceeds": lot.proceeds,
                    "cost": lot.cost,
                }
                for lot in trade.taxes.lots
            ],
        }
    )
    return kept
